//! Changing officers: name, phone, role, units, whether they may sign in. One transaction and one event each.

use motcua_openapi::officers::{AssignUnits, OfficerState, UpdateOfficer};
use motcua_openapi::sessions::Role;
use uuid::Uuid;

use super::{Error, Officer, authorise, lock_within, store};
use crate::app::Services;
use crate::audit::{self, About, Act, Change, ChangedField};
use crate::database::Transaction;
use crate::sessions::{self, Caller};
use crate::{second_factors, units};

/// Changes name, phone or role of the version that was read.
pub(super) async fn update(services: &Services, caller: &Caller, id: Uuid, input: &UpdateOfficer) -> Result<(), Error> {
    let changes = input.parse().map_err(Error::Fields)?;
    let transaction = services.database.begin().await?;
    let mut officer = lock_within(&transaction, services, caller, id).await?;
    expect_version(&transaction, &officer, input.version).await?;
    let mut changed = Vec::new();
    if let Some(role) = changes.role.filter(|role| *role != officer.role) {
        may_lose_role(&transaction, caller, &officer).await?;
        changed.push(Change::between(ChangedField::Role, officer.role.as_str(), role.as_str()));
        officer.role = role;
    }
    if let Some(name) = changes.full_name.filter(|name| name.as_str() != officer.full_name) {
        changed.push(Change::of(ChangedField::Name));
        officer.full_name = name.as_str().to_owned();
    }
    if let Some(phone) = changes.phone.filter(|phone| Some(phone) != officer.phone.as_ref()) {
        changed.push(Change::of(ChangedField::Phone));
        officer.phone = Some(phone);
    }
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    let about = About::of(id).in_unit(officer.agency_id).with(changed);
    audit::record(&transaction, services, caller, Act::OfficerChanged, about).await?;
    Ok(transaction.commit().await?)
}

/// Assigns the officer to exactly these units. Units out of the administrator's reach stay as they are.
pub(super) async fn assign(services: &Services, caller: &Caller, id: Uuid, input: &AssignUnits) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let officer = lock_within(&transaction, services, caller, id).await?;
    expect_version(&transaction, &officer, input.version).await?;
    authorise::check_units(&transaction, caller, caller.agency_id, &input.units).await?;
    let reach = units::store::below(&transaction, caller.agency_id).await?;
    let mut wanted = input.units.clone();
    let before = units::store::assigned_to(&transaction, id).await?;
    wanted.extend(before.iter().filter(|unit| !reach.contains(unit)));
    units::store::unassign_all(&transaction, id).await?;
    units::store::assign_all(&transaction, id, &wanted).await?;
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    audit::record(&transaction, services, caller, Act::OfficerUnitsAssigned, assigned(&officer, &before, &wanted))
        .await?;
    Ok(transaction.commit().await?)
}

/// Assigns an officer to one unit more, within another verb's transaction.
///
/// # Errors
/// Where the officer or the unit is out of the administrator's reach, or the database fails.
pub async fn assign_within(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    officer_id: Uuid,
    unit_id: Uuid,
) -> Result<(), Error> {
    let officer = lock_within(transaction, services, caller, officer_id).await?;
    authorise::check_units(transaction, caller, caller.agency_id, &[unit_id]).await?;
    let before = units::store::assigned_to(transaction, officer_id).await?;
    if before.contains(&unit_id) {
        return Ok(());
    }
    units::store::assign(transaction, officer_id, unit_id).await?;
    store::save(transaction, services, &officer, caller.officer_id).await?;
    let after: Vec<Uuid> = before.iter().copied().chain([unit_id]).collect();
    audit::record(transaction, services, caller, Act::OfficerUnitsAssigned, assigned(&officer, &before, &after))
        .await?;
    Ok(())
}

fn assigned(officer: &Officer, before: &[Uuid], after: &[Uuid]) -> About {
    About::of(officer.id).in_unit(officer.agency_id).with(vec![Change::units(before, after)])
}

/// Whether they may sign in: what it was and what it is.
fn state_changed(officer: &Officer, before: OfficerState, after: OfficerState) -> About {
    let changed = Change::between(ChangedField::State, before.as_str(), after.as_str());
    About::of(officer.id).in_unit(officer.agency_id).with(vec![changed])
}

/// Suspends: every session of theirs ends with this transaction. Suspending twice changes nothing.
pub(super) async fn suspend(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let mut officer = lock_within(&transaction, services, caller, id).await?;
    if officer.is_suspended() {
        return Ok(());
    }
    may_lose_role(&transaction, caller, &officer).await?;
    officer.suspended_at = Some(services.clock.now());
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    sessions::end_all(&transaction, services, id, None).await?;
    let about = state_changed(&officer, OfficerState::Active, OfficerState::Suspended);
    audit::record(&transaction, services, caller, Act::OfficerSuspended, about).await?;
    Ok(transaction.commit().await?)
}

/// Lets them sign in again. Sessions from before stay ended.
pub(super) async fn resume(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let mut officer = lock_within(&transaction, services, caller, id).await?;
    if !officer.is_suspended() {
        return Ok(());
    }
    officer.suspended_at = None;
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    let about = state_changed(&officer, OfficerState::Suspended, OfficerState::Active);
    audit::record(&transaction, services, caller, Act::OfficerResumed, about).await?;
    Ok(transaction.commit().await?)
}

/// Removes the second factors of somebody who lost them; their sessions end.
pub(super) async fn remove_second_factors(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let officer = lock_within(&transaction, services, caller, id).await?;
    if officer.id == caller.officer_id {
        return Err(Error::OwnAccount);
    }
    second_factors::remove_all(&transaction, id).await?;
    sessions::end_all(&transaction, services, id, None).await?;
    let about = About::of(id).in_unit(officer.agency_id);
    audit::record(&transaction, services, caller, Act::SecondFactorsReset, about).await?;
    Ok(transaction.commit().await?)
}

/// Nobody takes their own role or sign-in away, and no agency is left without an administrator. Two who try at
/// once wait for each other at the agency's row.
async fn may_lose_role(transaction: &Transaction, caller: &Caller, officer: &Officer) -> Result<(), Error> {
    if officer.id == caller.officer_id {
        return Err(Error::OwnAccount);
    }
    if officer.role != Role::Administrator || officer.is_suspended() {
        return Ok(());
    }
    units::store::lock(transaction, officer.agency_id).await?;
    match store::other_administrators(transaction, officer.agency_id, officer.id).await? {
        0 => Err(Error::LastAdministrator),
        _ => Ok(()),
    }
}

async fn expect_version(transaction: &Transaction, officer: &Officer, version: u32) -> Result<(), Error> {
    if i64::from(officer.version) == i64::from(version) {
        return Ok(());
    }
    let by = officer.updated_by.into_iter().collect();
    let officer_name = store::names(transaction, by).await?.into_values().next().unwrap_or_default();
    Err(Error::Stale { version: officer.version, officer: officer_name, updated_at: officer.updated_at })
}
