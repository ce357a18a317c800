//! What anybody may ask for: the desk's rules, health, the document, the page.
//!
//! Owns the answers outside any feature, also to paths that do not exist. Refuses anything personal.

use std::path::{Path, PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use motcua_openapi::desk::{CitizenSignIn, Desk};
use motcua_openapi::problem::{Problem, ProblemCode};

use crate::app::Services;
use crate::openapi::Methods;
use crate::problem::{Failure, Fault, responses as problems};

/// The page loads its own files only; WebAssembly needs a word of its own.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The API's page sets styles from its script.
pub const DOCS_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; \
style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The rules of this place, for a page before anybody signs in.
#[utoipa::path(
    tag = "desk",
    operation_id = "get_desk",
    responses((status = 200, description = "The rules", body = Desk), problems::Any)
)]
#[get("/desk")]
pub(crate) async fn get_desk(services: web::Data<Services>) -> web::Json<Desk> {
    let settings = &services.settings;
    web::Json(Desk {
        portal_name: settings.place.portal_name.clone(),
        portal_motto: settings.place.portal_motto.clone(),
        unit_markers: settings.place.unit_markers.clone(),
        scan_max_bytes: settings.registrations.scan_max_bytes,
        otp_valid_seconds: settings.otp.valid_seconds,
        otp_resend_seconds: settings.otp.resend_seconds,
        otp_max_tries: settings.otp.max_tries,
        draft_hours: settings.registrations.draft_hours,
        temporary_password_days: settings.registrations.temporary_password_days,
        citizen_sign_in: CitizenSignIn {
            password: true,
            certificate: settings.citizens.certificate.enabled,
            mobile_signature: settings.citizens.mobile_signature.enabled,
        },
        demo: settings.demo,
        now: services.clock.now(),
    })
}

/// The OpenAPI document.
#[get("/openapi.json")]
pub(crate) async fn get_openapi() -> web::Json<utoipa::openapi::OpenApi> {
    web::Json(crate::openapi::document())
}

/// The process lives.
#[get("/livez")]
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// The process can serve: the database answers.
#[get("/readyz")]
pub(crate) async fn ready(services: web::Data<Services>) -> Result<&'static str, Failure> {
    services.database.ping().await.map_err(Fault::unavailable)?;
    Ok("ok\n")
}

/// Mounts health and, where they are served here, the pages.
pub fn mount(config: &mut ServiceConfig, spa_dir: Option<&Path>) {
    config.service(live).service(ready);
    if let Some(folder) = spa_dir {
        config.service(web::scope("").wrap(from_fn(cache)).service(pages(folder.to_owned())));
    }
}

/// The built pages: precompressed files where the browser takes them, a page's html file for its own
/// addresses.
fn pages(folder: PathBuf) -> Files {
    let pages = folder.clone();
    Files::new("/", folder).index_file("index.html").try_compressed().prefer_utf8(true).default_handler(fn_service(
        move |request: ServiceRequest| {
            let page = pages.join(page_of(request.path()));
            async move {
                let (request, _) = request.into_parts();
                let is_file = request.path().rsplit('/').next().is_some_and(|last| last.contains('.'));
                let response = if is_file || request.path().starts_with("/api/") || request.method() != "GET" {
                    actix_web::ResponseError::error_response(&missing(&request))
                } else {
                    NamedFile::open(page)?.into_response(&request)
                };
                Ok(ServiceResponse::new(request, response))
            }
        },
    ))
}

/// Which of the pages an address is of.
fn page_of(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("citizen") => "citizen.html",
        Some("admin") => "admin.html",
        Some("people") => "people.html",
        _ => "index.html",
    }
}

/// A file whose name holds the hash of its content never changes; the rest is asked for each time.
async fn cache(
    request: ServiceRequest,
    next: Next<impl actix_web::body::MessageBody>,
) -> Result<ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    let is_hashed = has_hash(request.path());
    let mut response = next.call(request).await?;
    let policy =
        if is_hashed && response.status().is_success() { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    Ok(response)
}

fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['.', '-', '_']).any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whatever is asked for and not there, as a problem.
pub async fn no_such_path(request: HttpRequest) -> Result<HttpResponse, Failure> {
    Err(missing(&request))
}

fn missing(request: &HttpRequest) -> Failure {
    let allowed = request.app_data::<web::Data<Methods>>().and_then(|methods| methods.allowed(request.path()));
    match allowed {
        Some(allowed) => Problem::new(ProblemCode::MethodNotAllowed, format!("this path takes {allowed}"))
            .with([("allow", allowed.to_owned())])
            .into(),
        None => Failure::refused(ProblemCode::NotFound, "no such path"),
    }
}

/// A query that cannot be read.
pub fn bad_query(error: &dyn std::fmt::Display) -> Failure {
    Failure::refused(ProblemCode::RequestInvalid, &format!("the query: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{has_hash, page_of};

    #[test]
    fn an_address_is_of_the_page_that_its_first_part_names() {
        for path in ["/citizen", "/citizen/", "/citizen/password"] {
            assert_eq!(page_of(path), "citizen.html", "{path}");
        }
        assert_eq!((page_of("/admin"), page_of("/admin/messages")), ("admin.html", "admin.html"));
        assert_eq!(page_of("/people/units"), "people.html");
        for path in ["/", "/registrations/new", "/administrator", "/accounts/citizen"] {
            assert_eq!(page_of(path), "index.html", "{path}");
        }
    }

    #[test]
    fn only_a_name_with_its_hash_is_kept_for_ever() {
        assert!(has_hash("/assets/app-0123456789abcdef.js"));
        assert!(!has_hash("/index.html"));
        assert!(!has_hash("/accounts/00000000-0000-0000-0000-000000000000"));
    }
}
