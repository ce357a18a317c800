//! The administrator's side: what is asked for in their agency and below, and the answers.

use motcua_openapi::citizens::{
    AccountDataRequest, AnswerDataRequest, DataRequestKind, DataRequestList, DataRequestOutcome,
};
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::values::{PersonName, text};
use uuid::Uuid;

use super::model::{Answer, Request};
use super::{show, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::citizens::error::Error;
use crate::problem::Fault;
use crate::sessions::{self, Caller, Owner};
use crate::{accounts, units};

/// All requests of the administrator's agency and below.
pub(super) async fn list(services: &Services, caller: &Caller) -> Result<DataRequestList, Error> {
    let reader = services.database.reader();
    let reach = units::reach(reader, caller.agency_id).await?;
    let requests = store::of_units(reader, services, &reach).await?;
    Ok(DataRequestList { items: with_accounts(services, requests).await? })
}

/// Answers one, and closes the account where that is what was asked for and accepted.
pub(super) async fn answer(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    body: &AnswerDataRequest,
) -> Result<AccountDataRequest, Error> {
    let words = text::nfc(body.words.trim());
    if words.is_empty() {
        return Err(Error::Fields(vec![FieldError::new("words", FieldCode::Required, "the citizen reads them")]));
    }
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let reach = units::reach(&transaction, caller.agency_id).await?;
    let request = store::lock(&transaction, services, id).await?;
    let request = request.filter(|request| reach.contains(&request.unit_id)).ok_or(Error::NotFound)?;
    if let Some(answer) = request.answer {
        return Err(Error::AlreadyAnswered(answer.at));
    }
    let answer = Answer { outcome: body.outcome, words, at: now };
    store::save_answer(&transaction, services, id, &answer, caller.officer_id).await?;
    let about = || About::of(request.account_id).in_unit(request.unit_id);
    audit::record(&transaction, services, caller, Act::DataRequestAnswered, about()).await?;
    if (request.kind, body.outcome) == (DataRequestKind::CloseAccount, DataRequestOutcome::Accepted)
        && accounts::close(&transaction, request.account_id, now).await?
    {
        sessions::end_all_of(&transaction, services, Owner::citizen(request.account_id), None).await?;
        audit::record(&transaction, services, caller, Act::AccountClosed, about()).await?;
    }
    transaction.commit().await?;
    let answered = Request { answer: Some(answer), answered_by: Some(caller.officer_id), ..request };
    with_accounts(services, vec![answered]).await?.pop().ok_or(Error::NotFound)
}

async fn with_accounts(services: &Services, requests: Vec<Request>) -> Result<Vec<AccountDataRequest>, Fault> {
    let reader = services.database.reader();
    let names = units::store::names(reader, requests.iter().map(|request| request.unit_id).collect()).await?;
    let mut whole = Vec::with_capacity(requests.len());
    let about: Vec<(Uuid, Uuid)> = requests.iter().map(|request| (request.account_id, request.unit_id)).collect();
    for (request, (account_id, unit_id)) in show(services, requests).await?.into_iter().zip(about) {
        let Some(account) = accounts::of_citizen(reader, services, account_id).await? else { continue };
        whole.push(AccountDataRequest {
            request,
            account_id,
            full_name: PersonName::parse(&account.full_name).map_err(Fault::new)?,
            id_number_masked: account.personal.id_number.masked(),
            unit_name: names.get(&unit_id).cloned().unwrap_or_default(),
        });
    }
    Ok(whole)
}
