//! "Thông tin cán bộ": who, the unit, and for a unit that cannot be chosen: which, why, whom to ask.

use motcua_openapi::desk::UnitRef;
use motcua_openapi::sessions::{Helper, UnselectableReason};
use yew::prelude::*;

use super::ask_unit::AskUnit;
use super::form::Field;
use super::form_field::{on_leave, on_type, shown_error};
use super::work::Work;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, SelectField, Tone, text_fact};
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// The officer's section.
pub(crate) fn officer_section(i18n: &I18n, work: &Work, closed: bool) -> Html {
    let me = &work.place.me;
    let begun = work.screen.saved.as_ref().map(|saved| clock::date_time(saved.created_at));
    let unit = |unit: &UnitRef| (unit.id.to_string().into(), unit.name.clone().into());
    html! {
        <>
            <dl class="facts">
                { text_fact(i18n.t("form.officer"), me.full_name.clone()) }
                { text_fact(i18n.t("form.officer_phone"), me.phone.clone()) }
                { text_fact(i18n.t("form.created_at"), begun.unwrap_or_else(|| "—".to_owned())) }
            </dl>
            <fieldset disabled={closed} class="plain">
                <SelectField
                    id={Field::Unit.id()}
                    label={i18n.t("form.unit")}
                    value={AttrValue::from(work.screen.typed.get(Field::Unit).to_owned())}
                    none={i18n.t("form.unit_none")}
                    options={me.units.iter().map(unit).collect::<Vec<_>>()}
                    required=true
                    error={shown_error(work, Field::Unit, i18n)}
                    on_choose={on_type(work, Field::Unit)}
                    on_leave={on_leave(work, Field::Unit)}
                />
            </fieldset>
            { unselectable_units(i18n, work) }
        </>
    }
}

/// The units that cannot be chosen. Folded away where the officer has others; the first thing to
/// see where there are none.
fn unselectable_units(i18n: &I18n, work: &Work) -> Html {
    let me = &work.place.me;
    let has_none = me.units.is_empty();
    if me.unselectable_units.is_empty() && !has_none {
        return Html::default();
    }
    let markers = work.place.desk.unit_markers.iter().map(|marker| format!("“{marker}”")).collect::<Vec<_>>();
    let markers = markers.join(i18n.t("unit.or").as_str());
    html! {
        <>
            if has_none {
                <Banner tone={Tone::Warning}><p>{ i18n.t("unit.none_selectable") }</p></Banner>
            }
            <details class="units" open={has_none}>
                <summary>{ i18n.t("unit.missing") }</summary>
                <ul>
                    for unit in me.unselectable_units.iter() {
                        <li key={unit.id.to_string()}>
                            <strong>{ &unit.name }</strong>
                            <p>{ reason(i18n, unit.reason, &markers) }</p>
                            <AskUnit id={unit.id} name={unit.name.clone()} />
                        </li>
                    }
                </ul>
                <p><a href="/admin/me" target="_blank">{ i18n.t("unit.by_name") }</a></p>
                <p>{ whom_to_ask(i18n, &me.helper) }</p>
            </details>
        </>
    }
}

fn reason(i18n: &I18n, reason: UnselectableReason, markers: &str) -> AttrValue {
    i18n.with(wording::unselectable(reason), &[("markers", markers)])
}

fn whom_to_ask(i18n: &I18n, helper: &Helper) -> AttrValue {
    let known: Vec<&str> = [&helper.name, &helper.phone, &helper.email]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| &**text)
        .collect();
    if known.is_empty() {
        i18n.t("unit.ask_administrator")
    } else {
        i18n.with("unit.ask", &[("helper", &known.join(" · "))])
    }
}
