//! The phone check: ask for a code, draw it when it is sent, verify what the citizen reads out.
//!
//! Owns the rules of `2-rules.md`. A code is never kept: its row holds an HMAC over registration,
//! sequence, phone and code. Only the newest counts, decided by the sequence number in the
//! registration's row, which asking for a new code raises at once.

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use motcua_openapi::registrations::OtpQueued;
use motcua_openapi::values::{OtpCode, PhoneNumber};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::error::Error;
use super::model::{Registration, State, WrongState};
use super::store::{self, Code};
use super::{drafts, request_form};
use crate::accounts;
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::limits::{self, Cap, Full, Key};
use crate::messages::{self, Draw, NewMessage};
use crate::problem::Fault;
use crate::sessions::Caller;
use crate::vault::Tag;

/// How many codes back an older code is recognised as one.
const REMEMBERED: u64 = 20;

/// Asks for a code. From here on every code before it is dead.
pub(super) async fn send(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    key: Option<&str>,
) -> Result<OtpQueued, Error> {
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let registration = drafts::lock(&transaction, services, caller, id).await?;
    let message_id = services.new_id();
    let request = [b"send_otp".as_slice(), id.as_bytes()];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, message_id).await? {
        Claim::First => {}
        Claim::Repeat(message_id) => {
            let first = messages::find(&transaction, message_id, now).await?.ok_or(Error::NotFound)?;
            return Ok(OtpQueued { message_id, resend_at: resend_at(services, first.queued_at) });
        }
        Claim::Reused => return Err(Error::KeyReused),
    }
    let registration = registration.request_code(message_id)?;
    let (details, unit_id) = request_form::whole(&registration)?;
    if let Some(account) = accounts::existing_within(&transaction, services, &details.id_number).await? {
        return Err(Error::AccountExists(account));
    }
    take_limits(&transaction, services, caller, id, &details.phone).await?;
    let asked = messages::take_for_request(&transaction, services, &details.phone, caller.officer_id, unit_id).await?;
    asked.map_err(|full| too_soon(services, full))?;
    store::save_otp_cursor(&transaction, id, registration.otp).await?;
    let message = NewMessage {
        id: message_id,
        purpose: MessagePurpose::Otp,
        subject_id: id,
        officer_id: caller.officer_id,
        unit_id,
        phone: &details.phone,
        use_until: now + valid(services),
    };
    messages::enqueue(&transaction, services, message).await?;
    audit::record(&transaction, services, Some(caller), Act::OtpRequested, About::of(id).in_unit(unit_id)).await?;
    transaction.commit().await?;
    services.outbox.wake(id);
    Ok(OtpQueued { message_id, resend_at: resend_at(services, now) })
}

/// From when another code may be asked for, after one that was asked for at `queued_at`.
pub(super) fn resend_at(services: &Services, queued_at: DateTime<Utc>) -> DateTime<Utc> {
    queued_at + Duration::seconds(i64::from(services.settings.otp.resend_seconds))
}

/// All caps or none: the transaction of a refused request takes nothing.
async fn take_limits(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    id: Uuid,
    phone: &PhoneNumber,
) -> Result<(), Error> {
    let rules = &services.settings.otp;
    let resend = Duration::seconds(i64::from(rules.resend_seconds));
    let cap = |name, max, window| Cap { name, max, window };
    let index = |domain, value: &str| Key(services.vault.index(domain, value));
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let taken = [
        (
            index("otp registration", &id.to_string()),
            vec![cap("resend", 1, resend), cap("per_registration_hour", rules.per_registration_hour, hour)],
        ),
        (index("otp phone", phone.as_e164()), vec![cap("per_phone_day", rules.per_phone_day, day)]),
        (
            index("otp officer", &caller.officer_id.to_string()),
            vec![cap("per_officer_hour", rules.per_officer_hour, hour)],
        ),
    ];
    for (key, caps) in taken {
        limits::take(transaction, services, key, &caps).await?.map_err(|full| too_soon(services, full))?;
    }
    Ok(())
}

fn too_soon(services: &Services, full: Full) -> Error {
    Error::OtpTooSoon { cap: full.cap, retry_after: full.retry_after(services.clock.now()) }
}

