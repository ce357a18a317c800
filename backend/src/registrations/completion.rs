//! The last verb: the account.

use motcua_openapi::accounts::Account;
use uuid::Uuid;

use super::error::Error;
use super::model::State;
use super::{drafts, request_form};
use crate::accounts::{self, NewAccount};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::idempotency::{self, Claim};
use crate::sessions::Caller;

/// Creates the account of a registration whose phone is confirmed, and asks for its password to be
/// sent. The database decides that the number has no other.
pub(super) async fn create_account(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    key: Option<&str>,
) -> Result<Account, Error> {
    let transaction = services.database.begin().await?;
    let registration = drafts::lock(&transaction, services, caller, id).await?;
    let account_id = services.new_id();
    let request = [b"create_account".as_slice(), id.as_bytes()];
    match idempotency::claim(&transaction, services, caller.officer_id, key, &request, account_id).await? {
        Claim::First => {}
        Claim::Repeat(account_id) => {
            drop(transaction);
            return accounts::detail(services, account_id).await?.ok_or(Error::NotFound);
        }
        Claim::Reused => return Err(Error::KeyReused),
    }
    match registration.state {
        State::PhoneVerified { .. } => {}
        State::Draft => return Err(Error::PhoneNotVerified),
        State::Completed { account_id } => {
            let made = accounts::existing_by_id(&transaction, account_id).await?;
            return Err(made.map_or(Error::NotFound, Error::AccountExists));
        }
        state @ (State::Cancelled | State::Expired) => return Err(Error::WrongState(state)),
    }
    let (details, unit_id) = request_form::whole(&registration)?;
    if let Some(error) = drafts::unit_error(&transaction, services, caller, unit_id).await? {
        return Err(Error::Incomplete(vec![error]));
    }
    let scan = registration.scan.clone().ok_or(Error::ScanMissing)?;
    let new = NewAccount { id: account_id, registration_id: id, officer_id: caller.officer_id, unit_id, details, scan };
    if let Err(existing) = accounts::create(&transaction, services, new).await? {
        return Err(Error::AccountExists(existing));
    }
    drafts::save(&transaction, services, registration.complete(account_id, caller.by(services))?).await?;
    audit::record(&transaction, services, Some(caller), Act::AccountCreated, About::of(account_id).in_unit(unit_id))
        .await?;
    transaction.commit().await?;
    services.outbox.wake(account_id);
    accounts::detail(services, account_id).await?.ok_or(Error::NotFound)
}
