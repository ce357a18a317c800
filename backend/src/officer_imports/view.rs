//! A list as whoever uploaded it sees it: how far it is, what is wrong with it, what it would do.

use motcua_openapi::officer_imports::{
    ImportQuery, ImportState, ListRow, MAX_LISTED, OfficerImport, Progress, RowCounts,
};
use uuid::Uuid;

use super::model::Plan;
use super::{Error, Uploaded, store};
use crate::app::Services;
use crate::sessions::Caller;

const DEFAULT_LIMIT: u32 = 100;

/// The caller's list of an id; another's is not there.
pub(super) async fn of_caller(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    query: ImportQuery,
) -> Result<OfficerImport, Error> {
    if query.limit.is_some_and(|limit| limit > MAX_LISTED) {
        return Err(Error::LimitOutOfRange);
    }
    let found = store::find(services.database.reader(), id).await?;
    let list = found.filter(|list| list.officer_id == Some(caller.officer_id)).ok_or(Error::NotFound)?;
    show(services, list, query).await
}

/// A list that is at hand.
pub(super) async fn show(services: &Services, list: Uploaded, query: ImportQuery) -> Result<OfficerImport, Error> {
    let plan = match list.state {
        ImportState::Checking | ImportState::Expired => None,
        ImportState::Refused
        | ImportState::Ready
        | ImportState::Applying
        | ImportState::Applied
        | ImportState::Stale
        | ImportState::Failed => store::plan(services.database.reader(), services, list.id).await?,
    };
    let done = list.done.max(services.imports.so_far(list.id).unwrap_or_default());
    let plan = plan.as_ref();
    Ok(OfficerImport {
        id: list.id,
        state: list.state,
        progress: Progress { done: done.min(list.total), total: list.total },
        counts: plan.map_or_else(RowCounts::default, Plan::counts),
        error_count: plan.map_or(0, |plan| plan.error_count),
        errors: plan.map(|plan| plan.errors.clone()).unwrap_or_default(),
        rows: plan.map(|plan| rows(plan, query)).unwrap_or_default(),
        created_at: list.created_at,
        expires_at: list.expires_at,
        applied_at: list.applied_at,
    })
}

fn rows(plan: &Plan, query: ImportQuery) -> Vec<ListRow> {
    let wanted = plan.rows.iter().filter(|row| query.outcome.is_none_or(|outcome| row.shown.outcome == outcome));
    let offset = usize::try_from(query.offset.unwrap_or_default()).unwrap_or(usize::MAX);
    let limit = usize::try_from(query.limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or_default();
    wanted.skip(offset).take(limit).map(|row| row.shown.clone()).collect()
}
