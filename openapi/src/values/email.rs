use std::fmt;
use std::str::FromStr;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use super::text_value;

/// An e-mail address by RFC 5321/5322 (crate `email_address`), with a dot in its domain; at most
/// 254 characters. The domain is kept as typed.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "server", schema(value_type = String, format = Email, max_length = 254, example = "an@example.vn"))]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailError;

impl Email {
    /// Reads an address as typed.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let strict = Options::default().with_required_tld().without_display_text().without_domain_literal();
        if text.len() > 254 {
            return Err(EmailError);
        }
        EmailAddress::parse_with_options(text, strict).map_err(|_| EmailError)?;
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Debug output hides the address.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(•)")
    }
}

text_value!(Email);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_taken_and_near_misses_refused() {
        assert!(Email::parse(" an.nguyen+dvc@example.vn ").is_ok());
        for wrong in ["an", "an@", "@example.vn", "an@example", "an nguyen@example.vn", "An <an@example.vn>"] {
            assert_eq!(Email::parse(wrong), Err(EmailError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_formatting_is_the_identity(text in any::<String>()) {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(&email.to_string()).unwrap(), email);
            }
        }
    }
}
