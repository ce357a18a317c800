//! `/messages` and `/gateways`.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use motcua_openapi::messages::{MessageStatistics, StatisticsQuery};
use motcua_openapi::problem::{FieldCode, FieldError, Problem, ProblemCode};

use super::gateways::ReportRefusal;
use super::reports::Incoming;
use super::{reports, statistics};
use crate::app::Services;
use crate::http::Raw;
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;

const DEFAULT_HOURS: u32 = 24;
const MOST_HOURS: u32 = 168;

/// Sent, delivered and failed by hour, gateway and reason, for the administrator's agency and below.
#[utoipa::path(
    tag = "messages",
    operation_id = "get_message_statistics",
    security(("bearer" = [])),
    params(StatisticsQuery),
    responses((status = 200, description = "The counts", body = MessageStatistics), problems::Any, problems::SignedIn)
)]
#[get("/messages/statistics")]
pub(crate) async fn get_message_statistics(
    services: web::Data<Services>,
    administrator: Administrator,
    web::Query(query): web::Query<StatisticsQuery>,
) -> Result<web::Json<MessageStatistics>, Failure> {
    let hours = query.hours.unwrap_or(DEFAULT_HOURS);
    if !(1..=MOST_HOURS).contains(&hours) {
        let error = FieldError::new("hours", FieldCode::OutOfRange, format!("1 to {MOST_HOURS}"));
        let error = error.with([("min", "1".to_owned()), ("max", MOST_HOURS.to_string())]);
        return Err(Problem::new(ProblemCode::RequestInvalid, "see fields").with_fields(vec![error]).into());
    }
    Ok(web::Json(statistics::of_agency(&services, &administrator, hours).await?))
}

/// A gateway says what became of a text. Form, JSON or empty, as the gateway's kind has it; the same again
/// is taken again and changes nothing.
#[utoipa::path(
    tag = "messages",
    operation_id = "receive_delivery_report",
    params(("name" = String, Path, description = "The gateway's name in the settings")),
    request_body(content = String, content_type = "*/*", description = "The report as the gateway writes it"),
    responses((status = 200, description = "Taken"), problems::Any, problems::Reports)
)]
#[post("/gateways/{name}/reports")]
pub(crate) async fn receive_delivery_report(
    services: web::Data<Services>,
    request: HttpRequest,
    name: web::Path<String>,
    Raw(body): Raw,
) -> Result<HttpResponse, Failure> {
    receive(&services, &request, &name, &body).await
}

/// The same by GET, for gateways that call a URL.
#[utoipa::path(
    tag = "messages",
    operation_id = "receive_delivery_report_by_url",
    params(("name" = String, Path, description = "The gateway's name in the settings")),
    responses((status = 200, description = "Taken"), problems::Any, problems::Reports)
)]
#[get("/gateways/{name}/reports")]
pub(crate) async fn receive_delivery_report_by_url(
    services: web::Data<Services>,
    request: HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    receive(&services, &request, &name, b"").await
}

async fn receive(services: &Services, request: &HttpRequest, name: &str, body: &[u8]) -> Result<HttpResponse, Failure> {
    let path_and_query = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let incoming = Incoming { path_and_query: &path_and_query, headers: request.headers(), body };
    reports::receive(services, name, incoming).await?;
    Ok(HttpResponse::Ok().finish())
}

impl From<reports::Error> for Failure {
    fn from(error: reports::Error) -> Self {
        match error {
            reports::Error::NotFound => Self::refused(ProblemCode::NotFound, "no such gateway"),
            reports::Error::Refused(ReportRefusal::Unproven) => {
                Self::refused(ProblemCode::Unauthenticated, "the report does not prove where it comes from")
            }
            reports::Error::Refused(ReportRefusal::Unreadable(what)) => Self::refused(ProblemCode::BodyInvalid, what),
            reports::Error::Broken(fault) => Self::Broken(fault),
        }
    }
}
