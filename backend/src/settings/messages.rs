//! Settings of text messages: which gateways there are and in which order they are tried, the caps.
//!
//! Owns their checks at start: an order that names a gateway that is not there, a claim shorter than the calls it
//! covers, each is refused by its key's name. The texts are next door.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use motcua_openapi::messages::MessageReason;
use secrecy::SecretString;
use serde::Deserialize;

use super::{Texts, read_secret};

section! {
    /// Text messages.
    Messages {
        /// The gateways by name in the order in which they are tried.
        order: Vec<String> = vec!["file".into()],
        /// The gateways by name.
        gateways: BTreeMap<String, Gateway> = BTreeMap::from([("file".into(), Gateway::File(File::default()))]),
        /// Where gateways reach this API, e.g. `https://motcua.example`; empty = no delivery reports are asked for.
        report_url: String = String::new(),
        /// Seconds after which a report that was asked for is overdue.
        report_seconds: u32 = 180,
        /// The texts.
        texts: Texts = Texts::default(),
        /// How many texts may be asked for.
        caps: Caps = Caps::default(),
        /// When a gateway is left alone for a while.
        breaker: Breaker = Breaker::default(),
        /// Hours that a password message is tried for.
        password_hours: u32 = 24,
        /// Passwords that may be sent again for an account in a day.
        password_resends_day: u32 = 3,
        /// Milliseconds between looks into the outbox where nothing wakes it.
        poll_millis: u64 = 1_000,
        /// Seconds after which another instance may take over a message that one has claimed.
        claim_seconds: u32 = 60,
        /// First pause after a fault, milliseconds; it doubles up to a minute, with jitter.
        retry_millis: u64 = 1_000,
    }
}

/// One gateway.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// One file a message, for the demo and for tests.
    File(File),
    /// Kannel's `sendsms` over HTTP.
    Kannel(Kannel),
    /// A Twilio-shaped API.
    Twilio(Twilio),
    /// Any API that takes JSON, by templates.
    Json(Box<JsonApi>),
}

section! {
    /// A folder of messages.
    File {
        /// Where; empty = `messages` in the data folder.
        folder: PathBuf = PathBuf::new(),
    }
}

