//! The check of an uploaded scan of an identity card.
//!
//! Owns the one question "may this file be kept?": extension, declared media type and content must
//! name the same kind, the content must hold together, and nothing in it may run, open, fetch or
//! hide another file. Refuses to guess (what cannot be read is [`ScanRefusal::Damaged`]), to
//! change or store anything, and to look for viruses: that is clamd's work.
//!
//! Pure, synchronous and bound by the processor: call it on a blocking pool with a time-out. Every
//! reader here works within a fixed budget, since a time-out frees the caller and not the thread.

mod doc;
mod docx;
mod markup;
mod pdf;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use motcua_openapi::registrations::ScanKind;
use thiserror::Error;

/// What browsers say when they do not know the type; some machines know none for `.doc`.
const UNKNOWN_TYPE: &str = "application/octet-stream";
/// `%PDF-` may stand behind a few stray bytes, but no further (ISO 32000, implementation notes).
const PDF_HEADER_WINDOW: usize = 1024;

/// Why a scan is refused. Neither the text nor a parameter repeats the file's name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScanRefusal {
    /// The name ends in none of .pdf, .doc, .docx.
    #[error("the extension {extension:?} is none of pdf, doc, docx; the content is {found}")]
    ExtensionUnknown {
        /// The extension in lower case; empty when there is none or it is no plain word.
        extension: String,
        /// The media type that the content shows.
        found: String,
    },
    /// The request declares another media type than the extension stands for.
    #[error("declared as {declared:?}, which the extension does not stand for; the content is {found}")]
    DeclaredTypeDisagrees {
        /// The declared media type, without parameters.
        declared: String,
        /// The media type that the content shows.
        found: String,
    },
    /// The content is something else than the extension says.
    #[error("the content is {found}")]
    ContentIs {
        /// The media type that the content shows, or `empty`.
        found: String,
    },
    /// The content needs a password.
    #[error("the {} is encrypted", kind.extension())]
    Encrypted {
        /// What it would be without the password.
        kind: ScanKind,
    },
    /// The content holds something that runs, opens, fetches or carries another file.
    #[error("the {} holds what a scan must not: {}", kind.extension(), what.reason())]
    ActiveContent {
        /// What the content is otherwise.
        kind: ScanKind,
        /// What it holds.
        what: ActivePart,
    },
    /// More parts than a scan has any use for.
    #[error("the {} has too many parts", kind.extension())]
    TooManyEntries {
        /// What the content is otherwise.
        kind: ScanKind,
    },
    /// Unpacked it is larger than the limit, or suspiciously larger than packed.
    #[error("the {} unpacks to more than the limit", kind.extension())]
    UnpacksTooLarge {
        /// What the content is otherwise.
        kind: ScanKind,
    },
    /// The content begins as the right kind but does not hold together, or not as one thing only.
    #[error("the file is damaged")]
    Damaged,
    /// clamd knows something in it. (Found by the caller, not here.)
    #[error("the {} is infected", kind.extension())]
    Infected {
        /// What the content is otherwise.
        kind: ScanKind,
    },
}

/// What a scan must not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivePart {
    /// A script of a PDF.
    JavaScript,
    /// An action that starts a program or opens another file.
    Launch,
    /// A file inside the file.
    EmbeddedFile,
    /// A form that scripts, sends or fetches data.
    ActiveForm,
    /// Flash, 3D, video.
    RichMedia,
    /// VBA, or what binds keys and menus to it.
    Macros,
    /// An OLE object or an ActiveX control.
    OleObject,
    /// Something that is fetched from elsewhere on opening, or a DDE field.
    ExternalContent,
}

impl ActivePart {
    fn reason(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::Launch => "launch_action",
            Self::EmbeddedFile => "embedded_file",
            Self::ActiveForm => "active_form",
            Self::RichMedia => "rich_media",
            Self::Macros => "macros",
            Self::OleObject => "ole_object",
            Self::ExternalContent => "external_content",
        }
    }
}

impl ScanRefusal {
    /// A stable code for the problem's `reason`.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::ExtensionUnknown { .. } => "extension_unknown",
            Self::DeclaredTypeDisagrees { .. } => "declared_type_disagrees",
            Self::ContentIs { .. } => "content_disagrees",
            Self::Encrypted { .. } => "encrypted",
            Self::ActiveContent { what, .. } => what.reason(),
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::UnpacksTooLarge { .. } => "unpacks_too_large",
            Self::Damaged => "damaged",
            Self::Infected { .. } => "infected",
        }
    }

    /// What the content is, for the problem's `kind`: a media type, `empty` or `damaged`.
    pub fn kind(&self) -> String {
        match self {
            Self::ExtensionUnknown { found, .. }
            | Self::DeclaredTypeDisagrees { found, .. }
            | Self::ContentIs { found } => found.clone(),
            Self::Encrypted { kind }
            | Self::ActiveContent { kind, .. }
            | Self::TooManyEntries { kind }
            | Self::UnpacksTooLarge { kind }
            | Self::Infected { kind } => kind.media_type().to_owned(),
            Self::Damaged => "damaged".to_owned(),
        }
    }
}

