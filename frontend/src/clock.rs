//! The one place where the page reads a clock, and how times and dates read at a desk.
//!
//! Owns "now" by the server's clock and the wording of instants in Asia/Ho_Chi_Minh. Refuses
//! timers (`hooks::timer`) and the parsing of typed dates (the contract's `values`).

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Timelike, Utc};
use motcua_openapi::values::format_typed_date;

/// Vietnam keeps UTC+7 all the year and has since 1975: no time zone table is needed.
const DESK_OFFSET_SECONDS: i32 = 7 * 3600;

/// Milliseconds since 1970 by this computer's clock. It may be wrong: see [`ServerClock`].
pub fn local_millis() -> f64 {
    js_sys::Date::now()
}

/// The server's clock, known by how far this computer's own is off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ServerClock {
    ahead_millis: f64,
}

impl ServerClock {
    /// Learns the difference from an answer that said `now` and arrived at `local` milliseconds.
    pub fn learn(now: DateTime<Utc>, local: f64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit the 53 bits of a f64")]
        Self { ahead_millis: now.timestamp_millis() as f64 - local }
    }

    /// The server's time at `local` milliseconds of this computer.
    pub fn at(self, local: f64) -> DateTime<Utc> {
        #[expect(clippy::cast_possible_truncation, reason = "a clock's milliseconds are whole enough")]
        let millis = (local + self.ahead_millis) as i64;
        DateTime::from_timestamp_millis(millis).unwrap_or_default()
    }

    /// The server's time now.
    pub fn now(self) -> DateTime<Utc> {
        self.at(local_millis())
    }

    /// The desk's date now.
    pub fn today(self) -> NaiveDate {
        at_desk(self.now()).date_naive()
    }
}

fn at_desk(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(DESK_OFFSET_SECONDS) {
        Some(offset) => instant.with_timezone(&offset),
        None => instant.fixed_offset(),
    }
}

/// `10:02`
pub fn time(instant: DateTime<Utc>) -> String {
    let at = at_desk(instant);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `10:02:09`
pub fn time_to_the_second(instant: DateTime<Utc>) -> String {
    format!("{}:{:02}", time(instant), at_desk(instant).second())
}

/// `10:00 16/11`: an hour of the last days, where the year is no question.
pub fn hour(instant: DateTime<Utc>) -> String {
    let at = at_desk(instant);
    format!("{:02}:00 {:02}/{:02}", at.hour(), at.day(), at.month())
}

/// `16/11/2021`
pub fn date(instant: DateTime<Utc>) -> String {
    format_typed_date(at_desk(instant).date_naive())
}

/// `10:02 16/11/2021`
pub fn date_time(instant: DateTime<Utc>) -> String {
    format!("{} {}", time(instant), date(instant))
}

/// Whole seconds from `now` to `instant`, rounded up; 0 where it has passed.
pub fn seconds_until(instant: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let millis = (instant - now).num_milliseconds().max(0);
    u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX)
}

/// `1:05` for 65 seconds, `2:00:05` for two hours and five seconds.
pub fn minutes_and_seconds(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

/// `instant` and `seconds` more.
pub fn after_seconds(instant: DateTime<Utc>, seconds: u32) -> DateTime<Utc> {
    instant + TimeDelta::seconds(i64::from(seconds))
}

/// `instant` and `days` more.
pub fn after_days(instant: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    instant.checked_add_days(Days::new(u64::from(days))).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_reads_in_vietnamese_time() {
        assert_eq!(date_time(instant("2021-11-16T03:02:59Z")), "10:02 16/11/2021");
        assert_eq!(date(instant("2021-11-16T17:30:00Z")), "17/11/2021");
        assert_eq!(time_to_the_second(instant("2021-11-16T03:02:09.700Z")), "10:02:09");
        assert_eq!(hour(instant("2021-11-16T17:00:00Z")), "00:00 17/11");
    }

    #[test]
    fn the_server_clock_is_followed_and_not_this_computers() {
        let clock = ServerClock::learn(instant("2026-11-24T10:00:00Z"), 0.0);
        assert_eq!(clock.at(1_500.0), instant("2026-11-24T10:00:01.500Z"));
    }

    #[test]
    fn a_countdown_ends_at_zero_and_never_below() {
        let end = instant("2026-11-24T10:02:00Z");
        assert_eq!(seconds_until(end, instant("2026-11-24T10:00:00.200Z")), 120);
        assert_eq!(seconds_until(end, instant("2026-11-24T10:05:00Z")), 0);
        assert_eq!([65, 9, 7_205].map(minutes_and_seconds), ["1:05", "0:09", "2:00:05"]);
    }
}
