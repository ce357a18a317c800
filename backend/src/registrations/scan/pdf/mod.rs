//! What a PDF holds.
//!
//! Reads the bytes in one pass of its own instead of loading the document with lopdf: on hostile
//! input lopdf 0.47 aborts the process, which no `catch_unwind` turns into an answer. A chain of
//! streams whose `/Length` is the next stream overflows the stack (400 KB of file are enough), and a
//! cross-reference table that names one large object many times exhausts memory (1 MB of file, 6 GB).
//! lopdf only decodes single object streams here, where it keeps to a limit.
//!
//! A forbidden name is looked for in *every* byte of the file, inside streams, strings and comments
//! too. So nothing depends on which cross-reference table a reader believes, on where it thinks that
//! a stream ends, or on whether it repairs the file: an object that any reader could reach is seen.
//! Only object streams are packed, and each is unpacked and looked through the same way.

mod tokens;
mod walk;

use motcua_openapi::registrations::ScanKind;

use self::tokens::{Tokens, is_white, name_at};
use self::walk::Walk;
use super::{ActivePart, ScanRefusal};

/// `startxref … %%EOF` stands within the last bytes; readers look no further.
const TRAILER_WINDOW: usize = 1024;
/// How far `startxref` may be off. Some scanners count from another byte; readers search about as far.
const OFFSET_TOLERANCE: usize = 64;

/// Names that no action, annotation or file attachment works without.
const FORBIDDEN: [(&[u8], ActivePart); 18] = [
    (b"JavaScript", ActivePart::JavaScript),
    (b"OnInstantiate", ActivePart::JavaScript),
    (b"Launch", ActivePart::Launch),
    (b"GoToR", ActivePart::Launch),
    (b"GoToE", ActivePart::Launch),
    (b"EmbeddedFile", ActivePart::EmbeddedFile),
    (b"EmbeddedFiles", ActivePart::EmbeddedFile),
    (b"FileAttachment", ActivePart::EmbeddedFile),
    (b"XFA", ActivePart::ActiveForm),
    (b"SubmitForm", ActivePart::ActiveForm),
    (b"ImportData", ActivePart::ActiveForm),
    (b"RichMedia", ActivePart::RichMedia),
    (b"Rendition", ActivePart::RichMedia),
    (b"Movie", ActivePart::RichMedia),
    (b"U3D", ActivePart::RichMedia),
    (b"PRC", ActivePart::RichMedia),
    (b"JS", ActivePart::JavaScript),
    (b"EF", ActivePart::EmbeddedFile),
];
/// A name shorter than this turns up in compressed image data by chance, so there it counts only
/// amid text. As a word of an object it counts in any case: the walk sees to that.
const SURE_LENGTH: usize = 4;
const LONGEST_NAME: usize = 14;

/// Checks a file that begins as a PDF.
pub(super) fn check(content: &[u8]) -> Result<(), ScanRefusal> {
    let seen = names_in(content, Surroundings::File);
    if seen.encrypt {
        return Err(ScanRefusal::Encrypted { kind: ScanKind::Pdf });
    }
    refuse_active(&seen)?;
    if !ends_as_it_must(content) {
        return Err(ScanRefusal::Damaged);
    }
    let walk = Walk::through(content)?;
    // An object stream that the walk did not meet hides inside another stream or a string, where
    // only a misled reader finds it.
    if seen.object_stream_marks != walk.object_stream_marks() || !walk.has_a_page() {
        return Err(ScanRefusal::Damaged);
    }
    Ok(())
}

fn active(what: ActivePart) -> ScanRefusal {
    ScanRefusal::ActiveContent { kind: ScanKind::Pdf, what }
}

fn refuse_active(seen: &Names) -> Result<(), ScanRefusal> {
    seen.active.map_or(Ok(()), |what| Err(active(what)))
}

/// Whether the file reaches its end: `startxref`, where the cross-reference data stands, `%%EOF`.
fn ends_as_it_must(content: &[u8]) -> bool {
    let end = content.iter().rposition(|&byte| !is_white(byte)).map_or(0, |last| last + 1);
    let tail = &content[end.saturating_sub(TRAILER_WINDOW)..end];
    let Some(mark) = rfind(tail, b"%%EOF") else { return false };
    let Some(start) = rfind(&tail[..mark], b"startxref") else { return false };
    let offset = Tokens::of(&tail[start + b"startxref".len()..mark]).next().and_then(|token| token.number());
    let Some(offset) = offset.filter(|&offset: &usize| offset < content.len()) else { return false };
    // Offsets count from the header, or from the first byte of the file.
    let header = find(content, b"%PDF-").unwrap_or(0);
    [offset, offset + header].into_iter().any(|offset| {
        let around = &content[offset.saturating_sub(OFFSET_TOLERANCE).min(content.len())..];
        let around = &around[..around.len().min(2 * OFFSET_TOLERANCE)];
        find(around, b"xref").is_some() || find(around, b" obj").is_some()
    })
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Where names are looked for: in a file that also holds packed images, or in an unpacked object
/// stream, which is text throughout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    File,
    ObjectStream,
}

#[derive(Default)]
struct Names {
    active: Option<ActivePart>,
    encrypt: bool,
    object_stream_marks: usize,
}

/// Every name in the bytes, wherever it stands.
fn names_in(bytes: &[u8], surroundings: Surroundings) -> Names {
    let mut names = Names::default();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let (name, length) = name_at(&bytes[at + 1..]);
        if name.len() > LONGEST_NAME {
            continue;
        }
        names.encrypt |= *name == *b"Encrypt";
        names.object_stream_marks += usize::from(marks_object_stream(&name));
        if names.active.is_none()
            && let Some(what) = forbidden(&name)
            && (name.len() >= SURE_LENGTH
                || surroundings == Surroundings::ObjectStream
                || amid_text(bytes, at, at + 1 + length))
        {
            names.active = Some(what);
        }
    }
    names
}

fn forbidden(name: &[u8]) -> Option<ActivePart> {
    FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == name).map(|(_, what)| *what)
}

/// What tells an object stream from others. Some readers do not ask for its `/Type`, but none
/// does without `/First`.
fn marks_object_stream(name: &[u8]) -> bool {
    name == b"ObjStm" || name == b"First"
}

/// Whether a short name is the key of a dictionary rather than chance in packed data.
fn amid_text(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = &bytes[start.saturating_sub(12)..start];
    let after = &bytes[end..bytes.len().min(end + 6)];
    let is_text = |byte: &u8| byte.is_ascii_graphic() || is_white(*byte);
    let value = after.iter().find(|byte| !is_white(**byte));
    before.iter().chain(after).all(is_text)
        && value.is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'(' | b'<'))
}
