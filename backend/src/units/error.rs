//! Why an act on a unit is refused, and how that is said.

use chrono::{DateTime, Utc};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};

use crate::problem::{Failure, Fault};

/// A refusal.
#[derive(Debug)]
pub enum Error {
    /// No such unit, or none of the caller's agency and below.
    NotFound,
    /// Fields are refused.
    Fields(Vec<FieldError>),
    /// Changed since it was read.
    Stale {
        /// The version now.
        version: i32,
        /// By whom; empty where that is not known.
        officer: String,
        /// When.
        updated_at: Option<DateTime<Utc>>,
    },
    /// It is retired: it stays as it is.
    Retired,
    /// The administrator's own agency is not theirs to retire.
    OwnAgency,
    /// Something is going on in it or below it.
    InUse {
        /// Open drafts.
        drafts: u64,
        /// The names of the units below it.
        below: Vec<String>,
    },
    /// The idempotency key came with another request.
    KeyReused,
    /// A fault of ours.
    Broken(Fault),
}

impl<T: Into<Fault>> From<T> for Error {
    fn from(fault: T) -> Self {
        Self::Broken(fault.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use ProblemCode as Code;
        match error {
            Error::NotFound => Self::refused(Code::NotFound, "no such unit"),
            Error::Fields(fields) => Self::fields(fields),
            Error::Stale { version, officer, updated_at } => Self::stale(version, officer, updated_at),
            Error::Retired => Problem::new(Code::WrongState, "a retired unit stays as it is")
                .with([("state", "retired".to_owned())])
                .into(),
            Error::OwnAgency => Self::refused(Code::Forbidden, "your own agency is not yours to retire"),
            Error::InUse { drafts, below } => {
                Problem::new(Code::UnitInUse, "finish the drafts and retire what is below")
                    .with([("drafts", drafts.to_string()), ("units", below.join("; "))])
                    .into()
            }
            Error::KeyReused => Self::refused(Code::IdempotencyKeyReused, "use a fresh key"),
            Error::Broken(fault) => Self::Broken(fault),
        }
    }
}
