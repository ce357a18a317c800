//! `/sessions`, `/me` and `/me/password`.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, get, post, put, web};
use motcua_openapi::desk::UnitRef;
use motcua_openapi::second_factors::{PasskeyChallenge, RequestPasskeyChallenge};
use motcua_openapi::sessions::{ChangePassword, CreateSession, Helper, Me, Role, Session, UnselectableUnit};

use super::lasting::{self, Tokens};
use super::model::Kind;
use super::{Caller, Pending, Staff, cookie, sign_in};
use crate::app::Services;
use crate::http::{RemoteAddress, Valid};
use crate::problem::{Failure, responses as problems};
use crate::units::{self, Unit, Verdict};

/// Sign in as an officer.
///
/// The refresh token is set as an HttpOnly cookie.
#[utoipa::path(
    tag = "sessions",
    operation_id = "create_session",
    request_body = CreateSession,
    responses((status = 201, description = "Signed in", body = Session), (status = 401, description = "The name or the password is wrong, or a second factor is required or wrong", body = motcua_openapi::problem::Problem, content_type = "application/problem+json"), problems::Any, problems::Json, problems::Limited)
)]
#[post("/sessions")]
pub(crate) async fn create_session(
    services: web::Data<Services>,
    Valid(body): Valid<CreateSession>,
    address: RemoteAddress,
) -> Result<HttpResponse, Failure> {
    let tokens = sign_in::sign_in(&services, body, address).await?;
    Ok(answer(&services, HttpResponse::Created(), tokens))
}

/// Get a new access token for the refresh token of the cookie.
///
/// The refresh token changes each time. One that comes back after it was used ends the session.
#[utoipa::path(
    tag = "sessions",
    operation_id = "refresh_session",
    responses((status = 200, description = "Goes on", body = Session), problems::Any, problems::SignedIn)
)]
#[post("/sessions/refresh")]
pub(crate) async fn refresh_session(
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let presented = cookie::presented(&request, Kind::Officer);
    let tokens = sign_in::refresh(&services, presented.as_deref()).await?;
    Ok(answer(&services, HttpResponse::Ok(), tokens))
}

/// Sign out: the session and its access tokens end at once.
#[utoipa::path(
    tag = "sessions",
    operation_id = "delete_session",
    security(("bearer" = [])),
    responses((status = 204, description = "Signed out"), problems::Any, problems::SignedIn)
)]
#[delete("/sessions/current")]
pub(crate) async fn delete_session(
    services: web::Data<Services>,
    Staff(caller): Staff,
) -> Result<HttpResponse, Failure> {
    lasting::end(&services, caller.session_id).await?;
    Ok(HttpResponse::NoContent().cookie(cookie::taken_back(&services, Kind::Officer)).finish())
}

/// Who the caller is, and which units can be chosen or why not.
#[utoipa::path(
    tag = "sessions",
    operation_id = "get_me",
    security(("bearer" = [])),
    responses((status = 200, description = "The caller", body = Me), problems::Any, problems::SignedIn)
)]
#[get("/me")]
pub(crate) async fn get_me(services: web::Data<Services>, Staff(caller): Staff) -> Result<web::Json<Me>, Failure> {
    let reader = services.database.reader();
    let officer = crate::officers::store::find(reader, &services, caller.officer_id).await?;
    let units = units::store::all(reader).await?;
    let place = &services.settings.place;
    let (selectable, unselectable) = sort(&units, &caller, &place.unit_markers);
    Ok(web::Json(Me {
        id: caller.officer_id,
        username: officer.as_ref().map(|officer| officer.username.clone()).unwrap_or_default(),
        full_name: caller.full_name,
        phone: officer.and_then(|officer| officer.phone).map(|phone| phone.grouped()).unwrap_or_default(),
        roles: roles(caller.role),
        password_change_needed: caller.pending == Some(Pending::PasswordChange),
        second_factor_needed: caller.pending == Some(Pending::SecondFactor),
        units: selectable,
        unselectable_units: unselectable,
        helper: Helper {
            name: place.helper_name.clone(),
            phone: place.helper_phone.clone(),
            email: place.helper_email.clone(),
        },
    }))
}

/// Change one's own password. Every other session of the caller ends. An audit event.
#[utoipa::path(
    tag = "sessions",
    operation_id = "change_password",
    security(("bearer" = [])),
    request_body = ChangePassword,
    responses((status = 204, description = "Changed"), problems::Any, problems::SignedIn, problems::Json, problems::Unfit, problems::Limited)
)]
#[put("/me/password")]
pub(crate) async fn change_password(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Valid(body): Valid<ChangePassword>,
) -> Result<HttpResponse, Failure> {
    crate::officers::change_own_password(&services, &caller, body).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Begin to sign in by passkey, after name and password: what the browser is to ask the passkey. Good once, for
/// five minutes.
#[utoipa::path(
    tag = "sessions",
    operation_id = "create_passkey_challenge",
    request_body = RequestPasskeyChallenge,
    responses((status = 201, description = "The challenge", body = PasskeyChallenge), (status = 401, description = "The name or the password is wrong", body = motcua_openapi::problem::Problem, content_type = "application/problem+json"), problems::Any, problems::Json, problems::OnOne, problems::Limited)
)]
#[post("/sessions/passkey-challenges")]
pub(crate) async fn create_passkey_challenge(
    services: web::Data<Services>,
    Valid(body): Valid<RequestPasskeyChallenge>,
    address: RemoteAddress,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(sign_in::passkey_challenge(&services, body, address).await?))
}

fn roles(role: Role) -> Vec<Role> {
    match role {
        Role::Officer => vec![Role::Officer],
        Role::Administrator => vec![Role::Officer, Role::Administrator],
        Role::Auditor => vec![Role::Auditor],
    }
}

/// The units of the caller's agency and those assigned, sorted into what can be chosen and what not.
/// A unit that is neither assigned nor meant as a desk is nobody's question: it is left out.
fn sort(units: &[Unit], caller: &Caller, markers: &[String]) -> (Vec<UnitRef>, Vec<UnselectableUnit>) {
    let agency = units::model::subtree(units, caller.agency_id);
    let (mut selectable, mut unselectable) = (Vec::new(), Vec::new());
    for unit in units {
        let is_assigned = caller.unit_ids.contains(&unit.id);
        let concerns_caller = is_assigned || (agency.contains(&unit.id) && unit.is_one_stop(markers));
        match unit.verdict(&caller.unit_ids, markers) {
            Verdict::Selectable => selectable.push(UnitRef { id: unit.id, name: unit.name.clone() }),
            Verdict::Unselectable(reason) if concerns_caller => {
                unselectable.push(UnselectableUnit { id: unit.id, name: unit.name.clone(), reason });
            }
            Verdict::Unselectable(_) => {}
        }
    }
    (selectable, unselectable)
}

fn answer(services: &Services, mut response: HttpResponseBuilder, tokens: Tokens) -> HttpResponse {
    if let Some(refresh) = tokens.refresh {
        response.cookie(cookie::carrying(services, Kind::Officer, refresh));
    }
    response.json(Session { access_token: tokens.access_token, expires_in: tokens.expires_in })
}
