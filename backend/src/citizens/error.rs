//! Why something is refused to a citizen, and how that is said.

use chrono::{DateTime, SecondsFormat, Utc};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};

use crate::limits::Full;
use crate::problem::{Failure, Fault};

/// A refusal.
#[derive(Debug)]
pub enum Error {
    /// Fields are refused.
    Fields(Vec<FieldError>),
    /// The captcha was not solved, is too old, was used before or is another form's.
    CaptchaWrong,
    /// A cap is full, or a delay not over.
    TooMany {
        /// Which.
        cap: &'static str,
        /// Seconds until it opens.
        retry_after: i64,
    },
    /// Another code may be asked for after a while.
    TooSoon {
        /// Which cap.
        cap: &'static str,
        /// Seconds until it opens.
        retry_after: i64,
    },
    /// Nothing of that id.
    NotFound,
    /// The same request is open.
    AlreadyRequested,
    /// Somebody has answered it.
    AlreadyAnswered(DateTime<Utc>),
    /// Not the code.
    OtpWrong {
        /// Wrong ones that it still survives.
        tries_left: u32,
    },
    /// Another was asked for since.
    OtpSuperseded,
    /// Past its time.
    OtpExpired(DateTime<Utc>),
    /// Used, or tried too often.
    OtpExhausted,
    /// No account of this number and password.
    CredentialsInvalid,
    /// The right password, whose text is past its days.
    PasswordExpired(DateTime<Utc>),
    /// This way of signing in is switched off.
    WayOff,
    /// No verified certificate came.
    CertificateMissing,
    /// It is not accepted.
    CertificateRefused {
        /// Why: `issuer`, `expired`, `number` or `account`.
        reason: &'static str,
    },
    /// The provider of phones' signatures does not help at the moment.
    ProviderAway,
    /// The session is over.
    SessionOver,
    /// The password until now is another.
    PasswordWrong,
    /// A fault of ours.
    Broken(Fault),
}

impl Error {
    pub(super) fn too_many(full: Full, now: DateTime<Utc>) -> Self {
        Self::TooMany { cap: full.cap, retry_after: full.retry_after(now) }
    }

    pub(super) fn too_soon(full: Full, now: DateTime<Utc>) -> Self {
        Self::TooSoon { cap: full.cap, retry_after: full.retry_after(now) }
    }
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
            Error::Fields(fields) => Self::fields(fields),
            Error::CaptchaWrong => Self::refused(Code::CaptchaWrong, "get a new one"),
            Error::TooMany { cap, retry_after } => limited(Code::TooManyRequests, cap, retry_after),
            Error::TooSoon { cap, retry_after } => limited(Code::OtpTooSoon, cap, retry_after),
            Error::NotFound => Self::refused(Code::NotFound, "nothing of that id"),
            Error::AlreadyRequested => Self::refused(Code::AlreadyRequested, "wait for the answer"),
            Error::AlreadyAnswered(at) => {
                Problem::new(Code::AlreadyAnswered, "it is answered").with([("answered_at", time(at))]).into()
            }
            Error::OtpWrong { tries_left } => {
                Problem::new(Code::OtpWrong, "not the code").with([("tries_left", tries_left.to_string())]).into()
            }
            Error::OtpSuperseded => Self::refused(Code::OtpSuperseded, "type the newest"),
            Error::OtpExpired(at) => {
                Problem::new(Code::OtpExpired, "ask for another").with([("expired_at", time(at))]).into()
            }
            Error::OtpExhausted => Self::refused(Code::OtpExhausted, "ask for another"),
            Error::CredentialsInvalid => Self::refused(Code::CredentialsInvalid, "the number or the password is wrong"),
            Error::PasswordExpired(at) => Problem::new(Code::PasswordExpired, "reset it, or ask a desk for another")
                .with([("expired_at", time(at)), ("side", "citizen".to_owned())])
                .into(),
            Error::WayOff => Self::refused(Code::SignInWayOff, "sign in by number and password"),
            Error::CertificateMissing => Self::refused(Code::CertificateMissing, "plug the token in and try again"),
            Error::CertificateRefused { reason } => {
                Problem::new(Code::CertificateRefused, "not accepted").with([("reason", reason.to_owned())]).into()
            }
            Error::ProviderAway => Self::refused(Code::Unavailable, "the provider of signatures is away; try again"),
            Error::SessionOver => Self::refused(Code::Unauthenticated, "sign in again"),
            Error::PasswordWrong => Self::refused(Code::PasswordWrong, "not the password until now"),
            Error::Broken(fault) => Self::Broken(fault),
        }
    }
}

fn limited(code: ProblemCode, cap: &str, retry_after: i64) -> Failure {
    Problem::new(code, format!("the cap {cap} opens in {retry_after} s"))
        .with([("cap", cap.to_owned()), ("retry_after", retry_after.to_string())])
        .into()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
