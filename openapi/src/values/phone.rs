use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_value;

/// A Vietnamese mobile number, kept as E.164 (`+84905437123`).
///
/// Refused on shape only: national form is `0` and nine digits. Whether the numbering plan knows
/// the prefix is a warning (`is_known_mobile`, server only), because plans change more often than
/// programs.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, pattern = r"^\+84[1-9][0-9]{8}$", example = "+84905437123"))]
pub struct PhoneNumber(String);

/// Why a text is not a Vietnamese mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneNumberError {
    /// Letters or signs that no written form of a number has.
    #[error("a phone number has digits only")]
    NotDigits,
    /// Digits, but not ten in national form.
    #[error("a mobile number has 10 digits and begins with 0; this has {count}")]
    Shape {
        /// How many digits were typed.
        count: usize,
    },
}

impl PhoneNumber {
    /// Reads a number as typed: `0905 437 123`, `0905.437.123`, `+84 905437123`, `84905437123`.
    pub fn parse(text: &str) -> Result<Self, PhoneNumberError> {
        let text = text.trim();
        let (international, rest) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
        let digits: String =
            rest.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')')).collect();
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(PhoneNumberError::NotDigits);
        }
        let significant = match digits.strip_prefix("84") {
            Some(rest) if international || digits.len() == 11 => rest,
            _ if international => "",
            _ => digits.strip_prefix('0').unwrap_or(""),
        };
        if significant.len() != 9 || significant.starts_with('0') {
            return Err(PhoneNumberError::Shape { count: digits.len() });
        }
        Ok(Self(format!("+84{significant}")))
    }

    /// E.164, e.g. `+84905437123`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// National form, plain: `0905437123`.
    pub fn national(&self) -> String {
        format!("0{}", self.significant())
    }

    /// National form, grouped for reading: `0905 437 123`.
    pub fn grouped(&self) -> String {
        let national = self.national();
        let (head, tail) = national.split_at(4);
        let (middle, last) = tail.split_at(3);
        format!("{head} {middle} {last}")
    }

    /// National form with all but the last four digits hidden.
    pub fn masked(&self) -> String {
        super::text::mask(&self.national())
    }

    /// Whether the numbering plan (libphonenumber's metadata) knows it as a mobile number.
    #[cfg(feature = "server")]
    pub fn is_known_mobile(&self) -> bool {
        use phonenumber::Type;
        let Ok(number) = phonenumber::parse(None, &self.0) else { return false };
        let kind = number.number_type(&phonenumber::metadata::DATABASE);
        phonenumber::is_valid(&number) && matches!(kind, Type::Mobile | Type::FixedLineOrMobile)
    }

    fn significant(&self) -> &str {
        self.0.strip_prefix("+84").unwrap_or(&self.0)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Debug output is masked: a value that slips into a log tells nothing.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}

text_value!(PhoneNumber);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_written_form_is_one_number() {
        for form in [
            "0905437123",
            "0905 437 123",
            "0905.437.123",
            "+84905437123",
            "+84 905 437 123",
            "84905437123",
            " (0905) 437-123 ",
        ] {
            assert_eq!(PhoneNumber::parse(form).unwrap().as_e164(), "+84905437123", "{form}");
        }
    }

    #[test]
    fn a_wrong_shape_says_how_many_digits_were_typed() {
        assert_eq!(PhoneNumber::parse("090543712"), Err(PhoneNumberError::Shape { count: 9 }));
        assert_eq!(PhoneNumber::parse("0005437123"), Err(PhoneNumberError::Shape { count: 10 }));
        assert_eq!(PhoneNumber::parse("+1 905 437 1234"), Err(PhoneNumberError::Shape { count: 11 }));
        assert_eq!(PhoneNumber::parse("09o5437123"), Err(PhoneNumberError::NotDigits));
    }

    #[cfg(feature = "server")]
    #[test]
    fn the_numbering_plan_knows_mobiles_and_doubts_the_rest() {
        assert!(PhoneNumber::parse("0905437123").unwrap().is_known_mobile());
        assert!(!PhoneNumber::parse("0105437123").unwrap().is_known_mobile());
    }

    proptest! {
        #[test]
        fn parsing_what_was_formatted_gives_the_same(rest in "[1-9][0-9]{8}") {
            let number = PhoneNumber::parse(&format!("0{rest}")).unwrap();
            prop_assert_eq!(&PhoneNumber::parse(&number.to_string()).unwrap(), &number);
            prop_assert_eq!(&PhoneNumber::parse(&number.grouped()).unwrap(), &number);
            prop_assert_eq!(&PhoneNumber::parse(&number.national()).unwrap(), &number);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            if let Ok(number) = PhoneNumber::parse(&text) {
                let _ = (number.grouped(), number.masked());
            }
        }
    }
}
