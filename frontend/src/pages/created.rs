//! After the creation: what the citizen gets and when, and what became of the password's text.

use std::rc::Rc;

use motcua_openapi::accounts::Account;
use motcua_openapi::messages::{MessagePurpose, MessageState};
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::clock;
use crate::components::{Banner, Button, ButtonKind, Crumb, IconName, Page, Tone, message_tag, remote_view};
use crate::hooks::{RemoteHandle, use_remote, use_shortcut, use_timeout};
use crate::i18n::{I18n, use_i18n};
use crate::route::Route;
use crate::session::use_workplace;
use crate::wording;

/// How often to ask what became of the text while it may change.
const ASK_AGAIN_MILLIS: u32 = 2_000;
/// How many times: after some minutes the officer has gone on.
const ASK_TIMES: u32 = 90;

/// What [`CreatedPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct CreatedPageProps {
    /// The account.
    pub id: Uuid,
}

/// After the creation.
#[component]
pub(crate) fn CreatedPage(props: &CreatedPageProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let handle = use_remote(props.id, move |id| {
        let (api, id) = (api.clone(), *id);
        async move { api.account(id).await }
    });
    let navigator = use_navigator();
    let on_new = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::NewRegistration);
        }
    });
    use_shortcut("F2", true, on_new.clone());
    html! {
        <Page title={i18n.t("created.title")} crumbs={vec![Crumb { name: i18n.t("list.title"), to: Some(Route::Accounts) }]}>
            { remote_view(&handle, |account| html! { <Result account={Rc::clone(account)} {on_new} /> }) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct ResultProps {
    account: Rc<Account>,
    on_new: Callback<()>,
}

#[component]
fn Result(props: &ResultProps) -> Html {
    let i18n = use_i18n();
    let account = &props.account;
    let about = [("name", account.full_name.as_str()), ("number", &account.id_number.grouped())];
    html! {
        <div class="created">
            <Banner tone={Tone::Success}>
                <p class="created-what"><strong>{ i18n.with("created.what", &about) }</strong></p>
                <p>{ i18n.with("created.when", &[("time", &clock::date_time(account.created_at)), ("unit", &account.unit.name)]) }</p>
            </Banner>
            <section class="card" aria-labelledby="gets-title">
                <h2 id="gets-title">{ i18n.t("created.gets") }</h2>
                <ol class="gets">
                    <li>
                        <p>{ i18n.with("created.gets_password", &[("phone", &account.phone.grouped())]) }</p>
                        <PasswordMessage account={Rc::clone(account)} />
                    </li>
                    <li><p>{ i18n.with("created.gets_sign_in", &[("number", &account.id_number.grouped())]) }</p></li>
                    <li><p>{ i18n.t("created.gets_own_password") }</p></li>
                </ol>
                <p class="hint">{ i18n.t("account.password_advice") }</p>
            </section>
            <div class="act-row">
                <Button
                    kind={ButtonKind::Primary} icon={IconName::Plus} label={i18n.t("created.another")} shortcut="F2"
                    on_press={props.on_new.clone()}
                />
                <Link<Route> to={Route::Account { id: account.id }} classes="button button-secondary">{ i18n.t("created.open") }</Link<Route>>
                <Link<Route> to={Route::Accounts} classes="button button-secondary">{ i18n.t("form.back_to_list") }</Link<Route>>
            </div>
        </div>
    }
}

/// What became of the text with the password, and until when the password works.
#[component]
fn PasswordMessage(props: &PasswordMessageProps) -> Html {
    let i18n = use_i18n();
    let workplace = use_workplace();
    let handle = use_newest(props.account.id);
    let Some(newest) = handle.remote.ready() else {
        return message_tag(&i18n, MessageState::Queued);
    };
    let days = workplace.desk.temporary_password_days;
    html! {
        <div class="password-message" role="status">
            { message_tag(&i18n, newest.state) }
            <span>{ until(&i18n, newest, days) }</span>
            if let Some(reason) = newest.reason {
                <span>{ i18n.t(wording::message_reason(reason)) }</span>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PasswordMessageProps {
    account: Rc<Account>,
}

/// The newest text with a password, asked for again while it may change.
#[hook]
fn use_newest(account: Uuid) -> RemoteHandle<motcua_openapi::messages::Message> {
    let api = use_workplace().api;
    let asked = use_state(|| 0_u32);
    let handle = use_remote((account, *asked), move |(account, _)| {
        let (api, account) = (api.clone(), *account);
        async move {
            let list = api.account_messages(account).await?;
            let newest = list.items.into_iter().find(|message| message.purpose == MessagePurpose::TemporaryPassword);
            newest.ok_or(crate::api::ApiError::Unreachable)
        }
    });
    let state = handle.remote.ready().map(|message| message.state);
    let may_change = matches!(state, None | Some(MessageState::Queued | MessageState::Sent)) && *asked < ASK_TIMES;
    let next = *asked + 1;
    use_timeout(may_change.then_some(ASK_AGAIN_MILLIS), *asked, move || asked.set(next));
    handle
}

fn until(i18n: &I18n, message: &motcua_openapi::messages::Message, days: u32) -> AttrValue {
    match message.sent_at {
        Some(sent_at) => {
            let until = clock::date_time(clock::after_days(sent_at, days));
            i18n.with("created.password_until", &[("sent", &clock::time(sent_at)), ("until", &until)])
        }
        None => i18n.t("created.password_coming"),
    }
}
