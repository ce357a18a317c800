//! What a press found wrong, on top of the form, each with a link to its field.

use yew::prelude::*;

use super::{IconName, icon};
use crate::browser;
use crate::i18n::use_i18n;

const ID: &str = "error-summary";

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryItem {
    /// The field's id.
    pub field: AttrValue,
    /// What is wrong, and what to do.
    pub text: AttrValue,
}

/// What an [`ErrorSummary`] takes.
#[derive(Properties, PartialEq)]
pub struct ErrorSummaryProps {
    /// What is wrong, in the order of the page; nothing is drawn where it is empty.
    pub items: Vec<SummaryItem>,
    /// Grows with each press that found something wrong.
    pub press: u32,
}

/// The summary of what is wrong. It takes the focus at each press that found something.
#[component]
pub fn ErrorSummary(props: &ErrorSummaryProps) -> Html {
    let i18n = use_i18n();
    use_effect_with(props.press, |press| {
        if *press > 0 {
            browser::focus(ID);
        }
    });
    if props.items.is_empty() {
        return Html::default();
    }
    html! {
        <div id={ID} class="error-summary" role="alert" tabindex="-1" aria-labelledby="error-summary-title">
            <h3 id="error-summary-title">{ icon(IconName::Alert) }{ i18n.t("form.summary_title") }</h3>
            <ul>
                for item in props.items.iter() {
                    <li key={item.field.to_string()}><a href={format!("#{}", item.field)} onclick={to_field(&item.field)}>{ &item.text }</a></li>
                }
            </ul>
        </div>
    }
}

/// Moves the focus itself: a fragment in the address would be a new page to the router.
fn to_field(field: &AttrValue) -> Callback<MouseEvent> {
    let field = field.clone();
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        browser::focus(&field);
    })
}
