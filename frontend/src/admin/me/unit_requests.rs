//! One's own requests for units and their answers; and asking for one that is on no list, by its name.

use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, TextField, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::problem::FieldError;
use motcua_openapi::unit_requests::{CreateUnitRequest, UnitRequest, UnitRequestList};
use yew::prelude::*;

use motcua_frontend::administration::said::{self, typed};
use motcua_frontend::administration::{Table, request_tag, requested_unit};

/// The requests of somebody who works at a desk.
#[component]
pub(super) fn OwnRequests() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let (name, why) = (use_state(String::new), use_state(String::new));
    let errors = use_state(Vec::<FieldError>::new);
    let key = use_state(browser::random_key);
    let done = use_state(|| false);
    let handle = {
        let api = api.clone();
        use_remote((), move |()| {
            let api = api.clone();
            async move { api.unit_requests().await }
        })
    };
    let on_done = {
        let (name, why, key, done) = (name.setter(), why.setter(), key.setter(), done.setter());
        handle.reload.reform(move |_: UnitRequest| {
            name.set(String::new());
            why.set(String::new());
            key.set(browser::random_key());
            done.set(true);
        })
    };
    let act = {
        let key = (*key).clone();
        use_act(
            move |request: CreateUnitRequest| {
                let (api, key) = (api.clone(), key.clone());
                async move { api.ask_for_unit(&request, &key).await }
            },
            on_done,
        )
    };
    let onsubmit = {
        let request = CreateUnitRequest { unit_id: None, unit_name: Some((*name).clone()), why: (*why).clone() };
        let (errors, done, go) = (errors.setter(), done.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            done.set(false);
            let mut wrong = request.parse().err().unwrap_or_default();
            // Here a unit is asked for by its name alone.
            for error in wrong.iter_mut().filter(|error| error.field == "unit_id") {
                error.field = "unit_name".to_owned();
            }
            match wrong.first() {
                Some(first) => browser::focus(&first.field),
                None => go.emit(request.clone()),
            }
            errors.set(wrong);
        })
    };
    let failed = act.failed.as_ref();
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    html! {
        <section class="card" aria-labelledby="requests-title">
            <h2 id="requests-title">{ i18n.t("me.requests") }</h2>
            { remote_view(&handle, |list| shown(&i18n, list)) }
            { said::done((*done && failed.is_none()).then(|| i18n.t("me.requested"))) }
            { said::refusal(&i18n, failed) }
            <form class="stack" novalidate=true {onsubmit}>
                <TextField
                    id="unit_name" label={i18n.t("me.request_unit")} hint={i18n.t("me.request_hint")} required=true
                    value={value(&name)} error={said::wrong(&i18n, "unit_name", &errors, failed)} on_type={typed(&name)}
                />
                <TextField
                    id="why" label={i18n.t("me.request_why")} value={value(&why)}
                    error={said::wrong(&i18n, "why", &errors, failed)} on_type={typed(&why)}
                />
                <div class="act-row"><Button submit=true label={i18n.t("me.request_send")} busy={act.busy} /></div>
            </form>
        </section>
    }
}

fn shown(i18n: &I18n, list: &UnitRequestList) -> Html {
    let labels = ["requests.unit", "requests.asked_at", "requests.answer", "requests.words"].map(|key| i18n.t(key));
    let table =
        Table { title: "requests-title", labels: &labels, numbers: labels.len(), empty: i18n.t("me.no_requests") };
    table.of(list.items.iter().map(|request| {
        let words = if request.answer.is_empty() { "—" } else { request.answer.as_str() };
        vec![
            html! { requested_unit(i18n, request) },
            html! { clock::date_time(request.created_at) },
            request_tag(i18n, request.state),
            html! { words },
        ]
    }))
}
