//! Assigning an officer to a unit from the unit's side: who, by name, then one press.

use std::rc::Rc;

use motcua_frontend::api::{Api, ApiError};
use motcua_frontend::components::{Button, ButtonKind, Dialog, TextField, offline_banner, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{Workplace, use_workplace};
use motcua_openapi::officers::{AssignUnits, Officer, OfficerPage, OfficerState, OfficerSummary, SearchOfficers};
use motcua_openapi::units::{Unit, UnitTree};
use uuid::Uuid;
use yew::prelude::*;

use motcua_frontend::administration::said::{self, typed};

/// What [`AssignDialog`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct AssignDialogProps {
    /// The unit.
    pub unit: Unit,
    /// The units that the administrator can assign to.
    pub tree: Rc<UnitTree>,
    /// Somebody is assigned; what to tell.
    pub on_done: Callback<AttrValue>,
    /// Given up.
    pub on_close: Callback<()>,
}

/// Who works there from now on.
#[component]
pub(super) fn AssignDialog(props: &AssignDialogProps) -> Html {
    let i18n = use_i18n();
    let Workplace { api, offline, .. } = use_workplace();
    let (words, searched) = (use_state(String::new), use_state(String::new));
    let handle = {
        let api = api.clone();
        use_remote((*searched).clone(), move |words| {
            let (api, search) = (api.clone(), search(words));
            async move { api.search_officers(&search).await }
        })
    };
    let act = {
        let (unit, tree) = (props.unit.id, Rc::clone(&props.tree));
        let on_done = {
            let (i18n, unit) = (i18n.clone(), props.unit.name.clone());
            props.on_done.reform(move |officer: Officer| {
                i18n.with("units.assigned", &[("officer", &officer.full_name), ("unit", &unit)])
            })
        };
        use_act(move |officer: Uuid| assign(api.clone(), officer, unit, Rc::clone(&tree)), on_done)
    };
    let onsubmit = {
        let (words, searched) = (words.clone(), searched.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            searched.set((*words).clone());
        })
    };
    html! {
        <Dialog labelled_by="assign-title" class="question" on_escape={props.on_close.clone()}>
            <h2 id="assign-title">{ i18n.with("units.assign_title", &[("unit", &props.unit.name)]) }</h2>
            { offline_banner(&i18n, offline) }
            { said::refusal(&i18n, act.failed.as_ref()) }
            <form role="search" class="stack" novalidate=true {onsubmit}>
                <TextField
                    id="assign_words" label={i18n.t("officers.name")} autofocus=true
                    value={AttrValue::from(words.to_string())} on_type={typed(&words)}
                >
                    <Button submit=true label={i18n.t("act.search")} />
                </TextField>
            </form>
            { remote_view(&handle, |page| found(&i18n, page, &props.unit, act.busy, &act.go)) }
            <div class="act-row act-end"><Button label={i18n.t("act.close")} on_press={props.on_close.clone()} /></div>
        </Dialog>
    }
}

fn search(words: &str) -> SearchOfficers {
    let name = Some(words.trim().to_owned()).filter(|words| !words.is_empty());
    SearchOfficers { name, state: Some(OfficerState::Active), ..SearchOfficers::default() }
}

fn found(i18n: &I18n, page: &OfficerPage, unit: &Unit, busy: bool, go: &Callback<Uuid>) -> Html {
    if page.items.is_empty() {
        return html! { <p class="empty" role="status">{ i18n.t("officers.empty") }</p> };
    }
    html! {
        <>
            <ul class="found" aria-label={i18n.t("officers.title")}>
                for officer in page.items.iter() {
                    <li key={officer.id.to_string()}>
                        <span class="draft-about"><strong>{ &officer.full_name }</strong>{ format!(" ({})", officer.username) }</span>
                        { way_in(i18n, officer, unit, busy, go) }
                    </li>
                }
            </ul>
            if page.next.is_some() {
                <p class="hint">{ i18n.t("units.type_more") }</p>
            }
        </>
    }
}

fn way_in(i18n: &I18n, officer: &OfficerSummary, unit: &Unit, busy: bool, go: &Callback<Uuid>) -> Html {
    if officer.units.iter().any(|assigned| assigned.id == unit.id) {
        return html! { <span class="hint">{ i18n.t("units.is_assigned") }</span> };
    }
    let id = officer.id;
    let name = format!("{}: {}", i18n.t("units.assign_one"), officer.full_name);
    html! {
        <Button
            kind={ButtonKind::Secondary} label={i18n.t("units.assign_one")} {name} {busy} on_press={go.reform(move |()| id)}
        />
    }
}

/// One unit more, on the version that is there now. Units beyond the administrator's reach stay by themselves.
async fn assign(api: Api, officer: Uuid, unit: Uuid, tree: Rc<UnitTree>) -> Result<Officer, ApiError> {
    let officer = api.officer(officer).await?;
    let is_in_reach = |id: &Uuid| tree.items.iter().any(|unit| unit.id == *id && unit.retired_at.is_none());
    let units = officer.units.iter().map(|unit| unit.id).filter(is_in_reach).chain([unit]).collect();
    api.assign_units(officer.id, &AssignUnits { version: officer.version, units }).await
}
