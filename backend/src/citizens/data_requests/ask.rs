//! Asking. One transaction and one event.

use motcua_openapi::citizens::{CreateDataRequest, DataRequest};
use motcua_openapi::values::text;

use super::model::{Request, due_on};
use super::{show, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::citizens::citizen::Citizen;
use crate::citizens::error::Error;

/// Asks for something, once while it is open.
pub(super) async fn ask(
    services: &Services,
    citizen: &Citizen,
    body: &CreateDataRequest,
) -> Result<DataRequest, Error> {
    let request = Request {
        id: services.new_id(),
        account_id: citizen.account_id,
        unit_id: citizen.unit_id,
        kind: body.kind,
        words: text::nfc(body.words.trim()),
        made_at: services.clock.now(),
        due_on: due_on(services.clock.today(), &services.settings.place.holidays),
        answer: None,
        answered_by: None,
    };
    let transaction = services.database.begin().await?;
    if !store::insert(&transaction, services, &request).await? {
        return Err(Error::AlreadyRequested);
    }
    let about = About::of(citizen.account_id).in_unit(citizen.unit_id);
    audit::record(&transaction, services, citizen, Act::DataRequested, about).await?;
    transaction.commit().await?;
    show(services, vec![request]).await?.pop().ok_or(Error::NotFound)
}
