//! Answering a request: the words, and the act that mends, in one transaction.

use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::unit_requests::{AnswerUnitRequest, UnitRequestState};
use motcua_openapi::units::RenameUnit;
use motcua_openapi::values::text::contains_ignoring_case;
use uuid::Uuid;

use super::{Error, Request, store};
use crate::app::Services;
use crate::audit::{self, About, Act, Change, ChangedField};
use crate::database::Transaction;
use crate::sessions::Caller;
use crate::{officers, units};

/// Answers an open request of the administrator's agency or below.
pub(super) async fn answer(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    body: &AnswerUnitRequest,
) -> Result<(), Error> {
    let words = body.parse_words().map_err(|error| Error::Fields(vec![error]))?;
    let transaction = services.database.begin().await?;
    let request = store::lock(&transaction, services, id).await?.ok_or(Error::NotFound)?;
    if !units::reach(&transaction, caller.agency_id).await?.contains(&request.agency_id) {
        return Err(Error::NotFound);
    }
    if request.state != UnitRequestState::Open {
        return Err(Error::Answered(request.state));
    }
    mend(&transaction, services, caller, &request, body).await?;
    let so_far = request.state;
    let answered = Request {
        state: body.state(),
        answer: words,
        answered_by: Some(caller.officer_id),
        answered_at: Some(services.clock.now()),
        ..request
    };
    store::save(&transaction, services, &answered).await?;
    let state = Change::between(ChangedField::State, so_far.as_str(), answered.state.as_str());
    let about = About::of(id).in_unit(answered.agency_id).with(vec![state]);
    audit::record(&transaction, services, caller, Act::UnitRequestAnswered, about).await?;
    Ok(transaction.commit().await?)
}

async fn mend(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    request: &Request,
    body: &AnswerUnitRequest,
) -> Result<(), Error> {
    match body {
        AnswerUnitRequest::Assigned { unit_id, .. } => {
            let unit = which(request, *unit_id)?;
            let assigned = officers::assign_within(transaction, services, caller, request.officer_id, unit).await;
            assigned.map_err(Error::Officers)
        }
        AnswerUnitRequest::Renamed { unit_id, name, version, .. } => {
            let unit = which(request, *unit_id)?;
            let markers = &services.settings.place.unit_markers;
            if !markers.iter().any(|marker| contains_ignoring_case(name, marker)) {
                let lacks = FieldError::new("name", FieldCode::UnitMarkerMissing, "it would still not be chosen");
                return Err(Error::Fields(vec![lacks]));
            }
            let rename = RenameUnit { version: *version, name: name.clone() };
            units::rename_within(transaction, services, caller, unit, &rename).await.map_err(Error::Units)
        }
        AnswerUnitRequest::Declined { .. } => Ok(()),
    }
}

/// The unit of the request; where that was named in words only, the administrator says which it is.
fn which(request: &Request, said: Option<Uuid>) -> Result<Uuid, Error> {
    said.or(request.unit_id)
        .ok_or_else(|| Error::Fields(vec![FieldError::new("unit_id", FieldCode::Required, "say which unit")]))
}
