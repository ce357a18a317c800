//! Server-sent events: a stream of values as a browser or an integrator follows it.
//!
//! Owns the envelope: the event's name, JSON as its data, a comment every few seconds so that no proxy
//! takes the line for dead, and the word to nginx not to gather.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use actix_web_lab::sse::{Data, Event, Sse};
use futures_util::{Stream, StreamExt};
use serde::Serialize;

const HEARTBEAT: Duration = Duration::from_secs(15);

/// An answer that goes on.
pub struct Events(HttpResponse);

impl Events {
    /// Every value of the stream as an event of that name.
    pub fn named<T: Serialize + 'static>(
        request: &HttpRequest,
        name: &'static str,
        values: impl Stream<Item = T> + 'static,
    ) -> Self {
        let events = values.filter_map(move |value| async move {
            // A value of the contract has no map with other keys than text: it always is JSON.
            Data::new_json(value).ok().map(|data| Event::Data(data.event(name)))
        });
        let answer = Sse::from_infallible_stream(events).with_keep_alive(HEARTBEAT).respond_to(request);
        let mut answer = answer.map_into_boxed_body();
        let headers = answer.headers_mut();
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
        // Like every answer of the API, and not only to be asked for again.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self(answer)
    }
}

impl Responder for Events {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
}
