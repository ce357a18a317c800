//! The addresses of the citizen's pages. Nothing personal stands in one.

use yew_router::prelude::*;

/// The addresses of the citizen's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// What is held about the citizen; before that, the sign-in.
    #[at("/citizen/")]
    Me,
    /// **Quên mật khẩu**
    #[at("/citizen/forgotten-password")]
    Forgotten,
    /// Another password.
    #[at("/citizen/password")]
    Password,
    /// Another e-mail address.
    #[at("/citizen/email")]
    Email,
    /// Another phone.
    #[at("/citizen/phone")]
    Phone,
    /// A request about the data.
    #[at("/citizen/request")]
    Request,
    /// Everything else.
    #[not_found]
    #[at("/citizen/not-found")]
    NotFound,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_with_and_without_the_last_stroke() {
        assert_eq!(Route::recognize("/citizen"), Some(Route::Me));
        assert_eq!(Route::recognize("/citizen/"), Some(Route::Me));
        assert_eq!(Route::recognize("/citizen/forgotten-password"), Some(Route::Forgotten));
        assert_eq!(Route::recognize("/citizen/absent"), Some(Route::NotFound));
    }
}
