//! A list that was uploaded: how far it is, its faults by row and cell, or what it would do, and applying it.

use std::rc::Rc;

use motcua_frontend::administration::{Table, said};
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, Question, Tone, remote_view};
use motcua_frontend::hooks::{RemoteHandle, use_act, use_remote, use_timeout};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;
use motcua_openapi::officer_imports::{CellError, ImportState, OfficerImport, RowCounts};
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use super::preview::Preview;
use crate::route::Route;

/// Between two looks at a list that is being worked on.
const LOOK_AGAIN_MILLIS: u32 = 700;

/// What [`Checked`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct CheckedProps {
    /// The list.
    pub id: Uuid,
}

/// The list, looked at again while something is done with it.
#[component]
pub(super) fn Checked(props: &CheckedProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let id = props.id;
    let asking = use_state(|| false);
    let handle = {
        let api = api.clone();
        use_remote(id, move |id| {
            let (api, id) = (api.clone(), *id);
            async move { api.officer_import(id, None, 0).await }
        })
    };
    let reload = handle.reload.clone();
    let apply = use_act(
        move |()| {
            let api = api.clone();
            async move { api.apply_officer_import(id).await }
        },
        handle.reload.reform(|_: OfficerImport| ()),
    );
    let looked = handle.remote.ready().map(|list| (Rc::as_ptr(list) as usize, list.state.is_under_way()));
    let is_under_way = looked.is_some_and(|(_, is_under_way)| is_under_way);
    use_timeout(is_under_way.then_some(LOOK_AGAIN_MILLIS), looked, move || reload.emit(()));
    let set_asking = |to: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(to))
    };
    let on_go = {
        let (go, close) = (apply.go.clone(), set_asking(false));
        Callback::from(move |()| {
            close.emit(());
            go.emit(());
        })
    };
    html! {
        <div class="stack">
            { said::refusal(&i18n, apply.failed.as_ref()) }
            { shown(&i18n, &handle, apply.busy, &set_asking(true)) }
            if *asking {
                <Question
                    title={i18n.t("import.apply_title")} loss={i18n.t("import.apply_loss")} stay={i18n.t("act.keep")}
                    go={i18n.t("import.apply")} on_stay={set_asking(false)} {on_go}
                />
            }
        </div>
    }
}

fn shown(i18n: &I18n, handle: &RemoteHandle<OfficerImport>, busy: bool, on_apply: &Callback<()>) -> Html {
    remote_view(handle, |list| {
        html! {
            <>
                { state(i18n, list) }
                if list.state == ImportState::Refused {
                    { errors(i18n, list) }
                }
                if matches!(list.state, ImportState::Ready | ImportState::Applied) {
                    <p>{ counts(i18n, list.counts) }</p>
                }
                if list.state == ImportState::Ready {
                    if list.counts.new + list.counts.changed > 0 {
                        <div class="act-row">
                            <Button kind={ButtonKind::Primary} label={i18n.t("import.apply")} {busy} on_press={on_apply.clone()} />
                        </div>
                    } else {
                        <Banner tone={Tone::Info}><p>{ i18n.t("import.nothing") }</p></Banner>
                    }
                    <Preview list={Rc::clone(list)} />
                }
                if !list.state.is_under_way() {
                    <p><Link<Route> to={Route::Import} classes="button button-secondary">{ i18n.t("import.another") }</Link<Route>></p>
                }
            </>
        }
    })
}

/// How far it is: a bar while it is worked on, else what has become of it.
fn state(i18n: &I18n, list: &OfficerImport) -> Html {
    let (tone, key) = match list.state {
        ImportState::Checking => return progress(i18n, list, "import.checking"),
        ImportState::Applying => return progress(i18n, list, "import.applying"),
        ImportState::Refused => (Tone::Danger, "import.refused"),
        ImportState::Ready => (Tone::Success, "import.ready"),
        ImportState::Applied => (Tone::Success, "import.applied"),
        ImportState::Stale => (Tone::Warning, "import.stale"),
        ImportState::Failed => (Tone::Danger, "import.failed"),
        ImportState::Expired => (Tone::Warning, "import.expired"),
    };
    let time = list.applied_at.unwrap_or(list.expires_at);
    let values = [("count", i18n.count(list.error_count)), ("time", clock::date_time(time))];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    html! { <Banner {tone}><p>{ i18n.with(key, &values) }</p></Banner> }
}

fn progress(i18n: &I18n, list: &OfficerImport, key: &str) -> Html {
    let (done, total) = (list.progress.done, list.progress.total);
    let rows = i18n.with("import.rows_done", &[("done", &i18n.count(done)), ("total", &i18n.count(total))]);
    // Without a value the bar says only that something goes on.
    let (max, value) = (total.max(1).to_string(), (total > 0).then(|| done.to_string()));
    html! {
        <div class="card stack">
            <p role="status">{ i18n.t(key) }</p>
            <progress {max} {value} aria-label={i18n.t(key)} />
            if total > 0 {
                <p class="hint">{ rows }</p>
            }
        </div>
    }
}

fn counts(i18n: &I18n, counts: RowCounts) -> AttrValue {
    let values = [
        ("new", i18n.count(counts.new)),
        ("changed", i18n.count(counts.changed)),
        ("unchanged", i18n.count(counts.unchanged)),
    ];
    i18n.with("import.counts", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn errors(i18n: &I18n, list: &OfficerImport) -> Html {
    let labels = ["import.row", "import.cell", "import.column", "import.fault"].map(|key| i18n.t(key));
    let table = Table { title: "errors-title", labels: &labels, numbers: labels.len(), empty: AttrValue::default() };
    let row = |error: &CellError| {
        vec![
            html! { error.row.map_or_else(|| "—".to_owned(), |row| row.to_string()) },
            html! { error.cell.as_deref().unwrap_or("—") },
            html! { error.column.map_or("—", |column| column.header()) },
            html! { wording::cell_error(i18n, error) },
        ]
    };
    let listed = u32::try_from(list.errors.len()).unwrap_or(u32::MAX);
    html! {
        <section class="results" aria-labelledby="errors-title">
            <h2 id="errors-title">{ i18n.t("import.errors") }</h2>
            { table.of(list.errors.iter().map(row)) }
            if listed < list.error_count {
                <p class="hint">{ i18n.with("import.first_errors", &[("count", &i18n.count(listed))]) }</p>
            }
        </section>
    }
}
