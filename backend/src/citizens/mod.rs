//! The citizens' own side: captchas, signing in, the password and what resets it, their data.
//!
//! Owns who a citizen is to the public operations, and what is remembered against guessing: spent captchas, tries
//! that make the next one wait, addresses that a citizen has signed in from. An unknown number is answered like a
//! wrong password, in the same time. Refuses lasting sessions (`sessions`) and the accounts' rows (`accounts`).

mod captchas;
pub mod certificates;
mod citizen;
pub mod data_requests;
mod error;
pub mod me;
pub mod mobile_signatures;
mod password;
pub mod phone_changes;
pub mod resets;
pub mod routes;
mod sign_in;

pub use citizen::{Citizen, Newcomer};
pub use mobile_signatures::Signatures;
pub use phone_changes::{draw_phone_code, draw_phone_notice};
pub use resets::{draw_reset_code, resolve_due, run};

use crate::app::Services;
use crate::database::Transaction;
use crate::problem::Fault;

/// Forgets spent captchas and resets past their time, and addresses that nobody has signed in from for long.
///
/// # Errors
/// Where the database fails.
pub async fn sweep(transaction: &Transaction, services: &Services) -> Result<u64, Fault> {
    let spent = captchas::sweep(transaction, services).await?;
    let resets = resets::sweep(transaction, services).await?;
    let changes = phone_changes::sweep(transaction, services).await?;
    let signatures = mobile_signatures::sweep(transaction, services).await?;
    Ok(spent + resets + changes + signatures + sign_in::sweep(transaction, services).await?)
}
