//! A list of officers as a table: uploaded, checked, looked at, applied as a whole; and exported again.
//!
//! A row stands for an officer: by its sign-in name, or without one by name and phone. A list authorises and changes;
//! who is not in it stays as they are, and nobody is suspended or resumed by one. What a cell leaves out stays as it
//! is, but for the units: an empty cell there means none.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::Params;

/// The largest list in bytes.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// The most officers in one list.
pub const MAX_ROWS: u32 = 10_000;

/// The most errors and rows that one answer lists; `error_count` and `counts` go on.
pub const MAX_LISTED: u32 = 1_000;

/// In which form a list is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ListFormat {
    /// An Excel workbook.
    #[default]
    Xlsx,
    /// Text with commas, UTF-8 with a byte order mark.
    Csv,
}

impl ListFormat {
    /// Every form.
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Csv];

    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
        }
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ImportState {
    /// The list is being read and checked.
    Checking,
    /// It has errors: nothing can be applied. Mend the file and upload it again.
    Refused,
    /// It has none: look at what would change, then apply it.
    Ready,
    /// It is being applied.
    Applying,
    /// It was applied, the whole of it.
    Applied,
    /// Something that it was checked against has changed since; nothing was applied. Upload it again.
    Stale,
    /// A fault of ours; nothing was applied. Upload it again.
    Failed,
    /// A day has passed: its rows are erased.
    Expired,
}

impl ImportState {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Refused => "refused",
            Self::Ready => "ready",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Whether something is being done with it: ask again.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Checking | Self::Applying)
    }
}

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum ListColumn {
    /// **STT**: not read.
    Number,
    /// **Họ và tên**
    FullName,
    /// **Tên đăng nhập**: of somebody new made from the name where it is left out.
    Username,
    /// **Số điện thoại**: of somebody new needed.
    Phone,
    /// **Đơn vị**: all the units by name, semicolons between; without the column they stay.
    Unit,
    /// **Cơ quan**: the unit at the top, by name; of somebody new the administrator's own where it is left out.
    Agency,
    /// **Vai trò**: Cán bộ, Quản trị or Kiểm toán; of somebody new Cán bộ where it is left out.
    Role,
}

impl ListColumn {
    /// Every column in the order of an export.
    pub const ALL: [Self; 7] =
        [Self::Number, Self::FullName, Self::Username, Self::Phone, Self::Unit, Self::Agency, Self::Role];

    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::FullName => "full_name",
            Self::Username => "username",
            Self::Phone => "phone",
            Self::Unit => "unit",
            Self::Agency => "agency",
            Self::Role => "role",
        }
    }

    /// Its header in an export.
    pub fn header(self) -> &'static str {
        match self {
            Self::Number => "STT",
            Self::FullName => "Họ và tên",
            Self::Username => "Tên đăng nhập",
            Self::Phone => "Số điện thoại",
            Self::Unit => "Đơn vị",
            Self::Agency => "Cơ quan",
            Self::Role => "Vai trò",
        }
    }
}

macro_rules! cell_codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $text:literal;)+) => {
        /// What is wrong with a cell, a row or the list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum CellCode {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $code,)+
        }

        impl CellCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// As it stands on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text),+ }
            }
        }
    };
}

/// By hand: the derive does not see a rename that a macro writes.
#[cfg(feature = "server")]
impl utoipa::PartialSchema for CellCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .into()
    }
}

#[cfg(feature = "server")]
impl utoipa::ToSchema for CellCode {}

