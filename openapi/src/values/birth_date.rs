use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::IdNumber;

/// A date of birth: from 1900 to today. On the wire ISO 8601 (`1990-02-01`), at the desk dd/mm/yyyy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, format = Date, example = "1990-02-01"))]
pub struct BirthDate(NaiveDate);

/// Why a text is not a date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthDateError {
    /// No such day, or not in the form asked for.
    #[error("not a date")]
    NotADate,
    /// Before 1900.
    #[error("a date of birth is 01/01/1900 or later")]
    TooEarly,
    /// After today.
    #[error("a date of birth is not in the future")]
    InFuture,
}

impl BirthDate {
    /// Reads the wire's form, `yyyy-mm-dd`.
    pub fn parse_iso(text: &str, today: NaiveDate) -> Result<Self, BirthDateError> {
        let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| BirthDateError::NotADate)?;
        Self::new(date, today)
    }

    /// Reads what is typed at the desk: day, month, year with `/`, `-`, `.` or a space between
    /// them, leading zeros or not (`1/2/1990`), or eight digits with nothing between (`01021990`).
    pub fn parse_typed(text: &str, today: NaiveDate) -> Result<Self, BirthDateError> {
        Self::new(parse_typed_date(text).ok_or(BirthDateError::NotADate)?, today)
    }

    /// Takes a date that is already one.
    pub fn new(date: NaiveDate, today: NaiveDate) -> Result<Self, BirthDateError> {
        if date.year() < 1900 {
            return Err(BirthDateError::TooEarly);
        }
        if date > today {
            return Err(BirthDateError::InFuture);
        }
        Ok(Self(date))
    }

    /// The date.
    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// As at the desk: `01/02/1990`.
    pub fn typed(self) -> String {
        format_typed_date(self.0)
    }

    /// The year that `number` tells where it is another than this date's; `None` where they agree
    /// or the number tells none.
    pub fn disagreeing_year(self, number: &IdNumber) -> Option<i32> {
        number.birth_year().filter(|year| *year != self.0.year())
    }
}

/// Reads a date as typed at the desk, see [`BirthDate::parse_typed`].
pub fn parse_typed_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![text.get(..2)?, text.get(2..4)?, text.get(4..)?]
    } else {
        text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect()
    };
    let [day, month, year] = parts.as_slice() else { return None };
    if day.len() > 2 || month.len() > 2 || year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Formats a date as at the desk: `01/02/1990`.
pub fn format_typed_date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    #[test]
    fn short_and_long_forms_are_one_date() {
        for form in ["1/2/1990", "01/02/1990", "1-2-1990", "01.02.1990", "1 2 1990", "01021990"] {
            assert_eq!(BirthDate::parse_typed(form, today()).unwrap().typed(), "01/02/1990", "{form}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        assert_eq!(BirthDate::parse_typed("31/02/1990", today()), Err(BirthDateError::NotADate));
        assert_eq!(BirthDate::parse_typed("1/2/90", today()), Err(BirthDateError::NotADate));
        assert_eq!(BirthDate::parse_typed("25/11/2026", today()), Err(BirthDateError::InFuture));
        assert_eq!(BirthDate::parse_iso("1899-12-31", today()), Err(BirthDateError::TooEarly));
    }

    #[test]
    fn a_date_that_disagrees_with_the_number_says_which_year_the_number_tells() {
        let number = IdNumber::parse("079090001234").unwrap();
        let wrong = BirthDate::parse_typed("1/2/1991", today()).unwrap();
        let right = BirthDate::parse_typed("1/2/1990", today()).unwrap();
        assert_eq!((wrong.disagreeing_year(&number), right.disagreeing_year(&number)), (Some(1990), None));
    }

    proptest! {
        #[test]
        fn parsing_what_was_formatted_gives_the_same(days in 0i64..46_000) {
            let start = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
            let date = BirthDate::new(start + chrono::Duration::days(days), today()).unwrap();
            prop_assert_eq!(BirthDate::parse_typed(&date.typed(), today()).unwrap(), date);
            prop_assert_eq!(BirthDate::parse_iso(&date.date().to_string(), today()).unwrap(), date);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = (BirthDate::parse_typed(&text, today()), BirthDate::parse_iso(&text, today()));
        }
    }
}
