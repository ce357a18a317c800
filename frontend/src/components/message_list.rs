//! Text messages and what became of each.

use motcua_openapi::messages::Message;
use yew::prelude::*;

use super::{message_steps, message_why};
use crate::i18n::I18n;
use crate::wording;

/// Text messages, newest first: what each carries, to whom, its steps, and why one did not arrive.
pub fn message_list(i18n: &I18n, messages: &[Message]) -> Html {
    if messages.is_empty() {
        return html! { <p class="empty">{ i18n.t("message.none") }</p> };
    }
    html! {
        <ul class="messages">
            for message in messages {
                <li key={message.id.to_string()}>
                    <p>
                        <strong>{ i18n.t(wording::message_purpose(message.purpose)) }</strong>
                        { " " }<span class="hint">{ i18n.with("message.to", &[("phone", &message.phone_masked)]) }</span>
                    </p>
                    { message_steps(i18n, message, true) }
                    if let Some(reason) = message_why(i18n, message) {
                        <p class="message-reason">{ reason }</p>
                    }
                </li>
            }
        </ul>
    }
}
