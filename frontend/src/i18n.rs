//! The page's words, in Vietnamese and in English.
//!
//! Owns the look-up of a text by key and the filling of its `{placeholders}`. Refuses knowledge of
//! what the keys mean: the words for the contract's codes are chosen in `wording`.
//!
//! Why not a crate: rust-i18n compiles every text into a map built by code and pulls its file
//! back-ends along, fluent brings a parser, language negotiation and plural tables (more wasm than
//! this whole page's own code). Two flat JSON files and a placeholder need none of it; the tests
//! below hold what those crates would.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use yew::prelude::*;

use crate::browser;

const STORAGE_KEY: &str = "motcua.language";

/// The languages of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// Tiếng Việt, the first.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// Both, in the order of the switch.
    pub(crate) const ALL: [Self; 2] = [Self::Vietnamese, Self::English];

    /// As in `<html lang>`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// The language's name in itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Vietnamese => "Tiếng Việt",
            Self::English => "English",
        }
    }

    /// The signs of thousands and of decimals.
    fn separators(self) -> [char; 2] {
        match self {
            Self::Vietnamese => ['.', ','],
            Self::English => [',', '.'],
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    fn source(self) -> &'static str {
        match self {
            Self::Vietnamese => include_str!("../translations/vi.json"),
            Self::English => include_str!("../translations/en.json"),
        }
    }
}

type Table = BTreeMap<String, String>;

thread_local! {
    static VIETNAMESE: OnceCell<Rc<Table>> = const { OnceCell::new() };
    static ENGLISH: OnceCell<Rc<Table>> = const { OnceCell::new() };
}

/// The table of a language, read once. The tests prove that both files are well formed.
fn table(language: Language) -> Rc<Table> {
    let cell = match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    };
    cell.with(|cell| {
        Rc::clone(cell.get_or_init(|| Rc::new(serde_json::from_str(language.source()).unwrap_or_default())))
    })
}

/// The words of one language.
#[derive(Clone)]
pub(crate) struct I18n {
    language: Language,
    table: Rc<Table>,
}

impl PartialEq for I18n {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl I18n {
    /// The words of `language`.
    pub(crate) fn new(language: Language) -> Self {
        Self { language, table: table(language) }
    }

    /// Which language this is.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A count with its thousands apart: `10.000`.
    pub(crate) fn count(&self, count: u32) -> String {
        let [thousands, _] = self.language.separators();
        let digits = count.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// Mebibytes, rounded up to a tenth: `4,7`; whole ones without a fraction.
    pub(crate) fn megabytes(&self, bytes: u64) -> String {
        let [_, decimal] = self.language.separators();
        let tenths = (bytes * 10).div_ceil(1024 * 1024);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        if tenth == 0 { whole.to_string() } else { format!("{whole}{decimal}{tenth}") }
    }

    /// Whether there is a text under `key`.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The text under `key`; the key itself where there is none, so that a gap is seen and not hidden.
    pub(crate) fn t(&self, key: &str) -> AttrValue {
        self.table.get(key).map_or_else(|| AttrValue::from(key.to_owned()), |text| AttrValue::from(text.clone()))
    }

    /// The text under `key` with each `{name}` replaced by its value.
    pub(crate) fn with(&self, key: &str, values: &[(&str, &str)]) -> AttrValue {
        let mut text = self.t(key).to_string();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        AttrValue::from(text)
    }
}

/// The chosen language and how to choose another.
#[derive(Clone, PartialEq)]
pub(crate) struct LanguageChoice {
    i18n: I18n,
    /// Call it with the language to show.
    pub choose: Callback<Language>,
}

/// The words in the chosen language.
#[hook]
pub(crate) fn use_i18n() -> I18n {
    use_context::<LanguageChoice>().map_or_else(|| I18n::new(Language::default()), |choice| choice.i18n)
}

/// The switch of languages.
#[hook]
pub(crate) fn use_language_choice() -> Callback<Language> {
    use_context::<LanguageChoice>().map(|choice| choice.choose).unwrap_or_default()
}

/// Gives everything below it a language; remembers the language and nothing else in this browser.
#[component]
pub(crate) fn LanguageProvider(props: &yew::html::ChildrenProps) -> Html {
    let language =
        use_state(|| browser::stored(STORAGE_KEY).and_then(|code| Language::of_code(&code)).unwrap_or_default());
    use_effect_with(*language, |language| browser::set_document_language(language.code()));
    let choose = {
        let language = language.setter();
        use_callback((), move |chosen: Language, ()| {
            browser::store(STORAGE_KEY, chosen.code());
            language.set(chosen);
        })
    };
    let choice = LanguageChoice { i18n: I18n::new(*language), choose };
    html! { <ContextProvider<LanguageChoice> context={choice}>{ props.children.clone() }</ContextProvider<LanguageChoice>> }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn strict_table(language: Language) -> Table {
        serde_json::from_str(language.source()).unwrap()
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    fn source_files(folder: &Path, files: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                source_files(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// Every text literal of the source that looks like a key: lower-case words with dots between.
    fn literals_of_source() -> BTreeSet<String> {
        let mut files = Vec::new();
        source_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let of_file = |file: &String| file.split('"').map(str::to_owned).collect::<Vec<_>>();
        files.iter().flat_map(of_file).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (vi, en) = (strict_table(Language::Vietnamese), strict_table(Language::English));
        assert_eq!(vi.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    }

    #[test]
    fn both_languages_have_the_same_placeholders() {
        let en = strict_table(Language::English);
        for (key, text) in strict_table(Language::Vietnamese) {
            assert_eq!(placeholders(&text), placeholders(&en[&key]), "{key}");
        }
    }

    #[test]
    fn every_key_that_the_source_asks_for_has_a_text() {
        let table = strict_table(Language::Vietnamese);
        let sections: BTreeSet<&str> = table.keys().filter_map(|key| key.split('.').next()).collect();
        let is_key = |text: &str| {
            text.contains('.')
                && !text.ends_with('.')
                && sections.contains(text.split('.').next().unwrap_or_default())
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_'))
        };
        for literal in literals_of_source().iter().filter(|text| is_key(text)) {
            assert!(table.contains_key(literal), "no text for {literal}");
        }
    }

    #[test]
    fn every_text_is_used() {
        let literals = literals_of_source();
        for key in strict_table(Language::Vietnamese).keys() {
            let by_code = ["problem.", "field.", "cap.", "act.", "cell."].iter().any(|prefix| key.starts_with(prefix));
            assert!(by_code || literals.contains(key), "nobody asks for {key}");
        }
    }

    #[test]
    fn numbers_are_written_as_in_each_language() {
        let [vi, en] = Language::ALL.map(I18n::new);
        assert_eq!((vi.count(10_000), en.count(1_234_567)), ("10.000".into(), "1,234,567".into()));
        assert_eq!((vi.megabytes(5 * 1024 * 1024 + 1), en.megabytes(1024)), ("5,1".into(), "0.1".into()));
        assert_eq!(vi.megabytes(5 * 1024 * 1024), "5");
    }

    #[test]
    fn a_placeholder_is_filled_and_a_missing_key_is_seen() {
        let i18n = I18n::new(Language::Vietnamese);
        assert_eq!(i18n.with("list.total", &[("count", "7")]), "Tìm thấy 7 kết quả");
        assert_eq!(i18n.t("no.such.key"), "no.such.key");
    }
}
