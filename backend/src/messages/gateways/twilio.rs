//! A Twilio-shaped API: a form in, JSON out, signed callbacks.
//!
//! Source: Twilio's Messages resource, its message status callbacks and "Validating requests": the
//! signature is the base64 of HMAC-SHA1, by the account's token, over the whole URL followed by every
//! form field and its value in the order of the names.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use motcua_openapi::messages::MessageReason;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha1::Sha1;

use super::{About, Fate, ReportRefusal, ReportRequest, Sending, Verdict, call};
use crate::settings;

const SIGNATURE: &str = "x-twilio-signature";

/// A Twilio-shaped API.
pub struct Twilio {
    client: Client,
    url: String,
    account: String,
    token: SecretString,
    from: String,
}

/// The API's answer, accepted or not.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    sid: Option<String>,
    code: Option<u32>,
    error_code: Option<u32>,
}

impl Twilio {
    pub(super) fn open(settings: &settings::Twilio) -> anyhow::Result<Self> {
        anyhow::ensure!(!settings.url.is_empty(), "url is missing");
        anyhow::ensure!(!settings.account.is_empty(), "account is missing");
        anyhow::ensure!(!settings.token.expose_secret().is_empty(), "token is missing");
        anyhow::ensure!(!settings.from.is_empty(), "from is missing");
        let (base, account) = (settings.url.trim_end_matches('/'), &settings.account);
        Ok(Self {
            client: call::client(settings.timeout_seconds)?,
            url: format!("{base}/2010-04-01/Accounts/{account}/Messages.json"),
            account: account.clone(),
            token: settings.token.clone(),
            from: settings.from.clone(),
        })
    }

    pub(super) async fn send(&self, sending: Sending<'_>) -> Verdict {
        let mut form =
            vec![("To", sending.phone.as_e164()), ("From", &self.from), ("Body", sending.text.expose_secret())];
        form.extend(sending.report_url.map(|url| ("StatusCallback", url)));
        let request =
            self.client.post(&self.url).basic_auth(&self.account, Some(self.token.expose_secret())).form(&form);
        match call::call(request).await {
            Ok(answer) => judge(answer.status.as_u16(), &answer.body),
            Err(verdict) => verdict,
        }
    }

    pub(super) fn read_report(&self, request: &ReportRequest<'_>) -> Result<(Option<About>, Fate), ReportRefusal> {
        let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(request.body).into_owned().collect();
        fields.sort();
        let signature = request.headers.get(SIGNATURE).and_then(|it| BASE64.decode(it.as_bytes()).ok());
        let is_signed = signature.is_some_and(|it| self.mac(request.url, &fields).verify_slice(&it).is_ok());
        if !is_signed {
            return Err(ReportRefusal::Unproven);
        }
        let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let about = field("MessageSid").map(|sid| About::Reference(sid.to_owned()));
        let status = field("MessageStatus").ok_or(ReportRefusal::Unreadable("MessageStatus is missing"))?;
        Ok((about, fate(status, field("ErrorCode").and_then(|code| code.parse().ok()))))
    }

    fn mac(&self, url: &str, fields: &[(String, String)]) -> Hmac<Sha1> {
        let key = self.token.expose_secret().as_bytes();
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("a key");
        mac.update(url.as_bytes());
        for (name, value) in fields {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        mac
    }
}

fn judge(status: u16, body: &[u8]) -> Verdict {
    let answer: Answer = serde_json::from_slice(body).unwrap_or_default();
    match (status, answer.sid, answer.code.or(answer.error_code)) {
        (200..300, Some(sid), None) => Verdict::Accepted { reference: Some(sid) },
        (401 | 403, ..) => call::fault("the gateway does not know our account"),
        (400..500, _, code) => Verdict::Refused(code.and_then(reason).unwrap_or(MessageReason::GatewayRefused)),
        _ => call::fault("an accepted status without a message's id"),
    }
}

fn fate(status: &str, code: Option<u32>) -> Fate {
    match status {
        "delivered" | "read" => Fate::Delivered,
        "undelivered" | "failed" | "canceled" => {
            Fate::Failed(code.and_then(reason).unwrap_or(MessageReason::NetworkFault))
        }
        _ => Fate::UnderWay,
    }
}

/// By Twilio's error dictionary.
fn reason(code: u32) -> Option<MessageReason> {
    match code {
        21211 | 21214 | 21217 | 21614 | 30005 | 30006 => Some(MessageReason::NumberUnknown),
        30003 => Some(MessageReason::PhoneUnreachable),
        21408 | 21610 | 30004 | 30007 => Some(MessageReason::Blocked),
        30008 => Some(MessageReason::NetworkFault),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::super::Trouble;
    use super::*;

    fn gateway() -> Twilio {
        let settings = settings::Twilio {
            url: "http://127.0.0.1:1".into(),
            account: "AC1".into(),
            token: "12345".into(),
            from: "DICHVUCONG".into(),
            ..settings::Twilio::default()
        };
        Twilio::open(&settings).unwrap()
    }

    /// The worked example of Twilio's "Validating requests".
    #[test]
    fn the_signature_is_that_of_the_published_example() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let mut fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+12349013030"),
            ("Digits", "1234"),
            ("From", "+12349013030"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        fields.sort();
        let signature = BASE64.encode(&gateway().mac(url, &fields).finalize().into_bytes());
        assert_eq!(signature, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");
    }

    #[test]
    fn a_report_counts_only_with_its_signature() {
        let (url, body) = ("https://motcua.example/r", b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003");
        let fields: Vec<_> = [("ErrorCode", "30003"), ("MessageSid", "SM1"), ("MessageStatus", "undelivered")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let signature = BASE64.encode(&gateway().mac(url, &fields).finalize().into_bytes());
        let read = |url, signature: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(SIGNATURE), HeaderValue::from_str(signature).unwrap());
            gateway().read_report(&ReportRequest { url, query: "", headers: &headers, body, url_is_proven: true })
        };
        let about = Some(About::Reference("SM1".into()));
        assert_eq!(read(url, &signature), Ok((about, Fate::Failed(MessageReason::PhoneUnreachable))));
        assert_eq!(read("https://motcua.example/other", &signature), Err(ReportRefusal::Unproven));
        assert_eq!(read(url, "AAAA"), Err(ReportRefusal::Unproven));
    }

    #[test]
    fn an_accepted_status_with_an_error_in_the_body_is_a_fault() {
        assert_eq!(judge(201, br#"{"sid":"SM1"}"#), Verdict::Accepted { reference: Some("SM1".into()) });
        assert_eq!(judge(200, br#"{"error_code":30001,"sid":"SM1"}"#), Verdict::Trouble(Trouble::Fault));
        assert_eq!(judge(200, b"oops"), Verdict::Trouble(Trouble::Fault));
        assert_eq!(judge(400, br#"{"code":21211}"#), Verdict::Refused(MessageReason::NumberUnknown));
        assert_eq!(judge(401, b"{}"), Verdict::Trouble(Trouble::Fault));
    }
}
