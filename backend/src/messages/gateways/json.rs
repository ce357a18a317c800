//! Any API that takes JSON: where to post, what, and how to read the answer are templates of the settings.
//!
//! For the domestic providers, which are all alike and all different; `settings.example.toml` has two
//! shapes. A value is put into the strings of a parsed document, never pasted into its text, so that no
//! text can break out of its place.

use std::collections::BTreeMap;
use std::str::FromStr;

use anyhow::{Context, ensure};
use motcua_openapi::messages::MessageReason;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{About, Fate, ReportRefusal, ReportRequest, Sending, Verdict, call};
use crate::settings::{self, JsonReports};

const PLACEHOLDERS: [&str; 7] =
    ["{phone}", "{phone_digits}", "{phone_national}", "{text}", "{message_id}", "{secret}", "{report_url}"];

/// An API that takes JSON.
pub struct JsonApi {
    client: Client,
    url: Url,
    headers: Vec<(HeaderName, String)>,
    body: Value,
    secret: SecretString,
    success_pointer: String,
    success_values: Vec<String>,
    refusals: BTreeMap<String, MessageReason>,
    reference_pointer: String,
    reports: Option<JsonReports>,
}

impl JsonApi {
    pub(super) fn open(settings: &settings::JsonApi) -> anyhow::Result<Self> {
        let body: Value = serde_json::from_str(&settings.body).context("body is not a JSON document")?;
        let body_text = body.to_string();
        ensure!(body_text.contains("{text}"), "body does not say {{text}}");
        ensure!(body_text.contains("{phone"), "body says none of {{phone}}, {{phone_digits}}, {{phone_national}}");
        for text in [body_text.as_str(), &settings.url].into_iter().chain(settings.headers.values().map(String::as_str))
        {
            check_placeholders(text)?;
        }
        for personal in ["{phone", "{text}", "{secret}"] {
            ensure!(!settings.url.contains(personal), "url must not hold {personal}: URLs end up in logs");
        }
        let pointers = [&settings.success_pointer, &settings.reference_pointer];
        ensure!(pointers.iter().all(|it| it.is_empty() || it.starts_with('/')), "a JSON pointer begins with /");
        ensure!(
            settings.success_pointer.is_empty() == settings.success_values.is_empty(),
            "success_pointer and success_values go together"
        );
        if let Some(reports) = &settings.reports {
            // A name that the send call's answer never told finds nothing.
            let by_reference = !reports.reference_pointer.is_empty() && !settings.reference_pointer.is_empty();
            let by_body = by_reference || !reports.message_pointer.is_empty();
            let by_header = !reports.header.is_empty() && !reports.secret.expose_secret().is_empty();
            ensure!(
                body_text.contains("{report_url}") || (by_body && by_header),
                "reports: put {{report_url}} into body, or set header, secret and a pointer to the message"
            );
        }
        let header = |(name, value): (&String, &String)| {
            HeaderName::from_str(name).map(|name| (name, value.clone())).with_context(|| format!("headers.{name}"))
        };
        Ok(Self {
            client: call::client(settings.timeout_seconds)?,
            url: Url::parse(&settings.url).context("url")?,
            headers: settings.headers.iter().map(header).collect::<Result<_, _>>()?,
            body,
            secret: settings.secret.clone(),
            success_pointer: settings.success_pointer.clone(),
            success_values: settings.success_values.clone(),
            refusals: settings.refusals.clone(),
            reference_pointer: settings.reference_pointer.clone(),
            reports: settings.reports.clone(),
        })
    }

    pub(super) fn reports(&self) -> bool {
        self.reports.is_some()
    }

    pub(super) async fn send(&self, sending: Sending<'_>) -> Verdict {
        let values = self.values(&sending);
        let body = fill(&self.body, &values).to_string();
        let mut request = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        for (name, template) in &self.headers {
            let Ok(mut value) = HeaderValue::from_str(&fill_text(template, &values)) else {
                return call::fault("a header of the settings cannot be sent");
            };
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        match call::call(request).await {
            Ok(answer) => self.judge(answer.status.as_u16(), &answer.body),
            Err(verdict) => verdict,
        }
    }

    fn values(&self, sending: &Sending<'_>) -> [(&'static str, String); PLACEHOLDERS.len()] {
        let phone = sending.phone.as_e164();
        let digits = phone.trim_start_matches('+');
        let national = format!("0{}", digits.strip_prefix("84").unwrap_or(digits));
        let [a, b, c, d, e, f, g] = PLACEHOLDERS;
        [
            (a, phone.to_owned()),
            (b, digits.to_owned()),
            (c, national),
            (d, sending.text.expose_secret().to_owned()),
            (e, sending.message_id.to_string()),
            (f, self.secret.expose_secret().to_owned()),
            (g, sending.report_url.unwrap_or_default().to_owned()),
        ]
    }

