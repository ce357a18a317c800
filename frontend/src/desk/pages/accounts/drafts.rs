//! The unfinished registrations, to pick up again.

use motcua_openapi::registrations::{RegistrationState, RegistrationSummary};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;
use motcua_frontend::clock;
use motcua_frontend::components::{IconName, icon, remote_view};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;

/// What [`Drafts`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct DraftsProps {
    /// Changes whenever the list should be read again.
    pub visit: (u32, bool),
}

/// The unfinished registrations; nothing is drawn where there are none.
#[component]
pub(crate) fn Drafts(props: &DraftsProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let handle = use_remote(props.visit, move |_| {
        let api = api.clone();
        async move { api.registrations().await }
    });
    let is_empty = handle.remote.ready().is_some_and(|list| list.items.is_empty());
    if is_empty {
        return Html::default();
    }
    let count = handle.remote.ready().map_or(0, |list| list.items.len());
    let title = i18n.with("drafts.title", &[("count", &count.to_string())]);
    html! {
        <section class="drafts" aria-labelledby="drafts-title">
            <h2 id="drafts-title">{ title }</h2>
            { remote_view(&handle, |list| html! {
                <ul class="draft-list">
                    for draft in list.items.iter() {
                        <li key={draft.id.to_string()}>{ row(&i18n, draft) }</li>
                    }
                </ul>
            }) }
        </section>
    }
}

fn row(i18n: &I18n, draft: &RegistrationSummary) -> Html {
    let name = draft.full_name.as_ref().map_or_else(|| i18n.t("drafts.nameless").to_string(), ToString::to_string);
    let number = draft.id_number_masked.clone().unwrap_or_default();
    let saved = i18n
        .with("drafts.saved", &[("time", &clock::date_time(draft.updated_at)), ("officer", &draft.officer.full_name)]);
    let erased = i18n.with("drafts.erased", &[("time", &clock::date_time(draft.expires_at))]);
    html! {
        <>
            <div class="draft-about">
                <p class="draft-name"><strong>{ &name }</strong>{ " " }<span class="number">{ number }</span></p>
                <p class="hint">{ saved }{ " · " }{ erased }</p>
            </div>
            if draft.state == RegistrationState::PhoneVerified {
                <span class="tag tag-good">{ icon(IconName::Check) }{ i18n.t("drafts.phone_verified") }</span>
            }
            <Link<Route> to={Route::Registration { id: draft.id }} classes="button button-secondary">
                { i18n.t("drafts.continue") }<span class="said">{ format!(" {name}") }</span>
            </Link<Route>>
        </>
    }
}
