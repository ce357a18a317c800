//! What every page begins with: its language, the rules of the place, and whether the server can be reached.
//!
//! Owns reading the rules before anything is drawn. Refuses to know who is signed in.

use std::rc::Rc;

use gloo_events::EventListener;
use motcua_openapi::desk::Desk;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api::{Api, ApiError, Sessions};
use crate::browser;
use crate::clock::{self, ServerClock};
use crate::components::remote_view;
use crate::hooks::{use_remote, use_timeout};
use crate::i18n::LanguageProvider;

/// While the server cannot be reached, how often to see whether it is back.
const KNOCK_MILLIS: u32 = 4_000;

/// What a page knows before anybody signs in.
#[derive(Clone, PartialEq)]
pub struct Opened {
    /// The API.
    pub api: Api,
    /// The rules of this place.
    pub desk: Rc<Desk>,
    /// The server's clock.
    pub clock: ServerClock,
}

/// What an [`Opening`] takes.
#[derive(Properties, PartialEq)]
pub struct OpeningProps {
    /// Whose page this is.
    pub sessions: Sessions,
    /// The page.
    pub children: Html,
}

/// Gives a language, the rules and the API to everything below it.
#[component]
pub fn Opening(props: &OpeningProps) -> Html {
    html! { <LanguageProvider><Rules sessions={props.sessions}>{ props.children.clone() }</Rules></LanguageProvider> }
}

/// Reads the rules, without which no page can be drawn, and the server's clock with them.
#[component]
fn Rules(props: &OpeningProps) -> Html {
    let api = (*use_memo(props.sessions, |sessions| Api::new(*sessions))).clone();
    let handle = use_remote((), move |()| {
        let api = api.clone();
        async move { open(api).await }
    });
    remote_view(&handle, |opened| {
        html! { <ContextProvider<Opened> context={(**opened).clone()}>{ props.children.clone() }</ContextProvider<Opened>> }
    })
}

async fn open(api: Api) -> Result<Opened, ApiError> {
    let desk = api.desk().await?;
    let clock = ServerClock::learn(desk.now, clock::local_millis());
    api.keep_time_by(clock);
    Ok(Opened { api, desk: Rc::new(desk), clock })
}

/// The rules, the clock and the API. Only below an [`Opening`], where there always are.
#[hook]
#[expect(clippy::expect_used, reason = "a page outside an opening is a mistake of its program, not of its reader")]
pub fn use_opened() -> Opened {
    use_context::<Opened>().expect("the page stands below its opening")
}

/// Whether the server cannot be reached: told by every call, by the browser, and while it is so by
/// knocking until it is back.
#[hook]
pub fn use_offline(api: &Api) -> bool {
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
