//! How often something may be done, exactly, over all instances.
//!
//! Owns sliding windows kept in the database: each key (a phone, an officer, an address, hashed) has
//! a row that serialises its takers and a hit for each take; and streaks of tries that grow a delay. Refuses approximations in a process's
//! memory: a second backend would double every cap.

mod store;
pub mod streaks;

use chrono::{DateTime, Duration, Utc};

pub use store::{forget, full, sweep, take};

use crate::vault::Tag;

/// One cap: at most `max` takes in any `window`.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    /// Its name, for the person who meets it: `per_phone_day`.
    pub name: &'static str,
    /// How many takes.
    pub max: u32,
    /// In how long.
    pub window: Duration,
}

/// A cap that is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// Which one.
    pub cap: &'static str,
    /// When it opens again.
    pub opens_at: DateTime<Utc>,
}

impl Full {
    /// Whole seconds from `now` until it opens, at least one.
    pub fn retry_after(&self, now: DateTime<Utc>) -> i64 {
        let millis = (self.opens_at - now).num_milliseconds();
        ((millis + 999) / 1000).max(1)
    }
}

/// Whose cap it is.
#[derive(Clone, Copy, Debug)]
pub struct Key(pub Tag);
