//! Requests for units: the first known problem of the guide, told by one press to who can mend it.
//!
//! Owns the requests of officers and the answers of administrators. Words of people are sealed. Refuses to mend by
//! itself: the act that an answer carries is `officers`' or `units`', in the answer's transaction.

mod answer;
mod ask;
mod error;
pub mod routes;
mod store;

use chrono::{DateTime, Utc};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::UnitRequestState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use error::Error;

/// A request as kept.
#[derive(Clone, Debug)]
struct Request {
    id: Uuid,
    officer_id: Uuid,
    agency_id: Uuid,
    unit_id: Option<Uuid>,
    reason: Option<UnselectableReason>,
    words: Words,
    state: UnitRequestState,
    answer: String,
    answered_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
}

/// What an officer wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Words {
    unit_name: Option<String>,
    why: String,
}
