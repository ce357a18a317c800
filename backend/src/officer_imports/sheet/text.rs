//! A list as text: commas, semicolons or tabs between, UTF-8, or UTF-16 with its mark.

use super::{Gathered, HEADER_WITHIN, Unreadable, column_of};
use crate::cells::unguarded;

/// What stands between two cells: a spreadsheet of this country writes semicolons, "Unicode text" tabs.
const BETWEEN: [u8; 3] = [b',', b';', b'\t'];

/// Reads it.
pub(super) fn read(content: &[u8]) -> Result<Gathered, Unreadable> {
    let mut text = decode(content)?;
    if text.contains('\0') {
        return Err(Unreadable::Broken("it is no text"));
    }
    // A last line that is not ended is counted like the others.
    text.push('\n');
    let between = separator(&text);
    let mut reader = reader(&text, between);
    let mut record = csv::StringRecord::new();
    let mut gathered = Gathered::default();
    let mut row = 0;
    loop {
        let before = reader.position().line();
        let has_record = reader.read_record(&mut record).map_err(|_| Unreadable::Broken("it is no table"))?;
        if !has_record {
            return Ok(gathered);
        }
        // The reader passes over empty lines; a spreadsheet shows and counts them.
        let own = 1 + record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let passed = reader.position().line().saturating_sub(before).saturating_sub(own);
        row += 1 + u32::try_from(passed).unwrap_or_default();
        for (column, cell) in (0..).zip(record.iter()) {
            if !gathered.take(row, column, unguarded(cell).to_owned())? {
                return Ok(gathered);
            }
        }
    }
}

fn reader(text: &str, between: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(between).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn decode(content: &[u8]) -> Result<String, Unreadable> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|_| bytes.len().is_multiple_of(2))
    };
    let text = match content {
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        plain => std::str::from_utf8(plain).ok().map(str::to_owned),
    };
    text.ok_or(Unreadable::Broken("it is not UTF-8: save it as \"CSV UTF-8\" or as .xlsx"))
}

/// The separator by which most headers are known; a comma where none is.
fn separator(text: &str) -> u8 {
    let known = |between: u8| {
        let records = reader(text, between).into_records().take(HEADER_WITHIN).filter_map(Result::ok);
        records.map(|record| record.iter().filter(|cell| column_of(cell).is_some()).count()).max().unwrap_or_default()
    };
    // The first of the best: `max_by_key` takes the last.
    BETWEEN.into_iter().rev().max_by_key(|between| known(*between)).unwrap_or(b',')
}
