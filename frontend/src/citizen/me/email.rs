//! Another e-mail address, or none.

use motcua_openapi::citizens::ChangeEmail;
use yew::prelude::*;

use motcua_frontend::components::{Button, ButtonKind, TextField};
use motcua_frontend::i18n::use_i18n;

use super::Done;
use crate::attempt::{typed, use_attempt};
use crate::frame::Page;
use crate::session::use_visit;

/// The page of the e-mail address.
#[component]
pub(crate) fn EmailPage() -> Html {
    let (i18n, visit) = (use_i18n(), use_visit());
    let email = use_state(|| visit.me.email.as_ref().map_or_else(String::new, |email| email.as_str().to_owned()));
    let (done, attempt) = (use_state(|| false), use_attempt());
    let onsubmit = {
        let (attempt, doors, email, done) = (attempt.clone(), visit.doors.clone(), email.clone(), done.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let request = ChangeEmail { email: (*email).clone() };
            let api = doors.api().clone();
            let act = request.parse().map(|_| async move { api.change_email(&request).await });
            let (doors, done) = (doors.clone(), done.clone());
            attempt.send(act, move |result| {
                if result.is_ok() {
                    done.set(true);
                    doors.look();
                }
            });
        })
    };
    html! {
        <Page title={i18n.t("email.title")}>
            if *done {
                <Done text={i18n.t("email.done")} />
            } else {
                <form class="narrow" novalidate=true {onsubmit}>
                    { attempt.banner(&i18n) }
                    <TextField
                        id="email" label={i18n.t("citizen.email")} hint={i18n.t("email.hint")} kind="email"
                        autocomplete="email" value={AttrValue::from(email.to_string())}
                        error={attempt.error(&i18n, "email")} on_type={typed(&email)}
                    />
                    <Button submit=true kind={ButtonKind::Primary} label={i18n.t("me.save")} busy={attempt.is_busy()} />
                </form>
            }
        </Page>
    }
}
