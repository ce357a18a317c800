//! Keeping the units: the tree as an administrator sees it, create, rename, retire. One transaction and one event
//! each.

use std::collections::HashMap;

use motcua_openapi::desk::OfficerRef;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::units::{CreateUnit, RenameUnit, Unit as Shown, UnitObstacle, UnitTree, parse_unit_name};
use uuid::Uuid;

use super::model::{Kept, obstacles, tree};
use super::{Error, store};
use crate::app::Services;
use crate::audit::{self, About, Act, Change, ChangedField};
use crate::database::{Connection, Transaction};
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;
use crate::{officers, registrations};

/// The administrator's agency and all below it, retired units too.
pub(super) async fn of_agency(services: &Services, caller: &Caller) -> Result<UnitTree, Error> {
    let reader = services.database.reader();
    let kept = store::kept(reader).await?;
    let below = tree(&kept, caller.agency_id);
    let assigned = store::assigned(reader, &below.iter().map(|(unit, _)| unit.id).collect::<Vec<_>>()).await?;
    let ids: Vec<Uuid> = assigned.values().flatten().copied().collect();
    let officers = officers::store::briefs(reader, &ids).await?;
    let markers = &services.settings.place.unit_markers;
    let items = below
        .into_iter()
        .map(|(unit, depth)| show(unit, depth, assigned.get(&unit.id).map_or(&[], Vec::as_slice), &officers, markers))
        .collect();
    Ok(UnitTree { agency_id: caller.agency_id, items })
}

fn show(
    unit: &Kept,
    depth: u32,
    assigned: &[Uuid],
    officers: &HashMap<Uuid, (String, bool)>,
    markers: &[String],
) -> Shown {
    let known = assigned.iter().filter_map(|id| officers.get(id).map(|(name, active)| (*id, name, *active)));
    let has_active = known.clone().any(|(_, _, active)| active);
    let mut officers: Vec<OfficerRef> = known.map(|(id, name, _)| OfficerRef { id, full_name: name.clone() }).collect();
    officers.sort_by(|a, b| (&a.full_name, a.id).cmp(&(&b.full_name, b.id)));
    let obstacles: Vec<UnitObstacle> = obstacles(unit, has_active, markers)
        .into_iter()
        .map(|reason| UnitObstacle { reason, remedy: reason.remedy() })
        .collect();
    Shown {
        id: unit.id,
        parent_id: unit.parent_id,
        name: unit.name.clone(),
        depth,
        version: u32::try_from(unit.version).unwrap_or_default(),
        selectable: obstacles.is_empty(),
        obstacles,
        officers,
        created_at: unit.created_at,
        retired_at: unit.retired_at,
    }
}

/// One unit as the tree shows it.
pub(super) async fn shown(services: &Services, caller: &Caller, id: Uuid) -> Result<Shown, Error> {
    let tree = of_agency(services, caller).await?;
    tree.items.into_iter().find(|unit| unit.id == id).ok_or(Error::NotFound)
}

/// Creates a unit below one of the administrator's; its id.
pub(super) async fn create(
    services: &Services,
    caller: &Caller,
    new: &CreateUnit,
    key: Option<&str>,
) -> Result<Uuid, Error> {
    let name = parse_unit_name("name", &new.name).map_err(|error| Error::Fields(vec![error]))?;
    let unit = super::Unit { id: services.new_id(), parent_id: Some(new.parent_id), name };
    let body = serde_json::to_vec(new).map_err(crate::problem::Fault::new)?;
    let transaction = services.database.begin().await?;
    let request = [b"create_unit".as_slice(), &body];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, unit.id).await? {
        Claim::First => {}
        Claim::Repeat(id) => return Ok(id),
        Claim::Reused => return Err(Error::KeyReused),
    }
    // The parent's row is held: it is not retired while a unit comes to stand below it.
    store::lock(&transaction, new.parent_id).await?;
    if !store::below(&transaction, caller.agency_id).await?.contains(&new.parent_id) {
        let unknown = FieldError::new("parent_id", FieldCode::UnitUnknown, "no unit of your agency or below");
        return Err(Error::Fields(vec![unknown]));
    }
    store::insert(&transaction, &unit, services.clock.now()).await?;
    let parent = Change::to(ChangedField::Parent, new.parent_id.to_string());
    let about = About::of(unit.id).in_unit(unit.id).with(vec![parent]);
    audit::record(&transaction, services, caller, Act::UnitCreated, about).await?;
    transaction.commit().await?;
    Ok(unit.id)
}

