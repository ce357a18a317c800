//! What an auditor reads: the events of their agency and below, newest first, by a keyset cursor. Each page that is
//! read is an event too.

use std::collections::HashMap;

use motcua_openapi::audit::{Actor, AuditEvent, AuditPage, Change, SearchAuditEvents, Subject};
use motcua_openapi::desk::{OfficerRef, UnitRef};
use motcua_openapi::problem::{FieldCode, FieldError};
use uuid::Uuid;

use super::model::{Event, Kept};
use super::store::{self, Sight};
use super::{About, Act};
use crate::app::Services;
use crate::cursor::Position;
use crate::problem::{Failure, Fault};
use crate::sessions::Caller;
use crate::{officers, units};

const DEFAULT_LIMIT: u32 = 50;

/// One page.
pub(super) async fn search(
    services: &Services,
    caller: &Caller,
    query: &SearchAuditEvents,
) -> Result<AuditPage, Failure> {
    let filter = query.parse().map_err(Failure::fields)?;
    let after = query.cursor.as_deref().map(|text| Position::parse(text).ok_or_else(bad_cursor)).transpose()?;
    let limit = u64::from(query.limit.unwrap_or(DEFAULT_LIMIT));
    let reader = services.database.reader();
    let sight = sight(services, caller).await?;
    let mut rows = store::page(reader, &sight, &filter, after, limit + 1).await?;
    let has_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| has_more).map(|last| position(last).cursor());
    let items = show(services, rows).await?;
    remember(services, caller, Act::AuditRead).await?;
    Ok(AuditPage { items, next })
}

fn bad_cursor() -> Failure {
    Failure::fields(vec![FieldError::new("cursor", FieldCode::OutOfRange, "not a cursor of this search")])
}

/// Whose events the caller sees: what somebody of their agency or below did, and what was done on a thing there.
/// What is nobody's, such as an act of the system on no unit's thing, is for those at the top.
pub(super) async fn sight(services: &Services, caller: &Caller) -> Result<Sight, Fault> {
    let reader = services.database.reader();
    let own = units::store::find(reader, caller.agency_id).await?;
    Ok(Sight {
        agencies: units::reach(reader, caller.agency_id).await?,
        is_at_the_top: own.is_some_and(|unit| unit.parent_id.is_none()),
    })
}

/// Writes down that the audit was looked at.
pub(super) async fn remember(services: &Services, caller: &Caller, act: Act) -> Result<(), Fault> {
    let transaction = services.database.begin().await?;
    let about = About::default().in_unit(caller.agency_id);
    super::record(&transaction, services, caller, act, about).await?;
    Ok(transaction.commit().await?)
}

/// Where a list goes on behind an event.
pub(super) fn position(kept: &Kept) -> Position {
    Position { at: kept.event.at, id: kept.event.id }
}

async fn show(services: &Services, rows: Vec<Kept>) -> Result<Vec<AuditEvent>, Fault> {
    let reader = services.database.reader();
    let officers = officers::store::names(reader, rows.iter().filter_map(|row| row.event.officer_id).collect()).await?;
    let units = units::store::names(reader, rows.iter().filter_map(|row| row.event.unit_id).collect()).await?;
    Ok(rows.into_iter().filter_map(|row| event(row, &officers, &units)).collect())
}

/// `None`: an act that this program does not know yet, which the page left out already.
fn event(row: Kept, officers: &HashMap<Uuid, String>, units: &HashMap<Uuid, String>) -> Option<AuditEvent> {
    let Kept { event, sequence, .. } = row;
    let act = Act::named(&event.act)?;
    Some(AuditEvent {
        actor: actor(&event, officers),
        subject: event.subject_id.map(|id| Subject { kind: act.subject(), id }),
        unit: event.unit_id.map(|id| UnitRef { id, name: units.get(&id).cloned().unwrap_or_default() }),
        changes: event.changes.as_deref().map(changes).unwrap_or_default(),
        id: event.id,
        sequence,
        at: event.at,
        act,
        remote_address: event.remote_address,
    })
}

fn actor(event: &Event, officers: &HashMap<Uuid, String>) -> Actor {
    match (event.officer_id, event.citizen_id) {
        (Some(id), _) => {
            Actor::Officer { officer: OfficerRef { id, full_name: officers.get(&id).cloned().unwrap_or_default() } }
        }
        (None, Some(account_id)) => Actor::Citizen { account_id },
        (None, None) => Actor::System,
    }
}

/// A field that this program does not know yet is passed over.
fn changes(text: &str) -> Vec<Change> {
    let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect()
}
