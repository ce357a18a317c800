//! What a list would do, row by row, against the officers and units that there are. Pure: no clock, no database.
//!
//! Owns the rules of a row. Every fault of every row is found at once; the same list against the same officers and
//! units gives the same plan, which is how a stale preview is told.

use std::collections::{HashMap, HashSet};

use motcua_openapi::officer_imports::{CellChange, CellCode, CellError, ListColumn, ListRow, RowOutcome};
use motcua_openapi::officers::{MOST_UNITS, parse_username};
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PersonName, PersonNameError, PhoneNumber, PhoneNumberError, text};
use uuid::Uuid;

use super::model::{Plan, Planned, Sheet, Written, role_of, role_word};
use super::names::{AND, Names, Unresolved};
use crate::officers::Officer;

/// An officer who is there, and the units they are assigned to.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) officer: Officer,
    pub(super) units: Vec<Uuid>,
}

/// What a list is checked against.
pub(super) struct World {
    /// The units, and which of them are within reach.
    pub(super) names: Names,
    /// The agency of who brings the list.
    pub(super) agency_id: Uuid,
    /// Who brings it; `None`: the command line.
    pub(super) by: Option<Uuid>,
    /// Whoever has a sign-in name of the list, of any agency.
    pub(super) by_username: HashMap<String, Known>,
    /// Officers within reach by folded name and phone, for rows without a sign-in name.
    pub(super) by_person: HashMap<(String, String), Known>,
    /// Every sign-in name that is taken, where some must be made.
    pub(super) usernames: HashSet<String>,
    /// Those who may sign in and administer, by agency.
    pub(super) administrators: HashMap<Uuid, HashSet<Uuid>>,
}

/// The check of one list: a row at a time, so that progress can be told.
pub(super) struct Check<'a> {
    world: &'a World,
    sheet: &'a Sheet,
    /// Sign-in names that the list writes, and those that were made.
    taken: HashSet<String>,
    /// Where a sign-in name, or somebody without one, stood first.
    seen: HashMap<Who, u32>,
    rows: Vec<Planned>,
    errors: Vec<CellError>,
}

/// A fault was noted: who is meant is not known.
struct Refused;

/// Whom a row stands for.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Username(String),
    Officer(Uuid),
    Person(String, String),
}

impl<'a> Check<'a> {
    /// Of a list.
    pub(super) fn new(world: &'a World, sheet: &'a Sheet) -> Self {
        let written = sheet.rows.iter().map(|row| row.cell(ListColumn::Username).to_lowercase());
        let taken = written.filter(|name| !name.is_empty()).chain(world.usernames.iter().cloned()).collect();
        Self { world, sheet, taken, seen: HashMap::new(), rows: Vec::new(), errors: Vec::new() }
    }

    /// What was found, once every row is done.
    pub(super) fn end(mut self) -> Plan {
        self.keep_administrators();
        Plan::new(self.sheet.clone(), self.rows, self.errors)
    }

    /// Checks the next row.
    pub(super) fn row(&mut self, row: &Written) {
        let so_far = self.errors.len();
        let name = self.name(row);
        let username = self.username(row);
        let phone = self.phone(row);
        let known = match username {
            Ok(ref username) => self.known(row, username.as_deref(), name.as_ref(), phone.as_ref()),
            Err(Refused) => Err(Refused),
        };
        if known.as_ref().is_ok_and(Option::is_none) && row.cell(ListColumn::Phone).is_empty() {
            self.fault(row, ListColumn::Phone, CellCode::Required, "somebody new needs a phone", []);
        }
        let known = known.ok().flatten();
        let agency = self.agency(row, known.as_ref());
        let role = self.role(row, known.as_ref());
        let units = self.units(row, known.as_ref(), agency);
        let (Some(name), Ok(username)) = (name, username) else { return };
        let (Some(agency), Some(role), Some(units)) = (agency, role, units) else { return };
        if self.errors.len() > so_far {
            return;
        }
        let planned = self.planned(row, known, name, username, phone, (agency, role, units));
        self.rows.push(planned);
    }

    fn fault<const N: usize>(
        &mut self,
        row: &Written,
        column: ListColumn,
        code: CellCode,
        detail: &str,
        about: [(&str, String); N],
    ) {
        // A column that is not there has no cell to mend: the fault stands at the name then.
        let column = if self.sheet.has(column) { column } else { ListColumn::FullName };
        self.errors.push(self.sheet.fault(row.row, column, code, detail, about));
    }

