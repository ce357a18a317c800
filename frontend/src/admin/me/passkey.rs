//! Enrolling a passkey: name and password, then what the browser asks of the device.

use motcua_frontend::api::{Api, ApiError};
use motcua_frontend::components::{Banner, Button, ButtonKind, TextField, Tone};
use motcua_frontend::hooks::use_act;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::passkeys;
use motcua_frontend::staff::use_workplace;
use motcua_openapi::problem::{FieldCode, FieldError, ProblemCode};
use motcua_openapi::second_factors::BeginSecondFactor;
use yew::prelude::*;

use motcua_frontend::administration::said::{self, typed};

/// What an enrolment takes.
#[derive(Properties, PartialEq)]
pub(super) struct EnrolProps {
    /// It works from now on.
    pub on_done: Callback<()>,
    /// It was given up.
    pub on_close: Callback<()>,
}

/// A passkey.
#[component]
pub(super) fn EnrolPasskey(props: &EnrolProps) -> Html {
    let i18n = use_i18n();
    let api = use_workplace().api;
    let silent = use_state(|| false);
    let ended = {
        let (silent, on_done) = (silent.setter(), props.on_done.clone());
        Callback::from(move |enrolled: bool| {
            silent.set(!enrolled);
            if enrolled {
                on_done.emit(());
            }
        })
    };
    let act = use_act(move |begin: BeginSecondFactor| enrol(api.clone(), begin), ended);
    html! {
        <div class="enrol">
            <h3>{ i18n.t("me.add_passkey") }</h3>
            if *silent && !act.busy && act.failed.is_none() {
                <Banner tone={Tone::Danger}><p>{ i18n.t("passkey.no_answer") }</p></Banner>
            }
            <BeginForm
                name={i18n.t("me.passkey_name")} about={i18n.t("me.passkey_about")} busy={act.busy} failed={act.failed}
                on_begin={act.go} on_close={props.on_close.clone()}
            />
        </div>
    }
}

/// Whether the device answered.
async fn enrol(api: Api, begin: BeginSecondFactor) -> Result<bool, ApiError> {
    let challenge = api.begin_passkey(&begin).await?;
    match passkeys::create(&challenge).await {
        Ok(answer) => api.confirm_passkey(&answer).await.map(|_| true),
        Err(passkeys::NoAnswer) => Ok(false),
    }
}

/// What [`BeginForm`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct BeginFormProps {
    /// What the factor is called where its owner calls it nothing else.
    pub name: AttrValue,
    /// What will happen.
    pub about: AttrValue,
    /// It goes on.
    pub busy: bool,
    /// Why it was refused.
    pub failed: Option<ApiError>,
    /// To begin.
    pub on_begin: Callback<BeginSecondFactor>,
    /// Given up.
    pub on_close: Callback<()>,
}

/// Its name, and the password once more.
#[component]
pub(super) fn BeginForm(props: &BeginFormProps) -> Html {
    let i18n = use_i18n();
    let (name, password) = (use_state(|| props.name.to_string()), use_state(String::new));
    let errors = use_state(Vec::<FieldError>::new);
    use_effect_with((), |()| motcua_frontend::browser::focus("factor_password"));
    let onsubmit = {
        let (name, password, errors, on_begin) =
            (name.clone(), password.clone(), errors.setter(), props.on_begin.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let gap = [("factor_name", name.trim().is_empty()), ("factor_password", password.is_empty())];
            let gap: Vec<_> = gap.into_iter().filter(|field| field.1).map(|field| field.0).collect();
            if let Some(first) = gap.first() {
                motcua_frontend::browser::focus(first);
            } else {
                on_begin.emit(BeginSecondFactor { password: (*password).clone(), name: name.trim().to_owned() });
            }
            errors.set(gap.into_iter().map(|field| FieldError::new(field, FieldCode::Required, "type it")).collect());
        })
    };
    let failed = props.failed.as_ref();
    let is_wrong = failed.is_some_and(|error| error.is(ProblemCode::PasswordWrong));
    let wrong = |field| said::wrong(&i18n, field, &errors, None);
    html! {
        <form class="stack" novalidate=true {onsubmit}>
            <p>{ &props.about }</p>
            if !is_wrong {
                { said::refusal(&i18n, failed) }
            }
            <TextField
                id="factor_name" label={i18n.t("me.factor_name")} hint={i18n.t("me.factor_name_hint")} required=true
                size="medium" value={AttrValue::from(name.to_string())} error={wrong("factor_name")} on_type={typed(&name)}
            />
            <TextField
                id="factor_password" label={i18n.t("me.current_password")} kind="password" size="medium"
                autocomplete="current-password" required=true value={AttrValue::from(password.to_string())}
                error={if is_wrong { Some(i18n.t("problem.password_wrong")) } else { wrong("factor_password") }}
                on_type={typed(&password)}
            />
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("me.begin")} busy={props.busy} />
                <Button label={i18n.t("act.cancel")} on_press={props.on_close.clone()} />
            </div>
        </form>
    }
}
