//! What is counted of messages: by gateway, purpose and reason, never by whom.

use chrono::Duration;
use motcua_openapi::messages::{MessagePurpose, MessageReason};

use super::gateways::{Fate, Trouble, Verdict};
use super::store::{Outcome, word};

/// A gateway was called.
pub(super) fn called(gateway: &str, verdict: &Verdict, took: Duration) {
    let said = match verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Refused(_) => "refused",
        Verdict::Trouble(Trouble::Unreachable) => "unreachable",
        Verdict::Trouble(Trouble::Fault) => "fault",
        Verdict::Trouble(Trouble::Busy(_)) => "busy",
    };
    let gateway = gateway.to_owned();
    metrics::counter!("motcua_gateway_calls_total", "gateway" => gateway.clone(), "verdict" => said).increment(1);
    metrics::histogram!("motcua_gateway_call_seconds", "gateway" => gateway).record(took.as_seconds_f64());
}

/// A gateway rests: its circuit breaker is open.
pub(super) fn rested(gateway: &str) {
    metrics::counter!("motcua_gateway_rests_total", "gateway" => gateway.to_owned()).increment(1);
}

/// An attempt ended.
pub(super) fn ended(purpose: MessagePurpose, outcome: &Outcome, since_queued: Option<Duration>) {
    let (said, reason) = match outcome {
        Outcome::Sent { .. } => ("sent", None),
        Outcome::Again { reason, .. } => ("again", Some(*reason)),
        Outcome::Failed { reason } => ("failed", Some(*reason)),
        Outcome::Dropped { reason } => ("dropped", Some(*reason)),
    };
    let purpose = word(purpose);
    metrics::counter!(
        "motcua_message_attempts_total",
        "purpose" => purpose.clone(), "outcome" => said, "reason" => label(reason)
    )
    .increment(1);
    if let Some(took) = since_queued {
        metrics::histogram!("motcua_message_send_seconds", "purpose" => purpose).record(took.as_seconds_f64());
    }
}

/// A report moved a message.
pub(super) fn reported(gateway: &str, fate: Fate) {
    let (said, reason) = match fate {
        Fate::Delivered => ("delivered", None),
        Fate::Failed(reason) => ("failed", Some(reason)),
        Fate::UnderWay => ("under_way", None),
    };
    metrics::counter!(
        "motcua_message_reports_total",
        "gateway" => gateway.to_owned(), "fate" => said, "reason" => label(reason)
    )
    .increment(1);
}

fn label(reason: Option<MessageReason>) -> String {
    reason.map(word).unwrap_or_default()
}
