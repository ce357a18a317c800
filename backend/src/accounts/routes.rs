//! `/accounts`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use motcua_openapi::accounts::{Account, AccountPage, PasswordQueued, SearchAccounts};
use motcua_openapi::messages::MessageList;
use motcua_openapi::problem::{Problem, ProblemCode};

use super::{detail, password, search};
use crate::app::Services;
use crate::events::Events;
use crate::http::{Id, IdempotencyKey, Valid};
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

/// The same list as it changes: an event `messages` at once and upon each change, for five minutes at most.
#[utoipa::path(
    tag = "accounts",
    operation_id = "follow_account_messages",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The account")),
    responses((status = 200, description = "Server-sent events, each with a MessageList", body = String, content_type = "text/event-stream"), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/accounts/{id}/messages/events")]
pub(crate) async fn follow_account_messages(
    services: web::Data<Services>,
    request: HttpRequest,
    caller: Caller,
    Id(id): Id,
) -> Result<Events, Failure> {
    detail::visible(&services, &caller, id).await?.ok_or_else(not_found)?;
    Ok(Events::named(&request, "messages", messages::live(&services, id)))
}

/// **Gửi lại mật khẩu**: send another password; the one before stops working. Only before the first sign-in. An
/// audit event.
#[utoipa::path(
    tag = "accounts",
    operation_id = "resend_password",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The account"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    responses((status = 202, description = "On its way", body = PasswordQueued), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts, problems::Limited)
)]
#[post("/accounts/{id}/password-messages")]
pub(crate) async fn resend_password(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    let queued = password::resend(&services, &caller, id, key.as_deref()).await;
    let queued = queued.map_err(|error| refusal(error, services.clock.now()))?;
    Ok(HttpResponse::Accepted().json(queued))
}

fn refusal(error: password::Error, now: DateTime<Utc>) -> Failure {
    match error {
        password::Error::NotFound => not_found(),
        password::Error::InUse => Failure::refused(ProblemCode::AccountInUse, "the citizen resets it themselves"),
        password::Error::TooSoon(full) => {
            let (cap, retry_after) = (full.cap, full.retry_after(now));
            Problem::new(ProblemCode::TooManyRequests, format!("the cap {cap} opens in {retry_after} s"))
                .with([("cap", cap.to_owned()), ("retry_after", retry_after.to_string())])
                .into()
        }
        password::Error::KeyReused => Failure::refused(ProblemCode::IdempotencyKeyReused, "use a fresh key"),
        password::Error::Broken(fault) => Failure::Broken(fault),
    }
}

fn not_found() -> Failure {
    Failure::refused(ProblemCode::NotFound, "no such account")
}
