//! Text as people type it: one normal form to keep, one folded form to find.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// NFC, outer space trimmed, each inner run of white space made one space.
pub fn tidy(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form that search compares: lower case, no diacritics, `đ` as `d`, single spaces.
///
/// Compatibility forms are folded too (NFKD), so that full-width or ligature look-alikes meet.
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `text` contains `marker`, in any case and any Unicode normal form; diacritics count.
pub fn contains_ignoring_case(text: &str, marker: &str) -> bool {
    let plain = |s: &str| tidy(&s.nfc().collect::<String>().to_lowercase());
    plain(text).contains(&plain(marker))
}

/// Hides all but the last four characters behind `•`.
pub fn mask(text: &str) -> String {
    let hidden = text.chars().count().saturating_sub(4);
    text.chars().enumerate().map(|(i, c)| if i < hidden { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_diacritics_and_the_bar_of_d() {
        assert_eq!(fold("  Đặng   Quang MINH "), "dang quang minh");
        assert_eq!(fold("Nguyễn Thị Ước"), "nguyen thi uoc");
    }

    #[test]
    fn a_marker_is_found_in_any_case_and_normal_form() {
        let decomposed: String = "BỘ PHẬN MỘT CỬA xã".nfd().collect();
        assert!(contains_ignoring_case(&decomposed, "Bộ phận một cửa"));
        assert!(!contains_ignoring_case("Bo phan mot cua", "Bộ phận một cửa"));
    }
}
