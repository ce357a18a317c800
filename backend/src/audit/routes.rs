//! `/audit-events`: for auditors, who change nothing.

use actix_web::{HttpResponse, get, post, web};
use futures_util::TryStreamExt;
use motcua_openapi::audit::{AuditPage, ExportAuditEvents, SearchAuditEvents};

use super::{export, search};
use crate::app::Services;
use crate::http::{Valid, attachment};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Auditor;

/// Search the events of the auditor's agency and below, newest first. Itself an audit event.
///
/// A POST, so that no name stands in a URL.
#[utoipa::path(
    tag = "audit",
    operation_id = "search_audit_events",
    security(("bearer" = [])),
    request_body = SearchAuditEvents,
    responses((status = 200, description = "A page", body = AuditPage), problems::Any, problems::SignedIn, problems::Json)
)]
#[post("/audit-events/search")]
pub(crate) async fn search_audit_events(
    services: web::Data<Services>,
    Auditor(caller): Auditor,
    Valid(body): Valid<SearchAuditEvents>,
) -> Result<web::Json<AuditPage>, Failure> {
    Ok(web::Json(search::search(&services, &caller, &body).await?))
}

/// The same events as a table, by ids only. Itself an audit event.
///
/// Columns: at, act, officer_id, citizen_id, agency_id, unit_id, subject_kind, subject_id, remote_address (of staff),
/// changes (JSON), sequence, id. A cell that a spreadsheet would run has an apostrophe before it.
#[utoipa::path(
    tag = "audit",
    operation_id = "export_audit_events",
    security(("bearer" = [])),
    params(ExportAuditEvents),
    responses((status = 200, description = "The table", content((String = "text/csv"))), problems::Any, problems::SignedIn)
)]
#[get("/audit-events/export")]
pub(crate) async fn export_audit_events(
    services: web::Data<Services>,
    Auditor(caller): Auditor,
    web::Query(query): web::Query<ExportAuditEvents>,
) -> Result<HttpResponse, Failure> {
    let table = export::export(&services, &caller, &query).await?;
    let table = table.map_err(|fault| {
        // The answer has begun: it breaks off, and is seen to be cut.
        tracing::error!(error = %fault, "an export of the audit broke off");
        std::io::Error::other("broken off")
    });
    Ok(attachment("text/csv; charset=utf-8", "audit-events.csv").streaming(table))
}
