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
    /// The password that an officer changes at the next sign-in.
    OfficerPassword,
    /// The code of a citizen who has forgotten the password.
    ResetCode,
    /// Says to a citizen that the password was changed. It carries nothing.
    PasswordChanged,
    /// The code that a citizen's phone, the one until now or the new one, gets before the phone is changed.
    PhoneChangeCode,
    /// Says to a citizen's old phone that the account left it. It carries nothing.
    PhoneChanged,
}

/// How far a message has come. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum MessageState {
    /// Waiting to be sent, or to be sent again after a fault.
    Queued,
    /// A gateway has accepted it. With the reason `no_report`: its report is overdue.
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
    /// There is no such number.
    NumberUnknown,
    /// The phone is off or out of reach.
    PhoneUnreachable,
    /// The phone's owner or the network blocks such messages.
    Blocked,
    /// A fault of the phone network.
    NetworkFault,
    /// The gateway accepted it and has not said since what became of it. A late report still counts.
    NoReport,
    /// The phone has had as many texts as it may have for now; sent when its cap opens again.
    PhoneCapReached,
}

/// What became of a message, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MessageStatus {
    /// How far it has come.
    pub state: MessageState,
    /// Why it is late, failed or was dropped.
    pub reason: Option<MessageReason>,
    /// Since when it is in that state.
    pub since: DateTime<Utc>,
}

/// The language of the texts that a citizen gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum TextLanguage {
    /// Vietnamese, unaccented on the wire.
    #[default]
    Vi,
    /// English.
    En,
}

impl TextLanguage {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// As it stands on the wire and in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
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

impl Message {
    /// The message in short.
    pub fn status(&self) -> MessageStatus {
        let since = match self.state {
            MessageState::Queued => None,
            MessageState::Sent => self.sent_at,
            MessageState::Delivered => self.delivered_at,
            MessageState::Failed | MessageState::Dropped => self.ended_at,
        };
        MessageStatus { state: self.state, reason: self.reason, since: since.unwrap_or(self.queued_at) }
    }

    /// Whether nothing more can become of it.
    pub fn has_ended(&self) -> bool {
        match self.state {
            MessageState::Queued | MessageState::Sent => false,
            MessageState::Delivered | MessageState::Failed | MessageState::Dropped => true,
        }
    }
}

/// `GET /messages/statistics`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams, utoipa::ToSchema))]
pub struct StatisticsQuery {
    /// How many hours back from now, 1 to 168; 24 where left out.
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 168, default = 24))]
    pub hours: Option<u32>,
}

/// Messages of one hour that shared a fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MessageCount {
    /// The hour in which they were asked for, its beginning.
    pub hour: DateTime<Utc>,
    /// The gateway of their last attempt; `None` before any.
    pub gateway: Option<String>,
    /// What they carried.
    pub purpose: MessagePurpose,
    /// How far they have come.
    pub state: MessageState,
    /// Why they are late, failed or were dropped.
    pub reason: Option<MessageReason>,
    /// How many.
    pub count: u64,
}

/// Answer of `GET /messages/statistics`: the messages of the administrator's agency and below, oldest hour first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MessageStatistics {
    /// The first hour counted, its beginning.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// The gateways in the order in which they are tried.
    pub gateways: Vec<String>,
    /// Hours, gateways and fates that had any message.
    pub counts: Vec<MessageCount>,
}
