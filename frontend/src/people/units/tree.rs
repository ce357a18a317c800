//! The tree as a table: each unit with what keeps it from being chosen, and beside it what mends that.

use motcua_frontend::components::{Button, ButtonKind, IconName, icon};
use motcua_frontend::i18n::I18n;
use motcua_openapi::units::{Unit, UnitObstacle, UnitReason, UnitRemedy, UnitTree};
use motcua_openapi::values::text::contains_loosely;
use yew::prelude::*;

use super::Over;
use super::dialogs::Naming;
use motcua_frontend::administration::Table;

/// Deeper units stand no further in.
const DEEPEST: u32 = 6;

/// The units whose names hold `words`.
pub(super) fn table(i18n: &I18n, tree: &UnitTree, words: &str, only_open: bool, open: &Callback<Over>) -> Html {
    let labels = ["units.unit", "units.can_be_chosen", "units.officers", "list.actions"].map(|key| i18n.t(key));
    let table = Table { title: "units-title", labels: &labels, numbers: labels.len(), empty: i18n.t("units.empty") };
    let wanted: Vec<&Unit> = tree.items.iter().filter(|unit| is_wanted(unit, words, only_open)).collect();
    let count = i18n.count(u32::try_from(wanted.len()).unwrap_or(u32::MAX));
    html! {
        <section class="results" aria-labelledby="units-title">
            <div role="status"><h2 id="units-title">{ i18n.with("units.count", &[("count", &count)]) }</h2></div>
            { table.of(wanted.into_iter().map(|unit| row(i18n, unit, unit.id == tree.agency_id, open))) }
        </section>
    }
}

/// A retired unit is shown only to who looks for it by name: nothing can be done about it.
fn is_wanted(unit: &Unit, words: &str, only_open: bool) -> bool {
    let words = words.trim();
    let by_name = words.is_empty() || contains_loosely(&unit.name, words);
    let is_here = unit.retired_at.is_none() || !words.is_empty();
    by_name && is_here && (!only_open || unit.obstacles.iter().any(|obstacle| obstacle.remedy.is_some()))
}

fn row(i18n: &I18n, unit: &Unit, is_agency: bool, open: &Callback<Over>) -> Vec<Html> {
    let depth = unit.depth.min(DEEPEST);
    let officers = match unit.officers.as_slice() {
        [] => html! { "—" },
        officers => html! { officers.iter().map(|officer| officer.full_name.as_str()).collect::<Vec<_>>().join(", ") },
    };
    vec![
        html! { <span class={format!("unit-name depth-{depth}")}>{ &unit.name }</span> },
        state(i18n, unit, open),
        officers,
        acts(i18n, unit, is_agency, open),
    ]
}

fn state(i18n: &I18n, unit: &Unit, open: &Callback<Over>) -> Html {
    if unit.selectable {
        return html! { <span class="tag tag-good">{ icon(IconName::Check) }{ i18n.t("units.selectable") }</span> };
    }
    html! {
        <ul class="obstacles">
            for obstacle in unit.obstacles.iter() {
                <li>
                    <span class={if obstacle.remedy.is_some() { "tag tag-waiting" } else { "tag tag-over" }}>
                        { icon(IconName::Alert) }{ i18n.t(reason(obstacle.reason)) }
                    </span>
                    { remedy(i18n, unit, *obstacle, open) }
                </li>
            }
        </ul>
    }
}

fn reason(reason: UnitReason) -> &'static str {
    match reason {
        UnitReason::Retired => "units.retired",
        UnitReason::NameLacksMarker => "units.name_lacks_marker",
        UnitReason::NobodyAssigned => "units.nobody_assigned",
    }
}

fn remedy(i18n: &I18n, unit: &Unit, obstacle: UnitObstacle, open: &Callback<Over>) -> Html {
    match obstacle.remedy {
        None => Html::default(),
        Some(UnitRemedy::Rename) => {
            act(i18n, "units.add_marker", unit, open, |unit| Over::Naming(Naming::Marking(unit)))
        }
        Some(UnitRemedy::Assign) => act(i18n, "units.assign", unit, open, Over::Assigning),
    }
}

fn acts(i18n: &I18n, unit: &Unit, is_agency: bool, open: &Callback<Over>) -> Html {
    if unit.retired_at.is_some() {
        return html! { "—" };
    }
    html! {
        <div class="row-acts">
            { act(i18n, "units.create_below", unit, open, |unit| Over::Naming(Naming::Below(unit))) }
            { act(i18n, "units.rename", unit, open, |unit| Over::Naming(Naming::Renaming(unit))) }
            if unit.selectable {
                { act(i18n, "units.assign", unit, open, Over::Assigning) }
            }
            if !is_agency {
                { act(i18n, "units.retire", unit, open, Over::Retiring) }
            }
        </div>
    }
}

fn act(i18n: &I18n, key: &str, unit: &Unit, open: &Callback<Over>, what: fn(Unit) -> Over) -> Html {
    let label = i18n.t(key);
    let name = format!("{label}: {}", unit.name);
    let on_press = {
        let unit = unit.clone();
        open.reform(move |()| what(unit.clone()))
    };
    html! { <Button kind={ButtonKind::Quiet} {label} {name} {on_press} /> }
}

#[cfg(test)]
mod tests {
    use motcua_openapi::desk::OfficerRef;
    use uuid::Uuid;

    use super::*;

    fn unit(name: &str, reasons: &[UnitReason]) -> Unit {
        let obstacle = |reason: &UnitReason| UnitObstacle { reason: *reason, remedy: reason.remedy() };
        Unit {
            id: Uuid::nil(),
            parent_id: None,
            name: name.into(),
            depth: 0,
            version: 1,
            selectable: reasons.is_empty(),
            obstacles: reasons.iter().map(obstacle).collect(),
            officers: Vec::<OfficerRef>::new(),
            created_at: "2026-11-24T03:00:00Z".parse().unwrap(),
            retired_at: reasons.contains(&UnitReason::Retired).then(|| "2026-11-24T03:00:00Z".parse().unwrap()),
        }
    }

    #[test]
    fn what_can_be_mended_is_found_and_what_is_retired_only_by_name() {
        let open = unit("Bộ phận một cửa", &[]);
        let unnamed = unit("Văn phòng", &[UnitReason::NameLacksMarker]);
        let retired = unit("Phường cũ", &[UnitReason::Retired]);
        assert!(is_wanted(&open, "MỘT cửa", false) && !is_wanted(&open, "", true));
        assert!(is_wanted(&unnamed, "", true));
        assert!(!is_wanted(&retired, "", false) && is_wanted(&retired, "phường", false));
    }
}
