//! What every page of the administration says alike: that it is somebody else's, that an act was refused, that it
//! is done, and which field is wrong.

use crate::api::ApiError;
use crate::components::{Banner, Tone};
use crate::i18n::I18n;
use crate::wording;
use motcua_openapi::problem::FieldError;
use yew::prelude::*;

/// The page of somebody who may not see it.
pub fn not_yours(i18n: &I18n, why: &'static str) -> Html {
    html! {
        <>
            <Banner tone={Tone::Warning}><p>{ i18n.t(why) }</p></Banner>
            <p><a class="button button-secondary" href="/">{ i18n.t("nav.to_desk") }</a></p>
        </>
    }
}

/// Why an act was refused; nothing where it was not, or where the fields say it.
pub fn refusal(i18n: &I18n, failed: Option<&ApiError>) -> Html {
    match failed.filter(|error| error.fields().is_empty()) {
        Some(error) => html! { <Banner tone={Tone::Danger}><p>{ wording::api_error(i18n, error) }</p></Banner> },
        None => Html::default(),
    }
}

/// That an act is done; nothing before.
pub fn done(text: Option<AttrValue>) -> Html {
    match text {
        Some(text) => html! { <Banner tone={Tone::Success}><p>{ text }</p></Banner> },
        None => Html::default(),
    }
}

/// What is wrong with a field: found here before it was sent, or by the server after.
pub fn wrong(i18n: &I18n, field: &str, here: &[FieldError], failed: Option<&ApiError>) -> Option<AttrValue> {
    let there = failed.map(ApiError::fields).unwrap_or_default();
    here.iter().chain(there).find(|error| error.field == field).map(|error| wording::field_error(i18n, error))
}

/// A callback that keeps what is typed.
pub fn typed(text: &UseStateHandle<String>) -> Callback<String> {
    let text = text.setter();
    Callback::from(move |typed| text.set(typed))
}
