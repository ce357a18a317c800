//! A number as people read it, copied as machines want it.

use yew::prelude::*;

use super::{Button, ButtonKind, IconName};
use crate::browser;
use crate::i18n::use_i18n;

/// What a [`CopyableNumber`] takes.
#[derive(Properties, PartialEq)]
pub struct CopyableNumberProps {
    /// Grouped, to read.
    pub shown: AttrValue,
    /// Plain, to copy.
    pub plain: AttrValue,
    /// What number it is, for the button's name.
    pub name: AttrValue,
}

/// A grouped number with a button that copies it plain.
#[component]
pub fn CopyableNumber(props: &CopyableNumberProps) -> Html {
    let i18n = use_i18n();
    let copied = use_state(|| false);
    let on_press = {
        let (copied, plain) = (copied.setter(), props.plain.clone());
        Callback::from(move |()| {
            browser::copy(&plain);
            copied.set(true);
        })
    };
    let label = i18n.t(if *copied { "copy.done" } else { "copy.short" });
    let name = (!*copied).then(|| i18n.with("copy.number", &[("name", &props.name)]));
    html! {
        <span class="copyable">
            <span class="number">{ &props.shown }</span>
            <Button kind={ButtonKind::Quiet} icon={IconName::Copy} {label} {name} {on_press} />
        </span>
    }
}
