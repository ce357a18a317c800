//! The pages of administrators and auditors, below `/admin/`, and everybody's own account at `/admin/me`. Units and
//! officers are the program `people`.

mod audit;
mod dashboard;
mod data_requests;
mod drawing;
mod me;
mod messages;
mod route;

use std::rc::Rc;

use motcua_frontend::administration::{Menu, asked_first};
use motcua_frontend::browser;
use motcua_frontend::i18n::{Words, speak};
use motcua_frontend::staff::{NotFoundPage, Staff, has_role, is_administrator, use_workplace};
use motcua_openapi::sessions::{Me, Role};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::audit::AuditPage;
use crate::dashboard::DashboardPage;
use crate::data_requests::DataRequestsPage;
use crate::me::MePage;
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
    html! {
        <Staff home="/admin/" menu={html! { <Menu /> }} first={Callback::from(first)}>
            <Switch<Route> render={page} />
        </Staff>
    }
}

/// Who has a password or a second factor to see to sees nothing else before.
fn first(me: Rc<Me>) -> Option<Html> {
    asked_first(&me).map(|_| html! { <MePage /> })
}

fn page(route: Route) -> Html {
    match route {
        Route::Home => html! { <HomePage /> },
        Route::Me => html! { <MePage /> },
        Route::DataRequests => html! { <DataRequestsPage /> },
        Route::Audit => html! { <AuditPage /> },
        Route::Messages => html! { <MessagesPage /> },
        Route::NotFound => html! { <NotFoundPage /> },
    }
}

/// Where it begins: for each the page that is theirs.
#[component]
fn HomePage() -> Html {
    let me = use_workplace().me;
    if is_administrator(&me) {
        html! { <DashboardPage /> }
    } else if has_role(&me, Role::Auditor) {
        html! { <AuditPage /> }
    } else {
        html! { <MePage /> }
    }
}
