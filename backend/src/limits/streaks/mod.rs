//! Tries in a row: each makes the next one wait longer, until one is right.
//!
//! Owns the count of a key's tries and when its next may come. A try counts when it is made, before anybody knows
//! whether it is right, so that parallel guesses cannot slip past; one that comes too early is refused and counts
//! for nothing.

mod store;

use chrono::{DateTime, Duration, Utc};

pub use store::{end, sweep, take};

/// How the delay grows.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// Its name, for the person who meets it.
    pub name: &'static str,
    /// Tries before there is any delay.
    pub free: u32,
    /// The first delay; it doubles with each further try.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
    /// After so long without a try the streak is forgotten; `None`: only a right one ends it.
    pub forgotten_after: Option<Duration>,
}

impl Growth {
    /// When another try may come after so many, the last of them at `last_at`.
    fn opens_at(&self, count: u32, last_at: DateTime<Utc>) -> DateTime<Utc> {
        let Some(doublings) = count.checked_sub(self.free) else { return last_at };
        let doubled = i32::checked_pow(2, doublings.min(30)).and_then(|times| self.first.checked_mul(times));
        last_at + doubled.unwrap_or(self.longest).min(self.longest)
    }

    fn is_forgotten(&self, last_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.forgotten_after.is_some_and(|after| now - last_at >= after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_from_the_last_free_try_up_to_the_longest() {
        let growth = Growth {
            name: "a",
            free: 3,
            first: Duration::seconds(5),
            longest: Duration::seconds(60),
            forgotten_after: None,
        };
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let waits: Vec<i64> = (0..9).map(|count| (growth.opens_at(count, at) - at).num_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 60, 60]);
        assert_eq!((growth.opens_at(u32::MAX, at) - at).num_seconds(), 60);
    }
}
