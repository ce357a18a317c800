//! Signing in by number and password, and what every way of signing in answers.

use serde::{Deserialize, Serialize};

use super::CaptchaAnswer;
use crate::problem::{FieldError, IntoFieldError};
use crate::values::IdNumber;

/// `POST /citizen/sessions`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateCitizenSession {
    /// CCCD or CMND as typed.
    pub id_number: String,
    /// The password, 1 to 256 characters.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// Of a captcha for `sign_in`.
    pub captcha: CaptchaAnswer,
}

impl CreateCitizenSession {
    /// The number, or its field's error.
    pub fn parse(&self) -> Result<IdNumber, Vec<FieldError>> {
        IdNumber::parse(&self.id_number).map_err(|error| vec![error.under("id_number")])
    }
}

/// Answer of a citizen's sign-in and of `POST /citizen/sessions/refresh`. The refresh token travels as an HttpOnly
/// cookie beside it and is never in a body.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CitizenSession {
    /// A JWT for `Authorization: Bearer`; keep it in memory only.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u32,
    /// The password was texted by the system: until an own one is set (`PUT /citizen/password`), every other
    /// operation is refused with `password_change_needed`.
    pub password_change_needed: bool,
}
