//! The cookie that carries a refresh token: for its own kind's operations only, and out of scripts' reach.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use super::lasting;
use super::model::Kind;
use crate::app::Services;

impl Kind {
    fn cookie(self) -> &'static str {
        match self {
            Self::Officer => "motcua_refresh",
            Self::Citizen => "motcua_citizen_refresh",
        }
    }

    fn cookie_path(self) -> &'static str {
        match self {
            Self::Officer => "/api/v1/sessions",
            Self::Citizen => "/api/v1/citizen/sessions",
        }
    }
}

/// The refresh token that came with a request.
pub fn presented(request: &HttpRequest, kind: Kind) -> Option<String> {
    request.cookie(kind.cookie()).map(|cookie| cookie.value().to_owned())
}

/// The cookie that sets a refresh token.
pub fn carrying(services: &Services, kind: Kind, refresh: String) -> Cookie<'static> {
    Cookie::build(kind.cookie(), refresh)
        .path(kind.cookie_path())
        .http_only(true)
        .secure(services.settings.server.secure_cookies)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(lasting::valid(services, kind).num_seconds()))
        .finish()
}

/// The cookie that takes it back.
pub fn taken_back(services: &Services, kind: Kind) -> Cookie<'static> {
    let mut gone = carrying(services, kind, String::new());
    gone.make_removal();
    gone
}
