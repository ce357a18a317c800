//! What is done behind a list's upload and behind the press of "apply".
//!
//! Every instance runs it. A claim gives a list to one of them; where that one dies the claim runs out and another
//! begins anew: a check writes nothing but its result, and what was half applied was rolled back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration as Wait;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::audit::{Act, Change, ChangedField};
use motcua_openapi::officer_imports::ImportState;
use tokio_util::sync::CancellationToken;

use super::check::{Check, World};
use super::model::{Plan, Sheet};
use super::{Uploaded, apply, sheet, store, world};
use crate::app::Services;
use crate::audit::{self, About, By};
use crate::database::Transaction;
use crate::problem::Fault;

/// How long a list belongs to whoever claimed it.
const LEASE: Duration = Duration::minutes(10);
/// Between two notes of how far it has come.
const NOTE: Wait = Wait::from_millis(250);
/// Rows between two counts.
const STEP: usize = 50;

/// Runs until cancelled; the list that is being worked on is finished first.
pub async fn run(services: Services, stop: CancellationToken) {
    let poll = Wait::from_millis(services.settings.imports.poll_millis);
    while !stop.is_cancelled() {
        match work_on_next(&services).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => tracing::error!(error = %fault, "the lists of officers cannot be read"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = services.imports.woken() => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
}

/// Works on the list that has waited longest. `false`: none waits.
pub(super) async fn work_on_next(services: &Services) -> Result<bool, Fault> {
    let now = services.clock.now();
    let Some(list) = store::claim(services, now, now + LEASE).await? else { return Ok(false) };
    let done = match list.state {
        ImportState::Checking => check(services, &list).await,
        ImportState::Applying => apply::apply(services, &list).await,
        ImportState::Refused
        | ImportState::Ready
        | ImportState::Applied
        | ImportState::Stale
        | ImportState::Failed
        | ImportState::Expired => Ok(()),
    };
    if let Err(fault) = done {
        tracing::error!(list = %list.id, error = %fault, "a list of officers failed");
        let transaction = services.database.begin().await?;
        store::advance(&transaction, list.id, list.state, ImportState::Failed, None).await?;
        transaction.commit().await?;
    }
    Ok(true)
}

async fn check(services: &Services, list: &Uploaded) -> Result<(), Fault> {
    let content = store::file(services.database.reader(), services, list.id).await?;
    let content = content.ok_or_else(|| Fault::new(anyhow::anyhow!("a list without its file")))?;
    let format = list.format;
    let read = tokio::task::spawn_blocking(move || sheet::read(format, &content)).await.map_err(Fault::new)?;
    let (rows, plan) = match read {
        Ok(sheet) => {
            let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
            store::progress(services, list.id, 0, rows).await?;
            (rows, plan(services, list, sheet).await?)
        }
        Err(errors) => (0, Plan::refused(errors)),
    };
    let state = if plan.is_sound() { ImportState::Ready } else { ImportState::Refused };
    let transaction = services.database.begin().await?;
    if store::checked(&transaction, services, list.id, &plan, state).await? {
        remember(&transaction, services, list, Act::ImportChecked, rows, state).await?;
    }
    Ok(transaction.commit().await?)
}

/// Checks the rows, and notes how far that has come.
async fn plan(services: &Services, list: &Uploaded, sheet: Sheet) -> Result<Plan, Fault> {
    let total = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let world = world::load(services.database.reader(), services, (list.officer_id, list.agency_id), &sheet).await?;
    let done = Arc::new(AtomicU32::new(0));
    let counter = done.clone();
    let mut checking = tokio::task::spawn_blocking(move || check_rows(&world, &sheet, &counter));
    loop {
        tokio::select! {
            plan = &mut checking => {
                store::progress(services, list.id, total, total).await?;
                return plan.map_err(Fault::new);
            }
            () = tokio::time::sleep(NOTE) => {
                store::progress(services, list.id, done.load(Ordering::Relaxed), total).await?;
            }
        }
    }
}

/// Checks every row; counts those that are done.
pub(super) fn check_rows(world: &World, sheet: &Sheet, done: &AtomicU32) -> Plan {
    let mut check = Check::new(world, sheet);
    for some in sheet.rows.chunks(STEP) {
        some.iter().for_each(|row| check.row(row));
        done.fetch_add(u32::try_from(some.len()).unwrap_or_default(), Ordering::Relaxed);
    }
    check.end()
}

/// Writes down what became of a list, for whoever uploaded it.
pub(super) async fn remember(
    transaction: &Transaction,
    services: &Services,
    list: &Uploaded,
    act: Act,
    rows: u32,
    state: ImportState,
) -> Result<(), Fault> {
    let changes =
        vec![Change::to(ChangedField::Rows, rows.to_string()), Change::to(ChangedField::State, state.as_str())];
    let about = About::of(list.id).in_unit(list.agency_id).with(changes);
    audit::record(transaction, services, by(list), act, about).await
}

/// In whose name a list is worked on.
pub(super) fn by(list: &Uploaded) -> By<'_> {
    list.officer_id.map_or(By::System, |officer_id| By::Behalf {
        officer_id,
        agency_id: list.agency_id,
        remote_address: list.remote_address.as_deref(),
    })
}

/// Erases the rows of lists whose day has passed.
///
/// # Errors
/// Where the database fails.
pub async fn expire(transaction: &Transaction, now: DateTime<Utc>) -> Result<u64, Fault> {
    store::erase(transaction, now).await
}
