//! Searching the officers: filters, the list, the way to a new one.

use std::rc::Rc;

use motcua_frontend::api::ApiError;
use motcua_frontend::components::{Button, IconName, Page, SelectField, TextField, icon, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_openapi::accounts::Total;
use motcua_openapi::officers::{OfficerPage, OfficerState, OfficerSummary, SearchOfficers};
use yew::prelude::*;
use yew_router::prelude::*;

use super::{role, role_named, role_options, state_tag};
use crate::route::Route;
use crate::units::{unit_options, use_units};
use motcua_frontend::administration::Table;
use motcua_frontend::administration::said::{self, not_yours, typed};

/// The officers.
#[component]
pub(crate) fn OfficersPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    html! {
        <Page title={i18n.t("officers.title")}>
            if is_administrator(&me) {
                <Officers />
            } else {
                { not_yours(&i18n, "officers.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Officers() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let searched = use_state(|| (SearchOfficers::default(), 0_u32));
    let handle = use_remote((*searched).clone(), move |(search, _)| {
        let (api, search) = (api.clone(), search.clone());
        async move { api.search_officers(&search).await }
    });
    let on_search = {
        let searched = searched.clone();
        Callback::from(move |search: SearchOfficers| searched.set((search, searched.1 + 1)))
    };
    html! {
        <>
            <div class="act-row">
                <Link<Route> to={Route::NewOfficer} classes="button button-primary">
                    { icon(IconName::Plus) }<span>{ i18n.t("officers.new") }</span>
                </Link<Route>>
                <Link<Route> to={Route::Import} classes="button button-secondary">
                    { icon(IconName::Upload) }<span>{ i18n.t("officers.by_list") }</span>
                </Link<Route>>
            </div>
            <Filters {on_search} />
            <section class="results" aria-labelledby="officers-title">
                { remote_view(&handle, |first| html! { <Pages first={Rc::clone(first)} search={searched.0.clone()} /> }) }
            </section>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    on_search: Callback<SearchOfficers>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let i18n = use_i18n();
    let units = use_units();
    let [name, unit, role_of, state] =
        [use_state(String::new), use_state(String::new), use_state(String::new), use_state(String::new)];
    let onsubmit = {
        let search = SearchOfficers {
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            unit_id: unit.parse().ok(),
            role: role_named(&role_of),
            state: OfficerState::ALL.into_iter().find(|one| one.as_str() == *state),
            ..SearchOfficers::default()
        };
        props.on_search.reform(move |event: SubmitEvent| {
            event.prevent_default();
            search.clone()
        })
    };
    let states = [(OfficerState::Active, "officer.active"), (OfficerState::Suspended, "officer.suspended")];
    let states = states.map(|(state, key)| (AttrValue::from(state.as_str()), i18n.t(key)));
    let value = |text: &UseStateHandle<String>| AttrValue::from(text.to_string());
    html! {
        <form class="filters card" role="search" aria-labelledby="filters-title" novalidate=true {onsubmit}>
            <h2 id="filters-title">{ i18n.t("officers.filters") }</h2>
            <div class="filter-grid">
                <TextField id="name" label={i18n.t("officers.name")} value={value(&name)} on_type={typed(&name)} />
                <SelectField
                    id="unit_id" label={i18n.t("officer.unit")} none={i18n.t("officers.any")} value={value(&unit)}
                    options={units.remote.ready().map(|tree| unit_options(tree)).unwrap_or_default()}
                    on_choose={typed(&unit)}
                />
                <SelectField
                    id="role" label={i18n.t("officer.role")} none={i18n.t("officers.any")} value={value(&role_of)}
                    options={role_options(&i18n)} on_choose={typed(&role_of)}
                />
                <SelectField
                    id="state" label={i18n.t("officer.state")} none={i18n.t("officers.any")} value={value(&state)}
                    options={states.to_vec()} on_choose={typed(&state)}
                />
            </div>
            <div class="act-row act-end">
                <Button submit=true icon={IconName::Search} label={i18n.t("act.search")} />
            </div>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct PagesProps {
    first: Rc<OfficerPage>,
    search: SearchOfficers,
}

/// The pages put one under the other.
#[component]
fn Pages(props: &PagesProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let more = use_state(|| (Vec::<OfficerSummary>::new(), props.first.next.clone()));
    {
        let more = more.setter();
        use_effect_with(props.first.clone(), move |first| more.set((vec![], first.next.clone())));
    }
    let on_page = {
        let more = more.clone();
        Callback::from(move |page: OfficerPage| more.set(([more.0.clone(), page.items].concat(), page.next)))
    };
    let act = use_act(
        move |search: SearchOfficers| {
            let api = api.clone();
            async move { api.search_officers(&search).await }
        },
        on_page,
    );
    let on_more = {
        let search = SearchOfficers { cursor: more.1.clone(), ..props.search.clone() };
        act.go.reform(move |()| search.clone())
    };
    let rows = props.first.items.iter().chain(&more.0);
    html! {
        <>
            <div role="status"><h2 id="officers-title">{ total(&i18n, props.first.total) }</h2></div>
            { table(&i18n, rows) }
            { said::refusal(&i18n, act.failed.as_ref() as Option<&ApiError>) }
            if more.1.is_some() {
                <p class="more"><Button label={i18n.t("list.more")} busy={act.busy} on_press={on_more} /></p>
            }
        </>
    }
}

/// How many were found.
pub(crate) fn total(i18n: &I18n, total: Total) -> AttrValue {
    let count = i18n.count(total.count);
    i18n.with(if total.exact { "list.total" } else { "list.total_over" }, &[("count", &count)])
}

fn table<'a>(i18n: &I18n, rows: impl Iterator<Item = &'a OfficerSummary>) -> Html {
    let labels =
        ["officer.full_name", "officer.phone", "officer.role", "officer.units", "officer.state", "list.actions"];
    let labels = labels.map(|key| i18n.t(key));
    let table =
        Table { title: "officers-title", labels: &labels, numbers: labels.len(), empty: i18n.t("officers.empty") };
    table.of(rows.map(|row| {
        let units: Vec<&str> = row.units.iter().map(|unit| unit.name.as_str()).collect();
        vec![
            html! { <div><strong>{ &row.full_name }</strong><p class="hint">{ &row.username }</p></div> },
            html! { <span class="number">{ or_dash(&row.phone_masked) }</span> },
            html! { i18n.t(role(row.role)) },
            html! { or_dash(&units.join(", ")) },
            html! {
                <div>
                    { state_tag(i18n, row.state) }
                    if !row.has_second_factor {
                        <p class="hint">{ i18n.t("officer.without_factor") }</p>
                    }
                </div>
            },
            html! {
                <Link<Route> to={Route::Officer { id: row.id }}>
                    { i18n.t("list.open") }<span class="said">{ format!(" {}", row.full_name) }</span>
                </Link<Route>>
            },
        ]
    }))
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
}
