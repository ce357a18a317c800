//! A list as it was written, what it would do, and the words of its faults.

use motcua_openapi::officer_imports::{CellCode, CellError, ListColumn, ListRow, MAX_LISTED, RowCounts, RowOutcome};
use motcua_openapi::problem::params;
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PhoneNumber, text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many columns a list has.
pub(super) const COLUMNS: usize = ListColumn::ALL.len();

/// A row as somebody wrote it: one text for each of [`ListColumn::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Written {
    /// Its number in the sheet, from 1.
    pub(super) row: u32,
    cells: [String; COLUMNS],
}

impl Written {
    /// A row of these texts.
    pub(super) fn new(row: u32, cells: [String; COLUMNS]) -> Self {
        Self { row, cells }
    }

    /// What stands in a column, without the space around it.
    pub(super) fn cell(&self, column: ListColumn) -> &str {
        self.cells.get(place(column)).map_or("", |cell| cell.trim())
    }
}

fn place(column: ListColumn) -> usize {
    ListColumn::ALL.into_iter().position(|one| one == column).unwrap_or_default()
}

/// A list as it was read: which of the columns it has and where, and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sheet {
    /// Each column with its place, from 0.
    pub(super) columns: Vec<(ListColumn, u32)>,
    /// Every row that is not empty.
    pub(super) rows: Vec<Written>,
}

impl Sheet {
    /// Whether it has a column.
    pub(super) fn has(&self, column: ListColumn) -> bool {
        self.columns.iter().any(|(one, _)| *one == column)
    }

    /// A cell's name, e.g. `D17`; `None` where the column is not there.
    pub(super) fn cell_name(&self, column: ListColumn, row: u32) -> Option<String> {
        let (_, at) = self.columns.iter().find(|(one, _)| *one == column)?;
        Some(format!("{}{row}", column_letters(*at)))
    }

    /// A fault of a cell.
    pub(super) fn fault<const N: usize>(
        &self,
        row: u32,
        column: ListColumn,
        code: CellCode,
        detail: &str,
        about: [(&str, String); N],
    ) -> CellError {
        CellError {
            cell: self.cell_name(column, row),
            row: Some(row),
            column: Some(column),
            code,
            detail: detail.to_owned(),
            params: params(about),
        }
    }
}

/// A, B, …, Z, AA, …
fn column_letters(at: u32) -> String {
    let mut letters = Vec::new();
    let mut left = at + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

/// A fault of the list as a whole, or of one of its columns.
pub(super) fn whole<const N: usize>(code: CellCode, detail: &str, about: [(&str, String); N]) -> CellError {
    CellError { cell: None, row: None, column: None, code, detail: detail.to_owned(), params: params(about) }
}

/// What applying does with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Planned {
    /// As it is shown: what differs is in it.
    pub(super) shown: ListRow,
    /// Who is changed; `None`: somebody new.
    pub(super) officer_id: Option<Uuid>,
    pub(super) phone: Option<PhoneNumber>,
    pub(super) role: Role,
    pub(super) agency_id: Uuid,
    /// The units within reach from now on, in order.
    pub(super) units: Vec<Uuid>,
    /// The units within reach so far, in order.
    pub(super) units_before: Vec<Uuid>,
    pub(super) role_before: Option<Role>,
    pub(super) agency_before: Option<Uuid>,
    pub(super) is_suspended: bool,
}

/// What was made of a list: what it would do, or why it does nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The list itself, to be checked once more when it is applied.
    pub(super) sheet: Sheet,
    /// Every row, in the list's order; none where there are faults.
    pub(super) rows: Vec<Planned>,
    /// The first faults.
    pub(super) errors: Vec<CellError>,
    /// How many there are.
    pub(super) error_count: u32,
}

impl Plan {
    /// Of a list with these faults, or with none and these rows.
    pub(super) fn new(sheet: Sheet, rows: Vec<Planned>, mut errors: Vec<CellError>) -> Self {
        if errors.is_empty() {
            return Self { sheet, rows, ..Self::default() };
        }
        errors.sort_by_key(|error| (error.row, error.column));
        let error_count = u32::try_from(errors.len()).unwrap_or(u32::MAX);
        errors.truncate(MAX_LISTED as usize);
        Self { errors, error_count, ..Self::default() }
    }

    /// Of a list that could not be read.
    pub(super) fn refused(errors: Vec<CellError>) -> Self {
        Self::new(Sheet::default(), Vec::new(), errors)
    }

    /// Whether it may be applied.
    pub(super) fn is_sound(&self) -> bool {
        self.error_count == 0
    }

    /// How many rows of each outcome.
    pub(super) fn counts(&self) -> RowCounts {
        let count = |outcome| {
            let rows = self.rows.iter().filter(|row| row.shown.outcome == outcome).count();
            u32::try_from(rows).unwrap_or(u32::MAX)
        };
        RowCounts {
            new: count(RowOutcome::New),
            changed: count(RowOutcome::Changed),
            unchanged: count(RowOutcome::Unchanged),
        }
    }
}

/// A role in the list's words.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Officer => "Cán bộ",
        Role::Administrator => "Quản trị",
        Role::Auditor => "Kiểm toán",
    }
}

/// The role of a word, in any case, with or without diacritics.
pub(super) fn role_of(word: &str) -> Option<Role> {
    let word = text::fold(word);
    let said = |role: Role| [text::fold(role_word(role)), role.as_str().to_owned()];
    let longer = |role| match role {
        Role::Officer => "can bo mot cua",
        Role::Administrator => "quan tri vien",
        Role::Auditor => "kiem toan vien",
    };
    Role::ALL.into_iter().find(|role| said(*role).contains(&word) || longer(*role) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_the_name_that_a_spreadsheet_shows() {
        let names: Vec<String> = [0, 3, 25, 26, 51, 52, 701, 702].map(column_letters).into();
        assert_eq!(names, ["A", "D", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_role_is_known_by_its_word_in_any_spelling() {
        for role in Role::ALL {
            assert_eq!(role_of(role_word(role)), Some(role));
            assert_eq!(role_of(role.as_str()), Some(role));
        }
        assert_eq!(role_of("QUAN TRI"), Some(Role::Administrator));
        assert_eq!(role_of("giám đốc"), None);
    }
}
