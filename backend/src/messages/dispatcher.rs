//! Sends what is due: claim, draw, call, record.
//!
//! Woken at once by the verb that queued a message, and looks by itself every second as a net for
//! what another instance left behind. An attempt draws one secret and offers it to the gateways in their
//! order until one accepts; a gateway that is in trouble is passed over, one that refuses the message is
//! believed. What no gateway took is tried again, later each time; what is past its use is not sent.

use std::time::Duration as Wait;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use motcua_openapi::values::PhoneNumber;
use recloser::{Error as BreakerError, ErrorPredicate};
use secrecy::SecretString;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::gateways::{Gateway, Sending, Trouble, Verdict};
use super::store::{self, Claimed, Outcome};
use super::{Draw, caps, reports, telemetry};
use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;
use crate::{accounts, citizens, officers, registrations};

const AT_ONCE: usize = 16;
const LONGEST_PAUSE: Wait = Wait::from_secs(60);

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
            () = services.outbox.queued() => {}
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
            let mut attempt = Attempt { services: &services, message: &message, drawn: None };
            if let Err(fault) = attempt.run().await {
                tracing::error!(message = %message.id, error = %fault, "a message was not dispatched");
            }
        });
    }
    Ok(count)
}

/// One attempt at one message: at most one secret, offered to one gateway after the other.
struct Attempt<'a> {
    services: &'a Services,
    message: &'a Claimed,
    drawn: Option<(PhoneNumber, SecretString)>,
}

/// How a call ended where the message is done with for now.
enum Called {
    /// Record this.
    Ended(Outcome),
    /// The message moved on meanwhile: nothing to record.
    MovedOn,
}

/// Why a call did not end it.
enum NotCalled {
    /// The gateway's trouble: the next one's turn.
    Trouble(Trouble),
    /// A fault of ours.
    Broken(Fault),
}

impl<T: Into<Fault>> From<T> for NotCalled {
    fn from(fault: T) -> Self {
        Self::Broken(fault.into())
    }
}

/// What the circuit breaker counts as a failure: the gateway's troubles, not ours.
struct GatewayTrouble;

impl ErrorPredicate<NotCalled> for GatewayTrouble {
    fn is_err(&self, error: &NotCalled) -> bool {
        matches!(error, NotCalled::Trouble(_))
    }
}

impl Attempt<'_> {
    async fn run(&mut self) -> Result<(), Fault> {
        let (services, message) = (self.services, self.message);
        if services.clock.now() > message.use_until {
            return self.record(useless(message.purpose, MessageReason::TooLate)).await;
        }
        let mut last = Trouble::Unreachable;
        for gateway in services.gateways.in_order() {
            match gateway.breaker().call_with(GatewayTrouble, self.call(gateway)).await {
                Ok(Called::Ended(outcome)) => return self.record(outcome).await,
                Ok(Called::MovedOn) => return Ok(()),
                Err(BreakerError::Inner(NotCalled::Broken(fault))) => return Err(fault),
                Err(BreakerError::Inner(NotCalled::Trouble(trouble))) => last = trouble,
                Err(BreakerError::Rejected) => telemetry::rested(gateway.name()),
            }
        }
        self.record(self.again(last)).await
    }

    /// Calls one gateway. The secret is drawn before the first call, and not at all where every gateway rests or
    /// the phone may have no text now: whatever it was sent before stays good then.
    async fn call(&mut self, gateway: &Gateway) -> Result<Called, NotCalled> {
        let (services, message) = (self.services, self.message);
        let secret = if self.drawn.is_none() { Some(Secret::prepare(services, message.purpose).await?) } else { None };
        let transaction = services.database.begin().await?;
        if let Some(secret) = secret {
            match draw(&transaction, services, message, secret).await? {
                Draw::Send { phone, text } => self.drawn = Some((phone, text)),
                Draw::Drop(reason) => return Ok(Called::Ended(Outcome::Dropped { reason })),
            }
        }
        let Some((phone, text)) = &self.drawn else { return Ok(Called::MovedOn) };
        if let Err(full) = caps::take_for_call(&transaction, services, phone).await? {
            return Ok(Called::Ended(self.held(full.opens_at)));
        }
        if !store::begin_call(&transaction, message, gateway.name()).await? {
            return Ok(Called::MovedOn);
        }
        transaction.commit().await?;
        let report_url = reports::url(services, gateway, message.id, message.attempts);
        let sending = Sending { message_id: message.id, phone, text, report_url: report_url.as_deref() };
        let began = services.clock.now();
        let verdict = gateway.send(sending).await;
        telemetry::called(gateway.name(), &verdict, services.clock.now() - began);
        match verdict {
            Verdict::Accepted { reference } => {
                let wait = Duration::seconds(i64::from(services.settings.messages.report_seconds));
                let report_due_at = report_url.is_some().then(|| services.clock.now() + wait);
                Ok(Called::Ended(Outcome::Sent { gateway: gateway.name().to_owned(), reference, report_due_at }))
            }
            Verdict::Refused(reason) => Ok(Called::Ended(Outcome::Failed { reason })),
            Verdict::Trouble(trouble) => Err(NotCalled::Trouble(trouble)),
        }
    }

    /// The phone has had its texts for now: it waits, or ends at once where waiting outlasts its use.
    fn held(&self, opens_at: DateTime<Utc>) -> Outcome {
        let reason = MessageReason::PhoneCapReached;
        if opens_at > self.message.use_until {
            useless(self.message.purpose, reason)
        } else {
            Outcome::Again { reason, at: opens_at }
        }
    }

    fn again(&self, trouble: Trouble) -> Outcome {
        let (reason, asked) = match trouble {
            Trouble::Unreachable => (MessageReason::GatewayUnreachable, None),
            Trouble::Fault => (MessageReason::GatewayFault, None),
            Trouble::Busy(after) => (MessageReason::GatewayFault, after),
        };
        let pause = pause(self.services, self.message.attempts).max(asked.unwrap_or_default().min(LONGEST_PAUSE));
        let at = self.services.clock.now() + Duration::from_std(pause).unwrap_or(Duration::minutes(1));
        Outcome::Again { reason, at }
    }

    async fn record(&self, outcome: Outcome) -> Result<(), Fault> {
        let (services, message, now) = (self.services, self.message, self.services.clock.now());
        let since_queued = matches!(outcome, Outcome::Sent { .. }).then(|| now - message.queued_at);
        telemetry::ended(message.purpose, &outcome, since_queued);
        let named = match &outcome {
            Outcome::Sent { gateway, reference: Some(reference), .. } => Some((gateway.clone(), reference.clone())),
            Outcome::Sent { .. } | Outcome::Again { .. } | Outcome::Failed { .. } | Outcome::Dropped { .. } => None,
        };
        tracing::info!(message = %message.id, purpose = ?message.purpose, attempt = message.attempts, ?outcome, "a message");
        let transaction = services.database.begin().await?;
        if message.purpose == MessagePurpose::Otp && matches!(outcome, Outcome::Sent { .. }) {
            registrations::code_was_sent(&transaction, message.subject_id, message.id, now).await?;
        }
        store::record(&transaction, message, outcome, now).await?;
        transaction.commit().await?;
        services.outbox.tell(message.subject_id);
        if let Some((gateway, reference)) = named {
            reports::settle(services, &gateway, &reference).await?;
        }
        Ok(())
    }
}

