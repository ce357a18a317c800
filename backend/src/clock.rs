//! Time, as one value that is passed in.
//!
//! Owns the only reading of the system's clock and the desk's time zone. Refuses local time
//! elsewhere: everything is kept in UTC and turned into Asia/Ho_Chi_Minh where a person reads it.

use chrono::{DateTime, Duration, NaiveDate, SubsecRound, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

/// Where `now` comes from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    #[cfg(feature = "test-seams")]
    manual: Option<std::sync::Arc<std::sync::Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// Now in UTC, whole microseconds: what every database keeps.
    pub fn now(&self) -> DateTime<Utc> {
        #[cfg(feature = "test-seams")]
        if let Some(manual) = &self.manual {
            return *manual.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
        let now = Utc::now();
        now.trunc_subsecs(6)
    }

    /// Today's date at the desk.
    pub fn today(&self) -> NaiveDate {
        desk_date(self.now())
    }
}

#[cfg(feature = "test-seams")]
impl Clock {
    /// A clock that stands still until [`Clock::advance`]. Not in a release build.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self { manual: Some(std::sync::Arc::new(std::sync::Mutex::new(start))) }
    }

    /// Moves a manual clock forward.
    pub fn advance(&self, by: Duration) {
        if let Some(manual) = &self.manual {
            *manual.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
        }
    }
}

/// Hours that the desk is ahead of UTC, for counting by days inside a database.
pub const DESK_OFFSET_HOURS: i64 = 7;

/// The date of a number of days since 1970, as a database counts them.
pub fn desk_day(days: i64) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(Duration::try_days(days)?)
}

/// The date at the desk of an instant.
pub fn desk_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Ho_Chi_Minh).date_naive()
}

/// The instant at which a day begins at the desk.
pub fn desk_midnight(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    // The zone has had no change of offset since 1975: the local time is never ambiguous.
    Ho_Chi_Minh
        .from_local_datetime(&midnight)
        .earliest()
        .map(|local| local.with_timezone(&Utc))
        .or_else(|| midnight.and_utc().checked_sub_signed(Duration::hours(7)))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_at_the_desk_begins_at_17_utc_of_the_day_before() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let midnight = desk_midnight(day);
        assert_eq!(midnight.to_rfc3339(), "2026-11-23T17:00:00+00:00");
        assert_eq!((desk_date(midnight), desk_date(midnight - Duration::seconds(1))), (day, day.pred_opt().unwrap()));
    }
}
