//! A list of messages followed as it changes: server-sent events, read one by one.

use std::time::Duration;

use motcua_openapi::messages::{Message, MessageList};

/// How long the next event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A stream that is followed.
pub struct Live {
    response: reqwest::Response,
    read: String,
}

impl Live {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self { response, read: String::new() }
    }

    /// The next list; `None` where the stream has ended.
    ///
    /// # Panics
    /// Where neither comes, or an event is none of the document's.
    pub async fn next(&mut self) -> Option<Vec<Message>> {
        let next = tokio::time::timeout(PATIENCE, self.next_list()).await;
        next.unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for an event"))
    }

    /// The next list on which `is_wanted` holds.
    ///
    /// # Panics
    /// Where the stream ends before.
    pub async fn until(&mut self, is_wanted: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        loop {
            let list = self.next().await.expect("the stream goes on");
            if is_wanted(&list) {
                return list;
            }
        }
    }

    async fn next_list(&mut self) -> Option<Vec<Message>> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                if let Some(list) = list_of(&event) {
                    return Some(list);
                }
            }
            // A server that stops may close the line before the stream's last chunk.
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.read.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }
}

/// The list of an event; `None` of a comment.
fn list_of(event: &str) -> Option<Vec<Message>> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
    let data = field("data:")?;
    assert_eq!(field("event:"), Some("messages"), "{event}");
    let list: MessageList = serde_json::from_str(data).expect("a list of messages");
    Some(list.items)
}