cell_codes! {
    /// The file cannot be read as a table, or as text it is not UTF-8.
    Unreadable = "unreadable";
    /// Unpacked it is larger than any list. No cell.
    TooLarge = "too_large";
    /// More rows than one list may have. Params: `max`.
    TooManyRows = "too_many_rows";
    /// There is no row below the headers.
    Empty = "empty";
    /// A column that is needed is not there. Params: `column` (its header).
    ColumnMissing = "column_missing";
    /// Two columns have this header. Params: `column`.
    ColumnRepeated = "column_repeated";
    /// Nothing is in this cell and something must be.
    Required = "required";
    /// Not a name. Params: `count` or `character`.
    NameInvalid = "name_invalid";
    /// Not a Vietnamese mobile number. Params: `count` where it was digits.
    PhoneInvalid = "phone_invalid";
    /// Not 2 to 64 of a to z, digits, dot, hyphen, underscore and at sign. Params: `character` where one is at fault.
    UsernameInvalid = "username_invalid";
    /// Another row has this sign-in name. Params: `cell` (of that row).
    UsernameRepeated = "username_repeated";
    /// An officer of another agency has this sign-in name.
    UsernameTaken = "username_taken";
    /// Another row stands for this officer already. Params: `cell` (of that row).
    OfficerRepeated = "officer_repeated";
    /// No unit of yours and below has this name. Params: `unit`.
    UnitUnknown = "unit_unknown";
    /// Several units have this name: write it as "unit above > unit". Params: `unit`.
    UnitAmbiguous = "unit_ambiguous";
    /// No unit of yours and below has the agency's name. Params: `unit`.
    AgencyUnknown = "agency_unknown";
    /// Several units have the agency's name: write it as "unit above > unit". Params: `unit`.
    AgencyAmbiguous = "agency_ambiguous";
    /// Not a role. Params: `role`.
    RoleUnknown = "role_unknown";
    /// Nobody changes their own role.
    RoleOwn = "role_own";
    /// Nobody moves to another agency by themselves.
    AgencyOwn = "agency_own";
    /// The agency would be left without an administrator who may sign in. Params: `unit` (the agency).
    LastAdministrator = "last_administrator";
    /// More units than one officer may have. Params: `max`.
    UnitsTooMany = "units_too_many";
}

/// One fault of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CellError {
    /// The cell by its name in the sheet, e.g. `D17`; `None`: the list as a whole.
    pub cell: Option<String>,
    /// The row in the sheet, from 1.
    pub row: Option<u32>,
    /// The column, where it is one of the list's.
    pub column: Option<ListColumn>,
    /// The stable code.
    pub code: CellCode,
    /// What is wrong, in English.
    pub detail: String,
    /// What the detail's words are about; see each code.
    #[serde(default)]
    pub params: Params,
}

/// What applying the list does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum RowOutcome {
    /// An officer is authorised.
    New,
    /// An officer is changed.
    Changed,
    /// Nothing.
    Unchanged,
}

impl RowOutcome {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A row as it will be applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ListRow {
    /// The row in the sheet, from 1.
    pub row: u32,
    /// What is done.
    pub outcome: RowOutcome,
    /// The sign-in name.
    pub username: String,
    /// Whether the sign-in name was made from the name.
    pub username_made: bool,
    /// The full name.
    pub full_name: String,
    /// The phone, national form grouped.
    pub phone: String,
    /// The units, by name.
    pub units: Vec<String>,
    /// The agency, by name.
    pub agency: String,
    /// The role, in the list's words.
    pub role: String,
    /// Which cells differ from what is kept, for a changed officer.
    pub changes: Vec<CellChange>,
}

/// A cell that differs from what is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CellChange {
    /// Which.
    pub column: ListColumn,
    /// As it is kept.
    pub before: String,
    /// As the list has it.
    pub after: String,
}

/// How many rows of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RowCounts {
    /// Officers that are authorised.
    pub new: u32,
    /// Officers that are changed.
    pub changed: u32,
    /// Officers that stay as they are.
    pub unchanged: u32,
}

/// How far the work under way has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Rows done.
    pub done: u32,
    /// Rows in all; 0 while it is not known.
    pub total: u32,
}

/// The query of `GET /officers/imports/{id}`: which rows are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
pub struct ImportQuery {
    /// Rows of this outcome only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RowOutcome>,
    /// How many of them to pass over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    /// How many to list, 0 to 1,000; 100 where left out.
    #[cfg_attr(feature = "server", param(minimum = 0, maximum = 1000, default = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The query of `GET /officers/export`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
pub struct ListQuery {
    /// `xlsx`, or `csv`.
    pub format: ListFormat,
}

/// An uploaded list, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OfficerImport {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub state: ImportState,
    /// While it is checked or applied: how far that has come.
    pub progress: Progress,
    /// How many rows of each outcome, once it is checked without error.
    pub counts: RowCounts,
    /// How many errors there are.
    pub error_count: u32,
    /// The errors by row and cell, the first 1,000.
    pub errors: Vec<CellError>,
    /// The rows asked for, in the order of the list; none while it is checked, where it has errors, and once its
    /// rows are erased.
    pub rows: Vec<ListRow>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When its rows are erased at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was applied.
    pub applied_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand_is_what_stands_on_the_wire() {
        for code in CellCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        for column in ListColumn::ALL {
            assert_eq!(serde_json::to_value(column).unwrap(), column.as_str());
        }
        for state in [ImportState::Checking, ImportState::Refused, ImportState::Ready, ImportState::Applying] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for state in [ImportState::Applied, ImportState::Stale, ImportState::Failed, ImportState::Expired] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
