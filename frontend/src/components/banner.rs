//! A message across its place: what happened, then what to do.

use yew::prelude::*;

use super::{IconName, icon};

/// What kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Done.
    Success,
    /// Doubtful, or waiting.
    Warning,
    /// Failed or refused.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Info => "banner banner-info",
            Self::Success => "banner banner-success",
            Self::Warning => "banner banner-warning",
            Self::Danger => "banner banner-danger",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Info => IconName::Info,
            Self::Success => IconName::Check,
            Self::Warning | Self::Danger => IconName::Alert,
        }
    }

    /// A refusal interrupts a screen reader, anything else waits for its turn.
    fn role(self) -> &'static str {
        match self {
            Self::Danger => "alert",
            Self::Info | Self::Success | Self::Warning => "status",
        }
    }
}

/// What a [`Banner`] takes.
#[derive(Properties, PartialEq)]
pub struct BannerProps {
    /// What kind of message.
    pub tone: Tone,
    /// Another drawing than the tone's.
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// The message.
    pub children: Html,
}

/// A message across its place.
#[component]
pub fn Banner(props: &BannerProps) -> Html {
    html! {
        <div class={props.tone.class()} role={props.tone.role()}>
            { icon(props.icon.unwrap_or_else(|| props.tone.icon())) }
            <div class="banner-body">{ props.children.clone() }</div>
        </div>
    }
}
