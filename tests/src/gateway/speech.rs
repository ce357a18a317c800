//! The words of the three kinds of gateway: how a request is read, how it is answered, and how the settings
//! name such a gateway.
//!
//! Sources: those that `backend/src/messages/gateways` names.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Instant;

use data_encoding::BASE64;
use motcua::settings::{self, JsonApi, JsonReports};
use motcua_openapi::messages::MessageReason;
use serde_json::{Value, json};

use super::{Attempt, Behaviour};
use crate::http::Request;
use crate::phone::Text;

/// The account's name at every scripted gateway.
pub const USERNAME: &str = "motcua";
/// Its password, and the key that signs reports.
pub const SECRET: &str = "bi-mat-cua-cong-tin-nhan";
/// The sender that phones show.
pub const SENDER: &str = "DICHVUCONG";

/// A kind of gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// Kannel's `sendsms`.
    Kannel,
    /// A Twilio-shaped API.
    Twilio,
    /// An API that takes JSON.
    Json,
}

impl Speech {
    pub(super) fn settings(self, address: SocketAddr, timeout_seconds: u64) -> settings::Gateway {
        let base = format!("http://{address}");
        match self {
            Self::Kannel => settings::Gateway::Kannel(settings::Kannel {
                url: format!("{base}/cgi-bin/sendsms"),
                username: USERNAME.into(),
                password: SECRET.into(),
                from: SENDER.into(),
                timeout_seconds,
                ..settings::Kannel::default()
            }),
            Self::Twilio => settings::Gateway::Twilio(settings::Twilio {
                url: base,
                account: USERNAME.into(),
                token: SECRET.into(),
                from: SENDER.into(),
                timeout_seconds,
                ..settings::Twilio::default()
            }),
            Self::Json => settings::Gateway::Json(Box::new(json_settings(&base, timeout_seconds))),
        }
    }

    pub(super) fn read(self, request: &Request, nth: usize, met: Behaviour) -> Attempt {
        let attempt = |field: &dyn Fn(&str) -> Option<String>, names: [&str; 4], account: (String, String)| {
            let [to, body, from, report_url] = names;
            Attempt {
                text: Text { to: field(to).unwrap_or_default(), body: field(body).unwrap_or_default() },
                username: account.0,
                password: account.1,
                from: field(from).unwrap_or_default(),
                report_url: field(report_url).filter(|url| !url.is_empty()),
                reference: format!("SM{nth}"),
                met,
                at: Instant::now(),
            }
        };
        match self {
            Self::Kannel => {
                let url = url::Url::parse(&format!("http://box{}", request.target)).expect("a URL");
                let field = |name: &str| first(url.query_pairs(), name);
                let account = (field("username").unwrap_or_default(), field("password").unwrap_or_default());
                attempt(&field, ["to", "text", "from", "dlr-url"], account)
            }
            Self::Twilio => {
                let field = |name: &str| first(url::form_urlencoded::parse(&request.body), name);
                attempt(&field, ["To", "Body", "From", "StatusCallback"], basic_account(request))
            }
            Self::Json => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let field = |name: &str| body[name].as_str().map(str::to_owned);
                let key = request.headers.get("x-key").cloned().unwrap_or_default();
                attempt(&field, ["to", "text", "from", "report_to"], (USERNAME.to_owned(), key))
            }
        }
    }

    pub(super) fn accepted(self, reference: &str) -> (u16, String) {
        match self {
            Self::Kannel => (202, "0: Accepted for delivery".into()),
            Self::Twilio => (201, json!({ "sid": reference, "status": "queued", "error_code": null }).to_string()),
            Self::Json => (200, json!({ "result": "ok", "id": reference }).to_string()),
        }
    }

    pub(super) fn accepted_with_an_error(self) -> (u16, String) {
        match self {
            Self::Kannel => (200, "Temporal failure, try again later.".into()),
            Self::Twilio => (200, json!({ "sid": null, "error_code": 30001 }).to_string()),
            Self::Json => (200, json!({ "result": "overloaded" }).to_string()),
        }
    }

    pub(super) fn refused(self) -> (u16, String) {
        match self {
            Self::Kannel => (403, "Denied".into()),
            Self::Twilio => (400, json!({ "code": 21211, "message": "invalid number" }).to_string()),
            Self::Json => (200, json!({ "result": "no_such_number" }).to_string()),
        }
    }
}

fn json_settings(base: &str, timeout_seconds: u64) -> JsonApi {
    let words = |pairs: &[(&str, MessageReason)]| -> BTreeMap<String, MessageReason> {
        pairs.iter().map(|(word, reason)| ((*word).to_owned(), *reason)).collect()
    };
    JsonApi {
        url: format!("{base}/send"),
        headers: BTreeMap::from([("x-key".into(), "{secret}".into())]),
        body: json!({
            "to": "{phone}", "text": "{text}", "from": SENDER, "our_id": "{message_id}", "report_to": "{report_url}",
        })
        .to_string(),
        secret: SECRET.into(),
        success_pointer: "/result".into(),
        success_values: vec!["ok".into()],
        refusals: words(&[("no_such_number", MessageReason::NumberUnknown), ("stop_list", MessageReason::Blocked)]),
        reference_pointer: "/id".into(),
        reports: Some(JsonReports {
            header: "x-key".into(),
            secret: SECRET.into(),
            reference_pointer: "/id".into(),
            status_pointer: "/status".into(),
            delivered: vec!["delivered".into()],
            failed: words(&[
                ("off", MessageReason::PhoneUnreachable),
                ("stop_list", MessageReason::Blocked),
                ("no_such_number", MessageReason::NumberUnknown),
                ("network", MessageReason::NetworkFault),
            ]),
            ..JsonReports::default()
        }),
        timeout_seconds,
        ..JsonApi::default()
    }
}

fn first<'a>(
    mut pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
    name: &str,
) -> Option<String> {
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn basic_account(request: &Request) -> (String, String) {
    let given = request.headers.get("authorization").and_then(|value| value.strip_prefix("Basic "));
    let decoded = given.and_then(|value| BASE64.decode(value.as_bytes()).ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(&decoded).into_owned();
    let (username, password) = text.split_once(':').unwrap_or_default();
    (username.to_owned(), password.to_owned())
}
