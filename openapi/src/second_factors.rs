//! Second factors of staff: codes of an authenticator app (TOTP) and passkeys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// How somebody proves a second time who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum SecondFactorKind {
    /// Six digits of an authenticator app, new every 30 seconds.
    Totp,
    /// A passkey: a security key, a phone or a computer that holds one.
    Passkey,
}

impl SecondFactorKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Totp, Self::Passkey];

    /// As it stands on the wire, also among `methods` of `second_factor_required`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }
}

/// One second factor that works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecondFactor {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: SecondFactorKind,
    /// What its owner calls it.
    pub name: String,
    /// Since when it works.
    pub created_at: DateTime<Utc>,
    /// When it was last signed in with.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// `GET /me/second-factors`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecondFactorList {
    /// The caller's, oldest first.
    pub items: Vec<SecondFactor>,
    /// Whether the caller must have one.
    pub required: bool,
}

/// `POST /me/second-factors/totp` and `POST /me/second-factors/passkeys`: begins an enrolment.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct BeginSecondFactor {
    /// The caller's password once more: a screen left open enrols nobody else's key.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// What its owner calls it.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 60)), schema(min_length = 1, max_length = 60))]
    pub name: String,
}

/// Answer of `POST /me/second-factors/totp`. Shown once and never again; it works once a right code has confirmed it.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TotpEnrolment {
    /// The factor's id, for the confirmation.
    pub id: Uuid,
    /// For an app that reads a QR code.
    pub otpauth_url: String,
    /// For who types it: base32.
    pub secret: String,
    /// Until when it can be confirmed.
    pub expires_at: DateTime<Utc>,
}

/// `POST /me/second-factors/totp/confirmation`
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ConfirmTotp {
    /// As the beginning said.
    pub id: Uuid,
    /// The six digits that the app shows.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 20)), schema(min_length = 1, max_length = 20))]
    pub code: String,
}

/// What the browser is to ask a passkey: answer of `POST /me/second-factors/passkeys` (for
/// `navigator.credentials.create`) and of `POST /sessions/passkey-challenges` (for `navigator.credentials.get`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyChallenge {
    /// The challenge's id, good once.
    pub challenge_id: Uuid,
    /// The options as `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` take
    /// them, under `publicKey`.
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub options: Value,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// What the passkey answered: of `POST /me/second-factors/passkeys/confirmation`, and `passkey` of
/// `POST /sessions`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PasskeyAnswer {
    /// The challenge that it answers.
    pub challenge_id: Uuid,
    /// The credential as `PublicKeyCredential.toJSON` gives it.
    #[cfg_attr(feature = "server", schema(value_type = Object))]
    pub credential: Value,
}

/// `POST /sessions/passkey-challenges`: name and password first, then the passkey.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct RequestPasskeyChallenge {
    /// The sign-in name, in any case.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 64)), schema(min_length = 1, max_length = 64))]
    pub username: String,
    /// The password.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub password: String,
}
