//! `/citizen/sessions/mobile-signatures`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use motcua_openapi::citizens::{CreateMobileSignature, MobileSignature, MobileSignatureProgress};
use uuid::Uuid;

use super::{Browser, ask, look};
use crate::app::Services;
use crate::http::{Body, RemoteAddress};
use crate::problem::{Failure, responses as problems};
use crate::sessions::{Kind, cookie};

/// **Sim ký số**: ask a phone to sign. The captcha is used up, whatever the answer. Where this way is switched off it
/// says so.
///
/// A cookie ties what follows to this browser. The answer is the same whether the phone has an account or not.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_mobile_signature",
    request_body = CreateMobileSignature,
    responses((status = 201, description = "The phone was asked", body = MobileSignature), problems::Any, problems::Json, problems::Unfit, problems::Conflicts, problems::Limited)
)]
#[post("/citizen/sessions/mobile-signatures")]
pub(crate) async fn create_mobile_signature(
    services: web::Data<Services>,
    Body(body): Body<CreateMobileSignature>,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    let (signature, browser) = ask(&services, &body, &address).await?;
    Ok(HttpResponse::Created().cookie(browser.cookie(&services)).json(signature))
}

/// Ask how far the phone is. Once it has signed, the first such question signs in: the session is in the answer and
/// its refresh token in an HttpOnly cookie. Only for the browser that asked the phone.
#[utoipa::path(
    tag = "citizens",
    operation_id = "look_at_mobile_signature",
    params(("id" = Uuid, Path, description = "The signature's id")),
    responses((status = 200, description = "How far it is", body = MobileSignatureProgress), problems::Any, problems::OnOne, problems::Conflicts, problems::Limited)
)]
#[post("/citizen/sessions/mobile-signatures/{id}/progress")]
pub(crate) async fn look_at_mobile_signature(
    services: web::Data<Services>,
    id: web::Path<Uuid>,
    request: HttpRequest,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    let browser = Browser::of(&request);
    let found = look(&services, *id, browser.as_ref(), &address).await?;
    let mut response = HttpResponse::Ok();
    if let Some(refresh) = found.refresh {
        response.cookie(cookie::carrying(&services, Kind::Citizen, refresh));
    }
    Ok(response.json(found.progress))
}
