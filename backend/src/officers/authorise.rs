//! Authorising an officer: the password goes by text to their own phone.

use motcua_openapi::officers::{CreateOfficer, Officer as Shown, OfficerDetails};
use motcua_openapi::problem::{FieldCode, FieldError};
use uuid::Uuid;

use super::{Error, Officer, detail, password, store};
use crate::app::Services;
use crate::audit::{self, About, Act, Change, ChangedField};
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;
use crate::units;

/// Authorises an officer of the administrator's agency or one below.
pub(super) async fn authorise(
    services: &Services,
    caller: &Caller,
    new: &CreateOfficer,
    key: Option<&str>,
) -> Result<Shown, Error> {
    let details = new.parse().map_err(Error::Fields)?;
    let agency_id = new.agency_id.unwrap_or(caller.agency_id);
    let officer = fresh(services, caller, new, details, agency_id);
    let body = serde_json::to_vec(new).map_err(crate::problem::Fault::new)?;
    let transaction = services.database.begin().await?;
    let request = [b"create_officer".as_slice(), &body];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, officer.id).await? {
        Claim::First => {}
        Claim::Repeat(id) => return detail::shown(services, id).await,
        Claim::Reused => return Err(Error::KeyReused),
    }
    check_units(&transaction, caller, agency_id, &new.units).await?;
    if !store::insert(&transaction, services, &officer).await? {
        return Err(Error::UsernameTaken);
    }
    units::store::assign_all(&transaction, officer.id, &new.units).await?;
    password::enqueue(&transaction, services, caller, &officer).await?;
    let about = About::of(officer.id).in_unit(officer.agency_id).with(vec![
        Change::to(ChangedField::Role, officer.role.as_str()),
        Change::to(ChangedField::Agency, officer.agency_id.to_string()),
        Change::units(&[], &new.units),
    ]);
    audit::record(&transaction, services, caller, Act::OfficerAuthorised, about).await?;
    transaction.commit().await?;
    services.outbox.wake(officer.id);
    detail::shown(services, officer.id).await
}

/// Nobody knows a password yet: none works until one is drawn.
fn fresh(
    services: &Services,
    caller: &Caller,
    new: &CreateOfficer,
    details: OfficerDetails,
    agency_id: Uuid,
) -> Officer {
    let now = services.clock.now();
    Officer {
        id: services.new_id(),
        username: details.username,
        full_name: details.full_name.as_str().to_owned(),
        phone: Some(details.phone),
        password_hash: String::new(),
        role: new.role,
        agency_id,
        password_change_needed: true,
        password_message_id: Some(services.new_id()),
        password_expires_at: None,
        version: 1,
        created_at: now,
        suspended_at: None,
        updated_at: Some(now),
        updated_by: Some(caller.officer_id),
    }
}

/// Agency and units are the administrator's own or below, and not retired.
pub(super) async fn check_units(
    transaction: &Transaction,
    caller: &Caller,
    agency_id: Uuid,
    wanted: &[Uuid],
) -> Result<(), Error> {
    let reach = units::store::below(transaction, caller.agency_id).await?;
    let unknown = |field: &str| FieldError::new(field, FieldCode::UnitUnknown, "no unit of your agency or below");
    let mut fields = Vec::new();
    if !reach.contains(&agency_id) {
        fields.push(unknown("agency_id"));
    }
    if wanted.iter().any(|unit| !reach.contains(unit)) {
        fields.push(unknown("units"));
    }
    if fields.is_empty() { Ok(()) } else { Err(Error::Fields(fields)) }
}
