//! The provider of signatures: request, poll, result. Any that takes JSON; the names of its fields are settings.
//!
//! None was met yet. What is here is the shape that their descriptions have in common: ask for a signature, get a
//! name for it, ask by that name until it is signed. Owns the calls and the reading of their answers. Refuses to
//! judge a signature.

use std::time::Duration;

use anyhow::Context;
use data_encoding::BASE64;
use motcua_openapi::values::PhoneNumber;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Response, Url};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::citizens::error::Error;
use crate::settings::MobileSignature;

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 256 * 1024;

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) id: Uuid,
    pub(super) phone: &'a PhoneNumber,
    pub(super) text: &'a str,
    pub(super) verification_code: &'a str,
}

/// How far a signature has come.
pub(super) enum Progress {
    /// Not signed yet.
    Pending,
    /// It will not be signed.
    Refused,
    /// Signed, as the provider says.
    Signed(Signed),
}

/// A signature as it came, believed by nobody yet.
pub(super) struct Signed {
    /// The signer's certificate, PEM.
    pub(super) certificate: String,
    /// Over the bytes of the text.
    pub(super) signature: Vec<u8>,
}

/// A provider.
pub(super) struct Provider {
    client: Client,
    ask_url: Url,
    /// With `{reference}` in its path or query.
    look_url: String,
    settings: MobileSignature,
}

impl Provider {
    /// The provider of the settings.
    pub(super) fn open(settings: &MobileSignature) -> anyhow::Result<Self> {
        let timeout = Duration::from_secs(settings.timeout_seconds);
        let client = Client::builder().connect_timeout(timeout).timeout(timeout);
        let client = client.redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        let look_url = settings.status_url.clone();
        Url::parse(&look_url.replace("{reference}", "x")).context("citizens.mobile_signature.status_url")?;
        let ask_url = Url::parse(&settings.url).context("citizens.mobile_signature.url")?;
        Ok(Self { client, ask_url, look_url, settings: settings.clone() })
    }

    /// Request: the provider's name of it.
    pub(super) async fn ask(&self, asked: &Asked<'_>) -> Result<String, Error> {
        let body = json!({
            "phone": asked.phone.as_e164(),
            "text": asked.text,
            "verification_code": asked.verification_code,
            "reference": asked.id,
        });
        let call = self.client.post(self.ask_url.clone()).bearer_auth(self.settings.secret.expose_secret()).json(&body);
        let answer = read(call.send().await).await?;
        text_at(&answer, &self.settings.reference_pointer).ok_or_else(|| trouble("its answer names no reference"))
    }

    /// Poll, and the result once there is one.
    pub(super) async fn look(&self, reference: &str) -> Result<Progress, Error> {
        // Nothing that a provider names so can break out of a path.
        let reference = utf8_percent_encode(reference, NON_ALPHANUMERIC).to_string();
        let url = self.look_url.replace("{reference}", &reference);
        let call = self.client.get(url).bearer_auth(self.settings.secret.expose_secret());
        let answer = read(call.send().await).await?;
        let settings = &self.settings;
        let state = text_at(&answer, &settings.state_pointer).ok_or_else(|| trouble("its answer names no state"))?;
        if settings.refused_values.contains(&state) {
            return Ok(Progress::Refused);
        }
        if !settings.signed_values.contains(&state) {
            return Ok(Progress::Pending);
        }
        let certificate = text_at(&answer, &settings.certificate_pointer);
        let signature = text_at(&answer, &settings.signature_pointer);
        let signature = signature.and_then(|text| BASE64.decode(text.as_bytes()).ok());
        match (certificate, signature) {
            (Some(certificate), Some(signature)) => Ok(Progress::Signed(Signed { certificate, signature })),
            _ => Err(trouble("it says signed and gives no certificate or no signature")),
        }
    }
}

/// The whole answer. The URL may hold the provider's name of the request: it stays out of the log.
async fn read(answer: Result<Response, reqwest::Error>) -> Result<Value, Error> {
    let unreachable = |error: reqwest::Error| {
        let error = error.without_url();
        tracing::warn!(%error, "the provider of signatures does not answer");
        Error::ProviderAway
    };
    let mut answer = answer.map_err(unreachable)?;
    if !answer.status().is_success() {
        tracing::warn!(status = %answer.status(), "the provider of signatures cannot help");
        return Err(Error::ProviderAway);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err(trouble("its answer has no end"));
        }
    }
    serde_json::from_slice(&body).map_err(|_| trouble("its answer is not JSON"))
}

fn trouble(what: &str) -> Error {
    tracing::warn!(what, "the provider of signatures has a fault");
    Error::ProviderAway
}

fn text_at(answer: &Value, pointer: &str) -> Option<String> {
    match answer.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
