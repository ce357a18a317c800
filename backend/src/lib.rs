//! The API server of Motcua.
//!
//! A capability is a folder: `routes.rs` (HTTP in, HTTP out), `model.rs` (types and rules), `store.rs`
//! (the only file that names the ORM), and a file for each group of verbs. See ARCHITECTURE.md.

pub mod accounts;
pub mod antivirus;
pub mod app;
pub mod audit;
pub mod cells;
pub mod citizens;
pub mod clock;
pub mod cursor;
pub mod dashboard;
pub mod database;
pub mod demo;
pub mod events;
pub mod house_keeping;
pub mod http;
pub mod idempotency;
pub mod limits;
pub mod lookups;
pub mod messages;
pub mod monitoring;
pub mod objects;
pub mod officer_imports;
pub mod officers;
pub mod openapi;
pub mod passwords;
pub mod problem;
pub mod public;
pub mod random;
pub mod registrations;
pub mod search;
pub mod second_factors;
#[cfg(feature = "test-seams")]
pub mod seeding;
pub mod sessions;
pub mod settings;
pub mod telemetry;
pub mod unit_requests;
pub mod units;
pub mod uploads;
pub mod vault;
