//! What became of the code: its message's steps, why it is late or did not arrive, how long it still works.

use motcua_openapi::messages::Message;
use yew::prelude::*;

use super::otp::{self, Phase};
use motcua_frontend::clock;
use motcua_frontend::components::{IconName, icon, message_steps, message_why};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

/// What became of the code. `valid_seconds`: how long one works.
pub(crate) fn otp_status(i18n: &I18n, phase: Phase, message: Option<&Message>, valid_seconds: u32) -> Html {
    let message = message.filter(|_| !matches!(phase, Phase::NotSent | Phase::Verified));
    html! {
        <div class="otp-status">
            // Only what is new is said: each step is put after those that were said before.
            <div class="message-fate" role="status" aria-atomic="false">
                if let Some(message) = message {
                    { message_steps(i18n, message, false) }
                }
                { words(i18n, phase, message, valid_seconds) }
            </div>
            if let Phase::Valid(seconds) = phase {
                <Countdown {seconds} />
            }
        </div>
    }
}

fn words(i18n: &I18n, phase: Phase, message: Option<&Message>, valid_seconds: u32) -> Html {
    if phase == Phase::Verified {
        return html! {
            <p class="finding finding-free">{ icon(IconName::Check) }{ i18n.t("otp.verified") }</p>
        };
    }
    let why = message.and_then(|message| message_why(i18n, message));
    html! {
        <>
            if phase == Phase::OnItsWay && message.is_none() {
                <p>{ i18n.t("otp.on_its_way") }</p>
            }
            if let Some(why) = why {
                <p class="message-reason">{ why }</p>
            }
            if phase == Phase::Expired {
                <p>{ expired(i18n, valid_seconds) }</p>
            }
        </>
    }
}

/// That the code's time is over.
pub(crate) fn expired(i18n: &I18n, valid_seconds: u32) -> AttrValue {
    i18n.with("otp.expired", &[("time", &wording::duration(i18n, valid_seconds))])
}

#[derive(Properties, PartialEq)]
struct CountdownProps {
    seconds: u32,
}

/// The time left, moving for the eye and said three times to the ear.
#[component]
fn Countdown(props: &CountdownProps) -> Html {
    let i18n = use_i18n();
    let time = clock::minutes_and_seconds(props.seconds);
    let said =
        otp::announced_seconds(props.seconds).map(|left| i18n.with("otp.left_said", &[("seconds", &left.to_string())]));
    html! {
        <>
            <p class={classes!("countdown", (props.seconds <= 30).then_some("countdown-short"))} role="timer" aria-live="off">
                { icon(IconName::Clock) }{ i18n.with("otp.left", &[("time", &time)]) }
            </p>
            <p class="said" role="status">{ said.unwrap_or_default() }</p>
        </>
    }
}
