//! **Quên mật khẩu**: number, phone and captcha; then the code of the text and a password.
//!
//! Says the same whether there is such an account or not, as the server does.

use motcua_openapi::citizens::{CaptchaForm, CompletePasswordReset, CreatePasswordReset, PasswordReset};
use motcua_openapi::problem::{FieldCode, FieldError};
use yew::prelude::*;
use yew_router::prelude::*;

use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, TextField, Tone, required_note};
use motcua_frontend::hooks::use_now;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::use_opened;

use crate::attempt::{both, typed, use_attempt};
use crate::captcha::{CaptchaField, FIELD, use_captcha};
use crate::frame::Page;
use crate::new_password::NewPasswordField;
use crate::route::Route;
use crate::session::Doors;

/// What a [`ForgottenPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct ForgottenPageProps {
    /// The API.
    pub(crate) doors: Doors,
}

/// Where a reset stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Ask,
    Complete(PasswordReset),
    Done,
}

/// The page of a forgotten password.
#[component]
pub(crate) fn ForgottenPage(props: &ForgottenPageProps) -> Html {
    let i18n = use_i18n();
    let stage = use_state(|| Stage::Ask);
    let to = |next: fn(PasswordReset) -> Stage| {
        let stage = stage.setter();
        Callback::from(move |reset| stage.set(next(reset)))
    };
    let (on_done, on_again) = (
        {
            let stage = stage.setter();
            Callback::from(move |()| stage.set(Stage::Done))
        },
        {
            let stage = stage.setter();
            Callback::from(move |()| stage.set(Stage::Ask))
        },
    );
    let doors = props.doors.clone();
    let body = match &*stage {
        Stage::Ask => html! { <AskForm {doors} on_asked={to(Stage::Complete)} /> },
        Stage::Complete(reset) => html! { <CompleteForm {doors} reset={reset.clone()} {on_done} {on_again} /> },
        Stage::Done => html! {
            <>
                <Banner tone={Tone::Success}><p>{ i18n.t("forgotten.done") }</p></Banner>
                <p><Link<Route> to={Route::Me} classes="button button-primary">{ i18n.t("sign_in.title") }</Link<Route>></p>
            </>
        },
    };
    html! {
        <Page title={i18n.t("forgotten.title")} way_back=false>
            { body }
            if *stage != Stage::Done {
                <p><Link<Route> to={Route::Me}>{ i18n.t("forgotten.back") }</Link<Route>></p>
            }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct AskFormProps {
    doors: Doors,
    on_asked: Callback<PasswordReset>,
}

#[component]
fn AskForm(props: &AskFormProps) -> Html {
    let i18n = use_i18n();
    let (number, phone) = (use_state(String::new), use_state(String::new));
    let captcha = use_captcha(CaptchaForm::PasswordReset);
    let attempt = use_attempt();
    let onsubmit = {
        let (attempt, api, captcha) = (attempt.clone(), props.doors.api().clone(), captcha.clone());
        let (number, phone, on_asked) = (number.clone(), phone.clone(), props.on_asked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let act = both(whose(&number, &phone), captcha.answer()).map(|((), captcha)| {
                let (id_number, phone) = (number.trim().to_owned(), phone.trim().to_owned());
                let (api, request) = (api.clone(), CreatePasswordReset { id_number, phone, captcha });
                async move { api.ask_for_reset(&request).await }
            });
            let (on_asked, captcha) = (on_asked.clone(), captcha.clone());
            attempt.send(act, move |result| match result {
                Ok(reset) => on_asked.emit(reset),
                Err(_) => captcha.renew(),
            });
        })
    };
    html! {
        <form class="narrow" novalidate=true {onsubmit}>
            <p>{ i18n.t("forgotten.about") }</p>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="id_number" label={i18n.t("sign_in.number")} required=true input_mode="numeric" autocomplete="username"
                size="medium" value={AttrValue::from(number.to_string())} error={attempt.error(&i18n, "id_number")}
                on_type={typed(&number)}
            />
            <TextField
                id="phone" label={i18n.t("citizen.phone")} required=true hint={i18n.t("forgotten.phone_hint")} kind="tel"
                autocomplete="tel" size="medium" value={AttrValue::from(phone.to_string())}
                error={attempt.error(&i18n, "phone")} on_type={typed(&phone)}
            />
            <CaptchaField {captcha} error={attempt.error(&i18n, FIELD)} failure={attempt.failure().cloned()} />
            <Button submit=true kind={ButtonKind::Primary} label={i18n.t("forgotten.ask")} busy={attempt.is_busy()} />
        </form>
    }
}

fn whose(number: &str, phone: &str) -> Result<(), Vec<FieldError>> {
    use motcua_openapi::problem::IntoFieldError;
    use motcua_openapi::values::{IdNumber, PhoneNumber};
    let missing = |field| vec![FieldError::new(field, FieldCode::Required, "not given")];
    let number = match number.trim() {
        "" => Err(missing("id_number")),
        number => IdNumber::parse(number).map_err(|error| vec![error.under("id_number")]),
    };
    let phone = match phone.trim() {
        "" => Err(missing("phone")),
        phone => PhoneNumber::parse(phone).map_err(|error| vec![error.under("phone")]),
    };
    both(number, phone).map(|_| ())
}

#[derive(Properties, PartialEq)]
struct CompleteFormProps {
    doors: Doors,
    reset: PasswordReset,
    on_done: Callback<()>,
    on_again: Callback<()>,
}

#[component]
fn CompleteForm(props: &CompleteFormProps) -> Html {
    let i18n = use_i18n();
    let (code, new) = (use_state(String::new), use_state(String::new));
    let attempt = use_attempt();
    let opened = use_opened();
    let now = use_now(opened.clock, true);
    let reset = &props.reset;
    let (left, wait) = (clock::seconds_until(reset.expires_at, now), clock::seconds_until(reset.resend_at, now));
    let onsubmit = {
        let (attempt, api, on_done, id) = (attempt.clone(), props.doors.api().clone(), props.on_done.clone(), reset.id);
        let request = CompletePasswordReset { code: (*code).clone(), new_password: (*new).clone() };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, request, on_done) = (api.clone(), request.clone(), on_done.clone());
            let act = request.parse().map(|_| async move { api.complete_reset(id, &request).await });
            attempt.send(act, move |result| {
                if result.is_ok() {
                    on_done.emit(());
                }
            });
        })
    };
    html! {
        <form class="narrow" novalidate=true {onsubmit}>
            <Banner tone={Tone::Info}><p>{ i18n.t("forgotten.sent") }</p></Banner>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="code" label={i18n.t("forgotten.code")} required=true hint={i18n.t("forgotten.code_hint")} size="short"
                input_mode="numeric" autocomplete="one-time-code" value={AttrValue::from(code.to_string())}
                error={attempt.error(&i18n, "code")} on_type={typed(&code)}
            >
                <span class="countdown" aria-hidden="true">{ clock::minutes_and_seconds(left) }</span>
            </TextField>
            <NewPasswordField
                value={AttrValue::from(new.to_string())} error={attempt.error(&i18n, "new_password")} on_type={typed(&new)}
            />
            if left == 0 {
                <Banner tone={Tone::Warning}><p>{ i18n.t("forgotten.over") }</p></Banner>
            }
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("password.submit")} busy={attempt.is_busy()} />
                <Button label={i18n.t("forgotten.again")} disabled={wait > 0} on_press={props.on_again.clone()} />
                if wait > 0 {
                    <span class="hint" aria-hidden="true">
                        { i18n.with("forgotten.wait", &[("time", &clock::minutes_and_seconds(wait))]) }
                    </span>
                }
            </div>
        </form>
    }
}