/// What is made before the transaction that draws: no lock waits for Argon2.
enum Secret {
    /// A code is drawn with its sequence, in the transaction.
    Code,
    /// The same for a forgotten password.
    ResetCode,
    /// The same for one of the phones of a change.
    PhoneChangeCode,
    /// A password and its hash.
    Password { password: String, hash: String },
    /// The same for an officer.
    OfficerPassword { password: String, hash: String },
    /// A notice carries none.
    PasswordNotice,
    /// Nor does this.
    PhoneNotice,
}

impl Secret {
    async fn prepare(services: &Services, purpose: MessagePurpose) -> Result<Self, Fault> {
        match purpose {
            MessagePurpose::Otp => Ok(Self::Code),
            MessagePurpose::TemporaryPassword => {
                let (password, hash) = drawn(services).await?;
                Ok(Self::Password { password, hash })
            }
            MessagePurpose::OfficerPassword => {
                let (password, hash) = drawn(services).await?;
                Ok(Self::OfficerPassword { password, hash })
            }
            MessagePurpose::ResetCode => Ok(Self::ResetCode),
            MessagePurpose::PhoneChangeCode => Ok(Self::PhoneChangeCode),
            MessagePurpose::PasswordChanged => Ok(Self::PasswordNotice),
            MessagePurpose::PhoneChanged => Ok(Self::PhoneNotice),
        }
    }
}

async fn drawn(services: &Services) -> Result<(String, String), Fault> {
    let password = services.random.temporary_password();
    let hash = services.passwords.hash(SecretString::from(password.clone())).await?;
    Ok((password, hash))
}

/// Draws the secret: its MAC or hash is committed before anything is sent.
async fn draw(
    transaction: &Transaction,
    services: &Services,
    message: &Claimed,
    secret: Secret,
) -> Result<Draw, Fault> {
    let (id, subject) = (message.id, message.subject_id);
    match secret {
        Secret::Code => registrations::draw_code(transaction, services, id, subject).await,
        Secret::ResetCode => citizens::draw_reset_code(transaction, services, id, subject).await,
        Secret::PhoneChangeCode => citizens::draw_phone_code(transaction, services, id, subject).await,
        Secret::Password { password, hash } => {
            accounts::draw_password(transaction, services, id, subject, &password, hash).await
        }
        Secret::OfficerPassword { password, hash } => {
            officers::draw_password(transaction, services, id, subject, &password, hash).await
        }
        Secret::PasswordNotice => accounts::draw_password_notice(transaction, services, subject).await,
        Secret::PhoneNotice => citizens::draw_phone_notice(transaction, services, subject).await,
    }
}

/// A code past its use is dropped; a password that never got out is a failure that a person must see.
fn useless(purpose: MessagePurpose, reason: MessageReason) -> Outcome {
    match purpose {
        MessagePurpose::Otp | MessagePurpose::ResetCode | MessagePurpose::PhoneChangeCode => {
            Outcome::Dropped { reason }
        }
        MessagePurpose::TemporaryPassword
        | MessagePurpose::OfficerPassword
        | MessagePurpose::PasswordChanged
        | MessagePurpose::PhoneChanged => Outcome::Failed { reason },
    }
}

/// The pause after an attempt: doubled each time, never more than [`LONGEST_PAUSE`], with jitter.
fn pause(services: &Services, attempts: u32) -> Wait {
    let first = Wait::from_millis(services.settings.messages.retry_millis);
    let attempt = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(16);
    ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
        .nth(attempt)
        .unwrap_or(LONGEST_PAUSE)
}
