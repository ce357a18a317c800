//! `/citizen/password-resets`.

use actix_web::{HttpResponse, post, web};
use motcua_openapi::citizens::{CompletePasswordReset, CreatePasswordReset, PasswordReset};

use super::{ask, complete};
use crate::app::Services;
use crate::http::{Body, Id, RemoteAddress};
use crate::problem::{Failure, responses as problems};

/// **Quên mật khẩu**: ask for a code. The answer is the same whether there is such an account or not; where number
/// and phone belong to one, a code is on its way to that phone. The captcha is used up, whatever the answer.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_password_reset",
    request_body = CreatePasswordReset,
    responses((status = 202, description = "Taken", body = PasswordReset), problems::Any, problems::Json, problems::Unfit, problems::Limited)
)]
#[post("/citizen/password-resets")]
pub(crate) async fn create_password_reset(
    services: web::Data<Services>,
    Body(body): Body<CreatePasswordReset>,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Accepted().json(ask::ask(&services, &body, &address).await?))
}

/// Set another password by the code of the text. Every session of the citizen ends, and a text says that the
/// password changed. A reset of nobody's answers like a wrong code. An audit event.
#[utoipa::path(
    tag = "citizens",
    operation_id = "complete_password_reset",
    params(("id" = uuid::Uuid, Path, description = "The reset")),
    request_body = CompletePasswordReset,
    responses((status = 204, description = "Changed: sign in with it"), problems::Any, problems::Json, problems::OnOne, problems::Unfit)
)]
#[post("/citizen/password-resets/{id}/completion")]
pub(crate) async fn complete_password_reset(
    services: web::Data<Services>,
    Id(id): Id,
    RemoteAddress(address): RemoteAddress,
    Body(body): Body<CompletePasswordReset>,
) -> Result<HttpResponse, Failure> {
    complete::complete(&services, id, &body, &address).await?;
    Ok(HttpResponse::NoContent().finish())
}
