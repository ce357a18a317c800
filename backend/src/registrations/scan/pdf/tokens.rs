//! The words of a PDF: names, numbers and keywords, cut from bytes in one pass without recursion.
//!
//! Owns the lexical rules alone (ISO 32000-2, 7.2 and 7.3); what an object is, is the walk's matter.

use std::borrow::Cow;

/// A name longer than this, written out, is cut off; no name that matters is half as long.
const LONGEST_WRITTEN: usize = 60;

/// The name after a slash with its `#xx` decoded, and its length as written.
pub(super) fn name_at(bytes: &[u8]) -> (Cow<'_, [u8]>, usize) {
    let written = bytes.iter().take(LONGEST_WRITTEN).take_while(|byte| is_regular(**byte)).count();
    let raw = &bytes[..written];
    if !raw.contains(&b'#') {
        return (Cow::Borrowed(raw), written);
    }
    let mut name = Vec::with_capacity(written);
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let escaped = (byte == b'#')
            .then(|| raw.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        name.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    (Cow::Owned(name), written)
}

pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | 0)
}

fn is_regular(byte: u8) -> bool {
    !is_white(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// One token. Comments are passed over; what a string holds is of no interest.
pub(super) enum Token<'a> {
    /// A name, decoded.
    Name(Cow<'a, [u8]>),
    /// A number or a keyword.
    Word(&'a [u8]),
    OpenDictionary,
    CloseDictionary,
    OpenArray,
    CloseArray,
    Other,
}

impl Token<'_> {
    /// The value of a whole number.
    pub(super) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        match self {
            Token::Word(word) => std::str::from_utf8(word).ok()?.parse().ok(),
            _ => None,
        }
    }
}

/// The tokens from `at` on.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// White space and comments.
    fn skip_blank(&mut self) {
        loop {
            self.at += self.bytes[self.at..].iter().take_while(|byte| is_white(**byte)).count();
            if self.bytes.get(self.at) != Some(&b'%') {
                return;
            }
            self.at += self.bytes[self.at..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count();
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let rest = &self.bytes[self.at..];
        let (token, length) = match *rest.first()? {
            b'/' => {
                let (name, _) = name_at(&rest[1..]);
                (Token::Name(name), 1 + rest[1..].iter().take_while(|byte| is_regular(**byte)).count())
            }
            b'(' => (Token::Other, string_length(rest)),
            b'<' if rest.get(1) != Some(&b'<') => {
                (Token::Other, rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| end + 1))
            }
            b'<' => (Token::OpenDictionary, 2),
            b'>' if rest.get(1) == Some(&b'>') => (Token::CloseDictionary, 2),
            b'[' => (Token::OpenArray, 1),
            b']' => (Token::CloseArray, 1),
            byte if is_regular(byte) => {
                let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
                (Token::Word(&rest[..length]), length)
            }
            _ => (Token::Other, 1),
        };
        self.at += length;
        Some(token)
    }
}

/// The length of a literal string with its parentheses; all the rest if it does not end.
fn string_length(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}
