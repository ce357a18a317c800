//! `/citizen/data-requests` and `/data-requests`.

use actix_web::{HttpResponse, get, post, web};
use motcua_openapi::citizens::{
    AccountDataRequest, AnswerDataRequest, CreateDataRequest, DataRequest, DataRequestList,
};

use super::{answer, ask};
use crate::app::Services;
use crate::citizens::Citizen;
use crate::http::{Id, Valid};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;

/// Withdraw the consent, or ask for the account to be closed; once while it is open. An administrator answers within
/// two working days. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_data_request",
    security(("bearer" = [])),
    request_body = CreateDataRequest,
    responses((status = 201, description = "They see it", body = DataRequest), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts)
)]
#[post("/citizen/data-requests")]
pub(crate) async fn create_data_request(
    services: web::Data<Services>,
    citizen: Citizen,
    Valid(body): Valid<CreateDataRequest>,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Created().json(ask::ask(&services, &citizen, &body).await?))
}

/// What citizens of the administrator's agency and below have asked for about their data, each with its last day.
#[utoipa::path(
    tag = "citizens",
    operation_id = "list_data_requests",
    security(("bearer" = [])),
    responses((status = 200, description = "Open ones first", body = DataRequestList), problems::Any, problems::SignedIn)
)]
#[get("/data-requests")]
pub(crate) async fn list_data_requests(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
) -> Result<web::Json<DataRequestList>, Failure> {
    Ok(web::Json(answer::list(&services, &caller).await?))
}

/// Answer a request. Accepting to close an account closes it: its sessions end, and nobody signs in to it any more.
/// An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "answer_data_request",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The request")),
    request_body = AnswerDataRequest,
    responses((status = 200, description = "As it is now", body = AccountDataRequest), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[post("/data-requests/{id}/answer")]
pub(crate) async fn answer_data_request(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Valid(body): Valid<AnswerDataRequest>,
) -> Result<web::Json<AccountDataRequest>, Failure> {
    Ok(web::Json(answer::answer(&services, &caller, id, &body).await?))
}
