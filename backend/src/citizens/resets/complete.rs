//! The code and what it opens: another password.

use motcua_openapi::citizens::CompletePasswordReset;
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use motcua_openapi::values::OtpCode;
use secrecy::SecretString;
use uuid::Uuid;

use super::model::{Judged, Reset};
use super::store;
use crate::accounts::{self, Account};
use crate::app::Services;
use crate::audit::{self, About, Act, By};
use crate::citizens::error::Error;
use crate::citizens::{password, sign_in};
use crate::database::Transaction;
use crate::messages::Draw;
use crate::problem::Fault;
use crate::sessions::{self, Owner};

/// Draws the code that a message carries, for the dispatcher, in its transaction.
///
/// # Errors
/// Where the database fails.
pub async fn draw_reset_code(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    reset_id: Uuid,
) -> Result<Draw, Fault> {
    let Some(reset) = store::lock(transaction, services, reset_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    if reset.superseded_at.is_some() || reset.message_id != Some(message_id) {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let Some(account) = owner(transaction, services, &reset).await?.filter(|_| reset.consumed_at.is_none()) else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let code = services.random.otp_code();
    store::keep_code(transaction, reset.id, reset.mac(&services.vault, &code)).await?;
    let settings = &services.settings;
    let minutes = settings.citizens.reset.valid_seconds.div_euclid(60).max(1);
    let text = settings.messages.texts.bound_code(
        MessagePurpose::ResetCode,
        account.personal.language,
        code.as_str(),
        minutes,
        &settings.citizens.domain,
    );
    Ok(Draw::Send { phone: reset.typed.phone, text })
}

/// The account of a reset, while its phone is still the one that was typed and it is not closed.
async fn owner(transaction: &Transaction, services: &Services, reset: &Reset) -> Result<Option<Account>, Fault> {
    let Some(account_id) = reset.account_id else { return Ok(None) };
    let account = accounts::of_citizen(transaction, services, account_id).await?;
    Ok(account.filter(|it| it.personal.phone == reset.typed.phone && it.closed_at.is_none()))
}

/// Sets another password: every session ends, and a text says so. A wrong code is counted even though the answer is
/// a refusal.
pub(super) async fn complete(
    services: &Services,
    id: Uuid,
    body: &CompletePasswordReset,
    address: &str,
) -> Result<(), Error> {
    let (code, new) = body.parse().map_err(Error::Fields)?;
    password::refuse_common(&new)?;
    let account = try_code(services, id, &code).await?;
    password::refuse_personal(services, &account, &new)?;
    // Between two transactions: no lock waits for Argon2.
    let hash = services.passwords.hash(SecretString::from(new.as_str().to_owned())).await?;
    let transaction = services.database.begin().await?;
    let reset = store::lock(&transaction, services, id).await?.ok_or(Error::NotFound)?;
    judge(services, &reset, &code)?;
    let now = services.clock.now();
    if owner(&transaction, services, &reset).await?.is_none()
        || !accounts::set_own_password(&transaction, account.id, hash, now).await?
    {
        return Err(Error::OtpExhausted);
    }
    store::consume(&transaction, id, now).await?;
    sign_in::forget_tries(&transaction, services, &reset.typed.number, account.id).await?;
    sessions::end_all_of(&transaction, services, Owner::citizen(account.id), None).await?;
    accounts::tell_of_password(&transaction, services, &account).await?;
    let by = By::Citizen { account_id: account.id, remote_address: address };
    let about = About::of(account.id).in_unit(account.unit_id);
    audit::record(&transaction, services, by, Act::CitizenPasswordReset, about).await?;
    transaction.commit().await?;
    services.outbox.wake(account.id);
    Ok(())
}

/// The account that the code opens. A wrong one is counted.
async fn try_code(services: &Services, id: Uuid, code: &OtpCode) -> Result<Account, Error> {
    let transaction = services.database.begin().await?;
    let reset = store::lock(&transaction, services, id).await?.ok_or(Error::NotFound)?;
    if let Err(error) = judge(services, &reset, code) {
        if matches!(error, Error::OtpWrong { .. }) {
            store::count_try(&transaction, id).await?;
            transaction.commit().await?;
        }
        return Err(error);
    }
    owner(&transaction, services, &reset).await?.ok_or(Error::OtpExhausted)
}

fn judge(services: &Services, reset: &Reset, code: &OtpCode) -> Result<Uuid, Error> {
    let max = services.settings.citizens.reset.max_tries;
    match reset.judge(&services.vault, code, max, services.clock.now()) {
        Judged::Right(account_id) => Ok(account_id),
        Judged::Wrong => Err(Error::OtpWrong { tries_left: max.saturating_sub(reset.tries + 1) }),
        Judged::Superseded => Err(Error::OtpSuperseded),
        Judged::Expired => Err(Error::OtpExpired(reset.expires_at)),
        Judged::Exhausted => Err(Error::OtpExhausted),
    }
}
