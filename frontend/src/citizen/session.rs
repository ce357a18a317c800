//! Who is signed in at the citizen's pages, as far as they know, and the ways from one state to another.
//!
//! Refuses tokens (`api::client` keeps them, in memory only).

use std::rc::Rc;

use motcua_openapi::citizens::CitizenMe;
use motcua_openapi::problem::ProblemCode;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use motcua_frontend::api::{Api, ApiError, FirstThing};
use motcua_frontend::opening::use_opened;

/// Where the session stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Session {
    /// Asking the server whether the cookie of an earlier visit still works.
    Starting,
    /// Nobody is signed in.
    SignedOut {
        /// Whether somebody was, whose session has ended.
        was_ended: bool,
    },
    /// Signed in by the password that was texted: before anything else, an own one.
    MustChoosePassword,
    /// A citizen is signed in; what is held about them.
    SignedIn(Rc<CitizenMe>),
}

/// What can happen to a session.
#[derive(Debug)]
pub(crate) enum Event {
    /// The server said who is signed in, or who no longer is.
    Answered(Result<Rc<CitizenMe>, ApiError>),
    /// Signed in by a texted password.
    TextedPassword,
    /// A call was refused and the session cannot be renewed.
    Ended,
    /// The citizen left, or there was nobody.
    Left,
}

impl Reducible for Session {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        match event {
            Event::Answered(Ok(me)) => Rc::new(Self::SignedIn(me)),
            Event::Answered(Err(error)) if error.is(ProblemCode::PasswordChangeNeeded) => {
                Rc::new(Self::MustChoosePassword)
            }
            // What is known stays where only the line is lost.
            Event::Answered(Err(error)) if error.may_pass() && matches!(*self, Self::SignedIn(_)) => self,
            Event::Answered(Err(_)) | Event::Left => Rc::new(Self::SignedOut { was_ended: false }),
            Event::TextedPassword => Rc::new(Self::MustChoosePassword),
            Event::Ended => {
                let was_ended = matches!(&*self, Self::SignedIn(_) | Self::MustChoosePassword);
                Rc::new(Self::SignedOut { was_ended })
            }
        }
    }
}

/// The ways in and out.
#[derive(Clone, PartialEq)]
pub(crate) struct Doors {
    api: Api,
    session: UseReducerDispatcher<Session>,
}

impl Doors {
    /// The API.
    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// Goes in after a sign-in.
    pub(crate) fn enter(&self, first: FirstThing) {
        match first {
            FirstThing::ChoosePassword => self.session.dispatch(Event::TextedPassword),
            FirstThing::Nothing => self.look(),
        }
    }

    /// Asks the server again what is held.
    pub(crate) fn look(&self) {
        let doors = self.clone();
        spawn_local(async move {
            let me = doors.api.citizen().await.map(Rc::new);
            doors.session.dispatch(Event::Answered(me));
        });
    }

    /// Goes out.
    pub(crate) fn leave(&self) {
        let doors = self.clone();
        spawn_local(async move {
            doors.api.sign_out().await;
            doors.session.dispatch(Event::Left);
        });
    }
}

/// What every page of a signed-in citizen works with.
#[derive(Clone, PartialEq)]
pub(crate) struct Visit {
    /// What is held.
    pub(crate) me: Rc<CitizenMe>,
    /// The ways out, and to look again.
    pub(crate) doors: Doors,
}

/// The visit of the page's citizen. Only below the sign-in, where there always is one.
#[hook]
#[expect(clippy::expect_used, reason = "a page outside a visit is a mistake of its program, not of the citizen")]
pub(crate) fn use_visit() -> Visit {
    use_context::<Visit>().expect("the page stands below the sign-in")
}

/// The session: taken up from an earlier visit's cookie where that still works.
#[hook]
pub(crate) fn use_session() -> (Session, Doors) {
    let api = use_opened().api;
    let session = use_reducer(|| Session::Starting);
    let doors = Doors { api, session: session.dispatcher() };
    use_effect_with((), {
        let doors = doors.clone();
        move |()| {
            let Doors { api, session } = doors.clone();
            api.on_session_end(Callback::from({
                let api = api.clone();
                move |()| {
                    api.forget_session();
                    session.dispatch(Event::Ended);
                }
            }));
            spawn_local(async move {
                match api.renew().await {
                    Ok(()) => doors.look(),
                    Err(_) => doors.session.dispatch(Event::Left),
                }
            });
        }
    });
    ((*session).clone(), doors)
}

#[cfg(test)]
mod tests {
    use motcua_openapi::problem::Problem;

    use super::*;

    fn after(start: Session, event: Event) -> Session {
        (*Rc::new(start).reduce(event)).clone()
    }

    fn refused(code: ProblemCode) -> Event {
        Event::Answered(Err(ApiError::Refused(Box::new(Problem::new(code, "")))))
    }

    #[test]
    fn whoever_comes_with_a_texted_password_chooses_one_first() {
        assert_eq!(after(Session::Starting, refused(ProblemCode::PasswordChangeNeeded)), Session::MustChoosePassword);
        assert_eq!(after(Session::Starting, Event::TextedPassword), Session::MustChoosePassword);
    }

    #[test]
    fn an_end_is_said_to_those_who_were_in_and_to_nobody_else() {
        let out = |was_ended| Session::SignedOut { was_ended };
        assert_eq!(after(Session::MustChoosePassword, Event::Ended), out(true));
        assert_eq!(after(Session::Starting, Event::Ended), out(false));
        assert_eq!(after(Session::MustChoosePassword, Event::Left), out(false));
        assert_eq!(after(Session::Starting, refused(ProblemCode::Unauthenticated)), out(false));
    }
}
