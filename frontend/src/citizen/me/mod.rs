//! What is held about the citizen, who had to do with it, and what the citizen can change or ask for.

mod accesses;
mod email;
mod password;
mod phone;
mod request;
mod requests;

use motcua_openapi::citizens::CitizenMe;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use motcua_frontend::api::ApiError;
use motcua_frontend::components::{Banner, Button, IconName, Tone, fact, text_fact};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::{browser, clock, wording};

use self::accesses::accesses;
use self::requests::requests;
use crate::frame::Page;
use crate::route::Route;
use crate::session::use_visit;

pub(crate) use email::EmailPage;
pub(crate) use password::PasswordPage;
pub(crate) use phone::PhonePage;
pub(crate) use request::RequestPage;

/// The account, as its owner sees it.
#[component]
pub(crate) fn MePage() -> Html {
    let (i18n, me) = (use_i18n(), use_visit().me);
    html! {
        <Page title={i18n.t("me.title")} way_back=false>
            <section class="card" aria-labelledby="held-title">
                <h2 id="held-title">{ i18n.t("me.held") }</h2>
                { held(&i18n, &me) }
                <Export />
            </section>
            <section class="card" aria-labelledby="requests-title">
                <h2 id="requests-title">{ i18n.t("requests.title") }</h2>
                { requests(&i18n, &me.requests) }
                <p><Link<Route> to={Route::Request} classes="button button-secondary">{ i18n.t("requests.new") }</Link<Route>></p>
            </section>
            <section class="results" aria-labelledby="accesses-title">
                <h2 id="accesses-title">{ i18n.t("accesses.title") }</h2>
                <p class="hint">{ i18n.t("accesses.about") }</p>
                { accesses(&i18n, &me.accesses) }
            </section>
        </Page>
    }
}

fn held(i18n: &I18n, me: &CitizenMe) -> Html {
    let never = || i18n.t("me.never");
    let change = |to: Route, what: &str| {
        let name = i18n.with("me.change_what", &[("what", what)]);
        html! { <Link<Route> {to}><span aria-hidden="true">{ i18n.t("me.change") }</span><span class="said">{ name }</span></Link<Route>> }
    };
    let with_change = |text: AttrValue, to: Route, term: &str| html! { <>{ text }{ " " }{ change(to, term) }</> };
    let [phone, email, password] = ["citizen.phone", "citizen.email", "sign_in.password"].map(|key| i18n.t(key));
    let address = me.email.as_ref().map_or_else(|| i18n.t("me.none"), |email| email.as_str().to_owned().into());
    let set_at =
        me.password_set_at.map_or_else(never, |at| i18n.with("me.password_set", &[("time", &clock::date_time(at))]));
    let scan = [("name", me.scan.file_name.as_str()), ("size", &i18n.megabytes(me.scan.size_bytes))];
    html! {
        <dl class="facts">
            { text_fact(i18n.t("citizen.name"), me.full_name.to_string()) }
            { text_fact(i18n.t("sign_in.number"), me.id_number.grouped()) }
            if let Some(previous) = &me.previous_id_number {
                { text_fact(i18n.t("me.previous_number"), previous.grouped()) }
            }
            { text_fact(i18n.t("me.birth_date"), me.birth_date.typed()) }
            { fact(phone.clone(), with_change(me.phone.grouped().into(), Route::Phone, &phone)) }
            { fact(email.clone(), with_change(address, Route::Email, &email)) }
            { fact(password.clone(), with_change(set_at, Route::Password, &password)) }
            { text_fact(i18n.t("me.language"), wording::text_language(me.language)) }
            { text_fact(i18n.t("me.scan"), i18n.with("me.scan_what", &scan)) }
            { text_fact(i18n.t("me.created"), clock::date_time(me.created_at)) }
            { text_fact(i18n.t("me.created_by"), format!("{}, {}", me.created_by, me.created_at_unit)) }
            { text_fact(i18n.t("me.first_sign_in"), me.first_signed_in_at.map_or_else(never, |at| clock::date_time(at).into())) }
        </dl>
    }
}

/// The button that gives all of it as a file.
#[component]
fn Export() -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let busy = use_state(|| false);
    let failed = use_state(|| None::<ApiError>);
    let on_press = {
        let (busy, failed, doors) = (busy.setter(), failed.setter(), doors.clone());
        Callback::from(move |()| {
            let (busy, failed, doors) = (busy.clone(), failed.clone(), doors.clone());
            busy.set(true);
            spawn_local(async move {
                match doors.api().citizens_data().await {
                    Ok(file) => {
                        let name = file.name.as_deref().unwrap_or("du-lieu.json");
                        // A browser that keeps the file back says so itself.
                        let _ = browser::save_file(name, &file.media_type, &file.bytes);
                        failed.set(None);
                    }
                    Err(error) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <>
            if let Some(error) = &*failed {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
            <p><Button icon={IconName::Download} label={i18n.t("me.export")} busy={*busy} {on_press} /></p>
        </>
    }
}

/// Says on the account's page what was just done.
#[derive(Properties, PartialEq)]
pub(crate) struct DoneProps {
    /// What was done.
    pub(crate) text: AttrValue,
}

/// What was just done, and the way back.
#[component]
pub(crate) fn Done(props: &DoneProps) -> Html {
    let i18n = use_i18n();
    html! {
        <>
            <Banner tone={Tone::Success}><p>{ &props.text }</p></Banner>
            <p><Link<Route> to={Route::Me} classes="button button-primary">{ i18n.t("me.title") }</Link<Route>></p>
        </>
    }
}
