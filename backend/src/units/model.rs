//! The rule of choosing.

use chrono::{DateTime, Utc};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::units::UnitReason;
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

/// A unit as administrators keep it, retired or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// The unit above it.
    pub parent_id: Option<Uuid>,
    /// Its name as shown.
    pub name: String,
    /// Raised by each change.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Since when it is retired.
    pub retired_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// By whom.
    pub updated_by: Option<Uuid>,
}

/// What keeps a unit from being chosen by anybody. A retired one has no other reason: nothing mends it.
pub fn obstacles(unit: &Kept, has_active_officer: bool, markers: &[String]) -> Vec<UnitReason> {
    if unit.retired_at.is_some() {
        return vec![UnitReason::Retired];
    }
    let lacks_marker = !markers.iter().any(|marker| contains_ignoring_case(&unit.name, marker));
    let reasons = [(lacks_marker, UnitReason::NameLacksMarker), (!has_active_officer, UnitReason::NobodyAssigned)];
    reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
}

/// The unit at `root` and all below it, each with how far below: parents before their children, names in order.
pub fn tree(units: &[Kept], root: Uuid) -> Vec<(&Kept, u32)> {
    let mut found = Vec::new();
    let mut open: Vec<(&Kept, u32)> = units.iter().filter(|unit| unit.id == root).map(|unit| (unit, 0)).collect();
    while let Some((unit, depth)) = open.pop() {
        found.push((unit, depth));
        let mut children: Vec<&Kept> = units.iter().filter(|child| child.parent_id == Some(unit.id)).collect();
        children.sort_by(|a, b| (&b.name, b.id).cmp(&(&a.name, a.id)));
        open.extend(children.into_iter().map(|child| (child, depth + 1)));
    }
    found
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

    fn kept(id: u128, parent: Option<u128>, name: &str) -> Kept {
        Kept {
            id: Uuid::from_u128(id),
            parent_id: parent.map(Uuid::from_u128),
            name: name.into(),
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            retired_at: None,
            updated_at: None,
            updated_by: None,
        }
    }

    #[test]
    fn a_tree_is_depth_first_with_names_in_order() {
        let units = [
            kept(1, None, "agency"),
            kept(2, Some(1), "b"),
            kept(3, Some(1), "a"),
            kept(4, Some(3), "c"),
            kept(5, None, "other"),
        ];
        let found: Vec<_> = tree(&units, Uuid::from_u128(1)).into_iter().map(|(u, d)| (u.name.as_str(), d)).collect();
        assert_eq!(found, [("agency", 0), ("a", 1), ("c", 2), ("b", 1)]);
    }

    #[test]
    fn every_obstacle_is_told_and_a_retired_unit_has_one() {
        let markers = ["Bộ phận một cửa".to_owned()];
        let office = kept(1, None, "Văn phòng");
        assert_eq!(obstacles(&office, false, &markers), [UnitReason::NameLacksMarker, UnitReason::NobodyAssigned]);
        assert_eq!(obstacles(&kept(1, None, "Bộ phận một cửa A"), true, &markers), []);
        let retired = Kept { retired_at: Some(DateTime::UNIX_EPOCH), ..office };
        assert_eq!(obstacles(&retired, false, &markers), [UnitReason::Retired]);
    }

    #[test]
    fn a_subtree_holds_all_below_and_nothing_beside() {
        let units = [unit(1, None, "a"), unit(2, Some(1), "b"), unit(3, Some(2), "c"), unit(4, None, "d")];
        assert_eq!(subtree(&units, Uuid::from_u128(1)), [1, 2, 3].map(Uuid::from_u128));
    }
}
