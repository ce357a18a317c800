//! The page as a whole: the desk's rules, the session, the frame, and which page an address shows.

use std::rc::Rc;

use gloo_events::EventListener;
use motcua_openapi::desk::Desk;
use motcua_openapi::sessions::Me;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::{Api, ApiError};
use crate::browser;
use crate::clock::{self, ServerClock};
use crate::components::{Shell, TitleBar, remote_view};
use crate::hooks::{use_remote, use_timeout};
use crate::i18n::LanguageProvider;
use crate::pages::account::AccountPage;
use crate::pages::accounts::{AccountsPage, Over};
use crate::pages::created::CreatedPage;
use crate::pages::messages::MessagesPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::sign_in::{SignInDialog, SignInPage, SignInProps};
use crate::route::Route;
use crate::session::{self, Session, SessionAction, Workplace};

/// While the server cannot be reached, how often to see whether it is back.
const KNOCK_MILLIS: u32 = 4_000;

/// The page.
#[component]
pub(crate) fn App() -> Html {
    html! { <LanguageProvider><Opening /></LanguageProvider> }
}

/// The desk's rules, read once, and the server's clock with them.
#[derive(Clone, PartialEq)]
struct Rules {
    desk: Rc<Desk>,
    clock: ServerClock,
}

/// Reads the desk's rules, without which no page can be drawn.
#[component]
fn Opening() -> Html {
    let api = (*use_memo((), |()| Api::new())).clone();
    let handle = use_remote((), {
        let api = api.clone();
        move |()| {
            let api = api.clone();
            async move { rules(&api).await }
        }
    });
    remote_view(&handle, |rules| html! { <Signed {api} rules={Rc::clone(rules)} /> })
}

async fn rules(api: &Api) -> Result<Rules, ApiError> {
    let desk = api.desk().await?;
    let clock = ServerClock::learn(desk.now, clock::local_millis());
    api.keep_time_by(clock);
    Ok(Rules { desk: Rc::new(desk), clock })
}

#[derive(Properties, PartialEq)]
struct SignedProps {
    api: Api,
    rules: Rc<Rules>,
}

/// Shows the sign-in or the officer's pages.
#[component]
fn Signed(props: &SignedProps) -> Html {
    let (api, Rules { desk, clock }) = (&props.api, &*props.rules);
    let session = use_session(api);
    let offline = use_offline(api);
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
    let workplace = Workplace { api: api.clone(), me: Rc::clone(&me), desk: Rc::clone(desk), clock: *clock, offline };
    // Keyed by the officer: where another one signs in, nothing of the first one's stays.
    html! {
        <ContextProvider<Workplace> key={me.id.to_string()} context={workplace}>
            <BrowserRouter>
                <Shell
                    {name} {motto} demo={desk.demo} officer={me.full_name.clone()}
                    is_administrator={session::is_administrator(&me)} {offline} on_sign_out={leave.clone()}
                >
                    <Switch<Route> render={page} />
                </Shell>
                if matches!(&*session, Session::Ended(_)) {
                    <SignInDialog sign_in={sign_in(&me.username)} on_leave={leave} />
                }
            </BrowserRouter>
        </ContextProvider<Workplace>>
    }
}

fn page(route: Route) -> Html {
    match route {
        Route::Accounts => html! { <AccountsPage over={Over::Nothing} /> },
        Route::NewRegistration => html! { <AccountsPage over={Over::Registration(None)} /> },
        Route::Registration { id } => html! { <AccountsPage over={Over::Registration(Some(id))} /> },
        Route::Account { id } => html! { <AccountPage {id} /> },
        Route::Created { id } => html! { <CreatedPage {id} /> },
        Route::Messages => html! { <MessagesPage /> },
        Route::NotFound => html! { <NotFoundPage /> },
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

/// Whether the server cannot be reached: told by every call, by the browser, and while it is so by
/// knocking until it is back.
#[hook]
fn use_offline(api: &Api) -> bool {
    let offline = use_state_eq(|| !browser::is_online());
    let knocks = use_state(|| 0_u32);
    {
        let offline = offline.setter();
        use_effect_with(api.clone(), move |api| {
            api.on_reach(Callback::from(move |reached: bool| offline.set(!reached)));
        });
    }
    let knock = {
        let (api, knocks) = (api.clone(), knocks.clone());
        Callback::from(move |()| {
            let (api, knocks) = (api.clone(), knocks.clone());
            spawn_local(async move {
                // The client tells whether it was reached; what it answered does not matter.
                let _ = api.desk().await;
                knocks.set(*knocks + 1);
            });
        })
    };
    use_effect_with((), {
        let knock = knock.clone();
        move |()| {
            let listen = |event: &'static str| {
                let knock = knock.clone();
                web_sys::window().map(|window| EventListener::new(&window, event, move |_| knock.emit(())))
            };
            let listeners = ["online", "offline"].map(listen);
            move || drop(listeners)
        }
    });
    use_timeout(offline.then_some(KNOCK_MILLIS), *knocks, move || knock.emit(()));
    *offline
}
