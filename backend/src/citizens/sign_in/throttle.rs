//! How often somebody may try a password: at a number from an address, at a number from everywhere, from an address.
//!
//! The delay grows with each try and is counted in the database. It is the number's, not the account's: one that
//! nobody has is held like any other. No stranger can lock a citizen out: an address that the citizen has signed in
//! from before is held by its own tries only, and any other gets at least one try a day.

use chrono::Duration;
use motcua_openapi::values::IdNumber;
use uuid::Uuid;

use super::store;
use crate::app::Services;
use crate::citizens::error::Error;
use crate::database::{Connection, Transaction};
use crate::limits::streaks::{self, Growth};
use crate::limits::{self, Cap, Key};
use crate::problem::Fault;
use crate::vault::Tag;

/// How long an address is known after the last sign-in from it.
const KNOWN_FOR: Duration = Duration::days(180);

/// Counts a try, or refuses it and counts nothing.
pub(super) async fn count(services: &Services, number: &IdNumber, address: &str) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let settings = &services.settings.citizens.sign_in;
    let too_many = |full| Error::too_many(full, services.clock.now());
    take_address(&transaction, services, address).await?;
    let pair = pair(services, number, address);
    streaks::take(&transaction, services, Key(pair), of_pair(services)).await?.map_err(too_many)?;
    let is_known = store::is_known(&transaction, &pair).await?;
    let tries = streaks::take(&transaction, services, of_number(services, number), of_all(services, is_known)).await?;
    let tries = tries.map_err(too_many)?;
    if !is_known && tries >= settings.account_max_failures {
        let once = [Cap { name: "account_day", max: 1, window: Duration::days(1) }];
        limits::take(&transaction, services, Key(pair), &once).await?.map_err(too_many)?;
    }
    Ok(transaction.commit().await?)
}

/// Counts a try from an address that names no number.
pub(in crate::citizens) async fn count_address(services: &Services, address: &str) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    take_address(&transaction, services, address).await?;
    Ok(transaction.commit().await?)
}

async fn take_address(transaction: &Transaction, services: &Services, address: &str) -> Result<(), Error> {
    let settings = &services.settings.citizens.sign_in;
    let cap = |name, max, window| Cap { name, max, window };
    let caps = [
        cap("per_address_minute", settings.per_address_minute, Duration::minutes(1)),
        cap("per_address_hour", settings.per_address_hour, Duration::hours(1)),
    ];
    let by_address = Key(services.vault.index("citizen sign-in address", address));
    let taken = limits::take(transaction, services, by_address, &caps).await?;
    taken.map_err(|full| Error::too_many(full, services.clock.now()))?;
    Ok(())
}

/// A try was right: the tries at the number are forgotten, and the address is known.
pub(super) async fn forget(
    transaction: &Transaction,
    services: &Services,
    number: &IdNumber,
    address: &str,
) -> Result<(), Fault> {
    let pair = pair(services, number, address);
    streaks::end(transaction, Key(pair)).await?;
    streaks::end(transaction, of_number(services, number)).await?;
    store::remember(transaction, &pair, services.clock.now()).await
}

/// A code has proved whose account it is: strangers' tries at its number, and its citizen's own, are forgotten.
pub(in crate::citizens) async fn forget_tries(
    transaction: &Transaction,
    services: &Services,
    number: &IdNumber,
    account_id: Uuid,
) -> Result<(), Fault> {
    streaks::end(transaction, of_number(services, number)).await?;
    right_password(transaction, services, account_id).await
}

/// Whether the citizen of a number has signed in from this address before.
pub(in crate::citizens) async fn is_known(
    connection: &impl Connection,
    services: &Services,
    number: &IdNumber,
    address: &str,
) -> Result<bool, Fault> {
    store::is_known(connection, &pair(services, number, address)).await
}

/// Counts a try at the password of an account whose citizen is signed in.
pub(in crate::citizens) async fn count_password(services: &Services, account_id: Uuid) -> Result<(), Error> {
    let transaction = services.database.begin().await?;
    let taken = streaks::take(&transaction, services, of_account(services, account_id), of_pair(services)).await?;
    taken.map_err(|full| Error::too_many(full, services.clock.now()))?;
    Ok(transaction.commit().await?)
}

/// It was right.
pub(in crate::citizens) async fn right_password(
    transaction: &Transaction,
    services: &Services,
    account_id: Uuid,
) -> Result<(), Fault> {
    streaks::end(transaction, of_account(services, account_id)).await
}

pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    let now = services.clock.now();
    Ok(store::sweep(transaction, now - KNOWN_FOR).await? + streaks::sweep(transaction, now).await?)
}

fn pair(services: &Services, number: &IdNumber, address: &str) -> Tag {
    services.vault.mac("citizen sign-in", &[number.as_str().as_bytes(), address.as_bytes()])
}

fn of_number(services: &Services, number: &IdNumber) -> Key {
    Key(services.vault.index("citizen sign-in number", number.as_str()))
}

fn of_account(services: &Services, account_id: Uuid) -> Key {
    Key(services.vault.index("citizen password", &account_id.to_string()))
}

/// The delay of one address at one number.
fn of_pair(services: &Services) -> Growth {
    let settings = &services.settings.citizens.sign_in;
    Growth {
        name: "account_address",
        free: settings.free_tries,
        first: Duration::seconds(i64::from(settings.first_delay_seconds)),
        longest: Duration::seconds(i64::from(settings.longest_delay_seconds)),
        forgotten_after: Some(Duration::days(1)),
    }
}

/// The delay of a number as a whole. A known address is counted and not held by it.
fn of_all(services: &Services, is_known: bool) -> Growth {
    let settings = &services.settings.citizens.sign_in;
    Growth {
        name: "account",
        free: if is_known { u32::MAX } else { settings.account_free_tries },
        first: Duration::seconds(i64::from(settings.first_delay_seconds)),
        longest: Duration::seconds(i64::from(settings.account_longest_delay_seconds)),
        forgotten_after: None,
    }
}
