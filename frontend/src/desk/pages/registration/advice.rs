//! What to do when codes keep not arriving, in the guide's order: the number, another code, the phone.

use motcua_openapi::problem::IntoFieldError;
use motcua_openapi::values::PhoneNumber;
use yew::prelude::*;

use super::form::Field;
use super::send_otp::send_button;
use super::state::Happening;
use super::work::Work;
use motcua_frontend::browser;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, IconName, TextField, icon};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

const PHONE: &str = "advice_phone";

/// The advice, where it is due. Its heading's place is always there, so that a screen reader hears when it comes.
/// `wait`: seconds until another code may be sent.
pub(crate) fn advice(i18n: &I18n, work: &Work, is_due: bool, wait: u32) -> Html {
    html! {
        <section class={classes!("advice", is_due.then_some("advice-due"))} aria-labelledby={is_due.then_some("advice-title")}>
            <div role="status">
                if is_due {
                    <h4 id="advice-title">{ icon(IconName::Info) }{ i18n.t("advice.title") }</h4>
                }
            </div>
            if is_due {
                <ol>
                    <li><MendPhone work={work.clone()} /></li>
                    <li>{ send_again(i18n, work, wait) }</li>
                    <li><p>{ i18n.t("advice.restart") }</p></li>
                </ol>
            }
        </section>
    }
}

fn send_again(i18n: &I18n, work: &Work, wait: u32) -> Html {
    html! {
        <>
            <p id="advice-resend">
                { i18n.t("advice.send_again") }
                if wait > 0 {
                    { " " }{ i18n.with("otp.wait", &[("time", &clock::minutes_and_seconds(wait))]) }
                }
            </p>
            { send_button(work, wait, i18n.t("advice.send"), "advice-resend") }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MendPhoneProps {
    work: Work,
}

/// The number to read out, and a field to correct it right here: it is saved as the form saves it.
#[component]
fn MendPhone(props: &MendPhoneProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let typed = use_state(|| None::<String>);
    let mended = use_state(|| None::<PhoneNumber>);
    let wrong = use_state(|| None::<AttrValue>);
    let number = work.screen.typed.phone();
    let text = (*typed).clone().or_else(|| number.as_ref().map(PhoneNumber::national)).unwrap_or_default();
    let on_type = {
        let (typed, wrong) = (typed.setter(), wrong.setter());
        Callback::from(move |text| {
            typed.set(Some(text));
            wrong.set(None);
        })
    };
    let on_save = {
        let (work, i18n, text) = (work.clone(), i18n.clone(), text.clone());
        let (typed, mended, wrong) = (typed.setter(), mended.setter(), wrong.setter());
        Callback::from(move |()| match PhoneNumber::parse(&text) {
            Ok(number) => {
                work.tell(Happening::Type(Field::Phone, number.national()));
                work.save_soon();
                typed.set(None);
                mended.set(Some(number));
            }
            Err(error) => {
                wrong.set(Some(wording::field_error(&i18n, &error.under("phone"))));
                browser::focus(PHONE);
            }
        })
    };
    let onkeydown = {
        let on_save = on_save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && browser::focused_id().as_deref() == Some(PHONE) {
                event.prevent_default();
                on_save.emit(());
            }
        })
    };
    let saved = work.screen.saved.as_ref().and_then(|saved| saved.details.phone.as_ref());
    let is_mended = mended.is_some() && mended.as_ref() == saved && typed.is_none();
    html! {
        <div class="mend-phone" {onkeydown}>
            <p>{ i18n.t("advice.check_number") }{ " " }<strong class="number">{ shown(number.as_ref()) }</strong></p>
            <TextField
                id={PHONE} label={i18n.t("advice.phone")} kind="tel" input_mode="tel" size="short"
                value={text} error={(*wrong).clone()} {on_type}
            >
                <Button label={i18n.t("advice.save_phone")} on_press={on_save} />
            </TextField>
            <div role="status">
                if is_mended {
                    { mended_note(&i18n, saved) }
                }
            </div>
        </div>
    }
}

fn shown(number: Option<&PhoneNumber>) -> String {
    number.map_or_else(|| "—".to_owned(), PhoneNumber::grouped)
}

fn mended_note(i18n: &I18n, number: Option<&PhoneNumber>) -> Html {
    html! {
        <p class="finding finding-free">
            { icon(IconName::Check) }{ i18n.with("advice.phone_saved", &[("phone", &shown(number))]) }
        </p>
    }
}
