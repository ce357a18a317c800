//! `/officers`.

use actix_web::{HttpResponse, delete, get, patch, post, put, web};
use motcua_openapi::accounts::PasswordQueued;
use motcua_openapi::officers::{AssignUnits, CreateOfficer, Officer, OfficerPage, SearchOfficers, UpdateOfficer};

use super::{authorise, changes, detail, password, search};
use crate::app::Services;
use crate::http::{Body, Id, IdempotencyKey, Valid};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;

/// Search the officers of the administrator's agency and below, by sign-in name. Phones are masked.
///
/// A POST, so that no name stands in a URL.
#[utoipa::path(
    tag = "officers",
    operation_id = "search_officers",
    security(("bearer" = [])),
    request_body = SearchOfficers,
    responses((status = 200, description = "A page", body = OfficerPage), problems::Any, problems::SignedIn, problems::Json)
)]
#[post("/officers/search")]
pub(crate) async fn search_officers(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Valid(body): Valid<SearchOfficers>,
) -> Result<web::Json<OfficerPage>, Failure> {
    Ok(web::Json(search::search(&services, &caller, &body).await?))
}

/// Authorise an officer: the password goes by text to their own phone. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "create_officer",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    request_body = CreateOfficer,
    responses((status = 201, description = "Authorised", body = Officer), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts, problems::Limited)
)]
#[post("/officers")]
pub(crate) async fn create_officer(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Valid(body): Valid<CreateOfficer>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    let officer = authorise::authorise(&services, &caller, &body, key.as_deref()).await?;
    Ok(HttpResponse::Created().json(officer))
}

/// An officer with the phone unmasked. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "get_officer",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    responses((status = 200, description = "The officer", body = Officer), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/officers/{id}")]
pub(crate) async fn get_officer(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<web::Json<Officer>, Failure> {
    Ok(web::Json(detail::open(&services, &caller, id).await?))
}

/// Change an officer's name, phone or role. Nobody changes their own role. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "update_officer",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    request_body = UpdateOfficer,
    responses((status = 200, description = "As they are now", body = Officer), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[patch("/officers/{id}")]
pub(crate) async fn update_officer(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Body(body): Body<UpdateOfficer>,
) -> Result<web::Json<Officer>, Failure> {
    changes::update(&services, &caller, id, &body).await?;
    Ok(web::Json(detail::shown(&services, id).await?))
}

/// Assign an officer to exactly these units. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "assign_units",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    request_body = AssignUnits,
    responses((status = 200, description = "As they are now", body = Officer), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[put("/officers/{id}/units")]
pub(crate) async fn assign_units(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Valid(body): Valid<AssignUnits>,
) -> Result<web::Json<Officer>, Failure> {
    changes::assign(&services, &caller, id, &body).await?;
    Ok(web::Json(detail::shown(&services, id).await?))
}

/// Suspend an officer: every session of theirs ends at once. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "suspend_officer",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    responses((status = 200, description = "As they are now", body = Officer), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts)
)]
#[post("/officers/{id}/suspension")]
pub(crate) async fn suspend_officer(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<web::Json<Officer>, Failure> {
    changes::suspend(&services, &caller, id).await?;
    Ok(web::Json(detail::shown(&services, id).await?))
}

/// Let a suspended officer sign in again. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "resume_officer",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    responses((status = 200, description = "As they are now", body = Officer), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[delete("/officers/{id}/suspension")]
pub(crate) async fn resume_officer(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<web::Json<Officer>, Failure> {
    changes::resume(&services, &caller, id).await?;
    Ok(web::Json(detail::shown(&services, id).await?))
}

/// Send an officer another password by text. The one before is dead and their sessions end from here on. An audit
/// event.
#[utoipa::path(
    tag = "officers",
    operation_id = "send_officer_password",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    responses((status = 202, description = "On its way", body = PasswordQueued), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts, problems::Limited)
)]
#[post("/officers/{id}/password-messages")]
pub(crate) async fn send_officer_password(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Accepted().json(password::send(&services, &caller, id, key.as_deref()).await?))
}

/// Remove the second factors of an officer who lost them; their sessions end. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "remove_second_factors",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The officer")),
    responses((status = 204, description = "Removed"), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts)
)]
#[delete("/officers/{id}/second-factors")]
pub(crate) async fn remove_second_factors(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<HttpResponse, Failure> {
    changes::remove_second_factors(&services, &caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
