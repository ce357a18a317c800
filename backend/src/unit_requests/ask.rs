//! Asking for a unit, and seeing what became of it.

use motcua_openapi::desk::{OfficerRef, UnitRef};
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::{CreateUnitRequest, UnitRequest, UnitRequestList, UnitRequestState, WantedUnit};
use motcua_openapi::values::text;
use uuid::Uuid;

use super::{Error, Request, Words, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;
use crate::units::{self, Verdict};
use crate::{officers, problem::Fault};

/// The caller asks for a unit: once while it is open.
pub(super) async fn ask(
    services: &Services,
    caller: &Caller,
    body: &CreateUnitRequest,
    key: Option<&str>,
) -> Result<UnitRequest, Error> {
    let (wanted, why) = body.parse().map_err(Error::Fields)?;
    let id = services.new_id();
    let json = serde_json::to_vec(body).map_err(Fault::new)?;
    let transaction = services.database.begin().await?;
    let request = [b"create_unit_request".as_slice(), &json];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, id).await? {
        Claim::First => {}
        Claim::Repeat(id) => return shown(services, id).await,
        Claim::Reused => return Err(Error::KeyReused),
    }
    let (unit_id, reason, unit_name) = match wanted {
        WantedUnit::Known(unit) => (Some(unit), Some(unselectable(&transaction, services, caller, unit).await?), None),
        WantedUnit::Named(name) => (None, None, Some(name)),
    };
    let request = Request {
        id,
        officer_id: caller.officer_id,
        agency_id: caller.agency_id,
        unit_id,
        reason,
        words: Words { unit_name, why },
        state: UnitRequestState::Open,
        answer: String::new(),
        answered_by: None,
        created_at: services.clock.now(),
        answered_at: None,
    };
    let which =
        unit_id.map_or_else(|| text::fold(request.words.unit_name.as_deref().unwrap_or_default()), |id| id.to_string());
    if !store::insert(&transaction, services, &request, &which).await? {
        return Err(Error::Open);
    }
    let about = About::of(id).in_unit(caller.agency_id);
    audit::record(&transaction, services, caller, Act::UnitRequested, about).await?;
    transaction.commit().await?;
    shown(services, id).await
}

/// Why the caller cannot choose the unit: the same rule as `GET /me` shows.
async fn unselectable(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    id: Uuid,
) -> Result<UnselectableReason, Error> {
    let unknown = || Error::Fields(vec![FieldError::new("unit_id", FieldCode::UnitUnknown, "no unit of your agency")]);
    let unit = units::store::find(transaction, id).await?.ok_or_else(unknown)?;
    let concerns_caller =
        caller.unit_ids.contains(&id) || units::store::below(transaction, caller.agency_id).await?.contains(&id);
    if !concerns_caller {
        return Err(unknown());
    }
    match unit.verdict(&caller.unit_ids, &services.settings.place.unit_markers) {
        Verdict::Selectable => Err(Error::Selectable),
        Verdict::Unselectable(reason) => Ok(reason),
    }
}

/// An officer's own requests, or all of an administrator's agency and below.
pub(super) async fn list(
    services: &Services,
    caller: &Caller,
    state: Option<UnitRequestState>,
) -> Result<UnitRequestList, Error> {
    let reader = services.database.reader();
    let rows = if caller.is_administrator() {
        let reach = units::reach(reader, caller.agency_id).await?;
        store::of_agencies(reader, services, &reach, state).await?
    } else {
        store::of_officer(reader, services, caller.officer_id, state).await?
    };
    Ok(UnitRequestList { items: show(services, rows).await? })
}

/// The request of an id.
pub(super) async fn shown(services: &Services, id: Uuid) -> Result<UnitRequest, Error> {
    let found = store::find(services.database.reader(), services, id).await?.ok_or(Error::NotFound)?;
    show(services, vec![found]).await?.pop().ok_or(Error::NotFound)
}

async fn show(services: &Services, rows: Vec<Request>) -> Result<Vec<UnitRequest>, Error> {
    let reader = services.database.reader();
    let people = rows.iter().flat_map(|row| std::iter::once(row.officer_id).chain(row.answered_by)).collect();
    let names = officers::store::names(reader, people).await?;
    let units = units::store::names(reader, rows.iter().filter_map(|row| row.unit_id).collect()).await?;
    let person = |id: Uuid| OfficerRef { id, full_name: names.get(&id).cloned().unwrap_or_default() };
    let unit = |id: Uuid| UnitRef { id, name: units.get(&id).cloned().unwrap_or_default() };
    let show = |row: Request| UnitRequest {
        id: row.id,
        officer: person(row.officer_id),
        unit: row.unit_id.map(unit),
        unit_name: row.words.unit_name,
        reason: row.reason,
        why: row.words.why,
        state: row.state,
        answer: row.answer,
        answered_by: row.answered_by.map(person),
        created_at: row.created_at,
        answered_at: row.answered_at,
    };
    Ok(rows.into_iter().map(show).collect())
}