    fn judge(&self, status: u16, body: &[u8]) -> Verdict {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let said = text_at(&answer, &self.success_pointer);
        let is_success =
            self.success_pointer.is_empty() || said.as_ref().is_some_and(|said| self.success_values.contains(said));
        let refusal = said.as_ref().and_then(|said| self.refusals.get(said)).copied();
        match (status, refusal) {
            (_, Some(reason)) => Verdict::Refused(reason),
            (200..300, None) if is_success => {
                Verdict::Accepted { reference: text_at(&answer, &self.reference_pointer) }
            }
            (200..300, None) => call::fault("an accepted status with a body that says otherwise"),
            (401 | 403, None) => call::fault("the gateway does not know our account"),
            (400..500, None) => Verdict::Refused(MessageReason::GatewayRefused),
            _ => call::fault("an unexpected status"),
        }
    }

    pub(super) fn read_report(&self, request: &ReportRequest<'_>) -> Result<(Option<About>, Fate), ReportRefusal> {
        let reports = self.reports.as_ref().ok_or(ReportRefusal::Unproven)?;
        if !request.url_is_proven && !has_secret(reports, request) {
            return Err(ReportRefusal::Unproven);
        }
        let body: Value =
            serde_json::from_slice(request.body).map_err(|_| ReportRefusal::Unreadable("the body is not JSON"))?;
        let message = text_at(&body, &reports.message_pointer).and_then(|id| id.parse::<Uuid>().ok());
        let about = match (message, text_at(&body, &reports.reference_pointer)) {
            (Some(message), Some(reference)) => Some(About::Both { message, reference }),
            (Some(message), None) => Some(About::Message(message)),
            (None, reference) => reference.map(About::Reference),
        };
        let status = text_at(&body, &reports.status_pointer)
            .ok_or(ReportRefusal::Unreadable("no status where one should be"))?;
        let fate = if reports.delivered.contains(&status) {
            Fate::Delivered
        } else {
            reports.failed.get(&status).map_or(Fate::UnderWay, |reason| Fate::Failed(*reason))
        };
        Ok((about, fate))
    }
}

fn has_secret(reports: &JsonReports, request: &ReportRequest<'_>) -> bool {
    let secret = reports.secret.expose_secret().as_bytes();
    let given = request.headers.get(reports.header.as_str());
    !secret.is_empty() && given.is_some_and(|given| given.as_bytes().ct_eq(secret).into())
}

fn check_placeholders(text: &str) -> anyhow::Result<()> {
    let rest = PLACEHOLDERS.iter().fold(text.to_owned(), |text, placeholder| text.replace(placeholder, ""));
    // Braces are JSON's own too: a placeholder is a word right between two of them.
    let unknown = rest
        .split('{')
        .skip(1)
        .filter_map(|after| after.split_once('}'))
        .map(|(word, _)| word)
        .find(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    ensure!(unknown.is_none(), "unknown placeholder {{{}}}", unknown.unwrap_or_default());
    Ok(())
}

fn fill_text(template: &str, values: &[(&str, String)]) -> String {
    // One pass from left to right: a value that looks like a placeholder stays as it is.
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from_brace) = rest.split_at(at);
        filled.push_str(before);
        if let Some((placeholder, value)) = values.iter().find(|(placeholder, _)| from_brace.starts_with(placeholder)) {
            filled.push_str(value);
            rest = from_brace.get(placeholder.len()..).unwrap_or_default();
        } else {
            filled.push('{');
            rest = from_brace.get(1..).unwrap_or_default();
        }
    }
    filled + rest
}

fn fill(template: &Value, values: &[(&str, String)]) -> Value {
    match template {
        Value::String(text) => Value::String(fill_text(text, values)),
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), fill(value, values))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => template.clone(),
    }
}

