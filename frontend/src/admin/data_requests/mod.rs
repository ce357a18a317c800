//! What citizens have asked for about their data, each with the last day for its answer.

mod answer;

use std::rc::Rc;

use motcua_frontend::administration::Table;
use motcua_frontend::administration::said::{self, not_yours};
use motcua_frontend::clock;
use motcua_frontend::components::{IconName, Page, icon, remote_view};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_openapi::citizens::{AccountDataRequest, DataRequest, DataRequestKind, DataRequestList, DataRequestOutcome};
use motcua_openapi::values::format_typed_date;
use yew::prelude::*;

use self::answer::AnswerForm;

/// The requests.
#[component]
pub(crate) fn DataRequestsPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    html! {
        <Page title={i18n.t("data.title")}>
            if is_administrator(&me) {
                <Requests />
            } else {
                { not_yours(&i18n, "data.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Requests() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let done = use_state(|| None::<AttrValue>);
    let handle = use_remote((), move |()| {
        let api = api.clone();
        async move { api.data_requests().await }
    });
    let on_done = {
        let (done, reload) = (done.setter(), handle.reload.clone());
        Callback::from(move |text: AttrValue| {
            done.set(Some(text));
            reload.emit(());
        })
    };
    html! {
        <>
            <p>{ i18n.t("data.about") }</p>
            { said::done((*done).clone()) }
            { remote_view(&handle, |list| html! {
                <>
                    <section class="results" aria-labelledby="open-title">
                        <h2 id="open-title">{ i18n.with("data.open", &[("count", &open(list).count().to_string())]) }</h2>
                        if open(list).next().is_none() {
                            <p class="empty card">{ i18n.t("data.none_open") }</p>
                        }
                        for one in open(list) {
                            <AnswerForm key={one.request.id.to_string()} one={Rc::new(one.clone())} on_done={on_done.clone()} />
                        }
                    </section>
                    <section class="results" aria-labelledby="answered-title">
                        <h2 id="answered-title">{ i18n.t("data.answered") }</h2>
                        { answered(&i18n, list) }
                    </section>
                </>
            }) }
        </>
    }
}

fn open(list: &DataRequestList) -> impl Iterator<Item = &AccountDataRequest> {
    list.items.iter().filter(|one| one.request.answer.is_none())
}

/// What is asked for.
fn kind(kind: DataRequestKind) -> &'static str {
    match kind {
        DataRequestKind::WithdrawConsent => "data.withdraw_consent",
        DataRequestKind::CloseAccount => "data.close_account",
    }
}

/// How it was answered.
fn outcome(outcome: DataRequestOutcome) -> &'static str {
    match outcome {
        DataRequestOutcome::Accepted => "data.accepted",
        DataRequestOutcome::Declined => "data.declined",
    }
}

/// The last day, and that it is over.
fn deadline(i18n: &I18n, request: &DataRequest) -> Html {
    let due = i18n.with("data.due", &[("date", &format_typed_date(request.due_on))]);
    if request.is_overdue {
        html! { <span class="tag tag-bad">{ icon(IconName::Alert) }{ i18n.t("data.overdue") }{ ": " }{ due }</span> }
    } else {
        html! { <span class="tag tag-waiting">{ icon(IconName::Clock) }{ due }</span> }
    }
}

fn answered(i18n: &I18n, list: &DataRequestList) -> Html {
    let labels = ["data.citizen", "data.what", "data.made_at", "data.answer", "data.words"].map(|key| i18n.t(key));
    let table =
        Table { title: "answered-title", labels: &labels, numbers: labels.len(), empty: i18n.t("data.none_answered") };
    let rows = list.items.iter().filter_map(|one| Some((one, one.request.answer.as_ref()?)));
    table.of(rows.map(|(one, answer)| {
        vec![
            html! { <div>{ one.full_name.as_str() }<p class="hint number">{ &one.id_number_masked }</p></div> },
            html! { i18n.t(kind(one.request.kind)) },
            html! { clock::date_time(one.request.made_at) },
            html! {
                <div>
                    { i18n.t(outcome(answer.outcome)) }
                    <p class="hint">{ format!("{} · {}", answer.by, clock::date_time(answer.at)) }</p>
                </div>
            },
            html! { &answer.words },
        ]
    }))
}
