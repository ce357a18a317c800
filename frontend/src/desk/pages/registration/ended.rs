//! A registration that has come to its end: by an account, given up, or left for too long.

use motcua_openapi::registrations::RegistrationState;
use yew::prelude::*;
use yew_router::prelude::*;

use super::work::Work;
use crate::route::Route;
use motcua_frontend::components::{BackHome, Banner, Tone};
use motcua_frontend::i18n::I18n;

/// How it ended, and where to go from here.
pub(crate) fn ended(i18n: &I18n, work: &Work) -> Html {
    let Some(saved) = work.screen.saved.as_ref() else { return Html::default() };
    let (tone, key) = match saved.state {
        RegistrationState::Completed => (Tone::Success, "ended.completed"),
        RegistrationState::Cancelled => (Tone::Info, "ended.cancelled"),
        RegistrationState::Expired => (Tone::Warning, "ended.expired"),
        RegistrationState::Draft | RegistrationState::PhoneVerified => return Html::default(),
    };
    html! {
        <div class="form-body form-ended">
            <Banner {tone}><p>{ i18n.t(key) }</p></Banner>
            <div class="act-row">
                if let Some(id) = saved.account_id {
                    <Link<Route> to={Route::Created { id }} classes="button button-secondary">{ i18n.t("ended.to_account") }</Link<Route>>
                }
                <BackHome />
            </div>
        </div>
    }
}
