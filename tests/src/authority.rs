//! A certificate authority of the test's own, and the certificates of people that it issues.

use std::ops::Range;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, SigningKey, date_time_ymd,
};

/// The years in which a test's certificates are good.
pub const GOOD: Range<i32> = 2026..2100;

/// An authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate, PEM.
    pub pem: String,
}

/// A person with a key and a certificate.
pub struct Signer {
    key: KeyPair,
    /// The certificate, PEM.
    pub pem: String,
}

/// The subject's UID, where Vietnamese authorities write the number.
pub fn uid() -> DnType {
    DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 1])
}

impl Authority {
    /// `C=VN, O=Motcua Test, CN=…`
    pub fn named(common_name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = named([
            (DnType::CountryName, "VN"),
            (DnType::OrganizationName, "Motcua Test"),
            (DnType::CommonName, common_name),
        ]);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for a server of this name.
    pub fn issue_server(&self, name: &str) -> Signer {
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        let pem = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        Signer { key, pem }
    }

    /// A certificate for whoever has this number: `CCCD:` and the number as UID.
    pub fn issue(&self, number: &str) -> Signer {
        self.issue_saying(uid(), &format!("CCCD:{number}"), GOOD)
    }

    /// A certificate that says this of its owner, good from the beginning of the one year to that of the other.
    pub fn issue_saying(&self, field: DnType, says: &str, years: Range<i32>) -> Signer {
        let mut params = CertificateParams::default();
        params.distinguished_name = named([(DnType::OrganizationName, "Công dân"), (field, says)]);
        (params.not_before, params.not_after) = (date_time_ymd(years.start, 1, 1), date_time_ymd(years.end, 1, 1));
        let key = KeyPair::generate().expect("a key");
        let pem = params.signed_by(&key, &self.issuer).expect("a certificate").pem();
        Signer { key, pem }
    }
}

impl Signer {
    /// The key, PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// A signature over a text.
    pub fn sign(&self, text: &str) -> Vec<u8> {
        self.key.sign(text.as_bytes()).expect("a signature")
    }
}

fn named<const N: usize>(parts: [(DnType, &str); N]) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (field, says) in parts {
        name.push(field, says);
    }
    name
}
