//! What an administrator sees in the morning: accounts, refusals, quiet desks and failing texts of their
//! agency and below.
//!
//! Owns `refusal_counts` and the counting of refusals at desks. Refuses anything but counts: no person, no
//! account, no text is here.

mod refusals;
pub mod routes;
mod store;

use std::collections::{BTreeSet, HashMap};

use chrono::Duration;
use motcua_openapi::dashboard::{AccountCount, Dashboard, FailureCount, QuietDesk, TextCounts};
use motcua_openapi::desk::UnitRef;
use motcua_openapi::messages::{MessageCount, MessageReason, MessageState, MessageStatistics};
use uuid::Uuid;

pub use refusals::{Place, Refusals, count, run};
pub use store::sweep;

use crate::app::Services;
use crate::clock::desk_midnight;
use crate::problem::Fault;
use crate::sessions::Administrator;
use crate::units::{self, Unit};
use crate::{accounts, messages};

/// How many days are counted, today among them.
const DAYS: i64 = 30;
/// How many hours of texts are counted.
const TEXT_HOURS: u32 = 24;

/// The counts of the administrator's agency and below.
pub(super) async fn of_agency(
    services: &Services,
    administrator: &Administrator,
    quiet_days: u32,
) -> Result<Dashboard, Fault> {
    let reader = services.database.reader();
    let (now, to) = (services.clock.now(), services.clock.today());
    let from = to - Duration::days(DAYS - 1);
    let all = units::store::all(reader).await?;
    let scope = units::model::subtree(&all, administrator.0.agency_id);
    let accounts = accounts::created_by_day(reader, scope.clone(), desk_midnight(from)).await?;
    let refusals = store::counts(reader, scope.clone(), from).await?;
    let quiet_desks = quiet_desks(services, &all, &scope, &accounts, quiet_days).await?;
    let texts = messages::statistics_of_agency(services, administrator, TEXT_HOURS).await?;
    let named: BTreeSet<Uuid> =
        accounts.iter().map(|one| one.unit_id).chain(refusals.iter().map(|one| one.unit_id)).collect();
    Ok(Dashboard {
        from,
        to,
        counted_at: now,
        units: names(&all, &named),
        accounts,
        refusals,
        quiet_days,
        quiet_desks,
        texts: failing(texts),
    })
}

/// In the order of `all`, which is by name.
fn names(all: &[Unit], named: &BTreeSet<Uuid>) -> Vec<UnitRef> {
    let named = all.iter().filter(|unit| named.contains(&unit.id));
    named.map(|unit| UnitRef { id: unit.id, name: unit.name.clone() }).collect()
}

/// Units at which an account could have been created, and none was since the first of so many days.
async fn quiet_desks(
    services: &Services,
    all: &[Unit],
    scope: &[Uuid],
    accounts: &[AccountCount],
    quiet_days: u32,
) -> Result<Vec<QuietDesk>, Fault> {
    let since = services.clock.today() - Duration::days(i64::from(quiet_days) - 1);
    let busy: BTreeSet<Uuid> = accounts.iter().filter(|one| one.day >= since).map(|one| one.unit_id).collect();
    let markers = &services.settings.place.unit_markers;
    let is_quiet = |unit: &&Unit| scope.contains(&unit.id) && unit.is_one_stop(markers) && !busy.contains(&unit.id);
    let mut quiet = Vec::new();
    for unit in all.iter().filter(is_quiet) {
        let last_created_at = accounts::last_created(services.database.reader(), unit.id).await?;
        quiet.push(QuietDesk { unit: UnitRef { id: unit.id, name: unit.name.clone() }, last_created_at });
    }
    quiet.sort_by_key(|desk| desk.last_created_at);
    Ok(quiet)
}

fn failing(statistics: MessageStatistics) -> TextCounts {
    let is_failing = |one: &&MessageCount| {
        let is_overdue = one.state == MessageState::Sent && one.reason == Some(MessageReason::NoReport);
        one.state == MessageState::Failed || is_overdue
    };
    let mut by_fate: HashMap<_, u64> = HashMap::new();
    for one in statistics.counts.iter().filter(is_failing) {
        *by_fate.entry((one.gateway.clone(), one.purpose, one.reason)).or_default() += one.count;
    }
    let mut failures: Vec<FailureCount> = by_fate
        .into_iter()
        .map(|((gateway, purpose, reason), count)| FailureCount { gateway, purpose, reason, count })
        .collect();
    failures.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.gateway.cmp(&b.gateway)));
    TextCounts {
        from: statistics.from,
        total: statistics.counts.iter().map(|one| one.count).sum(),
        failing: failures.iter().map(|one| one.count).sum(),
        failures,
    }
}
