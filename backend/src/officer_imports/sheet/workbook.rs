//! A list as a workbook: a zip of XML parts, read by calamine once it is known to be harmless.
//!
//! Before calamine sees it, every part is really unpacked into a budget: nothing that a header says of a size is
//! believed. Then the cells come one by one, never as a block: one cell at XFD1048576 would claim the memory of all
//! that it might stand behind.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{Gathered, Unreadable};

/// A workbook has some twenty parts.
const MAX_ENTRIES: usize = 500;
/// Bytes that all parts together may unpack to: ten thousand rows need five million.
const MAX_UNPACKED: u64 = 48 * 1024 * 1024;
/// Ends of central directory that a file may seem to have: one, and a few by chance.
const MAX_DIRECTORY_ENDS: usize = 8;
/// Cells that are read, empty ones included.
const MAX_CELLS: u32 = 1_000_000;

const BROKEN: Unreadable = Unreadable::Broken("it is no workbook, or a damaged one");

/// Reads its first sheet that is shown.
pub(super) fn read(content: &[u8]) -> Result<Gathered, Unreadable> {
    unpack(content)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(content)).map_err(|_| BROKEN)?;
    let sheets = workbook.sheets_metadata();
    let shown = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let name = sheets.iter().find(shown).or(sheets.first()).ok_or(BROKEN)?.name.clone();
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| BROKEN)?;
    let mut gathered = Gathered::default();
    for _ in 0..MAX_CELLS {
        let Some(cell) = cells.next_cell().map_err(|_| BROKEN)? else { return Ok(gathered) };
        let (row, column) = cell.get_position();
        if !gathered.take(row.saturating_add(1), column, shown_as(cell.get_value()))? {
            return Ok(gathered);
        }
    }
    Err(Unreadable::TooLarge)
}

/// A value as its cell shows it, near enough. A phone that was typed as a number has lost its zero: the check of
/// phones knows.
fn shown_as(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_true) => is_true.to_string(),
        DataRef::DateTime(at) => at.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Unpacks every part to its end, and throws it away.
fn unpack(content: &[u8]) -> Result<(), Unreadable> {
    if content.windows(4).filter(|window| window == b"PK\x05\x06").count() > MAX_DIRECTORY_ENDS {
        return Err(BROKEN);
    }
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| BROKEN)?;
    if archive.len() > MAX_ENTRIES {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MAX_UNPACKED;
    let mut part = Vec::new();
    for index in 0..archive.len() {
        if archive.by_index_raw(index).map_err(|_| BROKEN)?.encrypted() {
            return Err(Unreadable::Broken("it needs a password"));
        }
        let entry = archive.by_index(index).map_err(|_| BROKEN)?;
        let is_markup = entry.name().map_err(|_| BROKEN)?.to_lowercase().ends_with(".xml");
        part.clear();
        entry.take(left + 1).read_to_end(&mut part).map_err(|_| BROKEN)?;
        left = left.checked_sub(part.len() as u64).ok_or(Unreadable::TooLarge)?;
        if is_markup && !counts_are_true(&part) {
            return Err(BROKEN);
        }
    }
    Ok(())
}

/// calamine sets room aside for as many shared strings as the part says that it has: none has more than bytes. It is
/// looked for in the bytes, so they may be of no encoding in which it would look different.
fn counts_are_true(part: &[u8]) -> bool {
    const COUNT: &[u8] = b"uniqueCount";
    if part.contains(&0) {
        return false;
    }
    let mut rest = part;
    while let Some(at) = rest.windows(COUNT.len()).position(|window| window == COUNT) {
        rest = &rest[at + COUNT.len()..];
        let digits = rest.iter().skip_while(|byte| b" \t\r\n=\"'+".contains(byte));
        let digits: Vec<u8> = digits.take_while(|byte| byte.is_ascii_digit()).copied().collect();
        let said = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse::<usize>().ok());
        if !digits.is_empty() && said.is_none_or(|said| said > part.len()) {
            return false;
        }
    }
    true
}
