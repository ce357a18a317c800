//! `/registrations`.

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put, web};
use bytes::Bytes;
use motcua_openapi::accounts::Account;
use motcua_openapi::messages::MessageList;
use motcua_openapi::registrations::{
    DetailsInput, OtpQueued, Registration, RegistrationList, RequestFormFormat, UpdateRegistration, VerifyOtp,
};
use serde::Deserialize;

use super::error::Error;
use super::{completion, drafts, phone_check, request_form, scans, view};
use crate::app::Services;
use crate::events::Events;
use crate::http::{Body, Id, IdempotencyKey, attachment, expect_media_type};
use crate::messages;
use crate::problem::{Failure, responses as problems};
use crate::sessions::Caller;
use crate::uploads;

/// Begin a registration. It may be incomplete; what is in it must be valid.
///
/// Refused with `account_exists` where the number has an account.
#[utoipa::path(
    tag = "registrations",
    operation_id = "create_registration",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    request_body = DetailsInput,
    responses((status = 201, description = "Begun", body = Registration), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts)
)]
#[post("/registrations")]
pub(crate) async fn create_registration(
    services: web::Data<Services>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<DetailsInput>,
) -> Result<HttpResponse, Failure> {
    let begun = drafts::create(&services, &caller, key.as_deref(), &body).await?;
    let place = format!("/api/v1/registrations/{}", begun.id);
    let body = view::registration(&services, begun).await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(body))
}

/// The unfinished registrations that the caller may see, last changed first.
#[utoipa::path(
    tag = "registrations",
    operation_id = "list_registrations",
    security(("bearer" = [])),
    responses((status = 200, description = "At most 100", body = RegistrationList), problems::Any, problems::SignedIn)
)]
#[get("/registrations")]
pub(crate) async fn list_registrations(
    services: web::Data<Services>,
    caller: Caller,
) -> Result<web::Json<RegistrationList>, Failure> {
    let all = drafts::list(&services, &caller).await?;
    Ok(web::Json(RegistrationList { items: view::summaries(&services, all).await? }))
}

