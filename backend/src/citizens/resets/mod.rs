//! **Quên mật khẩu**: another password by a code to the account's own phone.
//!
//! Owns the asking, the looking up behind it, the code and the completion. Whoever asks learns nothing: the request
//! only leaves a sealed row, and a worker finds out in its own time whether number and phone belong to one account.
//! A reset of nobody's is completed like one with a wrong code. Only the newest of a number and phone counts.

mod ask;
mod complete;
mod model;
pub mod routes;
mod store;
mod worker;

pub use complete::draw_reset_code;
pub use worker::{resolve_due, run};

use chrono::Duration;

use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

/// Forgets resets that are past their time: number and phone are in them.
pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    store::sweep(transaction, services.clock.now() - Duration::hours(1)).await
}
