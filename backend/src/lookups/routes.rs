//! `POST /lookups`.

use actix_web::{post, web};
use motcua_openapi::lookups::{LookUp, LookUpResult};
use motcua_openapi::registrations::number_warnings;

use crate::accounts;
use crate::app::Services;
use crate::http::Body;
use crate::problem::{Failure, responses as problems};
use crate::sessions::Caller;

/// Look a number up among the portal's accounts.
///
/// Finds accounts of every unit: one number has one account, wherever it was made.
#[utoipa::path(
    tag = "lookups",
    operation_id = "look_up",
    security(("bearer" = [])),
    request_body = LookUp,
    responses((status = 200, description = "What the number tells, and the account if there is one", body = LookUpResult), problems::Any, problems::SignedIn, problems::Json)
)]
#[post("/lookups")]
pub(crate) async fn look_up(
    services: web::Data<Services>,
    _caller: Caller,
    Body(body): Body<LookUp>,
) -> Result<web::Json<LookUpResult>, Failure> {
    let number = body.parse().map_err(Failure::fields)?;
    let account = accounts::existing(&services, &number).await?;
    Ok(web::Json(LookUpResult {
        kind: number.kind(),
        birth_year: number.birth_year(),
        sex: number.sex(),
        account,
        warnings: number_warnings(&number),
    }))
}
