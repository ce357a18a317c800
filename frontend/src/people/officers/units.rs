//! Where an officer works.

use std::rc::Rc;

use motcua_frontend::components::{Button, remote_view};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::officers::{AssignUnits, Officer};
use motcua_openapi::units::UnitTree;
use uuid::Uuid;
use yew::prelude::*;

use super::edit::PartProps;
use crate::units::{UnitPicker, use_units};
use motcua_frontend::administration::said;

/// The units, to tick.
#[component]
pub(super) fn Assigned(props: &PartProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let handle = use_units();
    let chosen = use_state(|| props.officer.units.iter().map(|unit| unit.id).collect::<Vec<_>>());
    let act = {
        let (id, saved) = (props.officer.id, i18n.t("officer.saved"));
        use_act(
            move |units: AssignUnits| {
                let api = api.clone();
                async move { api.assign_units(id, &units).await }
            },
            props.on_done.reform(move |_: Officer| saved.clone()),
        )
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |units: Vec<Uuid>| chosen.set(units))
    };
    html! {
        <section class="card" aria-labelledby="units-title">
            <h2 id="units-title">{ i18n.t("officer.units") }</h2>
            { said::done(props.done.clone().filter(|_| act.failed.is_none())) }
            { said::refusal(&i18n, act.failed.as_ref()) }
            { remote_view(&handle, |tree| html! {
                <>
                    { beyond(&i18n, &props.officer, tree) }
                    <UnitPicker
                        tree={Rc::clone(tree)} chosen={(*chosen).clone()} {on_choose}
                        error={said::wrong(&i18n, "units", &[], act.failed.as_ref())}
                    />
                    <div class="act-row">
                        <Button label={i18n.t("officer.save_units")} busy={act.busy} on_press={save(&props.officer, tree, &chosen, &act.go)} />
                    </div>
                </>
            }) }
        </section>
    }
}

fn is_in_reach(tree: &UnitTree, id: Uuid) -> bool {
    tree.items.iter().any(|unit| unit.id == id && unit.retired_at.is_none())
}

/// Units of another agency or retired ones: they are not this administrator's to change.
fn beyond(i18n: &I18n, officer: &Officer, tree: &UnitTree) -> Html {
    let beyond: Vec<_> =
        officer.units.iter().filter(|unit| !is_in_reach(tree, unit.id)).map(|unit| unit.name.as_str()).collect();
    if beyond.is_empty() {
        return Html::default();
    }
    html! { <p class="hint">{ i18n.with("officer.units_beyond", &[("units", &beyond.join(", "))]) }</p> }
}

fn save(officer: &Officer, tree: &UnitTree, chosen: &[Uuid], go: &Callback<AssignUnits>) -> Callback<()> {
    let units = chosen.iter().copied().filter(|id| is_in_reach(tree, *id)).collect();
    let units = AssignUnits { version: officer.version, units };
    go.reform(move |()| units.clone())
}
