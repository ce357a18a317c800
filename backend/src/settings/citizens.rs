//! Settings of the citizens' own side: captchas, throttles, password resets, the further ways of signing in.
//!
//! Owns their checks at start: a way that is switched on without what it needs is refused by its key's name.

use std::path::PathBuf;

use anyhow::ensure;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::read_secret;
use super::texts::LONGEST_DOMAIN;

section! {
    /// The citizens' own side.
    Citizens {
        /// The host name of the portal: the last line of a code's text names it, so that a phone offers the code there
        /// and nowhere else.
        domain: String = "dichvucong.example".into(),
        /// Hours of a citizen's session, however often it is refreshed.
        session_hours: i64 = 2,
        /// Captchas.
        captcha: Captchas = Captchas::default(),
        /// Throttles of signing in.
        sign_in: SignIn = SignIn::default(),
        /// Codes for a forgotten password and for another phone.
        reset: Resets = Resets::default(),
        /// **Usb ký số**: signing in by a client certificate.
        certificate: Certificate = Certificate::default(),
        /// **Sim ký số**: signing in by a signature made on the phone.
        mobile_signature: MobileSignature = MobileSignature::default(),
    }
}

section! {
    /// Captchas: how hard, how long, how many.
    Captchas {
        /// Seconds that one is good for.
        seconds: u32 = 120,
        /// Characters of the picture, 4 to 8.
        characters: u32 = 5,
        /// How much of the picture is noise, per cent, 0 to 60.
        noise_percent: u32 = 20,
        /// Hashes a try of the proof of work.
        proof_cost: u32 = 20,
        /// Tries that the proof of work takes at most; half of them on average.
        proof_tries: u32 = 20_000,
        /// Captchas given to an address in a minute.
        per_address_minute: u32 = 30,
        /// Captchas given to an address in a day.
        per_address_day: u32 = 2_000,
    }
}

section! {
    /// Throttles of signing in by number and password. A try counts before it is known whether it is right.
    SignIn {
        /// Tries at an account from one address before there is a delay.
        free_tries: u32 = 3,
        /// The first delay after them, seconds; it doubles with each further try.
        first_delay_seconds: u32 = 5,
        /// The longest delay for an address at an account, seconds.
        longest_delay_seconds: u32 = 3_600,
        /// Tries at an account from all addresses together before there is a delay.
        account_free_tries: u32 = 10,
        /// The longest delay for an account as a whole, seconds. It holds for addresses from which its citizen has not
        /// signed in before.
        account_longest_delay_seconds: u32 = 60,
        /// Wrong tries in a row at a number after which such an address gets one try a day. An account has two numbers
        /// at most, and NIST SP 800-63B-4 allows 100.
        account_max_failures: u32 = 50,
        /// Tries from an address in a minute, whoever's account.
        per_address_minute: u32 = 30,
        /// Tries from an address in an hour.
        per_address_hour: u32 = 300,
    }
}

section! {
    /// Codes for a forgotten password and for another phone.
    Resets {
        /// Seconds that one can be completed, counted from when it was asked for; at most 600.
        valid_seconds: u32 = 180,
        /// Wrong codes that one survives.
        max_tries: u32 = 5,
        /// Seconds before another may be asked for.
        resend_seconds: u32 = 30,
        /// Asked for a number in an hour.
        per_number_hour: u32 = 5,
        /// Asked for a number in a day.
        per_number_day: u32 = 10,
        /// Asked for a phone in an hour.
        per_phone_hour: u32 = 5,
        /// Asked for a phone in a day.
        per_phone_day: u32 = 10,
        /// Asked for from an address in an hour.
        per_address_hour: u32 = 20,
        /// Asked for from an address in a day.
        per_address_day: u32 = 60,
        /// Milliseconds between looks for requests: nothing wakes the worker, so that an answer's time says nothing.
        poll_millis: u64 = 1_000,
    }
}

/// Where a certificate says the identity number of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberField {
    /// The subject's UID (0.9.2342.19200300.100.1.1).
    Uid,
    /// The subject's serialNumber (2.5.4.5).
    SerialNumber,
    /// The subject's common name (2.5.4.3).
    CommonName,
}

section! {
    /// Signing in by a client certificate that the proxy in front has verified. Its headers are believed only with
    /// `server.behind_proxy`.
    Certificate {
        /// Whether it is on.
        enabled: bool = false,
        /// The header with the proxy's verdict: `SUCCESS` where it verified the certificate.
        verify_header: String = "X-Client-Verify".into(),
        /// The header with the certificate: PEM, percent-encoded (nginx's `$ssl_client_escaped_cert`).
        certificate_header: String = "X-Client-Certificate".into(),
        /// The accepted issuers, each as its whole distinguished name, e.g. `C=VN, O=…, CN=…`.
        issuers: Vec<String> = Vec::new(),
        /// Where the number stands.
        number_field: NumberField = NumberField::Uid,
        /// What stands before it there; the first that fits is taken off.
        number_prefixes: Vec<String> = vec!["CCCD:".into(), "CMND:".into()],
    }
}

