//! Another password.

use yew::prelude::*;

use motcua_frontend::i18n::use_i18n;

use super::Done;
use crate::frame::Page;
use crate::new_password::ChangePasswordForm;
use crate::session::use_visit;

/// The page of the password.
#[component]
pub(crate) fn PasswordPage() -> Html {
    let (i18n, doors) = (use_i18n(), use_visit().doors);
    let done = use_state(|| false);
    let on_change = {
        let (done, doors) = (done.setter(), doors.clone());
        Callback::from(move |()| {
            done.set(true);
            doors.look();
        })
    };
    html! {
        <Page title={i18n.t("password.title")}>
            if *done {
                <Done text={i18n.t("password.done")} />
            } else {
                <ChangePasswordForm {doors} current_label={i18n.t("password.current")} {on_change} />
            }
        </Page>
    }
}
