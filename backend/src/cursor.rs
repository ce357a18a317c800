//! Where a page of a list ended, as callers carry it: opaque text.
//!
//! Owns the form of a keyset cursor over a time and an id. Refuses offsets, which skip and repeat rows
//! while a list grows.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// The last row of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Its time.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

impl Position {
    /// As text.
    pub fn cursor(self) -> String {
        let micros = self.at.timestamp_micros().to_be_bytes();
        BASE64URL_NOPAD.encode(&[micros.as_slice(), self.id.as_bytes()].concat())
    }

    /// From text.
    pub fn parse(cursor: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        let (micros, id) = bytes.split_first_chunk::<8>()?;
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?;
        Some(Self { at, id: Uuid::from_slice(id).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_its_position() {
        let at = DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap();
        let position = Position { at, id: Uuid::from_u128(42) };
        assert_eq!(Position::parse(&position.cursor()), Some(position));
        assert_eq!(Position::parse("AAAA"), None);
    }
}
