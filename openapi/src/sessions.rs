//! Signing in as an officer, and who one is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::UnitRef;
use crate::second_factors::PasskeyAnswer;

/// `POST /sessions`. Where the officer has a second factor, name and password alone are answered by
/// `second_factor_required`; the same again with `totp` or `passkey` signs in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateSession {
    /// The officer's sign-in name, in any case.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 64)), schema(min_length = 1, max_length = 64))]
    pub username: String,
    /// The password, 1 to 256 characters.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub password: String,
    /// The six digits that the authenticator app shows.
    #[cfg_attr(feature = "server", validate(length(max = 20)), schema(max_length = 20))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    /// What the passkey answered to a challenge of `POST /sessions/passkey-challenges`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyAnswer>,
}

impl CreateSession {
    /// With name and password alone.
    pub fn by_password(username: &str, password: &str) -> Self {
        Self { username: username.to_owned(), password: password.to_owned(), totp: None, passkey: None }
    }
}

/// `PUT /me/password`: every other session of the caller ends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct ChangePassword {
    /// The password so far.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 256)), schema(min_length = 1, max_length = 256))]
    pub current_password: String,
    /// The password from now on: 8 to 128 characters, not a common one.
    #[cfg_attr(feature = "server", validate(length(max = 512)), schema(max_length = 512))]
    pub new_password: String,
}

/// Answer of `POST /sessions` and `POST /sessions/refresh`. The refresh token travels as an
/// HttpOnly cookie beside it and is never in a body.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Session {
    /// A JWT for `Authorization: Bearer`; keep it in memory only.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u32,
}

/// What an account of staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Role {
    /// Works at a one-stop desk.
    Officer,
    /// Authorises officers and keeps the units, of their agency and below.
    Administrator,
    /// Reads the audit events of their agency and below; changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Officer, Self::Administrator, Self::Auditor];

    /// As it stands on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }
}

/// `GET /me`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Me {
    /// The officer's id.
    pub id: Uuid,
    /// Sign-in name.
    pub username: String,
    /// Full name as shown in the title bar.
    pub full_name: String,
    /// The officer's own phone, national form grouped; empty where none is recorded.
    pub phone: String,
    /// Roles held: an administrator is an officer too, an auditor is nothing else.
    pub roles: Vec<Role>,
    /// Whether everything but this, signing out and changing the password is refused until the password is changed.
    #[serde(default)]
    pub password_change_needed: bool,
    /// Whether everything but this, signing out, the password and the second factors is refused until there is one.
    #[serde(default)]
    pub second_factor_needed: bool,
    /// One-stop units that this officer can choose for an account.
    pub units: Vec<UnitRef>,
    /// Units of the officer's agency that cannot be chosen, each with its reason.
    pub unselectable_units: Vec<UnselectableUnit>,
    /// Whom to ask about a unit that cannot be chosen.
    pub helper: Helper,
}

/// A unit that cannot be chosen, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnselectableUnit {
    /// The unit's id.
    pub id: Uuid,
    /// The unit's name.
    pub name: String,
    /// Why not.
    pub reason: UnselectableReason,
}

/// Why a unit cannot be chosen for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum UnselectableReason {
    /// The officer is not assigned to it.
    NotAssigned,
    /// Its name holds none of the accepted markers ("Bộ phận một cửa", …).
    NameLacksMarker,
}

impl UnselectableReason {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAssigned => "not_assigned",
            Self::NameLacksMarker => "name_lacks_marker",
        }
    }
}

/// The person of the Department who helps desks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Helper {
    /// Name and office, as in the settings; may be empty.
    pub name: String,
    /// Phone; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
}
