//! A request, and the day by which it is to be answered.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use motcua_openapi::citizens::{DataRequestKind, DataRequestOutcome};
use uuid::Uuid;

/// Working days within which a request is answered (Decree 356/2025).
const WORKING_DAYS: u32 = 2;

/// A request as kept.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) unit_id: Uuid,
    pub(super) kind: DataRequestKind,
    pub(super) words: String,
    pub(super) made_at: DateTime<Utc>,
    pub(super) due_on: NaiveDate,
    pub(super) answer: Option<Answer>,
    pub(super) answered_by: Option<Uuid>,
}

/// The answer to one.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) outcome: DataRequestOutcome,
    pub(super) words: String,
    pub(super) at: DateTime<Utc>,
}

/// The last day for the answer to a request made on a day: the second working day after it.
pub(super) fn due_on(made_on: NaiveDate, holidays: &[NaiveDate]) -> NaiveDate {
    let is_working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(day);
    let days = made_on.iter_days().skip(1).filter(is_working);
    days.take(WORKING_DAYS as usize).last().unwrap_or(made_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn the_second_working_day_after_it() {
        for (made_on, due) in [
            (day(3, 2), day(3, 4)),
            (day(3, 5), day(3, 9)),
            (day(3, 6), day(3, 10)),
            (day(3, 7), day(3, 10)),
            (day(3, 8), day(3, 10)),
        ] {
            assert_eq!(due_on(made_on, &[]), due, "made on {made_on}");
        }
    }

    #[test]
    fn a_holiday_is_no_working_day() {
        let holidays = [day(4, 30), day(5, 1)];
        assert_eq!(due_on(day(4, 29), &holidays), day(5, 5));
        assert_eq!(due_on(day(4, 28), &holidays), day(5, 4));
    }
}
