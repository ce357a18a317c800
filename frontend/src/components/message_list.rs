//! Text messages and what became of each.

use motcua_openapi::messages::{Message, MessagePurpose};
use yew::prelude::*;

use super::message_tag;
use crate::clock;
use crate::i18n::I18n;
use crate::wording;

/// Text messages, newest first, each with its purpose, its state, and when.
pub(crate) fn message_list(i18n: &I18n, messages: &[Message]) -> Html {
    if messages.is_empty() {
        return html! { <p class="empty">{ i18n.t("message.none") }</p> };
    }
    html! {
        <ul class="messages">
            for message in messages {
                <li key={message.id.to_string()}>
                    <div class="message-head">
                        <strong>{ i18n.t(purpose(message.purpose)) }</strong>
                        { message_tag(i18n, message.state) }
                    </div>
                    <p>{ history(i18n, message) }</p>
                    if let Some(reason) = message.reason {
                        <p class="message-reason">{ i18n.t(wording::message_reason(reason)) }</p>
                    }
                </li>
            }
        </ul>
    }
}

fn purpose(purpose: MessagePurpose) -> &'static str {
    match purpose {
        MessagePurpose::Otp => "message.otp",
        MessagePurpose::TemporaryPassword => "message.password",
    }
}

/// `Tới ••••••7123 · yêu cầu 10:02 … · gửi 10:02 … · máy nhận 10:03 …`
fn history(i18n: &I18n, message: &Message) -> String {
    let steps = [
        ("message.at_queued", Some(message.queued_at)),
        ("message.at_sent", message.sent_at),
        ("message.at_delivered", message.delivered_at),
        ("message.at_ended", message.ended_at),
        ("message.at_next_attempt", message.next_attempt_at),
    ];
    let to = i18n.with("message.to", &[("phone", &message.phone_masked)]);
    let steps = steps.into_iter().filter_map(|(key, at)| Some(i18n.with(key, &[("time", &clock::date_time(at?))])));
    std::iter::once(to).chain(steps).map(|part| part.to_string()).collect::<Vec<_>>().join(" · ")
}
