use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_value;

/// A one-time code: six digits, leading zeros included (000000–999999).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, pattern = "^[0-9]{6}$", example = "042917"))]
pub struct OtpCode(String);

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has 6 digits")]
pub struct OtpCodeError;

impl OtpCode {
    /// How many codes there are; a code is drawn uniformly below this.
    pub const COUNT: u32 = 1_000_000;

    /// Reads a code as typed or pasted; white space is ignored.
    pub fn parse(text: &str) -> Result<Self, OtpCodeError> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(OtpCodeError)
        }
    }

    /// The code of a number below [`Self::COUNT`]; larger numbers wrap.
    pub fn from_number(number: u32) -> Self {
        Self(format!("{:06}", number % Self::COUNT))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OtpCode {
    type Err = OtpCodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Debug output hides the code.
impl fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtpCode(••••••)")
    }
}

text_value!(OtpCode);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn leading_zeros_stay() {
        assert_eq!(OtpCode::from_number(42).as_str(), "000042");
        assert_eq!(OtpCode::parse(" 000 042 ").unwrap(), OtpCode::from_number(42));
    }

    proptest! {
        #[test]
        fn parsing_what_was_formatted_gives_the_same(number in 0..OtpCode::COUNT) {
            let code = OtpCode::from_number(number);
            prop_assert_eq!(OtpCode::parse(&code.to_string()).unwrap(), code);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = OtpCode::parse(&text);
        }
    }
}
