//! The scan on its way to the server: what is refused before anything is sent, and how far it is.

use motcua_openapi::registrations::ScanKind;
use yew::AttrValue;

use motcua_frontend::api::ApiError;
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// How far an upload is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Upload {
    /// None under way.
    #[default]
    Idle,
    /// Under way.
    Sending {
        /// The file's name.
        name: String,
        /// 0 to 100.
        percent: u32,
    },
    /// It did not become the registration's scan.
    Refused(File, Refusal),
}

/// What is said of a file when it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// Its name is none of .pdf, .doc, .docx.
    Type,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// More than one file, or none, was dropped.
    NotOne,
    /// The server or the line.
    Answer(ApiError),
}

/// Says before anything is sent whether a file can be taken.
pub(crate) fn check(file: &File, max_bytes: u64) -> Result<(), Refusal> {
    if ScanKind::of_file_name(&file.name).is_none() {
        return Err(Refusal::Type);
    }
    if file.bytes > max_bytes {
        return Err(Refusal::TooLarge(max_bytes));
    }
    Ok(())
}

/// The words for a refusal.
pub(crate) fn refusal_text(i18n: &I18n, file: &File, refusal: &Refusal) -> AttrValue {
    match refusal {
        Refusal::Type => i18n.with("scan.type_refused", &[("name", &file.name)]),
        Refusal::TooLarge(max) => {
            let (size, max) = (i18n.megabytes(file.bytes), i18n.megabytes(*max));
            i18n.with("scan.too_large", &[("name", &file.name), ("size", &size), ("max", &max)])
        }
        Refusal::NotOne => i18n.t("scan.not_one"),
        Refusal::Answer(error) => wording::api_error(i18n, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: u64 = 5 * 1024 * 1024;

    fn file(name: &str, bytes: u64) -> File {
        File { name: name.into(), bytes }
    }

    #[test]
    fn only_three_types_up_to_the_limit_are_taken() {
        assert_eq!(check(&file("card.PDF", MAX), MAX), Ok(()));
        assert_eq!(check(&file("card.docx", 1), MAX), Ok(()));
        assert_eq!(check(&file("card.pdf", MAX + 1), MAX), Err(Refusal::TooLarge(MAX)));
        assert_eq!(check(&file("card.jpg", 1), MAX), Err(Refusal::Type));
        assert_eq!(check(&file("card", 1), MAX), Err(Refusal::Type));
    }
}
