//! A gateway that does what the test says: accepts, refuses, breaks, closes the line, stays silent.
//!
//! Owns a listener on loopback that speaks just enough HTTP, in the words of one of three kinds of gateway
//! ([`Speech`]). Remembers every attempt with its text and where to report what became of it; reports
//! nothing by itself ([`report`]).

pub mod report;
mod speech;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use motcua::settings::{self, Settings};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

pub use speech::{SECRET, SENDER, Speech, USERNAME};

use crate::http::{self, Request};
use crate::phone::Text;
use crate::wait;

/// The URL under which gateways know this API in tests: a report's path counts, not its host.
pub const REPORT_URL: &str = "http://motcua.test";

/// What the gateway does with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Accepts it.
    Accept,
    /// Accepts it after a while.
    Slow(Duration),
    /// Accepts it once the test says [`Scripted::release`].
    Hold,
    /// Says that there is no such number.
    Refuse,
    /// Answers with this status and nothing else.
    Answer(u16),
    /// 429, and to come back after so many seconds.
    Busy(u32),
    /// An accepted status with a body that says otherwise.
    ErrorBody,
    /// Reads the request and closes the line without an answer.
    Close,
    /// Resets the line in the middle of its answer.
    Reset,
    /// Reads the request and never answers.
    Silence,
}

impl Behaviour {
    /// Whether the caller is told that it was accepted, at once.
    pub fn is_accepting(self) -> bool {
        match self {
            Self::Accept => true,
            Self::Slow(_)
            | Self::Hold
            | Self::Refuse
            | Self::Answer(_)
            | Self::Busy(_)
            | Self::ErrorBody
            | Self::Close
            | Self::Reset
            | Self::Silence => false,
        }
    }
}

/// The gateway. It ends with the test's runtime.
pub struct Scripted {
    /// Its name in the settings.
    pub name: &'static str,
    speech: Speech,
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

type Script = Box<dyn FnMut() -> Behaviour + Send>;

struct Shared {
    script: Mutex<Script>,
    attempts: Mutex<Vec<Attempt>>,
    released: watch::Sender<()>,
}

/// One attempt to send, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// To whom, and the text.
    pub text: Text,
    /// The account that sends.
    pub username: String,
    /// Its password.
    pub password: String,
    /// The sender shown.
    pub from: String,
    /// Where to report what becomes of it.
    pub report_url: Option<String>,
    /// The gateway's own name of it, where its kind has one.
    pub reference: String,
    /// What the gateway did with it.
    pub met: Behaviour,
    /// When it came.
    pub at: Instant,
}

impl Attempt {
    /// The message that it carries and which attempt at it this is, as its report URL says.
    pub fn of_message(&self) -> Option<(Uuid, u32)> {
        let value = |name: &str| self.report_url.as_deref()?.split_once(name)?.1.split('&').next();
        Some((value("message=")?.parse().ok()?, value("attempt=")?.parse().ok()?))
    }
}

impl Scripted {
    /// Opens a Kannel on a free port.
    pub async fn kannel(behaviour: Behaviour) -> Self {
        Self::open("kannel", Speech::Kannel, behaviour).await
    }

    /// Opens a Twilio-shaped API on a free port.
    pub async fn twilio(behaviour: Behaviour) -> Self {
        Self::open("twilio", Speech::Twilio, behaviour).await
    }

    /// Opens an API that takes JSON on a free port.
    pub async fn json(behaviour: Behaviour) -> Self {
        Self::open("json", Speech::Json, behaviour).await
    }

    /// Opens one of that kind, under its usual name.
    pub async fn speaking(speech: Speech, behaviour: Behaviour) -> Self {
        match speech {
            Speech::Kannel => Self::kannel(behaviour).await,
            Speech::Twilio => Self::twilio(behaviour).await,
            Speech::Json => Self::json(behaviour).await,
        }
    }

