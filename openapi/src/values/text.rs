//! Text as people type it: one normal form to keep, one folded form to find.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, is_combining_mark};

/// NFC, outer space trimmed, each inner run of white space made one space.
pub fn tidy(text: &str) -> String {
    nfc(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// NFC (UAX #15) by the canonical tables alone. The crate's own `nfc()` chooses its tables at run
/// time, and so brings the compatibility ones along: they weighed more in the page's download than
/// all of its texts, for nothing.
pub fn nfc(text: &str) -> String {
    let mut parts: Vec<(u8, char)> = Vec::with_capacity(text.len());
    for c in text.chars() {
        decompose_canonical(c, |part| parts.push((canonical_combining_class(part), part)));
    }
    // A starter has class 0 and stays before the marks that are put in order behind it.
    for run in parts.chunk_by_mut(|_, (class, _)| *class != 0) {
        run.sort_by_key(|(class, _)| *class);
    }
    let mut composed: Vec<char> = Vec::with_capacity(parts.len());
    // Where the last starter stands, and the class of what was put behind it since.
    let (mut starter, mut behind) = (None, None);
    for (class, c) in parts {
        let is_free = behind.is_none_or(|behind| behind < class);
        let whole = starter.filter(|_| is_free).and_then(|at: usize| compose(*composed.get(at)?, c));
        if let (Some(whole), Some(slot)) = (whole, starter.and_then(|at| composed.get_mut(at))) {
            *slot = whole;
            continue;
        }
        (starter, behind) = if class == 0 { (Some(composed.len()), None) } else { (starter, Some(class)) };
        composed.push(c);
    }
    composed.into_iter().collect()
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
    let plain = |s: &str| tidy(&nfc(s).to_lowercase());
    plain(text).contains(&plain(marker))
}

/// Whether `text` contains `words` for who searches it in a page: any case, with or without diacritics. By the
/// canonical tables alone, see [`nfc`].
pub fn contains_loosely(text: &str, words: &str) -> bool {
    let bare = |text: &str| {
        let mut bare = String::with_capacity(text.len());
        for c in text.chars() {
            decompose_canonical(c, |part| {
                if canonical_combining_class(part) == 0 {
                    bare.extend(part.to_lowercase().map(|c| if c == 'đ' { 'd' } else { c }));
                }
            });
        }
        tidy(&bare)
    };
    bare(text).contains(&bare(words))
}

/// Hides all but the last four characters behind `•`.
pub fn mask(text: &str) -> String {
    let hidden = text.chars().count().saturating_sub(4);
    text.chars().enumerate().map(|(i, c)| if i < hidden { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_normal_form_is_that_of_the_crate(text in "\\PC*|[ -~\u{300}-\u{36f}à-ỹĂăĐđƠơƯư\u{1100}-\u{11ff}가-힣]*") {
            prop_assert_eq!(nfc(&text), text.nfc().collect::<String>());
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(nfc(&decomposed), text.nfc().collect::<String>());
        }
    }

    #[test]
    fn folding_drops_case_diacritics_and_the_bar_of_d() {
        assert_eq!(fold("  Đặng   Quang MINH "), "dang quang minh");
        assert_eq!(fold("Nguyễn Thị Ước"), "nguyen thi uoc");
    }

    #[test]
    fn a_name_is_found_without_its_diacritics() {
        assert!(contains_loosely("Phường Đống Đa", "dong  DA") && contains_loosely("Phường Đống Đa", "đống"));
        assert!(!contains_loosely("Phường Đống Đa", "dong ba"));
    }

    #[test]
    fn a_marker_is_found_in_any_case_and_normal_form() {
        let decomposed: String = "BỘ PHẬN MỘT CỬA xã".nfd().collect();
        assert!(contains_ignoring_case(&decomposed, "Bộ phận một cửa"));
        assert!(!contains_ignoring_case("Bo phan mot cua", "Bộ phận một cửa"));
    }
}
