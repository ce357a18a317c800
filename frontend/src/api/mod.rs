//! The API as the page calls it: one method a verb, the contract's types in and out.
//!
//! Owns transport, tokens, their renewal and the four ways in which a call can fail. Refuses
//! screens: what a failure looks like is the pages' and `wording`'s.

mod accounts;
mod administration;
mod citizens;
mod client;
mod error;
mod event_stream;
mod files;
mod messages;
mod own_account;
mod registrations;
mod sessions;
mod upload;

pub use citizens::FirstThing;
pub use client::{Api, Sessions};
pub use error::ApiError;
pub use files::Download;
pub use messages::{Arrival, MessageEvents, MessagesOf};
