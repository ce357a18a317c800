//! Why a list is not taken, shown or applied, and how that is said. The faults *in* a list are no refusal: they are
//! what its check answers.

use motcua_openapi::officer_imports::{ImportState, MAX_BYTES, MAX_LISTED};
use motcua_openapi::problem::{FieldCode, FieldError, Problem, ProblemCode};

use crate::problem::{Failure, Fault};
use crate::uploads::Refusal;

/// A refusal.
#[derive(Debug)]
pub enum Error {
    /// No such list, or none of the caller's.
    NotFound,
    /// The body gives no file.
    BadUpload(Refusal),
    /// Neither .xlsx nor .csv: what it is.
    TypeRefused(&'static str),
    /// Nothing to apply, in this state.
    NotReady(ImportState),
    /// More rows asked for than one answer lists.
    LimitOutOfRange,
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
            Error::NotFound => Self::refused(Code::NotFound, "no such list"),
            Error::BadUpload(Refusal::Malformed(why)) => Self::refused(Code::RequestInvalid, &why),
            Error::BadUpload(Refusal::TooLarge(max)) => {
                Problem::new(Code::ListTooLarge, format!("at most {MAX_BYTES} bytes"))
                    .with([("max_bytes", max.to_string())])
                    .into()
            }
            Error::TypeRefused(kind) => {
                Problem::new(Code::ListTypeRefused, "send .xlsx or .csv").with([("kind", kind.to_owned())]).into()
            }
            Error::NotReady(state) => Problem::new(Code::ImportNotReady, "only a list that is ready can be applied")
                .with([("state", state.as_str().to_owned())])
                .into(),
            Error::LimitOutOfRange => {
                let field = FieldError::new("limit", FieldCode::OutOfRange, format!("0 to {MAX_LISTED}"));
                let field = field.with([("min", "0".to_owned()), ("max", MAX_LISTED.to_string())]);
                Problem::new(Code::RequestInvalid, "see fields").with_fields(vec![field]).into()
            }
            Error::KeyReused => Self::refused(Code::IdempotencyKeyReused, "use a fresh key"),
            Error::Broken(fault) => Self::Broken(fault),
        }
    }
}
