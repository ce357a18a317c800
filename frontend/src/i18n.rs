//! The page's words, in Vietnamese and in English.
//!
//! Owns the look-up of a text by key and the filling of its `{placeholders}`. Refuses knowledge of
//! what the keys mean: the words for the contract's codes are chosen in `wording`.
//!
//! A program has the shared words and its own, which may say a shared text in another way.
//!
//! Why not a crate: rust-i18n compiles every text into a map built by code and pulls its file
//! back-ends along, fluent brings a parser, language negotiation and plural tables (more wasm than
//! this whole page's own code). Two flat JSON files and a placeholder need none of it; the tests
//! below hold what those crates would.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use yew::prelude::*;

use crate::browser;

const STORAGE_KEY: &str = "motcua.language";

/// The languages of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Tiếng Việt, the first.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// Both, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Vietnamese, Self::English];

    /// As in `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
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

/// A program's own words: the contents of its files in `translations/`.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// In Vietnamese.
    pub vi: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Words {
    const NONE: Self = Self { vi: "{}", en: "{}" };

    fn source(self, language: Language) -> &'static str {
        match language {
            Language::Vietnamese => self.vi,
            Language::English => self.en,
        }
    }
}

/// Speaks a program's own words too. To be called before anything is drawn.
pub fn speak(words: Words) {
    WORDS.set(words);
}

type Table = BTreeMap<String, String>;

thread_local! {
    static WORDS: Cell<Words> = const { Cell::new(Words::NONE) };
    static VIETNAMESE: OnceCell<Rc<Table>> = const { OnceCell::new() };
    static ENGLISH: OnceCell<Rc<Table>> = const { OnceCell::new() };
}

/// The table of a language, read once.
fn table(language: Language) -> Rc<Table> {
    let cell = match language {
        Language::Vietnamese => &VIETNAMESE,
        Language::English => &ENGLISH,
    };
    cell.with(|cell| Rc::clone(cell.get_or_init(|| Rc::new(merged(language.source(), WORDS.get().source(language))))))
}

/// The tests prove that every file is well formed.
fn merged(shared: &str, own: &str) -> Table {
    let mut table: Table = serde_json::from_str(shared).unwrap_or_default();
    table.extend(serde_json::from_str::<Table>(own).unwrap_or_default());
    table
}

/// The words of one language.
#[derive(Clone)]
pub struct I18n {
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
    pub fn new(language: Language) -> Self {
        Self { language, table: table(language) }
    }

    /// Which language this is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A count with its thousands apart: `10.000`.
    pub fn count(&self, count: u32) -> String {
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
    pub fn megabytes(&self, bytes: u64) -> String {
        let [_, decimal] = self.language.separators();
        let tenths = (bytes * 10).div_ceil(1024 * 1024);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        if tenth == 0 { whole.to_string() } else { format!("{whole}{decimal}{tenth}") }
    }

    /// Whether there is a text under `key`.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The text under `key`; the key itself where there is none, so that a gap is seen and not hidden.
    pub fn t(&self, key: &str) -> AttrValue {
        self.table.get(key).map_or_else(|| AttrValue::from(key.to_owned()), |text| AttrValue::from(text.clone()))
    }

    /// The text under `key` with each `{name}` replaced by its value.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> AttrValue {
        let mut text = self.t(key).to_string();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        AttrValue::from(text)
    }
}

/// The chosen language and how to choose another.
#[derive(Clone, PartialEq)]
pub struct LanguageChoice {
    i18n: I18n,
    /// Call it with the language to show.
    pub choose: Callback<Language>,
}

/// The words in the chosen language.
#[hook]
pub fn use_i18n() -> I18n {
    use_context::<LanguageChoice>().map_or_else(|| I18n::new(Language::default()), |choice| choice.i18n)
}

/// The switch of languages.
#[hook]
pub fn use_language_choice() -> Callback<Language> {
    use_context::<LanguageChoice>().map(|choice| choice.choose).unwrap_or_default()
}

