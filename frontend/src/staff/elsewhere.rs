//! The way to another program, for who has nothing to do in this one.

use yew::prelude::*;

use crate::browser;
use crate::i18n::use_i18n;

/// What [`Elsewhere`] takes.
#[derive(Properties, PartialEq)]
pub struct ElsewhereProps {
    /// Where the other program's pages begin.
    pub to: &'static str,
}

/// Goes there at once; the link is for a browser that does not.
#[component]
pub fn Elsewhere(props: &ElsewhereProps) -> Html {
    let i18n = use_i18n();
    use_effect_with(props.to, |to| browser::go(to));
    html! { <p class="loading"><a href={props.to}>{ i18n.t("app.loading") }</a></p> }
}
