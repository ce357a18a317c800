//! Kannel's `sendsms` over HTTP, and its delivery reports.
//!
//! Source: Kannel user's guide, "Running SMSBox", sendsms CGI, and "Delivery Reports". 202 is accepted or
//! queued; 4xx is a refusal of this message, unless it does not know us; anything else is a fault of the box. Reports
//! come as a GET of the `dlr-url` that went with the message: it carries our own proof, and names nobody.

use motcua_openapi::messages::MessageReason;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};

use super::{Fate, ReportRefusal, ReportRequest, Sending, Verdict, call, query_value};
use crate::settings;

/// Delivered, failed, buffered, accepted and rejected by the SMSC: all there are.
const EVERY_REPORT: &str = "31";

/// A sendsms box.
pub struct Kannel {
    client: Client,
    url: String,
    username: String,
    password: SecretString,
    from: String,
}

impl Kannel {
    pub(super) fn open(settings: &settings::Kannel) -> anyhow::Result<Self> {
        anyhow::ensure!(!settings.url.is_empty(), "url is missing");
        Ok(Self {
            client: call::client(settings.timeout_seconds)?,
            url: settings.url.clone(),
            username: settings.username.clone(),
            password: settings.password.clone(),
            from: settings.from.clone(),
        })
    }

    pub(super) async fn send(&self, sending: Sending<'_>) -> Verdict {
        let text = sending.text.expose_secret();
        // GSM-7 where every character is in it, else UCS-2: the texts of the settings are GSM-7, most plain ASCII.
        let coding = if text.is_ascii() { "0" } else { "2" };
        let mut query = vec![
            ("username", self.username.as_str()),
            ("password", self.password.expose_secret()),
            ("from", &self.from),
            ("to", sending.phone.as_e164()),
            ("coding", coding),
            ("charset", "UTF-8"),
            ("text", text),
        ];
        // Kannel fills in: %d what happened, %A what the phone network said of it.
        let report_url = sending.report_url.map(|url| format!("{url}&status=%d&answer=%A"));
        if let Some(url) = &report_url {
            query.extend([("dlr-mask", EVERY_REPORT), ("dlr-url", url.as_str())]);
        }
        match call::call(self.client.get(&self.url).query(&query)).await {
            Ok(answer) => judge(answer.status.as_u16(), &answer.body),
            Err(verdict) => verdict,
        }
    }
}

/// "0: Accepted for delivery", "3: Queued for later delivery"; an accepted status with another body is a fault.
fn judge(status: u16, body: &[u8]) -> Verdict {
    match status {
        200..300 if body.is_empty() || body.starts_with(b"0") || body.starts_with(b"3") => {
            Verdict::Accepted { reference: None }
        }
        // Our account or our settings, not the message: the next gateway's turn.
        401 | 404 => call::fault("kannel does not know us"),
        403 if body.starts_with(b"Authorization failed") => call::fault("kannel does not know our user"),
        400..500 => Verdict::Refused(MessageReason::GatewayRefused),
        _ => call::fault("kannel answered what it does not answer"),
    }
}

/// The report of a `dlr-url` that we made.
pub(super) fn read_report(request: &ReportRequest<'_>) -> Result<Fate, ReportRefusal> {
    if !request.url_is_proven {
        return Err(ReportRefusal::Unproven);
    }
    let answer = query_value(request.query, "answer").unwrap_or_default();
    match query_value(request.query, "status").as_deref() {
        Some("1") => Ok(Fate::Delivered),
        Some("2") => Ok(Fate::Failed(reason(&answer).unwrap_or(MessageReason::NetworkFault))),
        Some("16") => Ok(Fate::Failed(reason(&answer).unwrap_or(MessageReason::GatewayRefused))),
        Some("4" | "8" | "32" | "64") => Ok(Fate::UnderWay),
        _ => Err(ReportRefusal::Unreadable("status is none of 1, 2, 4, 8, 16")),
    }
}

/// What the phone network said, by the words of SMPP 3.4: the `stat:` of a receipt, or the status of a refusal.
fn reason(answer: &str) -> Option<MessageReason> {
    const WORDS: [(&str, MessageReason); 8] = [
        ("stat:EXPIRED", MessageReason::PhoneUnreachable),
        ("stat:UNDELIV", MessageReason::PhoneUnreachable),
        ("stat:REJECTD", MessageReason::Blocked),
        ("stat:DELETED", MessageReason::NetworkFault),
        ("stat:UNKNOWN", MessageReason::NetworkFault),
        ("0x0000000b", MessageReason::NumberUnknown),
        ("0x00000045", MessageReason::NetworkFault),
        ("0x00000058", MessageReason::NetworkFault),
    ];
    WORDS.into_iter().find_map(|(word, reason)| answer.contains(word).then_some(reason))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderMap;

    use super::super::Trouble;
    use super::*;

    #[test]
    fn a_refusal_is_told_from_a_fault() {
        let refused = Verdict::Refused(MessageReason::GatewayRefused);
        assert_eq!(judge(202, b"0: Accepted for delivery"), Verdict::Accepted { reference: None });
        assert_eq!(judge(202, b"3: Queued for later delivery"), Verdict::Accepted { reference: None });
        assert_eq!((judge(403, b"Denied"), judge(400, b"")), (refused.clone(), refused));
        assert_eq!(judge(403, b"Authorization failed for sendsms"), Verdict::Trouble(Trouble::Fault));
        assert_eq!(judge(404, b""), Verdict::Trouble(Trouble::Fault));
        assert_eq!(judge(200, b"<html>login</html>"), Verdict::Trouble(Trouble::Fault));
        assert_eq!(judge(302, b""), Verdict::Trouble(Trouble::Fault));
    }

    #[test]
    fn a_report_is_read_only_from_a_url_that_we_made() {
        let headers = HeaderMap::new();
        let read = |query: &str, url_is_proven| {
            read_report(&ReportRequest { url: "", query, headers: &headers, body: b"", url_is_proven })
        };
        assert_eq!(read("status=1", false), Err(ReportRefusal::Unproven));
        assert_eq!(read("status=1", true), Ok(Fate::Delivered));
        assert_eq!(read("status=8", true), Ok(Fate::UnderWay));
        assert_eq!(read("status=2&answer=stat%3AEXPIRED", true), Ok(Fate::Failed(MessageReason::PhoneUnreachable)));
        assert_eq!(read("status=16", true), Ok(Fate::Failed(MessageReason::GatewayRefused)));
        let nack = "status=16&answer=NACK%2F0x0000000b%2FInvalid+Destination+Address";
        assert_eq!(read(nack, true), Ok(Fate::Failed(MessageReason::NumberUnknown)));
        assert!(matches!(read("status=x", true), Err(ReportRefusal::Unreadable(_))));
    }
}
