//! `/unit-requests`.

use actix_web::{HttpResponse, get, post, web};
use motcua_openapi::unit_requests::{
    AnswerUnitRequest, CreateUnitRequest, UnitRequest, UnitRequestList, UnitRequestQuery,
};

use super::{answer, ask};
use crate::app::Services;
use crate::http::{Body, Id, IdempotencyKey};
use crate::problem::{Failure, responses as problems};
use crate::sessions::{Administrator, Caller};

/// Ask the administrators for a unit that cannot be chosen. Once per unit while it is open. An audit event.
#[utoipa::path(
    tag = "unit requests",
    operation_id = "create_unit_request",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    request_body = CreateUnitRequest,
    responses((status = 201, description = "They see it", body = UnitRequest), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts)
)]
#[post("/unit-requests")]
pub(crate) async fn create_unit_request(
    services: web::Data<Services>,
    caller: Caller,
    Body(body): Body<CreateUnitRequest>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(ask::ask(&services, &caller, &body, key.as_deref()).await?))
}

/// An officer's own requests; of an administrator, all of their agency and below.
#[utoipa::path(
    tag = "unit requests",
    operation_id = "list_unit_requests",
    security(("bearer" = [])),
    params(UnitRequestQuery),
    responses((status = 200, description = "Open ones first", body = UnitRequestList), problems::Any, problems::SignedIn)
)]
#[get("/unit-requests")]
pub(crate) async fn list_unit_requests(
    services: web::Data<Services>,
    caller: Caller,
    web::Query(query): web::Query<UnitRequestQuery>,
) -> Result<web::Json<UnitRequestList>, Failure> {
    Ok(web::Json(ask::list(&services, &caller, query.state).await?))
}

/// Answer a request, and mend with it: assign the officer or rename the unit. An audit event.
#[utoipa::path(
    tag = "unit requests",
    operation_id = "answer_unit_request",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The request")),
    request_body = AnswerUnitRequest,
    responses((status = 200, description = "As it is now", body = UnitRequest), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[post("/unit-requests/{id}/answer")]
pub(crate) async fn answer_unit_request(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Body(body): Body<AnswerUnitRequest>,
) -> Result<web::Json<UnitRequest>, Failure> {
    answer::answer(&services, &caller, id, &body).await?;
    Ok(web::Json(ask::shown(&services, id).await?))
}
