//! An address that leads nowhere.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Page;
use crate::i18n::use_i18n;
use crate::route::Route;

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={i18n.t("not_found.title")}>
            <p>{ i18n.t("not_found.about") }</p>
            <Link<Route> to={Route::Accounts} classes="button button-secondary">{ i18n.t("form.back_to_list") }</Link<Route>>
        </Page>
    }
}
