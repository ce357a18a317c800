use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_value;

/// The number on an identity card: a CCCD (personal identity number, 12 digits) or an old CMND (9).
///
/// Source: Decree 137/2015 art. 13 and Circular 59/2021/TT-BCA art. 4 for the CCCD's structure:
/// three digits of place, one of century and sex, two of the year of birth, six at random.
/// Formats as its digits, nothing between them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, pattern = "^([0-9]{9}|[0-9]{12})$", example = "079090001234"))]
pub struct IdNumber(String);

/// Which of the two numbers it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum IdNumberKind {
    /// Citizen identity card or personal identity number, 12 digits.
    Cccd,
    /// The old identity card, 9 digits; not valid for use after 31/12/2024 (Law on Identity, art. 46).
    Cmnd,
}

/// Sex as the card number tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Sex {
    /// Even digit in fourth place.
    Male,
    /// Odd digit in fourth place.
    Female,
}

/// Why a text is not an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Something other than digits and the separators space, dot and hyphen.
    #[error("an identity number has digits only")]
    NotDigits,
    /// Digits, but neither 9 nor 12 of them.
    #[error("a CCCD has 12 digits, a CMND has 9; this has {count}")]
    Length {
        /// How many digits were typed.
        count: usize,
    },
}

/// Place codes of the 63 provinces of Circular 59/2021, annex I. Codes given out after the mergers
/// of 2025 are unverified, which is why an unknown code warns and never refuses.
const PROVINCES: [u16; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
];

impl IdNumber {
    /// Reads a number as typed: digits, with spaces, dots and hyphens between them allowed.
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect();
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(IdNumberError::NotDigits);
        }
        match digits.len() {
            9 | 12 => Ok(Self(digits)),
            count => Err(IdNumberError::Length { count }),
        }
    }

    /// The digits alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// CCCD or CMND, by length.
    pub fn kind(&self) -> IdNumberKind {
        if self.0.len() == 12 { IdNumberKind::Cccd } else { IdNumberKind::Cmnd }
    }

    /// The full year of birth that a CCCD tells, e.g. 1990; `None` for a CMND.
    pub fn birth_year(&self) -> Option<i32> {
        let century = i32::from(self.century_and_sex()? / 2);
        let year: i32 = self.0.get(4..6)?.parse().ok()?;
        Some(1900 + century * 100 + year)
    }

    /// The sex that a CCCD tells; `None` for a CMND.
    pub fn sex(&self) -> Option<Sex> {
        Some(if self.century_and_sex()? % 2 == 0 { Sex::Male } else { Sex::Female })
    }

    /// Whether the place code is one that we know. Codes from 100 up are countries: taken as known.
    /// A CMND has no such code.
    pub fn place_is_known(&self) -> bool {
        match (self.kind(), self.0.get(..3).and_then(|p| p.parse::<u16>().ok())) {
            (IdNumberKind::Cccd, Some(place)) => place >= 100 || PROVINCES.contains(&place),
            _ => true,
        }
    }

    /// Grouped for reading: `079 090 001 234` or `225 123 456`.
    pub fn grouped(&self) -> String {
        self.0.as_bytes().chunks(3).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
    }

    /// All but the last four digits hidden: `••••••••1234`.
    pub fn masked(&self) -> String {
        super::text::mask(&self.0)
    }

    fn century_and_sex(&self) -> Option<u8> {
        if self.kind() == IdNumberKind::Cmnd {
            return None;
        }
        self.0.as_bytes().get(3).map(|digit| digit - b'0')
    }
}

impl FromStr for IdNumber {
    type Err = IdNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Debug output is masked: a value that slips into a log tells nothing.
impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}

text_value!(IdNumber);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cccd_tells_year_and_sex() {
        let number = IdNumber::parse("079 190 001 234").unwrap();
        assert_eq!((number.birth_year(), number.sex()), (Some(1990), Some(Sex::Female)));
        let young = IdNumber::parse("001204000001").unwrap();
        assert_eq!((young.birth_year(), young.sex()), (Some(2004), Some(Sex::Male)));
    }

    #[test]
    fn a_cmnd_tells_neither() {
        let old = IdNumber::parse("225123456").unwrap();
        assert_eq!((old.kind(), old.birth_year(), old.sex()), (IdNumberKind::Cmnd, None, None));
    }

    #[test]
    fn a_wrong_length_says_how_many_digits_were_typed() {
        assert_eq!(IdNumber::parse("0790900012"), Err(IdNumberError::Length { count: 10 }));
        assert_eq!(IdNumber::parse("07909000123O"), Err(IdNumberError::NotDigits));
    }

    #[test]
    fn an_unknown_place_is_known_to_be_unknown() {
        assert!(IdNumber::parse("079090001234").unwrap().place_is_known());
        assert!(!IdNumber::parse("003090001234").unwrap().place_is_known());
    }

    #[test]
    fn debug_output_hides_the_number() {
        assert_eq!(format!("{:?}", IdNumber::parse("079090001234").unwrap()), "IdNumber(••••••••1234)");
    }

    proptest! {
        #[test]
        fn parsing_what_was_formatted_gives_the_same(digits in "[0-9]{9}|[0-9]{12}") {
            let number = IdNumber::parse(&digits).unwrap();
            prop_assert_eq!(&IdNumber::parse(&number.to_string()).unwrap(), &number);
            prop_assert_eq!(&IdNumber::parse(&number.grouped()).unwrap(), &number);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if let Ok(number) = IdNumber::parse(&text) {
                let _ = (number.birth_year(), number.sex(), number.place_is_known(), number.masked());
            }
        }
    }
}
