//! `/citizen/phone-changes`.

use actix_web::{HttpResponse, post, web};
use motcua_openapi::citizens::{CompletePhoneChange, CreatePhoneChange, PhoneChange};

use super::{ask, complete};
use crate::app::Services;
use crate::citizens::Citizen;
use crate::http::{Body, Id};
use crate::problem::{Failure, responses as problems};

/// Ask for another phone: a code goes to the phone until now and to the new one.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_phone_change",
    security(("bearer" = [])),
    request_body = CreatePhoneChange,
    responses((status = 202, description = "Both codes are on their way", body = PhoneChange), problems::Any, problems::SignedIn, problems::Json, problems::Limited)
)]
#[post("/citizen/phone-changes")]
pub(crate) async fn create_phone_change(
    services: web::Data<Services>,
    citizen: Citizen,
    Body(body): Body<CreatePhoneChange>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Accepted().json(ask::ask(&services, &citizen, &body).await?))
}

/// Change the phone by both codes. A text tells the old phone. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "complete_phone_change",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The change")),
    request_body = CompletePhoneChange,
    responses((status = 204, description = "Changed"), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Unfit)
)]
#[post("/citizen/phone-changes/{id}/completion")]
pub(crate) async fn complete_phone_change(
    services: web::Data<Services>,
    citizen: Citizen,
    Id(id): Id,
    Body(body): Body<CompletePhoneChange>,
) -> Result<HttpResponse, Failure> {
    complete::complete(&services, &citizen, id, &body).await?;
    Ok(HttpResponse::NoContent().finish())
}
