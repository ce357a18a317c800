//! Both codes, and what they open.

use chrono::Duration;
use motcua_openapi::citizens::CompletePhoneChange;
use motcua_openapi::messages::MessagePurpose;
use uuid::Uuid;

use super::model::Judged;
use super::store;
use crate::accounts;
use crate::app::Services;
use crate::audit::{self, About, Act, Change as Changed, ChangedField};
use crate::citizens::citizen::Citizen;
use crate::citizens::error::Error;
use crate::messages::{self, NewMessage};

/// Changes the phone. A wrong try is counted even though the answer is a refusal.
pub(super) async fn complete(
    services: &Services,
    citizen: &Citizen,
    id: Uuid,
    body: &CompletePhoneChange,
) -> Result<(), Error> {
    let (current, new) = body.parse().map_err(Error::Fields)?;
    let now = services.clock.now();
    let max = services.settings.citizens.reset.max_tries;
    let transaction = services.database.begin().await?;
    // The account first, as whoever asks for a change does.
    let account = accounts::lock(&transaction, services, citizen.account_id).await?;
    let mut account = account.filter(|account| account.closed_at.is_none()).ok_or(Error::SessionOver)?;
    let change = store::lock(&transaction, services, id).await?;
    let change = change.filter(|change| change.account_id == account.id).ok_or(Error::NotFound)?;
    match change.judge(&services.vault, (&current, &new), max, now) {
        Judged::Right => {}
        Judged::Wrong => {
            store::count_try(&transaction, id).await?;
            transaction.commit().await?;
            return Err(Error::OtpWrong { tries_left: max.saturating_sub(change.tries + 1) });
        }
        Judged::Superseded => return Err(Error::OtpSuperseded),
        Judged::Expired => return Err(Error::OtpExpired(change.expires_at)),
        Judged::Exhausted => return Err(Error::OtpExhausted),
    }
    if account.personal.phone != change.phones.current {
        return Err(Error::OtpExhausted);
    }
    account.personal.phone = change.phones.new;
    accounts::save_personal(&transaction, services, &account).await?;
    store::consume(&transaction, id, now).await?;
    let notice = NewMessage {
        id: services.new_id(),
        purpose: MessagePurpose::PhoneChanged,
        subject_id: id,
        officer_id: account.officer_id,
        unit_id: account.unit_id,
        phone: &change.phones.current,
        use_until: now + Duration::hours(i64::from(services.settings.messages.password_hours)),
    };
    messages::enqueue(&transaction, services, notice).await?;
    let changed = Changed { field: ChangedField::Phone, before: None, after: None };
    let about = About::of(account.id).in_unit(account.unit_id).with(vec![changed]);
    audit::record(&transaction, services, citizen, Act::CitizenPhoneChanged, about).await?;
    transaction.commit().await?;
    services.outbox.wake(id);
    Ok(())
}
