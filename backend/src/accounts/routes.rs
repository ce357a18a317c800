//! `/accounts`.

use actix_web::{get, post, web};
use motcua_openapi::accounts::{Account, AccountPage, SearchAccounts};
use motcua_openapi::messages::MessageList;
use motcua_openapi::problem::ProblemCode;

use super::{detail, search};
use crate::app::Services;
use crate::http::{Id, Valid};
use crate::messages;
use crate::problem::{Failure, responses as problems};
use crate::sessions::Caller;

/// Search the accounts of the caller's units, newest first. Numbers are masked.
///
/// A POST, so that what is searched for stands in no URL.
#[utoipa::path(
    tag = "accounts",
    operation_id = "search_accounts",
    security(("bearer" = [])),
    request_body = SearchAccounts,
    responses((status = 200, description = "A page", body = AccountPage), problems::Any, problems::SignedIn, problems::Json)
)]
#[post("/accounts/search")]
pub(crate) async fn search_accounts(
    services: web::Data<Services>,
    caller: Caller,
    Valid(body): Valid<SearchAccounts>,
) -> Result<web::Json<AccountPage>, Failure> {
    Ok(web::Json(search::search(&services, &caller, &body).await?))
}

/// An account with its numbers unmasked. An audit event.
#[utoipa::path(
    tag = "accounts",
    operation_id = "get_account",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The account")),
    responses((status = 200, description = "The account", body = Account), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/accounts/{id}")]
pub(crate) async fn get_account(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<web::Json<Account>, Failure> {
    detail::open(&services, &caller, id).await?.map(web::Json).ok_or_else(not_found)
}

/// The messages of an account, newest first.
#[utoipa::path(
    tag = "accounts",
    operation_id = "list_account_messages",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The account")),
    responses((status = 200, description = "Each with what became of it", body = MessageList), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/accounts/{id}/messages")]
pub(crate) async fn list_account_messages(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<web::Json<MessageList>, Failure> {
    detail::visible(&services, &caller, id).await?.ok_or_else(not_found)?;
    Ok(web::Json(MessageList { items: messages::of_subject(&services, id).await? }))
}

fn not_found() -> Failure {
    Failure::refused(ProblemCode::NotFound, "no such account")
}
