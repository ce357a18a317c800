//! The arrows of the house, read from the sources: who may name the ORM, the web framework, another
//! feature's rows, the system's clock.

use std::path::{Path, PathBuf};

use motcua_tests::desk::files_below;
use regex::Regex;

/// The files that may name the ORM: a feature's `store.rs`, and three that serve them all.
const NAMES_THE_ORM: &[&str] = &["store.rs", "database.rs", "problem.rs", "search.rs"];

/// Features whose `store` others may read, and why. Their rows stay theirs: what is given out is a value.
const OPEN_STORES: &[(&str, &str)] = &[
    ("officers", "the read of an officer takes the caller's connection, inside or outside its transaction"),
    ("units", "the same for units: names by id, the verdict's unit, whose units"),
];

/// One source file of a crate: its path below `src`, its lines without comments.
struct Source {
    path: String,
    lines: Vec<String>,
}

fn sources(crate_folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(crate_folder).join("src");
    let files = files_below(&root);
    let rust = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| Source::read(&root, &path)).collect()
}

impl Source {
    fn read(root: &Path, path: &PathBuf) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        Self { path, lines: text.lines().map(|line| line.trim_start().to_owned()).collect() }
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    /// The folder directly below `src`; a file there is its own.
    fn feature(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    fn is_test(&self) -> bool {
        self.path.contains("tests/") || self.name() == "tests.rs"
    }

    /// Lines of code up to the file's test module.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self
            .lines
            .iter()
            .position(|line| line == "#[cfg(test)]")
            .filter(|at| self.lines.get(at + 1).is_some_and(|next| next.starts_with("mod tests {")));
        self.lines
            .iter()
            .take(end.unwrap_or(usize::MAX))
            .enumerate()
            .filter(|(_, line)| !line.starts_with("//"))
            .map(|(at, line)| (at + 1, line.as_str()))
    }

    fn lines_with(&self, pattern: &Regex) -> Vec<String> {
        let found = self.code().filter(|(_, line)| pattern.is_match(line));
        found.map(|(at, line)| format!("{}:{at}: {line}", self.path)).collect()
    }
}

/// What breaks a rule, over all production files that it holds for.
fn breaks(crate_folder: &str, pattern: &str, holds_for: impl Fn(&Source) -> bool) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    let sources = sources(crate_folder);
    assert!(!sources.is_empty());
    sources
        .iter()
        .filter(|source| !source.is_test() && holds_for(source))
        .flat_map(|source| source.lines_with(&pattern))
        .collect()
}

const NONE: [String; 0] = [];

#[test]
fn only_stores_name_the_orm() {
    let others = breaks("backend", r"\bsea_orm\b", |source| !NAMES_THE_ORM.contains(&source.name()));
    assert_eq!(others, NONE);
}

#[test]
fn a_model_names_neither_the_web_nor_the_database() {
    let found = breaks("backend", r"\b(actix_\w+|sea_orm|sqlx|super::(routes|store)|database)\b", |source| {
        source.name() == "model.rs"
    });
    assert_eq!(found, NONE);
}

#[test]
fn a_store_does_not_name_the_web() {
    assert_eq!(breaks("backend", r"\bactix_\w+", |source| source.name() == "store.rs"), NONE);
}

#[test]
fn a_feature_meets_another_through_its_door_and_not_through_its_rows() {
    let other_store = Regex::new(r"\b([a-z_]+)::store\b").unwrap();
    let mut found = Vec::new();
    for source in sources("backend").iter().filter(|source| !source.is_test()) {
        for (at, line) in source.code() {
            for name in other_store.captures_iter(line).map(|captures| captures.get(1).unwrap().as_str()) {
                let is_own = ["self", "super", source.feature()].contains(&name);
                let is_open = OPEN_STORES.iter().any(|(open, _)| *open == name);
                // `object_store` is a crate, not a feature.
                if !is_own && !is_open && name != "object_store" {
                    found.push(format!("{}:{at}: {line}", source.path));
                }
            }
        }
    }
    assert_eq!(found, NONE);
}

#[test]
fn what_an_open_store_gives_out_is_used() {
    for (feature, why) in OPEN_STORES {
        let pattern = format!(r"\b{feature}::store\b");
        let used = breaks("backend", &pattern, |source| source.feature() != *feature);
        assert!(!used.is_empty(), "{feature} ({why}) needs no place on the list any more");
    }
}

#[test]
fn time_and_randomness_are_passed_in() {
    let pattern = r"\b(Utc|Local|SystemTime|Instant|OffsetDateTime)::now\b|\bnow_v7\b|\bnew_v4\b|\brand::rng\b|\bthread_rng\b|\bOsRng\b";
    let of_backend = breaks("backend", pattern, |source| source.path != "clock.rs");
    assert_eq!(of_backend, NONE);
    assert_eq!(breaks("openapi", pattern, |_| true), NONE);
}

#[test]
fn the_contract_does_no_input_or_output() {
    let pattern = r"\b(tokio|reqwest|actix_\w+|sea_orm|std::(fs|net|env|process|time|thread))\b";
    assert_eq!(breaks("openapi", pattern, |_| true), NONE);
}

#[test]
fn the_page_meets_the_server_through_the_contract_only() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/Cargo.toml");
    let manifest = std::fs::read_to_string(path).unwrap();
    let own: Vec<&str> = manifest.lines().filter(|line| line.starts_with("motcua")).collect();
    assert!(own.iter().all(|line| line.starts_with("motcua-openapi")), "{own:?}");
}

#[test]
fn the_clock_that_tests_move_is_in_no_build_but_theirs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = |folder: &str| std::fs::read_to_string(root.join(folder).join("Cargo.toml")).unwrap();
    let backend = manifest("backend");
    assert!(backend.contains("test-seams = []"), "the feature is there and switches on nothing else");
    assert!(!backend.contains("default = ["), "and is not on by itself");
    for folder in ["", "backend/migration", "backend/request-form", "frontend", "openapi", "xtask"] {
        assert!(!manifest(folder).contains("test-seams"), "{folder}/Cargo.toml switches it on");
    }
}

#[test]
fn every_module_says_what_it_owns() {
    for crate_folder in ["backend", "openapi", "tests"] {
        for source in sources(crate_folder).iter().filter(|source| !source.is_test()) {
            // A value's file opens with its type: the folder's header speaks for it.
            let is_value = source.path.starts_with("values/");
            let opens = source.lines.first().is_some_and(|line| line.starts_with("//!"));
            assert!(opens || is_value, "{crate_folder}/src/{} has no header", source.path);
        }
    }
}
