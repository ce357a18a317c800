//! The text messages of a demo: the `file` gateway writes one file each, and this shows them as they come.
//!
//! Refuses: to show again what was there before the server started, and to change a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

/// A folder of messages, and which of them were shown.
pub(crate) struct Texts {
    folder: PathBuf,
    shown: BTreeSet<String>,
}

/// One message: a file of header lines, an empty line, and the text.
#[derive(Debug, PartialEq, Eq)]
struct Text<'a> {
    to: &'a str,
    text: &'a str,
}

impl Texts {
    /// Looks at the folder, and takes what is in it as shown.
    pub(crate) fn watch(folder: PathBuf) -> Result<Self> {
        let mut texts = Self { folder, shown: BTreeSet::new() };
        texts.shown = texts.names()?.into_iter().collect();
        Ok(texts)
    }

    /// Prints the messages that came since the last look.
    pub(crate) fn show_new(&mut self) -> Result<()> {
        for message in self.take_new()? {
            println!("\n{message}");
        }
        Ok(())
    }

    fn take_new(&mut self) -> Result<Vec<String>> {
        let mut fresh = Vec::new();
        for name in self.names()? {
            if self.shown.contains(&name) {
                continue;
            }
            let contents = fs::read_to_string(self.folder.join(&name))?;
            // A file without its text is still being written: the next look finds it whole.
            let Some(text) = Text::parse(&contents) else { continue };
            fresh.push(text.shown());
            self.shown.insert(name);
        }
        Ok(fresh)
    }

    fn names(&self) -> Result<Vec<String>> {
        if !self.folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".txt") {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

impl<'a> Text<'a> {
    fn parse(contents: &'a str) -> Option<Self> {
        let (headers, text) = contents.split_once("\n\n")?;
        let text = text.trim();
        let to = headers.lines().find_map(|line| line.strip_prefix("To:"))?.trim();
        (!text.is_empty()).then_some(Self { to, text })
    }

    fn shown(&self) -> String {
        let lines = self.text.lines().map(|line| format!("  | {line}")).collect::<Vec<_>>().join("\n");
        format!("  Text message to {}\n{lines}", self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_messages_are_shown_once_and_old_ones_never() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("1-a.txt", "To: +84905437123\n\nold");
        let mut texts = Texts::watch(folder.path().to_owned()).unwrap();
        assert!(texts.take_new().unwrap().is_empty());
        write("2-b.txt", "To: +84905437123\nId: b\n\nMa OTP: 012345.\n");
        write("2-b.tmp", "not a message");
        assert_eq!(texts.take_new().unwrap(), ["  Text message to +84905437123\n  | Ma OTP: 012345."]);
        assert!(texts.take_new().unwrap().is_empty());
    }

    #[test]
    fn a_half_written_message_waits_for_the_next_look() {
        let folder = tempfile::tempdir().unwrap();
        let mut texts = Texts::watch(folder.path().to_owned()).unwrap();
        let file = folder.path().join("1-a.txt");
        for half in ["", "To: +849", "To: +84905437123\n\n"] {
            fs::write(&file, half).unwrap();
            assert!(texts.take_new().unwrap().is_empty(), "{half:?}");
        }
        fs::write(&file, "To: +84905437123\n\nMa OTP").unwrap();
        assert_eq!(texts.take_new().unwrap().len(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_has_no_messages() {
        let mut texts = Texts::watch(PathBuf::from("/no/such/folder")).unwrap();
        assert!(texts.take_new().unwrap().is_empty());
    }
}
