//! Lists of officers: uploaded, checked in the background, looked at, applied as a whole; and written out again.
//!
//! Owns `officer_imports`: the list as it came (sealed, until it is checked) and what was made of it (sealed, for a
//! day). Its state and progress are rows, so that any instance answers. Refuses to apply part of a list, one with a
//! fault, or one whose preview is not what would be done now; to suspend or resume anybody; and to touch what is out
//! of the administrator's reach.

mod apply;
mod check;
mod command;
mod error;
mod export;
mod model;
mod names;
pub mod routes;
mod sheet;
mod store;
mod upload;
mod view;
mod work;
mod world;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use motcua_openapi::officer_imports::{ImportState, ListFormat};
use tokio::sync::Notify;
use uuid::Uuid;

pub use command::{Import, Seen, import};
pub use error::Error;
pub use work::{expire, run};

/// An uploaded list as kept, but for what is sealed.
#[derive(Clone, Debug)]
struct Uploaded {
    id: Uuid,
    /// Who uploaded it; none: the command line.
    officer_id: Option<Uuid>,
    agency_id: Uuid,
    remote_address: Option<String>,
    state: ImportState,
    format: ListFormat,
    done: u32,
    total: u32,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    applied_at: Option<DateTime<Utc>>,
}

/// The bell of the lists, and how far the one has come that this process is applying.
///
/// That it has come so far is in no row before the transaction ends, and on SQLite no other may be written meanwhile.
#[derive(Debug, Default)]
pub struct Imports {
    waiting: Notify,
    applied: Mutex<HashMap<Uuid, u32>>,
}

impl Imports {
    fn wake(&self) {
        self.waiting.notify_one();
    }

    async fn woken(&self) {
        self.waiting.notified().await;
    }

    fn has_come_to(&self, id: Uuid, rows: u32) {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).insert(id, rows);
    }

    fn is_over(&self, id: Uuid) {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    fn so_far(&self, id: Uuid) -> Option<u32> {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied()
    }
}
