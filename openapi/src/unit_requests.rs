//! An officer asks for a unit that cannot be chosen; administrators of the agency answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::{OfficerRef, UnitRef};
use crate::problem::{FieldCode, FieldError};
use crate::sessions::UnselectableReason;
use crate::values::text;

/// The most characters of a request's or an answer's words.
pub const MOST_WORDS: usize = 500;

/// `POST /unit-requests`: one of `unit_id` and `unit_name` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CreateUnitRequest {
    /// One of `unselectable_units` of `GET /me`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<Uuid>,
    /// Its name in words, where it is not among those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// Why it is needed, up to 500 characters; may be empty.
    #[serde(default)]
    pub why: String,
}

/// Which unit is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedUnit {
    /// A unit that is kept.
    Known(Uuid),
    /// A name in words.
    Named(String),
}

impl CreateUnitRequest {
    /// Which unit and why, or every field's error.
    ///
    /// # Errors
    /// Where neither or both of the two are given, or a text is too long.
    pub fn parse(&self) -> Result<(WantedUnit, String), Vec<FieldError>> {
        let typed = self.unit_name.as_deref().filter(|name| !name.trim().is_empty());
        let wanted = match (self.unit_id, typed) {
            (Some(id), None) => Ok(WantedUnit::Known(id)),
            (None, Some(name)) => crate::units::parse_unit_name("unit_name", name).map(WantedUnit::Named),
            (Some(_), Some(_)) => Err(FieldError::new(
                "unit_name",
                FieldCode::OutOfRange,
                "give the unit by its id or in words, not both",
            )),
            (None, None) => Err(FieldError::new("unit_id", FieldCode::Required, "say which unit")),
        };
        match (wanted, parse_words("why", &self.why)) {
            (Ok(wanted), Ok(why)) => Ok((wanted, why)),
            (wanted, why) => Err([wanted.err(), why.err()].into_iter().flatten().collect()),
        }
    }
}

fn parse_words(field: &str, typed: &str) -> Result<String, FieldError> {
    let words = text::tidy(typed);
    if words.chars().count() <= MOST_WORDS {
        return Ok(words);
    }
    let detail = format!("at most {MOST_WORDS} characters");
    Err(FieldError::new(field, FieldCode::OutOfRange, detail).with([("max", MOST_WORDS.to_string())]))
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum UnitRequestState {
    /// Nobody has answered.
    Open,
    /// The officer is assigned to the unit.
    Assigned,
    /// The unit has another name.
    Renamed,
    /// Declined, with words.
    Declined,
}

impl UnitRequestState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Assigned, Self::Renamed, Self::Declined];

    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::Renamed => "renamed",
            Self::Declined => "declined",
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnitRequest {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub officer: OfficerRef,
    /// The unit, where it is one that is kept: by the name it has now.
    pub unit: Option<UnitRef>,
    /// The name in words, where it was given so.
    pub unit_name: Option<String>,
    /// Why the unit could not be chosen when it was asked for.
    pub reason: Option<UnselectableReason>,
    /// Why it is needed.
    pub why: String,
    /// How far it has come.
    pub state: UnitRequestState,
    /// The administrator's words.
    pub answer: String,
    /// Who answered.
    pub answered_by: Option<OfficerRef>,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

/// `GET /unit-requests`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams, utoipa::ToSchema))]
pub struct UnitRequestQuery {
    /// Only those in this state.
    pub state: Option<UnitRequestState>,
}

/// Answer of `GET /unit-requests`: an officer's own, or all of an administrator's agency; open ones first, oldest
/// first, then those answered, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct UnitRequestList {
    /// At most 200.
    pub items: Vec<UnitRequest>,
}

/// `POST /unit-requests/{id}/answer`: the answer and, with it, the act that mends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum AnswerUnitRequest {
    /// Assigns the officer to the unit, where they are not yet.
    Assigned {
        /// Which unit, where the request names it in words only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit_id: Option<Uuid>,
        /// Words to the officer, up to 500 characters.
        #[serde(default)]
        words: String,
    },
    /// Renames the unit.
    Renamed {
        /// Which unit, where the request names it in words only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit_id: Option<Uuid>,
        /// Its name from now on; it must hold a marker.
        name: String,
        /// The unit's version that was read.
        version: u32,
        /// Words to the officer, up to 500 characters.
        #[serde(default)]
        words: String,
    },
    /// Declines.
    Declined {
        /// Why not, 1 to 500 characters.
        words: String,
    },
}

impl AnswerUnitRequest {
    /// The state that it leads to.
    pub fn state(&self) -> UnitRequestState {
        match self {
            Self::Assigned { .. } => UnitRequestState::Assigned,
            Self::Renamed { .. } => UnitRequestState::Renamed,
            Self::Declined { .. } => UnitRequestState::Declined,
        }
    }

    /// The words as kept.
    ///
    /// # Errors
    /// Where they are too long, or missing where one is declined.
    pub fn parse_words(&self) -> Result<String, FieldError> {
        let (Self::Assigned { words, .. } | Self::Renamed { words, .. } | Self::Declined { words }) = self;
        let words = parse_words("words", words)?;
        if matches!(self, Self::Declined { .. }) && words.is_empty() {
            return Err(FieldError::new("words", FieldCode::Required, "say why not"));
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_unit() {
        let id = Uuid::from_u128(1);
        let ask = |unit_id, unit_name: Option<&str>| {
            CreateUnitRequest { unit_id, unit_name: unit_name.map(str::to_owned), why: " vì  sao ".into() }.parse()
        };
        assert_eq!(ask(Some(id), None), Ok((WantedUnit::Known(id), "vì sao".into())));
        assert_eq!(ask(None, Some(" Phường  A ")), Ok((WantedUnit::Named("Phường A".into()), "vì sao".into())));
        assert_eq!(ask(None, Some("  ")).unwrap_err()[0].code, FieldCode::Required);
        assert_eq!(ask(Some(id), Some("Phường A")).unwrap_err()[0].field, "unit_name");
    }

    #[test]
    fn declining_wants_words() {
        let declined = AnswerUnitRequest::Declined { words: " ".into() };
        assert_eq!(declined.parse_words().unwrap_err().code, FieldCode::Required);
    }
}
