//! What ties a request for a signature to the browser that asked: a secret in a cookie of its own.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::Request;
use crate::app::Services;

const COOKIE: &str = "motcua_mobile_signature";
const PATH: &str = "/api/v1/citizen/sessions/mobile-signatures";

/// The secret of a browser.
pub(super) struct Browser(String);

impl Browser {
    pub(super) fn draw(services: &Services) -> Self {
        Self(BASE64URL_NOPAD.encode(&services.random.bytes::<32>()))
    }

    /// That of the browser that sends this request.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        request.cookie(COOKIE).map(|cookie| Self(cookie.value().to_owned()))
    }

    pub(super) fn tag(&self, services: &Services, id: Uuid) -> Vec<u8> {
        services.vault.mac("mobile signature browser", &[id.as_bytes(), self.0.as_bytes()]).to_vec()
    }

    pub(super) fn is_of(&self, services: &Services, request: &Request) -> bool {
        self.tag(services, request.id).ct_eq(&request.browser).into()
    }

    /// The cookie that gives it to the browser.
    pub(super) fn cookie(self, services: &Services) -> Cookie<'static> {
        let seconds = i64::from(services.settings.citizens.mobile_signature.valid_seconds);
        Cookie::build(COOKIE, self.0)
            .path(PATH)
            .http_only(true)
            .secure(services.settings.server.secure_cookies)
            .same_site(SameSite::Strict)
            .max_age(Duration::seconds(seconds))
            .finish()
    }
}
