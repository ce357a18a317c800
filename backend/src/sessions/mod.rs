//! Signing in as an officer, and who is calling.
//!
//! Owns sessions, access tokens (JWT, HS256, minutes) and refresh tokens (opaque, rotating: one that
//! comes back after it was used ends its session). Refuses passwords' mathematics (`passwords.rs`)
//! and what an officer may do with a thing, which each feature decides from the [`Caller`].

mod caller;
mod model;
pub mod routes;
mod sign_in;
mod store;
mod tokens;

pub use caller::{Administrator, Caller, Scope};
pub use store::sweep;
pub use tokens::TokenKey;
