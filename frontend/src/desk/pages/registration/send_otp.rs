//! GỬI MÃ OTP: the press, what became of it, and what to do when codes keep not arriving.

use motcua_openapi::messages::Message;
use yew::prelude::*;

use super::advice::advice;
use super::confirm::on_press;
use super::otp_status::otp_status;
use super::refused::Spot;
use super::state::Act;
use super::work::Work;
use super::{WorkProps, otp};
use motcua_frontend::api::MessagesOf;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, IconName, Tone};
use motcua_frontend::hooks::{use_messages, use_now};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

/// The code to the citizen's phone.
#[component]
pub(crate) fn SendOtp(props: &WorkProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let saved = work.screen.saved.as_ref();
    let now = use_now(work.place.clock, saved.is_some_and(|saved| saved.otp.is_some()));
    let messages = use_codes(work);
    let newest = saved.and_then(|saved| otp::newest(saved, &messages));
    let desk = &work.place.desk;
    let phase = saved.map_or(otp::Phase::NotSent, |saved| otp::phase(saved, newest, desk, now));
    use_times_of_code(work, newest);
    let status = otp_status(&i18n, phase, newest, desk.otp_valid_seconds);
    if work.screen.is_verified() {
        return status;
    }
    let wait = saved.map_or(0, |saved| otp::resend_in(saved, now));
    html! {
        <div class="act">
            { whereto(&i18n, work) }
            { press(&i18n, work, wait) }
            if let Some(error) = work.screen.trouble_at(Spot::SendOtp) {
                <Banner tone={Tone::Danger}><p>{ wording::api_error(&i18n, error) }</p></Banner>
            }
            { status }
            { advice(&i18n, work, otp::needs_advice(&messages), wait) }
        </div>
    }
}

/// The messages of the draft's codes, as they go. Once a code was asked for they are followed to the end: correcting
/// the phone kills the code, and what became of it still counts.
#[hook]
fn use_codes(work: &Work) -> Vec<Message> {
    let saved = work.screen.saved.as_ref();
    let asked_for = use_mut_ref(|| None);
    let newest = saved.and_then(|saved| Some(saved.otp.as_ref()?.message_id));
    let id = saved.map(|saved| saved.id);
    if newest.is_some() {
        *asked_for.borrow_mut() = id;
    }
    let is_followed = id.is_some() && *asked_for.borrow() == id && !work.screen.is_verified();
    let handle = use_messages(id.filter(|_| is_followed).map(MessagesOf::Registration), newest);
    handle.remote.ready().map(|list| list.items.clone()).unwrap_or_default()
}

/// Reads the code's times from the server once its text has left.
#[hook]
fn use_times_of_code(work: &Work, newest: Option<&Message>) {
    let otp = work.screen.saved.as_ref().and_then(|saved| saved.otp.as_ref());
    let are_missing = otp.is_some_and(|otp| otp.sent_at.is_none()) && newest.is_some_and(|one| one.sent_at.is_some());
    let work = work.clone();
    use_effect_with((are_missing, newest.map(|message| message.id)), move |(are_missing, _)| {
        if *are_missing {
            wasm_bindgen_futures::spawn_local(async move { work.refresh().await });
        }
    });
}

fn whereto(i18n: &I18n, work: &Work) -> Html {
    let phone = work.screen.typed.phone().map(|phone| phone.grouped());
    html! {
        <p>
            { match &phone {
                Some(phone) => i18n.with("otp.to", &[("phone", phone)]),
                None => i18n.t("otp.to_nobody"),
            } }
            if phone.is_some() {
                <Button kind={ButtonKind::Quiet} label={i18n.t("otp.mend_phone")} on_press={|()| motcua_frontend::browser::focus("phone")} />
            }
        </p>
    }
}

/// The press that sends a code, wherever it stands. `wait`: seconds until it may be pressed.
pub(super) fn send_button(work: &Work, wait: u32, label: AttrValue, described_by: &'static str) -> Html {
    html! {
        <Button
            {label}
            {described_by}
            icon={IconName::Sms}
            busy={work.screen.acts.contains(&Act::SendOtp)}
            disabled={wait > 0}
            on_press={on_press(work, Act::SendOtp)}
        />
    }
}

fn press(i18n: &I18n, work: &Work, wait: u32) -> Html {
    html! {
        <div class="act-row">
            { send_button(work, wait, i18n.t("otp.send"), "otp-wait") }
            <p id="otp-wait" class="hint">
                if wait > 0 {
                    { i18n.with("otp.wait", &[("time", &clock::minutes_and_seconds(wait))]) }
                }
            </p>
        </div>
    }
}
