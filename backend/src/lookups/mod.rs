//! Is there an account for this number?
//!
//! Owns the look-up. Refuses to say more of an account than the citizen at the desk may hear: when
//! and where it was made.

pub mod routes;
