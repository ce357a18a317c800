//! Sends calls with the session's token and repeats them when it has to be renewed.
//!
//! Owns the access token (in memory only), its renewal (one at a time, across tabs too) and the
//! waiting of calls while somebody signs in again. Refuses any knowledge of single operations.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};
use gloo_net::http::{Method, RequestBuilder, Response};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::sessions::Session;
use motcua_openapi::{BASE_PATH, IDEMPOTENCY_KEY};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortSignal;
use yew::Callback;

use super::ApiError;
use crate::clock::ServerClock;
use crate::{browser, clock};

/// After this long without an answer the line is taken for broken.
const TIMEOUT_MILLIS: u32 = 30_000;
/// A token this close to its end is renewed before it is used.
const RENEW_BEFORE_MILLIS: f64 = 20_000.0;

/// The API. Clones share one session.
#[derive(Clone)]
pub struct Api {
    inner: Rc<Inner>,
}

impl PartialEq for Api {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

type Renewal = Shared<LocalBoxFuture<'static, Result<(), ApiError>>>;

/// Whose sessions a client has: each audience signs in at a place of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sessions {
    /// Officers, administrators and auditors.
    #[default]
    OfStaff,
    /// Citizens.
    OfCitizens,
}

impl Sessions {
    /// The path of its operations.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::OfStaff => "/sessions",
            Self::OfCitizens => "/citizen/sessions",
        }
    }
}

#[derive(Default)]
struct Inner {
    sessions: Sessions,
    token: RefCell<Option<String>>,
    token_ends_at: Cell<f64>,
    renewal: RefCell<Option<Renewal>>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    on_session_end: RefCell<Callback<()>>,
    on_reach: RefCell<Callback<bool>>,
    server_clock: Cell<ServerClock>,
}

/// One call, as data, so that it can be sent again.
pub(super) struct Call {
    method: Method,
    path: String,
    body: Option<String>,
    idempotency_key: Option<String>,
    signal: Option<AbortSignal>,
}

impl Call {
    /// A call without a body. `path` begins with `/`, after the base path.
    pub(super) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, idempotency_key: None, signal: None }
    }

    /// The same with a JSON body.
    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        // The contract's requests are plain structs of texts and numbers: they always serialise.
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// The same as one act however often it is sent.
    pub(super) fn once(mut self, key: &str) -> Self {
        self.idempotency_key = Some(key.to_owned());
        self
    }

    /// The same, given up by `signal` and not by the clock: for an answer that goes on.
    pub(super) fn until(mut self, signal: AbortSignal) -> Self {
        self.signal = Some(signal);
        self
    }
}

impl Api {
    /// A client without a session, for those whose sessions these are. `on_session_end`: somebody must
    /// sign in again, calls wait for it. `on_reach`: whether the server could be reached, at every call.
    pub fn new(sessions: Sessions) -> Self {
        Self { inner: Rc::new(Inner { sessions, ..Inner::default() }) }
    }

    /// Who is told that the session has ended while calls wait.
    pub fn on_session_end(&self, callback: Callback<()>) {
        self.inner.on_session_end.replace(callback);
    }

    /// Who is told at every call whether the server could be reached.
    pub fn on_reach(&self, callback: Callback<bool>) {
        self.inner.on_reach.replace(callback);
    }

    /// The server's clock, by which a refusal says when its cap opens.
    pub fn keep_time_by(&self, clock: ServerClock) {
        self.inner.server_clock.set(clock);
    }

    /// Takes a new session and lets the waiting calls go on.
    pub(super) fn take_session(&self, session: Session) {
        let lifetime = f64::from(session.expires_in) * 1000.0;
        self.inner.token_ends_at.set(clock::local_millis() + lifetime - RENEW_BEFORE_MILLIS);
        self.inner.token.replace(Some(session.access_token));
        for waiting in self.inner.waiting.take() {
            // A receiver that is gone has stopped waiting: nothing to tell.
            let _ = waiting.send(());
        }
    }

    /// Forgets the session; waiting calls end as [`ApiError::SignedOut`].
    pub fn forget_session(&self) {
        self.inner.token.take();
        self.inner.waiting.take();
    }

