//! The citizen's phone: the texts that the `file` gateway wrote, one file a message.

use std::path::{Path, PathBuf};

use regex::Regex;
use uuid::Uuid;

use crate::wait;

/// All phones that were texted.
#[derive(Clone, Debug)]
pub struct Phones {
    folder: PathBuf,
}

/// One text as a phone shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// To which phone, E.164.
    pub to: String,
    /// What it says.
    pub body: String,
}

impl Text {
    /// Of a file of the gateway: headers, an empty line, the text.
    fn read(path: &Path) -> Self {
        let content = std::fs::read_to_string(path).expect("a text");
        let (headers, body) = content.split_once("\n\n").expect("headers and a text");
        let to = headers.lines().find_map(|line| line.strip_prefix("To: ")).expect("a phone");
        Self { to: to.to_owned(), body: body.trim_end().to_owned() }
    }

    /// The six digits in it.
    pub fn code(&self) -> String {
        code_in(&self.body)
    }

    /// The password in it.
    pub fn password(&self) -> String {
        let pattern = Regex::new(r"Mat khau dang nhap lan dau: ([^ .]+)\.").unwrap();
        pattern.captures(&self.body).expect("a password")[1].to_owned()
    }
}

/// The six digits in a text.
///
/// # Panics
/// Where there are none.
pub fn code_in(text: &str) -> String {
    Regex::new(r"\b[0-9]{6}\b").unwrap().find(text).expect("six digits").as_str().to_owned()
}

impl Phones {
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Every text so far, oldest first by the server's clock.
    pub fn texts(&self) -> Vec<Text> {
        self.files().iter().map(|path| Text::read(path)).collect()
    }

    /// The text of a message, once it has come; the newest where it came more than once.
    pub async fn text_of(&self, message: Uuid) -> Text {
        let id = message.simple().to_string();
        wait::until(&format!("the text of message {message}"), || async {
            self.files().iter().rfind(|path| path.to_string_lossy().contains(&id)).map(|path| Text::read(path))
        })
        .await
    }

    /// The texts to a phone (national form) that begin with these words, oldest first, once there are so many.
    pub async fn texts_to(&self, phone: &str, beginning: &str, count: usize) -> Vec<Text> {
        let to = phone.replacen('0', "+84", 1);
        wait::until(&format!("{count} texts to {to}: {beginning}"), || async {
            let mut texts = self.texts();
            texts.retain(|text| text.to == to && text.body.starts_with(beginning));
            (texts.len() >= count).then_some(texts)
        })
        .await
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.folder).expect("the folder of texts");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
        files.sort();
        files
    }
}
