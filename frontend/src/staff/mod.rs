//! What the pages of officers, administrators and auditors share: the session, signing in, the frame.
//!
//! Owns who is signed in and what every page below the sign-in works with. Refuses to know which pages there are.

mod elsewhere;
mod not_found;
mod session;
mod sign_in;

use std::rc::Rc;

use motcua_openapi::sessions::Me;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use self::session::{Session, SessionAction};
use self::sign_in::{SignInDialog, SignInPage, SignInProps};
use crate::api::{Api, Sessions};
use crate::components::{Shell, TitleBar};
use crate::opening::{Opened, Opening, use_offline, use_opened};

pub use elsewhere::Elsewhere;
pub use not_found::NotFoundPage;
pub use session::{Workplace, has_role, is_administrator, use_workplace};

/// What [`Staff`] takes.
#[derive(Properties, PartialEq, Clone)]
pub struct StaffProps {
    /// Where this program's pages begin: `/` or `/admin/`.
    pub home: &'static str,
    /// The items of its menu.
    pub menu: Html,
    /// What stands in place of its pages for somebody who has something else to do first, or belongs elsewhere.
    pub first: Callback<Rc<Me>, Option<Html>>,
    /// Its pages.
    pub children: Html,
}

/// A program for officers, administrators or auditors: the sign-in, and below it the pages.
#[component]
pub fn Staff(props: &StaffProps) -> Html {
    html! { <Opening sessions={Sessions::OfStaff}><Signed ..props.clone() /></Opening> }
}

/// Shows the sign-in or the pages.
#[component]
fn Signed(props: &StaffProps) -> Html {
    let Opened { api, desk, clock } = use_opened();
    let session = use_session(&api);
    let offline = use_offline(&api);
    let admit = {
        let session = session.dispatcher();
        Callback::from(move |me: Me| session.dispatch(SessionAction::Admit(Rc::new(me))))
    };
    let leave = {
        let (session, api) = (session.dispatcher(), api.clone());
        Callback::from(move |()| {
            let (session, api) = (session.clone(), api.clone());
            spawn_local(async move {
                api.sign_out().await;
                session.dispatch(SessionAction::Leave);
            });
        })
    };
    let sign_in = |username: &str| SignInProps {
        api: api.clone(),
        username: username.to_owned().into(),
        on_admit: admit.clone(),
    };
    let title = [desk.portal_name.clone(), desk.portal_motto.clone()].map(AttrValue::from);
    let [name, motto] = title;
    let Some(me) = session.me().cloned() else {
        return html! {
            <div class="shell">
                <TitleBar {name} {motto} demo={desk.demo} />
                if *session == Session::SignedOut {
                    <SignInPage ..sign_in("") />
                }
            </div>
        };
    };
    let demo = desk.demo;
    let pages = props.first.emit(Rc::clone(&me)).unwrap_or_else(|| props.children.clone());
    let home = props.home;
    let workplace =
        Workplace { api: api.clone(), me: Rc::clone(&me), desk, clock, offline, home, on_me: admit.clone() };
    // Keyed by the officer: where another one signs in, nothing of the first one's stays.
    html! {
        <ContextProvider<Workplace> key={me.id.to_string()} context={workplace}>
            <BrowserRouter>
                <Shell
                    {name} {motto} {demo} officer={me.full_name.clone()} menu={props.menu.clone()}
                    {offline} on_sign_out={leave.clone()}
                >
                    { pages }
                </Shell>
                if matches!(&*session, Session::Ended(_)) {
                    <SignInDialog sign_in={sign_in(&me.username)} on_leave={leave} />
                }
            </BrowserRouter>
        </ContextProvider<Workplace>>
    }
}

/// The session: taken up from an earlier visit's cookie where that still works.
#[hook]
fn use_session(api: &Api) -> UseReducerHandle<Session> {
    let session = use_reducer(|| Session::Starting);
    let dispatch = session.dispatcher();
    use_effect_with(api.clone(), move |api| {
        let on_end = dispatch.clone();
        api.on_session_end(Callback::from(move |()| on_end.dispatch(SessionAction::End)));
        let api = api.clone();
        spawn_local(async move {
            let me = match api.renew().await {
                Ok(()) => api.me().await,
                Err(error) => Err(error),
            };
            dispatch.dispatch(me.map_or(SessionAction::Leave, |me| SessionAction::Admit(Rc::new(me))));
        });
    });
    session
}
