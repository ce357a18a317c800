//! Searching the officers of the administrator's agency and below, by sign-in name and a keyset cursor.

use std::collections::HashMap;

use data_encoding::BASE64URL_NOPAD;
use motcua_openapi::accounts::Total;
use motcua_openapi::desk::UnitRef;
use motcua_openapi::officers::{OfficerPage, OfficerSummary, SearchOfficers};
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::values::text;
use uuid::Uuid;

use super::store::{self, Filter};
use super::{Error, Officer, detail};
use crate::app::Services;
use crate::sessions::Caller;
use crate::{second_factors, units};

/// Where the total stops counting.
const COUNTED: u64 = 10_000;
const DEFAULT_LIMIT: u32 = 20;

/// One page.
pub(super) async fn search(services: &Services, caller: &Caller, query: &SearchOfficers) -> Result<OfficerPage, Error> {
    let after = query.cursor.as_deref().map(|cursor| read_cursor(cursor).ok_or_else(bad_cursor)).transpose()?;
    let limit = u64::from(query.limit.unwrap_or(DEFAULT_LIMIT));
    let reader = services.database.reader();
    let words = text::fold(query.name.as_deref().unwrap_or_default());
    let filter = Filter {
        agencies: units::reach(reader, caller.agency_id).await?,
        words: words.split_whitespace().map(str::to_owned).collect(),
        unit_id: query.unit_id,
        role: query.role,
        state: query.state,
    };
    let mut rows = store::page(reader, services, &filter, after.as_deref(), limit + 1).await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| has_more).map(|last| BASE64URL_NOPAD.encode(last.username.as_bytes()));
    let count = store::count(reader, &filter).await?;
    let total = Total { count: u32::try_from(count.min(COUNTED)).unwrap_or(u32::MAX), exact: count <= COUNTED };
    Ok(OfficerPage { items: summaries(services, rows).await?, next, total })
}

fn read_cursor(cursor: &str) -> Option<String> {
    String::from_utf8(BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?).ok()
}

fn bad_cursor() -> Error {
    Error::Fields(vec![FieldError::new("cursor", FieldCode::OutOfRange, "not a cursor of this search")])
}

async fn summaries(services: &Services, rows: Vec<Officer>) -> Result<Vec<OfficerSummary>, Error> {
    let reader = services.database.reader();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let assigned = units::store::units_of(reader, &ids).await?;
    let names = units::store::names(reader, assigned.values().flatten().copied().collect()).await?;
    let with_factor = second_factors::whose(reader, &ids).await?;
    let summary = |row: Officer| OfficerSummary {
        state: detail::state(&row),
        units: named(assigned.get(&row.id), &names),
        has_second_factor: with_factor.contains(&row.id),
        id: row.id,
        username: row.username,
        full_name: row.full_name,
        phone_masked: row.phone.map(|phone| phone.masked()).unwrap_or_default(),
        role: row.role,
    };
    Ok(rows.into_iter().map(summary).collect())
}

fn named(ids: Option<&Vec<Uuid>>, names: &HashMap<Uuid, String>) -> Vec<UnitRef> {
    let name = |id: &Uuid| UnitRef { id: *id, name: names.get(id).cloned().unwrap_or_default() };
    let mut units: Vec<UnitRef> = ids.into_iter().flatten().map(name).collect();
    units.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    units
}
