//! Signing in: as a page of its own, and as a dialog over a page whose session has ended.

use motcua_openapi::problem::ProblemCode;
use motcua_openapi::second_factors::SecondFactorKind;
use motcua_openapi::sessions::{CreateSession, Me};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Api, ApiError};
use crate::components::{Banner, Button, ButtonKind, Dialog, TextField, Tone};
use crate::i18n::{I18n, use_i18n};
use crate::passkeys::NoAnswer;
use crate::{browser, passkeys, wording};

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

/// Why nobody was admitted.
#[derive(Clone)]
enum Refusal {
    /// The server refused.
    ByServer(ApiError),
    /// The passkey did not answer.
    ByPasskey,
}

impl Refusal {
    fn is(&self, code: ProblemCode) -> bool {
        matches!(self, Self::ByServer(error) if error.is(code))
    }

    fn words(&self, i18n: &I18n) -> AttrValue {
        match self {
            Self::ByServer(error) => wording::api_error(i18n, error),
            Self::ByPasskey => i18n.t("passkey.no_answer"),
        }
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::ByServer(error)
    }
}

impl From<NoAnswer> for Refusal {
    fn from(_: NoAnswer) -> Self {
        Self::ByPasskey
    }
}

/// Which second factors the officer has, once the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Methods {
    totp: bool,
    passkey: bool,
}

impl Methods {
    fn asked_by(refusal: &Refusal) -> Option<Self> {
        let Refusal::ByServer(error) = refusal else { return None };
        let words = error.param("methods").filter(|_| error.is(ProblemCode::SecondFactorRequired))?;
        let has = |kind: SecondFactorKind| words.split(' ').any(|word| word == kind.as_str());
        Some(Self { totp: has(SecondFactorKind::Totp), passkey: has(SecondFactorKind::Passkey) })
    }

    /// What takes the focus at the second step.
    fn first(self) -> &'static str {
        if self.totp { "totp" } else { "second-step" }
    }
}

/// Name and password; then a second factor, where the officer has one.
#[component]
fn SignInForm(props: &SignInProps) -> Html {
    let i18n = use_i18n();
    let username = use_state(|| props.username.to_string());
    let password = use_state(String::new);
    let code = use_state(String::new);
    let methods = use_state(|| None::<Methods>);
    let busy = use_state(|| false);
    let pressed = use_state(|| false);
    let failed = use_state(|| None::<Refusal>);
    use_effect_with(*methods, |methods| {
        if let Some(methods) = methods {
            browser::focus(methods.first());
        }
    });
    let settle = {
        let (methods, code, password) = (methods.clone(), code.setter(), password.setter());
        let (busy, pressed, failed) = (busy.setter(), pressed.setter(), failed.setter());
        move |refusal: Refusal| {
            busy.set(false);
            code.set(String::new());
            if let Some(asked) = Methods::asked_by(&refusal) {
                pressed.set(false);
                failed.set(None);
                return methods.set(Some(asked));
            }
            // Only a password that is right leads to a second step, and only another one leads back.
            let stays = methods.filter(|_| !refusal.is(ProblemCode::CredentialsInvalid));
            if stays.is_none() {
                password.set(String::new());
            }
            methods.set(stays);
            failed.set(Some(refusal));
            browser::focus(stays.map_or("password", Methods::first));
        }
    };
    let send = {
        let (username, password, code, busy) = (username.clone(), password.clone(), code.clone(), busy.clone());
        let (props, step) = (props.clone(), *methods);
        Callback::from(move |by_passkey: bool| {
            if *busy {
                return;
            }
            busy.set(true);
            let mut request = CreateSession::by_password(username.trim(), &password);
            request.totp = step.filter(|_| !by_passkey).map(|_| code.trim().to_owned());
            let (props, settle) = (props.clone(), settle.clone());
            spawn_local(async move {
                match admit(&props.api, request, by_passkey).await {
                    Ok(me) => props.on_admit.emit(me),
                    Err(refusal) => settle(refusal),
                }
            });
        })
    };
    let onsubmit = {
        let (send, pressed) = (send.clone(), pressed.setter());
        let needed = match *methods {
            None => [("username", username.is_empty()), ("password", password.is_empty())],
            Some(_) => [("totp", code.trim().is_empty()); 2],
        };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            pressed.set(true);
            match needed.into_iter().find(|field| field.1) {
                Some((field, _)) => browser::focus(field),
                None => send.emit(false),
            }
        })
    };
    let missing = |text: &str, key| (*pressed && text.is_empty() && failed.is_none()).then(|| i18n.t(key));
    let second_step = |step: Methods| {
        html! {
            <>
                <p id="second-step" tabindex="-1">{ i18n.t("sign_in.second_about") }</p>
                if step.totp {
                    <TextField
                        id="totp" label={i18n.t("sign_in.totp")} autocomplete="one-time-code" required=true
                        input_mode="numeric" size="code" value={AttrValue::from(code.to_string())}
                        error={missing(&code, "sign_in.totp_missing")} on_type={let_type(&code)}
                    />
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("sign_in.confirm")} busy={*busy} />
                }
                if step.passkey {
                    <Button
                        kind={if step.totp { ButtonKind::Secondary } else { ButtonKind::Primary }}
                        label={i18n.t("sign_in.passkey")} busy={*busy} on_press={send.reform(|()| true)}
                    />
                }
            </>
        }
    };
    html! {
        <form novalidate=true {onsubmit}>
            if let Some(refusal) = &*failed {
                <Banner tone={Tone::Danger}><p>{ refusal.words(&i18n) }</p></Banner>
            }
            if let Some(step) = *methods {
                { second_step(step) }
            } else {
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
            }
        </form>
    }
}

fn let_type(text: &UseStateHandle<String>) -> Callback<String> {
    let text = text.setter();
    Callback::from(move |typed| text.set(typed))
}

async fn admit(api: &Api, mut request: CreateSession, by_passkey: bool) -> Result<Me, Refusal> {
    if by_passkey {
        let challenge = api.passkey_challenge(&request.username, &request.password).await?;
        request.passkey = Some(passkeys::get(&challenge).await?);
    }
    api.sign_in(&request).await?;
    Ok(api.me().await?)
}

#[cfg(test)]
mod tests {
    use motcua_openapi::problem::Problem;

    use super::*;

    #[test]
    fn the_second_step_asks_for_what_the_officer_has() {
        let asked = |code, methods: &str| {
            let problem = Problem::new(code, "").with([("methods", methods.to_owned())]);
            Methods::asked_by(&ApiError::Refused(Box::new(problem)).into())
        };
        let both = Methods { totp: true, passkey: true };
        assert_eq!(asked(ProblemCode::SecondFactorRequired, "totp passkey"), Some(both));
        let passkey = asked(ProblemCode::SecondFactorRequired, "passkey").unwrap();
        assert_eq!((passkey.totp, passkey.first()), (false, "second-step"));
        assert_eq!(asked(ProblemCode::SecondFactorWrong, "totp"), None);
        assert_eq!(Methods::asked_by(&Refusal::ByPasskey), None);
    }
}