/// Gives everything below it a language; remembers the language and nothing else in this browser.
#[component]
pub fn LanguageProvider(props: &yew::html::ChildrenProps) -> Html {
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

    const PROGRAMS: [(&str, Words); 4] = [
        (
            "desk",
            Words {
                vi: include_str!("../translations/desk/vi.json"),
                en: include_str!("../translations/desk/en.json"),
            },
        ),
        (
            "citizen",
            Words {
                vi: include_str!("../translations/citizen/vi.json"),
                en: include_str!("../translations/citizen/en.json"),
            },
        ),
        (
            "admin",
            Words {
                vi: include_str!("../translations/admin/vi.json"),
                en: include_str!("../translations/admin/en.json"),
            },
        ),
        (
            "people",
            Words {
                vi: include_str!("../translations/people/vi.json"),
                en: include_str!("../translations/people/en.json"),
            },
        ),
    ];

    fn strict(source: &str) -> Table {
        serde_json::from_str(source).unwrap()
    }

    /// The shared words, then each program's own, in one language.
    fn tables(language: Language) -> Vec<(&'static str, Table)> {
        let own = PROGRAMS.map(|(name, words)| (name, strict(words.source(language))));
        std::iter::once(("shared", strict(language.source()))).chain(own).collect()
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

    /// Every text literal of what the library and each program are made from.
    fn literals_of_source() -> BTreeMap<&'static str, BTreeSet<String>> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut literals: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for entry in std::fs::read_dir(source).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let program = PROGRAMS.map(|(program, _)| program).into_iter().find(|program| *program == name);
            let mut files = Vec::new();
            if path.is_dir() {
                source_files(&path, &mut files);
            } else {
                files.push(std::fs::read_to_string(path).unwrap());
            }
            let of_file = |file: &String| file.split('"').map(str::to_owned).collect::<Vec<_>>();
            literals.entry(program.unwrap_or("shared")).or_default().extend(files.iter().flat_map(of_file));
        }
        literals
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let both = tables(Language::Vietnamese).into_iter().zip(tables(Language::English));
        for ((program, vi), (_, en)) in both {
            assert_eq!(vi.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>(), "{program}");
            for (key, text) in vi {
                assert_eq!(placeholders(&text), placeholders(&en[&key]), "{program}: {key}");
            }
        }
    }

    #[test]
    fn every_key_that_the_source_asks_for_has_a_text() {
        let tables: BTreeMap<_, _> = tables(Language::Vietnamese).into_iter().collect();
        let sections: BTreeSet<&str> =
            tables.values().flat_map(BTreeMap::keys).filter_map(|key| key.split('.').next()).collect();
        let is_key = |text: &str| {
            text.contains('.')
                && !text.ends_with('.')
                && sections.contains(text.split('.').next().unwrap_or_default())
                && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_'))
        };
        for (program, literals) in literals_of_source() {
            for literal in literals.iter().filter(|text| is_key(text)) {
                let has = tables["shared"].contains_key(literal) || tables[program].contains_key(literal);
                assert!(has, "{program} asks for {literal}, which is not among its words");
            }
        }
    }

    #[test]
    fn every_text_is_used_where_it_is() {
        let literals = literals_of_source();
        for (program, table) in tables(Language::Vietnamese) {
            for key in table.keys() {
                let by_code = ["problem.", "field.", "cap.", "act.", "cell.", "refusal.", "role.", "state."]
                    .iter()
                    .any(|prefix| key.starts_with(prefix));
                // A shared text is used by the library or by any program; a program's own by it or by the library.
                let mut askers = literals
                    .iter()
                    .filter(|(asker, _)| program == "shared" || **asker == "shared" || **asker == program);
                assert!(
                    by_code || askers.any(|(_, literals)| literals.contains(key)),
                    "nobody asks for {program}'s {key}"
                );
            }
        }
    }

    #[test]
    fn a_programs_own_words_go_before_the_shared_ones() {
        let table = merged("{\"a.b\": \"shared\", \"a.c\": \"shared\"}", "{\"a.b\": \"own\"}");
        assert_eq!((table["a.b"].as_str(), table["a.c"].as_str()), ("own", "shared"));
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
        assert_eq!(i18n.with("time.minutes", &[("count", "7")]), "7 phút");
        assert_eq!(i18n.t("no.such.key"), "no.such.key");
    }
}
