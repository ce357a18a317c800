//! The text messages of a registration or an account, and what became of each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MessagePurpose {
    /// The six-digit code.
    Otp,
    /// The password for the first sign-in.
    TemporaryPassword,
}

/// How far a message has come. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MessageState {
    /// Waiting to be sent, or to be sent again after a fault.
    Queued,
    /// A gateway has accepted it.
    Sent,
    /// The phone has it.
    Delivered,
    /// It will not arrive; `reason` says why.
    Failed,
    /// It was not sent, for it had become useless: a newer code took its place, its registration
    /// ended, or its time was over.
    Dropped,
}

/// Why a message is late, failed or was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MessageReason {
    /// The gateway could not be reached or did not answer in time.
    GatewayUnreachable,
    /// The gateway answered with a fault of its own; we try again.
    GatewayFault,
    /// The gateway refused the message; trying again would not help.
    GatewayRefused,
    /// A newer message took its place.
    Superseded,
    /// Its time of use was over before it could be sent.
    TooLate,
    /// What it was for has ended.
    NoLongerNeeded,
}

/// One message. Its text and its secret are nowhere, so not here either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Message {
    /// The message's id, as `POST …/otp` returned it.
    pub id: Uuid,
    /// What it carries.
    pub purpose: MessagePurpose,
    /// How far it has come.
    pub state: MessageState,
    /// Why it is late, failed or was dropped.
    pub reason: Option<MessageReason>,
    /// The gateway of the last attempt.
    pub gateway: Option<String>,
    /// How many times a gateway was called.
    pub attempts: u32,
    /// The phone it goes to, all but the last four digits hidden.
    pub phone_masked: String,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When a gateway accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the phone had it.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was given up or dropped.
    pub ended_at: Option<DateTime<Utc>>,
    /// While queued after a fault: when the next attempt comes.
    pub next_attempt_at: Option<DateTime<Utc>>,
}

/// Answer of `GET …/messages`, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MessageList {
    /// At most 100.
    pub items: Vec<Message>,
}
