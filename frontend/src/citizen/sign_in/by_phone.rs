//! **Sim ký số**: a signature that the phone's SIM makes.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use motcua_openapi::citizens::{CaptchaForm, CreateMobileSignature, MobileSignature, MobileSignatureState};
use motcua_openapi::problem::{FieldCode, FieldError, IntoFieldError};
use motcua_openapi::values::PhoneNumber;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use motcua_frontend::api::FirstThing;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, TextField, Tone, required_note};
use motcua_frontend::hooks::use_now;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::use_opened;

use crate::attempt::{both, typed, use_attempt};
use crate::captcha::{CaptchaField, FIELD, use_captcha};
use crate::session::Doors;

/// How often to ask whether the phone has signed.
const POLL_MILLIS: u32 = 2_000;

#[derive(Properties, PartialEq)]
pub(super) struct ByPhoneProps {
    pub(super) doors: Doors,
    pub(super) is_open: bool,
}

#[component]
pub(super) fn ByPhone(props: &ByPhoneProps) -> Html {
    let i18n = use_i18n();
    let signature = use_state(|| None::<MobileSignature>);
    let on_asked = {
        let signature = signature.setter();
        Callback::from(move |asked: MobileSignature| signature.set(Some(asked)))
    };
    let on_again = {
        let signature = signature.setter();
        Callback::from(move |()| signature.set(None))
    };
    html! {
        <>
            <p>{ i18n.t("sign_in.phone_about") }</p>
            <ol class="needs">
                <li>{ i18n.t("sign_in.phone_sim") }</li>
                <li>{ i18n.t("sign_in.phone_account") }</li>
            </ol>
            if !props.is_open {
                <Banner tone={Tone::Info}><p>{ i18n.t("sign_in.way_closed") }</p></Banner>
            } else if let Some(asked) = &*signature {
                <Waiting key={asked.id.to_string()} doors={props.doors.clone()} signature={asked.clone()} {on_again} />
            } else {
                <PhoneForm doors={props.doors.clone()} {on_asked} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PhoneFormProps {
    doors: Doors,
    on_asked: Callback<MobileSignature>,
}

#[component]
fn PhoneForm(props: &PhoneFormProps) -> Html {
    let i18n = use_i18n();
    let phone = use_state(String::new);
    let captcha = use_captcha(CaptchaForm::SignIn);
    let attempt = use_attempt();
    let onsubmit = {
        let (attempt, doors, captcha) = (attempt.clone(), props.doors.clone(), captcha.clone());
        let (phone, on_asked) = (phone.clone(), props.on_asked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let act = both(phone_field(&phone), captcha.answer()).map(|((), captcha)| {
                let api = doors.api().clone();
                let request = CreateMobileSignature { phone: phone.trim().to_owned(), captcha };
                async move { api.ask_phone_to_sign(&request).await }
            });
            let (on_asked, captcha) = (on_asked.clone(), captcha.clone());
            attempt.send(act, move |result| match result {
                Ok(asked) => on_asked.emit(asked),
                Err(_) => captcha.renew(),
            });
        })
    };
    html! {
        <form novalidate=true {onsubmit}>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="phone" label={i18n.t("citizen.phone")} required=true kind="tel" autocomplete="tel" size="medium"
                value={AttrValue::from(phone.to_string())} error={attempt.error(&i18n, "phone")} on_type={typed(&phone)}
            />
            <CaptchaField {captcha} error={attempt.error(&i18n, FIELD)} failure={attempt.failure().cloned()} />
            <Button submit=true kind={ButtonKind::Primary} label={i18n.t("sign_in.submit")} busy={attempt.is_busy()} />
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct WaitingProps {
    doors: Doors,
    signature: MobileSignature,
    on_again: Callback<()>,
}

/// Waits for the phone, and asks the server how far it is.
#[component]
fn Waiting(props: &WaitingProps) -> Html {
    let i18n = use_i18n();
    let opened = use_opened();
    let state = use_state(|| MobileSignatureState::Pending);
    let is_pending = *state == MobileSignatureState::Pending;
    let now = use_now(opened.clock, is_pending);
    use_effect_with(props.signature.id, {
        let (state, doors) = (state.setter(), props.doors.clone());
        move |id| {
            let (id, is_over) = (*id, Rc::new(Cell::new(false)));
            spawn_local({
                let is_over = Rc::clone(&is_over);
                async move { ask(id, &doors, &state, &is_over).await }
            });
            move || is_over.set(true)
        }
    });
    let seconds = clock::seconds_until(props.signature.expires_at, now);
    html! {
        if is_pending {
            <div role="status">
                <p>{ i18n.t("sign_in.phone_compare") }</p>
                <p class="verification-code number">{ &props.signature.verification_code }</p>
            </div>
            <p class="countdown" aria-hidden="true">{ clock::minutes_and_seconds(seconds) }</p>
        } else {
            <Banner tone={Tone::Warning}>
                <p>{ i18n.t(match *state {
                    MobileSignatureState::Expired => "sign_in.phone_expired",
                    MobileSignatureState::Refused | MobileSignatureState::Pending | MobileSignatureState::Signed => {
                        "sign_in.phone_refused"
                    }
                }) }</p>
                <Button label={i18n.t("sign_in.phone_again")} on_press={props.on_again.clone()} />
            </Banner>
        }
    }
}

/// Asks until the phone has signed or will not. A line that is lost for a moment ends nothing.
async fn ask(id: Uuid, doors: &Doors, state: &UseStateSetter<MobileSignatureState>, is_over: &Cell<bool>) {
    while !is_over.get() {
        match doors.api().phone_signature(id).await {
            Ok(progress) => match (progress.state, progress.session) {
                (MobileSignatureState::Signed, Some(session)) => return doors.enter(FirstThing::of(&session)),
                (MobileSignatureState::Pending, _) => {}
                (ended, _) => return state.set(ended),
            },
            Err(error) if error.may_pass() => {}
            Err(_) => return state.set(MobileSignatureState::Expired),
        }
        TimeoutFuture::new(POLL_MILLIS).await;
    }
}

fn phone_field(phone: &str) -> Result<(), Vec<FieldError>> {
    if phone.trim().is_empty() {
        return Err(vec![FieldError::new("phone", FieldCode::Required, "not given")]);
    }
    PhoneNumber::parse(phone).map(|_| ()).map_err(|error| vec![error.under("phone")])
}
