//! Who did what to whom, when, from where: by ids only, nothing personal.
//!
//! Owns `audit_events`. Append-only: there is no update and no delete here. An event is written in
//! the transaction of the act it tells of, so that neither is there without the other.

mod store;

pub use motcua_openapi::audit::Act;
pub use store::record;
