//! Officers as administrators authorise them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::Total;
use crate::desk::UnitRef;
use crate::messages::MessageStatus;
use crate::problem::{FieldCode, FieldError, IntoFieldError};
use crate::second_factors::SecondFactor;
use crate::sessions::Role;
use crate::values::{PersonName, PhoneNumber};

/// The most units that an officer is assigned to.
pub const MOST_UNITS: usize = 100;

/// `POST /officers/search`. Filters left out or empty do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct SearchOfficers {
    /// Any part of the full name, any case, with or without diacritics; or the sign-in name.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_length = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Assigned to this unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// Of this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// In this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OfficerState>,
    /// `next` of the page before.
    #[cfg_attr(feature = "server", validate(length(max = 400)), schema(max_length = 400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page, 1 to 100; 20 where left out.
    #[cfg_attr(feature = "server", validate(range(min = 1, max = 100)), schema(minimum = 1, maximum = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Whether an officer may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum OfficerState {
    /// May sign in.
    Active,
    /// May not for now.
    Suspended,
}

impl OfficerState {
    /// Every state.
    pub const ALL: [Self; 2] = [Self::Active, Self::Suspended];

    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// Answer of `POST /officers/search`, by sign-in name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OfficerPage {
    /// The rows.
    pub items: Vec<OfficerSummary>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: Total,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OfficerSummary {
    /// The officer's id.
    pub id: Uuid,
    /// Sign-in name.
    pub username: String,
    /// Full name.
    pub full_name: String,
    /// Own phone, all but the last four digits hidden; empty where none is recorded.
    pub phone_masked: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub state: OfficerState,
    /// The units they are assigned to, by name.
    pub units: Vec<UnitRef>,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
}

/// `GET /officers/{id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Officer {
    /// The officer's id.
    pub id: Uuid,
    /// Raised by each change; a change names the one it was made on.
    pub version: u32,
    /// Sign-in name.
    pub username: String,
    /// Full name.
    pub full_name: String,
    /// Own phone: the password goes there.
    pub phone: Option<PhoneNumber>,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub state: OfficerState,
    /// The unit at the top of their agency.
    pub agency: UnitRef,
    /// The units they are assigned to, by name.
    pub units: Vec<UnitRef>,
    /// The second factors that they sign in with.
    pub second_factors: Vec<SecondFactor>,
    /// Whether they must choose a password of their own at the next sign-in.
    pub password_change_needed: bool,
    /// What became of the newest password message.
    pub password_message: Option<MessageStatus>,
    /// Until when the password sent works; `None` for one of their own and before it was drawn.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// When they were authorised.
    pub created_at: DateTime<Utc>,
    /// Since when they are suspended.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// `POST /officers`. The password goes by text to the officer's own phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateOfficer {
    /// Sign-in name: 2 to 64 of a–z, 0–9, `.`, `_`, `-`, `@`, in any case.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 64)), schema(min_length = 1, max_length = 64))]
    pub username: String,
    /// Full name.
    pub full_name: String,
    /// Own phone.
    pub phone: String,
    /// What they may do.
    pub role: Role,
    /// The unit at the top of their agency, the administrator's own or one below; their own where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_id: Option<Uuid>,
    /// The units they work in, at most 100, of the administrator's agency and below.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_items = 100))]
    #[serde(default)]
    pub units: Vec<Uuid>,
}

/// What is needed to authorise an officer, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerDetails {
    /// Sign-in name, lower case.
    pub username: String,
    /// Full name.
    pub full_name: PersonName,
    /// Own phone.
    pub phone: PhoneNumber,
}

impl CreateOfficer {
    /// The details, or every field's error.
    ///
    /// # Errors
    /// Every field that is not valid.
    pub fn parse(&self) -> Result<OfficerDetails, Vec<FieldError>> {
        match (parse_username(&self.username), parse_name(&self.full_name), parse_phone(&self.phone)) {
            (Ok(username), Ok(full_name), Ok(phone)) => Ok(OfficerDetails { username, full_name, phone }),
            (username, full_name, phone) => {
                Err([username.err(), full_name.err(), phone.err()].into_iter().flatten().collect())
            }
        }
    }
}

/// A sign-in name as kept: lower case.
///
/// # Errors
/// Where it is not 2 to 64 of a–z, 0–9, `.`, `_`, `-`, `@`.
pub fn parse_username(typed: &str) -> Result<String, FieldError> {
    let name = typed.trim().to_lowercase();
    let fits = (2..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b));
    if fits {
        return Ok(name);
    }
    Err(FieldError::new("username", FieldCode::UsernameInvalid, "2 to 64 of a-z, 0-9, '.', '_', '-', '@'"))
}

fn parse_name(typed: &str) -> Result<PersonName, FieldError> {
    PersonName::parse(typed).map_err(|error| error.under("full_name"))
}

fn parse_phone(typed: &str) -> Result<PhoneNumber, FieldError> {
    PhoneNumber::parse(typed).map_err(|error| error.under("phone"))
}

/// `PATCH /officers/{id}`. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UpdateOfficer {
    /// The version that was read.
    pub version: u32,
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What they may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// Parsed [`UpdateOfficer`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficerChanges {
    /// Full name.
    pub full_name: Option<PersonName>,
    /// Own phone.
    pub phone: Option<PhoneNumber>,
    /// What they may do.
    pub role: Option<Role>,
}

impl UpdateOfficer {
    /// The changes, or every field's error.
    ///
    /// # Errors
    /// Every field that is not valid.
    pub fn parse(&self) -> Result<OfficerChanges, Vec<FieldError>> {
        let full_name = self.full_name.as_deref().map(parse_name).transpose();
        let phone = self.phone.as_deref().map(parse_phone).transpose();
        match (full_name, phone) {
            (Ok(full_name), Ok(phone)) => Ok(OfficerChanges { full_name, phone, role: self.role }),
            (full_name, phone) => Err([full_name.err(), phone.err()].into_iter().flatten().collect()),
        }
    }
}

/// `PUT /officers/{id}/units`: all the units that the officer works in from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct AssignUnits {
    /// The version that was read.
    pub version: u32,
    /// At most 100, of the administrator's agency and below.
    #[cfg_attr(feature = "server", validate(length(max = 100)), schema(max_items = 100))]
    pub units: Vec<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_plain_and_in_lower_case() {
        assert_eq!(parse_username(" Nguyen.Van_A@x ").as_deref(), Ok("nguyen.van_a@x"));
        for wrong in ["", "a", "có dấu", "two words", "x/y", &"a".repeat(65)] {
            assert_eq!(parse_username(wrong).unwrap_err().code, FieldCode::UsernameInvalid, "{wrong}");
        }
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = CreateOfficer {
            username: "x".into(),
            full_name: "1".into(),
            phone: "12".into(),
            role: Role::Officer,
            agency_id: None,
            units: Vec::new(),
        };
        let fields: Vec<_> = wrong.parse().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["username", "full_name", "phone"]);
    }
}
