//! The bells of the outbox: one wakes the dispatcher, the other tells whoever watches a subject.
//!
//! Within this process only. What another instance does is seen by looking again after a while, so a lost
//! ring delays and never loses.

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Rings that a slow watcher may miss before it is told to look anyway.
const KEPT: usize = 256;

/// The bells.
#[derive(Debug)]
pub struct Outbox {
    queued: Notify,
    changed: broadcast::Sender<Uuid>,
    closed: CancellationToken,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { queued: Notify::new(), changed: broadcast::Sender::new(KEPT), closed: CancellationToken::new() }
    }
}

impl Outbox {
    /// A message of a subject was queued and committed.
    pub fn wake(&self, subject: Uuid) {
        self.queued.notify_one();
        self.tell(subject);
    }

    /// Something became of a message of a subject.
    pub(super) fn tell(&self, subject: Uuid) {
        // Nobody watches: nobody to tell.
        let _ = self.changed.send(subject);
    }

    /// Waits until something is queued.
    pub(super) async fn queued(&self) {
        self.queued.notified().await;
    }

    /// Hears of changes from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Uuid> {
        self.changed.subscribe()
    }

    /// Ends whatever follows messages: the server is about to stop.
    pub fn close(&self) {
        self.closed.cancel();
    }

    /// Waits until the server is about to stop.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }
}
