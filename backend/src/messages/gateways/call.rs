//! One HTTP call to a gateway: its client, its answer in full, and the troubles that every kind shares.
//!
//! Refuses redirects, proxies of the environment and answers without an end. URLs stay out of logs: some
//! hold a password, a number or the text.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, RequestBuilder, StatusCode};

use super::{Trouble, Verdict};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

/// A client whose every call ends within `seconds`.
pub(super) fn client(seconds: u64) -> anyhow::Result<Client> {
    let timeout = Duration::from_secs(seconds);
    let client = Client::builder()
        .connect_timeout(timeout)
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(client)
}

/// Calls once. What no kind of gateway can make anything of is a trouble already: no connection, no whole
/// answer, busy, a fault of the server's.
pub(super) async fn call(request: RequestBuilder) -> Result<Answer, Verdict> {
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let busy = || {
        let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    };
    let trouble = match status.as_u16() {
        429 | 503 => Some(Trouble::Busy(busy())),
        408 | 500.. => Some(Trouble::Fault),
        _ => None,
    };
    if let Some(trouble) = trouble {
        tracing::warn!(%status, "the gateway cannot take a message");
        return Err(Verdict::Trouble(trouble));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            tracing::warn!(%status, "the gateway's answer has no end");
            return Err(Verdict::Trouble(Trouble::Fault));
        }
    }
    Ok(Answer { status, body })
}

fn unreachable(error: reqwest::Error) -> Verdict {
    // The URL may hold a password, the number and the text: it is cut off the error.
    let error = error.without_url();
    tracing::warn!(%error, "the gateway does not answer");
    Verdict::Trouble(Trouble::Unreachable)
}

/// A fault that the body tells, though the status does not.
pub(super) fn fault(what: &str) -> Verdict {
    tracing::warn!(what, "the gateway has a fault");
    Verdict::Trouble(Trouble::Fault)
}
