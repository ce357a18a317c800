//! How many accounts there are of a day and a unit: counts, never an account.

mod store;

pub use store::{created_by_day, last_created};
