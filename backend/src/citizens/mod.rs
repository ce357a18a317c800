//! The citizens' own side: captchas, signing in, the password and what resets it.
//!
//! Owns who a citizen is to the public operations, and what is remembered against guessing: spent captchas, tries
//! that make the next one wait, addresses that a citizen has signed in from. An unknown number is answered like a
//! wrong password, in the same time. Refuses lasting sessions (`sessions`) and the accounts' rows (`accounts`).

mod captchas;
mod citizen;
mod error;
mod password;
pub mod resets;
pub mod routes;
mod sign_in;

pub use citizen::{Citizen, Newcomer};
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
    Ok(spent + resets + sign_in::sweep(transaction, services).await?)
}
