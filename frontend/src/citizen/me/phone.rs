//! Another phone: a code goes to the one until now and to the new one, and both are needed.

use motcua_openapi::citizens::{CompletePhoneChange, CreatePhoneChange, PhoneChange};
use motcua_openapi::problem::{FieldCode, FieldError};
use yew::prelude::*;

use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, TextField, Tone, required_note};
use motcua_frontend::hooks::use_now;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::use_opened;

use super::Done;
use crate::attempt::{typed, use_attempt};
use crate::frame::Page;
use crate::session::use_visit;

/// Where a change stands.
#[derive(Clone, PartialEq)]
enum Stage {
    Ask,
    Complete(PhoneChange),
    Done,
}

/// The page of the phone.
#[component]
pub(crate) fn PhonePage() -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let stage = use_state(|| Stage::Ask);
    let on_asked = {
        let stage = stage.setter();
        Callback::from(move |change| stage.set(Stage::Complete(change)))
    };
    let on_again = {
        let stage = stage.setter();
        Callback::from(move |()| stage.set(Stage::Ask))
    };
    let on_done = {
        let stage = stage.setter();
        Callback::from(move |()| {
            stage.set(Stage::Done);
            doors.look();
        })
    };
    html! {
        <Page title={i18n.t("phone.title")}>
            { match &*stage {
                Stage::Ask => html! { <AskForm {on_asked} /> },
                Stage::Complete(change) => html! { <CompleteForm change={change.clone()} {on_done} {on_again} /> },
                Stage::Done => html! { <Done text={i18n.t("phone.done")} /> },
            } }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct AskFormProps {
    on_asked: Callback<PhoneChange>,
}

#[component]
fn AskForm(props: &AskFormProps) -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let (phone, attempt) = (use_state(String::new), use_attempt());
    let onsubmit = {
        let (attempt, phone, on_asked) = (attempt.clone(), phone.clone(), props.on_asked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, request) = (doors.api().clone(), CreatePhoneChange { phone: phone.trim().to_owned() });
            let missing = || vec![FieldError::new("phone", FieldCode::Required, "not given")];
            let parsed = if request.phone.is_empty() { Err(missing()) } else { request.parse() };
            let act = parsed.map(|_| async move { api.ask_for_phone_change(&request).await });
            let on_asked = on_asked.clone();
            attempt.send(act, move |result| {
                if let Ok(change) = result {
                    on_asked.emit(change);
                }
            });
        })
    };
    html! {
        <form class="narrow" novalidate=true {onsubmit}>
            <p>{ i18n.t("phone.about") }</p>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="phone" label={i18n.t("phone.new")} required=true kind="tel" autocomplete="tel" size="medium"
                value={AttrValue::from(phone.to_string())} error={attempt.error(&i18n, "phone")} on_type={typed(&phone)}
            />
            <Button submit=true kind={ButtonKind::Primary} label={i18n.t("phone.ask")} busy={attempt.is_busy()} />
            <p class="hint">{ i18n.t("phone.lost") }</p>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct CompleteFormProps {
    change: PhoneChange,
    on_done: Callback<()>,
    on_again: Callback<()>,
}

#[component]
fn CompleteForm(props: &CompleteFormProps) -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let (current, new) = (use_state(String::new), use_state(String::new));
    let attempt = use_attempt();
    let change = &props.change;
    let opened = use_opened();
    let now = use_now(opened.clock, true);
    let (left, wait) = (clock::seconds_until(change.expires_at, now), clock::seconds_until(change.resend_at, now));
    let onsubmit = {
        let (attempt, on_done, id) = (attempt.clone(), props.on_done.clone(), change.id);
        let request = CompletePhoneChange { current_phone_code: (*current).clone(), new_phone_code: (*new).clone() };
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (api, request, on_done) = (doors.api().clone(), request.clone(), on_done.clone());
            let act = request.parse().map(|_| async move { api.complete_phone_change(id, &request).await });
            attempt.send(act, move |result| {
                if result.is_ok() {
                    on_done.emit(());
                }
            });
        })
    };
    let label = |key, phone: &str| i18n.with(key, &[("phone", phone)]);
    html! {
        <form class="narrow" novalidate=true {onsubmit}>
            <Banner tone={Tone::Info}><p>{ i18n.t("phone.sent") }</p></Banner>
            { required_note(&i18n) }
            { attempt.banner(&i18n) }
            <TextField
                id="current_phone_code" label={label("phone.current_code", &change.current_phone_masked)} required=true
                size="short" input_mode="numeric" autocomplete="one-time-code" value={AttrValue::from(current.to_string())}
                error={attempt.error(&i18n, "current_phone_code")} on_type={typed(&current)}
            />
            <TextField
                id="new_phone_code" label={label("phone.new_code", &change.new_phone_masked)} required=true
                size="short" input_mode="numeric" value={AttrValue::from(new.to_string())}
                error={attempt.error(&i18n, "new_phone_code")} on_type={typed(&new)}
            >
                <span class="countdown" aria-hidden="true">{ clock::minutes_and_seconds(left) }</span>
            </TextField>
            if left == 0 {
                <Banner tone={Tone::Warning}><p>{ i18n.t("forgotten.over") }</p></Banner>
            }
            <div class="act-row">
                <Button submit=true kind={ButtonKind::Primary} label={i18n.t("phone.submit")} busy={attempt.is_busy()} />
                <Button label={i18n.t("phone.again")} disabled={wait > 0} on_press={props.on_again.clone()} />
            </div>
        </form>
    }
}
