//! What an administrator sees in the morning: counts of their agency and below, never a person.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::UnitRef;
use crate::messages::{MessagePurpose, MessageReason};
use crate::problem::ProblemCode;

/// The query of `GET /dashboard`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
pub struct DashboardQuery {
    /// After how many days without an account a desk is quiet, 1 to 30; 7 where left out.
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 30, default = 7))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_days: Option<u32>,
}

/// Answer of `GET /dashboard`. Days are those of Asia/Ho_Chi_Minh; a day or a fate that had none is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// The first of 30 days.
    pub from: NaiveDate,
    /// The last of them: today.
    pub to: NaiveDate,
    /// When it was counted.
    pub counted_at: DateTime<Utc>,
    /// Every unit that a count below names, by name.
    pub units: Vec<UnitRef>,
    /// Accounts created, by day and unit, oldest day first.
    pub accounts: Vec<AccountCount>,
    /// Refusals at desks, by day, unit and reason, oldest day first. The last seconds may be missing.
    pub refusals: Vec<RefusalCount>,
    /// After how many days without an account a desk is quiet.
    pub quiet_days: u32,
    /// Desks where an account could have been created and none was, those that never had one first, then the
    /// longest quiet.
    pub quiet_desks: Vec<QuietDesk>,
    /// Texts of the last 24 hours.
    pub texts: TextCounts,
}

/// Accounts of one day and unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountCount {
    /// The day.
    pub day: NaiveDate,
    /// The unit.
    pub unit_id: Uuid,
    /// How many.
    pub count: u64,
}

/// Refusals of one day, unit and reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RefusalCount {
    /// The day.
    pub day: NaiveDate,
    /// The officer's unit where they have one, else their agency.
    pub unit_id: Uuid,
    /// The reason.
    pub code: ProblemCode,
    /// How many.
    pub count: u64,
}

/// A desk without an account for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct QuietDesk {
    /// Which.
    pub unit: UnitRef,
    /// When its last account was created; `None`: never.
    pub last_created_at: Option<DateTime<Utc>>,
}

/// Texts of a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TextCounts {
    /// The first hour counted, its beginning.
    pub from: DateTime<Utc>,
    /// All that were asked for.
    pub total: u64,
    /// Those that failed or whose report is overdue.
    pub failing: u64,
    /// The same by gateway, purpose and reason, most first.
    pub failures: Vec<FailureCount>,
}

/// Texts that shared a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FailureCount {
    /// The gateway of their last attempt; `None` before any.
    pub gateway: Option<String>,
    /// What they carried.
    pub purpose: MessagePurpose,
    /// Why.
    pub reason: Option<MessageReason>,
    /// How many.
    pub count: u64,
}
