//! Choosing a password: the field with its strength, and the page that asks for one after a texted password.

use motcua_openapi::citizens::ChangeCitizenPassword;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::values::PasswordStrength;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use motcua_frontend::api::FirstThing;
use motcua_frontend::components::{Banner, Button, ButtonKind, TextField, Tone, required_note};
use motcua_frontend::i18n::use_i18n;

use crate::attempt::{both, typed, use_attempt};
use crate::frame::Page;
use crate::session::Doors;

/// What a [`NewPasswordField`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct NewPasswordFieldProps {
    /// The text in it.
    pub(crate) value: AttrValue,
    /// What is wrong, and what to do.
    pub(crate) error: Option<AttrValue>,
    /// Every change of the text.
    pub(crate) on_type: Callback<String>,
}

/// A field for a password to be, with its strength in words and as a bar. It can be read while it is typed: nobody
/// types a long one blind twice.
#[component]
pub(crate) fn NewPasswordField(props: &NewPasswordFieldProps) -> Html {
    let i18n = use_i18n();
    let is_shown = use_state(|| false);
    let show = {
        let is_shown = is_shown.setter();
        Callback::from(move |event: Event| is_shown.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    let (level, key) = match PasswordStrength::of(&props.value) {
        PasswordStrength::Weak => ("1", "password.weak"),
        PasswordStrength::Fair => ("2", "password.fair"),
        PasswordStrength::Good => ("3", "password.good"),
        PasswordStrength::Strong => ("4", "password.strong"),
    };
    html! {
        <div class="new-password">
            <TextField
                id="new_password" label={i18n.t("password.new")} required=true hint={i18n.t("password.hint")}
                kind={if *is_shown { "text" } else { "password" }} autocomplete="new-password"
                value={props.value.clone()} error={props.error.clone()} on_type={props.on_type.clone()}
            />
            <div class="check">
                <input type="checkbox" id="show_password" checked={*is_shown} onchange={show} />
                <label for="show_password">{ i18n.t("password.show") }</label>
            </div>
            <p class="strength" role="status">
                if !props.value.is_empty() {
                    <meter min="0" max="4" low="2" high="3" optimum="4" value={level} aria-hidden="true" />
                    <span>{ i18n.t(key) }</span>
                }
            </p>
        </div>
    }
}

/// What a [`ChangePasswordForm`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct ChangePasswordFormProps {
    /// The API.
    pub(crate) doors: Doors,
    /// What the password until now is called.
    pub(crate) current_label: AttrValue,
    /// The password was changed.
    pub(crate) on_change: Callback<()>,
}

/// The password until now and from now on.
#[component]
pub(crate) fn ChangePasswordForm(props: &ChangePasswordFormProps) -> Html {
    let i18n = use_i18n();
    let (current, new) = (use_state(String::new), use_state(String::new));
    let attempt = use_attempt();
    let onsubmit = {
        let (attempt, api, on_change) = (attempt.clone(), props.doors.api().clone(), props.on_change.clone());
        let request = ChangeCitizenPassword { current_password: (*current).clone(), new_password: (*new).clone() };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, request, on_change) = (api.clone(), request.clone(), on_change.clone());
            let parsed = parse(&request);
            let act = parsed.map(|()| async move { api.change_citizens_password(&request).await });
            attempt.send(act, move |result| {
                if result.is_ok() {
                    on_change.emit(());
                }
            });
        })
    };
    html! {
        <form class="narrow" novalidate=true {onsubmit}>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="current_password" label={props.current_label.clone()} required=true kind="password"
                autocomplete="current-password" value={AttrValue::from(current.to_string())}
                error={attempt.error(&i18n, "current_password")} on_type={typed(&current)}
            />
            <NewPasswordField
                value={AttrValue::from(new.to_string())} error={attempt.error(&i18n, "new_password")} on_type={typed(&new)}
            />
            <Button submit=true kind={ButtonKind::Primary} label={i18n.t("password.submit")} busy={attempt.is_busy()} />
        </form>
    }
}

fn parse(request: &ChangeCitizenPassword) -> Result<(), Vec<FieldError>> {
    let missing = || vec![FieldError::new("current_password", FieldCode::Required, "not given")];
    let current = if request.current_password.is_empty() { Err(missing()) } else { Ok(()) };
    both(current, request.parse()).map(|_| ())
}

/// What a [`FirstPasswordPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct FirstPasswordPageProps {
    /// The way in.
    pub(crate) doors: Doors,
}

/// After a texted password: an own one, before anything else.
#[component]
pub(crate) fn FirstPasswordPage(props: &FirstPasswordPageProps) -> Html {
    let i18n = use_i18n();
    let on_change = {
        let doors = props.doors.clone();
        Callback::from(move |()| doors.enter(FirstThing::Nothing))
    };
    html! {
        <Page title={i18n.t("password.first_title")} way_back=false>
            <Banner tone={Tone::Info}><p>{ i18n.t("password.first_about") }</p></Banner>
            <ChangePasswordForm doors={props.doors.clone()} current_label={i18n.t("password.texted")} {on_change} />
        </Page>
    }
}
