//! Signing in as one of the staff, and who is calling; and the lasting sessions that staff and citizens share.
//!
//! Owns sessions, access tokens (JWT, HS256, minutes) and refresh tokens (opaque, rotating: one that
//! comes back after it was used ends its session). Refuses passwords' mathematics (`passwords.rs`), second
//! factors' (`second_factors`), how a citizen signs in (`citizens`) and what an officer may do with a thing, which
//! each feature decides from the [`Caller`].

mod caller;
pub mod cookie;
mod lasting;
mod model;
pub mod routes;
mod sign_in;
mod store;
mod tokens;

pub(crate) use caller::bearer;
pub use caller::{Administrator, Auditor, Caller, Pending, Scope, Staff};
pub use lasting::{Live, Tokens, begin, end, end_all_of, go_on, live};
pub use model::{Kind, Owner};
pub use sign_in::{confirm_password, count_try, end_all};
pub use store::sweep;
pub use tokens::TokenKey;
