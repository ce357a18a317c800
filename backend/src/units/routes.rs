//! `/units`.

use actix_web::{HttpResponse, get, patch, post, web};
use motcua_openapi::units::{CreateUnit, RenameUnit, RetireUnit, Unit, UnitTree};

use super::keeping;
use crate::app::Services;
use crate::http::{Body, Id, IdempotencyKey, Valid};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;

/// The units of the administrator's agency and below, each with whether it can be chosen, why not and what would
/// mend it, and who is assigned. Retired units are among them.
#[utoipa::path(
    tag = "units",
    operation_id = "list_units",
    security(("bearer" = [])),
    responses((status = 200, description = "The tree, depth first", body = UnitTree), problems::Any, problems::SignedIn)
)]
#[get("/units")]
pub(crate) async fn list_units(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
) -> Result<web::Json<UnitTree>, Failure> {
    Ok(web::Json(keeping::of_agency(&services, &caller).await?))
}

/// Create a unit below one of the administrator's agency. An audit event.
#[utoipa::path(
    tag = "units",
    operation_id = "create_unit",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    request_body = CreateUnit,
    responses((status = 201, description = "Created", body = Unit), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts)
)]
#[post("/units")]
pub(crate) async fn create_unit(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Valid(body): Valid<CreateUnit>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<HttpResponse, Failure> {
    let id = keeping::create(&services, &caller, &body, key.as_deref()).await?;
    Ok(HttpResponse::Created().json(keeping::shown(&services, &caller, id).await?))
}

/// Rename a unit. An audit event.
#[utoipa::path(
    tag = "units",
    operation_id = "rename_unit",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The unit")),
    request_body = RenameUnit,
    responses((status = 200, description = "As it is now", body = Unit), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[patch("/units/{id}")]
pub(crate) async fn rename_unit(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Valid(body): Valid<RenameUnit>,
) -> Result<web::Json<Unit>, Failure> {
    keeping::rename(&services, &caller, id, &body).await?;
    Ok(web::Json(keeping::shown(&services, &caller, id).await?))
}

/// Retire a unit: nobody can choose it any more, its accounts keep its name. Refused while drafts are open there or
/// units stand below it. An audit event.
#[utoipa::path(
    tag = "units",
    operation_id = "retire_unit",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The unit")),
    request_body = RetireUnit,
    responses((status = 200, description = "As it is now", body = Unit), problems::Any, problems::SignedIn, problems::Json, problems::OnOne, problems::Conflicts)
)]
#[post("/units/{id}/retirement")]
pub(crate) async fn retire_unit(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Body(body): Body<RetireUnit>,
) -> Result<web::Json<Unit>, Failure> {
    keeping::retire(&services, &caller, id, body.version).await?;
    Ok(web::Json(keeping::shown(&services, &caller, id).await?))
}
