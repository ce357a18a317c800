//! What a certificate says: who issued it, for how long, and whose it is.

use motcua_openapi::values::IdNumber;
use x509_parser::oid_registry::{OID_USERID, OID_X509_COMMON_NAME, OID_X509_SERIALNUMBER};
use x509_parser::pem::parse_x509_pem;

use crate::settings::NumberField;

/// The parts of a certificate that are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    /// The issuer's whole name, `C=VN, O=…, CN=…`.
    pub(super) issuer: String,
    /// Seconds since 1970.
    pub(super) not_before: i64,
    /// The last second in which it is good.
    pub(super) not_after: i64,
    /// What the subject says in the field where the number stands.
    fields: Vec<String>,
}

impl Certificate {
    /// Of a PEM; `None` where it is none.
    pub(super) fn read(pem: &[u8], field: NumberField) -> Option<Self> {
        let (_, pem) = parse_x509_pem(pem).ok()?;
        let certificate = pem.parse_x509().ok()?;
        let oid = match field {
            NumberField::Uid => &OID_USERID,
            NumberField::SerialNumber => &OID_X509_SERIALNUMBER,
            NumberField::CommonName => &OID_X509_COMMON_NAME,
        };
        let subject = certificate.subject().iter_by_oid(oid);
        Some(Self {
            issuer: certificate.issuer().to_string(),
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
            fields: subject.filter_map(|attribute| attribute.as_str().ok()).map(str::to_owned).collect(),
        })
    }

    /// The identity number, without the prefix that stands before it.
    pub(super) fn number(&self, prefixes: &[String]) -> Option<IdNumber> {
        let without = |field: &str| {
            let stripped = prefixes.iter().find_map(|prefix| field.strip_prefix(prefix.as_str()));
            stripped.unwrap_or(field).trim().to_owned()
        };
        self.fields.iter().find_map(|field| IdNumber::parse(&without(field)).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(fields: &[&str]) -> Certificate {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Certificate { issuer: String::new(), not_before: 0, not_after: 0, fields }
    }

    #[test]
    fn the_number_stands_behind_a_prefix_or_alone() {
        let prefixes = ["CCCD:".to_owned(), "CMND:".to_owned()];
        let number = |fields: &[&str]| saying(fields).number(&prefixes).map(|number| number.to_string());
        assert_eq!(number(&["CCCD:079190000001"]).as_deref(), Some("079190000001"));
        assert_eq!(number(&["CMND: 225000001"]).as_deref(), Some("225000001"));
        assert_eq!(number(&["MST:0101", "079190000001"]).as_deref(), Some("079190000001"));
        assert_eq!(number(&["MST:079190000001"]), None);
        assert_eq!(number(&[]), None);
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        for text in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert_eq!(Certificate::read(text.as_bytes(), NumberField::Uid), None);
        }
    }
}
