//! **CMT/CCCD**: number and password.

use motcua_openapi::citizens::{CaptchaForm, CreateCitizenSession};
use motcua_openapi::problem::{FieldCode, FieldError};
use yew::prelude::*;
use yew_router::prelude::*;

use motcua_frontend::components::{Button, ButtonKind, TextField, required_note};
use motcua_frontend::i18n::use_i18n;

use crate::attempt::{both, typed, use_attempt};
use crate::captcha::{CaptchaField, FIELD, use_captcha};
use crate::route::Route;
use crate::session::Doors;

#[derive(Properties, PartialEq)]
pub(super) struct ByNumberProps {
    pub(super) doors: Doors,
}

#[component]
pub(super) fn ByNumber(props: &ByNumberProps) -> Html {
    let i18n = use_i18n();
    let (number, password) = (use_state(String::new), use_state(String::new));
    let captcha = use_captcha(CaptchaForm::SignIn);
    let attempt = use_attempt();
    let onsubmit = {
        let (attempt, doors, captcha) = (attempt.clone(), props.doors.clone(), captcha.clone());
        let (number, password) = (number.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let parsed = both(credentials(&number, &password), captcha.answer());
            let act = parsed.map(|((), captcha)| {
                let api = doors.api().clone();
                let (id_number, password) = (number.trim().to_owned(), (*password).clone());
                let request = CreateCitizenSession { id_number, password, captcha };
                async move { api.sign_in_by_number(&request).await }
            });
            let (doors, captcha) = (doors.clone(), captcha.clone());
            attempt.send(act, move |result| match result {
                Ok(first) => doors.enter(first),
                Err(_) => captcha.renew(),
            });
        })
    };
    html! {
        <form novalidate=true {onsubmit}>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="id_number" label={i18n.t("sign_in.username")} required=true hint={i18n.t("sign_in.number_hint")}
                input_mode="numeric" autocomplete="username" size="medium"
                value={AttrValue::from(number.to_string())} error={attempt.error(&i18n, "id_number")} on_type={typed(&number)}
            />
            <TextField
                id="password" label={i18n.t("sign_in.password")} required=true kind="password"
                autocomplete="current-password" value={AttrValue::from(password.to_string())}
                error={attempt.error(&i18n, "password")} on_type={typed(&password)}
            />
            <CaptchaField {captcha} error={attempt.error(&i18n, FIELD)} failure={attempt.failure().cloned()} />
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("sign_in.submit")} busy={attempt.is_busy()} />
                <Link<Route> to={Route::Forgotten}>{ i18n.t("forgotten.title") }</Link<Route>>
            </div>
        </form>
    }
}

fn credentials(number: &str, password: &str) -> Result<(), Vec<FieldError>> {
    use motcua_openapi::problem::IntoFieldError;
    use motcua_openapi::values::IdNumber;
    let missing = |field| vec![FieldError::new(field, FieldCode::Required, "not given")];
    let number = if number.trim().is_empty() {
        Err(missing("id_number"))
    } else {
        IdNumber::parse(number).map_err(|error| vec![error.under("id_number")])
    };
    let password = if password.is_empty() { Err(missing("password")) } else { Ok(()) };
    both(number, password).map(|_| ())
}
