//! Asking for a reset: the same statements, the same answer and the same time, whoever's number it is.

use chrono::Duration;
use motcua_openapi::citizens::{CaptchaForm, CreatePasswordReset, PasswordReset};

use super::model::Typed;
use super::store;
use crate::app::Services;
use crate::citizens::error::Error;
use crate::citizens::{captchas, sign_in};
use crate::database::Transaction;
use crate::limits::{self, Cap, Key};

/// Leaves a request behind. Nothing is looked up, and nobody is woken: the worker comes by on its own.
pub(super) async fn ask(
    services: &Services,
    body: &CreatePasswordReset,
    address: &str,
) -> Result<PasswordReset, Error> {
    let (number, phone) = body.parse().map_err(Error::Fields)?;
    captchas::spend(services, CaptchaForm::PasswordReset, &body.captcha).await?;
    let typed = Typed { number, phone };
    let settings = &services.settings.citizens.reset;
    let now = services.clock.now();
    let (id, expires_at) = (services.new_id(), now + Duration::seconds(i64::from(settings.valid_seconds)));
    let parts = [typed.number.as_str().as_bytes(), typed.phone.as_e164().as_bytes()];
    let pair = services.vault.mac("reset of number and phone", &parts);
    let transaction = services.database.begin().await?;
    take_caps(&transaction, services, &typed, address).await?;
    store::insert(&transaction, services, id, pair, &typed, expires_at).await?;
    transaction.commit().await?;
    let resend_at = now + Duration::seconds(i64::from(settings.resend_seconds));
    Ok(PasswordReset { id, expires_at, resend_at, tries: settings.max_tries })
}

/// All caps or none. At an address from which the citizen of that number has signed in before, the caps of number
/// and phone are its own: what strangers have used up elsewhere does not hold it.
async fn take_caps(transaction: &Transaction, services: &Services, typed: &Typed, address: &str) -> Result<(), Error> {
    let settings = &services.settings.citizens.reset;
    let cap = |name, max, window| Cap { name, max, window };
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let now = services.clock.now();
    let by_address = [
        cap("per_address_hour", settings.per_address_hour, hour),
        cap("per_address_day", settings.per_address_day, day),
    ];
    let key = Key(services.vault.index("reset address", address));
    let taken = limits::take(transaction, services, key, &by_address).await?;
    taken.map_err(|full| Error::too_many(full, now))?;
    let whose = if sign_in::is_known(transaction, services, &typed.number, address).await? { address } else { "" };
    let (number, phone) = (typed.number.as_str(), typed.phone.as_e164());
    let resend = Duration::seconds(i64::from(settings.resend_seconds));
    let wanted = [
        ("reset again", [number, phone], vec![cap("resend", 1, resend)]),
        (
            "reset number",
            [number, ""],
            vec![
                cap("per_number_hour", settings.per_number_hour, hour),
                cap("per_number_day", settings.per_number_day, day),
            ],
        ),
        (
            "reset phone",
            ["", phone],
            vec![
                cap("per_phone_hour", settings.per_phone_hour, hour),
                cap("per_phone_day", settings.per_phone_day, day),
            ],
        ),
    ];
    for (domain, [number, phone], caps) in wanted {
        let key = Key(services.vault.mac(domain, &[number.as_bytes(), phone.as_bytes(), whose.as_bytes()]));
        limits::take(transaction, services, key, &caps).await?.map_err(|full| Error::too_soon(full, now))?;
    }
    Ok(())
}
