//! An officer in full: what is known, changing it, where they work, and whether they may sign in.

use std::rc::Rc;

use motcua_frontend::clock;
use motcua_frontend::components::{Crumb, Page, fact, message_tag, remote_view, text_fact};
use motcua_frontend::hooks::use_remote;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};
use motcua_frontend::wording;
use motcua_openapi::officers::Officer;
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;
use yew::prelude::*;

use super::acts::Acts;
use super::edit::{Edit, PartProps};
use super::units::Assigned;
use super::{role, state_tag};
use crate::route::Route;
use motcua_frontend::administration::said::not_yours;

/// What [`OfficerPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct OfficerPageProps {
    /// Who.
    pub id: Uuid,
}

/// An officer.
#[component]
pub(crate) fn OfficerPage(props: &OfficerPageProps) -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    if is_administrator(&me) {
        return html! { <Read id={props.id} /> };
    }
    html! { <Page title={i18n.t("officers.one")}>{ not_yours(&i18n, "officers.no_permission") }</Page> }
}

#[component]
fn Read(props: &OfficerPageProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let done = use_state(|| None::<Done>);
    let handle = use_remote(props.id, move |id| {
        let (api, id) = (api.clone(), *id);
        async move { api.officer(id).await }
    });
    let on_done = {
        let (done, reload) = (done.setter(), handle.reload.clone());
        Callback::from(move |what: Done| {
            done.set(Some(what));
            reload.emit(());
        })
    };
    let title =
        handle.remote.ready().map_or_else(|| i18n.t("officers.one"), |officer| officer.full_name.clone().into());
    html! {
        <Page {title} crumbs={vec![Crumb::to(i18n.t("officers.title"), &Route::Officers)]}>
            { remote_view(&handle, |officer| shown(&i18n, officer, (*done).as_ref(), &on_done)) }
        </Page>
    }
}

/// What was done last, in which part: it is said there, where the administrator looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Acts,
    Units,
    Edit,
}

type Done = (Part, AttrValue);

fn shown(i18n: &I18n, officer: &Rc<Officer>, done: Option<&Done>, on_done: &Callback<Done>) -> Html {
    let part = |part: Part| PartProps {
        officer: Rc::clone(officer),
        done: done.filter(|done| done.0 == part).map(|done| done.1.clone()),
        on_done: on_done.reform(move |text: AttrValue| (part, text)),
    };
    let version = officer.version;
    html! {
        <div class="sheet">
            <section class="card" aria-labelledby="about-title">
                <h2 id="about-title">{ i18n.t("officer.about") }</h2>
                { facts(i18n, officer) }
            </section>
            <Acts ..part(Part::Acts) />
            // Keyed by the version: what somebody else changed meanwhile is what is edited next.
            <Assigned key={format!("units-{version}")} ..part(Part::Units) />
            <Edit key={format!("edit-{version}")} ..part(Part::Edit) />
        </div>
    }
}

fn facts(i18n: &I18n, officer: &Officer) -> Html {
    let phone = officer.phone.as_ref().map_or_else(|| "—".to_owned(), PhoneNumber::grouped);
    let factors: Vec<_> = officer
        .second_factors
        .iter()
        .map(|factor| format!("{} ({})", factor.name, motcua_frontend::administration::factor_kind(i18n, factor.kind)))
        .collect();
    let factors = if factors.is_empty() { i18n.t("officer.no_factor").to_string() } else { factors.join(", ") };
    html! {
        <dl class="facts">
            { text_fact(i18n.t("officer.username"), officer.username.clone()) }
            { text_fact(i18n.t("officer.phone"), phone) }
            { text_fact(i18n.t("officer.role"), i18n.t(role(officer.role))) }
            { fact(i18n.t("officer.state"), state_tag(i18n, officer.state)) }
            { text_fact(i18n.t("officer.agency"), officer.agency.name.clone()) }
            { text_fact(i18n.t("officer.since"), clock::date_time(officer.created_at)) }
            { text_fact(i18n.t("officer.second_factor"), factors) }
            { fact(i18n.t("officer.password"), password(i18n, officer)) }
        </dl>
    }
}

/// One of their own, or what became of the one that was sent.
fn password(i18n: &I18n, officer: &Officer) -> Html {
    if !officer.password_change_needed {
        return html! { i18n.t("officer.own_password") };
    }
    html! {
        <>
            if let Some(status) = officer.password_message {
                { message_tag(i18n, status.state) }{ " " }{ clock::date_time(status.since) }
                if let Some(reason) = status.reason {
                    <p class="message-reason">{ i18n.t(wording::message_reason(reason)) }</p>
                }
            }
            if let Some(at) = officer.password_expires_at {
                <p>{ i18n.with("officer.password_until", &[("time", &clock::date_time(at))]) }</p>
            }
        </>
    }
}
