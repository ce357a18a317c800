//! `/citizen/sessions/certificate`.

use actix_web::{HttpRequest, HttpResponse, post, web};
use motcua_openapi::citizens::CitizenSession;

use super::{Presented, sign_in};
use crate::app::Services;
use crate::citizens::routes::answer;
use crate::http::RemoteAddress;
use crate::problem::{Failure, responses as problems};

/// **Usb ký số**: sign in by the client certificate that the proxy in front has verified. Where this way is switched
/// off it says so.
#[utoipa::path(
    tag = "citizens",
    operation_id = "create_citizen_session_by_certificate",
    responses((status = 201, description = "Signed in", body = CitizenSession), (status = 401, description = "No verified certificate came, or it is not accepted", body = motcua_openapi::problem::Problem, content_type = "application/problem+json"), problems::Any, problems::Conflicts, problems::Limited)
)]
#[post("/citizen/sessions/certificate")]
pub(crate) async fn create_citizen_session_by_certificate(
    services: web::Data<Services>,
    request: HttpRequest,
    RemoteAddress(address): RemoteAddress,
) -> Result<HttpResponse, Failure> {
    let settings = &services.settings.citizens.certificate;
    let presented = Presented {
        verdict: only(&request, &settings.verify_header),
        certificate: only(&request, &settings.certificate_header),
    };
    let granted = sign_in(&services, presented, &address).await?;
    Ok(answer(&services, HttpResponse::Created(), granted))
}

/// A header that came exactly once.
fn only(request: &HttpRequest, name: &str) -> Option<String> {
    let mut values = request.headers().get_all(name);
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then(|| value.to_owned())
}
