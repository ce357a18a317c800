//! The task that gives each event its place in the chain.
//!
//! Every instance runs it; the chain's row lets one at a time go on. What commits late is sealed late: an event
//! waits for its place by having none, so none is passed over.

use std::time::Duration as Wait;

use chrono::Duration;
use tokio_util::sync::CancellationToken;

use super::model::Head;
use super::store;
use crate::app::Services;
use crate::problem::Fault;

/// Events a transaction: SQLite's other writers wait meanwhile.
const AT_ONCE: u64 = 500;

/// Runs until cancelled.
pub async fn run(services: Services, stop: CancellationToken) {
    let poll = Wait::from_millis(services.settings.audit.poll_millis);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(poll) => {}
        }
        if let Err(fault) = seal_due(&services).await {
            tracing::error!(error = %fault, "events could not be sealed; it goes on later");
        }
    }
}

/// Seals what has waited long enough; how many events.
///
/// # Errors
/// Where the database fails; what was sealed before stays sealed.
pub async fn seal_due(services: &Services) -> Result<u64, Fault> {
    let mut sealed = 0;
    loop {
        let batch = seal_batch(services).await?;
        sealed += batch;
        if batch < AT_ONCE {
            return Ok(sealed);
        }
    }
}

async fn seal_batch(services: &Services) -> Result<u64, Fault> {
    let now = services.clock.now();
    let until = now - Duration::seconds(i64::from(services.settings.audit.lag_seconds));
    if store::unsealed(services.database.reader(), until, 1).await?.is_empty() {
        return Ok(0);
    }
    let transaction = services.database.begin().await?;
    let mut head = store::lock_head(&transaction, now).await?;
    let due = store::unsealed(&transaction, until, AT_ONCE).await?;
    let count = due.len() as u64;
    for kept in due {
        let sequence = head.sequence + 1;
        // One that is not ours gets its place too: passed over, it would never be looked at again.
        if kept.mac.as_deref().is_some_and(|mac| mac != kept.event.mac(&services.vault)) {
            tracing::error!(event = %kept.event.id, sequence, "an audit event is not as it was written");
        }
        let seal = kept.event.seal(&services.vault, sequence, &head.seal).to_vec();
        store::seal(&transaction, kept.event.id, sequence, &seal).await?;
        head = Head { sequence, seal };
    }
    store::advance(&transaction, &head, now).await?;
    transaction.commit().await?;
    Ok(count)
}
