//! Gateways: who takes a text and brings it to a phone.
//!
//! A plain enum, so that a reader sees them all. Refuses retries: one call, one verdict; the outbox
//! decides what comes next. No verdict, error or log holds the text or the number.

mod file;
mod kannel;

use motcua_openapi::values::PhoneNumber;
use secrecy::SecretString;
use uuid::Uuid;

use crate::clock::Clock;
use crate::settings::{GatewayKind, Settings};

/// One text to one phone.
pub struct Sending<'a> {
    /// The message's id.
    pub message_id: Uuid,
    /// To whom.
    pub phone: &'a PhoneNumber,
    /// What.
    pub text: &'a SecretString,
}

/// What a gateway made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted for delivery.
    Accepted {
        /// The gateway's own id of it.
        reference: Option<String>,
    },
    /// Refused; the same again would be refused again.
    Refused,
    /// No connection or no answer in time. It may have been accepted all the same.
    Unreachable,
    /// An answer that is a fault of the gateway's.
    Fault,
}

/// The gateways there are.
pub enum Gateway {
    /// One file a message.
    File(file::File),
    /// Kannel's `sendsms`.
    Kannel(kannel::Kannel),
}

impl Gateway {
    /// The gateway of the settings.
    ///
    /// # Errors
    /// Settings that the gateway cannot work with.
    pub fn open(settings: &Settings, clock: Clock) -> anyhow::Result<Self> {
        match settings.messages.gateway {
            GatewayKind::File => Ok(Self::File(file::File::open(settings.message_folder(), clock)?)),
            GatewayKind::Kannel => Ok(Self::Kannel(kannel::Kannel::open(&settings.messages.kannel)?)),
        }
    }

    /// Its name in the settings, on messages and in metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Kannel(_) => "kannel",
        }
    }

    /// Sends once.
    pub async fn send(&self, sending: Sending<'_>) -> Verdict {
        match self {
            Self::File(file) => file.send(sending).await,
            Self::Kannel(kannel) => kannel.send(sending).await,
        }
    }
}
