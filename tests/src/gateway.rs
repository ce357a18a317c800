//! A `sendsms` box that does what the test says: accepts, refuses, breaks, closes the line, stays silent.
//!
//! Owns a listener on loopback that speaks just enough HTTP. Remembers every attempt with its text.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::phone::Text;

/// What the box does with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with this status.
    Answer(u16),
    /// Reads the request and closes the line without an answer.
    Close,
    /// Reads the request and never answers.
    Silence,
}

/// Kannel's answer to an accepted message.
pub const ACCEPT: Behaviour = Behaviour::Answer(202);

/// The box. It ends with the test's runtime.
pub struct ScriptedBox {
    address: std::net::SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    behaviour: Behaviour,
    attempts: Vec<Attempt>,
}

/// One attempt to send, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// To whom, and the text.
    pub text: Text,
    /// The sendsms-user.
    pub username: String,
    /// The password of that user.
    pub password: String,
    /// The sender shown.
    pub from: String,
    /// What the box did with it.
    pub met: Behaviour,
}

impl ScriptedBox {
    /// Opens a box on a free port.
    pub async fn open(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Mutex::new(Shared { behaviour, attempts: Vec::new() }));
        let of_listener = shared.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                tokio::spawn(serve(line, of_listener.clone()));
            }
        });
        Self { address, shared }
    }

    /// Where it listens, for the settings.
    pub fn url(&self) -> String {
        format!("http://{}/cgi-bin/sendsms", self.address)
    }

    /// What it does from now on.
    pub fn will(&self, behaviour: Behaviour) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).behaviour = behaviour;
    }

    /// Every attempt so far.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).attempts.clone()
    }
}

async fn serve(mut line: TcpStream, shared: Arc<Mutex<Shared>>) {
    let Some(target) = request_target(&mut line).await else { return };
    let url = url::Url::parse(&format!("http://box{target}")).expect("a URL");
    let field = |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let behaviour = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let met = shared.behaviour;
        shared.attempts.push(Attempt {
            text: Text { to: field("to").unwrap_or_default(), body: field("text").unwrap_or_default() },
            username: field("username").unwrap_or_default(),
            password: field("password").unwrap_or_default(),
            from: field("from").unwrap_or_default(),
            met,
        });
        met
    };
    match behaviour {
        Behaviour::Answer(status) => {
            let answer = format!("HTTP/1.1 {status} Scripted\r\nContent-Length: 2\r\nConnection: close\r\n\r\n0:");
            let _ = line.write_all(answer.as_bytes()).await;
        }
        Behaviour::Close => {}
        Behaviour::Silence => std::future::pending().await,
    }
}

/// The target of the request line, once the whole head has come.
async fn request_target(line: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    Some(head.split(' ').nth(1)?.to_owned())
}
