//! Another phone: a code goes to the phone until now and to the new one, and both are typed.
//!
//! Owns the asking, both codes and the completion. The texts go to the new phone from then on; the old one is told.

mod ask;
mod complete;
mod model;
pub mod routes;
mod store;

pub use ask::{draw_phone_code, draw_phone_notice};

use chrono::Duration;

use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

/// Forgets changes that are past their time, and the text to the old phone with them.
pub(super) async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    let text_hours = Duration::hours(i64::from(services.settings.messages.password_hours));
    store::sweep(transaction, services.clock.now() - text_hours - Duration::hours(1)).await
}
