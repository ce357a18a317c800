//! The verbs on a draft: begin, read, list, change, cancel.

use chrono::Duration;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::registrations::{Change, DetailsChange, DetailsInput, UpdateRegistration};
use motcua_openapi::sessions::UnselectableReason;
use uuid::Uuid;

use super::error::Error;
use super::model::{By, Registration};
use super::store;
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::{Connection, Transaction};
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;
use crate::units::{self, Verdict};
use crate::{accounts, officers};

/// How many unfinished registrations a list shows.
const LISTED: u64 = 100;

/// Begins a draft. Refused where the number has an account.
pub(super) async fn create(
    services: &Services,
    caller: &Caller,
    key: Option<&str>,
    input: &DetailsInput,
) -> Result<Registration, Error> {
    let change = input.parse(services.clock.today()).map_err(Error::Fields)?;
    let by = caller.by(services);
    let kept = Duration::hours(i64::from(services.settings.registrations.draft_hours));
    let draft = Registration::begin(services.new_id(), by, kept).change(&change, by)?;
    let transaction = services.database.begin().await?;
    let body = serde_json::to_vec(input).map_err(crate::problem::Fault::new)?;
    let request = [b"create_registration".as_slice(), &body];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, draft.id).await? {
        Claim::First => {}
        Claim::Repeat(id) => {
            return store::find(&transaction, services, id).await?.ok_or(Error::NotFound);
        }
        Claim::Reused => return Err(Error::KeyReused),
    }
    check(&transaction, services, caller, &change, &draft).await?;
    store::insert(&transaction, services, &draft).await?;
    transaction.commit().await?;
    Ok(draft)
}

/// The registration that the caller may see, or 404.
pub(super) async fn read(services: &Services, caller: &Caller, id: Uuid) -> Result<Registration, Error> {
    let reader = services.database.reader();
    let found = store::find(reader, services, id).await?;
    within_scope(reader, caller, found).await
}

/// The same for somebody's eyes, with its numbers unmasked: an audit event.
pub(super) async fn open(services: &Services, caller: &Caller, id: Uuid) -> Result<Registration, Error> {
    let found = read(services, caller, id).await?;
    let transaction = services.database.begin().await?;
    audit::record(&transaction, services, Some(caller), Act::RegistrationRead, About::of(id).in_unit(found.unit_id))
        .await?;
    transaction.commit().await?;
    Ok(found)
}

/// The same, locked.
pub(super) async fn lock(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    id: Uuid,
) -> Result<Registration, Error> {
    let found = store::lock(transaction, services, id).await?;
    within_scope(transaction, caller, found).await
}

async fn within_scope(
    connection: &impl Connection,
    caller: &Caller,
    found: Option<Registration>,
) -> Result<Registration, Error> {
    let scope = caller.scope(connection).await?;
    found.filter(|one| scope.covers(one.officer_id, one.unit_id)).ok_or(Error::NotFound)
}

/// The unfinished ones that the caller may see.
pub(super) async fn list(services: &Services, caller: &Caller) -> Result<Vec<Registration>, Error> {
    let reader = services.database.reader();
    let scope = caller.scope(reader).await?;
    Ok(store::open_within(reader, services, &scope, LISTED).await?)
}

/// Changes details of the version that was read.
pub(super) async fn update(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    input: &UpdateRegistration,
) -> Result<Registration, Error> {
    let change = input.changes.parse(services.clock.today()).map_err(Error::Fields)?;
    let transaction = services.database.begin().await?;
    let current = lock(&transaction, services, caller, id).await?;
    if current.version != input.version {
        return Err(stale(&transaction, &current).await);
    }
    let changed = current.change(&change, caller.by(services))?;
    check(&transaction, services, caller, &change, &changed).await?;
    let saved = save(&transaction, services, changed).await?;
    transaction.commit().await?;
    Ok(saved)
}

/// Gives a draft up: details and scan are erased.
pub(super) async fn cancel(services: &Services, caller: &Caller, id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let current = lock(&transaction, services, caller, id).await?;
    let (scan, unit_id) = (current.scan.clone(), current.unit_id);
    let cancelled = current.cancel(caller.by(services))?;
    save(&transaction, services, cancelled).await?;
    audit::record(&transaction, services, Some(caller), Act::RegistrationCancelled, About::of(id).in_unit(unit_id))
        .await?;
    transaction.commit().await?;
    if let Some(scan) = scan {
        services.objects.delete(scan.object).await;
    }
    Ok(())
}

/// Saves a locked registration.
pub(super) async fn save(
    transaction: &Transaction,
    services: &Services,
    registration: Registration,
) -> Result<Registration, Error> {
    let fallback = registration.clone();
    match store::save(transaction, services, registration).await? {
        Some(saved) => Ok(saved),
        None => Err(stale(transaction, &fallback).await),
    }
}

async fn stale(connection: &impl Connection, current: &Registration) -> Error {
    let names = officers::store::names(connection, vec![current.updated_by]).await;
    match names {
        Ok(mut names) => Error::Stale {
            officer: names.remove(&current.updated_by).unwrap_or_default(),
            updated_at: current.updated_at,
            version: current.version,
        },
        Err(fault) => fault.into(),
    }
}

/// What must hold between the fields of a changed draft, all errors at once; then the number.
async fn check(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    change: &DetailsChange,
    changed: &Registration,
) -> Result<(), Error> {
    let mut errors = changed.details.disagreements();
    if let Change::Set(unit) = change.unit_id {
        errors.extend(unit_error(transaction, services, caller, unit).await?);
    }
    if !errors.is_empty() {
        return Err(Error::Fields(errors));
    }
    for number in [&change.id_number, &change.previous_id_number] {
        if let Change::Set(number) = number
            && let Some(account) = accounts::existing_within(transaction, services, number).await?
        {
            return Err(Error::AccountExists(account));
        }
    }
    Ok(())
}

/// Why a unit cannot be chosen by the caller, as its field's error.
pub(super) async fn unit_error(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    id: Uuid,
) -> Result<Option<FieldError>, Error> {
    let unit = units::store::find(transaction, id).await?;
    let (reason, name) = match unit {
        None => (UnselectableReason::NotAssigned, String::new()),
        Some(unit) => match unit.verdict(&caller.unit_ids, &services.settings.place.unit_markers) {
            Verdict::Selectable => return Ok(None),
            Verdict::Unselectable(reason) => {
                // Another agency's unit is not told to somebody who has nothing to do with it.
                let is_known = caller.unit_ids.contains(&unit.id)
                    || units::store::below(transaction, caller.agency_id).await?.contains(&unit.id);
                (reason, if is_known { unit.name } else { String::new() })
            }
        },
    };
    let error = FieldError::new("unit_id", FieldCode::UnitNotSelectable, "this unit cannot be chosen by this officer");
    Ok(Some(error.with([("reason", reason.as_str().to_owned()), ("unit", name)])))
}

impl Caller {
    pub(super) fn by(&self, services: &Services) -> By {
        By { officer_id: self.officer_id, at: services.clock.now() }
    }
}
