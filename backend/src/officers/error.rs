//! Why an act on an officer is refused, and how that is said.

use chrono::{DateTime, Utc};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};

use crate::limits::Full;
use crate::problem::{Failure, Fault};

/// A refusal.
#[derive(Debug)]
pub enum Error {
    /// No such officer, or none of the caller's agency and below.
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
    /// Somebody has this sign-in name.
    UsernameTaken,
    /// Nobody suspends or demotes themselves.
    OwnAccount,
    /// The agency would be without an administrator.
    LastAdministrator,
    /// There is no phone that a password could go to.
    PhoneMissing,
    /// A suspended officer gets no password.
    Suspended,
    /// Not the password so far.
    CurrentPasswordWrong,
    /// A cap is full; it opens after so many seconds.
    TooSoon(Full, i64),
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
            Error::NotFound => Self::refused(Code::NotFound, "no such officer"),
            Error::Fields(fields) => Self::fields(fields),
            Error::Stale { version, officer, updated_at } => Self::stale(version, officer, updated_at),
            Error::UsernameTaken => Self::refused(Code::UsernameTaken, "choose another sign-in name"),
            Error::OwnAccount => Self::refused(Code::OwnAccount, "another administrator may do this"),
            Error::LastAdministrator => Self::refused(Code::LastAdministrator, "authorise another first"),
            Error::PhoneMissing => Self::refused(Code::PhoneMissing, "record a phone first"),
            Error::Suspended => Problem::new(Code::WrongState, "resume the officer first")
                .with([("state", "suspended".to_owned())])
                .into(),
            Error::CurrentPasswordWrong => Self::refused(Code::PasswordWrong, "not the password so far"),
            Error::TooSoon(full, seconds) => {
                Problem::new(Code::TooManyRequests, format!("the cap {} opens in {seconds} s", full.cap))
                    .with([("cap", full.cap.to_owned()), ("retry_after", seconds.to_string())])
                    .into()
            }
            Error::KeyReused => Self::refused(Code::IdempotencyKeyReused, "use a fresh key"),
            Error::Broken(fault) => Self::Broken(fault),
        }
    }
}
