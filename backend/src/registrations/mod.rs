//! Registrations: from the first digits typed to the account.
//!
//! Owns the draft, its scan, its request form and its phone check. A verb is one transaction in the
//! file that is named after what it touches: `drafts`, `scans`, `request_form`, `phone_check`,
//! `completion`, `expiry`. Refuses to know how a text is sent (`messages`) and how an account is
//! kept (`accounts`).

mod completion;
mod drafts;
mod error;
mod expiry;
pub mod model;
mod phone_check;
mod request_form;
pub mod routes;
pub mod scan;
mod scans;
mod store;
mod view;

pub use error::Error;
pub use expiry::expire;
pub use model::ScanRecord;
pub use phone_check::{code_was_sent, draw_code};
#[cfg(feature = "test-seams")]
pub(crate) use store::insert as insert_seeded;
pub use store::open_at;
