//! Who is signed in, as far as the page knows.
//!
//! Owns the four states of a session, the desk's rules and clock, and whether the server can be
//! reached. Refuses tokens (`api::client` keeps them, in memory only).

use std::rc::Rc;

use motcua_openapi::desk::Desk;
use motcua_openapi::sessions::{Me, Role};
use yew::prelude::*;

use crate::api::Api;
use crate::clock::ServerClock;

/// Where the session stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Asking the server whether the cookie of an earlier visit still works.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// An officer is signed in.
    SignedIn(Rc<Me>),
    /// The session has ended under the officer's hands: the page stays, a dialog over it asks to
    /// sign in again.
    Ended(Rc<Me>),
}

/// What can happen to a session.
pub enum SessionAction {
    /// The server said who is signed in.
    Admit(Rc<Me>),
    /// A call was refused and the session cannot be renewed.
    End,
    /// The officer left, or there was nobody.
    Leave,
}

impl Session {
    /// The officer whose page this is.
    pub fn me(&self) -> Option<&Rc<Me>> {
        match self {
            Self::SignedIn(me) | Self::Ended(me) => Some(me),
            Self::Starting | Self::SignedOut => None,
        }
    }
}

impl Reducible for Session {
    type Action = SessionAction;

    fn reduce(self: Rc<Self>, action: SessionAction) -> Rc<Self> {
        Rc::new(match action {
            SessionAction::Admit(me) => Self::SignedIn(me),
            SessionAction::Leave => Self::SignedOut,
            SessionAction::End => match &*self {
                Self::SignedIn(me) | Self::Ended(me) => Self::Ended(Rc::clone(me)),
                Self::Starting | Self::SignedOut => Self::SignedOut,
            },
        })
    }
}

/// Whether the pages of administrators are this officer's.
pub fn is_administrator(me: &Me) -> bool {
    has_role(me, Role::Administrator)
}

/// Whether somebody has this role.
pub fn has_role(me: &Me, role: Role) -> bool {
    me.roles.contains(&role)
}

/// What every page of a signed-in officer works with.
#[derive(Clone, PartialEq)]
pub struct Workplace {
    /// The API.
    pub api: Api,
    /// The officer.
    pub me: Rc<Me>,
    /// The rules of this place.
    pub desk: Rc<Desk>,
    /// The server's clock.
    pub clock: ServerClock,
    /// Whether the server cannot be reached at the moment.
    pub offline: bool,
    /// Where this program's pages begin: `/` or `/admin/`.
    pub home: &'static str,
    /// Tells the page what the server says anew of the officer.
    pub on_me: Callback<Me>,
}

/// The workplace of the page's officer. Only below the sign-in, where there always is one.
#[hook]
#[expect(clippy::expect_used, reason = "a page outside a workplace is a mistake of its program, not of the officer")]
pub fn use_workplace() -> Workplace {
    use_context::<Workplace>().expect("the page stands below the sign-in")
}

#[cfg(test)]
mod tests {
    use motcua_openapi::sessions::Helper;
    use uuid::Uuid;

    use super::*;

    fn me(username: &str) -> Me {
        Me {
            id: Uuid::nil(),
            username: username.into(),
            full_name: "Đặng Quang Minh".into(),
            phone: "0905 437 123".into(),
            roles: vec![],
            password_change_needed: false,
            second_factor_needed: false,
            units: vec![],
            unselectable_units: vec![],
            helper: Helper { name: String::new(), phone: String::new(), email: String::new() },
        }
    }

    fn after(actions: impl IntoIterator<Item = SessionAction>) -> Session {
        let start = Rc::new(Session::Starting);
        (*actions.into_iter().fold(start, Session::reduce)).clone()
    }

    #[test]
    fn an_ended_session_keeps_its_officer_until_somebody_signs_in_again() {
        let ended = after([SessionAction::Admit(Rc::new(me("minh"))), SessionAction::End, SessionAction::End]);
        assert_eq!(ended.me().map(|me| me.username.as_str()), Some("minh"));
        assert!(matches!(ended, Session::Ended(_)));
        let again = after([
            SessionAction::Admit(Rc::new(me("minh"))),
            SessionAction::End,
            SessionAction::Admit(Rc::new(me("ha"))),
        ]);
        assert!(matches!(again, Session::SignedIn(me) if me.username == "ha"));
    }

    #[test]
    fn a_session_that_never_began_ends_as_signed_out() {
        assert_eq!(after([SessionAction::End]), Session::SignedOut);
        assert_eq!(after([SessionAction::Admit(Rc::new(me("minh"))), SessionAction::Leave]), Session::SignedOut);
    }
}
