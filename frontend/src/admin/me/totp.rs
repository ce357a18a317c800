//! Enrolling an authenticator app: name and password, then the picture or the text for the app, then its first code.

use motcua_frontend::clock;
use motcua_frontend::components::{Button, ButtonKind, CopyableNumber, TextField};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::second_factors::{BeginSecondFactor, ConfirmTotp, TotpEnrolment};
use std::rc::Rc;
use yew::prelude::*;

use super::passkey::{BeginForm, EnrolProps};
use super::qr::picture;
use motcua_frontend::administration::said::{self, typed};

/// An authenticator app, from its name to its first code.
#[component]
pub(super) fn EnrolTotp(props: &EnrolProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let begun = use_state(|| None::<Rc<TotpEnrolment>>);
    let on_begun = {
        let begun = begun.setter();
        Callback::from(move |enrolment: TotpEnrolment| begun.set(Some(Rc::new(enrolment))))
    };
    let begin = use_act(
        move |begin: BeginSecondFactor| {
            let api = api.clone();
            async move { api.begin_totp(&begin).await }
        },
        on_begun,
    );
    html! {
        <div class="enrol">
            <h3>{ i18n.t("me.add_totp") }</h3>
            if let Some(enrolment) = &*begun {
                <Confirm
                    enrolment={Rc::clone(enrolment)} on_done={props.on_done.clone()} on_close={props.on_close.clone()}
                />
            } else {
                <BeginForm
                    name={i18n.t("me.totp_name")} about={i18n.t("me.totp_about")} busy={begin.busy}
                    failed={begin.failed} on_begin={begin.go} on_close={props.on_close.clone()}
                />
            }
        </div>
    }
}

#[derive(Properties)]
struct ConfirmProps {
    enrolment: Rc<TotpEnrolment>,
    on_done: Callback<()>,
    on_close: Callback<()>,
}

impl PartialEq for ConfirmProps {
    fn eq(&self, other: &Self) -> bool {
        self.enrolment.id == other.enrolment.id
    }
}

#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let code = use_state(String::new);
    let missing = use_state(Vec::<FieldError>::new);
    use_effect_with(props.enrolment.id, |_| motcua_frontend::browser::focus("totp"));
    let act = use_act(
        move |confirm: ConfirmTotp| {
            let api = api.clone();
            async move { api.confirm_totp(&confirm).await }
        },
        props.on_done.reform(|_| ()),
    );
    let onsubmit = {
        let (id, code, missing, go) = (props.enrolment.id, code.clone(), missing.setter(), act.go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            motcua_frontend::browser::focus("totp");
            let typed = code.trim().to_owned();
            if typed.is_empty() {
                return missing.set(vec![FieldError::new("totp", FieldCode::Required, "type it")]);
            }
            missing.set(vec![]);
            go.emit(ConfirmTotp { id, code: typed });
        })
    };
    html! {
        <form class="stack" novalidate=true {onsubmit}>
            { said::refusal(&i18n, act.failed.as_ref()) }
            { for_the_app(&i18n, &props.enrolment) }
            <TextField
                id="totp" label={i18n.t("me.totp_code")} hint={i18n.t("me.totp_code_hint")} input_mode="numeric"
                autocomplete="one-time-code" size="code" required=true value={AttrValue::from(code.to_string())}
                error={(!missing.is_empty()).then(|| i18n.t("sign_in.totp_missing"))} on_type={typed(&code)}
            />
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("me.confirm")} busy={act.busy} />
                <Button label={i18n.t("act.cancel")} on_press={props.on_close.clone()} />
            </div>
        </form>
    }
}

/// The picture, and the secret as text for an app without a camera.
fn for_the_app(i18n: &I18n, enrolment: &TotpEnrolment) -> Html {
    let expires = clock::time(enrolment.expires_at);
    html! {
        <>
            <p>{ i18n.with("me.totp_scan", &[("time", &expires)]) }</p>
            <div class="qr-row">
                { picture(&enrolment.otpauth_url, i18n.t("me.totp_picture")) }
                <div class="stack">
                    <p>{ i18n.t("me.totp_text") }</p>
                    <p class="secret">
                        <CopyableNumber
                            shown={grouped(&enrolment.secret)} plain={enrolment.secret.clone()} name={i18n.t("me.totp_secret")}
                        />
                    </p>
                </div>
            </div>
        </>
    }
}

/// In fours, as one reads it from one screen and types it into another.
fn grouped(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    characters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_read_in_fours() {
        assert_eq!(grouped("GEZDGNBVGY3TQOJQ"), "GEZD GNBV GY3T QOJQ");
    }
}
