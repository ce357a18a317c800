//! The citizen's pages, below `/citizen/`: signing in, a forgotten password, and what is held about the citizen.

mod attempt;
mod captcha;
mod forgotten;
mod frame;
mod me;
mod new_password;
mod route;
mod session;
mod sign_in;

use motcua_frontend::api::Sessions;
use motcua_frontend::browser;
use motcua_frontend::i18n::{Words, speak};
use motcua_frontend::opening::Opening;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::forgotten::ForgottenPage;
use crate::frame::{Frame, NotFoundPage};
use crate::me::{EmailPage, MePage, PasswordPage, PhonePage, RequestPage};
use crate::new_password::FirstPasswordPage;
use crate::route::Route;
use crate::session::{Session, Visit, use_session};
use crate::sign_in::SignInPage;

const WORDS: Words = Words {
    vi: include_str!("../../translations/citizen/vi.json"),
    en: include_str!("../../translations/citizen/en.json"),
};

fn main() {
    speak(WORDS);
    browser::mount::<Citizen>("app");
}

#[component]
fn Citizen() -> Html {
    html! { <Opening sessions={Sessions::OfCitizens}><BrowserRouter><Signed /></BrowserRouter></Opening> }
}

/// Shows the pages of whoever is there: somebody to sign in, somebody to choose a password, a citizen.
#[component]
fn Signed() -> Html {
    let (session, doors) = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let page = match (session, route) {
        (Session::Starting, _) => Html::default(),
        (_, Route::NotFound) => html! { <NotFoundPage /> },
        (_, Route::Forgotten) => html! { <ForgottenPage doors={doors.clone()} /> },
        (Session::SignedOut { was_ended }, _) => html! { <SignInPage doors={doors.clone()} {was_ended} /> },
        (Session::MustChoosePassword, _) => html! { <FirstPasswordPage doors={doors.clone()} /> },
        (Session::SignedIn(me), route) => {
            let name = me.full_name.to_string();
            return html! {
                <ContextProvider<Visit> context={Visit { me, doors: doors.clone() }}>
                    <Frame name={Some(AttrValue::from(name))} {doors}>{ own_page(route) }</Frame>
                </ContextProvider<Visit>>
            };
        }
    };
    html! { <Frame name={None::<AttrValue>} {doors}>{ page }</Frame> }
}

fn own_page(route: Route) -> Html {
    match route {
        Route::Me => html! { <MePage /> },
        Route::Password => html! { <PasswordPage /> },
        Route::Email => html! { <EmailPage /> },
        Route::Phone => html! { <PhonePage /> },
        Route::Request => html! { <RequestPage /> },
        Route::Forgotten | Route::NotFound => html! { <NotFoundPage /> },
    }
}
