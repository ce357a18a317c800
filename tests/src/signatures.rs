//! A provider of phones' signatures on loopback: its phones wait, refuse or sign as the test says.
//!
//! It stands for providers that nobody here has met: what it answers is what the settings' defaults read.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::BASE64;
use motcua::settings::Settings;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::authority::Signer;
use crate::http::{self, Request};

/// The token that it knows us by.
pub const SECRET: &str = "bi-mat-cua-nha-cung-cap-chu-ky";

/// What the phones do.
pub enum Phones {
    /// Nothing yet.
    Wait,
    /// They refuse to sign.
    Refuse,
    /// They sign what they were shown.
    Sign(Signer),
    /// They sign another text.
    SignAnother(Signer),
    /// The provider answers with this status.
    Break(u16),
}

/// What a phone was asked to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which phone, E.164.
    pub phone: String,
    /// What it shows and signs.
    pub text: String,
    /// What is compared.
    pub verification_code: String,
}

struct Shared {
    phones: Mutex<Phones>,
    asked: Mutex<BTreeMap<String, Asked>>,
}

/// The provider. It ends with the test's runtime.
pub struct Signatures {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Signatures {
    /// Opens one whose phones wait.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared { phones: Mutex::new(Phones::Wait), asked: Mutex::default() });
        let of_listener = shared.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(serve(line, of_listener.clone()));
            }
        });
        Self { address, shared }
    }

    /// What the phones do from now on.
    pub fn will(&self, phones: Phones) {
        *held(&self.shared.phones) = phones;
    }

    /// All that phones were asked to sign, in no order.
    pub fn asked(&self) -> Vec<Asked> {
        held(&self.shared.asked).values().cloned().collect()
    }

    /// Has the server use it, and accept certificates of the authorities in this file.
    pub fn through(&self, issuers: PathBuf) -> impl FnOnce(&mut Settings) + use<> {
        let base = format!("http://{}", self.address);
        move |settings| {
            let it = &mut settings.citizens.mobile_signature;
            it.enabled = true;
            it.url = format!("{base}/signatures");
            it.status_url = format!("{base}/signatures/{{reference}}");
            it.secret = SECRET.into();
            it.issuers_file = Some(issuers);
            it.timeout_seconds = 1;
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut line: TcpStream, shared: Arc<Shared>) {
    let Some(request) = Request::read(&mut line).await else { return };
    let is_ours = request.headers.get("authorization").is_some_and(|token| *token == format!("Bearer {SECRET}"));
    let (status, body) = if is_ours { answer(&request, &shared) } else { (401, json!({})) };
    http::answer(&mut line, status, "Content-Type: application/json\r\n", &body.to_string()).await;
}

fn answer(request: &Request, shared: &Shared) -> (u16, Value) {
    let phones = held(&shared.phones);
    if let Phones::Break(status) = &*phones {
        return (*status, json!({}));
    }
    if request.method == "POST" {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        let text = |name: &str| body[name].as_str().expect("a text").to_owned();
        // A name that would break out of a path, were it put there as it is.
        let reference = format!("yêu cầu/{}?", text("reference"));
        let asked = Asked { phone: text("phone"), text: text("text"), verification_code: text("verification_code") };
        held(&shared.asked).insert(reference.clone(), asked);
        return (202, json!({"reference": reference}));
    }
    let named = request.target.strip_prefix("/signatures/").and_then(percent_decoded);
    let Some(asked) = named.and_then(|name| held(&shared.asked).get(&name).cloned()) else { return (404, json!({})) };
    let signed = |signer: &Signer, text: &str| {
        let signature = BASE64.encode(&signer.sign(text));
        (200, json!({"state": "signed", "certificate": signer.pem, "signature": signature}))
    };
    match &*phones {
        Phones::Wait => (200, json!({"state": "waiting"})),
        Phones::Refuse => (200, json!({"state": "refused"})),
        Phones::Sign(signer) => signed(signer, &asked.text),
        Phones::SignAnother(signer) => signed(signer, "Toi dong y chuyen tien"),
        Phones::Break(status) => (*status, json!({})),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
