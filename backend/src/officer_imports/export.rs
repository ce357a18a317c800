//! The list written out: all officers of the administrator's agency and below, as it would be read back.
//!
//! Phones stand in groups, so that no spreadsheet takes them for numbers, and a name that begins as a formula is
//! written so that none runs it. Whether somebody may sign in is not in a list.

use motcua_openapi::audit::{Act, Change, ChangedField};
use motcua_openapi::officer_imports::{ListColumn, ListFormat};
use motcua_openapi::values::PhoneNumber;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use uuid::Uuid;

use super::model::{COLUMNS, role_word};
use super::names::Names;
use crate::app::Services;
use crate::audit::{self, About};
use crate::cells::guarded;
use crate::officers::{Officer, lists};
use crate::problem::Fault;
use crate::sessions::Caller;
use crate::units;

/// Officers a statement.
const AT_ONCE: u64 = 2_000;

/// Widths of the columns, in characters.
const WIDTHS: [f64; COLUMNS] = [6.0, 28.0, 18.0, 16.0, 60.0, 40.0, 12.0];

type Line = [String; COLUMNS];

/// The list of the administrator's agency and below. An audit event.
pub(super) async fn export(services: &Services, caller: &Caller, format: ListFormat) -> Result<Vec<u8>, Fault> {
    let lines = lines(services, caller.agency_id).await?;
    let transaction = services.database.begin().await?;
    let rows = Change::to(ChangedField::Rows, lines.len().to_string());
    let about = About::of(caller.agency_id).in_unit(caller.agency_id).with(vec![rows]);
    audit::record(&transaction, services, caller, Act::OfficersExported, about).await?;
    transaction.commit().await?;
    let write = move || match format {
        ListFormat::Xlsx => workbook(&lines).map_err(anyhow::Error::from),
        ListFormat::Csv => text(&lines),
    };
    tokio::task::spawn_blocking(write).await.map_err(Fault::new)?.map_err(Fault::new)
}

async fn lines(services: &Services, agency_id: Uuid) -> Result<Vec<Line>, Fault> {
    let reader = services.database.reader();
    let within_reach = units::store::below(reader, agency_id).await?;
    let names = Names::new(units::store::all(reader).await?, within_reach.iter().copied());
    let (mut lines, mut after): (Vec<Line>, Option<String>) = (Vec::new(), None);
    loop {
        let page = lists::of_agencies(reader, services, &within_reach, after.as_deref(), AT_ONCE).await?;
        let ids: Vec<Uuid> = page.iter().map(|officer| officer.id).collect();
        let assigned = units::store::units_of(reader, &ids).await?;
        for officer in &page {
            let units = assigned.get(&officer.id).map_or(&[][..], Vec::as_slice);
            lines.push(line(lines.len() + 1, officer, units, &names));
        }
        match page.last() {
            Some(last) if page.len() as u64 == AT_ONCE => after = Some(last.username.clone()),
            _ => return Ok(lines),
        }
    }
}

fn line(number: usize, officer: &Officer, units: &[Uuid], names: &Names) -> Line {
    let within: Vec<Uuid> = units.iter().copied().filter(|unit| names.reaches(*unit)).collect();
    ListColumn::ALL.map(|column| match column {
        ListColumn::Number => number.to_string(),
        ListColumn::FullName => officer.full_name.clone(),
        ListColumn::Username => officer.username.clone(),
        ListColumn::Phone => officer.phone.as_ref().map(PhoneNumber::grouped).unwrap_or_default(),
        ListColumn::Unit => names.all_written(Some(officer.agency_id), &within).join("; "),
        ListColumn::Agency => names.written(None, officer.agency_id),
        ListColumn::Role => role_word(officer.role).to_owned(),
    })
}

fn workbook(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Cán bộ")?;
    // As text: what somebody types over a phone keeps its zero too.
    let (header, plain) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    for (at, column) in (0..).zip(ListColumn::ALL) {
        sheet.write_string_with_format(0, at, column.header(), &header)?;
    }
    for (at, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(at, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1..).zip(lines) {
        for (at, cell) in (0..).zip(line) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, at, cell, &plain)?;
            }
        }
    }
    workbook.save_to_buffer()
}

fn text(lines: &[Line]) -> anyhow::Result<Vec<u8>> {
    // The mark tells a spreadsheet that it is UTF-8.
    let mut table =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    table.write_record(ListColumn::ALL.map(ListColumn::header))?;
    for line in lines {
        table.write_record(line.iter().map(|cell| guarded(cell)))?;
    }
    Ok(table.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
