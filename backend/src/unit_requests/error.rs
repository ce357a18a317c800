//! Why a request or its answer is refused, and how that is said.

use motcua_openapi::problem::{FieldError, Problem, ProblemCode};
use motcua_openapi::unit_requests::UnitRequestState;

use crate::problem::{Failure, Fault};
use crate::{officers, units};

/// A refusal.
#[derive(Debug)]
pub enum Error {
    /// No such request, or none of the caller's agency and below.
    NotFound,
    /// Fields are refused.
    Fields(Vec<FieldError>),
    /// The unit can be chosen already.
    Selectable,
    /// This officer has asked for this unit and waits.
    Open,
    /// Somebody has answered it.
    Answered(UnitRequestState),
    /// The idempotency key came with another request.
    KeyReused,
    /// The officer cannot be assigned.
    Officers(officers::Error),
    /// The unit cannot be renamed.
    Units(units::Error),
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
            Error::NotFound => Self::refused(Code::NotFound, "no such request"),
            Error::Fields(fields) => Self::fields(fields),
            Error::Selectable => Self::refused(Code::UnitSelectable, "choose it"),
            Error::Open => Self::refused(Code::UnitRequestOpen, "wait for the answer"),
            Error::Answered(state) => {
                Problem::new(Code::WrongState, "it is answered").with([("state", state.as_str().to_owned())]).into()
            }
            Error::KeyReused => Self::refused(Code::IdempotencyKeyReused, "use a fresh key"),
            Error::Officers(error) => error.into(),
            Error::Units(error) => error.into(),
            Error::Broken(fault) => Self::Broken(fault),
        }
    }
}
