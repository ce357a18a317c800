//! A caller of the API, who holds every request and every answer against the contract.
//!
//! One short verb an operation, so that a test reads as what happens at the desk. A request that is
//! wrong on purpose says so with [`Call::malformed`]; one outside the document with
//! [`Call::outside_the_contract`].

use std::sync::Arc;

use motcua_openapi::accounts::{Account, AccountPage, SearchAccounts};
use motcua_openapi::messages::{Message, MessageList, MessageState};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};
use motcua_openapi::registrations::{DetailsInput, OtpQueued, Registration, RegistrationList, UpdateRegistration};
use motcua_openapi::sessions::{Me, Session};
use motcua_openapi::{BASE_PATH, IDEMPOTENCY_KEY};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, RETRY_AFTER, SET_COOKIE};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::contract::Contract;
use crate::desk::Desk;
use crate::documents::{self, File};
use crate::wait;

/// A caller: signed in or not, with an idempotency key or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    contract: Arc<Contract>,
    token: Option<String>,
    key: Option<String>,
}

/// An answer that has passed the contract.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    what: String,
}

/// A request about to be sent.
pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(&'a str, String)>,
    body: Body,
    checks: Checks,
}

enum Body {
    None,
    Bytes(String, Vec<u8>),
    Form(reqwest::multipart::Form),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    Both,
    AnswerOnly,
    None,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String, contract: Arc<Contract>) -> Self {
        Self { http, base, contract, token: None, key: None }
    }

    /// The same caller with this access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same caller, whose POSTs carry this `Idempotency-Key`.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("signed in")
    }

    /// Signs in and goes on as that officer.
    #[must_use]
    pub async fn signed_in(&self, username: &str, password: &str) -> Self {
        let session: Session = self.create_session(username, password).await.json(201);
        self.with_token(&session.access_token)
    }

    /// A call of an operation: `path` is the part after `/api/v1`.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        self.call_anything(method, &format!("{BASE_PATH}{path}"))
    }

    /// A call of any path of the server.
    pub fn call_anything(&self, method: Method, path: &str) -> Call<'_> {
        let mut headers = Vec::new();
        headers.extend(self.token.as_ref().map(|token| (AUTHORIZATION.as_str(), format!("Bearer {token}"))));
        if method == Method::POST {
            headers.extend(self.key.clone().map(|key| (IDEMPOTENCY_KEY, key)));
        }
        let path = path.to_owned();
        Call { client: self, method, path, query: Vec::new(), headers, body: Body::None, checks: Checks::Both }
    }

    fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// `create_session`
    pub async fn create_session(&self, username: &str, password: &str) -> Answer {
        self.post("/sessions").json(&json!({"username": username, "password": password})).send().await
    }

    /// `refresh_session` with a refresh token.
    pub async fn refresh_session(&self, refresh_token: &str) -> Answer {
        self.post("/sessions/refresh").header(COOKIE.as_str(), &format!("motcua_refresh={refresh_token}")).send().await
    }

    /// `delete_session`
    pub async fn delete_session(&self) -> Answer {
        self.call(Method::DELETE, "/sessions/current").send().await
    }

    /// `get_me`, asked for whatever the answer.
    pub async fn get_me(&self) -> Answer {
        self.get("/me").send().await
    }

    /// `get_me`
    pub async fn me(&self) -> Me {
        self.get_me().await.json(200)
    }

    /// The unit that this officer can choose.
    pub async fn unit(&self) -> Uuid {
        self.me().await.units.first().expect("a unit to choose").id
    }

    /// `get_desk`
    pub async fn get_desk(&self) -> Answer {
        self.get("/desk").send().await
    }

    /// `look_up`
    pub async fn look_up(&self, id_number: &str) -> Answer {
        self.post("/lookups").json(&json!({"id_number": id_number})).send().await
    }

    /// `create_registration`
    pub async fn create_registration(&self, details: &DetailsInput) -> Answer {
        self.post("/registrations").json(&serde_json::to_value(details).unwrap()).send().await
    }

    /// `list_registrations`
    pub async fn registrations(&self) -> RegistrationList {
        self.get("/registrations").send().await.json(200)
    }

    /// `get_registration`
    pub async fn get_registration(&self, id: Uuid) -> Answer {
        self.get(&format!("/registrations/{id}")).send().await
    }

    /// The registration as it is now.
    pub async fn registration(&self, id: Uuid) -> Registration {
        self.get_registration(id).await.json(200)
    }

    /// `update_registration`
    pub async fn update_registration(&self, id: Uuid, version: i32, changes: DetailsInput) -> Answer {
        let body = serde_json::to_value(UpdateRegistration { version, changes }).unwrap();
        self.call(Method::PATCH, &format!("/registrations/{id}")).json(&body).send().await
    }

    /// `cancel_registration`
    pub async fn cancel_registration(&self, id: Uuid) -> Answer {
        self.call(Method::DELETE, &format!("/registrations/{id}")).send().await
    }

    /// `upload_scan`
    pub async fn upload_scan(&self, id: Uuid, file: &File) -> Answer {
        self.call(Method::PUT, &format!("/registrations/{id}/scan")).file("file", file).send().await
    }

    /// `download_scan`
    pub async fn download_scan(&self, id: Uuid) -> Answer {
        self.get(&format!("/registrations/{id}/scan")).send().await
    }

    /// `download_request_form`
    pub async fn download_request_form(&self, id: Uuid, format: &str) -> Answer {
        self.get(&format!("/registrations/{id}/request-form")).query("format", format).send().await
    }

    /// `send_otp`
    pub async fn send_otp(&self, id: Uuid) -> Answer {
        self.post(&format!("/registrations/{id}/otp")).send().await
    }

    /// `verify_otp`
    pub async fn verify_otp(&self, id: Uuid, code: &str) -> Answer {
        self.post(&format!("/registrations/{id}/otp/verify")).json(&json!({"code": code})).send().await
    }

    /// `create_account`
    pub async fn create_account(&self, id: Uuid) -> Answer {
        self.post(&format!("/registrations/{id}/account")).send().await
    }

    /// `list_registration_messages`
    pub async fn registration_messages(&self, id: Uuid) -> Vec<Message> {
        let list: MessageList = self.get(&format!("/registrations/{id}/messages")).send().await.json(200);
        list.items
    }

    /// `list_account_messages`
    pub async fn account_messages(&self, id: Uuid) -> Vec<Message> {
        let list: MessageList = self.get(&format!("/accounts/{id}/messages")).send().await.json(200);
        list.items
    }

    /// `search_accounts`, asked for whatever the answer.
    pub async fn search_accounts(&self, filters: &SearchAccounts) -> Answer {
        self.post("/accounts/search").json(&serde_json::to_value(filters).unwrap()).send().await
    }

    /// `search_accounts`
    pub async fn search(&self, filters: &SearchAccounts) -> AccountPage {
        self.search_accounts(filters).await.json(200)
    }

    /// `get_account`
    pub async fn get_account(&self, id: Uuid) -> Answer {
        self.get(&format!("/accounts/{id}")).send().await
    }

    // What several operations make together.

    /// Begins a registration with these details at the officer's own unit, with a scan.
    pub async fn draft(&self, details: &DetailsInput) -> Registration {
        self.draft_at(self.unit().await, details).await
    }

    /// The same at another unit.
    pub async fn draft_at(&self, unit: Uuid, details: &DetailsInput) -> Registration {
        let details = DetailsInput { unit_id: Some(unit), ..details.clone() };
        let begun: Registration = self.create_registration(&details).await.json(201);
        self.upload_scan(begun.id, &documents::pdf("the card")).await.json(200)
    }

    /// Asks for a code and waits until the gateway has taken it; the message's id.
    pub async fn sent_otp(&self, id: Uuid) -> Uuid {
        let queued: OtpQueued = self.send_otp(id).await.json(202);
        self.message_in_state(id, queued.message_id, MessageState::Sent).await;
        queued.message_id
    }

    /// Asks for a code and reads it on the citizen's phone.
    pub async fn code(&self, desk: &Desk, id: Uuid) -> String {
        let message = self.sent_otp(id).await;
        desk.phones().text_of(message).await.code()
    }

    /// The message of a registration once it is in a state.
    pub async fn message_in_state(&self, id: Uuid, message: Uuid, state: MessageState) -> Message {
        wait::until(&format!("message {message} to be {state:?}"), || async {
            let all = self.registration_messages(id).await;
            all.into_iter().find(|one| one.id == message && one.state == state)
        })
        .await
    }

    /// A registration whose phone is confirmed.
    pub async fn verified(&self, desk: &Desk, details: &DetailsInput) -> Registration {
        self.verified_at(desk, self.unit().await, details).await
    }

    async fn verified_at(&self, desk: &Desk, unit: Uuid, details: &DetailsInput) -> Registration {
        let draft = self.draft_at(unit, details).await;
        let code = self.code(desk, draft.id).await;
        self.verify_otp(draft.id, &code).await.json(200)
    }

    /// An account, all the way.
    pub async fn account(&self, desk: &Desk, details: &DetailsInput) -> Account {
        self.account_at(desk, self.unit().await, details).await
    }

    /// The same at another unit.
    pub async fn account_at(&self, desk: &Desk, unit: Uuid, details: &DetailsInput) -> Account {
        let registration = self.verified_at(desk, unit, details).await;
        self.create_account(registration.id).await.json(201)
    }

    /// The message that brings the password, once it is sent.
    pub async fn password_message(&self, account: Uuid) -> Message {
        wait::until("the password to be sent", || async {
            self.account_messages(account).await.into_iter().find(|one| one.state == MessageState::Sent)
        })
        .await
    }
}

