//! Whether a signature proves who signed: over our text, by the key of a certificate that an accepted authority issued.
//!
//! Owns the accepted authorities. Refuses to ask anybody whether a certificate was revoked: no authority's list is
//! fetched here.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use motcua_openapi::values::IdNumber;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::provider::Signed;
use crate::app::Services;
use crate::citizens::certificates;

/// Why a signature proves nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the signer's certificate cannot be read")]
    Unreadable,
    #[error("the signer's certificate is not one that is accepted here: {0}")]
    Unaccepted(webpki::Error),
    #[error("the signature is not one over our text")]
    AnotherText,
    #[error("the signer's certificate names no identity number")]
    Nameless,
}

/// The authorities whose certificates are accepted.
#[derive(Debug)]
pub(super) struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Those of a file of certificates, PEM.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let pem = fs::read(path).with_context(|| path.display().to_string())?;
        let anchors = CertificateDer::pem_slice_iter(&pem).map(|certificate| {
            let certificate = certificate?;
            Ok(anchor_from_trusted_cert(&certificate)?.to_owned())
        });
        let anchors = anchors.collect::<anyhow::Result<Vec<_>>>().with_context(|| path.display().to_string())?;
        ensure!(!anchors.is_empty(), "{}: no certificate in it", path.display());
        Ok(Self(anchors))
    }

    /// The identity number of whoever signed `text`.
    pub(super) fn owner(&self, services: &Services, signed: &Signed, text: &[u8]) -> Result<IdNumber, Refusal> {
        let der = CertificateDer::from_pem_slice(signed.certificate.as_bytes()).map_err(|_| Refusal::Unreadable)?;
        let certificate = EndEntityCert::try_from(&der).map_err(|_| Refusal::Unreadable)?;
        let seconds = u64::try_from(services.clock.now().timestamp()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        certificate
            .verify_for_usage(ALL_VERIFICATION_ALGS, &self.0, &[], now, KeyUsage::client_auth(), None, None)
            .map_err(Refusal::Unaccepted)?;
        let is_over_text =
            ALL_VERIFICATION_ALGS.iter().any(|by| certificate.verify_signature(*by, text, &signed.signature).is_ok());
        if !is_over_text {
            return Err(Refusal::AnotherText);
        }
        certificates::number_in(services, signed.certificate.as_bytes()).ok_or(Refusal::Nameless)
    }
}
