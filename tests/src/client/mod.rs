//! A caller of the API, who holds every request and every answer against the contract.
//!
//! One short verb an operation, so that a test reads as what happens at the desk. A request that is
//! wrong on purpose says so with [`Call::malformed`]; one outside the document with
//! [`Call::outside_the_contract`].

mod administration;
mod answer;
mod call;
mod citizens;

use std::sync::Arc;

use motcua_openapi::BASE_PATH;
use motcua_openapi::accounts::{Account, AccountPage, PasswordQueued, SearchAccounts};
use motcua_openapi::messages::{Message, MessageList, MessageState, MessageStatistics};
use motcua_openapi::registrations::{DetailsInput, OtpQueued, Registration, RegistrationList, UpdateRegistration};
use motcua_openapi::sessions::{Me, Session};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use serde_json::json;
use uuid::Uuid;

pub use answer::Answer;
pub use call::Call;

use crate::contract::Contract;
use crate::desk::Desk;
use crate::documents::{self, File};
use crate::gateway::report::Report;
use crate::live::Live;
use crate::wait;

/// A caller: signed in or not, with an idempotency key or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    contract: Arc<Contract>,
    token: Option<String>,
    key: Option<String>,
    address: Option<String>,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String, contract: Arc<Contract>) -> Self {
        Self { http, base, contract, token: None, key: None, address: None }
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

    /// The same caller, as if from this address: where the server is behind a proxy.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..self.clone() }
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
        Call::new(self, method, path)
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

    /// `resend_password`
    pub async fn resend_password(&self, account: Uuid) -> Answer {
        self.post(&format!("/accounts/{account}/password-messages")).send().await
    }

    /// `get_message_statistics`, asked for whatever the answer.
    pub async fn get_statistics(&self, hours: &str) -> Answer {
        self.get("/messages/statistics").query("hours", hours).send().await
    }

    /// `get_message_statistics` of the last day.
    pub async fn statistics(&self) -> MessageStatistics {
        self.get("/messages/statistics").send().await.json(200)
    }

    /// `get_dashboard`, with this query.
    pub async fn get_dashboard<'a>(&'a self, query: &[(&'a str, &'a str)]) -> Answer {
        let call = self.get("/dashboard");
        query.iter().fold(call, |call, (name, value)| call.query(name, value)).send().await
    }

    /// `follow_registration_messages`
    pub async fn follow_registration(&self, id: Uuid) -> Live {
        self.follow(&format!("/registrations/{id}/messages/events")).await
    }

    /// `follow_account_messages`
    pub async fn follow_account(&self, id: Uuid) -> Live {
        self.follow(&format!("/accounts/{id}/messages/events")).await
    }

    async fn follow(&self, path: &str) -> Live {
        let path = format!("{BASE_PATH}{path}");
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(self.token());
        let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let verdict = self.contract.check_answer(&Method::GET, &path, response.status().as_u16(), media_type, b"");
        verdict.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        Live::new(response)
    }

    /// `receive_delivery_report`, by whichever method the gateway uses.
    pub async fn deliver(&self, report: &Report) -> Answer {
        let url = url::Url::parse(&report.url).expect("a URL");
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        // The query and the body are the gateway's own: the document does not know them.
        let mut call = self.call_anything(report.method.clone(), url.path()).malformed();
        for (name, value) in &query {
            call = call.query(name, value);
        }
        for (name, value) in &report.headers {
            call = call.header(name, value);
        }
        if let Some((media_type, body)) = &report.body {
            call = call.bytes(media_type, body.as_bytes());
        }
        call.send().await
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

    /// The message of an account once it is in a state.
    pub async fn account_message_in_state(&self, account: Uuid, message: Uuid, state: MessageState) -> Message {
        wait::until(&format!("message {message} to be {state:?}"), || async {
            let all = self.account_messages(account).await;
            all.into_iter().find(|one| one.id == message && one.state == state)
        })
        .await
    }

    /// The newest message of a registration once it was tried so often and waits to be tried again.
    pub async fn waiting(&self, desk: &Desk, registration: Uuid, attempts: u32) -> Message {
        newest_that_waits(desk, attempts, || self.registration_messages(registration)).await
    }

    /// The newest message of an account once it was tried so often and waits to be tried again.
    pub async fn account_waiting(&self, desk: &Desk, account: Uuid, attempts: u32) -> Message {
        newest_that_waits(desk, attempts, || self.account_messages(account)).await
    }

    /// Asks for another password; its message's id.
    pub async fn resent_password(&self, account: Uuid) -> Uuid {
        let queued: PasswordQueued = self.resend_password(account).await.json(202);
        queued.message_id
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

/// Between claiming and recording a message does not wait.
async fn newest_that_waits<F: Future<Output = Vec<Message>>>(
    desk: &Desk,
    attempts: u32,
    mut messages: impl FnMut() -> F,
) -> Message {
    wait::until(&format!("attempt {attempts} to have failed"), || {
        let messages = messages();
        async {
            let newest = messages.await.into_iter().next()?;
            let is_waiting = newest.next_attempt_at.is_some_and(|at| at > desk.now());
            (is_waiting && newest.attempts >= attempts).then_some(newest)
        }
    })
    .await
}
