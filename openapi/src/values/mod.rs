//! Values that cannot be wrong: each is made by its `parse` only, in the browser and on the server.
//!
//! Owns the rules of shape for what is typed at the desk. Refuses rules that need a database or a
//! clock; where a rule needs today's date it is passed in.

mod birth_date;
mod email;
mod id_number;
mod new_password;
mod otp_code;
mod person_name;
mod phone;
pub mod text;

pub use birth_date::{BirthDate, BirthDateError, format_typed_date, parse_typed_date};
pub use email::{Email, EmailError};
pub use id_number::{IdNumber, IdNumberError, IdNumberKind, Sex};
pub use new_password::{NewPassword, NewPasswordError, PasswordStrength};
pub use otp_code::{OtpCode, OtpCodeError};
pub use person_name::{PersonName, PersonNameError};
pub use phone::{PhoneNumber, PhoneNumberError};

/// Serde through the value's own text: out as it is formatted, in through its `parse`.
macro_rules! text_value {
    ($value:ty) => {
        impl TryFrom<String> for $value {
            type Error = <$value as std::str::FromStr>::Err;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
        impl From<$value> for String {
            fn from(value: $value) -> Self {
                value.to_string()
            }
        }
    };
}
pub(crate) use text_value;