    async fn open(name: &'static str, speech: Speech, behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            script: Mutex::new(Box::new(move || behaviour)),
            attempts: Mutex::default(),
            released: watch::Sender::new(()),
        });
        let of_listener = shared.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(serve(line, speech, of_listener.clone()));
            }
        });
        Self { name, speech, address, shared }
    }

    /// What it does from now on.
    pub fn will(&self, behaviour: Behaviour) {
        self.will_decide(move || behaviour);
    }

    /// Decides anew at each attempt from now on.
    pub fn will_decide(&self, script: impl FnMut() -> Behaviour + Send + 'static) {
        *self.shared.script.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(script);
    }

    /// Accepts what it holds.
    pub fn release(&self) {
        self.shared.released.send_replace(());
    }

    /// Every attempt so far.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.attempts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The attempts at one message, in the order of their coming.
    pub fn attempts_at(&self, message: Uuid) -> Vec<Attempt> {
        let attempts = self.shared.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.iter().filter(|one| one.of_message().is_some_and(|(of, _)| of == message)).cloned().collect()
    }

    /// The `n`-th attempt, from 1, once it has come.
    pub async fn attempt(&self, n: usize) -> Attempt {
        wait::until(&format!("attempt {n} at {}", self.name), || async { self.attempts().into_iter().nth(n - 1) }).await
    }

    /// `http://127.0.0.1:port`
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the settings name it; a call is given up after so many seconds.
    pub fn settings(&self, timeout_seconds: u64) -> settings::Gateway {
        self.speech.settings(self.address, timeout_seconds)
    }
}

/// Sends through these gateways, in this order; each call is given up after a second.
pub fn through(gateways: &[&Scripted]) -> impl FnOnce(&mut Settings) + use<> {
    within(1, gateways)
}

/// The same, and asks for delivery reports.
pub fn reporting(gateways: &[&Scripted]) -> impl FnOnce(&mut Settings) + use<> {
    let through = through(gateways);
    move |settings| {
        through(settings);
        settings.messages.report_url = REPORT_URL.into();
    }
}

/// The same, and waits long for an answer.
pub fn reporting_patiently(gateways: &[&Scripted]) -> impl FnOnce(&mut Settings) + use<> {
    let (through, reporting) = (within(20, gateways), reporting(gateways));
    move |settings| {
        reporting(settings);
        through(settings);
    }
}

fn within(seconds: u64, gateways: &[&Scripted]) -> impl FnOnce(&mut Settings) + use<> {
    let named: BTreeMap<String, settings::Gateway> =
        gateways.iter().map(|gateway| (gateway.name.to_owned(), gateway.settings(seconds))).collect();
    let order = gateways.iter().map(|gateway| gateway.name.to_owned()).collect();
    move |settings| {
        settings.messages.order = order;
        settings.messages.gateways = named;
    }
}

async fn serve(mut line: TcpStream, speech: Speech, shared: Arc<Shared>) {
    let Some(request) = Request::read(&mut line).await else { return };
    let mut released = shared.released.subscribe();
    let met = shared.script.lock().unwrap_or_else(PoisonError::into_inner)();
    let attempt = {
        let mut attempts = shared.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = speech.read(&request, attempts.len() + 1, met);
        attempts.push(attempt.clone());
        attempt
    };
    let (status, body) = match met {
        Behaviour::Accept => speech.accepted(&attempt.reference),
        Behaviour::Slow(pause) => {
            tokio::time::sleep(pause).await;
            speech.accepted(&attempt.reference)
        }
        Behaviour::Hold => {
            let _ = released.changed().await;
            speech.accepted(&attempt.reference)
        }
        Behaviour::Refuse => speech.refused(),
        Behaviour::ErrorBody => speech.accepted_with_an_error(),
        Behaviour::Answer(status) => (status, String::new()),
        Behaviour::Busy(_) => (429, String::new()),
        Behaviour::Close => return,
        Behaviour::Reset => return reset(line).await,
        Behaviour::Silence => std::future::pending().await,
    };
    let retry = if let Behaviour::Busy(seconds) = met { format!("Retry-After: {seconds}\r\n") } else { String::new() };
    http::answer(&mut line, status, &retry, &body).await;
}

/// The head of an accepting answer and half of a body; then the line is reset.
async fn reset(mut line: TcpStream) {
    let half = b"HTTP/1.1 202 Scripted\r\nContent-Length: 1000\r\n\r\n0: Accep";
    let _ = line.write_all(half).await;
    let _ = line.flush().await;
    let _ = line.set_zero_linger();
}
