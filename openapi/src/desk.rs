//! What every desk must know before anybody signs in, and the small shapes that features share.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `GET /desk`: the rules of this place, so that one build of the page serves every place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Desk {
    /// Title bar, e.g. "Cổng Dịch vụ công Quốc gia".
    pub portal_name: String,
    /// Under the title, e.g. "Kết nối, cung cấp thông tin và dịch vụ công mọi lúc, mọi nơi".
    pub portal_motto: String,
    /// What a unit's name must contain one of, e.g. "Bộ phận một cửa".
    pub unit_markers: Vec<String>,
    /// Largest scan in bytes.
    pub scan_max_bytes: u64,
    /// Seconds that a code is valid from when it was sent.
    pub otp_valid_seconds: u32,
    /// Seconds before another code may be sent.
    pub otp_resend_seconds: u32,
    /// Wrong tries that a code survives.
    pub otp_max_tries: u32,
    /// Hours that a draft is kept.
    pub draft_hours: u32,
    /// Days that the password sent to the citizen works.
    pub temporary_password_days: u32,
    /// Which ways a citizen can sign in.
    pub citizen_sign_in: CitizenSignIn,
    /// Whether this is a demonstration on made-up data.
    pub demo: bool,
    /// The server's clock, UTC: the page counts down by it and not by the desk's own.
    pub now: chrono::DateTime<chrono::Utc>,
}

/// The ways in which a citizen can sign in here; what each of the tabs on the page says hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CitizenSignIn {
    /// **CMT/CCCD**: number and password. Always on.
    pub password: bool,
    /// **Usb ký số**: a client certificate.
    pub certificate: bool,
    /// **Sim ký số**: a signature made on the phone.
    pub mobile_signature: bool,
}

/// A unit by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnitRef {
    /// The unit's id.
    pub id: Uuid,
    /// The unit's name.
    pub name: String,
}

/// An officer by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OfficerRef {
    /// The officer's id.
    pub id: Uuid,
    /// The officer's full name.
    pub full_name: String,
}

/// Something doubtful that is not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Warning {
    /// The number is a CMND, not valid for use after 31/12/2024.
    CmndNoLongerValid,
    /// The number's place code is none that we know.
    PlaceCodeUnknown,
    /// The numbering plan knows no such mobile prefix.
    PhonePrefixUnknown,
    /// The scan is an old .doc file: its content could be checked less well than a PDF's.
    ScanIsLegacyDoc,
}
