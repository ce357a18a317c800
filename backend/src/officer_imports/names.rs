//! Units by name, in both directions: which unit a list means, and how a list writes a unit so that it is found again.

use std::collections::{HashMap, HashSet};

use motcua_openapi::values::text::tidy;
use uuid::Uuid;

use crate::units::Unit;

/// Between a unit and the one above it.
const BELOW: char = '>';
/// Between two units of one cell.
pub(super) const AND: char = ';';

/// The units of a place, of which some are within the reach of who reads or writes the list.
pub(super) struct Names {
    units: HashMap<Uuid, Unit>,
    within_reach: HashSet<Uuid>,
    by_name: HashMap<String, Vec<Uuid>>,
}

/// Why a name stands for no unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// No unit has it.
    Unknown,
    /// Several have it.
    Ambiguous,
}

impl Names {
    /// Of all units and those within reach.
    pub(super) fn new(units: Vec<Unit>, within_reach: impl IntoIterator<Item = Uuid>) -> Self {
        let within_reach: HashSet<Uuid> = within_reach.into_iter().collect();
        let mut by_name: HashMap<String, Vec<Uuid>> = HashMap::new();
        for unit in units.iter().filter(|unit| within_reach.contains(&unit.id)) {
            by_name.entry(key(&unit.name)).or_default().push(unit.id);
        }
        Self { units: units.into_iter().map(|unit| (unit.id, unit)).collect(), within_reach, by_name }
    }

    /// Whether a unit is within reach.
    pub(super) fn reaches(&self, id: Uuid) -> bool {
        self.within_reach.contains(&id)
    }

    /// A unit's own name.
    pub(super) fn name(&self, id: Uuid) -> &str {
        self.units.get(&id).map_or("", |unit| unit.name.as_str())
    }

    /// The unit that is meant: by its name, by "unit above > unit", by its id. Of several the one at or below
    /// `nearest` is meant, where there is one.
    pub(super) fn resolve(&self, nearest: Option<Uuid>, written: &str) -> Result<Uuid, Unresolved> {
        if let Ok(id) = Uuid::parse_str(written.trim()) {
            return if self.reaches(id) { Ok(id) } else { Err(Unresolved::Unknown) };
        }
        let mut found = self.by_name.get(&key(written)).cloned().unwrap_or_default();
        if found.is_empty() && written.contains(BELOW) {
            found = self.by_path(written);
        }
        let near: Vec<Uuid> = found
            .iter()
            .copied()
            .filter(|id| nearest.is_some_and(|nearest| self.is_at_or_below(*id, nearest)))
            .collect();
        match (near.as_slice(), found.as_slice()) {
            ([one], _) | ([], [one]) => Ok(*one),
            ([], []) => Err(Unresolved::Unknown),
            _ => Err(Unresolved::Ambiguous),
        }
    }

    fn by_path(&self, written: &str) -> Vec<Uuid> {
        let mut steps = written.split(BELOW).map(key).rev();
        let Some(last) = steps.next() else { return Vec::new() };
        let above: Vec<String> = steps.collect();
        let stands_below = |id: &Uuid| {
            above.iter().eq(self.above(*id).take(above.len()).map(|unit| key(&unit.name)).collect::<Vec<_>>().iter())
        };
        self.by_name.get(&last).into_iter().flatten().copied().filter(stands_below).collect()
    }

    /// The units above one, the nearest first.
    fn above(&self, id: Uuid) -> impl Iterator<Item = &Unit> {
        let parent = |unit: &&Unit| unit.parent_id.and_then(|parent| self.units.get(&parent));
        std::iter::successors(self.units.get(&id), move |unit| parent(unit)).skip(1)
    }

    fn is_at_or_below(&self, id: Uuid, top: Uuid) -> bool {
        id == top || self.above(id).any(|unit| unit.id == top)
    }

    /// A unit as a list writes it: the shortest form by which it is found again.
    pub(super) fn written(&self, nearest: Option<Uuid>, id: Uuid) -> String {
        let mut form = self.name(id).to_owned();
        let mut above = self.above(id);
        loop {
            if !form.contains(AND) && self.resolve(nearest, &form) == Ok(id) {
                return form;
            }
            match above.next() {
                Some(unit) => form = format!("{} {BELOW} {form}", unit.name),
                None => return id.to_string(),
            }
        }
    }

    /// Several, by name.
    pub(super) fn all_written(&self, nearest: Option<Uuid>, ids: &[Uuid]) -> Vec<String> {
        let mut names: Vec<String> = ids.iter().map(|id| self.written(nearest, *id)).collect();
        names.sort_unstable();
        names
    }
}

/// Names are the same in any case and normal form; diacritics count.
fn key(name: &str) -> String {
    tidy(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn names() -> Names {
        let unit =
            |n, parent: Option<u128>, name: &str| Unit { id: id(n), parent_id: parent.map(id), name: name.to_owned() };
        let units = vec![
            unit(1, None, "Tỉnh"),
            unit(2, Some(1), "Thành phố"),
            unit(3, Some(1), "Huyện"),
            unit(4, Some(2), "Bộ phận một cửa"),
            unit(5, Some(3), "Bộ phận một cửa"),
            unit(6, Some(3), "Bộ phận một cửa"),
            unit(7, Some(2), "Một; cửa > hai"),
            unit(8, None, "Ngoài"),
        ];
        Names::new(units, (1..=7).map(id))
    }

    #[test]
    fn a_name_means_the_unit_that_is_near_and_a_path_any() {
        let names = names();
        let desk = "BỘ PHẬN một  cửa";
        assert_eq!(names.resolve(Some(id(2)), desk), Ok(id(4)));
        assert_eq!(names.resolve(Some(id(3)), desk), Err(Unresolved::Ambiguous));
        assert_eq!(names.resolve(None, desk), Err(Unresolved::Ambiguous));
        assert_eq!(names.resolve(None, "thành phố > bộ phận một cửa"), Ok(id(4)));
        assert_eq!(names.resolve(None, "Tỉnh>Thành phố>Bộ phận một cửa"), Ok(id(4)));
        assert_eq!(names.resolve(None, "Huyện > Thành phố > Bộ phận một cửa"), Err(Unresolved::Unknown));
        assert_eq!(names.resolve(None, "Bo phan mot cua"), Err(Unresolved::Unknown));
        assert_eq!(names.resolve(None, "Ngoài"), Err(Unresolved::Unknown), "out of reach");
        assert_eq!(names.resolve(None, &id(8).to_string()), Err(Unresolved::Unknown));
    }

    #[test]
    fn what_is_written_is_found_again() {
        let names = names();
        for nearest in [None, Some(id(1)), Some(id(2)), Some(id(3))] {
            for unit in (1..=7).map(id) {
                let written = names.written(nearest, unit);
                assert_eq!(names.resolve(nearest, &written), Ok(unit), "{written}");
                assert!(!written.contains(AND), "{written}");
            }
        }
        assert_eq!(names.written(Some(id(2)), id(4)), "Bộ phận một cửa");
        assert_eq!(names.written(None, id(4)), "Thành phố > Bộ phận một cửa");
    }
}
