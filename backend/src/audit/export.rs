//! The events of an auditor's agency and below as a table, newest first, written as it is read: by ids only.
//!
//! Refuses names, and a citizen's address: what leaves the house in a file holds nothing of a person. Staff's
//! addresses are in it, to tell where from somebody of the house acted.

use bytes::Bytes;
use futures_util::{Stream, stream};
use motcua_openapi::audit::{AuditFilter, ExportAuditEvents};
use motcua_openapi::problem::{Problem, ProblemCode};

use super::Act;
use super::model::{Event, Kept};
use super::search::{position, remember, sight};
use super::store::{self, Sight};
use crate::app::Services;
use crate::cells::guarded;
use crate::cursor::Position;
use crate::problem::{Failure, Fault};
use crate::sessions::Caller;

/// Events a piece.
const AT_ONCE: u64 = 1_000;

const COLUMNS: [&str; 12] = [
    "at",
    "act",
    "officer_id",
    "citizen_id",
    "agency_id",
    "unit_id",
    "subject_kind",
    "subject_id",
    "remote_address",
    "changes",
    "sequence",
    "id",
];

/// The table, a piece at a time. That it was asked for is remembered before the first.
pub(super) async fn export(
    services: &Services,
    caller: &Caller,
    query: &ExportAuditEvents,
) -> Result<impl Stream<Item = Result<Bytes, Fault>> + use<>, Failure> {
    let refused = |fields| Problem::new(ProblemCode::RequestInvalid, "see fields").with_fields(fields);
    let filter = query.parse().map_err(refused)?;
    let sight = sight(services, caller).await?;
    remember(services, caller, Act::AuditExported).await?;
    let walk = Walk { services: services.clone(), sight, filter, next: Next::Header };
    Ok(stream::try_unfold(walk, Walk::piece))
}

/// How far a table has come.
struct Walk {
    services: Services,
    sight: Sight,
    filter: AuditFilter,
    next: Next,
}

enum Next {
    Header,
    After(Position),
    Nothing,
}

impl Walk {
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, Fault> {
        let (after, header) = match self.next {
            Next::Header => (None, Some(COLUMNS)),
            Next::After(position) => (Some(position), None),
            Next::Nothing => return Ok(None),
        };
        let reader = self.services.database.reader();
        let rows = store::page(reader, &self.sight, &self.filter, after, AT_ONCE).await?;
        let is_last = (rows.len() as u64) < AT_ONCE;
        self.next = rows.last().filter(|_| !is_last).map_or(Next::Nothing, |last| Next::After(position(last)));
        let written = write(header, &rows).map_err(Fault::new)?;
        Ok(Some((written.into(), self)))
    }
}

fn write(header: Option<[&str; 12]>, rows: &[Kept]) -> anyhow::Result<Vec<u8>> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if let Some(header) = header {
        table.write_record(header)?;
    }
    for row in rows {
        table.write_record(cells(row).map(|cell| guarded(&cell)))?;
    }
    Ok(table.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn cells(kept: &Kept) -> [String; 12] {
    let Kept { event, sequence, .. } = kept;
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let kind = Act::named(&event.act).filter(|_| event.subject_id.is_some());
    [
        event.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        event.act.clone(),
        id(event.officer_id),
        id(event.citizen_id),
        id(event.agency_id),
        id(event.unit_id),
        kind.map(|act| act.subject().as_str().to_owned()).unwrap_or_default(),
        id(event.subject_id),
        address(event),
        event.changes.clone().unwrap_or_default(),
        sequence.map(|sequence| sequence.to_string()).unwrap_or_default(),
        event.id.to_string(),
    ]
}

fn address(event: &Event) -> String {
    event.remote_address.clone().filter(|_| event.citizen_id.is_none()).unwrap_or_default()
}
