//! Asking for a change, and drawing what its texts say.

use chrono::Duration;
use motcua_openapi::citizens::{CreatePhoneChange, PhoneChange};
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;

use super::model::{Change, Phones, Sent};
use super::store;
use crate::accounts::{self, Account};
use crate::app::Services;
use crate::citizens::citizen::Citizen;
use crate::citizens::error::Error;
use crate::database::Transaction;
use crate::limits::{self, Cap, Key};
use crate::messages::{self, Draw, NewMessage};
use crate::problem::Fault;

/// Asks for a code on both phones. Any change before it is dead from here on.
pub(super) async fn ask(
    services: &Services,
    citizen: &Citizen,
    body: &CreatePhoneChange,
) -> Result<PhoneChange, Error> {
    let phone = body.parse().map_err(Error::Fields)?;
    let settings = &services.settings.citizens.reset;
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let account = accounts::lock(&transaction, services, citizen.account_id).await?;
    let account = account.filter(|account| account.closed_at.is_none()).ok_or(Error::SessionOver)?;
    if account.personal.phone == phone {
        let same = FieldError::new("phone", FieldCode::Unchanged, "the same as before");
        return Err(Error::Fields(vec![same]));
    }
    take_caps(&transaction, services, &account, &phone).await?;
    let sent = || Sent { message_id: services.new_id(), mac: None };
    let change = Change {
        id: services.new_id(),
        account_id: account.id,
        phones: Phones { current: account.personal.phone.clone(), new: phone },
        current: sent(),
        new: sent(),
        tries: 0,
        expires_at: now + Duration::seconds(i64::from(settings.valid_seconds)),
        superseded_at: None,
        consumed_at: None,
    };
    store::insert(&transaction, services, &change).await?;
    for (sent, phone) in [(&change.current, &change.phones.current), (&change.new, &change.phones.new)] {
        let message = NewMessage {
            id: sent.message_id,
            purpose: MessagePurpose::PhoneChangeCode,
            subject_id: change.id,
            officer_id: account.officer_id,
            unit_id: account.unit_id,
            phone,
            use_until: change.expires_at,
        };
        messages::enqueue(&transaction, services, message).await?;
    }
    transaction.commit().await?;
    services.outbox.wake(change.id);
    Ok(PhoneChange {
        id: change.id,
        current_phone_masked: change.phones.current.masked(),
        new_phone_masked: change.phones.new.masked(),
        expires_at: change.expires_at,
        resend_at: now + Duration::seconds(i64::from(settings.resend_seconds)),
        tries: settings.max_tries,
    })
}

async fn take_caps(
    transaction: &Transaction,
    services: &Services,
    account: &Account,
    new: &PhoneNumber,
) -> Result<(), Error> {
    let settings = &services.settings.citizens.reset;
    let cap = |name, max, window| Cap { name, max, window };
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let resend = Duration::seconds(i64::from(settings.resend_seconds));
    let index = |domain, value: &str| Key(services.vault.index(domain, value));
    let wanted = [
        (
            index("phone change account", &account.id.to_string()),
            vec![
                cap("resend", 1, resend),
                cap("per_number_hour", settings.per_number_hour, hour),
                cap("per_number_day", settings.per_number_day, day),
            ],
        ),
        (
            index("phone change phone", new.as_e164()),
            vec![
                cap("per_phone_hour", settings.per_phone_hour, hour),
                cap("per_phone_day", settings.per_phone_day, day),
            ],
        ),
    ];
    for (key, caps) in wanted {
        let taken = limits::take(transaction, services, key, &caps).await?;
        taken.map_err(|full| Error::too_soon(full, services.clock.now()))?;
    }
    Ok(())
}

/// Draws the code that a message carries, for the dispatcher, in its transaction.
///
/// # Errors
/// Where the database fails.
pub async fn draw_phone_code(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    change_id: Uuid,
) -> Result<Draw, Fault> {
    let Some(change) = store::lock(transaction, services, change_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let Some(which) = change.whose(message_id).filter(|_| change.superseded_at.is_none()) else {
        return Ok(Draw::Drop(MessageReason::Superseded));
    };
    let account = accounts::of_citizen(transaction, services, change.account_id).await?;
    let is_wanted = |it: &Account| it.closed_at.is_none() && it.personal.phone == change.phones.current;
    let Some(account) = account.filter(is_wanted).filter(|_| change.consumed_at.is_none()) else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let code = services.random.otp_code();
    store::keep_code(transaction, change.id, which, change.mac(&services.vault, which, &code)).await?;
    let settings = &services.settings;
    let minutes = settings.citizens.reset.valid_seconds.div_euclid(60).max(1);
    let text = settings.messages.texts.bound_code(
        MessagePurpose::PhoneChangeCode,
        account.personal.language,
        code.as_str(),
        minutes,
        &settings.citizens.domain,
    );
    Ok(Draw::Send { phone: change.phone(which).clone(), text })
}

/// The text that tells the old phone that it is theirs no more, for the dispatcher.
///
/// # Errors
/// Where the database fails.
pub async fn draw_phone_notice(transaction: &Transaction, services: &Services, change_id: Uuid) -> Result<Draw, Fault> {
    let Some(change) = store::lock(transaction, services, change_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let account = accounts::of_citizen(transaction, services, change.account_id).await?;
    let language = account.map(|account| account.personal.language).unwrap_or_default();
    let text = services.settings.messages.texts.notice(MessagePurpose::PhoneChanged, language);
    Ok(Draw::Send { phone: change.phones.current, text })
}
