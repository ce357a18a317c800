//! The state of a text message in one word, by colour and drawing.

use motcua_openapi::messages::MessageState;
use yew::prelude::*;

use super::{IconName, icon};
use crate::i18n::I18n;
use crate::wording;

/// The state of a text message.
pub fn message_tag(i18n: &I18n, state: MessageState) -> Html {
    let (class, name) = match state {
        MessageState::Queued => ("tag tag-waiting", IconName::Clock),
        MessageState::Sent => ("tag tag-going", IconName::Sms),
        MessageState::Delivered => ("tag tag-good", IconName::Check),
        MessageState::Failed => ("tag tag-bad", IconName::Alert),
        MessageState::Dropped => ("tag tag-over", IconName::Close),
    };
    html! { <span {class}>{ icon(name) }{ i18n.t(wording::message_state(state)) }</span> }
}
