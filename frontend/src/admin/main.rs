//! The pages of administrators and auditors, below `/admin/`.

mod messages;
mod route;

use motcua_frontend::browser;
use motcua_frontend::components::{menu_item, menu_way_out};
use motcua_frontend::i18n::{Words, speak, use_i18n};
use motcua_frontend::staff::{NotFoundPage, Staff};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::messages::MessagesPage;
use crate::route::Route;

const WORDS: Words = Words {
    vi: include_str!("../../translations/admin/vi.json"),
    en: include_str!("../../translations/admin/en.json"),
};

fn main() {
    speak(WORDS);
    browser::mount::<Administration>("app");
}

#[component]
fn Administration() -> Html {
    html! { <Staff home="/admin/" menu={html! { <Menu /> }}><Switch<Route> render={page} /></Staff> }
}

#[component]
fn Menu() -> Html {
    let i18n = use_i18n();
    let here = use_route::<Route>();
    let is_messages = matches!(here, Some(Route::Home | Route::Messages));
    html! {
        <>
            { menu_item(i18n.t("nav.messages"), Route::Messages, is_messages) }
            { menu_way_out(i18n.t("nav.to_desk"), "/") }
        </>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Home | Route::Messages => html! { <MessagesPage /> },
        Route::NotFound => html! { <NotFoundPage /> },
    }
}
