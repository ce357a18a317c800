//! The addresses of the administration. Nothing personal stands in one: ids only.

use yew_router::prelude::*;

/// The addresses of the administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// Where it begins: what an administrator looks at in the morning.
    #[at("/admin/")]
    Home,
    /// One's own account.
    #[at("/admin/me")]
    Me,
    /// How the text messages fare.
    #[at("/admin/messages")]
    Messages,
    /// What citizens have asked for about their data.
    #[at("/admin/data-requests")]
    DataRequests,
    /// What happened, for auditors.
    #[at("/admin/audit")]
    Audit,
    /// Everything else.
    #[not_found]
    #[at("/admin/not-found")]
    NotFound,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_and_without_the_last_stroke() {
        assert_eq!(Route::recognize("/admin"), Some(Route::Home));
        assert_eq!(Route::recognize("/admin/"), Some(Route::Home));
        assert_eq!(Route::recognize("/admin/messages"), Some(Route::Messages));
        assert_eq!(Route::recognize("/admin/absent"), Some(Route::NotFound));
    }
}
