//! A folder: one file a message, for the demo and for tests.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use super::{Sending, Trouble, Verdict};
use crate::clock::Clock;

/// Writes into a folder.
pub struct File {
    folder: PathBuf,
    clock: Clock,
}

impl File {
    pub(super) fn open(folder: PathBuf, clock: Clock) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, clock })
    }

    /// Written beside and renamed, so that whoever watches the folder never sees half a message.
    pub(super) async fn send(&self, sending: Sending<'_>) -> Verdict {
        let now = self.clock.now();
        let name = format!("{}-{}.txt", now.format("%Y%m%dT%H%M%S%.6f"), sending.message_id.simple());
        let content = format!("To: {}\nAt: {}\n\n{}\n", sending.phone, now.to_rfc3339(), sending.text.expose_secret());
        let half = self.folder.join(format!(".{name}"));
        let written = async {
            tokio::fs::write(&half, content).await?;
            tokio::fs::rename(&half, self.folder.join(&name)).await
        };
        match written.await {
            Ok(()) => Verdict::Accepted { reference: Some(name) },
            Err(error) => {
                tracing::warn!(%error, "the message folder cannot be written");
                Verdict::Trouble(Trouble::Fault)
            }
        }
    }
}
