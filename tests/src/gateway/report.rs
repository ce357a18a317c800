//! What a gateway tells afterwards, in the words of its kind: made here, delivered by the test when it likes
//! ([`crate::Client::deliver`]), so that it may come early, late, twice, tampered with or never.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::json;
use sha1::Sha1;

use super::{Attempt, REPORT_URL, SECRET, Scripted, Speech};

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The phone has it.
    Delivered,
    /// Still under way.
    UnderWay,
    /// It will not arrive: Kannel's answer of the SMSC, Twilio's error code, the JSON API's own word.
    Failed(&'static str),
}

/// A report about to be delivered.
#[derive(Clone, Debug)]
pub struct Report {
    /// GET or POST.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Headers that prove it.
    pub headers: Vec<(&'static str, String)>,
    /// The body with its type.
    pub body: Option<(&'static str, String)>,
}

impl Scripted {
    /// Reports to the URL that came with the attempt.
    ///
    /// # Panics
    /// Where none came.
    pub fn report(&self, attempt: &Attempt, said: Said) -> Report {
        let url = attempt.report_url.clone().expect("a URL for reports came with the text");
        match self.speech {
            Speech::Kannel => kannel(&url, said),
            Speech::Twilio => twilio(url, &attempt.reference, said),
            Speech::Json => Report { headers: Vec::new(), ..json_api(url, &attempt.reference, said) },
        }
    }

    /// Reports by the gateway's own name of the text, to the one URL that its operators set up.
    ///
    /// # Panics
    /// Where its kind cannot.
    pub fn report_by_reference(&self, attempt: &Attempt, said: Said) -> Report {
        let url = format!("{REPORT_URL}/api/v1/gateways/{}/reports", self.name);
        match self.speech {
            Speech::Kannel => panic!("Kannel knows no name of a text"),
            Speech::Twilio => twilio(url, &attempt.reference, said),
            Speech::Json => json_api(url, &attempt.reference, said),
        }
    }
}

fn kannel(url: &str, said: Said) -> Report {
    let (status, answer) = match said {
        Said::Delivered => ("1", ""),
        Said::UnderWay => ("4", ""),
        Said::Failed(answer) => ("2", answer),
    };
    let answer: String = url::form_urlencoded::byte_serialize(answer.as_bytes()).collect();
    let url = url.replace("%d", status).replace("%A", &answer);
    Report { method: Method::GET, url, headers: Vec::new(), body: None }
}

fn twilio(url: String, reference: &str, said: Said) -> Report {
    let (status, code) = match said {
        Said::Delivered => ("delivered", None),
        Said::UnderWay => ("sent", None),
        Said::Failed(code) => ("undelivered", Some(code)),
    };
    let mut fields = vec![("MessageSid", reference), ("MessageStatus", status)];
    fields.extend(code.map(|code| ("ErrorCode", code)));
    fields.sort_unstable();
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in &fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature = BASE64.encode(&mac.finalize().into_bytes());
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = vec![("x-twilio-signature", signature)];
    Report { method: Method::POST, url, headers, body: Some(("application/x-www-form-urlencoded", form)) }
}

fn json_api(url: String, reference: &str, said: Said) -> Report {
    let status = match said {
        Said::Delivered => "delivered",
        Said::UnderWay => "on its way",
        Said::Failed(word) => word,
    };
    let body = json!({ "id": reference, "status": status }).to_string();
    let headers = vec![("x-key", SECRET.to_owned())];
    Report { method: Method::POST, url, headers, body: Some(("application/json", body)) }
}
