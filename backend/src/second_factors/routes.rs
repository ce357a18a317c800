//! `/me/second-factors`.

use actix_web::{HttpResponse, delete, get, post, web};
use motcua_openapi::second_factors::{
    BeginSecondFactor, ConfirmTotp, PasskeyAnswer, PasskeyChallenge, SecondFactor, SecondFactorList, TotpEnrolment,
};

use super::enrol;
use crate::app::Services;
use crate::http::{Body, Id, Valid};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Staff;

/// The caller's second factors.
#[utoipa::path(
    tag = "second factors",
    operation_id = "list_second_factors",
    security(("bearer" = [])),
    responses((status = 200, description = "Oldest first", body = SecondFactorList), problems::Any, problems::SignedIn)
)]
#[get("/me/second-factors")]
pub(crate) async fn list_second_factors(
    services: web::Data<Services>,
    Staff(caller): Staff,
) -> Result<web::Json<SecondFactorList>, Failure> {
    Ok(web::Json(enrol::list(&services, &caller).await?))
}

/// Begin to enrol an authenticator app, by the password once more. Shown once; confirm it within five minutes.
#[utoipa::path(
    tag = "second factors",
    operation_id = "begin_totp",
    security(("bearer" = [])),
    request_body = BeginSecondFactor,
    responses((status = 201, description = "The secret", body = TotpEnrolment), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts, problems::Unfit, problems::Limited)
)]
#[post("/me/second-factors/totp")]
pub(crate) async fn begin_totp(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Valid(body): Valid<BeginSecondFactor>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(enrol::begin_totp(&services, &caller, &body).await?))
}

/// End it with a code of the app. An audit event.
#[utoipa::path(
    tag = "second factors",
    operation_id = "confirm_totp",
    security(("bearer" = [])),
    request_body = ConfirmTotp,
    responses((status = 201, description = "It works from now on", body = SecondFactor), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Unfit, problems::Limited)
)]
#[post("/me/second-factors/totp/confirmation")]
pub(crate) async fn confirm_totp(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Valid(body): Valid<ConfirmTotp>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(enrol::confirm_totp(&services, &caller, &body).await?))
}

/// Begin to enrol a passkey, by the password once more. The challenge is good once, for five minutes.
#[utoipa::path(
    tag = "second factors",
    operation_id = "begin_passkey",
    security(("bearer" = [])),
    request_body = BeginSecondFactor,
    responses((status = 201, description = "What the browser is to ask the passkey", body = PasskeyChallenge), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts, problems::Unfit, problems::Limited)
)]
#[post("/me/second-factors/passkeys")]
pub(crate) async fn begin_passkey(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Valid(body): Valid<BeginSecondFactor>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(enrol::begin_passkey(&services, &caller, &body).await?))
}

/// End it with the passkey's answer. An audit event.
#[utoipa::path(
    tag = "second factors",
    operation_id = "confirm_passkey",
    security(("bearer" = [])),
    request_body = PasskeyAnswer,
    responses((status = 201, description = "It works from now on", body = SecondFactor), problems::Any, problems::SignedIn, problems::Json, problems::Unfit)
)]
#[post("/me/second-factors/passkeys/confirmation")]
pub(crate) async fn confirm_passkey(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Body(body): Body<PasskeyAnswer>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(enrol::confirm_passkey(&services, &caller, body).await?))
}

/// Remove one of the caller's second factors. Administrators keep at least one. An audit event.
#[utoipa::path(
    tag = "second factors",
    operation_id = "remove_second_factor",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The second factor")),
    responses((status = 204, description = "Removed"), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[delete("/me/second-factors/{id}")]
pub(crate) async fn remove_second_factor(
    services: web::Data<Services>,
    Staff(caller): Staff,
    Id(id): Id,
) -> Result<HttpResponse, Failure> {
    enrol::remove(&services, &caller, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
