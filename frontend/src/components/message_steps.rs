//! A text message as a line of steps, each with its time, and in plain words why it is late or did not arrive.

use chrono::{DateTime, Utc};
use motcua_openapi::messages::{Message, MessageState};
use yew::prelude::*;

use super::message_tag;
use crate::clock;
use crate::i18n::I18n;
use crate::wording;

/// One step of a message's way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    state: MessageState,
    at: DateTime<Utc>,
    gateway: Option<String>,
}

/// The steps that a message has taken. The gateway stands at the one that was its doing.
fn steps_of(message: &Message) -> Vec<Step> {
    let taken = |state, at: Option<DateTime<Utc>>| at.map(|at| Step { state, at, gateway: None });
    let end = match message.state {
        MessageState::Failed | MessageState::Dropped => taken(message.state, Some(message.status().since)),
        MessageState::Queued | MessageState::Sent | MessageState::Delivered => None,
    };
    let steps = [
        taken(MessageState::Queued, Some(message.queued_at)),
        taken(MessageState::Sent, message.sent_at),
        taken(MessageState::Delivered, message.delivered_at),
        end,
    ];
    let mut steps: Vec<Step> = steps.into_iter().flatten().collect();
    let of_gateway = |step: &&mut Step| matches!(step.state, MessageState::Sent | MessageState::Failed);
    if let Some(step) = steps.iter_mut().find(of_gateway) {
        step.gateway.clone_from(&message.gateway);
    }
    steps
}

/// The line of steps. `with_date`: where it may be of another day than today.
pub fn message_steps(i18n: &I18n, message: &Message, with_date: bool) -> Html {
    let steps = steps_of(message);
    let last = steps.len().saturating_sub(1);
    html! {
        <ol class="message-steps">
            for (index, step) in steps.into_iter().enumerate() {
                <li>
                    if index == last {
                        { message_tag(i18n, step.state) }
                    } else {
                        { i18n.t(wording::message_state(step.state)) }
                    }
                    { " " }
                    <span class="number">
                        { clock::time_to_the_second(step.at) }
                        if with_date && index == 0 {
                            { " " }{ clock::date(step.at) }
                        }
                    </span>
                    if let Some(gateway) = step.gateway {
                        { " " }{ i18n.with("message.by", &[("gateway", &gateway)]) }
                    }
                </li>
            }
        </ol>
    }
}

/// What happened, then what to do; nothing where the message goes its usual way.
pub fn message_why(i18n: &I18n, message: &Message) -> Option<AttrValue> {
    let reason = message.reason?;
    let what = i18n.t(wording::message_reason(reason));
    let to_do = i18n.t(wording::message_advice(message.purpose, message.state, reason));
    let waits = message.next_attempt_at.filter(|_| message.state == MessageState::Queued);
    let next = waits.map(|at| i18n.with("message.next_attempt", &[("time", &clock::time_to_the_second(at))]));
    let parts = [Some(what), Some(to_do), next].into_iter().flatten();
    Some(AttrValue::from(parts.map(|part| part.to_string()).collect::<Vec<_>>().join(" ")))
}

/// A message for the tests of all programs: asked for at 10:02:04, sent and received soon after.
pub fn example_message(state: MessageState) -> Message {
    let at = |time: &str| format!("2026-11-24T{time}Z").parse::<DateTime<Utc>>().ok();
    let has_left = !matches!(state, MessageState::Queued | MessageState::Dropped);
    let has_failed = matches!(state, MessageState::Failed | MessageState::Dropped);
    Message {
        id: uuid::Uuid::from_u128(5),
        purpose: motcua_openapi::messages::MessagePurpose::Otp,
        state,
        reason: None,
        gateway: has_left.then(|| "kannel".to_owned()),
        attempts: 1,
        phone_masked: "••••••7123".into(),
        queued_at: at("03:02:04").unwrap_or_default(),
        sent_at: has_left.then(|| at("03:02:05")).flatten(),
        delivered_at: (state == MessageState::Delivered).then(|| at("03:02:09")).flatten(),
        ended_at: has_failed.then(|| at("03:02:11")).flatten(),
        next_attempt_at: None,
    }
}

#[cfg(test)]
mod tests {
    use motcua_openapi::messages::MessageReason;

    use super::*;
    use crate::i18n::Language;

    fn told(message: &Message) -> Vec<String> {
        let i18n = I18n::new(Language::Vietnamese);
        let told = |step: Step| {
            let by = step.gateway.map(|gateway| format!(" {}", i18n.with("message.by", &[("gateway", &gateway)])));
            let state = i18n.t(wording::message_state(step.state));
            format!("{state} {}{}", clock::time_to_the_second(step.at), by.unwrap_or_default())
        };
        steps_of(message).into_iter().map(told).collect()
    }

    #[test]
    fn each_step_has_its_time_and_the_gateway_stands_where_it_acted() {
        let delivered = told(&example_message(MessageState::Delivered));
        assert_eq!(delivered, ["Đang chờ gửi 10:02:04", "Đã gửi 10:02:05 qua kannel", "Máy đã nhận 10:02:09"]);
        assert_eq!(told(&example_message(MessageState::Queued)), ["Đang chờ gửi 10:02:04"]);
    }

    #[test]
    fn a_message_that_did_not_arrive_ends_there() {
        let sent_in_vain = told(&example_message(MessageState::Failed));
        assert_eq!(sent_in_vain.last().map(String::as_str), Some("Không tới được máy 10:02:11"));
        let refused = Message { sent_at: None, ..example_message(MessageState::Failed) };
        assert_eq!(told(&refused), ["Đang chờ gửi 10:02:04", "Không tới được máy 10:02:11 qua kannel"]);
    }

    #[test]
    fn a_reason_says_what_happened_what_to_do_and_when_it_is_tried_again() {
        let i18n = I18n::new(Language::Vietnamese);
        let sent = example_message(MessageState::Sent);
        assert_eq!(message_why(&i18n, &sent), None);
        let waiting = Message {
            reason: Some(MessageReason::GatewayUnreachable),
            next_attempt_at: sent.sent_at,
            ..example_message(MessageState::Queued)
        };
        let said = message_why(&i18n, &waiting).unwrap();
        assert!(said.contains("Chưa kết nối được") && said.contains("10:02:05"), "{said}");
    }
}
