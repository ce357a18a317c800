use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{text, text_value};

/// A person's name as on the card: NFC, single spaces, 2 to 100 characters.
///
/// Letters of any script, combining marks, spaces, apostrophes, hyphens and dots. The case is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, min_length = 2, max_length = 100, example = "Nguyễn Thị Ánh"))]
pub struct PersonName(String);

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonNameError {
    /// Fewer than 2 or more than 100 characters.
    #[error("a name has 2 to 100 characters; this has {count}")]
    Length {
        /// How many characters were typed.
        count: usize,
    },
    /// A character that no name on a card has.
    #[error("a name cannot contain {character:?}")]
    Character {
        /// The first such character.
        character: char,
    },
}

impl PersonName {
    /// The longest name taken, in characters.
    pub const MAX_CHARS: usize = 100;

    /// Reads a name as typed.
    pub fn parse(text: &str) -> Result<Self, PersonNameError> {
        use unicode_normalization::char::is_combining_mark;
        let name = text::tidy(text);
        let count = name.chars().count();
        if !(2..=Self::MAX_CHARS).contains(&count) {
            return Err(PersonNameError::Length { count });
        }
        let allowed = |c: char| c.is_alphabetic() || is_combining_mark(c) || matches!(c, ' ' | '\'' | '’' | '-' | '.');
        match name.chars().find(|c| !allowed(*c)) {
            Some(character) => Err(PersonNameError::Character { character }),
            None => Ok(Self(name)),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that search compares, see [`text::fold`].
    pub fn folded(&self) -> String {
        text::fold(&self.0)
    }
}

impl FromStr for PersonName {
    type Err = PersonNameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(PersonName);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn a_name_is_kept_in_nfc_with_single_spaces() {
        let typed: String = "  Nguyễn  Thị   Ánh ".nfd().collect();
        assert_eq!(PersonName::parse(&typed).unwrap().as_str(), "Nguyễn Thị Ánh");
    }

    #[test]
    fn digits_and_markup_are_no_name() {
        assert_eq!(PersonName::parse("Nguyễn 2"), Err(PersonNameError::Character { character: '2' }));
        assert_eq!(PersonName::parse("<b>An"), Err(PersonNameError::Character { character: '<' }));
        assert_eq!(PersonName::parse(" x "), Err(PersonNameError::Length { count: 1 }));
    }

    proptest! {
        #[test]
        fn parsing_what_was_formatted_gives_the_same(text in any::<String>()) {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(&PersonName::parse(&name.to_string()).unwrap(), &name);
            }
        }

        #[test]
        fn ordinary_names_are_taken(text in "[A-ZĐ][a-zăâêôơưđ]{1,6}( [A-ZĐÁ][a-zăâêôơưđ]{0,6}){1,5}") {
            prop_assert!(PersonName::parse(&text).is_ok());
        }
    }
}
