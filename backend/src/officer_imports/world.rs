//! What a list is checked against, read from the database: few statements, however long the list.

use std::collections::{HashMap, HashSet};

use motcua_openapi::officer_imports::ListColumn;
use motcua_openapi::values::{PersonName, PhoneNumber, text};
use uuid::Uuid;

use super::check::{Known, World};
use super::model::Sheet;
use super::names::Names;
use crate::app::Services;
use crate::database::Connection;
use crate::officers::{Officer, lists};
use crate::problem::Fault;
use crate::units;

/// What this list needs to know of officers and units.
pub(super) async fn load(
    connection: &impl Connection,
    services: &Services,
    (by, agency_id): (Option<Uuid>, Uuid),
    sheet: &Sheet,
) -> Result<World, Fault> {
    let within_reach: HashSet<Uuid> = units::store::below(connection, agency_id).await?.into_iter().collect();
    let written = |column| sheet.rows.iter().map(move |row| row.cell(column));
    let usernames: HashSet<String> =
        written(ListColumn::Username).filter(|name| !name.is_empty()).map(str::to_lowercase).collect();
    let nameless = sheet.rows.iter().filter(|row| row.cell(ListColumn::Username).is_empty());
    let folded: HashSet<String> = nameless.map(|row| text::fold(row.cell(ListColumn::FullName))).collect();
    let must_make = !folded.is_empty();
    let usernames: Vec<String> = usernames.into_iter().collect();
    let folded: Vec<String> = folded.into_iter().collect();
    let by_username = lists::by_usernames(connection, services, &usernames).await?;
    let by_name = lists::by_names(connection, services, &within_reach, &folded).await?;
    let ids: Vec<Uuid> = by_username.iter().chain(&by_name).map(|officer| officer.id).collect();
    let mut assigned = units::store::units_of(connection, &ids).await?;
    let mut known = |officer: Officer| Known { units: assigned.remove(&officer.id).unwrap_or_default(), officer };
    // Those of a name first: a list that has them twice, by name and without, needs their units twice.
    let mut by_person: HashMap<(String, String), Known> = HashMap::new();
    let mut twice: HashMap<Uuid, Known> = HashMap::new();
    for officer in by_name {
        let Some(person) = person_of(&officer) else { continue };
        let known = known(officer);
        twice.insert(known.officer.id, known.clone());
        by_person.entry(person).or_insert(known);
    }
    let by_username = by_username
        .into_iter()
        .map(|officer| {
            let known = twice.get(&officer.id).cloned().unwrap_or_else(|| known(officer));
            (known.officer.username.clone(), known)
        })
        .collect();
    let mut administrators: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for (agency, officer) in lists::administrators(connection).await? {
        administrators.entry(agency).or_default().insert(officer);
    }
    Ok(World {
        names: Names::new(units::store::all(connection).await?, within_reach),
        agency_id,
        by,
        by_username,
        by_person,
        usernames: if must_make { lists::usernames(connection).await? } else { HashSet::new() },
        administrators,
    })
}

fn person_of(officer: &Officer) -> Option<(String, String)> {
    let name = PersonName::parse(&officer.full_name).ok()?;
    Some((name.folded(), officer.phone.as_ref().map(PhoneNumber::as_e164)?.to_owned()))
}
