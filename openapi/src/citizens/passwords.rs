//! The password: changing it, and **Quên mật khẩu**.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::CaptchaAnswer;
use crate::problem::{FieldCode, FieldError, IntoFieldError};
use crate::values::{IdNumber, NewPassword, OtpCode, PhoneNumber};

/// `PUT /citizen/password`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ChangeCitizenPassword {
    /// The password until now.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub current_password: String,
    /// The password from now on, 8 to 128 characters.
    pub new_password: String,
}

impl ChangeCitizenPassword {
    /// The new password, or what is wrong with it as far as the page can tell.
    pub fn parse(&self) -> Result<NewPassword, Vec<FieldError>> {
        let new = NewPassword::parse(&self.new_password).map_err(|error| vec![error.under("new_password")])?;
        if self.current_password == self.new_password {
            return Err(vec![FieldError::new("new_password", FieldCode::Unchanged, "the same as before")]);
        }
        Ok(new)
    }
}

/// `POST /citizen/password-resets`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreatePasswordReset {
    /// CCCD or CMND as typed.
    pub id_number: String,
    /// The account's phone as typed.
    pub phone: String,
    /// Of a captcha for `password_reset`.
    pub captcha: CaptchaAnswer,
}

impl CreatePasswordReset {
    /// The number and the phone, or every field's error.
    pub fn parse(&self) -> Result<(IdNumber, PhoneNumber), Vec<FieldError>> {
        match (IdNumber::parse(&self.id_number), PhoneNumber::parse(&self.phone)) {
            (Ok(id_number), Ok(phone)) => Ok((id_number, phone)),
            (id_number, phone) => {
                let id_number = id_number.err().map(|error| error.under("id_number"));
                let phone = phone.err().map(|error| error.under("phone"));
                Err(id_number.into_iter().chain(phone).collect())
            }
        }
    }
}

/// Answer of `POST /citizen/password-resets`, the same whether there is such an account or not: where number and
/// phone belong to one account, a code is on its way to that phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    /// The reset's id, to complete it.
    pub id: Uuid,
    /// Until when it can be completed.
    pub expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    pub resend_at: DateTime<Utc>,
    /// Wrong codes that it survives.
    pub tries: u32,
}

/// `POST /citizen/password-resets/{id}/completion`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CompletePasswordReset {
    /// The code of the text, as typed.
    pub code: String,
    /// The password from now on, 8 to 128 characters.
    pub new_password: String,
}

impl CompletePasswordReset {
    /// The code and the password, or every field's error.
    pub fn parse(&self) -> Result<(OtpCode, NewPassword), Vec<FieldError>> {
        match (OtpCode::parse(&self.code), NewPassword::parse(&self.new_password)) {
            (Ok(code), Ok(new)) => Ok((code, new)),
            (code, new) => {
                let code = code.err().map(|error| error.under("code"));
                let new = new.err().map(|error| error.under("new_password"));
                Err(code.into_iter().chain(new).collect())
            }
        }
    }
}
