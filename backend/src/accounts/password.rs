//! The password for the first sign-in: drawn when it is sent, kept as a hash only, sent again on request.

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::accounts::PasswordQueued;
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use uuid::Uuid;

use super::{detail, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::database::Transaction;
use crate::idempotency::{self, Claim};
use crate::limits::Full;
use crate::messages::{self, Draw, NewMessage};
use crate::problem::Fault;
use crate::sessions::Caller;

/// Records the password that a message carries, for the dispatcher, in its transaction. The hash was
/// made before the transaction began, so that no lock waits for Argon2.
///
/// # Errors
/// Where the database fails.
pub async fn draw_password(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    account_id: Uuid,
    password: &str,
    hash: String,
) -> Result<Draw, Fault> {
    let Some(account) = store::find(transaction, services, account_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    if account.is_in_use() {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    }
    if account.password_message_id != message_id {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let days = services.settings.registrations.temporary_password_days;
    let expires_at = services.clock.now() + Duration::days(i64::from(days));
    // A resend may have committed since the account was read.
    if !store::set_password(transaction, &account, hash, expires_at).await? {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let texts = &services.settings.messages.texts;
    let text = texts.filled(MessagePurpose::TemporaryPassword, account.personal.language, password, days);
    Ok(Draw::Send { phone: account.personal.phone, text })
}

/// Why no other password is sent.
pub(super) enum Error {
    /// No such account, or none that the caller may see.
    NotFound,
    /// The citizen has signed in: from then on they reset it themselves.
    InUse,
    /// A cap is full.
    TooSoon(Full),
    /// The idempotency key came with another request.
    KeyReused,
    /// A fault of ours.
    Broken(Fault),
}

impl<T: Into<Fault>> From<T> for Error {
    fn from(fault: T) -> Self {
        Self::Broken(fault.into())
    }
}

/// **Gửi lại mật khẩu**: asks for another password. From here on the one before is dead, whether it arrived or
/// not. An audit event.
pub(super) async fn resend(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    key: Option<&str>,
) -> Result<PasswordQueued, Error> {
    let visible = detail::visible(services, caller, id).await?.ok_or(Error::NotFound)?;
    let message_id = services.new_id();
    let transaction = services.database.begin().await?;
    let request = [b"resend_password".as_slice(), id.as_bytes()];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, message_id).await? {
        Claim::First => {}
        Claim::Repeat(message_id) => return Ok(PasswordQueued { message_id }),
        Claim::Reused => return Err(Error::KeyReused),
    }
    if !store::replace_password(&transaction, id, message_id).await? {
        return Err(Error::InUse);
    }
    let phone = &visible.personal.phone;
    messages::take_for_password(&transaction, services, id).await?.map_err(Error::TooSoon)?;
    let asked = messages::take_for_request(&transaction, services, phone, caller.officer_id, visible.unit_id).await?;
    asked.map_err(Error::TooSoon)?;
    let message = NewMessage {
        id: message_id,
        purpose: MessagePurpose::TemporaryPassword,
        subject_id: id,
        officer_id: caller.officer_id,
        unit_id: visible.unit_id,
        phone,
        use_until: use_until(services),
    };
    messages::enqueue(&transaction, services, message).await?;
    audit::record(&transaction, services, Some(caller), Act::PasswordResent, About::of(id).in_unit(visible.unit_id))
        .await?;
    transaction.commit().await?;
    services.outbox.wake(id);
    Ok(PasswordQueued { message_id })
}

/// Until when a password that is asked for now is tried to be sent.
pub(super) fn use_until(services: &Services) -> DateTime<Utc> {
    services.clock.now() + Duration::hours(i64::from(services.settings.messages.password_hours))
}
