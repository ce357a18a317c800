//! What a citizen asks for about their data: withdraw the consent, close the account. An administrator answers.
//!
//! Owns the requests, the day by which each is to be answered, and the answers. Words of people are sealed. Refuses
//! to close by itself: it is done in the transaction of the answer that says so.

mod answer;
mod ask;
mod model;
pub mod routes;
mod store;

use motcua_openapi::citizens::{DataRequest, DataRequestAnswer};
use uuid::Uuid;

use crate::app::Services;
use crate::officers;
use crate::problem::Fault;
use model::Request;

/// The requests of an account, newest first.
pub(super) async fn of_account(services: &Services, account_id: Uuid) -> Result<Vec<DataRequest>, Fault> {
    let requests = store::of_account(services.database.reader(), services, account_id).await?;
    show(services, requests).await
}

async fn show(services: &Services, requests: Vec<Request>) -> Result<Vec<DataRequest>, Fault> {
    let answered_by = requests.iter().filter_map(|request| request.answered_by).collect();
    let names = officers::store::names(services.database.reader(), answered_by).await?;
    let today = services.clock.today();
    let show = |request: Request| DataRequest {
        id: request.id,
        kind: request.kind,
        words: request.words,
        made_at: request.made_at,
        due_on: request.due_on,
        is_overdue: request.answer.is_none() && today > request.due_on,
        answer: request.answer.map(|answer| DataRequestAnswer {
            outcome: answer.outcome,
            words: answer.words,
            at: answer.at,
            by: request.answered_by.and_then(|by| names.get(&by).cloned()).unwrap_or_default(),
        }),
    };
    Ok(requests.into_iter().map(show).collect())
}
