//! Text messages: what became of them, once, as it happens, and in numbers.

use gloo_net::http::Method;
use js_sys::{Reflect, Uint8Array};
use motcua_openapi::messages::{MessageList, MessageStatistics};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader};

use super::client::Call;
use super::event_stream::EventParser;
use super::{Api, ApiError};

/// What texts belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagesOf {
    /// A registration: its codes.
    Registration(Uuid),
    /// An account: its passwords.
    Account(Uuid),
}

impl MessagesOf {
    fn path(self) -> String {
        match self {
            Self::Registration(id) => format!("/registrations/{id}/messages"),
            Self::Account(id) => format!("/accounts/{id}/messages"),
        }
    }
}

/// What came along a stream.
pub enum Arrival {
    /// The messages as they are now.
    News(MessageList),
    /// Only a sign that the line holds.
    Sign,
}

/// Messages as it happens. The line is cut when this goes.
pub struct MessageEvents {
    reader: ReadableStreamDefaultReader,
    parser: EventParser,
    _line: Line,
}

impl MessageEvents {
    /// What comes next; `None` where the server has ended the stream or the line is broken.
    pub async fn next(&mut self) -> Option<Arrival> {
        let read = JsFuture::from(self.reader.read()).await.ok()?;
        // At the end there is no value.
        let bytes: Uint8Array = Reflect::get(&read, &"value".into()).ok()?.dyn_into().ok()?;
        let mut events = self.parser.push(&bytes.to_vec()).into_iter();
        // Each event is the whole: of several that came at once the last counts.
        let newest = events.rfind(|event| event.name == "messages");
        Some(match newest.and_then(|event| serde_json::from_str(&event.data).ok()) {
            Some(list) => Arrival::News(list),
            None => Arrival::Sign,
        })
    }
}

/// The line of one answer, cut when this goes.
struct Line(Option<AbortController>);

impl Line {
    fn open() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Api {
    /// The messages, newest first.
    pub async fn messages(&self, of: MessagesOf) -> Result<MessageList, ApiError> {
        self.fetch(Call::new(Method::GET, of.path())).await
    }

    /// The messages as it happens: at once, and at each change. Not the browser's `EventSource`, which can send no
    /// token.
    pub async fn message_events(&self, of: MessagesOf) -> Result<MessageEvents, ApiError> {
        let line = Line::open();
        let signal = line.signal().ok_or(ApiError::Unreachable)?;
        let call = Call::new(Method::GET, format!("{}/events", of.path())).until(signal);
        let answer = self.answer(call).await?;
        let body = answer.body().ok_or(ApiError::Unreadable { status: answer.status() })?;
        let reader = body.get_reader().unchecked_into();
        Ok(MessageEvents { reader, parser: EventParser::default(), _line: line })
    }

    /// How many messages there were in the last hours, and what became of them. For administrators.
    pub async fn message_statistics(&self, hours: u32) -> Result<MessageStatistics, ApiError> {
        self.fetch(Call::new(Method::GET, format!("/messages/statistics?hours={hours}"))).await
    }
}
