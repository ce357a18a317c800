//! `/citizen/captchas`, `/citizen/sessions`, `/citizen/password`.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, post, put, web};
use motcua_openapi::citizens::{Captcha, ChangeCitizenPassword, CitizenSession, CreateCaptcha, CreateCitizenSession};

use super::sign_in::{self, Granted};
use super::{Newcomer, captchas, password};
use crate::app::Services;
use crate::http::{Body, RemoteAddress, Valid};
use crate::problem::{Failure, responses as problems};
use crate::sessions::{self, Kind, cookie};

/// Get a captcha for a form: a picture and a calculation, either of which answers it. Good once, for two minutes.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_captcha",
    request_body = CreateCaptcha,
    responses((status = 201, description = "The captcha", body = Captcha), problems::Any, problems::Json, problems::Limited)
)]
#[post("/citizen/captchas")]
pub(crate) async fn create_captcha(
    services: web::Data<Services>,
    Body(body): Body<CreateCaptcha>,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(captchas::give(&services, body.form, &address).await?))
}

/// **CMT/CCCD**: sign in as a citizen by number and password. The captcha is used up, whatever the answer.
///
/// The refresh token is set as an HttpOnly cookie. Tries that come too fast wait longer each time.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_citizen_session",
    request_body = CreateCitizenSession,
    responses((status = 201, description = "Signed in", body = CitizenSession), (status = 401, description = "The number or the password is wrong, or the texted password has expired", body = motcua_openapi::problem::Problem, content_type = "application/problem+json"), problems::Any, problems::Json, problems::Unfit, problems::Limited)
)]
#[post("/citizen/sessions")]
pub(crate) async fn create_citizen_session(
    services: web::Data<Services>,
    Valid(body): Valid<CreateCitizenSession>,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    let granted = sign_in::by_password(&services, body, &address).await?;
    Ok(answer(&services, HttpResponse::Created(), granted))
}

/// Get a new access token for the refresh token of the cookie.
///
/// The refresh token changes each time. One that comes back after it was used ends the session.
#[utoipa::path(
    tag = "citizens",
    operation_id = "refresh_citizen_session",
    responses((status = 200, description = "Goes on", body = CitizenSession), problems::Any, problems::SignedIn)
)]
#[post("/citizen/sessions/refresh")]
pub(crate) async fn refresh_citizen_session(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let presented = cookie::presented(&request, Kind::Citizen);
    let granted = sign_in::refresh(&services, presented.as_deref()).await?;
    Ok(answer(&services, HttpResponse::Ok(), granted))
}

/// Sign out: the session and its access tokens end at once.
#[utoipa::path(
    tag = "citizens",
    operation_id = "delete_citizen_session",
    security(("bearer" = [])),
    responses((status = 204, description = "Signed out"), problems::Any, problems::SignedIn)
)]
#[delete("/citizen/sessions/current")]
pub(crate) async fn delete_citizen_session(
    services: web::Data<Services>,
    newcomer: Newcomer,
) -> Result<HttpResponse, Failure> {
    sessions::end(&services, newcomer.citizen.session_id).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::taken_back(&services, Kind::Citizen)).finish())
}

/// Choose another password; asked for before anything else while the password is the texted one. Every other
/// session of the citizen ends, and a text says that the password changed. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "change_citizen_password",
    security(("bearer" = [])),
    request_body = ChangeCitizenPassword,
    responses((status = 204, description = "Changed"), problems::Any, problems::SignedIn, problems::Json, problems::Unfit, problems::Limited)
)]
#[put("/citizen/password")]
pub(crate) async fn change_citizen_password(
    services: web::Data<Services>,
    newcomer: Newcomer,
    Valid(body): Valid<ChangeCitizenPassword>,
) -> Result<HttpResponse, Failure> {
    password::change(&services, &newcomer.citizen, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A session that was granted, with its cookie.
pub(super) fn answer(services: &Services, mut response: HttpResponseBuilder, granted: Granted) -> HttpResponse {
    if let Some(refresh) = granted.refresh {
        response.cookie(cookie::carrying(services, Kind::Citizen, refresh));
    }
    response.json(granted.session)
}
