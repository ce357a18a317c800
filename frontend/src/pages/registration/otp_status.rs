//! What became of the code: on its way, sent and counting down, over, failed and why.

use chrono::{DateTime, Utc};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::otp::{self, Phase};
use super::work::Work;
use crate::clock;
use crate::components::{Banner, IconName, Tone, icon, message_tag};
use crate::hooks::use_timeout;
use crate::i18n::{I18n, use_i18n};
use crate::wording;

/// What [`OtpStatus`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct OtpStatusProps {
    /// The state and the calls.
    pub work: Work,
    /// The server's time.
    pub now: DateTime<Utc>,
}

/// What became of the code.
#[component]
pub(crate) fn OtpStatus(props: &OtpStatusProps) -> Html {
    let i18n = use_i18n();
    let work = &props.work;
    let saved = work.screen.saved.clone();
    let message = work.screen.message.as_ref();
    let phase = saved.as_ref().map_or(Phase::NotSent, |saved| otp::phase(saved, message, &work.place.desk, props.now));
    use_following(work, otp::ask_again_in(phase, message));
    let state = message
        .filter(|message| {
            saved.as_ref().and_then(|saved| saved.otp.as_ref()).is_some_and(|otp| otp.message_id == message.id)
        })
        .map(|message| message.state);
    html! {
        <div class="otp-status">
            <div class="act-row">
                if phase != Phase::NotSent && phase != Phase::Verified {
                    if let Some(state) = state {
                        { message_tag(&i18n, state) }
                    }
                }
                <div role="status">{ words(&i18n, phase) }</div>
                if let Phase::Valid(seconds) = phase {
                    <Countdown {seconds} />
                }
            </div>
            if phase != Phase::Verified && saved.as_deref().is_some_and(otp::needs_advice) {
                <Banner tone={Tone::Info}><p>{ i18n.t("otp.advice") }</p></Banner>
            }
        </div>
    }
}

/// Asks what became of the message, again and again as long as it may change.
#[hook]
fn use_following(work: &Work, millis: Option<u32>) {
    let asked = use_state(|| 0_u32);
    let message_id = work.screen.saved.as_ref().and_then(|saved| Some(saved.otp.as_ref()?.message_id));
    let work = work.clone();
    use_timeout(millis, (message_id, *asked), move || {
        spawn_local(async move {
            work.follow_message().await;
            asked.set(*asked + 1);
        });
    });
}

fn words(i18n: &I18n, phase: Phase) -> Html {
    let reason = |reason: Option<_>| reason.map(|reason| i18n.t(wording::message_reason(reason)));
    match phase {
        Phase::NotSent | Phase::Valid(_) => Html::default(),
        Phase::OnItsWay(why) => html! { <p>{ i18n.t("otp.on_its_way") }{ " " }{ reason(why).unwrap_or_default() }</p> },
        Phase::Expired => html! { <p>{ i18n.t("otp.expired") }</p> },
        Phase::Failed(why) => html! { <p>{ i18n.t("otp.failed") }{ " " }{ reason(why).unwrap_or_default() }</p> },
        Phase::Verified => html! {
            <p class="finding finding-free">{ icon(IconName::Check) }{ i18n.t("otp.verified") }</p>
        },
    }
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
