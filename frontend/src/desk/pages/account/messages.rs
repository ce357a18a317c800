//! The texts to the account's holder as they go, and another password where the first one did not help.

use std::rc::Rc;

use motcua_openapi::accounts::Account;
use motcua_openapi::messages::{Message, MessageList, MessageStatus};
use motcua_openapi::problem::ProblemCode;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use motcua_frontend::api::{ApiError, MessagesOf};
use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, IconName, Question, Tone, message_list, remote_view};
use motcua_frontend::hooks::use_messages;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;

/// What [`AccountMessages`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountMessagesProps {
    /// The account.
    pub account: Rc<Account>,
}

/// How far the sending of another password is.
#[derive(Clone, Debug, PartialEq)]
enum Resending {
    /// Not asked for.
    Idle,
    /// The officer is asked whether it is meant.
    Asking,
    /// Asked for.
    Busy,
    /// On its way.
    Queued,
    /// Refused, or not heard.
    Failed(ApiError),
}

/// The account's messages, and what helps where the password does not arrive.
#[component]
pub(crate) fn AccountMessages(props: &AccountMessagesProps) -> Html {
    let i18n = use_i18n();
    let account = &props.account;
    let resending = use_state(|| Resending::Idle);
    let newest = use_state(|| None::<Uuid>);
    let handle = use_messages(Some(MessagesOf::Account(account.id)), *newest);
    let on_go = use_resend(account.id, resending.setter(), newest.setter());
    let set = |to: Resending| {
        let resending = resending.setter();
        Callback::from(move |()| resending.set(to.clone()))
    };
    html! {
        <section class="card" aria-labelledby="messages-title">
            <h2 id="messages-title">{ i18n.t("account.messages") }</h2>
            <p class="said" role="status">{ handle.remote.ready().map(|list| said(&i18n, list)).unwrap_or_default() }</p>
            { remote_view(&handle, |list| message_list(&i18n, &list.items)) }
            <p class="hint">{ i18n.t("account.password_advice") }</p>
            if let Some(at) = account.first_signed_in_at {
                <Banner tone={Tone::Info}><p>{ i18n.with("resend.in_use", &[("time", &clock::date_time(at))]) }</p></Banner>
            } else if !is_in_use(&resending) {
                <Button
                    label={i18n.t("resend.button")} icon={IconName::Sms} busy={*resending == Resending::Busy}
                    on_press={set(Resending::Asking)}
                />
            }
            { outcome(&i18n, account, &resending) }
            if *resending == Resending::Asking {
                <Question
                    title={i18n.t("resend.title")} loss={i18n.with("resend.loss", &[("phone", &account.phone.masked())])}
                    stay={i18n.t("resend.stay")} go={i18n.t("resend.go")} on_stay={set(Resending::Idle)} {on_go}
                />
            }
        </section>
    }
}

/// What a screen reader hears when something has become of the newest message.
fn said(i18n: &I18n, list: &MessageList) -> String {
    let status = list.items.first().map(Message::status);
    let said = |status: MessageStatus| {
        format!("{} {}", i18n.t(wording::message_state(status.state)), clock::time_to_the_second(status.since))
    };
    status.map(said).unwrap_or_default()
}

/// The server knows that the citizen signed in meanwhile.
fn is_in_use(resending: &Resending) -> bool {
    matches!(resending, Resending::Failed(error) if error.is(ProblemCode::AccountInUse))
}

fn outcome(i18n: &I18n, account: &Account, resending: &Resending) -> Html {
    match resending {
        Resending::Idle | Resending::Asking | Resending::Busy => Html::default(),
        Resending::Queued => html! {
            <Banner tone={Tone::Success}><p>{ i18n.with("resend.done", &[("phone", &account.phone.masked())]) }</p></Banner>
        },
        Resending::Failed(error) => html! {
            <Banner tone={Tone::Danger}><p>{ wording::api_error(i18n, error) }</p></Banner>
        },
    }
}

/// Asks for another password. A try whose answer was lost and the one after it are one act.
#[hook]
fn use_resend(
    account: Uuid,
    resending: UseStateSetter<Resending>,
    newest: UseStateSetter<Option<Uuid>>,
) -> Callback<()> {
    let api = use_workplace().api;
    let key = use_mut_ref(|| None::<String>);
    Callback::from(move |()| {
        let (api, key, resending, newest) = (api.clone(), Rc::clone(&key), resending.clone(), newest.clone());
        let text = key.borrow_mut().get_or_insert_with(browser::random_key).clone();
        resending.set(Resending::Busy);
        spawn_local(async move {
            let answer = api.resend_password(account, &text).await;
            let is_lost = |error: &ApiError| error.may_pass() && !error.is(ProblemCode::TooManyRequests);
            if !answer.as_ref().is_err_and(is_lost) {
                key.borrow_mut().take();
            }
            resending.set(match answer {
                Ok(queued) => {
                    newest.set(Some(queued.message_id));
                    Resending::Queued
                }
                Err(error) => Resending::Failed(error),
            });
        });
    })
}
