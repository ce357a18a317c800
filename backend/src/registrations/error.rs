//! Every refusal of this feature, and the one match that words it for the wire.

use chrono::{DateTime, SecondsFormat, Utc};
use motcua_openapi::lookups::ExistingAccount;
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};

use super::model::{State, WrongState};
use super::scan::ScanRefusal;
use crate::problem::{Failure, Fault};
use crate::uploads::Refusal;

/// Why a verb was not done. Nothing was changed.
#[derive(Debug)]
pub enum Error {
    /// No such registration, or none that the caller may see.
    NotFound,
    /// The state forbids it.
    WrongState(State),
    /// Somebody changed it since.
    Stale {
        /// Who.
        officer: String,
        /// When.
        updated_at: DateTime<Utc>,
        /// The version now.
        version: i32,
    },
    /// Fields that are refused.
    Fields(Vec<FieldError>),
    /// The whole is needed, and fields are missing or wrong.
    Incomplete(Vec<FieldError>),
    /// The number has an account.
    AccountExists(ExistingAccount),
    /// No scan is attached.
    ScanMissing,
    /// The scan is larger than this many bytes.
    ScanTooLarge(u64),
    /// The scan is not of an accepted type.
    ScanRefused(ScanRefusal),
    /// The body is not one multipart field `file`.
    BadUpload(String),
    /// The phone is not confirmed.
    PhoneNotVerified,
    /// A cap on codes is full.
    OtpTooSoon {
        /// Which cap.
        cap: &'static str,
        /// Seconds until it opens.
        retry_after: i64,
    },
    /// Not the code.
    OtpWrong {
        /// Tries left.
        tries_left: u32,
    },
    /// An older code.
    OtpSuperseded {
        /// When the newest was sent.
        sent_at: Option<DateTime<Utc>>,
    },
    /// The newest code is too old.
    OtpExpired {
        /// Since when.
        expired_at: DateTime<Utc>,
    },
    /// Too many wrong tries.
    OtpExhausted,
    /// No code has been sent.
    OtpMissing,
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

impl From<WrongState> for Error {
    fn from(WrongState(state): WrongState) -> Self {
        Self::WrongState(state)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Malformed(why) => Self::BadUpload(why),
            Refusal::TooLarge(max) => Self::ScanTooLarge(max),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use ProblemCode as Code;
        let problem = match error {
            Error::NotFound => Problem::new(Code::NotFound, "no such registration"),
            Error::WrongState(state) => {
                let state = state.name().as_str();
                Problem::new(Code::WrongState, format!("the registration is {state}")).with([("state", state.into())])
            }
            Error::Stale { officer, updated_at, version } => return Self::stale(version, officer, Some(updated_at)),
            Error::Fields(fields) => Problem::new(Code::BodyInvalid, "see fields").with_fields(fields),
            Error::Incomplete(fields) => Problem::new(Code::DetailsIncomplete, "see fields").with_fields(fields),
            Error::AccountExists(account) => Problem::new(Code::AccountExists, "no second account is made")
                .with([("created_at", time(account.created_at)), ("unit", account.unit_name)]),
            Error::ScanMissing => Problem::new(Code::ScanMissing, "attach the scan of the card first"),
            Error::ScanTooLarge(max) => {
                Problem::new(Code::ScanTooLarge, format!("at most {max} bytes")).with([("max_bytes", max.to_string())])
            }
            Error::ScanRefused(refusal) => Problem::new(Code::ScanTypeRefused, refusal.to_string())
                .with([("kind", refusal.kind()), ("reason", refusal.reason().to_owned())]),
            Error::BadUpload(detail) => Problem::new(Code::BodyInvalid, detail),
            Error::PhoneNotVerified => Problem::new(Code::PhoneNotVerified, "send a code and verify it first"),
            Error::OtpTooSoon { cap, retry_after } => {
                Problem::new(Code::OtpTooSoon, format!("the cap {cap} opens in {retry_after} s"))
                    .with([("cap", cap.to_owned()), ("retry_after", retry_after.to_string())])
            }
            Error::OtpWrong { tries_left } => Problem::new(Code::OtpWrong, format!("{tries_left} tries left"))
                .with([("tries_left", tries_left.to_string())]),
            Error::OtpSuperseded { sent_at } => {
                let mut problem = Problem::new(Code::OtpSuperseded, "type the newest code");
                problem.params.extend(sent_at.map(|at| ("sent_at".to_owned(), time(at))));
                problem
            }
            Error::OtpExpired { expired_at } => {
                Problem::new(Code::OtpExpired, "send a new code").with([("expired_at", time(expired_at))])
            }
            Error::OtpExhausted => Problem::new(Code::OtpExhausted, "send a new code"),
            Error::OtpMissing => Problem::new(Code::OtpMissing, "the newest code has not been sent yet"),
            Error::KeyReused => Problem::new(Code::IdempotencyKeyReused, "use a fresh key for another request"),
            Error::Broken(fault) => return Self::Broken(fault),
        };
        problem.into()
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