    fn name(&mut self, row: &Written) -> Option<PersonName> {
        const COLUMN: ListColumn = ListColumn::FullName;
        let written = row.cell(COLUMN);
        if written.is_empty() {
            self.fault(row, COLUMN, CellCode::Required, "the name is missing", []);
            return None;
        }
        match PersonName::parse(written) {
            Ok(name) => return Some(name),
            Err(error @ PersonNameError::Length { count }) => {
                let about = [("count", count.to_string())];
                self.fault(row, COLUMN, CellCode::NameInvalid, &error.to_string(), about);
            }
            Err(PersonNameError::Character { character }) => {
                let about = [("character", character.to_string())];
                self.fault(row, COLUMN, CellCode::NameInvalid, "a name cannot contain this character", about);
            }
        }
        None
    }

    /// As written, where one is; a wrong one is a fault.
    fn username(&mut self, row: &Written) -> Result<Option<String>, Refused> {
        const COLUMN: ListColumn = ListColumn::Username;
        let written = row.cell(COLUMN);
        if written.is_empty() {
            return Ok(None);
        }
        let name = match parse_username(written) {
            Ok(name) => name,
            Err(error) => {
                let fits = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-@".contains(*c);
                match written.to_lowercase().chars().find(|c| !fits(c)) {
                    Some(character) => {
                        let about = [("character", character.to_string())];
                        self.fault(row, COLUMN, CellCode::UsernameInvalid, &error.detail, about);
                    }
                    None => self.fault(row, COLUMN, CellCode::UsernameInvalid, &error.detail, []),
                }
                return Err(Refused);
            }
        };
        if let Some(first) = self.first(Who::Username(name.clone()), row.row) {
            let cell = self.sheet.cell_name(COLUMN, first).unwrap_or_default();
            let about = [("cell", cell)];
            self.fault(row, COLUMN, CellCode::UsernameRepeated, "another row has this sign-in name", about);
            return Err(Refused);
        }
        Ok(Some(name))
    }

    /// Where it stood before, if it did.
    fn first(&mut self, who: Who, row: u32) -> Option<u32> {
        let first = *self.seen.entry(who).or_insert(row);
        (first != row).then_some(first)
    }

    fn phone(&mut self, row: &Written) -> Option<PhoneNumber> {
        const COLUMN: ListColumn = ListColumn::Phone;
        let written = row.cell(COLUMN);
        if written.is_empty() {
            return None;
        }
        match PhoneNumber::parse(&with_its_zero(written)) {
            Ok(phone) => return Some(phone),
            Err(PhoneNumberError::NotDigits) => {
                self.fault(row, COLUMN, CellCode::PhoneInvalid, "a phone number has digits only", []);
            }
            Err(error @ PhoneNumberError::Shape { count }) => {
                let about = [("count", count.to_string())];
                self.fault(row, COLUMN, CellCode::PhoneInvalid, &error.to_string(), about);
            }
        }
        None
    }

    /// Who is meant, where they are there already.
    fn known(
        &mut self,
        row: &Written,
        username: Option<&str>,
        name: Option<&PersonName>,
        phone: Option<&PhoneNumber>,
    ) -> Result<Option<Known>, Refused> {
        let found = match (username, name, phone) {
            (Some(username), ..) => self.world.by_username.get(username).cloned(),
            (None, Some(name), Some(phone)) => {
                let person = (name.folded(), phone.as_e164().to_owned());
                let found = self.world.by_person.get(&person).cloned();
                if found.is_none() {
                    self.repeated(row, Who::Person(person.0, person.1), ListColumn::FullName);
                }
                found
            }
            (None, ..) => None,
        };
        let Some(found) = found else { return Ok(None) };
        if !self.world.names.reaches(found.officer.agency_id) {
            let detail = "an officer of another agency has this sign-in name";
            self.fault(row, ListColumn::Username, CellCode::UsernameTaken, detail, []);
            return Err(Refused);
        }
        self.repeated(row, Who::Officer(found.officer.id), ListColumn::FullName);
        Ok(Some(found))
    }

    fn repeated(&mut self, row: &Written, who: Who, column: ListColumn) {
        if let Some(first) = self.first(who, row.row) {
            let cell = self.sheet.cell_name(column, first).unwrap_or_default();
            self.fault(row, column, CellCode::OfficerRepeated, "another row stands for them", [("cell", cell)]);
        }
    }

