//! `/officers/imports` and `/officers/export`.

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use motcua_openapi::BASE_PATH;
use motcua_openapi::officer_imports::{ImportQuery, ListQuery, MAX_BYTES, OfficerImport};

use super::{Error, export, upload, view};
use crate::app::Services;
use crate::http::{Id, IdempotencyKey, attachment, expect_media_type};
use crate::problem::{Failure, responses as problems};
use crate::sessions::Administrator;
use crate::uploads;

/// The multipart body of `create_officer_import`, for the document only.
#[derive(utoipa::ToSchema)]
#[schema(as = ListUpload)]
#[expect(dead_code, reason = "its fields are read by the document's generator alone")]
pub struct ListUpload {
    /// One .xlsx, or one .csv in UTF-8, of at most 5 MiB and 10,000 rows.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a list of officers. It is checked behind this answer: ask for it again until it is. Nothing is changed.
#[utoipa::path(
    tag = "officers",
    operation_id = "create_officer_import",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request one act")),
    request_body(content = ListUpload, content_type = "multipart/form-data"),
    responses((status = 202, description = "It is being checked", body = OfficerImport), problems::Any, problems::SignedIn, problems::Json, problems::Conflicts)
)]
#[post("/officers/imports")]
pub(crate) async fn create_officer_import(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    IdempotencyKey(key): IdempotencyKey,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    expect_media_type(&request, "multipart/form-data")?;
    let multipart = Multipart::new(request.headers(), payload);
    let file = uploads::receive(multipart, MAX_BYTES).await.map_err(Error::BadUpload)?;
    let id = upload::upload(&services, &caller, &file, key.as_deref()).await?;
    let list = view::of_caller(&services, &caller, id, ImportQuery::default()).await?;
    let place = format!("{BASE_PATH}/officers/imports/{id}");
    Ok(HttpResponse::Accepted().insert_header((header::LOCATION, place)).json(list))
}

/// A list of one's own: how far it is, its faults by row and cell, or what it would do.
#[utoipa::path(
    tag = "officers",
    operation_id = "get_officer_import",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The list"), ImportQuery),
    responses((status = 200, description = "As it is now", body = OfficerImport), problems::Any, problems::SignedIn, problems::OnOne)
)]
#[get("/officers/imports/{id}")]
pub(crate) async fn get_officer_import(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
    web::Query(query): web::Query<ImportQuery>,
) -> Result<web::Json<OfficerImport>, Failure> {
    Ok(web::Json(view::of_caller(&services, &caller, id, query).await?))
}

/// Apply a list that is ready: all of it or nothing. It is done behind this answer. An audit event, and one for each
/// officer.
#[utoipa::path(
    tag = "officers",
    operation_id = "apply_officer_import",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The list")),
    responses((status = 202, description = "It is being applied", body = OfficerImport), problems::Any, problems::SignedIn, problems::OnOne, problems::Conflicts)
)]
#[post("/officers/imports/{id}/application")]
pub(crate) async fn apply_officer_import(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    Id(id): Id,
) -> Result<HttpResponse, Failure> {
    upload::apply(&services, &caller, id).await?;
    let query = ImportQuery { limit: Some(0), ..ImportQuery::default() };
    Ok(HttpResponse::Accepted().json(view::of_caller(&services, &caller, id, query).await?))
}

/// The officers of the administrator's agency and below as a list that can be uploaded again. An audit event.
#[utoipa::path(
    tag = "officers",
    operation_id = "export_officers",
    security(("bearer" = [])),
    params(ListQuery),
    responses((status = 200, description = "The list", content((Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "text/csv"))), problems::Any, problems::SignedIn)
)]
#[get("/officers/export")]
pub(crate) async fn export_officers(
    services: web::Data<Services>,
    Administrator(caller): Administrator,
    web::Query(query): web::Query<ListQuery>,
) -> Result<HttpResponse, Failure> {
    let list = export::export(&services, &caller, query.format).await?;
    let name = format!("officers.{}", query.format.extension());
    Ok(attachment(query.format.media_type(), &name).body(list))
}
