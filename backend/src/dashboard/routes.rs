//! `/dashboard`.

use actix_web::{get, web};
use motcua_openapi::dashboard::{Dashboard, DashboardQuery};
use motcua_openapi::problem::{FieldCode, FieldError, Problem, ProblemCode};

use crate::app::Services;
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;

const DEFAULT_QUIET_DAYS: u32 = 7;
const MOST_QUIET_DAYS: u32 = 30;

/// Accounts by day and unit, refusals by reason, quiet desks and failing texts, of the administrator's agency and
/// below.
#[utoipa::path(
    tag = "dashboard",
    operation_id = "get_dashboard",
    security(("bearer" = [])),
    params(DashboardQuery),
    responses((status = 200, description = "The counts", body = Dashboard), problems::Any, problems::SignedIn)
)]
#[get("/dashboard")]
pub(crate) async fn get_dashboard(
    services: web::Data<Services>,
    administrator: Administrator,
    web::Query(query): web::Query<DashboardQuery>,
) -> Result<web::Json<Dashboard>, Failure> {
    let quiet_days = query.quiet_days.unwrap_or(DEFAULT_QUIET_DAYS);
    if !(1..=MOST_QUIET_DAYS).contains(&quiet_days) {
        let error = FieldError::new("quiet_days", FieldCode::OutOfRange, format!("1 to {MOST_QUIET_DAYS}"));
        let error = error.with([("min", "1".to_owned()), ("max", MOST_QUIET_DAYS.to_string())]);
        return Err(Problem::new(ProblemCode::RequestInvalid, "see fields").with_fields(vec![error]).into());
    }
    Ok(web::Json(super::of_agency(&services, &administrator, quiet_days).await?))
}
