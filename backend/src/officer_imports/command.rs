//! `motcua officers import FILE`: the same check, the same applying, without a browser.
//!
//! The list goes the way of an uploaded one: this program works on it, or a server on the same data that was quicker.
//! Whoever runs the command may do what an administrator of the agency may.

use std::path::PathBuf;
use std::time::Duration as Wait;

use anyhow::Context;
use motcua_openapi::officer_imports::{
    CellChange, CellError, ImportQuery, ImportState, ListRow, MAX_BYTES, MAX_LISTED, OfficerImport, RowOutcome,
};
use uuid::Uuid;

use super::{store, upload, view, work};
use crate::app::Services;
use crate::problem::Fault;
use crate::{officer_imports::sheet, units};

/// Between two looks at how far it has come.
const LOOK: Wait = Wait::from_millis(100);

/// What is asked for.
pub struct Import {
    /// The list.
    pub file: PathBuf,
    /// The agency whose administrator would bring it; may be left out where there is one unit at the top.
    pub agency: Option<Uuid>,
    /// Whether to apply it, where it has no fault.
    pub apply: bool,
}

/// What is told meanwhile.
pub enum Seen {
    /// How far it has come.
    Progress {
        /// What is done.
        state: ImportState,
        /// Rows done.
        done: u32,
        /// Rows in all.
        total: u32,
    },
    /// A fault, a row, or how it ended.
    Line(String),
}

/// Checks a list and, where asked to, applies it. Whether it did all that was asked.
///
/// # Errors
/// Where the file, the agency or the database is at fault.
pub async fn import(services: &Services, asked: Import, mut tell: impl FnMut(Seen)) -> anyhow::Result<bool> {
    let content = std::fs::read(&asked.file).with_context(|| asked.file.display().to_string())?;
    anyhow::ensure!(content.len() as u64 <= MAX_BYTES, "at most {MAX_BYTES} bytes");
    let name = asked.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = sheet::format_of(&name, &content)
        .map_err(|kind| anyhow::anyhow!("a list is an .xlsx or a .csv; this is {kind}"))?;
    let agency_id = agency(services, asked.agency).await?;
    let id = services.new_id();
    let transaction = services.database.begin().await?;
    let kept = upload::keep(&transaction, services, id, (None, agency_id, None), format, &content).await;
    kept.map_err(broken)?;
    transaction.commit().await?;
    let checked = until_done(services, id, &mut tell).await?;
    tell_all(services, id, &checked, &mut tell).await?;
    if checked.state != ImportState::Ready || !asked.apply {
        return Ok(checked.state == ImportState::Ready);
    }
    let transaction = services.database.begin().await?;
    let list = store::find(&transaction, id).await.map_err(fault)?.context("the list is gone")?;
    upload::begin_to_apply(&transaction, &list).await.map_err(broken)?;
    transaction.commit().await?;
    let ended = until_done(services, id, &mut tell).await?;
    tell(Seen::Line(ended.state.as_str().to_owned()));
    Ok(ended.state == ImportState::Applied)
}

/// The unit at whose top the list is read.
async fn agency(services: &Services, asked: Option<Uuid>) -> anyhow::Result<Uuid> {
    let all = units::store::all(services.database.reader()).await.map_err(fault)?;
    if let Some(id) = asked {
        return all.iter().any(|unit| unit.id == id).then_some(id).context("--agency: no such unit");
    }
    let tops: Vec<_> = all.iter().filter(|unit| unit.parent_id.is_none()).collect();
    match tops.as_slice() {
        [one] => Ok(one.id),
        _ => {
            let tops: Vec<String> = tops.iter().map(|unit| format!("{} {}", unit.id, unit.name)).collect();
            anyhow::bail!("say which with --agency:\n{}", tops.join("\n"))
        }
    }
}

/// Works on what waits until nothing is done with the list any more.
async fn until_done(services: &Services, id: Uuid, tell: &mut impl FnMut(Seen)) -> anyhow::Result<OfficerImport> {
    loop {
        // Another instance may be at it: then there is nothing to do but to look.
        let mut work = std::pin::pin!(work::work_on_next(services));
        let mut is_working = true;
        while is_working {
            tokio::select! {
                done = &mut work => is_working = done.map(|_| false).map_err(fault)?,
                () = tokio::time::sleep(LOOK) => {}
            }
            let seen = look(services, id, ImportQuery { limit: Some(0), ..ImportQuery::default() }).await?;
            tell(Seen::Progress { state: seen.state, done: seen.progress.done, total: seen.progress.total });
            if !seen.state.is_under_way() && !is_working {
                return Ok(seen);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn look(services: &Services, id: Uuid, query: ImportQuery) -> anyhow::Result<OfficerImport> {
    let list = store::find(services.database.reader(), id).await.map_err(fault)?.context("the list is gone")?;
    view::show(services, list, query).await.map_err(broken)
}

/// Every fault, or every row that would change, and the sum.
async fn tell_all(
    services: &Services,
    id: Uuid,
    checked: &OfficerImport,
    tell: &mut impl FnMut(Seen),
) -> anyhow::Result<()> {
    for error in &checked.errors {
        tell(Seen::Line(fault_line(error)));
    }
    if checked.error_count > 0 {
        tell(Seen::Line(format!("{} faults: nothing can be applied", checked.error_count)));
        return Ok(());
    }
    for outcome in [RowOutcome::New, RowOutcome::Changed] {
        let mut offset = 0;
        loop {
            let query = ImportQuery { outcome: Some(outcome), offset: Some(offset), limit: Some(MAX_LISTED) };
            let rows = look(services, id, query).await?.rows;
            offset += u32::try_from(rows.len()).unwrap_or(u32::MAX);
            rows.iter().for_each(|row| tell(Seen::Line(row_line(row))));
            if rows.len() < MAX_LISTED as usize {
                break;
            }
        }
    }
    let counts = checked.counts;
    let (new, changed, unchanged) = (counts.new, counts.changed, counts.unchanged);
    tell(Seen::Line(format!(
        "{} rows: {new} new, {changed} changed, {unchanged} unchanged",
        new + changed + unchanged
    )));
    if checked.state != ImportState::Ready {
        tell(Seen::Line(checked.state.as_str().to_owned()));
    }
    Ok(())
}

/// Row, cell, code, words, and what they are about.
fn fault_line(error: &CellError) -> String {
    let row = error.row.map_or_else(|| "-".to_owned(), |row| row.to_string());
    let cell = error.cell.as_deref().unwrap_or("-");
    let about: String = error.params.iter().map(|(name, value)| format!("\t{name}: {value}")).collect();
    format!("{row}\t{cell}\t{}\t{}{about}", error.code.as_str(), error.detail)
}

fn row_line(row: &ListRow) -> String {
    let changed = |change: &CellChange| format!("\t{}: {} -> {}", change.column.header(), change.before, change.after);
    let changes: String = row.changes.iter().map(changed).collect();
    format!("{}\t{}\t{}\t{}{changes}", row.row, row.outcome.as_str(), row.username, row.full_name)
}

fn fault(fault: Fault) -> anyhow::Error {
    anyhow::anyhow!("{fault}")
}

fn broken(error: super::Error) -> anyhow::Error {
    match error {
        super::Error::Broken(broken) => fault(broken),
        other => anyhow::anyhow!("{other:?}"),
    }
}
