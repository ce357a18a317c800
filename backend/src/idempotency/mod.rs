//! A repeated POST is one act.
//!
//! Owns the keys that callers send and the id that each act was given. Refuses to keep an answer:
//! the answer of a repeat is read anew from the thing itself, so that no personal data lies here.

mod store;

use uuid::Uuid;

pub use store::{claim, sweep};

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// New: go on, under the id that was offered.
    First,
    /// The act was done before, under this id.
    Repeat(Uuid),
    /// The key came before with another request.
    Reused,
}