    fn agency(&mut self, row: &Written, known: Option<&Known>) -> Option<Uuid> {
        const COLUMN: ListColumn = ListColumn::Agency;
        let written = row.cell(COLUMN);
        if written.is_empty() {
            return Some(known.map_or(self.world.agency_id, |known| known.officer.agency_id));
        }
        let about = [("unit", text::tidy(written))];
        match self.world.names.resolve(None, written) {
            Err(Unresolved::Unknown) => {
                self.fault(row, COLUMN, CellCode::AgencyUnknown, "no unit of yours and below has this name", about);
                None
            }
            Err(Unresolved::Ambiguous) => {
                self.fault(row, COLUMN, CellCode::AgencyAmbiguous, "write it as \"unit above > unit\"", about);
                None
            }
            Ok(agency) => {
                if self.is_own(known) && known.is_some_and(|known| known.officer.agency_id != agency) {
                    self.fault(row, COLUMN, CellCode::AgencyOwn, "another administrator may do this", []);
                }
                Some(agency)
            }
        }
    }

    fn is_own(&self, known: Option<&Known>) -> bool {
        known.is_some_and(|known| Some(known.officer.id) == self.world.by)
    }

    fn role(&mut self, row: &Written, known: Option<&Known>) -> Option<Role> {
        const COLUMN: ListColumn = ListColumn::Role;
        let written = row.cell(COLUMN);
        let so_far = known.map(|known| known.officer.role);
        if written.is_empty() {
            return Some(so_far.unwrap_or(Role::Officer));
        }
        let Some(role) = role_of(written) else {
            let about = [("role", text::tidy(written).chars().take(100).collect())];
            self.fault(row, COLUMN, CellCode::RoleUnknown, "Cán bộ, Quản trị or Kiểm toán", about);
            return None;
        };
        if self.is_own(known) && so_far != Some(role) {
            self.fault(row, COLUMN, CellCode::RoleOwn, "another administrator may do this", []);
        }
        Some(role)
    }

    /// The units within reach, in order; what is out of reach is not the list's.
    fn units(&mut self, row: &Written, known: Option<&Known>, agency: Option<Uuid>) -> Option<Vec<Uuid>> {
        const COLUMN: ListColumn = ListColumn::Unit;
        if !self.sheet.has(COLUMN) {
            return Some(known.map(|known| within_reach(self.world, &known.units)).unwrap_or_default());
        }
        let (mut units, mut is_sound) = (Vec::new(), true);
        for written in row.cell(COLUMN).split([AND, '\n']).map(str::trim).filter(|name| !name.is_empty()) {
            let about = [("unit", text::tidy(written).chars().take(200).collect())];
            match self.world.names.resolve(agency, written) {
                Ok(unit) => units.push(unit),
                // Near which agency is not known: several are no fault of this cell.
                Err(Unresolved::Ambiguous) if agency.is_none() => is_sound = false,
                Err(unresolved) => {
                    let (code, detail) = match unresolved {
                        Unresolved::Unknown => (CellCode::UnitUnknown, "no unit of yours and below has this name"),
                        Unresolved::Ambiguous => (CellCode::UnitAmbiguous, "write it as \"unit above > unit\""),
                    };
                    self.fault(row, COLUMN, code, detail, about);
                    is_sound = false;
                }
            }
        }
        if units.len() > MOST_UNITS {
            let about = [("max", MOST_UNITS.to_string())];
            self.fault(row, COLUMN, CellCode::UnitsTooMany, "more units than one officer may have", about);
            is_sound = false;
        }
        units.sort_unstable();
        units.dedup();
        is_sound.then_some(units)
    }

