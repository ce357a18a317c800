use std::fmt;
use std::str::FromStr;

use super::text;

/// A password that its owner chose: 8 to 128 characters of any kind, in NFC (OWASP ASVS 5.0, 6.2: length only, no
/// rules of composition). Whether it is a common one, or says its owner's number, is asked on the server, which
/// holds the list.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has 8 to 128 characters; this has {count}")]
pub struct NewPasswordError {
    /// How many characters were typed.
    pub count: usize,
}

/// How hard a password is to guess, for the person who is choosing one. A hint, never a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PasswordStrength {
    /// Guessed in no time, or refused for its length.
    Weak,
    /// Better than most.
    Fair,
    /// Good.
    Good,
    /// Nobody guesses it.
    Strong,
}

impl NewPassword {
    /// The shortest, in characters.
    pub const MIN_CHARS: usize = 8;
    /// The longest, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Reads a password as typed: nothing is trimmed, no case is changed.
    pub fn parse(text: &str) -> Result<Self, NewPasswordError> {
        let password = text::nfc(text);
        let count = password.chars().count();
        if (Self::MIN_CHARS..=Self::MAX_CHARS).contains(&count) {
            Ok(Self(password))
        } else {
            Err(NewPasswordError { count })
        }
    }

    /// The password.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PasswordStrength {
    /// Of a text as typed. Counts what each character adds to what a guesser must try: one that repeats its
    /// neighbour or follows it in the alphabet, the digits or a keyboard's row adds next to nothing.
    pub fn of(text: &str) -> Self {
        let chars: Vec<char> = text::nfc(text).chars().collect();
        if chars.len() < NewPassword::MIN_CHARS {
            return Self::Weak;
        }
        let mut kinds = [false; 4];
        let mut distinct: Vec<char> = Vec::new();
        for c in &chars {
            let kind = if c.is_ascii_digit() {
                0
            } else if c.is_lowercase() {
                1
            } else if c.is_uppercase() {
                2
            } else {
                3
            };
            if let Some(seen) = kinds.get_mut(kind) {
                *seen = true;
            }
            if !distinct.contains(c) {
                distinct.push(*c);
            }
        }
        // Bits a character of that kind, rounded: 10 digits, 26 letters, 26 capitals, 33 signs and beyond.
        let alphabet: u32 = kinds.iter().zip([10, 26, 26, 33]).filter(|(seen, _)| **seen).map(|(_, size)| size).sum();
        let bits_each = alphabet.max(2).ilog2();
        let fresh = 1 + chars.windows(2).filter(|pair| !matches!(pair, [a, b] if follows(*a, *b))).count();
        // A text of few different characters is a pattern of them.
        let effective = fresh.min(distinct.len() * 2);
        match u32::try_from(effective).unwrap_or(u32::MAX).saturating_mul(bits_each) {
            0..32 => Self::Weak,
            32..48 => Self::Fair,
            48..64 => Self::Good,
            _ => Self::Strong,
        }
    }
}

/// Whether a guesser would try `b` right after `a`.
fn follows(a: char, b: char) -> bool {
    const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let is_step = u32::from(a).abs_diff(u32::from(b)) <= 1;
    let is_key_beside = ROWS.iter().any(|row| {
        let at = |c: char| row.chars().position(|key| key == c);
        matches!((at(a), at(b)), (Some(x), Some(y)) if x.abs_diff(y) <= 1)
    });
    is_step || is_key_beside
}

impl FromStr for NewPassword {
    type Err = NewPasswordError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Debug output hides the password.
impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(•)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn only_the_length_is_a_rule() {
        for taken in ["aaaaaaaa", "12345678", "mật khẩu", " tám chữ", &"x".repeat(128)] {
            assert_eq!(NewPassword::parse(taken).unwrap().as_str(), taken, "kept as typed, spaces too");
        }
        assert_eq!(NewPassword::parse("bảy chữ"), Err(NewPasswordError { count: 7 }));
        assert_eq!(NewPassword::parse(&"x".repeat(129)), Err(NewPasswordError { count: 129 }));
    }

    #[test]
    fn two_keyboards_write_one_password() {
        let composed = "mật khẩu của tôi";
        let decomposed: String = composed.nfd().collect();
        assert_eq!(NewPassword::parse(&decomposed).unwrap(), NewPassword::parse(composed).unwrap());
    }

    #[test]
    fn patterns_are_weak_and_length_makes_strong() {
        for weak in ["1234567", "12345678", "aaaaaaaaaaaaaaaa", "qwertyuiop", "abcdefgh", "abababababab"] {
            assert_eq!(PasswordStrength::of(weak), PasswordStrength::Weak, "{weak}");
        }
        assert!(PasswordStrength::of("k7mw2xrp9q") >= PasswordStrength::Good);
        assert_eq!(PasswordStrength::of("bốn con mèo đen ngủ trên mái"), PasswordStrength::Strong);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = (NewPassword::parse(&text), PasswordStrength::of(&text));
        }
    }
}
