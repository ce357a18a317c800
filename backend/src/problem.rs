//! From a feature's refusal to the answer on the wire.
//!
//! Owns the one way that errors leave the server: `application/problem+json`. A refusal tells the
//! caller everything; a fault of ours tells nothing and is logged once, here, with its chain.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use chrono::{DateTime, SecondsFormat, Utc};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};
use sea_orm::DbErr;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A fault of ours: the database, the store, a key, a bug. Carries its chain to the log.
#[derive(Debug)]
pub struct Fault {
    cause: anyhow::Error,
    unavailable: bool,
}

impl Fault {
    /// A fault with its cause.
    pub fn new(cause: impl Into<anyhow::Error>) -> Self {
        Self { cause: cause.into(), unavailable: false }
    }

    /// A part that is out of reach for now: the caller may try again.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self { cause: cause.into(), unavailable: true }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.cause)
    }
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        let out_of_reach = matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_));
        Self { cause: error.into(), unavailable: out_of_reach }
    }
}

impl From<crate::vault::VaultError> for Fault {
    fn from(error: crate::vault::VaultError) -> Self {
        Self::new(error)
    }
}

/// What a handler returns instead of an answer.
#[derive(Debug)]
pub enum Failure {
    /// The caller's to mend.
    Refused(Box<Problem>),
    /// Ours to mend.
    Broken(Fault),
}

impl Failure {
    /// A refusal by code alone.
    pub fn refused(code: ProblemCode, detail: &str) -> Self {
        Problem::new(code, detail).into()
    }

    /// Somebody changed a thing since it was read: who (empty where that is not known), when and what version it has
    /// now.
    pub fn stale(version: i32, officer: String, updated_at: Option<DateTime<Utc>>) -> Self {
        let updated_at = updated_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
        Problem::new(ProblemCode::StaleVersion, "read it again, then send your change again")
            .with([("version", version.to_string()), ("officer", officer), ("updated_at", updated_at)])
            .into()
    }

    /// Refused fields of a body.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Problem::new(ProblemCode::BodyInvalid, "see fields").with_fields(fields).into()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl<T: Into<Fault>> From<T> for Failure {
    fn from(fault: T) -> Self {
        Self::Broken(fault.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(problem) => f.write_str(problem.code.as_str()),
            Self::Broken(fault) => write!(f, "{fault}"),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        let code = match self {
            Self::Refused(problem) => problem.code,
            Self::Broken(fault) => fault_code(fault),
        };
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Refused(problem) => answer(problem),
            Self::Broken(fault) => {
                tracing::error!(error = %fault, "a request failed");
                answer(&Problem::new(fault_code(fault), "nothing was changed; it is safe to try again"))
            }
        }
    }
}

fn fault_code(fault: &Fault) -> ProblemCode {
    if fault.unavailable { ProblemCode::Unavailable } else { ProblemCode::Internal }
}

fn answer(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    if let Some(seconds) = problem.params.get("retry_after") {
        response.insert_header((header::RETRY_AFTER, seconds.as_str()));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    }
    if let Some(allow) = problem.params.get("allow") {
        response.insert_header((header::ALLOW, allow.as_str()));
    }
    response.content_type(PROBLEM_JSON).body(serde_json::to_vec(problem).unwrap_or_default())
}

/// Problems as they stand in the OpenAPI document, by what an operation can answer.
pub mod responses {
    use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
    use utoipa::{IntoResponses, ToSchema};

    macro_rules! problem_responses {
        ($($(#[doc = $doc:literal])+ $name:ident = [$(($status:literal, $words:literal)),+];)+) => {
            $($(#[doc = $doc])+
            pub struct $name;
            impl IntoResponses for $name {
                fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
                    [$(($status.to_owned(), problem($words))),+].into_iter().collect()
                }
            })+
        };
    }

    fn problem(description: &str) -> RefOr<Response> {
        let schema = utoipa::openapi::Ref::from_schema_name(motcua_openapi::problem::Problem::name());
        let content = ContentBuilder::new().schema(Some(schema)).build();
        RefOr::T(ResponseBuilder::new().description(description).content(super::PROBLEM_JSON, content).build())
    }

    problem_responses! {
        /// What any operation can answer.
        Any = [("400", "The request cannot be read, or fields are refused"), ("500", "A fault of ours"), ("503", "Unavailable for the moment")];
        /// What any operation behind a sign-in can answer.
        SignedIn = [("401", "No token, or one that no longer works"), ("403", "Belongs to another role")];
        /// An operation that takes JSON.
        Json = [("413", "The body is too large"), ("415", "Unsupported content type")];
        /// An operation on one thing.
        OnOne = [("404", "No such thing, or none that you may see")];
        /// An operation that states and versions can forbid.
        Conflicts = [("409", "Not in this state, or changed meanwhile, or it exists already")];
        /// An operation that needs more than is there.
        Unfit = [("422", "What is needed is missing or wrong")];
        /// A report of a gateway.
        Reports = [("401", "It does not prove where it comes from"), ("404", "No such gateway"), ("413", "The body is too large")];
        /// An operation with a limit.
        Limited = [("429", "Too often; see Retry-After")];
    }
}
