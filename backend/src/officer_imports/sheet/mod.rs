//! From the bytes of a file to a list: which form it has, which row is the header, which column is which.
//!
//! Owns what a hostile file may cost: every reader here works within a fixed budget of bytes, rows and columns, and
//! a reader that panics is a file that cannot be read. Refuses to run, fetch or compute anything: of a formula it
//! takes the value that was saved with it, as text. Pure and bound by the processor: call it on a blocking pool.

mod text;
mod workbook;

use std::panic::{AssertUnwindSafe, catch_unwind};

use motcua_openapi::officer_imports::{CellCode, CellError, ListColumn, ListFormat, MAX_ROWS};
use motcua_openapi::values::text::fold;

use super::model::{COLUMNS, Sheet, Written, whole};

/// How far down the header may stand: a letter's title is above it.
const HEADER_WITHIN: usize = 20;
/// Columns that are looked at.
const MAX_COLUMNS: u32 = 100;
/// Rows that are read: one too many tells that there are too many.
const READ_ROWS: usize = MAX_ROWS as usize + HEADER_WITHIN + 1;
/// Bytes of text in one cell; a longer one is cut.
const MAX_CELL: usize = 20_000;
/// Bytes of text in all cells together.
const MAX_TEXT: usize = 32 * 1024 * 1024;

/// A row that is not empty: its number from 1, its cells by column from 0.
struct Raw {
    row: u32,
    cells: Vec<(u32, String)>,
}

/// What is gathered of a file, within the budget.
#[derive(Default)]
struct Gathered {
    rows: Vec<Raw>,
    text: usize,
}

/// Why a file gives no list.
enum Unreadable {
    /// It is none, or it is broken.
    Broken(&'static str),
    /// It costs more than any list.
    TooLarge,
}

impl Unreadable {
    fn fault(&self) -> CellError {
        match self {
            Self::Broken(why) => whole(CellCode::Unreadable, why, []),
            Self::TooLarge => whole(CellCode::TooLarge, "unpacked it is larger than any list", []),
        }
    }
}

impl Gathered {
    /// Takes a cell. `false`: no further row is wanted.
    fn take(&mut self, row: u32, column: u32, mut cell: String) -> Result<bool, Unreadable> {
        if cell.trim().is_empty() || column >= MAX_COLUMNS {
            return Ok(true);
        }
        if cell.len() > MAX_CELL {
            cell.truncate(cell.floor_char_boundary(MAX_CELL));
        }
        self.text += cell.len();
        if self.text > MAX_TEXT {
            return Err(Unreadable::TooLarge);
        }
        let is_full = self.rows.len() >= READ_ROWS;
        match self.rows.last_mut() {
            Some(last) if last.row == row => last.cells.push((column, cell)),
            Some(last) if last.row > row => return Err(Unreadable::Broken("its rows are not in order")),
            _ if is_full => return Ok(false),
            _ => self.rows.push(Raw { row, cells: vec![(column, cell)] }),
        }
        Ok(true)
    }
}

/// Which form a file has, by its name and its beginning. `Err`: what the content seems to be.
pub(super) fn format_of(name: &str, content: &[u8]) -> Result<ListFormat, &'static str> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let found = kind_of(content);
    match (extension.as_str(), found) {
        ("xlsx", "zip") => Ok(ListFormat::Xlsx),
        ("csv", "text") => Ok(ListFormat::Csv),
        ("xlsx" | "csv", found) => Err(found),
        (_, "text") => Err("text that is not named .csv"),
        (_, "zip") => Err("a zip that is not named .xlsx"),
        (_, found) => Err(found),
    }
}

fn kind_of(content: &[u8]) -> &'static str {
    match content {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => "zip",
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old Office file (.xls)",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [] => "empty",
        _ => "text",
    }
}

/// Reads a list, or says all that keeps it from being one.
pub(super) fn read(format: ListFormat, content: &[u8]) -> Result<Sheet, Vec<CellError>> {
    let read = || match format {
        ListFormat::Xlsx => workbook::read(content),
        ListFormat::Csv => text::read(content),
    };
    // The readers are not ours: whatever they meet, this list is at fault and not the server.
    let gathered = catch_unwind(AssertUnwindSafe(read))
        .unwrap_or(Err(Unreadable::Broken("it cannot be read")))
        .map_err(|why| vec![why.fault()])?;
    recognise(gathered.rows)
}