    fn planned(
        &mut self,
        row: &Written,
        known: Option<Known>,
        name: PersonName,
        username: Option<String>,
        phone: Option<PhoneNumber>,
        (agency_id, role, units): (Uuid, Role, Vec<Uuid>),
    ) -> Planned {
        let names = &self.world.names;
        let before = known.as_ref().map(|known| within_reach(self.world, &known.units)).unwrap_or_default();
        let officer = known.as_ref().map(|known| &known.officer);
        let phone = phone.or_else(|| officer.and_then(|officer| officer.phone.clone()));
        let written_units = names.all_written(Some(agency_id), &units);
        let mut changes = Vec::new();
        if let Some(officer) = officer {
            let shown = |phone: Option<&PhoneNumber>| phone.map(PhoneNumber::grouped).unwrap_or_default();
            let joined = |units: &[Uuid]| names.all_written(Some(agency_id), units).join("; ");
            let unit_texts =
                if before == units { <(String, String)>::default() } else { (joined(&before), joined(&units)) };
            let agencies = (names.written(None, officer.agency_id), names.written(None, agency_id));
            changes = [
                (ListColumn::FullName, officer.full_name.clone(), name.as_str().to_owned()),
                (ListColumn::Phone, shown(officer.phone.as_ref()), shown(phone.as_ref())),
                (ListColumn::Unit, unit_texts.0, unit_texts.1),
                (ListColumn::Agency, agencies.0, agencies.1),
                (ListColumn::Role, role_word(officer.role).to_owned(), role_word(role).to_owned()),
            ]
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(column, before, after)| CellChange { column, before, after })
            .collect();
        }
        let outcome = match officer {
            None => RowOutcome::New,
            Some(_) if changes.is_empty() => RowOutcome::Unchanged,
            Some(_) => RowOutcome::Changed,
        };
        let known_name = officer.map(|officer| officer.username.clone());
        let is_made = known_name.is_none() && username.is_none();
        let shown = ListRow {
            row: row.row,
            outcome,
            username: username.or(known_name).unwrap_or_else(|| made(&name, &mut self.taken)),
            username_made: is_made,
            full_name: name.as_str().to_owned(),
            phone: phone.as_ref().map(PhoneNumber::grouped).unwrap_or_default(),
            units: written_units,
            agency: names.written(None, agency_id),
            role: role_word(role).to_owned(),
            changes,
        };
        Planned {
            shown,
            officer_id: officer.map(|officer| officer.id),
            phone,
            role,
            agency_id,
            units,
            units_before: before,
            role_before: officer.map(|officer| officer.role),
            agency_before: officer.map(|officer| officer.agency_id),
            is_suspended: officer.is_some_and(Officer::is_suspended),
        }
    }

    /// No agency loses its last administrator who may sign in; those whom the list brings count.
    fn keep_administrators(&mut self) {
        let mut after = self.world.administrators.clone();
        let mut losses: Vec<(Uuid, u32, ListColumn)> = Vec::new();
        for row in self.rows.iter().filter(|row| !row.is_suspended) {
            let was = row.agency_before.filter(|_| row.role_before == Some(Role::Administrator));
            let is = Some(row.agency_id).filter(|_| row.role == Role::Administrator);
            if was == is {
                continue;
            }
            if let (Some(agency), Some(id)) = (was, row.officer_id) {
                after.entry(agency).or_default().remove(&id);
                let column = if row.role == Role::Administrator { ListColumn::Agency } else { ListColumn::Role };
                losses.push((agency, row.shown.row, column));
            }
            if let Some(agency) = is {
                // Somebody new has no id yet: a row is one more.
                let id = row.officer_id.unwrap_or_else(|| Uuid::from_u128(u128::from(row.shown.row)));
                after.entry(agency).or_default().insert(id);
            }
        }
        for (agency, row, column) in losses {
            if after.get(&agency).is_none_or(HashSet::is_empty) {
                let about = [("unit", self.world.names.name(agency).to_owned())];
                let detail = "the agency would be left without an administrator";
                self.errors.push(self.sheet.fault(row, column, CellCode::LastAdministrator, detail, about));
            }
        }
    }
}

fn within_reach(world: &World, units: &[Uuid]) -> Vec<Uuid> {
    let mut units: Vec<Uuid> = units.iter().copied().filter(|unit| world.names.reaches(*unit)).collect();
    units.sort_unstable();
    units
}

/// A spreadsheet takes the zero of a phone for a number's.
fn with_its_zero(written: &str) -> String {
    let is_short = written.len() == 9 && !written.starts_with('0') && written.bytes().all(|byte| byte.is_ascii_digit());
    if is_short { format!("0{written}") } else { written.to_owned() }
}

/// A sign-in name as offices here make them: the given name and the initials, a number where somebody has it.
fn made(name: &PersonName, taken: &mut HashSet<String>) -> String {
    let folded = name.folded();
    let plain = |word: &str| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let words: Vec<String> = folded.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    let (given, others) = words.split_last().map_or(("", &[][..]), |(given, others)| (given.as_str(), others));
    let initials = others.iter().filter_map(|word| word.chars().next());
    let mut base: String = given.chars().chain(initials).take(56).collect();
    if base.len() < 2 {
        base = "canbo".to_owned();
    }
    let numbered = (2..).map(|n: u32| format!("{base}{n}"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests;
