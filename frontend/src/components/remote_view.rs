//! Loading, failed, ready: the three faces of anything that the server has, drawn in one place.

use std::rc::Rc;

use motcua_openapi::problem::ProblemCode;
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

use super::{Banner, Button, IconName, Tone};
use crate::api::ApiError;
use crate::hooks::{Remote, RemoteHandle};
use crate::i18n::use_i18n;
use crate::staff::Workplace;
use crate::wording;

/// Draws a value of the server's by `ready`, or that it is on its way, or why it did not come.
pub fn remote_view<T: PartialEq>(handle: &RemoteHandle<T>, ready: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match &handle.remote {
        Remote::Ready(value) => ready(value),
        Remote::Loading => html! { <Loading /> },
        Remote::Failed(error) => html! { <Failed error={error.clone()} on_retry={handle.reload.clone()} /> },
    }
}

#[component]
fn Loading() -> Html {
    let i18n = use_i18n();
    html! { <p class="loading" role="status"><span class="spinner" aria-hidden="true" />{ i18n.t("app.loading") }</p> }
}

#[derive(Properties, PartialEq)]
struct FailedProps {
    error: ApiError,
    on_retry: Callback<()>,
}

#[component]
fn Failed(props: &FailedProps) -> Html {
    let i18n = use_i18n();
    // Trying again finds no more than before: no such thing for this officer.
    let is_final = props.error.is(ProblemCode::NotFound) || props.error.is(ProblemCode::Forbidden);
    html! {
        <Banner tone={Tone::Danger} icon={(props.error == ApiError::Unreachable).then_some(IconName::Offline)}>
            <p>{ wording::api_error(&i18n, &props.error) }</p>
            if is_final {
                <BackHome />
            } else {
                <Button label={i18n.t("app.retry")} on_press={props.on_retry.clone()} />
            }
        </Banner>
    }
}

/// The way back to where the program's pages begin, where there is nothing to do on a page.
#[component]
pub fn BackHome() -> Html {
    let i18n = use_i18n();
    let home = use_context::<Workplace>().map(|workplace| AnyRoute::new(workplace.home));
    html! {
        if let Some(to) = home {
            <Link<AnyRoute> {to} classes="button button-secondary">{ i18n.t("form.back_to_list") }</Link<AnyRoute>>
        }
    }
}
