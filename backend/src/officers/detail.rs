//! One officer as an administrator sees them: whoever opens one is remembered.

use motcua_openapi::desk::UnitRef;
use motcua_openapi::officers::{Officer as Shown, OfficerState};
use uuid::Uuid;

use super::{Error, Officer, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::sessions::Caller;
use crate::{messages, second_factors, units};

/// The officer of an id within the administrator's reach, with the phone unmasked: an audit event.
pub(super) async fn open(services: &Services, caller: &Caller, id: Uuid) -> Result<Shown, Error> {
    let transaction = services.database.begin().await?;
    let officer = super::lock_within(&transaction, services, caller, id).await?;
    let about = About::of(id).in_unit(officer.agency_id);
    audit::record(&transaction, services, caller, Act::OfficerRead, about).await?;
    transaction.commit().await?;
    show(services, officer).await
}

/// The officer of an id, for the answer of an act on them.
pub(super) async fn shown(services: &Services, id: Uuid) -> Result<Shown, Error> {
    let found = store::find(services.database.reader(), services, id).await?;
    show(services, found.ok_or(Error::NotFound)?).await
}

async fn show(services: &Services, officer: Officer) -> Result<Shown, Error> {
    let reader = services.database.reader();
    let agency_name = units::store::names(reader, vec![officer.agency_id]).await?.remove(&officer.agency_id);
    let message = match officer.password_message_id {
        Some(id) => messages::find(reader, id, services.clock.now()).await?,
        None => None,
    };
    Ok(Shown {
        id: officer.id,
        version: u32::try_from(officer.version).unwrap_or_default(),
        state: state(&officer),
        username: officer.username,
        full_name: officer.full_name,
        phone: officer.phone,
        role: officer.role,
        agency: UnitRef { id: officer.agency_id, name: agency_name.unwrap_or_default() },
        units: units_of(services, officer.id).await?,
        second_factors: second_factors::of(reader, officer.id).await?,
        password_change_needed: officer.password_change_needed,
        password_message: message.map(|message| message.status()),
        password_expires_at: officer.password_expires_at,
        created_at: officer.created_at,
        suspended_at: officer.suspended_at,
    })
}

pub(super) fn state(officer: &Officer) -> OfficerState {
    if officer.is_suspended() { OfficerState::Suspended } else { OfficerState::Active }
}

async fn units_of(services: &Services, id: Uuid) -> Result<Vec<UnitRef>, Error> {
    let reader = services.database.reader();
    let assigned = units::store::assigned_to(reader, id).await?;
    let names = units::store::names(reader, assigned).await?;
    let mut units: Vec<UnitRef> = names.into_iter().map(|(id, name)| UnitRef { id, name }).collect();
    units.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(units)
}
