//! Captchas: which form, the picture, the calculation, the answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The form that a captcha is for. It is good for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum CaptchaForm {
    /// Signing in, by whichever way asks for one.
    SignIn,
    /// **Quên mật khẩu**
    PasswordReset,
}

/// `POST /citizen/captchas`
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateCaptcha {
    /// What it is for.
    pub form: CaptchaForm,
}

/// Answer of `POST /citizen/captchas`: a picture for those who see it, a calculation for those who do not. Either
/// one answers it; once, and within two minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Captcha {
    /// The captcha's id, to be sent back with the answer.
    pub id: Uuid,
    /// The picture: a PNG in base64 (`data:image/png;base64,` goes before it).
    pub image: String,
    /// How many characters the picture shows.
    pub characters: u32,
    /// The calculation.
    pub proof: ProofChallenge,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// A proof of work as ALTCHA's second version has it. Wanted is the `counter`, counting up from 0, whose derived key
/// begins with `key_prefix`. The derived key: SHA-256 of `salt · nonce · counter` (the counter as four bytes, big
/// endian), then SHA-256 of that again until `cost` hashes were made, cut to `key_length` bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofChallenge {
    /// Always `SHA-256`.
    pub algorithm: String,
    /// Hashes a try.
    pub cost: u32,
    /// Bytes of the derived key.
    pub key_length: u32,
    /// What the derived key must begin with, in hexadecimal.
    pub key_prefix: String,
    /// 16 bytes in hexadecimal.
    pub nonce: String,
    /// 16 bytes in hexadecimal.
    pub salt: String,
    /// The counter is below this.
    pub max_counter: u32,
}

/// The answer to a captcha: its text or its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CaptchaAnswer {
    /// The captcha's id.
    pub id: Uuid,
    /// What the picture says, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 32))]
    pub text: Option<String>,
    /// Or what was calculated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<ProofSolution>,
}

/// The solution of a [`ProofChallenge`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProofSolution {
    /// The counter that was found.
    pub counter: u32,
    /// Its derived key in hexadecimal.
    #[cfg_attr(feature = "server", schema(max_length = 128))]
    pub derived_key: String,
}
