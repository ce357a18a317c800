//! What happened, for auditors: search, and the same as a table to take along. Nothing here changes anything.

mod filters;
mod table;

use std::rc::Rc;

use motcua_frontend::administration::said::{self, not_yours};
use motcua_frontend::components::{Button, Page, remote_view};
use motcua_frontend::hooks::{use_act, use_remote};
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::{has_role, use_workplace};
use motcua_openapi::audit::{AuditEvent, AuditPage as Events, SearchAuditEvents};
use motcua_openapi::sessions::Role;
use yew::prelude::*;

use self::filters::{Chosen, Filters};

/// What happened.
#[component]
pub(crate) fn AuditPage() -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    html! {
        <Page title={i18n.t("audit.title")}>
            if has_role(&me, Role::Auditor) {
                <Audit />
            } else {
                { not_yours(&i18n, "audit.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Audit() -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let chosen = use_state(Chosen::default);
    let searched = use_state(|| (SearchAuditEvents::default(), 0_u32));
    let handle = use_remote((*searched).clone(), move |(search, _)| {
        let (api, search) = (api.clone(), search.clone());
        async move { api.search_audit(&search).await }
    });
    let on_search = {
        let searched = searched.clone();
        Callback::from(move |search: SearchAuditEvents| searched.set((search, searched.1 + 1)))
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |what: Chosen| chosen.set(what))
    };
    html! {
        <>
            <p>{ i18n.t("audit.about") }</p>
            <Filters chosen={(*chosen).clone()} on_choose={on_choose.clone()} {on_search} />
            <section class="results" aria-labelledby="events-title">
                <h2 id="events-title">{ i18n.t("audit.events") }</h2>
                { remote_view(&handle, |first| html! {
                    <Pages first={Rc::clone(first)} search={searched.0.clone()} chosen={(*chosen).clone()} {on_choose} />
                }) }
            </section>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PagesProps {
    first: Rc<Events>,
    search: SearchAuditEvents,
    chosen: Chosen,
    on_choose: Callback<Chosen>,
}

/// The pages put one under the other.
#[component]
fn Pages(props: &PagesProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let more = use_state(|| (Vec::<AuditEvent>::new(), props.first.next.clone()));
    {
        let more = more.setter();
        use_effect_with(props.first.clone(), move |first| more.set((vec![], first.next.clone())));
    }
    let on_page = {
        let more = more.clone();
        Callback::from(move |page: Events| more.set(([more.0.clone(), page.items].concat(), page.next)))
    };
    let act = use_act(
        move |search: SearchAuditEvents| {
            let api = api.clone();
            async move { api.search_audit(&search).await }
        },
        on_page,
    );
    let on_more = {
        let search = SearchAuditEvents { cursor: more.1.clone(), ..props.search.clone() };
        act.go.reform(move |()| search.clone())
    };
    let rows = props.first.items.iter().chain(&more.0);
    html! {
        <>
            <p role="status" class="said">{ i18n.with("audit.shown", &[("count", &rows.clone().count().to_string())]) }</p>
            { table::table(&i18n, rows, &props.chosen, &props.on_choose) }
            { said::refusal(&i18n, act.failed.as_ref()) }
            if more.1.is_some() {
                <p class="more"><Button label={i18n.t("list.more")} busy={act.busy} on_press={on_more} /></p>
            }
        </>
    }
}
