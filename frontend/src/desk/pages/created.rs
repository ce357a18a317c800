//! After the creation: what the citizen gets and when, and what became of the password's text.

use std::rc::Rc;

use motcua_openapi::accounts::Account;
use motcua_openapi::messages::{Message, MessagePurpose, MessageState};
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;
use motcua_frontend::api::MessagesOf;
use motcua_frontend::clock;
use motcua_frontend::components::{
    BackHome, Banner, Button, ButtonKind, Crumb, IconName, Page, Tone, message_steps, message_tag, message_why,
    remote_view,
};
use motcua_frontend::hooks::{use_messages, use_remote, use_shortcut};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;

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
        <Page title={i18n.t("created.title")} crumbs={vec![Crumb::to(i18n.t("list.title"), &Route::Accounts)]}>
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
                <BackHome />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PasswordMessageProps {
    account: Rc<Account>,
}

/// What became of the text with the password, as it goes, and until when the password works.
#[component]
fn PasswordMessage(props: &PasswordMessageProps) -> Html {
    let i18n = use_i18n();
    let days = use_workplace().desk.temporary_password_days;
    let handle = use_messages(Some(MessagesOf::Account(props.account.id)), None);
    let messages = handle.remote.ready().map(|list| list.items.as_slice()).unwrap_or_default();
    let newest = messages.iter().find(|message| message.purpose == MessagePurpose::TemporaryPassword);
    html! {
        <div class="password-message" role="status" aria-atomic="false">
            if let Some(newest) = newest {
                { message_steps(&i18n, newest, false) }
                if let Some(why) = message_why(&i18n, newest) {
                    <p class="message-reason">{ why }</p>
                }
                if let Some(until) = until(&i18n, newest, days) {
                    <p>{ until }</p>
                }
            } else {
                { message_tag(&i18n, MessageState::Queued) }
            }
        </div>
    }
}

fn until(i18n: &I18n, message: &Message, days: u32) -> Option<AttrValue> {
    match (message.state, message.sent_at) {
        (MessageState::Failed | MessageState::Dropped, _) => None,
        (_, Some(sent_at)) => {
            let until = clock::date_time(clock::after_days(sent_at, days));
            Some(i18n.with("created.password_until", &[("sent", &clock::time(sent_at)), ("until", &until)]))
        }
        (_, None) => Some(i18n.t("created.password_coming")),
    }
}