    /// Sends `call` in the session and reads its answer.
    pub(super) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        read(self.answer(call).await?).await
    }

    /// Sends `call` in the session; the answer is one of success. Boxed, so that the renewing and
    /// waiting is compiled once and not anew into every verb.
    pub(super) fn answer(&self, call: Call) -> LocalBoxFuture<'_, Result<Response, ApiError>> {
        async move { self.in_session(async |token| self.send(&call, token).await).await }.boxed_local()
    }

    /// Sends `call` without a token and reads its answer.
    pub(super) async fn fetch_openly<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        read(self.send(&call, None).await?).await
    }

    /// Sends `call` without a token; there is nothing to read in its answer.
    pub(super) async fn answer_openly(&self, call: Call) -> Result<(), ApiError> {
        self.send(&call, None).await.map(|_| ())
    }

    /// Runs `attempt` with the token; where the token has ended, renews it, or waits until the
    /// officer has signed in again, and runs it again.
    pub(super) async fn in_session<T>(
        &self,
        attempt: impl AsyncFn(Option<String>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        if clock::local_millis() > self.inner.token_ends_at.get() {
            // If this fails the attempt will tell.
            let _ = self.renew().await;
        }
        loop {
            let result = attempt(self.token()).await;
            if !is_unauthenticated(&result) {
                return result;
            }
            match self.renew().await {
                Ok(()) => {
                    let result = attempt(self.token()).await;
                    if !is_unauthenticated(&result) {
                        return result;
                    }
                }
                Err(error) if error.may_pass() => return Err(error),
                Err(_) => {}
            }
            self.signed_in_again().await?;
        }
    }

    /// Tells the server that the session is over. Not repeated: a session that has ended already has
    /// nothing to end.
    pub(super) async fn delete_session(&self) -> Result<(), ApiError> {
        let path = format!("{}/current", self.inner.sessions.path());
        self.send(&Call::new(Method::DELETE, path), self.token()).await.map(|_| ())
    }

    /// Renews the session by its cookie. Calls that come meanwhile share the one renewal: a refresh
    /// token works once, and a second use would end the session.
    pub async fn renew(&self) -> Result<(), ApiError> {
        let under_way = self.inner.renewal.borrow().clone();
        let renewal = under_way.unwrap_or_else(|| {
            let api = self.clone();
            let renewal = async move {
                let path = api.inner.sessions.path();
                let _alone = browser::lock(&format!("motcua{path}")).await;
                let session = api.fetch_openly(Call::new(Method::POST, format!("{path}/refresh"))).await;
                api.inner.renewal.take();
                session.map(|session| api.take_session(session))
            };
            let renewal = renewal.boxed_local().shared();
            self.inner.renewal.replace(Some(renewal.clone()));
            // Who asked for it may go away meanwhile, as what follows messages does. It holds a lock of all
            // tabs and must come to its end all the same.
            spawn_local(renewal.clone().map(|_| ()));
            renewal
        });
        renewal.await
    }

    /// Reports whether the server could be reached.
    pub(super) fn reached(&self, reached: bool) {
        let callback = self.inner.on_reach.borrow().clone();
        callback.emit(reached);
    }

    fn token(&self) -> Option<String> {
        self.inner.token.borrow().clone()
    }

    async fn signed_in_again(&self) -> Result<(), ApiError> {
        let (sender, receiver) = oneshot::channel();
        self.inner.waiting.borrow_mut().push(sender);
        let callback = self.inner.on_session_end.borrow().clone();
        callback.emit(());
        receiver.await.map_err(|_| ApiError::SignedOut)
    }

    async fn send(&self, call: &Call, token: Option<String>) -> Result<Response, ApiError> {
        let answer = dispatch(call, token).await;
        self.reached(answer.is_ok());
        let answer = answer.map_err(|_| ApiError::Unreachable)?;
        if answer.ok() {
            return Ok(answer);
        }
        let body = text(&answer).await?;
        Err(ApiError::of_answer(answer.status(), &body).dated(self.inner.server_clock.get().now()))
    }
}

async fn dispatch(call: &Call, token: Option<String>) -> Result<Response, gloo_net::Error> {
    let signal = call.signal.clone().unwrap_or_else(|| AbortSignal::timeout_with_u32(TIMEOUT_MILLIS));
    let mut request = RequestBuilder::new(&format!("{BASE_PATH}{}", call.path))
        .method(call.method.clone())
        .abort_signal(Some(&signal))
        .header("Accept", "application/json, application/problem+json, */*");
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    if let Some(key) = &call.idempotency_key {
        request = request.header(IDEMPOTENCY_KEY, key);
    }
    match &call.body {
        Some(body) => request.header("Content-Type", "application/json").body(body.as_str())?.send().await,
        None => request.send().await,
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, ApiError> {
    let body = text(&answer).await?;
    serde_json::from_str(&body).map_err(|_| ApiError::Unreadable { status: answer.status() })
}

fn text(answer: &Response) -> LocalBoxFuture<'_, Result<String, ApiError>> {
    async move { answer.text().await.map_err(|_| ApiError::Unreachable) }.boxed_local()
}

fn is_unauthenticated<T>(result: &Result<T, ApiError>) -> bool {
    matches!(result, Err(error) if error.is(ProblemCode::Unauthenticated))
}
