//! The officers' requests for units, each mended where it is answered.

mod answer;

use std::rc::Rc;

use motcua_frontend::clock;
use motcua_frontend::components::{Page, remote_view};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::{UnitRequest, UnitRequestList, UnitRequestState};
use yew::prelude::*;

use self::answer::AnswerForm;
use crate::units::{quoted, use_units};
use motcua_frontend::administration::said::{self, not_yours};
use motcua_frontend::administration::{Table, request_tag, requested_unit};

/// The requests.
#[component]
pub(crate) fn UnitRequestsPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    html! {
        <Page title={i18n.t("requests.title")}>
            if is_administrator(&me) {
                <Requests />
            } else {
                { not_yours(&i18n, "requests.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Requests() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let done = use_state(|| None::<AttrValue>);
    let units = use_units();
    let handle = use_remote((), move |()| {
        let api = api.clone();
        async move { api.unit_requests().await }
    });
    let on_done = {
        let (done, requests, units) = (done.setter(), handle.reload.clone(), units.reload.clone());
        Callback::from(move |text: AttrValue| {
            done.set(Some(text));
            requests.emit(());
            units.emit(());
        })
    };
    html! {
        <>
            <p>{ i18n.t("requests.about") }</p>
            { said::done((*done).clone()) }
            { remote_view(&handle, |list| html! {
                <>
                    <section class="results" aria-labelledby="open-title">
                        <h2 id="open-title">{ i18n.with("requests.open", &[("count", &open(list).count().to_string())]) }</h2>
                        if open(list).next().is_none() {
                            <p class="empty card">{ i18n.t("requests.none_open") }</p>
                        }
                        { remote_view(&units, |tree| html! {
                            for request in open(list) {
                                <AnswerForm
                                    key={request.id.to_string()} request={Rc::new(request.clone())} tree={Rc::clone(tree)}
                                    on_done={on_done.clone()}
                                />
                            }
                        }) }
                    </section>
                    <section class="results" aria-labelledby="answered-title">
                        <h2 id="answered-title">{ i18n.t("requests.answered") }</h2>
                        { answered(&i18n, list) }
                    </section>
                </>
            }) }
        </>
    }
}

fn open(list: &UnitRequestList) -> impl Iterator<Item = &UnitRequest> {
    list.items.iter().filter(|request| request.state == UnitRequestState::Open)
}

/// Why the unit could not be chosen when it was asked for.
fn why_not(i18n: &I18n, request: &UnitRequest, markers: &[String]) -> AttrValue {
    request.reason.map_or_else(
        || i18n.t("requests.not_listed"),
        |reason| i18n.with(unselectable_of(reason), &[("markers", &quoted(i18n, markers))]),
    )
}

/// The same as the desk says to the officer, said of the officer.
fn unselectable_of(reason: UnselectableReason) -> &'static str {
    match reason {
        UnselectableReason::NotAssigned => "requests.not_assigned",
        UnselectableReason::NameLacksMarker => "unit.name_lacks_marker",
    }
}

fn answered(i18n: &I18n, list: &UnitRequestList) -> Html {
    let labels = ["requests.officer", "requests.unit", "requests.asked_at", "requests.answer", "requests.words"];
    let labels = labels.map(|key| i18n.t(key));
    let table = Table {
        title: "answered-title",
        labels: &labels,
        numbers: labels.len(),
        empty: i18n.t("requests.none_answered"),
    };
    let rows = list.items.iter().filter(|request| request.state != UnitRequestState::Open);
    table.of(rows.map(|request| {
        let by = request.answered_by.as_ref().map(|by| by.full_name.clone()).unwrap_or_default();
        let at = request.answered_at.map(clock::date_time).unwrap_or_default();
        vec![
            html! { &request.officer.full_name },
            html! { requested_unit(i18n, request) },
            html! { clock::date_time(request.created_at) },
            html! { <div>{ request_tag(i18n, request.state) }<p class="hint">{ format!("{by} · {at}") }</p></div> },
            html! { if request.answer.is_empty() { { "—" } } else { { &request.answer } } },
        ]
    }))
}
