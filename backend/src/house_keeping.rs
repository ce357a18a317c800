//! What must be done once a minute by somebody: expired drafts, old keys, old hits.
//!
//! Every instance does it; two at once do no harm, for each step is its own transaction.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::Services;
use crate::problem::Fault;
use crate::{
    citizens, dashboard, idempotency, limits, messages, monitoring, officer_imports, registrations, second_factors,
    sessions,
};

const EVERY: Duration = Duration::from_secs(60);

/// Runs until cancelled.
pub async fn run(services: Services, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(fault) = once(&services).await {
            tracing::error!(error = %fault, "house-keeping failed; it goes on next minute");
        }
    }
}

/// One round.
///
/// # Errors
/// Where the database fails.
pub async fn once(services: &Services) -> Result<(), Fault> {
    let expired = registrations::expire(services).await?;
    let now = services.clock.now();
    let transaction = services.database.begin().await?;
    let hits = limits::sweep(&transaction, now).await?;
    let keys = idempotency::sweep(&transaction, now).await?;
    let over = sessions::sweep(&transaction, now).await?;
    let challenges = second_factors::sweep(&transaction, now).await?;
    let reports = messages::sweep(&transaction, services).await?;
    let refusals = dashboard::sweep(&transaction, now).await?;
    let of_citizens = citizens::sweep(&transaction, services).await?;
    let lists = officer_imports::expire(&transaction, now).await?;
    transaction.commit().await?;
    monitoring::upkeep();
    tracing::debug!(
        expired,
        hits,
        keys,
        sessions = over,
        challenges,
        reports,
        refusals,
        of_citizens,
        lists,
        "house-keeping"
    );
    Ok(())
}
