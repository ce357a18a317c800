//! Choosing units: several by ticking, one from a list.

use std::rc::Rc;

use motcua_frontend::components::TextField;
use motcua_frontend::i18n::use_i18n;
use motcua_openapi::units::{Unit, UnitTree};
use motcua_openapi::values::text::contains_loosely;
use uuid::Uuid;
use yew::prelude::*;

use motcua_frontend::administration::said::typed;

/// More units than this are found by name.
const MANY: usize = 8;

/// The units that are not retired, for a list to choose one from: deeper ones further in.
pub(crate) fn unit_options(tree: &UnitTree) -> Vec<(AttrValue, AttrValue)> {
    let name = |unit: &Unit| {
        let inset = "\u{2003}".repeat(usize::try_from(unit.depth).unwrap_or_default());
        (unit.id.to_string().into(), format!("{inset}{}", unit.name).into())
    };
    tree.items.iter().filter(|unit| unit.retired_at.is_none()).map(name).collect()
}

/// What [`UnitPicker`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct UnitPickerProps {
    /// The units.
    pub tree: Rc<UnitTree>,
    /// Those that are ticked.
    pub chosen: Vec<Uuid>,
    /// What is wrong.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Others are ticked.
    pub on_choose: Callback<Vec<Uuid>>,
}

/// Units to tick.
#[component]
pub(crate) fn UnitPicker(props: &UnitPickerProps) -> Html {
    let i18n = use_i18n();
    let words = use_state(String::new);
    let here: Vec<&Unit> = props.tree.items.iter().filter(|unit| unit.retired_at.is_none()).collect();
    let is_many = here.len() > MANY;
    let is_shown = |unit: &&&Unit| words.trim().is_empty() || contains_loosely(&unit.name, words.trim());
    let toggle = |id: Uuid| {
        let chosen = props.chosen.clone();
        props.on_choose.reform(move |_: Event| {
            let others = chosen.iter().copied().filter(|unit| *unit != id);
            if chosen.contains(&id) { others.collect() } else { others.chain([id]).collect() }
        })
    };
    html! {
        <fieldset class={classes!("plain", "picker", props.error.is_some().then_some("field-wrong"))} id="units" tabindex="-1">
            <legend>{ i18n.t("officer.units") }</legend>
            <p class="hint">{ i18n.t("officer.units_hint") }</p>
            if let Some(error) = &props.error {
                <div class="field-error"><p id="units-error">{ error }</p></div>
            }
            if is_many {
                <TextField
                    id="picker_words" label={i18n.t("units.filter")} size="medium" value={AttrValue::from(words.to_string())}
                    on_type={typed(&words)}
                />
            }
            <ul class="ticks">
                for unit in here.iter().filter(is_shown) {
                    <li key={unit.id.to_string()} class={format!("depth-{}", unit.depth.min(6))}>
                        <label class="check">
                            <input
                                type="checkbox" name="units" value={unit.id.to_string()}
                                checked={props.chosen.contains(&unit.id)} onchange={toggle(unit.id)}
                            />
                            { &unit.name }
                        </label>
                    </li>
                }
            </ul>
        </fieldset>
    }
}
