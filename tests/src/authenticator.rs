//! What staff hold in their hands: authenticator apps, and a passkey made of software.
//!
//! Owns reading codes by the server's clock and answering WebAuthn's two ceremonies byte by byte, as a device does
//! (WebAuthn level 3, 6.1 and 6.5: authenticator data, `none` attestation, ES256). Refuses to judge.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use motcua::random::Random;
use motcua_openapi::second_factors::{PasskeyAnswer, PasskeyChallenge};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

/// An authenticator app that holds one secret.
#[derive(Clone)]
pub struct App {
    totp: Totp,
}

impl App {
    /// Of a secret in base32.
    pub fn of(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).expect("base32");
        Self { totp: Builder::new().with_secret(secret).build().expect("a secret") }
    }

    /// What the app shows at a time.
    pub fn code_at(&self, at: DateTime<Utc>) -> String {
        self.totp.generate(u64::try_from(at.timestamp()).expect("after 1970")).to_string()
    }
}

/// The apps of the staff of a desk, by sign-in name.
#[derive(Default)]
pub struct Apps(Mutex<HashMap<String, App>>);

impl Apps {
    pub(crate) fn keep(&self, username: &str, app: App) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(username.to_owned(), app);
    }

    pub(crate) fn of(&self, username: &str) -> Option<App> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(username).cloned()
    }
}

/// A passkey: one key pair, one credential, a counter.
pub struct Passkey {
    key: SigningKey,
    id: [u8; 32],
    origin: String,
    counter: u32,
}

const USER_PRESENT_AND_VERIFIED: u8 = 0x05;
const WITH_CREDENTIAL: u8 = 0x40;

impl Passkey {
    /// A fresh one, in a browser at this origin.
    pub fn at(origin: &str) -> Self {
        let random = Random::system().expect("randomness");
        let key = SigningKey::from_slice(&random.bytes::<32>()).expect("a key");
        Self { key, id: random.bytes(), origin: origin.to_owned(), counter: 1 }
    }

    /// A copy, as somebody who broke into the device would have it.
    #[must_use]
    pub fn cloned(&self) -> Self {
        Self { key: self.key.clone(), id: self.id, origin: self.origin.clone(), counter: self.counter }
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, challenge: &PasskeyChallenge) -> PasskeyAnswer {
        let options = &challenge.options["publicKey"];
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.authenticator_data(&options["rp"]["id"], USER_PRESENT_AND_VERIFIED | WITH_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(32_u16.to_be_bytes());
        data.extend(self.id);
        data.extend(self.cose_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).expect("less than 256 bytes"));
        attestation.extend(data);
        let response = json!({
            "attestationObject": BASE64URL_NOPAD.encode(&attestation),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client_data),
        });
        self.answer(challenge, &response)
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, challenge: &PasskeyChallenge) -> PasskeyAnswer {
        let options = &challenge.options["publicKey"];
        let client_data = self.client_data("webauthn.get", options);
        let data = self.authenticator_data(&options["rpId"], USER_PRESENT_AND_VERIFIED);
        let signed = [data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client_data),
            "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()),
            "userHandle": null,
        });
        self.answer(challenge, &response)
    }

    fn answer(&self, challenge: &PasskeyChallenge, response: &Value) -> PasskeyAnswer {
        let id = BASE64URL_NOPAD.encode(&self.id);
        let credential = json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {},
        });
        PasskeyAnswer { challenge_id: challenge.challenge_id, credential }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data =
            json!({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false});
        data.to_string().into_bytes()
    }

    fn authenticator_data(&mut self, relying_party: &Value, flags: u8) -> Vec<u8> {
        let party = Sha256::digest(relying_party.as_str().expect("a relying party"));
        let data = [party.as_slice(), &[flags], &self.counter.to_be_bytes()].concat();
        self.counter += 1;
        data
    }

    /// EC2, ES256, P-256 and the point, as RFC 9053 writes it.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let bytes = point.as_bytes();
        let (x, y) = (&bytes[1..33], &bytes[33..65]);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(), x, b"\x22\x58\x20", y].concat()
    }
}
