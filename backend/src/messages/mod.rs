//! Text messages: the outbox, the dispatcher, the gateways, and what becomes of each text.
//!
//! Owns *what* is to be sent and what became of it. A row names its purpose and its subject and holds
//! no secret: the feature that owns the subject draws it when the dispatcher is about to send, so a
//! crash between drawing and sending only means another secret, and the newest one counts.
//! Refuses to know what a code or a password is worth.
//!
//! A message's life: `queued` → [`dispatcher`] → `sent` → [`reports`] → `delivered` or `failed`.

mod caps;
mod dispatcher;
pub mod gateways;
mod live;
mod outbox;
mod reports;
pub mod routes;
mod spread;
mod statistics;
mod store;
mod telemetry;

use chrono::{DateTime, Utc};
use motcua_openapi::messages::{Message, MessagePurpose, MessageReason};
use motcua_openapi::values::PhoneNumber;
use secrecy::SecretString;
use uuid::Uuid;

pub use caps::{take_for_password, take_for_request};
pub use dispatcher::run;
pub use live::live;
pub use outbox::Outbox;
pub use reports::sweep;
pub use spread::enqueue_spread;
pub use statistics::{Depth, depth, of_agency as statistics_of_agency};
pub use store::{enqueue, find, statuses};

use crate::app::Services;
use crate::problem::Fault;

/// A message to be queued, within the transaction that needs it.
pub struct NewMessage<'a> {
    /// Its id.
    pub id: Uuid,
    /// What it carries.
    pub purpose: MessagePurpose,
    /// The registration or the account it is about.
    pub subject_id: Uuid,
    /// Who caused it.
    pub officer_id: Uuid,
    /// At which desk.
    pub unit_id: Uuid,
    /// Where it goes, to be shown masked; the real number is read anew when it is sent.
    pub phone: &'a PhoneNumber,
    /// After this it is of no use.
    pub use_until: DateTime<Utc>,
}

/// What a subject says when its message is about to be sent.
pub enum Draw {
    /// Send this.
    Send {
        /// To whom.
        phone: PhoneNumber,
        /// The text, with its secret.
        text: SecretString,
    },
    /// It is of no use any more.
    Drop(MessageReason),
}

/// The messages of a registration or an account, newest first.
///
/// # Errors
/// Where the database fails.
pub async fn of_subject(services: &Services, subject: Uuid) -> Result<Vec<Message>, Fault> {
    store::of_subject(services.database.reader(), subject, services.clock.now()).await
}
