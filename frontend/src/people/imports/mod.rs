//! Officers from a list: uploaded, checked, looked at, applied as a whole; and the list that there is, to take along.

mod checked;
mod export;
mod preview;
mod upload;

use motcua_frontend::administration::said::not_yours;
use motcua_frontend::components::{Crumb, Page};
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::staff::{is_administrator, use_workplace};
use uuid::Uuid;
use yew::prelude::*;

use self::checked::Checked;
use self::export::Export;
use self::upload::Upload;
use crate::route::Route;

/// What [`ImportPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct ImportPageProps {
    /// The list that was uploaded; `None` before one is.
    pub id: Option<Uuid>,
}

/// The page.
#[component]
pub(crate) fn ImportPage(props: &ImportPageProps) -> Html {
    let (i18n, me) = (use_i18n(), use_workplace().me);
    let crumbs = vec![Crumb::to(i18n.t("officers.title"), &Route::Officers)];
    html! {
        <Page title={i18n.t("import.title")} {crumbs}>
            if !is_administrator(&me) {
                { not_yours(&i18n, "officers.no_permission") }
            } else if let Some(id) = props.id {
                <Checked {id} />
            } else {
                <div class="sheet">
                    <Upload />
                    <Export />
                </div>
            }
        </Page>
    }
}
