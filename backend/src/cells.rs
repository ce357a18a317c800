//! Text in a table that a spreadsheet will open: never a formula.
//!
//! Owns the one apostrophe that stands before a text which a spreadsheet would otherwise run, and its removal when
//! a table that was written here is read back. Refuses to know what the table is about.

/// What a formula begins with, in one spreadsheet or another.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋'];
const GUARD: char = '\'';

/// A text as it is written: one that would be run has an apostrophe before it.
pub fn guarded(text: &str) -> String {
    // An apostrophe of its own before such a text would be taken for the guard when it is read back.
    let is_guarded = text.strip_prefix(GUARD).is_some_and(|rest| needs_guard(rest.trim_start_matches(GUARD)));
    if is_guarded || needs_guard(text) { format!("{GUARD}{text}") } else { text.to_owned() }
}

/// What was meant by a text that is read back.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix(GUARD) {
        Some(rest) if needs_guard(rest.trim_start_matches(GUARD)) => rest,
        _ => text,
    }
}

fn needs_guard(text: &str) -> bool {
    text.starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_written_as_text() {
        for text in ["=1+1", "+84905", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "0905", "Bộ phận một cửa", "a=b", "'quoted'", "1-2"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_it_was(text in "'*[=+@a-]?\\PC*") {
            let written = guarded(&text);
            prop_assert!(!written.starts_with(BEGINNINGS));
            prop_assert_eq!(unguarded(&written), text);
        }
    }
}
