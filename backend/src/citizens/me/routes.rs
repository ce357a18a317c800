//! `/citizen/me`.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, put, web};
use motcua_openapi::citizens::{ChangeEmail, CitizenMe};

use super::{email, held};
use crate::app::Services;
use crate::audit::Act;
use crate::citizens::Citizen;
use crate::http::Body;
use crate::problem::{Failure, responses as problems};

/// The name under which a citizen keeps what is held.
const FILE_NAME: &str = "du-lieu-cua-toi.json";

/// All that is held about the citizen: the data, who created it and when, whoever looked at it. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "get_citizen_me",
    security(("bearer" = [])),
    responses((status = 200, description = "All that is held", body = CitizenMe), problems::Any, problems::SignedIn)
)]
#[get("/citizen/me")]
pub(crate) async fn get_citizen_me(
    services: web::Data<Services>,
    citizen: Citizen,
) -> Result<web::Json<CitizenMe>, Failure> {
    Ok(web::Json(held(&services, &citizen, Act::CitizenDataRead).await?))
}

/// The same as a file to keep. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "export_citizen_me",
    security(("bearer" = [])),
    responses((status = 200, description = "An attachment", body = CitizenMe), problems::Any, problems::SignedIn)
)]
#[get("/citizen/me/export")]
pub(crate) async fn export_citizen_me(
    services: web::Data<Services>,
    citizen: Citizen,
) -> Result<HttpResponse, Failure> {
    let all = held(&services, &citizen, Act::CitizenDataExported).await?;
    let attachment = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(FILE_NAME.to_owned())],
    };
    Ok(HttpResponse::Ok().insert_header(attachment).json(all))
}

/// Change the e-mail address, or take it away. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "change_citizen_email",
    security(("bearer" = [])),
    request_body = ChangeEmail,
    responses((status = 204, description = "Changed"), problems::Any, problems::SignedIn, problems::Json)
)]
#[put("/citizen/me/email")]
pub(crate) async fn change_citizen_email(
    services: web::Data<Services>,
    citizen: Citizen,
    Body(body): Body<ChangeEmail>,
) -> Result<HttpResponse, Failure> {
    email::change(&services, &citizen, &body).await?;
    Ok(HttpResponse::NoContent().finish())
}
