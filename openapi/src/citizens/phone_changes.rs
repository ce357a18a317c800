//! Another phone, confirmed by a code on both.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::{FieldError, IntoFieldError};
use crate::values::{OtpCode, PhoneNumber};

/// `POST /citizen/phone-changes`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreatePhoneChange {
    /// The phone from now on, as typed.
    pub phone: String,
}

impl CreatePhoneChange {
    /// The phone, or its field's error.
    pub fn parse(&self) -> Result<PhoneNumber, Vec<FieldError>> {
        PhoneNumber::parse(&self.phone).map_err(|error| vec![error.under("phone")])
    }
}

/// Answer of `POST /citizen/phone-changes`: a code is on its way to both phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PhoneChange {
    /// Its id, to complete it.
    pub id: Uuid,
    /// The phone until now, all but the last four digits hidden.
    pub current_phone_masked: String,
    /// The phone from then on, all but the last four digits hidden.
    pub new_phone_masked: String,
    /// Until when it can be completed.
    pub expires_at: DateTime<Utc>,
    /// From when another may be asked for.
    pub resend_at: DateTime<Utc>,
    /// Wrong tries that it survives.
    pub tries: u32,
}

/// `POST /citizen/phone-changes/{id}/completion`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CompletePhoneChange {
    /// The code that the phone until now got.
    pub current_phone_code: String,
    /// The code that the new phone got.
    pub new_phone_code: String,
}

impl CompletePhoneChange {
    /// Both codes (of the phone until now, of the new one), or every field's error.
    pub fn parse(&self) -> Result<(OtpCode, OtpCode), Vec<FieldError>> {
        match (OtpCode::parse(&self.current_phone_code), OtpCode::parse(&self.new_phone_code)) {
            (Ok(current), Ok(new)) => Ok((current, new)),
            (current, new) => {
                let current = current.err().map(|error| error.under("current_phone_code"));
                let new = new.err().map(|error| error.under("new_phone_code"));
                Err(current.into_iter().chain(new).collect())
            }
        }
    }
}
