//! What a citizen asks for about their data, and the answer that an administrator owes them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::values::PersonName;

/// What a citizen may ask for about their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum DataRequestKind {
    /// Withdraw the consent to keep and use the data.
    WithdrawConsent,
    /// Close the account.
    CloseAccount,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum DataRequestOutcome {
    /// Done as asked. For `close_account` the account is closed with the answer.
    Accepted,
    /// Not done; the words say why.
    Declined,
}

/// `POST /citizen/data-requests`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct CreateDataRequest {
    /// What is asked for.
    pub kind: DataRequestKind,
    /// Why, in the citizen's words; may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "server", validate(length(max = 2000)), schema(max_length = 2000))]
    pub words: String,
}

/// A request about data, as the citizen sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequest {
    /// Its id.
    pub id: Uuid,
    /// What is asked for.
    pub kind: DataRequestKind,
    /// Why, in the citizen's words.
    pub words: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The last day for the answer: the second working day after the day it was made, in Asia/Ho_Chi_Minh.
    pub due_on: NaiveDate,
    /// Whether that day is over without an answer.
    pub is_overdue: bool,
    /// The answer, once there is one.
    pub answer: Option<DataRequestAnswer>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequestAnswer {
    /// How.
    pub outcome: DataRequestOutcome,
    /// In the administrator's words.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The administrator's name.
    pub by: String,
}

/// `GET /data-requests`: of the administrator's agency and below, open ones first, the oldest first; then those
/// answered, the newest first; at most 200.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DataRequestList {
    /// The requests.
    pub items: Vec<AccountDataRequest>,
}

/// A request as the administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccountDataRequest {
    /// The request.
    pub request: DataRequest,
    /// Whose account.
    pub account_id: Uuid,
    /// The citizen's name.
    pub full_name: PersonName,
    /// The citizen's number, all but the last four digits hidden.
    pub id_number_masked: String,
    /// The name of the unit that created the account.
    pub unit_name: String,
}

/// `POST /data-requests/{id}/answer`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, validator::Validate))]
pub struct AnswerDataRequest {
    /// How it is answered.
    pub outcome: DataRequestOutcome,
    /// What the citizen reads.
    #[cfg_attr(feature = "server", validate(length(min = 1, max = 2000)), schema(min_length = 1, max_length = 2000))]
    pub words: String,
}