/// Gives the version that was read another name.
pub(super) async fn rename(services: &Services, caller: &Caller, id: Uuid, input: &RenameUnit) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    rename_within(&transaction, services, caller, id, input).await?;
    Ok(transaction.commit().await?)
}

/// The same within another verb's transaction.
///
/// # Errors
/// Where the unit is out of the administrator's reach, retired or changed since, or the name is none.
pub async fn rename_within(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    id: Uuid,
    input: &RenameUnit,
) -> Result<(), Error> {
    let name = parse_unit_name("name", &input.name).map_err(|error| Error::Fields(vec![error]))?;
    let unit = lock_within(transaction, caller, id).await?;
    expect_version(transaction, &unit, input.version).await?;
    if unit.retired_at.is_some() {
        return Err(Error::Retired);
    }
    store::save(transaction, &Kept { name, ..unit }, caller.officer_id, services.clock.now()).await?;
    let about = About::of(id).in_unit(id).with(vec![Change::of(ChangedField::Name)]);
    audit::record(transaction, services, caller, Act::UnitRenamed, about).await?;
    Ok(())
}

/// Retires a unit that nothing is going on in. It keeps its name and its accounts.
pub(super) async fn retire(services: &Services, caller: &Caller, id: Uuid, version: u32) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let unit = lock_within(&transaction, caller, id).await?;
    if id == caller.agency_id {
        return Err(Error::OwnAgency);
    }
    expect_version(&transaction, &unit, version).await?;
    if unit.retired_at.is_some() {
        return Err(Error::Retired);
    }
    let drafts = registrations::open_at(&transaction, services.clock.now(), id).await?;
    let below = store::children(&transaction, id).await?;
    if drafts > 0 || !below.is_empty() {
        return Err(Error::InUse { drafts, below });
    }
    let now = services.clock.now();
    store::save(&transaction, &Kept { retired_at: Some(now), ..unit }, caller.officer_id, now).await?;
    let retired = Change::between(ChangedField::State, "active", "retired");
    let about = About::of(id).in_unit(id).with(vec![retired]);
    audit::record(&transaction, services, caller, Act::UnitRetired, about).await?;
    Ok(transaction.commit().await?)
}

async fn lock_within(transaction: &Transaction, caller: &Caller, id: Uuid) -> Result<Kept, Error> {
    let unit = store::lock(transaction, id).await?.ok_or(Error::NotFound)?;
    if reach(transaction, caller.agency_id).await?.contains(&id) { Ok(unit) } else { Err(Error::NotFound) }
}

async fn expect_version(transaction: &Transaction, unit: &Kept, version: u32) -> Result<(), Error> {
    if i64::from(unit.version) == i64::from(version) {
        return Ok(());
    }
    let by = unit.updated_by.into_iter().collect();
    let officer = officers::store::names(transaction, by).await?.into_values().next().unwrap_or_default();
    Err(Error::Stale { version: unit.version, officer, updated_at: unit.updated_at })
}

/// An agency and all that is or was below it: whose officers and units its administrators see.
///
/// # Errors
/// Where the database fails.
pub async fn reach(connection: &impl Connection, agency_id: Uuid) -> Result<Vec<Uuid>, crate::problem::Fault> {
    Ok(tree(&store::kept(connection).await?, agency_id).into_iter().map(|(unit, _)| unit.id).collect())
}
