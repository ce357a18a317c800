//! **Usb ký số**: signing in by a client certificate that the proxy in front has verified.
//!
//! Owns what a certificate says of its owner and whose certificates are accepted. Believes the proxy's headers only
//! where there is a proxy, and never one that came twice. Refuses to verify a signature: the proxy has seen the key
//! used, and the chain.

mod model;
pub mod routes;

use motcua_openapi::values::IdNumber;

use super::error::Error;
use super::sign_in::{self, Granted};
use crate::accounts;
use crate::app::Services;
use model::Certificate;

/// What the proxy says, header by header; `None` where one is missing or came more than once.
pub(super) struct Presented {
    pub(super) verdict: Option<String>,
    pub(super) certificate: Option<String>,
}

/// What a proxy writes where it has verified the certificate.
const VERIFIED: &str = "SUCCESS";

/// Signs the owner of a certificate in.
pub(super) async fn sign_in(services: &Services, presented: Presented, address: &str) -> Result<Granted, Error> {
    if !services.settings.citizens.certificate.enabled {
        return Err(Error::WayOff);
    }
    sign_in::count_address(services, address).await?;
    let is_verified = services.settings.server.behind_proxy && presented.verdict.as_deref() == Some(VERIFIED);
    let escaped = presented.certificate.filter(|_| is_verified).ok_or(Error::CertificateMissing)?;
    let pem = percent_encoding::percent_decode_str(&escaped).collect::<Vec<u8>>();
    let number = number_of(services, &pem)?;
    let standing = accounts::standing_of(services.database.reader(), services, &number).await?;
    let standing = standing.filter(|standing| !standing.is_closed());
    let standing = standing.ok_or(Error::CertificateRefused { reason: "account" })?;
    sign_in::grant(services, &standing, Some(&number), address).await
}

/// The number that a certificate says, whoever issued it.
pub(super) fn number_in(services: &Services, pem: &[u8]) -> Option<IdNumber> {
    let settings = &services.settings.citizens.certificate;
    Certificate::read(pem, settings.number_field)?.number(&settings.number_prefixes)
}

/// The number of a certificate's owner, where its issuer is accepted and it is in its time.
fn number_of(services: &Services, pem: &[u8]) -> Result<IdNumber, Error> {
    let settings = &services.settings.citizens.certificate;
    let certificate = Certificate::read(pem, settings.number_field).ok_or(Error::CertificateMissing)?;
    if !settings.issuers.contains(&certificate.issuer) {
        return Err(Error::CertificateRefused { reason: "issuer" });
    }
    let now = services.clock.now().timestamp();
    if !(certificate.not_before..=certificate.not_after).contains(&now) {
        return Err(Error::CertificateRefused { reason: "expired" });
    }
    certificate.number(&settings.number_prefixes).ok_or(Error::CertificateRefused { reason: "number" })
}
