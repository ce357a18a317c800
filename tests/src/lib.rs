//! The harness of the suites: a whole server in this process, callers that hold every answer against
//! the contract, the citizen's phone, and the parts around the server that can fail.
//!
//! Owns starting, calling, waiting and the documents that a test uploads. Refuses to know a rule of the
//! product: what is right is said by the tests.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a harness that cannot go on fails its test, by name")]

pub mod authenticator;
pub mod authority;
pub mod browser;
pub mod citizens;
pub mod clamd;
pub mod client;
pub mod contract;
pub mod desk;
pub mod documents;
pub mod engine;
pub mod gateway;
pub mod http;
pub mod kannel;
pub mod live;
pub mod log;
pub mod nginx;
pub mod people;
pub mod phone;
pub mod ranks;
pub mod server;
pub mod signatures;
pub mod wait;

pub use client::{Answer, Client};
pub use desk::Desk;
pub use engine::Engine;
