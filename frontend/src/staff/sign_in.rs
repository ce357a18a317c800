//! Signing in: as a page of its own, and as a dialog over a page whose session has ended.

use motcua_openapi::sessions::{CreateSession, Me};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Api, ApiError};
use crate::browser;
use crate::components::{Banner, Button, ButtonKind, Dialog, TextField, Tone};
use crate::i18n::use_i18n;
use crate::wording;

/// What signing in takes.
#[derive(Properties, PartialEq, Clone)]
pub struct SignInProps {
    /// The API.
    pub api: Api,
    /// The one officer who may sign in here; empty for anybody. Calls that wait for the sign-in are
    /// this officer's and must not go on as another's.
    #[prop_or_default]
    pub username: AttrValue,
    /// Somebody has signed in.
    pub on_admit: Callback<Me>,
}

/// The page of somebody who is not signed in.
#[component]
pub fn SignInPage(props: &SignInProps) -> Html {
    let i18n = use_i18n();
    html! {
        <main id="main" class="sign-in">
            <div class="card">
                <h1>{ i18n.t("sign_in.title") }</h1>
                <p class="hint">{ i18n.t("sign_in.about") }</p>
                <SignInForm ..props.clone() />
            </div>
        </main>
    }
}

/// What [`SignInDialog`] takes.
#[derive(Properties, PartialEq)]
pub struct SignInDialogProps {
    /// See [`SignInProps`].
    pub sign_in: SignInProps,
    /// The officer leaves instead.
    pub on_leave: Callback<()>,
}

/// Over a page whose session has ended: what is typed there stays, and calls wait.
#[component]
pub fn SignInDialog(props: &SignInDialogProps) -> Html {
    let i18n = use_i18n();
    html! {
        <Dialog labelled_by="sign-in-title" class="sign-in-dialog" on_escape={|()| ()}>
            <h2 id="sign-in-title">{ i18n.t("sign_in.again") }</h2>
            <p>{ i18n.t("sign_in.again_about") }</p>
            <SignInForm ..props.sign_in.clone() />
            <Button kind={ButtonKind::Quiet} label={i18n.t("sign_in.leave")} on_press={props.on_leave.clone()} />
        </Dialog>
    }
}

/// Name and password.
#[component]
fn SignInForm(props: &SignInProps) -> Html {
    let i18n = use_i18n();
    let username = use_state(|| props.username.to_string());
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let pressed = use_state(|| false);
    let failed = use_state(|| None::<ApiError>);
    let onsubmit = {
        let (username, password, busy) = (username.clone(), password.clone(), busy.clone());
        let (pressed, failed, props) = (pressed.setter(), failed.setter(), props.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            pressed.set(true);
            let gap = [("username", username.is_empty()), ("password", password.is_empty())]
                .into_iter()
                .find(|field| field.1);
            if let Some((field, _)) = gap {
                return browser::focus(field);
            }
            if *busy {
                return;
            }
            busy.set(true);
            let request = CreateSession::by_password(username.trim(), &password);
            let (busy, failed, password, props) = (busy.clone(), failed.clone(), password.setter(), props.clone());
            spawn_local(async move {
                match admit(&props.api, &request).await {
                    Ok(me) => props.on_admit.emit(me),
                    Err(error) => {
                        busy.set(false);
                        password.set(String::new());
                        failed.set(Some(error));
                        browser::focus("password");
                    }
                }
            });
        })
    };
    let missing = |text: &str, key| (*pressed && text.is_empty() && failed.is_none()).then(|| i18n.t(key));
    html! {
        <form novalidate=true {onsubmit}>
            if let Some(error) = &*failed {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
            <TextField
                id="username" label={i18n.t("sign_in.username")} autocomplete="username" required=true
                value={AttrValue::from(username.to_string())} error={missing(&username, "sign_in.username_missing")}
                autofocus={props.username.is_empty()}
                readonly={!props.username.is_empty()}
                on_type={let_type(&username)}
            />
            <TextField
                id="password" label={i18n.t("sign_in.password")} kind="password" autocomplete="current-password" required=true
                value={AttrValue::from(password.to_string())} error={missing(&password, "sign_in.password_missing")}
                autofocus={!props.username.is_empty()}
                on_type={let_type(&password)}
            />
            <Button submit=true kind={ButtonKind::Primary} label={i18n.t("sign_in.submit")} busy={*busy} />
        </form>
    }
}

fn let_type(text: &UseStateHandle<String>) -> Callback<String> {
    let text = text.setter();
    Callback::from(move |typed| text.set(typed))
}

async fn admit(api: &Api, request: &CreateSession) -> Result<Me, ApiError> {
    api.sign_in(request).await?;
    api.me().await
}
