//! The rule of choosing.

use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::values::text::contains_ignoring_case;
use uuid::Uuid;

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// The unit above it; `None` for an agency at the top.
    pub parent_id: Option<Uuid>,
    /// Its name as shown.
    pub name: String,
}

/// Whether a unit can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can.
    Selectable,
    /// It cannot, and why.
    Unselectable(UnselectableReason),
}

impl Unit {
    /// Whether its name contains one of the markers, in any case and normal form.
    pub fn is_one_stop(&self, markers: &[String]) -> bool {
        markers.iter().any(|marker| contains_ignoring_case(&self.name, marker))
    }

    /// Whether an officer assigned to `assigned` can choose it. A name that lacks the marker is
    /// told first: assigning the officer would not help.
    pub fn verdict(&self, assigned: &[Uuid], markers: &[String]) -> Verdict {
        if !self.is_one_stop(markers) {
            Verdict::Unselectable(UnselectableReason::NameLacksMarker)
        } else if !assigned.contains(&self.id) {
            Verdict::Unselectable(UnselectableReason::NotAssigned)
        } else {
            Verdict::Selectable
        }
    }
}

/// The unit at `root` and all below it.
pub fn subtree(units: &[Unit], root: Uuid) -> Vec<Uuid> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(units.iter().filter(|unit| unit.parent_id == Some(parent)).map(|unit| unit.id));
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: u128, parent: Option<u128>, name: &str) -> Unit {
        Unit { id: Uuid::from_u128(id), parent_id: parent.map(Uuid::from_u128), name: name.into() }
    }

    #[test]
    fn each_unselectable_unit_has_the_reason_that_helps() {
        let markers = ["Bộ phận một cửa".to_owned()];
        let (mine, other) = ([Uuid::from_u128(1)], []);
        let desk = unit(1, None, "BỘ PHẬN MỘT CỬA phường Vĩnh Hải");
        let nameless = unit(1, None, "Văn phòng UBND phường Vĩnh Hải");
        assert_eq!(desk.verdict(&mine, &markers), Verdict::Selectable);
        assert_eq!(desk.verdict(&other, &markers), Verdict::Unselectable(UnselectableReason::NotAssigned));
        assert_eq!(nameless.verdict(&mine, &markers), Verdict::Unselectable(UnselectableReason::NameLacksMarker));
    }

    #[test]
    fn a_subtree_holds_all_below_and_nothing_beside() {
        let units = [unit(1, None, "a"), unit(2, Some(1), "b"), unit(3, Some(2), "c"), unit(4, None, "d")];
        assert_eq!(subtree(&units, Uuid::from_u128(1)), [1, 2, 3].map(Uuid::from_u128));
    }
}
