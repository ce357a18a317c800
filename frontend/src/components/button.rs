//! Buttons: they say the act, show at once that the press was taken, and cannot be pressed twice.

use yew::prelude::*;

use super::{IconName, icon};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one act of the view.
    Primary,
    /// Any other act.
    #[default]
    Secondary,
    /// An act beside the way, drawn as a link.
    Quiet,
    /// An act that loses something.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// What a [`Button`] takes.
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The act.
    pub label: AttrValue,
    /// How much it asks for.
    #[prop_or_default]
    pub kind: ButtonKind,
    /// A name for screen readers that says more than the label and contains it.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// A drawing before the label.
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// The key that does the same, shown on the button.
    #[prop_or_default]
    pub shortcut: Option<&'static str>,
    /// The press was taken and is being worked on.
    #[prop_or_default]
    pub busy: bool,
    /// Not possible now; what is missing is said beside it.
    #[prop_or_default]
    pub disabled: bool,
    /// Whether it submits its form instead of calling `on_press`.
    #[prop_or_default]
    pub submit: bool,
    /// The id of a text that says more about it.
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    /// The press.
    #[prop_or_default]
    pub on_press: Callback<()>,
}

/// A button.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let onclick = {
        let (busy, submit, on_press) = (props.busy, props.submit, props.on_press.clone());
        Callback::from(move |event: MouseEvent| {
            if busy {
                event.prevent_default();
            } else if !submit {
                on_press.emit(());
            }
        })
    };
    html! {
        <button
            type={if props.submit { "submit" } else { "button" }}
            class={props.kind.class()}
            disabled={props.disabled}
            aria-disabled={props.busy.then_some("true")}
            aria-busy={props.busy.then_some("true")}
            aria-keyshortcuts={props.shortcut}
            aria-label={props.name.clone()}
            aria-describedby={props.described_by.clone()}
            {onclick}
        >
            if props.busy {
                <span class="spinner" aria-hidden="true" />
            } else if let Some(name) = props.icon {
                { icon(name) }
            }
            <span>{ &props.label }</span>
            if let Some(key) = props.shortcut {
                <kbd aria-hidden="true">{ key }</kbd>
            }
        </button>
    }
}
