//! The password that an officer gets by text: drawn when it is sent, kept as a hash, to be changed at sign-in.

use chrono::Duration;
use motcua_openapi::accounts::PasswordQueued;
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use uuid::Uuid;

use super::{Error, Officer, lock_within, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::limits::Full;
use crate::messages::{self, Draw, NewMessage};
use crate::problem::Fault;
use crate::sessions::{self, Caller};

/// Records the password that a message carries, for the dispatcher, in its transaction.
///
/// # Errors
/// Where the database fails.
pub async fn draw_password(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    officer_id: Uuid,
    password: &str,
    hash: String,
) -> Result<Draw, Fault> {
    let Some(officer) = store::find(transaction, services, officer_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    if officer.is_suspended() {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    }
    let Some(phone) = officer.phone.filter(|_| officer.password_message_id == Some(message_id)) else {
        return Ok(Draw::Drop(MessageReason::Superseded));
    };
    let settings = &services.settings;
    let days = settings.sessions.sent_password_days;
    let expires_at = services.clock.now() + Duration::days(i64::from(days));
    if !store::set_password(transaction, officer_id, message_id, hash, expires_at).await? {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let language = settings.sessions.text_language;
    let text = settings.messages.texts.filled(MessagePurpose::OfficerPassword, language, password, days);
    Ok(Draw::Send { phone, text })
}

/// Asks for another password: the one before, and every session, are dead from here on.
pub(super) async fn send(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    key: Option<&str>,
) -> Result<PasswordQueued, Error> {
    let message_id = services.new_id();
    let transaction = services.database.begin().await?;
    let request = [b"send_officer_password".as_slice(), id.as_bytes()];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, message_id).await? {
        Claim::First => {}
        Claim::Repeat(message_id) => return Ok(PasswordQueued { message_id }),
        Claim::Reused => return Err(Error::KeyReused),
    }
    let officer = lock_within(&transaction, services, caller, id).await?;
    if officer.is_suspended() {
        return Err(Error::Suspended);
    }
    let officer = Officer {
        password_hash: String::new(),
        password_change_needed: true,
        password_message_id: Some(message_id),
        password_expires_at: None,
        ..officer
    };
    store::save(&transaction, services, &officer, caller.officer_id).await?;
    enqueue(&transaction, services, caller, &officer).await?;
    sessions::end_all(&transaction, services, id, None).await?;
    let about = About::of(id).in_unit(officer.agency_id);
    audit::record(&transaction, services, caller, Act::OfficerPasswordSent, about).await?;
    transaction.commit().await?;
    services.outbox.wake(id);
    Ok(PasswordQueued { message_id })
}

/// Queues the message that `officer.password_message_id` names, within the caps.
pub(super) async fn enqueue(
    transaction: &Transaction,
    services: &Services,
    caller: &Caller,
    officer: &Officer,
) -> Result<(), Error> {
    let (Some(phone), Some(message_id)) = (&officer.phone, officer.password_message_id) else {
        return Err(Error::PhoneMissing);
    };
    let too_soon = |full: Full| Error::TooSoon(full, full.retry_after(services.clock.now()));
    messages::take_for_password(transaction, services, officer.id).await?.map_err(too_soon)?;
    messages::take_for_request(transaction, services, phone, caller.officer_id, officer.agency_id)
        .await?
        .map_err(too_soon)?;
    let hours = services.settings.messages.password_hours;
    let message = NewMessage {
        id: message_id,
        purpose: MessagePurpose::OfficerPassword,
        subject_id: officer.id,
        officer_id: caller.officer_id,
        unit_id: officer.agency_id,
        phone,
        use_until: services.clock.now() + Duration::hours(i64::from(hours)),
    };
    Ok(messages::enqueue(transaction, services, message).await?)
}