/// Checks a scan: the kind that name, declared type and content agree on, or why it is refused.
///
/// `declared` is the part's Content-Type; none, an empty one and `application/octet-stream` declare
/// nothing.
///
/// # Errors
///
/// A [`ScanRefusal`], the first that applies in the order of its variants' checks: extension,
/// declared type, kind of content, then what the content holds.
pub fn check(file_name: &str, declared: Option<&str>, content: &[u8]) -> Result<ScanKind, ScanRefusal> {
    let Some(kind) = ScanKind::of_file_name(file_name) else {
        return Err(ScanRefusal::ExtensionUnknown { extension: extension_of(file_name), found: what_is(content) });
    };
    if let Some(declared) = declared.and_then(declared_type)
        && !declares(&declared, kind)
    {
        return Err(ScanRefusal::DeclaredTypeDisagrees { declared, found: what_is(content) });
    }
    guarded(|| match (kind, Container::of(content)) {
        (ScanKind::Pdf, Container::Pdf) => pdf::check(content),
        (ScanKind::Docx, Container::Zip) => docx::check(content),
        // A Word document under a password is an OLE2 file, whatever its extension.
        (ScanKind::Docx, Container::Ole2) if doc::is_encrypted_package(content) => Err(ScanRefusal::Encrypted { kind }),
        (ScanKind::Doc, Container::Ole2) => doc::check(content),
        (ScanKind::Pdf | ScanKind::Doc | ScanKind::Docx, _) => Err(ScanRefusal::ContentIs { found: what_is(content) }),
    })?;
    Ok(kind)
}

/// Runs a check so that a panic in a parser of hostile input becomes a refusal. None is known; the
/// libraries index and do arithmetic on what a file says, and the next release may be less careful.
/// A stack overflow or a failed allocation is not caught here: those are kept out by the budgets.
fn guarded(check: impl FnOnce() -> Result<(), ScanRefusal>) -> Result<(), ScanRefusal> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or(Err(ScanRefusal::Damaged))
}

/// The extension for the refusal. What is no short plain word is left out: it may be part of a
/// person's name.
fn extension_of(file_name: &str) -> String {
    match file_name.rsplit_once('.') {
        Some((_, extension)) if extension.len() <= 8 && extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            extension.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

/// The declared media type in lower case without parameters; `None` when it declares nothing.
fn declared_type(declared: &str) -> Option<String> {
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence.is_empty() || essence == UNKNOWN_TYPE {
        return None;
    }
    Some(essence.chars().take(100).collect())
}

/// Whether a declared type stands for the kind. `application/x-pdf` is the name from before 1998
/// that some scanners' software still sends.
fn declares(declared: &str, kind: ScanKind) -> bool {
    declared == kind.media_type() || (kind == ScanKind::Pdf && declared == "application/x-pdf")
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Pdf,
    Zip,
    Ole2,
    Other,
}

impl Container {
    fn of(content: &[u8]) -> Self {
        if content.starts_with(b"PK\x03\x04") {
            Self::Zip
        } else if content.starts_with(&doc::MAGIC) {
            Self::Ole2
        } else if is_pdf(content) {
            Self::Pdf
        } else {
            Self::Other
        }
    }
}

/// Whether it is a PDF and nothing else at the same time: a known beginning of another type before
/// a late `%PDF-` makes a file that two programs read as two things.
fn is_pdf(content: &[u8]) -> bool {
    let window = &content[..content.len().min(PDF_HEADER_WINDOW)];
    window.windows(5).any(|bytes| bytes == b"%PDF-")
        && infer::get(content).is_none_or(|found| found.mime_type() == ScanKind::Pdf.media_type())
}

/// The media type that the content shows, or `empty`.
fn what_is(content: &[u8]) -> String {
    let found = match Container::of(content) {
        _ if content.is_empty() => "empty",
        Container::Pdf => ScanKind::Pdf.media_type(),
        Container::Ole2 => catch_unwind(|| doc::what_is(content)).unwrap_or(doc::UNKNOWN),
        Container::Zip | Container::Other => match infer::get(content) {
            Some(found) => found.mime_type(),
            None if std::str::from_utf8(content).is_ok_and(|text| !text.contains('\0')) => "text/plain",
            None => UNKNOWN_TYPE,
        },
    };
    found.to_owned()
}
