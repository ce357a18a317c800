//! Gateways: who takes a text and brings it to a phone, and who says later what became of it.
//!
//! A plain enum of kinds, so that a reader sees them all; each is behind a circuit breaker of its own.
//! Refuses retries: one call, one verdict; the dispatcher decides what comes next. No verdict, error or
//! log holds the text or the number.

mod call;
mod file;
mod json;
mod kannel;
mod twilio;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::header::HeaderMap;
use anyhow::Context;
use motcua_openapi::messages::MessageReason;
use motcua_openapi::values::PhoneNumber;
use recloser::{AsyncRecloser, Recloser};
use secrecy::SecretString;
use uuid::Uuid;

use crate::clock::Clock;
use crate::settings::{self, Settings};

/// One text to one phone.
pub struct Sending<'a> {
    /// The message's id.
    pub message_id: Uuid,
    /// To whom.
    pub phone: &'a PhoneNumber,
    /// What.
    pub text: &'a SecretString,
    /// Where to report what becomes of it; `None` = nobody could hear.
    pub report_url: Option<&'a str>,
}

/// What a gateway made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted for delivery.
    Accepted {
        /// The gateway's own id of it.
        reference: Option<String>,
    },
    /// Refused; the same again would be refused again.
    Refused(MessageReason),
    /// Nothing wrong with the message: the gateway could not take it now.
    Trouble(Trouble),
}

/// Why a gateway could not take a message now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No connection or no whole answer in time. It may have been accepted all the same.
    Unreachable,
    /// An answer that is a fault of the gateway's.
    Fault,
    /// It has too much to do and asks to come back, perhaps after a while.
    Busy(Option<Duration>),
}

/// What a report says became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The phone has it.
    Delivered,
    /// It will not arrive.
    Failed(MessageReason),
    /// Still under way.
    UnderWay,
}

/// Which text a report is about, where the URL that was called does not say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// By our id of the message.
    Message(Uuid),
    /// By the gateway's id of it.
    Reference(String),
    /// By both. The gateway's names one attempt, but we may never have learned it.
    Both {
        /// Our id.
        message: Uuid,
        /// The gateway's.
        reference: String,
    },
}

/// A report as it came.
pub struct ReportRequest<'a> {
    /// The URL as the gateway called it, where this API is known to it by one.
    pub url: &'a str,
    /// Its query.
    pub query: &'a str,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body.
    pub body: &'a [u8],
    /// Whether the URL carries our own proof: only the gateway that was given it can know it.
    pub url_is_proven: bool,
}

/// The first value of a name in a query: what was appended to a URL of ours cannot stand for what we wrote.
pub(super) fn query_value(query: &str, wanted: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
}

/// Why a report is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportRefusal {
    /// It does not prove that it comes from the gateway.
    Unproven,
    /// It cannot be read; what is wrong.
    Unreadable(&'static str),
}

/// One gateway of the settings.
pub struct Gateway {
    name: String,
    kind: Kind,
    breaker: AsyncRecloser,
}

/// The kinds there are.
enum Kind {
    /// One file a message.
    File(file::File),
    /// Kannel's `sendsms`.
    Kannel(kannel::Kannel),
    /// A Twilio-shaped API.
    Twilio(twilio::Twilio),
    /// An API that takes JSON, by templates.
    Json(Box<json::JsonApi>),
}

/// The gateways of the settings. One that is not in the order sends nothing, and its late reports still count.
pub struct Gateways {
    all: BTreeMap<String, Gateway>,
    order: Vec<String>,
}

impl Gateways {
    /// The gateways of the settings.
    ///
    /// # Errors
    /// Settings that a gateway cannot work with, by its name.
    pub fn open(settings: &Settings, clock: &Clock) -> anyhow::Result<Self> {
        let messages = &settings.messages;
        let open = |(name, of_settings): (&String, &settings::Gateway)| {
            let kind = Kind::open(of_settings, settings, clock).with_context(|| format!("messages.gateways.{name}"))?;
            let breaker = breaker(&messages.breaker);
            anyhow::Ok((name.clone(), Gateway { name: name.clone(), kind, breaker }))
        };
        let all = messages.gateways.iter().map(open).collect::<anyhow::Result<_>>()?;
        Ok(Self { all, order: messages.order.clone() })
    }

