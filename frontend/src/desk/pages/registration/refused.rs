//! What a refused call means to screen 2: where it is shown, which fields it is about.

use motcua_openapi::lookups::ExistingAccount;
use motcua_openapi::problem::{FieldCode, FieldError, ProblemCode};

use super::form::Field;
use motcua_frontend::api::ApiError;

/// Where a refusal is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Under the code's field.
    Otp,
    /// By the button that sends a code.
    SendOtp,
    /// On top of the form.
    Top,
}

/// Where `trouble` is shown.
pub(super) fn spot_of(trouble: &ApiError) -> Spot {
    use ProblemCode::{OtpExhausted, OtpExpired, OtpMissing, OtpSuperseded, OtpTooSoon, OtpWrong};
    match trouble.problem().map(|problem| problem.code) {
        Some(OtpWrong | OtpSuperseded | OtpExpired | OtpExhausted | OtpMissing) => Spot::Otp,
        Some(OtpTooSoon) => Spot::SendOtp,
        _ => Spot::Top,
    }
}

/// The account that a refusal tells of.
pub(super) fn taken_by(trouble: &ApiError) -> Option<ExistingAccount> {
    if !trouble.is(ProblemCode::AccountExists) {
        return None;
    }
    let created_at = trouble.param("created_at")?.parse().ok()?;
    Some(ExistingAccount { created_at, unit_name: trouble.param("unit").unwrap_or_default().to_owned() })
}

/// The fields that a refusal is about.
pub(super) fn refusals(trouble: &ApiError) -> Vec<FieldError> {
    if trouble.is(ProblemCode::ScanMissing) {
        return vec![FieldError::new(Field::Scan.id(), FieldCode::Required, "required")];
    }
    trouble.fields().to_vec()
}