/// What stands at a pointer, as text; nothing for an empty pointer.
fn text_at(value: &Value, pointer: &str) -> Option<String> {
    if pointer.is_empty() {
        return None;
    }
    match value.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
    use motcua_openapi::values::PhoneNumber;
    use serde_json::json;

    use super::super::Trouble;
    use super::*;

    fn settings() -> settings::JsonApi {
        settings::JsonApi {
            url: "http://127.0.0.1:1/send".into(),
            body: r#"{"ApiKey":"{secret}","Phone":"{phone_national}","Content":"{text}","RequestId":"{message_id}"}"#
                .into(),
            secret: "khoa".into(),
            success_pointer: "/CodeResult".into(),
            success_values: vec!["100".into()],
            refusals: BTreeMap::from([("99".into(), MessageReason::NumberUnknown)]),
            reference_pointer: "/SMSID".into(),
            reports: Some(JsonReports {
                header: "x-key".into(),
                secret: "bi mat".into(),
                reference_pointer: "/SMSID".into(),
                status_pointer: "/SendStatus".into(),
                delivered: vec!["5".into()],
                failed: BTreeMap::from([("4".into(), MessageReason::PhoneUnreachable)]),
                ..JsonReports::default()
            }),
            ..settings::JsonApi::default()
        }
    }

    #[test]
    fn no_text_breaks_out_of_its_place() {
        let gateway = JsonApi::open(&settings()).unwrap();
        let phone = PhoneNumber::parse("0905437123").unwrap();
        let text = SecretString::from("\"}, {phone} {secret}");
        let sending = Sending { message_id: Uuid::nil(), phone: &phone, text: &text, report_url: None };
        let filled = fill(&gateway.body, &gateway.values(&sending));
        assert_eq!(
            filled,
            json!({ "ApiKey": "khoa", "Phone": "0905437123", "Content": "\"}, {phone} {secret}", "RequestId": Uuid::nil() })
        );
    }

    #[test]
    fn the_body_says_whether_it_was_accepted() {
        let gateway = JsonApi::open(&settings()).unwrap();
        let accepted = Verdict::Accepted { reference: Some("7".into()) };
        assert_eq!(gateway.judge(200, br#"{"CodeResult":100,"SMSID":7}"#), accepted);
        assert_eq!(gateway.judge(200, br#"{"CodeResult":"99"}"#), Verdict::Refused(MessageReason::NumberUnknown));
        assert_eq!(gateway.judge(200, br#"{"CodeResult":"103"}"#), Verdict::Trouble(Trouble::Fault));
        assert_eq!(gateway.judge(200, b"<html>"), Verdict::Trouble(Trouble::Fault));
        assert_eq!(gateway.judge(403, b""), Verdict::Trouble(Trouble::Fault));
        assert_eq!(gateway.judge(400, b""), Verdict::Refused(MessageReason::GatewayRefused));
    }

    #[test]
    fn a_report_counts_only_with_the_secret_or_a_url_that_we_made() {
        let gateway = JsonApi::open(&settings()).unwrap();
        let read = |key: &str, url_is_proven, body: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static("x-key"), HeaderValue::from_str(key).unwrap());
            let body = body.as_bytes();
            gateway.read_report(&ReportRequest { url: "", query: "", headers: &headers, body, url_is_proven })
        };
        let about = || Some(About::Reference("7".into()));
        let failed = Fate::Failed(MessageReason::PhoneUnreachable);
        assert_eq!(read("bi mat", false, r#"{"SMSID":7,"SendStatus":5}"#), Ok((about(), Fate::Delivered)));
        assert_eq!(read("bi mat", false, r#"{"SMSID":7,"SendStatus":4}"#), Ok((about(), failed)));
        assert_eq!(read("bi mat", false, r#"{"SMSID":7,"SendStatus":1}"#), Ok((about(), Fate::UnderWay)));
        assert_eq!(read("khac", true, r#"{"SendStatus":5}"#), Ok((None, Fate::Delivered)));
        assert_eq!(read("khac", false, r#"{"SMSID":7,"SendStatus":5}"#), Err(ReportRefusal::Unproven));
        assert!(matches!(read("bi mat", false, "{}"), Err(ReportRefusal::Unreadable(_))));
    }

    #[test]
    fn a_template_that_cannot_work_is_refused_at_start() {
        let refused = |change: &dyn Fn(&mut settings::JsonApi)| {
            let mut settings = settings();
            change(&mut settings);
            format!("{:#}", JsonApi::open(&settings).err().unwrap())
        };
        assert!(refused(&|it| it.body = "{".into()).contains("not a JSON document"));
        assert!(refused(&|it| it.body = r#"{"to":"{phone}"}"#.into()).contains("{text}"));
        assert!(refused(&|it| it.body = r#"{"t":"{text}","to":"{phone}","x":"{nummer}"}"#.into()).contains("{nummer}"));
        assert!(refused(&|it| it.url = "http://x/{phone}".into()).contains("URLs end up in logs"));
        assert!(refused(&|it| it.success_values.clear()).contains("go together"));
        assert!(refused(&|it| it.reports.as_mut().unwrap().header.clear()).contains("reports"));
        assert!(refused(&|it| it.reference_pointer.clear()).contains("reports"));
    }
}
