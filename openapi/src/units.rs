//! Units as administrators keep them: the tree of their agency, and what keeps a unit from being chosen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::OfficerRef;
use crate::problem::{FieldCode, FieldError};
use crate::values::text;

/// How long a unit's name may be, in characters.
pub const UNIT_NAME_CHARS: usize = 200;

/// `GET /units`: the administrator's agency and all below it, parents before their children, names in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnitTree {
    /// The unit at the top of the administrator's agency.
    pub agency_id: Uuid,
    /// Every unit, retired ones too, depth first.
    pub items: Vec<Unit>,
}

/// A unit as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// The unit above it; `None` at the top of a province.
    pub parent_id: Option<Uuid>,
    /// Its name as shown.
    pub name: String,
    /// How many steps below the agency.
    pub depth: u32,
    /// Raised by each change; a change names the one it was made on.
    pub version: u32,
    /// Whether somebody can choose it for an account.
    pub selectable: bool,
    /// What keeps it from being chosen, each with what would mend it. Empty where it can be chosen.
    pub obstacles: Vec<UnitObstacle>,
    /// Who is assigned, by name; suspended officers too.
    pub officers: Vec<OfficerRef>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Since when it is retired.
    pub retired_at: Option<DateTime<Utc>>,
}

/// One thing that keeps a unit from being chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnitObstacle {
    /// Why it cannot be chosen.
    pub reason: UnitReason,
    /// What would mend it; nothing mends a retired unit.
    pub remedy: Option<UnitRemedy>,
}

/// Why nobody can choose a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum UnitReason {
    /// It is retired.
    Retired,
    /// Its name holds none of the accepted markers ("Bộ phận một cửa", …).
    NameLacksMarker,
    /// No officer who may sign in is assigned to it.
    NobodyAssigned,
}

impl UnitReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Retired, Self::NameLacksMarker, Self::NobodyAssigned];

    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::NameLacksMarker => "name_lacks_marker",
            Self::NobodyAssigned => "nobody_assigned",
        }
    }

    /// What mends it.
    pub fn remedy(self) -> Option<UnitRemedy> {
        match self {
            Self::Retired => None,
            Self::NameLacksMarker => Some(UnitRemedy::Rename),
            Self::NobodyAssigned => Some(UnitRemedy::Assign),
        }
    }
}

/// What makes a unit one that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum UnitRemedy {
    /// `PATCH /units/{id}` with a name that holds a marker.
    Rename,
    /// `PUT /officers/{id}/units` of somebody who works there.
    Assign,
}

/// `POST /units`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateUnit {
    /// The unit above it, of the administrator's agency or below.
    pub parent_id: Uuid,
    /// Its name, 2 to 200 characters.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 400)), schema(min_length = 1, max_length = 400))]
    pub name: String,
}

/// `PATCH /units/{id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct RenameUnit {
    /// The version that was read.
    pub version: u32,
    /// Its name from now on, 2 to 200 characters.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 400)), schema(min_length = 1, max_length = 400))]
    pub name: String,
}

/// `POST /units/{id}/retirement`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RetireUnit {
    /// The version that was read.
    pub version: u32,
}

/// A unit's name as it is kept: NFC, single spaces.
///
/// # Errors
/// Where it has fewer than 2 or more than [`UNIT_NAME_CHARS`] characters.
pub fn parse_unit_name(field: &str, typed: &str) -> Result<String, FieldError> {
    let name = text::tidy(typed);
    let count = name.chars().count();
    if (2..=UNIT_NAME_CHARS).contains(&count) && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    let detail = format!("a unit's name has 2 to {UNIT_NAME_CHARS} characters");
    Err(FieldError::new(field, FieldCode::OutOfRange, detail)
        .with([("min", "2".to_owned()), ("max", UNIT_NAME_CHARS.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_tidied_and_has_a_length() {
        assert_eq!(parse_unit_name("name", "  Bộ phận   một cửa ").as_deref(), Ok("Bộ phận một cửa"));
        assert_eq!(parse_unit_name("name", " a ").unwrap_err().params["min"], "2");
        assert_eq!(parse_unit_name("name", &"đ".repeat(201)).unwrap_err().code, FieldCode::OutOfRange);
    }
}
