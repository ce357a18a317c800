//! The officer's desk at `/`: looking a number up, the registration, the list of accounts.

mod pages;
mod route;

use std::rc::Rc;

use motcua_frontend::browser;
use motcua_frontend::components::{menu_item, menu_way_out};
use motcua_frontend::i18n::{Words, speak, use_i18n};
use motcua_frontend::staff::{Elsewhere, NotFoundPage, Staff, has_role, is_administrator, use_workplace};
use motcua_openapi::sessions::{Me, Role};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::pages::account::AccountPage;
use crate::pages::accounts::{AccountsPage, Over};
use crate::pages::created::CreatedPage;
use crate::route::Route;

const WORDS: Words =
    Words { vi: include_str!("../../translations/desk/vi.json"), en: include_str!("../../translations/desk/en.json") };

fn main() {
    speak(WORDS);
    browser::mount::<Desk>("app");
}

#[component]
fn Desk() -> Html {
    html! {
        <Staff home="/" menu={html! { <Menu /> }} first={Callback::from(first)}><Switch<Route> render={page} /></Staff>
    }
}

/// Passwords and second factors are the administration's pages, and an auditor has no desk.
fn first(me: Rc<Me>) -> Option<Html> {
    let is_elsewhere = me.password_change_needed || me.second_factor_needed || !has_role(&me, Role::Officer);
    is_elsewhere.then(|| html! { <Elsewhere to="/admin/" /> })
}

#[component]
fn Menu() -> Html {
    let i18n = use_i18n();
    let me = use_workplace().me;
    html! {
        <>
            { menu_item(i18n.t("nav.create_account"), Route::Accounts, true) }
            if is_administrator(&me) {
                { menu_way_out(i18n.t("nav.to_administration"), "/admin/") }
            }
        </>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Accounts => html! { <AccountsPage over={Over::Nothing} /> },
        Route::NewRegistration => html! { <AccountsPage over={Over::Registration(None)} /> },
        Route::Registration { id } => html! { <AccountsPage over={Over::Registration(Some(id))} /> },
        Route::Account { id } => html! { <AccountPage {id} /> },
        Route::Created { id } => html! { <CreatedPage {id} /> },
        Route::NotFound => html! { <NotFoundPage /> },
    }
}
