//! The details of one request and the words that both templates print for them.
//!
//! Owns how a date, an absent value and a stray character look on paper. It does not judge the details (the contract
//! crate parsed them), it does not group digits, and it does not compute the code: the caller holds that key.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

/// Printed for an optional value that was not entered, so that the citizen sees that it was not.
const ABSENT: &str = "Không có";

/// What an officer entered for a citizen, as it is to be read on paper.
///
/// Texts are printed to the letter; nothing in them is markup.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestForm {
    /// The one-stop unit that the paper is addressed to.
    pub unit_name: String,
    /// The portal on which the account is asked for.
    pub portal_name: String,
    /// Where the paper is signed, as before the date: `Khánh Hòa`.
    pub place: String,
    /// The day on the paper and in the file's properties, in the desk's own zone.
    pub date: NaiveDate,
    /// The citizen's name as on the card.
    pub full_name: String,
    /// The identity number, already grouped: `079 090 001 234`.
    pub id_number: String,
    /// The old CMND number, grouped, where it is known.
    pub previous_id_number: Option<String>,
    /// Printed as dd/mm/yyyy.
    pub birth_date: NaiveDate,
    /// The citizen's phone number, grouped: `0905 437 123`.
    pub phone: String,
    /// The citizen's e-mail address.
    pub email: Option<String>,
    /// The officer at the desk.
    pub officer_name: String,
    /// The officer's phone number, grouped.
    pub officer_phone: String,
    /// The short code that ties the paper to these details, grouped: `7F3K-92QD`.
    pub code: String,
}

/// Keeps personal data out of logs: only the code is shown.
impl fmt::Debug for RequestForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestForm").field("code", &self.code).finish_non_exhaustive()
    }
}

/// A name that a template may use, and its text.
pub(crate) type Field = (&'static str, String);

/// What a template must print, since the citizen signs for it.
pub(crate) const REQUIRED: [&str; 9] = [
    "unit_name",
    "full_name",
    "id_number",
    "previous_id_number",
    "birth_date",
    "phone",
    "email",
    "officer_name",
    "code",
];

impl RequestForm {
    /// A made-up request: what a replaced template is tried with at start.
    #[must_use]
    pub fn sample() -> Self {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        Self {
            unit_name: "Bộ phận một cửa - Ủy ban nhân dân phường Nha Trang".into(),
            portal_name: "Cổng Dịch vụ công Quốc gia".into(),
            place: "Khánh Hòa".into(),
            date: day(2026, 11, 24),
            full_name: "Nguyễn Thị Thu Hương".into(),
            id_number: "056 190 001 234".into(),
            previous_id_number: Some("225 456 789".into()),
            birth_date: day(1990, 2, 1),
            phone: "0905 437 123".into(),
            email: Some("thu.huong.nguyen@example.vn".into()),
            officer_name: "Trần Quốc Đạt".into(),
            officer_phone: "0258 382 1234".into(),
            code: "7F3K-92QD".into(),
        }
    }

    /// The names and texts of the templates, in a fixed order.
    pub(crate) fn fields(&self) -> [Field; 13] {
        let text = |value: &str| clean(value);
        let optional = |value: &Option<String>| {
            value.as_deref().map(clean).filter(|value| !value.is_empty()).unwrap_or_else(|| ABSENT.into())
        };
        [
            ("unit_name", text(&self.unit_name)),
            ("portal_name", text(&self.portal_name)),
            ("place", text(&self.place)),
            ("date", date_in_words(self.date)),
            ("full_name", text(&self.full_name)),
            ("id_number", text(&self.id_number)),
            ("previous_id_number", optional(&self.previous_id_number)),
            ("birth_date", self.birth_date.format("%d/%m/%Y").to_string()),
            ("phone", text(&self.phone)),
            ("email", optional(&self.email)),
            ("officer_name", text(&self.officer_name)),
            ("officer_phone", text(&self.officer_phone)),
            ("code", text(&self.code)),
        ]
    }
}

/// `ngày 05 tháng 02 năm 2026`: days under 10 and months 1 and 2 take a zero (Decree 30/2020, annex I), so that nothing
/// can be written in front of them.
fn date_in_words(date: NaiveDate) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    let month = if month < 3 { format!("0{month}") } else { month.to_string() };
    format!("ngày {day:02} tháng {month} năm {year}")
}

/// One line of NFC text without what a reader cannot see: white space becomes single spaces; control characters, text
/// direction overrides and zero-width characters, which make a paper read differently from the data, are dropped.
fn clean(value: &str) -> String {
    let visible: String = value
        .nfc()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_invisible(c: char) -> bool {
    match c {
        // Soft hyphen, Arabic letter mark.
        '\u{00AD}' | '\u{061C}' => true,
        // Zero-width, direction marks and overrides, invisible operators.
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => true,
        // Variation selectors, byte order mark, annotations, tags, and what XML forbids.
        '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' => true,
        _ => matches!(c, '\u{E0000}'..='\u{E0FFF}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_takes_the_zeros_of_the_decree_and_no_others() {
        let words = |y, m, d| date_in_words(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert_eq!(words(2026, 11, 24), "ngày 24 tháng 11 năm 2026");
        assert_eq!(words(2027, 2, 5), "ngày 05 tháng 02 năm 2027");
        assert_eq!(words(2027, 3, 9), "ngày 09 tháng 3 năm 2027");
    }

    #[test]
    fn a_decomposed_name_is_printed_composed() {
        assert_eq!(clean("Nguye\u{302}\u{303}n"), "Nguyễn");
    }

    #[test]
    fn what_a_reader_cannot_see_is_not_printed() {
        assert_eq!(clean(" Lê\u{202E}\tVăn\r\n\u{200B}Tám\u{0} "), "Lê Văn Tám");
    }

    #[test]
    fn debug_shows_nothing_personal() {
        assert_eq!(format!("{:?}", RequestForm::sample()), r#"RequestForm { code: "7F3K-92QD", .. }"#);
    }
}