/// A registration.
#[utoipa::path(
    tag = "registrations",
    operation_id = "get_registration",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    responses((status = 200, description = "The registration", body = Registration), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/registrations/{id}")]
pub(crate) async fn get_registration(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<web::Json<Registration>, Failure> {
    let found = drafts::open(&services, &caller, id).await?;
    Ok(web::Json(view::registration(&services, found).await?))
}

/// Change details. Another phone number drops the phone check.
#[utoipa::path(
    tag = "registrations",
    operation_id = "update_registration",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    request_body = UpdateRegistration,
    responses((status = 200, description = "As it is now", body = Registration), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[patch("/registrations/{id}")]
pub(crate) async fn update_registration(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    Body(body): Body<UpdateRegistration>,
) -> Result<web::Json<Registration>, Failure> {
    let changed = drafts::update(&services, &caller, id, &body).await?;
    Ok(web::Json(view::registration(&services, changed).await?))
}

/// Give a registration up: its details and its scan are erased.
#[utoipa::path(
    tag = "registrations",
    operation_id = "cancel_registration",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    responses((status = 204, description = "Erased"), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts)
)]
#[delete("/registrations/{id}")]
pub(crate) async fn cancel_registration(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<HttpResponse, Failure> {
    drafts::cancel(&services, &caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The multipart body of `upload_scan`, for the document only.
#[derive(utoipa::ToSchema)]
#[schema(as = ScanUpload)]
#[expect(dead_code, reason = "its fields are read by the document's generator alone")]
pub struct ScanUpload {
    /// One .pdf, .doc or .docx, both sides of the card in it, at most 5 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Attach the scan of the card, in place of the one before.
#[utoipa::path(
    tag = "registrations",
    operation_id = "upload_scan",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    request_body(content = ScanUpload, content_type = "multipart/form-data"),
    responses((status = 200, description = "As it is now", body = Registration), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[put("/registrations/{id}/scan")]
pub(crate) async fn upload_scan(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<Registration>, Failure> {
    expect_media_type(&request, "multipart/form-data")?;
    drafts::read(&services, &caller, id).await?;
    let multipart = Multipart::new(request.headers(), payload);
    let upload =
        uploads::receive(multipart, services.settings.registrations.scan_max_bytes).await.map_err(Error::from)?;
    let changed = scans::attach(&services, &caller, id, upload).await?;
    Ok(web::Json(view::registration(&services, changed).await?))
}

/// Read the scan. An audit event.
#[utoipa::path(
    tag = "registrations",
    operation_id = "download_scan",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    responses((status = 200, description = "The file", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/msword"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts)
)]
#[get("/registrations/{id}/scan")]
pub(crate) async fn download_scan(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<HttpResponse, Failure> {
    let (record, content) = scans::read(&services, &caller, id).await?;
    Ok(file(record.kind.media_type(), &format!("scan.{}", record.kind.extension()), content))
}

/// The query of `download_request_form`.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FormQuery {
    /// `pdf` to print, `docx` to correct by hand.
    #[serde(default)]
    format: RequestFormFormat,
}

/// The request form of exactly these details, for the citizen to check and sign.
#[utoipa::path(
    tag = "registrations",
    operation_id = "download_request_form",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration"), FormQuery),
    responses((status = 200, description = "The form", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts, problems::Unfit)
)]
#[get("/registrations/{id}/request-form")]
pub(crate) async fn download_request_form(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    query: web::Query<FormQuery>,
) -> Result<HttpResponse, Failure> {
    let (content, code) = request_form::make(&services, &caller, id, query.format).await?;
    let (media_type, extension) = match query.format {
        RequestFormFormat::Pdf => ("application/pdf", "pdf"),
        RequestFormFormat::Docx => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    };
    Ok(file(media_type, &format!("giay-de-nghi-{code}.{extension}"), content))
}

/// Text a six-digit code to the citizen's phone. Every code before it is dead at once.
#[utoipa::path(
    tag = "registrations",
    operation_id = "send_otp",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    responses((status = 202, description = "Queued; follow it in list_registration_messages", body = OtpQueued), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts, problems::Unfit, problems::Limited)
)]
#[post("/registrations/{id}/otp")]
pub(crate) async fn send_otp(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    let queued = phone_check::send(&services, &caller, id, key.as_deref()).await?;
    Ok(HttpResponse::Accepted().json(queued))
}

/// Verify the newest code that the citizen reads out.
#[utoipa::path(
    tag = "registrations",
    operation_id = "verify_otp",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    request_body = VerifyOtp,
    responses((status = 200, description = "The phone is confirmed", body = Registration), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts, problems::Unfit)
)]
#[post("/registrations/{id}/otp/verify")]
pub(crate) async fn verify_otp(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    Body(body): Body<VerifyOtp>,
) -> Result<web::Json<Registration>, Failure> {
    let code = body.parse().map_err(Failure::fields)?;
    let verified = phone_check::verify(&services, &caller, id, &code).await?;
    Ok(web::Json(view::registration(&services, verified).await?))
}

/// Create the account. Its password is texted to the citizen.
#[utoipa::path(
    tag = "registrations",
    operation_id = "create_account",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    responses((status = 201, description = "The account exists", body = Account), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts, problems::Unfit)
)]
#[post("/registrations/{id}/account")]
pub(crate) async fn create_account(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    let account = completion::create_account(&services, &caller, id, key.as_deref()).await?;
    let place = format!("/api/v1/accounts/{}", account.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, place)).json(account))
}

/// The messages of a registration, newest first.
#[utoipa::path(
    tag = "registrations",
    operation_id = "list_registration_messages",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    responses((status = 200, description = "Each with what became of it", body = MessageList), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/registrations/{id}/messages")]
pub(crate) async fn list_registration_messages(
    services: web::Data<Services>,
    caller: Caller,
    Id(id): Id,
) -> Result<web::Json<MessageList>, Failure> {
    drafts::read(&services, &caller, id).await?;
    Ok(web::Json(MessageList { items: messages::of_subject(&services, id).await? }))
}

/// The same list as it changes: an event `messages` at once and upon each change, for five minutes at most.
#[utoipa::path(
    tag = "registrations",
    operation_id = "follow_registration_messages",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The registration")),
    responses((status = 200, description = "Server-sent events, each with a MessageList", body = String, content_type = "text/event-stream"), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/registrations/{id}/messages/events")]
pub(crate) async fn follow_registration_messages(
    services: web::Data<Services>,
    request: HttpRequest,
    caller: Caller,
    Id(id): Id,
) -> Result<Events, Failure> {
    drafts::read(&services, &caller, id).await?;
    Ok(Events::named(&request, "messages", messages::live(&services, id)))
}

fn file(media_type: &str, name: &str, content: impl Into<Bytes>) -> HttpResponse {
    attachment(media_type, name).body(content.into())
}
