//! Scans at rest: sealed before they leave the process.
//!
//! Owns the object store (a folder, S3, or memory for tests). Refuses to name a person: an object's
//! name is a generated id.

use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::problem::Fault;
use crate::settings::Settings;
use crate::vault::{Place, Vault};

/// The sealed object store.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    vault: Arc<Vault>,
}

impl Objects {
    /// Opens the store of the settings.
    ///
    /// # Errors
    /// A URL or option that the store does not take; a folder that cannot be made.
    pub fn open(settings: &Settings, vault: Arc<Vault>) -> anyhow::Result<Self> {
        let url = if settings.store.url.is_empty() {
            let folder = settings.data_dir.join("scans");
            std::fs::create_dir_all(&folder)?;
            url_of_folder(&folder.canonicalize()?)?
        } else {
            settings.store.url.parse()?
        };
        let options = settings.store.options.iter().map(|(key, value)| (key.as_str(), value.expose_secret()));
        let (store, prefix) = object_store::parse_url_opts(&url, options)?;
        Ok(Self { store: store.into(), prefix, vault })
    }

    /// Seals and keeps.
    ///
    /// # Errors
    /// Where the store is out of reach.
    pub async fn put(&self, id: Uuid, content: Bytes) -> Result<(), Fault> {
        let vault = self.vault.clone();
        let sealed =
            tokio::task::spawn_blocking(move || vault.seal(place(id), &content)).await.map_err(Fault::new)??;
        self.store.put(&self.path(id), PutPayload::from(sealed)).await.map_err(Fault::unavailable)?;
        Ok(())
    }

    /// Reads and opens.
    ///
    /// # Errors
    /// Where the store is out of reach, or the object is not there or was changed.
    pub async fn get(&self, id: Uuid) -> Result<Bytes, Fault> {
        let sealed = self.store.get(&self.path(id)).await.map_err(Fault::unavailable)?;
        let sealed = sealed.bytes().await.map_err(Fault::unavailable)?;
        let vault = self.vault.clone();
        let plain = tokio::task::spawn_blocking(move || vault.open(place(id), &sealed)).await.map_err(Fault::new)??;
        Ok(plain.into())
    }

    /// Erases. A failure is logged, not returned: what named the object is gone already, and the
    /// sealed bytes tell nothing.
    pub async fn delete(&self, id: Uuid) {
        if let Err(error) = self.store.delete(&self.path(id)).await {
            tracing::warn!(object = %id, %error, "an object was not erased");
        }
    }

    fn path(&self, id: Uuid) -> Path {
        self.prefix.clone().join(id.simple().to_string())
    }
}

fn place(id: Uuid) -> Place {
    Place { table: "scans", column: "object", row: id }
}

fn url_of_folder(folder: &std::path::Path) -> anyhow::Result<url::Url> {
    url::Url::from_directory_path(folder).map_err(|()| anyhow::anyhow!("{} is no absolute path", folder.display()))
}