section! {
    /// Kannel's sendsms box.
    Kannel {
        /// E.g. `http://kannel:13013/cgi-bin/sendsms`.
        url: String = String::new(),
        /// The sendsms-user's name.
        username: String = String::new(),
        /// Its password.
        password: SecretString = SecretString::default(),
        /// A file that holds the password.
        password_file: Option<PathBuf> = None,
        /// The sender that phones show.
        from: String = "DICHVUCONG".into(),
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// A Twilio-shaped API: `POST {url}/2010-04-01/Accounts/{account}/Messages.json`.
    Twilio {
        /// E.g. `https://api.example`.
        url: String = String::new(),
        /// The account's SID.
        account: String = String::new(),
        /// The account's token: it authenticates calls and signs reports.
        token: SecretString = SecretString::default(),
        /// A file that holds the token.
        token_file: Option<PathBuf> = None,
        /// The sender: a number or a name.
        from: String = String::new(),
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// An API that takes JSON. In `url`, `headers` and the strings of `body` stand `{phone}` (E.164), `{phone_digits}`
    /// (84…), `{phone_national}` (0…), `{text}`, `{message_id}`, `{secret}`, `{report_url}`.
    JsonApi {
        /// Where to post.
        url: String = String::new(),
        /// Headers by name.
        headers: BTreeMap<String, String> = BTreeMap::new(),
        /// The body: a JSON document.
        body: String = String::new(),
        /// What `{secret}` stands for.
        secret: SecretString = SecretString::default(),
        /// A file that holds it.
        secret_file: Option<PathBuf> = None,
        /// JSON pointer to what says whether it was accepted; empty = the status alone says so.
        success_pointer: String = String::new(),
        /// The values there that mean accepted.
        success_values: Vec<String> = Vec::new(),
        /// The values there that mean refused for good, and why; any other value is a fault of the gateway's.
        refusals: BTreeMap<String, MessageReason> = BTreeMap::new(),
        /// JSON pointer to the gateway's own id of the message; empty = it gives none.
        reference_pointer: String = String::new(),
        /// Its delivery reports; none = it sends none.
        reports: Option<JsonReports> = None,
        /// Seconds to wait for a connection and for an answer.
        timeout_seconds: u64 = 10,
    }
}

section! {
    /// Reports of an API that takes JSON: a POST of JSON. Either `{report_url}` was given to the gateway with the message
    /// (then the URL itself names the message and proves it), or the header and one of the two pointers do.
    JsonReports {
        /// The header that carries the secret, e.g. `authorization`; empty = only signed URLs are believed.
        header: String = String::new(),
        /// What must stand in it.
        secret: SecretString = SecretString::default(),
        /// A file that holds that.
        secret_file: Option<PathBuf> = None,
        /// JSON pointer to the gateway's own id of the message.
        reference_pointer: String = String::new(),
        /// JSON pointer to our id of the message, where the gateway gives it back.
        message_pointer: String = String::new(),
        /// JSON pointer to what became of it.
        status_pointer: String = "/status".into(),
        /// The values there that mean delivered.
        delivered: Vec<String> = Vec::new(),
        /// The values there that mean it will not arrive, and why. Any other value means nothing yet.
        failed: BTreeMap<String, MessageReason> = BTreeMap::new(),
    }
}

section! {
    /// How many texts, besides the caps of `[otp]`. 0 = none at all.
    Caps {
        /// Texts to a phone in an hour, of every purpose, repeated attempts included.
        per_phone_hour: u32 = 12,
        /// Texts to a phone in a day.
        per_phone_day: u32 = 30,
        /// Texts that an officer asks for in a day.
        per_officer_day: u32 = 400,
        /// Texts asked for at a unit in an hour.
        per_unit_hour: u32 = 300,
        /// Texts asked for at a unit in a day.
        per_unit_day: u32 = 2_000,
        /// Texts asked for in an hour in all.
        in_all_hour: u32 = 5_000,
        /// Texts asked for in a day in all.
        in_all_day: u32 = 40_000,
    }
}

section! {
    /// The circuit breaker of each gateway.
    Breaker {
        /// How many of the last calls are looked at, once more were made.
        calls: usize = 10,
        /// The share of them that must have failed, 0 to 1.
        failure_share: f32 = 0.5,
        /// Seconds that the gateway is left alone then.
        rest_seconds: u64 = 30,
        /// More than so many calls must go well after that, before it is trusted again.
        probes: usize = 2,
    }
}

impl Gateway {
    /// Seconds that a call may take.
    pub fn timeout_seconds(&self) -> u64 {
        match self {
            Self::File(_) => 0,
            Self::Kannel(it) => it.timeout_seconds,
            Self::Twilio(it) => it.timeout_seconds,
            Self::Json(it) => it.timeout_seconds,
        }
    }

    fn read_secret_files(&mut self) -> anyhow::Result<()> {
        match self {
            Self::File(_) => Ok(()),
            Self::Kannel(it) => keep(&mut it.password, it.password_file.as_ref()),
            Self::Twilio(it) => keep(&mut it.token, it.token_file.as_ref()),
            Self::Json(it) => {
                keep(&mut it.secret, it.secret_file.as_ref())?;
                it.reports.as_mut().map_or(Ok(()), |reports| keep(&mut reports.secret, reports.secret_file.as_ref()))
            }
        }
    }
}

fn keep(secret: &mut SecretString, file: Option<&PathBuf>) -> anyhow::Result<()> {
    if let Some(read) = read_secret(file.map(PathBuf::as_path))? {
        *secret = read;
    }
    Ok(())
}

impl Messages {
    pub(super) fn read_secret_files(&mut self) -> anyhow::Result<()> {
        self.gateways.iter_mut().try_for_each(|(name, gateway)| {
            gateway.read_secret_files().with_context(|| format!("messages.gateways.{name}"))
        })
    }

    /// Everything that can be wrong before the first message.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.check_order()?;
        // Else a message that hangs would be claimed again and sent twice.
        let longest: u64 =
            self.order.iter().filter_map(|name| self.gateways.get(name)).map(Gateway::timeout_seconds).sum();
        ensure!(
            u64::from(self.claim_seconds) > longest,
            "messages.claim_seconds must be more than {longest}, the timeout_seconds of all gateways together"
        );
        self.texts.check()?;
        let breaker = &self.breaker;
        ensure!(breaker.calls > 0 && breaker.probes > 0, "messages.breaker: calls and probes must be at least 1");
        ensure!((0.0..=1.0).contains(&breaker.failure_share), "messages.breaker.failure_share is from 0 to 1");
        Ok(())
    }

    fn check_order(&self) -> anyhow::Result<()> {
        ensure!(!self.order.is_empty(), "messages.order names no gateway");
        let named: BTreeSet<&str> = self.order.iter().map(String::as_str).collect();
        ensure!(named.len() == self.order.len(), "messages.order names a gateway twice");
        for name in named {
            ensure!(
                self.gateways.contains_key(name),
                "messages.order names {name}, but messages.gateways.{name} is missing"
            );
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
            ensure!(name.chars().all(plain), "a gateway's name is made of a-z, 0-9, - and _: {name:?}");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_must_outlast_the_calls_of_every_gateway() {
        let kannel = |timeout_seconds| Gateway::Kannel(Kannel { timeout_seconds, ..Kannel::default() });
        let messages = Messages {
            order: vec!["a".into(), "b".into()],
            gateways: BTreeMap::from([("a".into(), kannel(30)), ("b".into(), kannel(30))]),
            ..Messages::default()
        };
        assert!(messages.check().unwrap_err().to_string().contains("claim_seconds must be more than 60"));
    }

    #[test]
    fn an_order_that_names_no_such_gateway_is_refused() {
        let refused = |order: &[&str]| {
            let order = order.iter().map(|name| (*name).to_owned()).collect();
            Messages { order, ..Messages::default() }.check().unwrap_err().to_string()
        };
        assert!(refused(&["file", "other"]).contains("messages.gateways.other is missing"));
        assert!(refused(&["file", "file"]).contains("twice"));
        assert!(refused(&[]).contains("no gateway"));
    }
}