/// Draws the code that a message carries, for the dispatcher, in its transaction.
///
/// # Errors
/// Where the database fails.
pub async fn draw_code(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    registration_id: Uuid,
) -> Result<Draw, Fault> {
    let Some(registration) = store::lock(transaction, services, registration_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    if registration.otp.message_id != Some(message_id) {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let (State::Draft, Some(phone)) = (registration.state, &registration.details.phone) else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let otp = registration.otp.superseded_by(Some(message_id));
    let code = services.random.otp_code();
    let row = Code {
        registration_id,
        sequence: otp.sequence,
        message_id,
        mac: mac(services, registration_id, otp.sequence, phone, &code).to_vec(),
        drawn_at: services.clock.now(),
        sent_at: None,
        tries: 0,
        consumed_at: None,
    };
    store::save_otp_cursor(transaction, registration_id, otp).await?;
    store::insert_code(transaction, row).await?;
    let minutes = services.settings.otp.valid_seconds.div_euclid(60).max(1);
    let texts = &services.settings.messages.texts;
    let text = texts.filled(MessagePurpose::Otp, registration.details.language, code.as_str(), minutes);
    Ok(Draw::Send { phone: phone.clone(), text })
}

/// The gateway accepted the message: its code's two minutes begin.
///
/// # Errors
/// Where the database fails.
pub async fn code_was_sent(
    transaction: &Transaction,
    registration_id: Uuid,
    message_id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    store::mark_sent(transaction, registration_id, message_id, at).await
}

/// Verifies the newest code. A wrong try is counted even though the answer is a refusal.
pub(super) async fn verify(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    typed: &OtpCode,
) -> Result<Registration, Error> {
    let transaction = services.database.begin().await?;
    let registration = drafts::lock(&transaction, services, caller, id).await?;
    let (State::Draft, Some(phone)) = (registration.state, registration.details.phone.clone()) else {
        return Err(unfit(&registration));
    };
    let codes = store::codes(&transaction, id, REMEMBERED).await?;
    let is_typed = |code: &&Code| {
        let expected = mac(services, id, code.sequence, &phone, typed);
        bool::from(code.mac.as_slice().ct_eq(&expected))
    };
    let (newest, older): (Vec<&Code>, Vec<&Code>) =
        codes.iter().partition(|code| code.sequence == registration.otp.sequence);
    let is_older = older.iter().any(&is_typed);
    let Some(newest) = newest.first() else {
        return Err(if is_older { Error::OtpSuperseded { sent_at: None } } else { Error::OtpMissing });
    };
    let max = i32::try_from(services.settings.otp.max_tries).unwrap_or(i32::MAX);
    if newest.tries >= max {
        return Err(Error::OtpExhausted);
    }
    let expired_at = valid_until(services, newest);
    if services.clock.now() > expired_at {
        return Err(Error::OtpExpired { expired_at });
    }
    if !is_typed(newest) {
        return wrong(transaction, newest, is_older, max).await;
    }
    if !store::consume(&transaction, newest, max, services.clock.now()).await? {
        return Err(Error::OtpExhausted);
    }
    let verified = registration.verify_phone(caller.by(services))?;
    let saved = drafts::save(&transaction, services, verified).await?;
    audit::record(&transaction, services, Some(caller), Act::PhoneVerified, About::of(id).in_unit(saved.unit_id))
        .await?;
    transaction.commit().await?;
    Ok(saved)
}

fn unfit(registration: &Registration) -> Error {
    match registration.state {
        State::Draft => Error::OtpMissing,
        state => WrongState(state).into(),
    }
}

async fn wrong(transaction: Transaction, newest: &Code, is_older: bool, max: i32) -> Result<Registration, Error> {
    let is_counted = store::count_try(&transaction, newest, max).await?;
    transaction.commit().await?;
    Err(if is_older {
        Error::OtpSuperseded { sent_at: newest.sent_at }
    } else if is_counted {
        Error::OtpWrong { tries_left: u32::try_from(max - newest.tries - 1).unwrap_or_default() }
    } else {
        Error::OtpExhausted
    })
}

/// Until when a code works: two minutes from when the gateway accepted it. While its answer is not
/// here yet the phone may have it already, so the time of drawing stands in.
pub(super) fn valid_until(services: &Services, code: &Code) -> DateTime<Utc> {
    code.sent_at.unwrap_or(code.drawn_at) + valid(services)
}

fn valid(services: &Services) -> Duration {
    Duration::seconds(i64::from(services.settings.otp.valid_seconds))
}

fn mac(services: &Services, registration: Uuid, sequence: i32, phone: &PhoneNumber, code: &OtpCode) -> Tag {
    let parts = [
        registration.as_bytes().as_slice(),
        &sequence.to_be_bytes(),
        phone.as_e164().as_bytes(),
        code.as_str().as_bytes(),
    ];
    services.vault.mac("otp", &parts)
}
