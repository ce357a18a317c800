//! The addresses of units and officers. Nothing personal stands in one: ids only.

use uuid::Uuid;
use yew_router::prelude::*;

/// The addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// Where it begins: the units.
    #[at("/people/")]
    Home,
    /// The units.
    #[at("/people/units")]
    Units,
    /// The officers.
    #[at("/people/officers")]
    Officers,
    /// Authorising one.
    #[at("/people/officers/new")]
    NewOfficer,
    /// An officer.
    #[at("/people/officers/:id")]
    Officer {
        /// Who.
        id: Uuid,
    },
    /// Uploading a list of officers.
    #[at("/people/import")]
    Import,
    /// A list that was uploaded.
    #[at("/people/import/:id")]
    ImportOne {
        /// Which.
        id: Uuid,
    },
    /// Requests for units.
    #[at("/people/unit-requests")]
    UnitRequests,
    /// Everything else.
    #[not_found]
    #[at("/people/not-found")]
    NotFound,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_officer_is_not_taken_for_an_id() {
        assert_eq!(Route::recognize("/people"), Some(Route::Home));
        assert_eq!(Route::recognize("/people/officers/new"), Some(Route::NewOfficer));
        let id = Uuid::nil();
        assert_eq!(Route::recognize(&Route::Officer { id }.to_path()), Some(Route::Officer { id }));
        assert_eq!(Route::recognize("/people/officers/12"), Some(Route::NotFound));
    }
}
