//! Kannel's `sendsms` over HTTP.
//!
//! Source: Kannel user's guide, "Running SMSBox", sendsms CGI. 202 is accepted or queued; 4xx is a
//! refusal of this message or this user; anything else is a fault of the box.

use std::time::Duration;

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};

use super::{Sending, Verdict};
use crate::settings;

/// A sendsms box.
pub struct Kannel {
    client: reqwest::Client,
    url: String,
    username: String,
    password: SecretString,
    from: String,
}

impl Kannel {
    pub(super) fn open(settings: &settings::Kannel) -> anyhow::Result<Self> {
        anyhow::ensure!(!settings.url.is_empty(), "messages.kannel.url is missing");
        let timeout = Duration::from_secs(settings.timeout_seconds);
        let client = reqwest::Client::builder()
            .connect_timeout(timeout)
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            url: settings.url.clone(),
            username: settings.username.clone(),
            password: settings.password.clone(),
            from: settings.from.clone(),
        })
    }

    pub(super) async fn send(&self, sending: Sending<'_>) -> Verdict {
        let text = sending.text.expose_secret();
        // GSM-7 where every character is in it, else UCS-2: the default texts are plain ASCII.
        let coding = if text.is_ascii() { "0" } else { "2" };
        let query = [
            ("username", self.username.as_str()),
            ("password", self.password.expose_secret()),
            ("from", &self.from),
            ("to", sending.phone.as_e164()),
            ("coding", coding),
            ("charset", "UTF-8"),
            ("text", text),
        ];
        match self.client.get(&self.url).query(&query).send().await {
            Ok(response) => judge(response.status()),
            Err(error) => {
                // The URL holds the password, the number and the text: it is cut off the error.
                let error = error.without_url();
                tracing::warn!(%error, "kannel does not answer");
                Verdict::Unreachable
            }
        }
    }
}

fn judge(status: StatusCode) -> Verdict {
    match status.as_u16() {
        200..300 => Verdict::Accepted { reference: None },
        // Too many at once, or the box asks to come back: not this message's fault.
        408 | 429 => Verdict::Fault,
        400..500 => Verdict::Refused,
        _ => {
            tracing::warn!(%status, "kannel has a fault");
            Verdict::Fault
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_from_a_fault() {
        let verdict = |status| judge(StatusCode::from_u16(status).unwrap());
        assert_eq!(verdict(202), Verdict::Accepted { reference: None });
        assert_eq!((verdict(403), verdict(400)), (Verdict::Refused, Verdict::Refused));
        assert_eq!((verdict(429), verdict(503)), (Verdict::Fault, Verdict::Fault));
    }
}
