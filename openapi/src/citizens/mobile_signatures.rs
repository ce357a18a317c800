//! **Sim ký số**: signing in by a signature made on the phone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CaptchaAnswer, CitizenSession};
use crate::problem::{FieldError, IntoFieldError};
use crate::values::PhoneNumber;

/// `POST /citizen/sessions/mobile-signatures`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateMobileSignature {
    /// The phone whose SIM signs, as typed.
    pub phone: String,
    /// Of a captcha for `sign_in`.
    pub captcha: CaptchaAnswer,
}

impl CreateMobileSignature {
    /// The phone, or its field's error.
    pub fn parse(&self) -> Result<PhoneNumber, Vec<FieldError>> {
        PhoneNumber::parse(&self.phone).map_err(|error| vec![error.under("phone")])
    }
}

/// Answer of `POST /citizen/sessions/mobile-signatures`. A cookie beside it ties what follows to this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MobileSignature {
    /// Its id, to ask after it.
    pub id: Uuid,
    /// To be compared with what the phone shows: nobody signs for somebody else's request.
    pub verification_code: String,
    /// Until when the phone may sign.
    pub expires_at: DateTime<Utc>,
}

/// How far a signature on the phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MobileSignatureState {
    /// The phone has not signed yet.
    Pending,
    /// Signed: the session is in the same answer, the first time it is asked for.
    Signed,
    /// Refused on the phone, by the provider, or by us because no account goes with the signer.
    Refused,
    /// Not signed in time, or asked for once more after it was signed.
    Expired,
}

/// Answer of `POST /citizen/sessions/mobile-signatures/{id}/progress`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MobileSignatureProgress {
    /// How far it has come.
    pub state: MobileSignatureState,
    /// The session, once it is signed.
    pub session: Option<CitizenSession>,
}
