//! The page's addresses. Nothing personal stands in one: ids only.

use uuid::Uuid;
use yew_router::prelude::*;

/// The page's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// Screen 1, the list.
    #[at("/")]
    Accounts,
    /// Screen 2, empty, over the list.
    #[at("/registrations/new")]
    NewRegistration,
    /// Screen 2 on a draft, over the list.
    #[at("/registrations/:id")]
    Registration {
        /// The draft.
        id: Uuid,
    },
    /// What the citizen gets, after the creation.
    #[at("/accounts/:id/created")]
    Created {
        /// The account.
        id: Uuid,
    },
    /// An account in full.
    #[at("/accounts/:id")]
    Account {
        /// The account.
        id: Uuid,
    },
    /// Everything else.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_registration_is_not_taken_for_an_id() {
        assert_eq!(Route::recognize("/registrations/new"), Some(Route::NewRegistration));
        let id = Uuid::nil();
        let path = Route::Registration { id }.to_path();
        assert_eq!(Route::recognize(&path), Some(Route::Registration { id }));
        assert_eq!(Route::recognize("/registrations/12"), Some(Route::NotFound));
    }
}