section! {
    /// Signing in by a signature made on the phone: any provider that takes JSON, asked and then asked again. None was
    /// met yet: the names of its fields are settings.
    MobileSignature {
        /// Whether it is on.
        enabled: bool = false,
        /// Where a signature is asked for: a POST of `{"phone", "text", "verification_code", "reference"}`.
        url: String = String::new(),
        /// Where its progress is asked for, by GET; `{reference}` stands for what the provider answered.
        status_url: String = String::new(),
        /// The bearer token for both.
        secret: SecretString = SecretString::default(),
        /// A file that holds it.
        secret_file: Option<PathBuf> = None,
        /// JSON pointer to the provider's name for the request.
        reference_pointer: String = "/reference".into(),
        /// JSON pointer to how far it has come.
        state_pointer: String = "/state".into(),
        /// The values there that mean it is signed.
        signed_values: Vec<String> = vec!["signed".into()],
        /// The values there that mean it will not be signed. Any other means not yet.
        refused_values: Vec<String> = vec!["refused".into(), "expired".into()],
        /// JSON pointer to the signer's certificate, PEM. Where the number stands in it is `certificate`'s to say.
        certificate_pointer: String = "/certificate".into(),
        /// JSON pointer to the signature over the text, base64.
        signature_pointer: String = "/signature".into(),
        /// A file with the certificates of the accepted authorities, PEM: those that issue to people.
        issuers_file: Option<PathBuf> = None,
        /// Times that a phone is asked in an hour.
        per_phone_hour: u32 = 5,
        /// Times that phones are asked from an address in an hour.
        per_address_hour: u32 = 30,
        /// Seconds that the phone may take.
        valid_seconds: u32 = 120,
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

impl Citizens {
    pub(super) fn read_secret_files(&mut self) -> anyhow::Result<()> {
        if let Some(secret) = read_secret(self.mobile_signature.secret_file.as_deref())? {
            self.mobile_signature.secret = secret;
        }
        Ok(())
    }

    /// Everything that can be wrong before the first citizen.
    pub(super) fn check(&self, behind_proxy: bool) -> anyhow::Result<()> {
        let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        ensure!(
            !self.domain.is_empty() && self.domain.len() <= LONGEST_DOMAIN && self.domain.chars().all(is_host),
            "citizens.domain is a host name of at most {LONGEST_DOMAIN} characters in lower case"
        );
        let captcha = &self.captcha;
        ensure!((4..=8).contains(&captcha.characters), "citizens.captcha.characters is from 4 to 8");
        ensure!(captcha.noise_percent <= 60, "citizens.captcha.noise_percent is at most 60");
        ensure!(captcha.proof_cost > 0 && captcha.proof_tries > 0, "citizens.captcha: proof_cost and proof_tries");
        ensure!(self.sign_in.first_delay_seconds > 0, "citizens.sign_in.first_delay_seconds is at least 1");
        ensure!((1..=600).contains(&self.reset.valid_seconds), "citizens.reset.valid_seconds is from 1 to 600");
        if self.certificate.enabled {
            ensure!(behind_proxy, "citizens.certificate needs server.behind_proxy: who else verified the certificate?");
            ensure!(!self.certificate.issuers.is_empty(), "citizens.certificate.issuers names nobody");
        }
        if self.mobile_signature.enabled {
            let it = &self.mobile_signature;
            ensure!(!it.url.is_empty(), "citizens.mobile_signature.url is missing");
            ensure!(it.status_url.contains("{reference}"), "citizens.mobile_signature.status_url has no {{reference}}");
            ensure!(!it.secret.expose_secret().is_empty(), "citizens.mobile_signature.secret is missing");
            ensure!(it.issuers_file.is_some(), "citizens.mobile_signature.issuers_file is missing");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_is_switched_on_names_what_it_lacks() {
        Citizens::default().check(false).unwrap();
        let mut citizens = Citizens::default();
        citizens.certificate.enabled = true;
        assert!(citizens.check(false).unwrap_err().to_string().contains("behind_proxy"));
        assert!(citizens.check(true).unwrap_err().to_string().contains("issuers"));
        citizens.certificate.issuers = vec!["CN=A".into()];
        citizens.check(true).unwrap();
        citizens.mobile_signature.enabled = true;
        assert!(citizens.check(true).unwrap_err().to_string().contains("mobile_signature.url"));
    }
}
