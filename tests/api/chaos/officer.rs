//! An officer who works on through whatever happens to the server: asks again with the same key until an
//! answer comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use motcua_openapi::IDEMPOTENCY_KEY;
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::documents;
use motcua_tests::gateway::{Attempt, Scripted};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

const BETWEEN_LOOKS: Duration = Duration::from_millis(40);
/// How long a server may be away before an officer gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all officers have seen.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) presses: AtomicUsize,
    pub(super) repeated_requests: AtomicUsize,
    pub(super) older_codes_refused: AtomicUsize,
    pub(super) codes_asked_for_again: AtomicUsize,
    pub(super) accounts: AtomicUsize,
}

/// How far a registration has come.
pub(super) enum Outcome {
    /// The account is there, by this code of this registration.
    Created,
    /// The phone has had its fill: the citizen comes back in an hour.
    ComesBack(Uuid),
}

#[derive(Clone)]
pub(super) struct Officer {
    http: reqwest::Client,
    base: String,
    token: String,
    unit: Value,
    scan: Arc<Vec<u8>>,
    gateways: Arc<[Scripted; 2]>,
    seen: Arc<Seen>,
}

/// What came of trying the codes of a message.
enum Tried {
    Confirmed,
    AskAgain,
    CapReached,
}

impl Officer {
    pub(super) async fn sign_in(
        base: String,
        (username, password): (&str, &str),
        gateways: Arc<[Scripted; 2]>,
        seen: Arc<Seen>,
    ) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let scan = Arc::new(documents::pdf("chaos").content);
        let base = format!("{base}/api/v1");
        let mut officer = Self { http, base, token: String::new(), unit: Value::Null, scan, gateways, seen };
        let body = json!({ "username": username, "password": password });
        let (status, session) = officer.ask(Method::POST, "/sessions", |request| request.json(&body)).await;
        assert_eq!(status, 201, "{session}");
        officer.token = session["access_token"].as_str().unwrap().to_owned();
        let (_, me) = officer.ask(Method::GET, "/me", |request| request).await;
        officer.unit = me["units"][0]["id"].clone();
        officer
    }

    /// Asks until an answer comes that is no fault of a server that is going down.
    async fn ask(&self, method: Method, path: &str, with: impl Fn(RequestBuilder) -> RequestBuilder) -> (u16, Value) {
        let began = Instant::now();
        loop {
            let request = self.http.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.token);
            if let Ok(answer) = with(request).send().await {
                let status = answer.status().as_u16();
                if let (Ok(body), 0..500) = (answer.bytes().await, status) {
                    return (status, serde_json::from_slice(&body).unwrap_or_default());
                }
            }
            assert!(began.elapsed() < PATIENCE, "no answer to {method} {path} in {PATIENCE:?}");
            self.seen.repeated_requests.fetch_add(1, Ordering::Relaxed);
            sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn post(&self, path: &str, key: &str, body: Option<&Value>) -> (u16, Value) {
        let with = |request: RequestBuilder| {
            let request = request.header(IDEMPOTENCY_KEY, key);
            if let Some(body) = body { request.json(body) } else { request }
        };
        self.ask(Method::POST, path, with).await
    }

    /// A whole registration, from the first digits to the account.
    pub(super) async fn register(&self, n: u32, details: DetailsInput) -> Outcome {
        let mut body = serde_json::to_value(details).unwrap();
        body["unit_id"] = self.unit.clone();
        let (status, begun) = self.post("/registrations", &format!("begin {n}"), Some(&body)).await;
        assert_eq!(status, 201, "{begun}");
        let id: Uuid = begun["id"].as_str().unwrap().parse().unwrap();
        let form = |request: RequestBuilder| {
            let scan = Part::bytes(self.scan.to_vec()).file_name("scan.pdf").mime_str("application/pdf").unwrap();
            request.multipart(Form::new().part("file", scan))
        };
        let (status, scanned) = self.ask(Method::PUT, &format!("/registrations/{id}/scan"), form).await;
        assert_eq!(status, 200, "{scanned}");
        self.finish(id).await
    }

    /// The rest of one that was begun: the code, and the account.
    pub(super) async fn finish(&self, id: Uuid) -> Outcome {
        loop {
            let key = format!("press {}", self.seen.presses.fetch_add(1, Ordering::Relaxed));
            let (status, queued) = self.post(&format!("/registrations/{id}/otp"), &key, None).await;
            let tried = match (status, queued["params"]["cap"].as_str()) {
                (202, _) => self.try_codes(id, queued["message_id"].as_str().unwrap().parse().unwrap()).await,
                (429, Some("per_phone_hour" | "per_phone_day")) => Tried::CapReached,
                (429, _) => {
                    sleep(Duration::from_millis(300)).await;
                    continue;
                }
                _ => panic!("a code was refused: {status} {queued}"),
            };
            match tried {
                Tried::Confirmed => break,
                Tried::CapReached => return Outcome::ComesBack(id),
                Tried::AskAgain => {
                    self.seen.codes_asked_for_again.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let (status, account) =
            self.post(&format!("/registrations/{id}/account"), &format!("account {id}"), None).await;
        assert_eq!(status, 201, "{account}");
        self.seen.accounts.fetch_add(1, Ordering::Relaxed);
        Outcome::Created
    }

    /// Reads the codes on the citizen's phone as they come, and tries each newest one once.
    async fn try_codes(&self, id: Uuid, message: Uuid) -> Tried {
        let mut tried: Vec<String> = Vec::new();
        let mut looked = Instant::now();
        loop {
            let codes = self.codes(id, message);
            if let Some(newest) = codes.last().filter(|code| !tried.contains(code)) {
                let older = codes.iter().find(|code| *code != newest && !tried.contains(code));
                if let Some(older) = older {
                    let (status, answer) = self.verify(id, older).await;
                    assert_ne!(status, 200, "the older code {older} was accepted, the newest is {newest}");
                    self.seen.older_codes_refused.fetch_add(1, Ordering::Relaxed);
                    tried.push(older.clone());
                    if !matches!(answer["code"].as_str(), Some("otp_superseded" | "otp_missing")) {
                        return self.unless_confirmed(id, &answer).await;
                    }
                }
                // Whatever reached a phone before this moment is older than what is accepted after it.
                let (status, answer) = self.verify(id, newest).await;
                tried.push(newest.clone());
                match (status, answer["code"].as_str()) {
                    (200, _) => return Tried::Confirmed,
                    // A newer one is on its way.
                    (_, Some("otp_superseded" | "otp_missing")) => {}
                    _ => return self.unless_confirmed(id, &answer).await,
                }
            }
            sleep(BETWEEN_LOOKS).await;
            if looked.elapsed() > Duration::from_secs(1) {
                looked = Instant::now();
                let (_, list) = self.ask(Method::GET, &format!("/registrations/{id}/messages"), |it| it).await;
                let newest = &list["items"][0];
                match (newest["state"].as_str(), newest["reason"].as_str()) {
                    (Some("queued"), Some("phone_cap_reached")) => return Tried::CapReached,
                    (Some("dropped" | "failed"), _) => return self.unless_confirmed(id, newest).await,
                    _ => {}
                }
            }
        }
    }

    /// A verify whose answer was lost may have confirmed the phone: the registration says so.
    async fn unless_confirmed(&self, id: Uuid, why: &Value) -> Tried {
        let (_, registration) = self.ask(Method::GET, &format!("/registrations/{id}"), |it| it).await;
        match registration["state"].as_str() {
            Some("phone_verified") => Tried::Confirmed,
            Some("draft") => Tried::AskAgain,
            _ => panic!("{registration} after {why}"),
        }
    }

    async fn verify(&self, id: Uuid, code: &str) -> (u16, Value) {
        let body = json!({ "code": code });
        self.ask(Method::POST, &format!("/registrations/{id}/otp/verify"), |request| request.json(&body)).await
    }

    /// The codes of a message that are on the phone, the newest last. Every other citizen reads none out before
    /// a gateway has accepted the newest, so that older ones gather on some phones.
    fn codes(&self, registration: Uuid, message: Uuid) -> Vec<String> {
        let attempts = attempts_at(&self.gateways, message);
        let waits = registration.as_u128().is_multiple_of(2);
        if waits && !attempts.last().is_some_and(|attempt| attempt.met.is_accepting()) {
            return Vec::new();
        }
        let mut codes: Vec<String> = attempts.iter().map(|attempt| attempt.text.code()).collect();
        codes.dedup();
        codes
    }
}

/// The attempts at a message that reached either gateway, the newest last.
pub(super) fn attempts_at(gateways: &[Scripted; 2], message: Uuid) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = gateways.iter().flat_map(|gateway| gateway.attempts_at(message)).collect();
    attempts.sort_by_key(|attempt| (attempt.of_message(), attempt.at));
    attempts
}
