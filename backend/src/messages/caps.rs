//! How many texts: to a phone, by an officer, at a unit, in all.
//!
//! Two moments. When an officer *asks for* a code or for another password, the caps of officer, unit and all are
//! taken, and a phone that is full refuses; the officer is told which cap and until when. An account's first
//! password follows a code one to one and is never refused. When a gateway is *called*, the phone's cap is
//! taken: each call may end in a text, repeated attempts and other gateways included.

use chrono::Duration;
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;

use crate::app::Services;
use crate::database::Transaction;
use crate::limits::{self, Cap, Full, Key};
use crate::problem::Fault;

fn cap(name: &'static str, max: u32, window: Duration) -> Cap {
    Cap { name, max, window }
}

fn key(services: &Services, domain: &str, value: &str) -> Key {
    Key(services.vault.index(domain, value))
}

fn of_phone(services: &Services, phone: &PhoneNumber) -> (Key, [Cap; 2]) {
    let caps = &services.settings.messages.caps;
    let of_phone = [
        cap("per_phone_hour", caps.per_phone_hour, Duration::hours(1)),
        cap("per_phone_day", caps.per_phone_day, Duration::days(1)),
    ];
    (key(services, "texts phone", phone.as_e164()), of_phone)
}

/// Takes one from every cap of who asks for a text, or says which is full and takes none (the caller then
/// drops its transaction).
///
/// # Errors
/// Where the database fails.
pub async fn take_for_request(
    transaction: &Transaction,
    services: &Services,
    phone: &PhoneNumber,
    officer: Uuid,
    unit: Uuid,
) -> Result<Result<(), Full>, Fault> {
    let (phone_key, phone_caps) = of_phone(services, phone);
    if let Some(full) = limits::full(transaction, services, phone_key, &phone_caps).await? {
        return Ok(Err(full));
    }
    let caps = &services.settings.messages.caps;
    let (hour, day) = (Duration::hours(1), Duration::days(1));
    let wanted = [
        (key(services, "texts officer", &officer.to_string()), vec![cap("per_officer_day", caps.per_officer_day, day)]),
        (
            key(services, "texts unit", &unit.to_string()),
            vec![cap("per_unit_hour", caps.per_unit_hour, hour), cap("per_unit_day", caps.per_unit_day, day)],
        ),
        // Last: its row is everybody's, and is held until the transaction ends.
        (
            key(services, "texts", "in all"),
            vec![cap("in_all_hour", caps.in_all_hour, hour), cap("in_all_day", caps.in_all_day, day)],
        ),
    ];
    for (key, caps) in wanted {
        if let Err(full) = limits::take(transaction, services, key, &caps).await? {
            return Ok(Err(full));
        }
    }
    Ok(Ok(()))
}

/// Takes one from the caps of passwords sent again to one account or officer: a pause between two, and so many a day.
///
/// # Errors
/// Where the database fails.
pub async fn take_for_password(
    transaction: &Transaction,
    services: &Services,
    subject: Uuid,
) -> Result<Result<(), Full>, Fault> {
    let pause = Duration::seconds(i64::from(services.settings.otp.resend_seconds));
    let a_day = services.settings.messages.password_resends_day;
    let caps = [cap("resend", 1, pause), cap("password_account_day", a_day, Duration::days(1))];
    limits::take(transaction, services, key(services, "password resends", &subject.to_string()), &caps).await
}

/// Takes one from the phone's caps for a call that is about to be made.
pub(super) async fn take_for_call(
    transaction: &Transaction,
    services: &Services,
    phone: &PhoneNumber,
) -> Result<Result<(), Full>, Fault> {
    let (key, caps) = of_phone(services, phone);
    limits::take(transaction, services, key, &caps).await
}