impl<'a> Call<'a> {
    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    /// With these bytes as the body.
    #[must_use]
    pub fn bytes(self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { body: Body::Bytes(media_type.to_owned(), bytes.into()), ..self }
    }

    /// With a file as a browser's form sends it.
    #[must_use]
    pub fn file(self, field: &str, file: &File) -> Self {
        let part = reqwest::multipart::Part::bytes(file.content.clone())
            .file_name(file.name.clone())
            .mime_str(file.media_type)
            .expect("a media type");
        Self { body: Body::Form(reqwest::multipart::Form::new().part(field.to_owned(), part)), ..self }
    }

    /// With a parameter in the query.
    #[must_use]
    pub fn query(mut self, name: &'a str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'a str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The request is wrong on purpose: only the answer is checked.
    #[must_use]
    pub fn malformed(self) -> Self {
        Self { checks: Checks::AnswerOnly, ..self }
    }

    /// The path or the method is none of the document's: a problem is expected to be one all the same.
    #[must_use]
    pub fn outside_the_contract(self) -> Self {
        Self { checks: Checks::None, ..self }
    }

    /// Sends it.
    ///
    /// # Panics
    /// Where the request or the answer is not as documented, or no answer comes.
    pub async fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        if self.checks == Checks::Both {
            self.check_request().unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let Self { client, method, path, query, headers, body, checks } = self;
        let mut request = client.http.request(method.clone(), format!("{}{path}", client.base)).query(&query);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request = match body {
            Body::None => request,
            Body::Bytes(media_type, bytes) => request.header(CONTENT_TYPE, media_type).body(bytes),
            Body::Form(form) => request.multipart(form),
        };
        let response = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{what}: {error:?}")).to_vec();
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if checks != Checks::None {
            let verdict = client.contract.check_answer(&method, &path, status, media_type, &body);
            verdict.unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        if status >= 400 {
            assert_eq!(media_type, Some("application/problem+json"), "{what}: {status}");
        }
        Answer { status, headers, body, what }
    }

    fn check_request(&self) -> Result<(), String> {
        let body: Option<(&str, &[u8])> = match &self.body {
            Body::None => None,
            Body::Bytes(media_type, bytes) => Some((media_type, bytes)),
            Body::Form(_) => Some(("multipart/form-data", &[])),
        };
        self.client.contract.check_request(&self.method, &self.path, &self.query, body)
    }
}

impl Answer {
    /// The body as `T`, where the status is this one.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text()))
    }

    /// The body's bytes, where the status is this one.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn bytes(&self, status: u16) -> &[u8] {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        &self.body
    }

    /// The refusal, where it is of this code.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn refused(&self, code: ProblemCode) -> Problem {
        let problem: Problem = self.json(code.status());
        assert_eq!(problem.code, code, "{}: {}", self.what, self.text());
        assert_eq!(problem.status, self.status, "{}: {}", self.what, self.text());
        assert_eq!(problem.kind, format!("urn:motcua:problem:{}", code.as_str()));
        assert_eq!(problem.title, code.title());
        problem
    }

    /// The refused fields of a body, by field.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn refused_fields(&self, code: ProblemCode) -> Vec<FieldError> {
        let mut fields = self.refused(code).fields;
        fields.sort_by(|a, b| a.field.cmp(&b.field));
        fields
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// `Retry-After` in seconds.
    ///
    /// # Panics
    /// Where there is none.
    pub fn retry_after(&self) -> i64 {
        self.header(RETRY_AFTER.as_str()).expect("Retry-After").parse().expect("seconds")
    }

    /// The refresh token of `Set-Cookie`, where one was set.
    pub fn refresh_token(&self) -> Option<String> {
        let cookie = self.header(SET_COOKIE.as_str())?;
        let value = cookie.strip_prefix("motcua_refresh=")?.split(';').next()?;
        Some(value.to_owned())
    }
}
