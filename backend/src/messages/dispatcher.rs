//! Sends what is due: claim, draw, send, record.
//!
//! Woken at once by the verb that queued a message, and looks by itself every second as a net for
//! what another instance left behind. A message that fails is tried again, later each time; one past
//! its use is not sent.

use std::time::Duration as Wait;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Draw;
use super::gateways::{Sending, Verdict};
use super::store::{self, Claimed, Outcome};
use crate::app::Services;
use crate::problem::Fault;
use crate::{accounts, registrations};

const AT_ONCE: usize = 16;
const LONGEST_PAUSE: Wait = Wait::from_secs(60);

/// The bell of the dispatcher.
#[derive(Debug, Default)]
pub struct Outbox {
    bell: Notify,
}

impl Outbox {
    /// Something was queued and committed.
    pub fn wake(&self) {
        self.bell.notify_one();
    }
}

/// Runs until cancelled; what is being sent is finished first. An attempt that hangs takes one place of
/// [`AT_ONCE`] and holds nobody else up.
pub async fn run(services: Services, stop: CancellationToken) {
    let poll = Wait::from_millis(services.settings.messages.poll_millis);
    let mut attempts = JoinSet::new();
    while !stop.is_cancelled() {
        let free = AT_ONCE.saturating_sub(attempts.len());
        let taken = take_up(&services, &mut attempts, free).await.unwrap_or_else(|fault| {
            tracing::error!(error = %fault, "the outbox cannot be read");
            0
        });
        if taken > 0 && taken < free {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = attempts.join_next() => {}
            () = services.outbox.bell.notified() => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
    while attempts.join_next().await.is_some() {}
}

/// Claims what is due, as much as there is room for, and begins to send it; how many messages.
async fn take_up(services: &Services, attempts: &mut JoinSet<()>, room: usize) -> Result<usize, Fault> {
    if room == 0 {
        return Ok(0);
    }
    let lease = Duration::seconds(i64::from(services.settings.messages.claim_seconds));
    let claimed = store::claim_due(services, room as u64, services.clock.now(), lease).await?;
    let count = claimed.len();
    for message in claimed {
        let services = services.clone();
        attempts.spawn(async move {
            // Where recording fails the claim runs out and the message is sent again, with a new secret.
            if let Err(fault) = dispatch(&services, &message).await {
                tracing::error!(message = %message.id, error = %fault, "a message was not dispatched");
            }
        });
    }
    Ok(count)
}

async fn dispatch(services: &Services, message: &Claimed) -> Result<(), Fault> {
    if services.clock.now() > message.use_until {
        return record(services, message, too_late(message.purpose)).await;
    }
    let (phone, text) = match draw(services, message).await? {
        Draw::Send { phone, text } => (phone, text),
        Draw::Drop(reason) => return record(services, message, Outcome::Dropped { reason }).await,
    };
    let gateway = &services.gateway;
    let verdict = gateway.send(Sending { message_id: message.id, phone: &phone, text: &text }).await;
    let outcome = match verdict {
        Verdict::Accepted { reference } => Outcome::Sent { gateway: gateway.name(), reference },
        Verdict::Refused => Outcome::Failed { gateway: Some(gateway.name()), reason: MessageReason::GatewayRefused },
        Verdict::Unreachable => again(services, message, MessageReason::GatewayUnreachable),
        Verdict::Fault => again(services, message, MessageReason::GatewayFault),
    };
    record(services, message, outcome).await
}

/// Draws the secret and commits its MAC or hash before anything is sent.
async fn draw(services: &Services, message: &Claimed) -> Result<Draw, Fault> {
    let draw = match message.purpose {
        MessagePurpose::Otp => {
            let transaction = services.database.begin().await?;
            let draw = registrations::draw_code(&transaction, services, message.id, message.subject_id).await?;
            transaction.commit().await?;
            draw
        }
        MessagePurpose::TemporaryPassword => {
            let password = services.random.temporary_password();
            let hash = services.passwords.hash(SecretString::from(password.clone())).await?;
            let transaction = services.database.begin().await?;
            let (message_id, account) = (message.id, message.subject_id);
            let draw = accounts::draw_password(&transaction, services, message_id, account, &password, hash).await?;
            transaction.commit().await?;
            draw
        }
    };
    Ok(draw)
}

async fn record(services: &Services, message: &Claimed, outcome: Outcome) -> Result<(), Fault> {
    let now = services.clock.now();
    tracing::info!(message = %message.id, purpose = ?message.purpose, attempt = message.attempts, ?outcome, "a message");
    let transaction = services.database.begin().await?;
    if message.purpose == MessagePurpose::Otp && matches!(outcome, Outcome::Sent { .. }) {
        registrations::code_was_sent(&transaction, message.subject_id, message.id, now).await?;
    }
    store::record(&transaction, message.id, outcome, now).await?;
    Ok(transaction.commit().await?)
}

/// A code past its use is dropped; a password that never got out is a failure that a person must see.
fn too_late(purpose: MessagePurpose) -> Outcome {
    match purpose {
        MessagePurpose::Otp => Outcome::Dropped { reason: MessageReason::TooLate },
        MessagePurpose::TemporaryPassword => Outcome::Failed { gateway: None, reason: MessageReason::TooLate },
    }
}

fn again(services: &Services, message: &Claimed, reason: MessageReason) -> Outcome {
    let gateway = services.gateway.name();
    let at = next_attempt(services, message.attempts);
    Outcome::Again { gateway, reason, at }
}

fn next_attempt(services: &Services, attempts: u32) -> DateTime<Utc> {
    let first = Wait::from_millis(services.settings.messages.retry_millis);
    let attempt = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(16);
    let pause = ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
        .nth(attempt)
        .unwrap_or(LONGEST_PAUSE);
    services.clock.now() + Duration::from_std(pause).unwrap_or(Duration::minutes(1))
}
