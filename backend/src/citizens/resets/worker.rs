//! Looking up what was asked for, away from whoever asked: is there an account of that number with that phone?

use std::time::Duration;

use motcua_openapi::messages::MessagePurpose;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::model::Reset;
use super::store;
use crate::accounts::{self, Account};
use crate::app::Services;
use crate::database::Transaction;
use crate::messages::{self, NewMessage};
use crate::problem::Fault;

/// Requests looked up a round.
const AT_ONCE: u64 = 100;

/// Runs until cancelled. By the clock and never at once, so that the next answer of the server takes no longer
/// after a request that concerns somebody than after one that does not.
pub async fn run(services: Services, stop: CancellationToken) {
    let poll = Duration::from_millis(services.settings.citizens.reset.poll_millis);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(poll) => {}
        }
        if let Err(fault) = resolve_due(&services).await {
            tracing::error!(error = %fault, "password resets cannot be read");
        }
    }
}

/// Looks up what nobody has looked up yet; how many were. One that cannot be read is logged and passed over.
///
/// # Errors
/// Where the database fails.
pub async fn resolve_due(services: &Services) -> Result<usize, Fault> {
    let due = store::unresolved(services.database.reader(), services.clock.now(), AT_ONCE).await?;
    let mut resolved = 0;
    for id in due {
        match resolve(services, id).await {
            Ok(()) => resolved += 1,
            Err(fault) => {
                tracing::error!(reset = %id, error = %fault, "a password reset was not looked up");
                give_up(services, id).await?;
            }
        }
    }
    Ok(resolved)
}

/// One request, in one transaction: an instance that dies on it leaves it to the next.
async fn resolve(services: &Services, id: Uuid) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    if !store::take(&transaction, id, services.clock.now()).await? {
        return Ok(());
    }
    if let Some(reset) = store::find(&transaction, services, id).await? {
        let account = accounts::of_number(&transaction, services, &reset.typed.number).await?;
        if let Some(account) = account.filter(|it| it.personal.phone == reset.typed.phone && it.closed_at.is_none()) {
            queue_code(&transaction, services, &reset, &account).await?;
        }
    }
    transaction.commit().await?;
    services.outbox.wake(id);
    Ok(())
}

async fn queue_code(
    transaction: &Transaction,
    services: &Services,
    reset: &Reset,
    account: &Account,
) -> Result<(), Fault> {
    let message_id = services.new_id();
    store::resolve(transaction, reset.id, account.id, message_id).await?;
    let message = NewMessage {
        id: message_id,
        purpose: MessagePurpose::ResetCode,
        subject_id: reset.id,
        officer_id: account.officer_id,
        unit_id: account.unit_id,
        phone: &reset.typed.phone,
        use_until: reset.expires_at,
    };
    messages::enqueue(transaction, services, message).await
}

/// Does not look at it again.
async fn give_up(services: &Services, id: Uuid) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    store::take(&transaction, id, services.clock.now()).await?;
    Ok(transaction.commit().await?)
}
