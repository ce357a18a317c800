//! Units and officers, for administrators, below `/people/`: a program of its own, so that neither half of the
//! administration costs who opens the other.

mod imports;
mod officers;
mod route;
mod unit_requests;
mod units;

use std::rc::Rc;

use motcua_frontend::administration::{Menu, asked_first};
use motcua_frontend::browser;
use motcua_frontend::i18n::{Words, speak};
use motcua_frontend::staff::{Elsewhere, NotFoundPage, Staff};
use motcua_openapi::sessions::Me;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::imports::ImportPage;
use crate::officers::{NewOfficerPage, OfficerPage, OfficersPage};
use crate::route::Route;
use crate::unit_requests::UnitRequestsPage;
use crate::units::UnitsPage;

const WORDS: Words = Words {
    vi: include_str!("../../translations/people/vi.json"),
    en: include_str!("../../translations/people/en.json"),
};

fn main() {
    speak(WORDS);
    browser::mount::<People>("app");
}

#[component]
fn People() -> Html {
    html! {
        <Staff home="/people/" menu={html! { <Menu /> }} first={Callback::from(first)}>
            <Switch<Route> render={page} />
        </Staff>
    }
}

/// Passwords and second factors are the other program's pages.
fn first(me: Rc<Me>) -> Option<Html> {
    asked_first(&me).map(|_| html! { <Elsewhere to="/admin/me" /> })
}

fn page(route: Route) -> Html {
    match route {
        Route::Home | Route::Units => html! { <UnitsPage /> },
        Route::Officers => html! { <OfficersPage /> },
        Route::NewOfficer => html! { <NewOfficerPage /> },
        Route::Officer { id } => html! { <OfficerPage {id} /> },
        Route::Import => html! { <ImportPage id={None::<Uuid>} /> },
        Route::ImportOne { id } => html! { <ImportPage {id} /> },
        Route::UnitRequests => html! { <UnitRequestsPage /> },
        Route::NotFound => html! { <NotFoundPage /> },
    }
}