/// Which row is the header: the first with a name's and a phone's column, else the first that knows any.
fn recognise(rows: Vec<Raw>) -> Result<Sheet, Vec<CellError>> {
    let known = |row: &Raw| row.cells.iter().filter(|(_, text)| column_of(text).is_some()).count();
    let has = |row: &Raw, column| row.cells.iter().any(|(_, text)| column_of(text) == Some(column));
    let near = || rows.iter().take(HEADER_WITHIN).enumerate();
    let header = near()
        .find(|(_, row)| has(row, ListColumn::FullName) && has(row, ListColumn::Phone))
        .or_else(|| near().find(|(_, row)| known(row) > 1))
        .map_or(0, |(at, _)| at);
    let Some(head) = rows.get(header) else {
        return Err(vec![whole(CellCode::Empty, "there is nothing in it", [])]);
    };
    let columns = columns(head)?;
    let body = rows.get(header + 1..).unwrap_or_default();
    if body.is_empty() {
        return Err(vec![whole(CellCode::Empty, "there is no row below the headers", [])]);
    }
    if body.len() > MAX_ROWS as usize {
        let most = [("max", MAX_ROWS.to_string())];
        return Err(vec![whole(CellCode::TooManyRows, "more rows than one list may have", most)]);
    }
    let rows = body.iter().map(|row| written(row, &columns)).collect();
    Ok(Sheet { columns, rows })
}

fn columns(head: &Raw) -> Result<Vec<(ListColumn, u32)>, Vec<CellError>> {
    let (mut columns, mut errors): (Vec<(ListColumn, u32)>, Vec<CellError>) = (Vec::new(), Vec::new());
    for (at, text) in &head.cells {
        let Some(column) = column_of(text) else { continue };
        if columns.iter().any(|(known, _)| *known == column) {
            let mut error = whole(CellCode::ColumnRepeated, "two columns have this header", named(column));
            let sheet = Sheet { columns: vec![(column, *at)], rows: Vec::new() };
            (error.cell, error.row, error.column) = (sheet.cell_name(column, head.row), Some(head.row), Some(column));
            errors.push(error);
        } else {
            columns.push((column, *at));
        }
    }
    for needed in [ListColumn::FullName, ListColumn::Phone] {
        if !columns.iter().any(|(known, _)| *known == needed) {
            errors.push(whole(CellCode::ColumnMissing, "a column that is needed is not there", named(needed)));
        }
    }
    if errors.is_empty() { Ok(columns) } else { Err(errors) }
}

fn named(column: ListColumn) -> [(&'static str, String); 1] {
    [("column", column.header().to_owned())]
}

fn written(raw: &Raw, columns: &[(ListColumn, u32)]) -> Written {
    let text_at = |at: u32| raw.cells.iter().find(|(column, _)| *column == at).map(|(_, text)| text.clone());
    let cells: [String; COLUMNS] = ListColumn::ALL.map(|column| {
        let place = columns.iter().find(|(known, _)| *known == column);
        place.and_then(|(_, at)| text_at(*at)).unwrap_or_default()
    });
    Written::new(raw.row, cells)
}

/// The column of a header, in any case, with or without diacritics.
fn column_of(header: &str) -> Option<ListColumn> {
    let header = fold(header);
    let header = header.trim_end_matches([' ', '*', ':']);
    ListColumn::ALL.into_iter().find(|column| {
        let others: &[&str] = match column {
            ListColumn::Number => &["so thu tu", "tt", "no", "number"],
            ListColumn::FullName => &["ho ten", "ho ten can bo", "ho va ten can bo", "ten can bo", "full name"],
            ListColumn::Username => &["tai khoan", "ten tai khoan", "username", "sign-in name"],
            ListColumn::Phone => &["dien thoai", "so dt", "sdt", "so dien thoai di dong", "di dong", "phone"],
            ListColumn::Unit => &["don vi cong tac", "bo phan", "bo phan mot cua", "unit", "units"],
            ListColumn::Agency => &["co quan cong tac", "agency"],
            ListColumn::Role => &["quyen", "role"],
        };
        fold(column.header()) == header || column.as_str() == header || others.contains(&header)
    })
}

#[cfg(test)]
mod tests;
