//! An address that leads nowhere.

use yew::prelude::*;

use crate::components::{Page, to_the_list};
use crate::i18n::use_i18n;

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={i18n.t("not_found.title")}>
            <p>{ i18n.t("not_found.about") }</p>
            { to_the_list(&i18n) }
        </Page>
    }
}
