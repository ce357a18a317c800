//! A fact as a term and what it is, for a `<dl class="facts">`.

use yew::prelude::*;

/// One fact.
pub fn fact(term: AttrValue, what: Html) -> Html {
    html! { <div class="fact"><dt>{ term }</dt><dd>{ what }</dd></div> }
}

/// One fact that is a text.
pub fn text_fact(term: AttrValue, what: impl Into<AttrValue>) -> Html {
    fact(term, html! { what.into() })
}
