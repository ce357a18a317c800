//! An address that leads nowhere.

use yew::prelude::*;

use crate::components::{BackHome, Page};
use crate::i18n::use_i18n;

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={i18n.t("not_found.title")}>
            <p>{ i18n.t("not_found.about") }</p>
            <BackHome />
        </Page>
    }
}
