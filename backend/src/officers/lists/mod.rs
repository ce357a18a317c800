//! Many officers at once: what a list of officers reads and writes of them.
//!
//! Owns the statements that stay few for ten thousand. Refuses the rules of a list, and to check anything: who calls
//! it has.

mod store;

pub use store::{administrators, authorise_all, by_names, by_usernames, change, lock_all, of_agencies, usernames};
