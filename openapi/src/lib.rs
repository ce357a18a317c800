//! The contract between the server and everyone who calls it.
//!
//! Owns the wire types (one file of requests and responses a feature), the validated values that
//! both sides parse with, and the stable problem codes. Refuses I/O, clocks and randomness, so
//! that the page runs exactly this code in the browser.
//!
//! A request carries what a person typed, as strings, and has a `parse` that gathers *every*
//! field's error at once. A response carries values.

pub mod accounts;
pub mod audit;
pub mod citizens;
pub mod dashboard;
pub mod desk;
pub mod lookups;
pub mod messages;
pub mod officer_imports;
pub mod officers;
pub mod problem;
pub mod registrations;
pub mod second_factors;
pub mod sessions;
pub mod unit_requests;
pub mod units;
pub mod values;

/// Where every operation of this version lives.
pub const BASE_PATH: &str = "/api/v1";

/// The header that makes a repeated POST one act. The value is any text of 1–200 visible characters.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