    /// In the order in which they are tried.
    pub fn in_order(&self) -> impl Iterator<Item = &Gateway> {
        self.order.iter().filter_map(|name| self.all.get(name))
    }

    /// The one of a name.
    pub fn named(&self, name: &str) -> Option<&Gateway> {
        self.all.get(name)
    }
}

fn breaker(settings: &settings::Breaker) -> AsyncRecloser {
    let breaker = Recloser::custom()
        .closed_len(settings.calls)
        .half_open_len(settings.probes)
        .error_rate(settings.failure_share)
        .open_wait(Duration::from_secs(settings.rest_seconds))
        .build();
    AsyncRecloser::from(breaker)
}

impl Kind {
    fn open(of_settings: &settings::Gateway, settings: &Settings, clock: &Clock) -> anyhow::Result<Self> {
        Ok(match of_settings {
            settings::Gateway::File(it) if it.folder.as_os_str().is_empty() => {
                Self::File(file::File::open(settings.message_folder(), clock.clone())?)
            }
            settings::Gateway::File(it) => Self::File(file::File::open(it.folder.clone(), clock.clone())?),
            settings::Gateway::Kannel(it) => Self::Kannel(kannel::Kannel::open(it)?),
            settings::Gateway::Twilio(it) => Self::Twilio(twilio::Twilio::open(it)?),
            settings::Gateway::Json(it) => Self::Json(Box::new(json::JsonApi::open(it)?)),
        })
    }
}

impl Gateway {
    /// Its name in the settings, on messages and in metrics.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its circuit breaker.
    pub fn breaker(&self) -> &AsyncRecloser {
        &self.breaker
    }

    /// Whether it says later what became of a text.
    pub fn reports(&self) -> bool {
        match &self.kind {
            Kind::File(_) => false,
            Kind::Kannel(_) | Kind::Twilio(_) => true,
            Kind::Json(json) => json.reports(),
        }
    }

    /// Sends once.
    pub async fn send(&self, sending: Sending<'_>) -> Verdict {
        match &self.kind {
            Kind::File(file) => file.send(sending).await,
            Kind::Kannel(kannel) => kannel.send(sending).await,
            Kind::Twilio(twilio) => twilio.send(sending).await,
            Kind::Json(json) => json.send(sending).await,
        }
    }

    /// Reads a report where it proves that it comes from this gateway.
    ///
    /// # Errors
    /// A report without proof, or one that cannot be read.
    pub fn read_report(&self, request: &ReportRequest<'_>) -> Result<(Option<About>, Fate), ReportRefusal> {
        match &self.kind {
            Kind::File(_) => Err(ReportRefusal::Unproven),
            Kind::Kannel(_) => kannel::read_report(request).map(|fate| (None, fate)),
            Kind::Twilio(twilio) => twilio.read_report(request),
            Kind::Json(json) => json.read_report(request),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_out_of_the_order_sends_nothing_and_its_late_reports_are_still_read() {
        let kannel = settings::Kannel { url: "http://127.0.0.1:1".into(), ..settings::Kannel::default() };
        let named = ["old", "new"].map(|name| (name.to_owned(), settings::Gateway::Kannel(kannel.clone())));
        let mut settings = Settings::default();
        settings.messages.gateways = named.into();
        settings.messages.order = vec!["new".into()];
        let gateways = Gateways::open(&settings, &Clock::system()).unwrap();
        assert_eq!(gateways.in_order().map(Gateway::name).collect::<Vec<_>>(), ["new"]);
        assert!(gateways.named("old").unwrap().reports());
        assert!(gateways.named("none").is_none());
    }
}
