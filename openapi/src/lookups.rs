//! Is there an account for this number?

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::desk::Warning;
use crate::problem::{FieldError, IntoFieldError};
use crate::values::{IdNumber, IdNumberKind, Sex};

/// `POST /lookups`. A POST, so that the number stands in no URL.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LookUp {
    /// CCCD or CMND as typed.
    pub id_number: String,
}

impl LookUp {
    /// The number, or its field's error.
    pub fn parse(&self) -> Result<IdNumber, Vec<FieldError>> {
        IdNumber::parse(&self.id_number).map_err(|e| vec![e.under("id_number")])
    }
}

/// Answer of `POST /lookups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LookUpResult {
    /// CCCD or CMND.
    pub kind: IdNumberKind,
    /// The year of birth that a CCCD tells.
    pub birth_year: Option<i32>,
    /// The sex that a CCCD tells.
    pub sex: Option<Sex>,
    /// The account of this number, also where the number is the old CMND of an account by CCCD.
    pub account: Option<ExistingAccount>,
    /// Doubts about the number.
    pub warnings: Vec<Warning>,
}

/// What any officer may know of an existing account: enough to tell the citizen, no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ExistingAccount {
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The name of the unit where.
    pub unit_name: String,
}
