//! What every handler shares at the edge: reading a body, a header, a remote address.
//!
//! Owns the extractors. Refuses rules of a feature. Every failure here is a problem, never actix's
//! own text.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::StreamExt;
use motcua_openapi::IDEMPOTENCY_KEY;
use motcua_openapi::problem::{FieldCode, FieldError, Problem, ProblemCode};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use crate::problem::Failure;

/// Largest body in bytes, scans aside.
const MAX_BODY: usize = 32 * 1024;

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// A JSON body: of the right type, not too large, no unknown field.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            expect_media_type(&request, "application/json")?;
            let bytes = read_whole(payload).await?;
            // serde would read an array as an object's fields in order.
            if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
                return Err(Failure::refused(ProblemCode::BodyInvalid, "send a JSON object"));
            }
            serde_json::from_slice(&bytes)
                .map(Body)
                .map_err(|error| Failure::refused(ProblemCode::BodyInvalid, &without_values(&error.to_string())))
        })
    }
}

/// A body of any type, as it came, not too large.
pub struct Raw(pub web::Bytes);

impl FromRequest for Raw {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move { Ok(Self(read_whole(payload).await?.freeze())) })
    }
}

async fn read_whole(mut payload: Payload) -> Result<web::BytesMut, Failure> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|error| Problem::new(ProblemCode::RequestInvalid, format!("the body broke off: {error}")))?;
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(Problem::new(ProblemCode::BodyTooLarge, format!("at most {MAX_BODY} bytes"))
                .with([("max_bytes", MAX_BODY.to_string())])
                .into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A [`Body`] whose sizes and ranges are checked too (`validator`).
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = Failure;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Body::<T>::from_request(request, payload);
        Box::pin(async move {
            let Body(value) = body.await?;
            value.validate().map_err(|errors| Failure::fields(out_of_range(&errors)))?;
            Ok(Self(value))
        })
    }
}

/// `Idempotency-Key`, where one was sent.
pub struct IdempotencyKey(pub Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Failure;
    type Future = std::future::Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request.headers().get(IDEMPOTENCY_KEY).map(|value| {
            let text = value.to_str().unwrap_or_default();
            if (1..=200).contains(&text.len()) {
                Ok(text.to_owned())
            } else {
                Err(Failure::refused(ProblemCode::RequestInvalid, "Idempotency-Key is 1 to 200 visible characters"))
            }
        });
        std::future::ready(key.transpose().map(Self))
    }
}

/// Where a request came from, for throttles and audit: the proxy's word where one is trusted.
pub struct RemoteAddress(pub String);

impl FromRequest for RemoteAddress {
    type Error = Failure;
    type Future = std::future::Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let behind_proxy = request
            .app_data::<web::Data<crate::app::Services>>()
            .is_some_and(|services| services.settings.server.behind_proxy);
        let info = request.connection_info();
        let address = if behind_proxy { info.realip_remote_addr() } else { info.peer_addr() };
        std::future::ready(Ok(Self(address.unwrap_or("unknown").to_owned())))
    }
}

/// The id in a path. One that is no UUID names nothing: 404.
pub struct Id(pub Uuid);

impl FromRequest for Id {
    type Error = Failure;
    type Future = std::future::Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| Uuid::parse_str(text).ok());
        std::future::ready(id.map(Self).ok_or_else(|| Failure::refused(ProblemCode::NotFound, "no such id")))
    }
}

/// The beginning of an answer that is a file to keep.
pub fn attachment(media_type: &str, name: &str) -> HttpResponseBuilder {
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(media_type)
        .insert_header(disposition)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    answer
}

/// Refuses a request whose Content-Type is another.
pub fn expect_media_type(request: &HttpRequest, expected: &str) -> Result<(), Failure> {
    let declared =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::MediaTypeUnsupported, format!("send {expected}"))
        .with([("expected", expected.to_owned())])
        .into())
}

/// serde quotes a wrong value, as in `invalid type: string "…", expected …`: what was typed must be
/// neither echoed nor logged. Kept are what was expected and where.
fn without_values(message: &str) -> String {
    for kind in ["invalid type", "invalid value"] {
        if message.starts_with(kind)
            && let Some((_, expected)) = message.rsplit_once(", expected ")
        {
            return format!("{kind}: expected {expected}");
        }
    }
    message.to_owned()
}

fn out_of_range(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut fields: Vec<FieldError> = errors
        .field_errors()
        .into_iter()
        .flat_map(|(field, errors)| errors.iter().map(move |error| (field.to_string(), error)))
        .map(|(field, error)| {
            let mut refused = FieldError::new(&field, FieldCode::OutOfRange, "too long, too short or out of range");
            for bound in ["min", "max"] {
                if let Some(value) = error.params.get(bound) {
                    refused.params.insert(bound.to_owned(), value.to_string());
                }
            }
            refused
        })
        .collect();
    fields.sort_by(|a, b| a.field.cmp(&b.field));
    fields
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[test]
    fn what_was_typed_is_not_echoed() {
        for (message, kept) in [
            (
                "invalid type: integer `79190000001`, expected a string at line 1 column 5",
                "invalid type: expected a string at line 1 column 5",
            ),
            (
                "invalid value: string \"a, expected b\", expected a UUID at line 1",
                "invalid value: expected a UUID at line 1",
            ),
            (
                "unknown field `x`, expected `id_number` at line 1 column 4",
                "unknown field `x`, expected `id_number` at line 1 column 4",
            ),
        ] {
            assert_eq!(without_values(message), kept);
        }
    }
}
