//! The messages of one subject as they change: at once, then upon each change.
//!
//! A ring within this process makes it immediate; looking again every other second covers what another
//! instance does. A stream ends by itself after a while, so that a session that ended does not go on
//! reading; the caller opens another.

use std::pin::Pin;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use motcua_openapi::messages::{Message, MessageList};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::{Sleep, sleep};
use uuid::Uuid;

use crate::app::Services;

const LOOK_AGAIN: Duration = Duration::from_secs(2);
const ENDS_AFTER: Duration = Duration::from_secs(300);

struct Watch {
    services: Services,
    subject: Uuid,
    changes: Receiver<Uuid>,
    seen: Option<Vec<Message>>,
    ends: Pin<Box<Sleep>>,
}

/// The lists of a subject's messages, newest first; a list only where it differs from the one before.
pub fn live(services: &Services, subject: Uuid) -> impl Stream<Item = MessageList> + use<> {
    let watch = Watch {
        services: services.clone(),
        subject,
        changes: services.outbox.listen(),
        seen: None,
        ends: Box::pin(sleep(ENDS_AFTER)),
    };
    unfold(watch, |mut watch| async move {
        let items = watch.next().await?;
        watch.seen = Some(items.clone());
        Some((MessageList { items }, watch))
    })
}

impl Watch {
    async fn next(&mut self) -> Option<Vec<Message>> {
        loop {
            if self.seen.is_some() {
                let services = self.services.clone();
                tokio::select! {
                    () = services.outbox.closed() => return None,
                    () = &mut self.ends => return None,
                    () = changed(&mut self.changes, self.subject) => {}
                }
            }
            match super::of_subject(&self.services, self.subject).await {
                Ok(now) if self.seen.as_ref() != Some(&now) => return Some(now),
                Ok(_) => {}
                Err(fault) => {
                    tracing::error!(error = %fault, "messages cannot be followed");
                    return None;
                }
            }
        }
    }
}

/// Until this subject rings, or it is time to look again.
async fn changed(changes: &mut Receiver<Uuid>, subject: Uuid) {
    let rung = async {
        loop {
            match changes.recv().await {
                Ok(other) if other != subject => {}
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                // The bell is as old as the process.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    tokio::select! {
        () = rung => {}
        () = sleep(LOOK_AGAIN) => {}
    }
}
