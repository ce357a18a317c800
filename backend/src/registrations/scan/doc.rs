//! What an old Word document holds: an OLE2 compound file.
//!
//! Looks at the directory of storages and streams and at the header of the text (the FIB). Macros,
//! objects and passwords live in storages and bits of their own, so their absence can be told;
//! the text itself is not taken apart, which is why the contract warns of every .doc.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use motcua_openapi::registrations::ScanKind;

use super::{ActivePart, ScanRefusal};

/// How every OLE2 file begins.
pub(super) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// An OLE2 file that is not a known kind of document.
pub(super) const UNKNOWN: &str = "application/x-ole-storage";

/// Storages and streams in all; a document has about ten.
const MAX_ENTRIES: usize = 500;
/// Levels of storages. Paths grow with each, and so does the time to walk.
const MAX_DEPTH: usize = 8;
/// The header holds the places of this many sectors of the allocation table.
const HEADER_TABLE_SECTORS: usize = 109;

/// `wIdent` of Word 97 to 2003 (MS-DOC 2.5.2). Word 6 and 95 have another and keep macros in the
/// text's own stream, where their absence cannot be told: not accepted.
const WORD_97: u16 = 0xa5ec;
const WORD_95: u16 = 0xa5dc;
/// `fEncrypted` among the flags at 0x0A.
const ENCRYPTED: u16 = 0x0100;
const FIB_BASE: usize = 32;
/// The character that begins a field in the text (MS-DOC 2.8.25).
const FIELD_BEGIN: u8 = 0x13;

fn active(what: ActivePart) -> ScanRefusal {
    ScanRefusal::ActiveContent { kind: ScanKind::Doc, what }
}

type Compound<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// Checks a file that begins as OLE2.
pub(super) fn check(content: &[u8]) -> Result<(), ScanRefusal> {
    let mut compound = open(content).ok_or(ScanRefusal::Damaged)?;
    let names = names(&compound)?;
    if has(&names, "EncryptedPackage") {
        return Err(ScanRefusal::Encrypted { kind: ScanKind::Doc });
    }
    if !has(&names, "WordDocument") {
        return Err(ScanRefusal::ContentIs { found: kind_of(&names).to_owned() });
    }
    let mut base = [0_u8; FIB_BASE];
    compound
        .open_stream("/WordDocument")
        .and_then(|mut stream| stream.read_exact(&mut base))
        .map_err(|_| ScanRefusal::Damaged)?;
    let word = |at: usize| u16::from_le_bytes([base[at], base[at + 1]]);
    if word(0) == WORD_95 {
        return Err(ScanRefusal::ContentIs { found: "application/msword; version=\"95\"".to_owned() });
    }
    if word(0) != WORD_97 {
        return Err(ScanRefusal::Damaged);
    }
    if word(0x0a) & ENCRYPTED != 0 {
        return Err(ScanRefusal::Encrypted { kind: ScanKind::Doc });
    }
    for name in &names {
        refuse_name(name)?;
    }
    refuse_traces(content)
}

/// Whether it is a document of any Office program under a password.
pub(super) fn is_encrypted_package(content: &[u8]) -> bool {
    open(content)
        .and_then(|compound| names(&compound).ok())
        .is_some_and(|names| has(&names, "EncryptedPackage") && has(&names, "EncryptionInfo"))
}

/// The media type of an OLE2 file, by its main stream.
pub(super) fn what_is(content: &[u8]) -> &'static str {
    open(content).and_then(|compound| names(&compound).ok()).map_or(UNKNOWN, |names| kind_of(&names))
}

fn kind_of(names: &[String]) -> &'static str {
    let kinds = [
        ("WordDocument", ScanKind::Doc.media_type()),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("VisioDocument", "application/vnd.visio"),
        ("__properties_version1.0", "application/vnd.ms-outlook"),
    ];
    kinds.iter().find(|(name, _)| has(names, name)).map_or(UNKNOWN, |(_, kind)| kind)
}

/// Opens the file, unless its allocation table claims more sectors than the file can have: the
/// library reads the table before it compares, and one sector named a million times is 600 MB.
fn open(content: &[u8]) -> Option<Compound<'_>> {
    let field = |at: usize| Some(u32::from_le_bytes(content.get(at..at + 4)?.try_into().ok()?));
    let sector_length: usize = match content.get(30..32)? {
        [9, 0] => 512,
        [12, 0] => 4096,
        _ => return None,
    };
    let per_sector = sector_length / 4;
    let table_sectors = content.len().div_ceil(sector_length).div_ceil(per_sector);
    let allowed = table_sectors.saturating_sub(HEADER_TABLE_SECTORS).div_ceil(per_sector - 1);
    let mut next = field(68)?;
    for link in 0.. {
        let Some(sector) = usize::try_from(next).ok().filter(|_| next < 0xffff_fffa) else { break };
        if link == allowed {
            return None;
        }
        next = field(sector.checked_add(2)?.checked_mul(sector_length)?.checked_sub(4)?)?;
    }
    CompoundFile::open(Cursor::new(content)).ok()
}

/// The paths of everything in the file, without the leading slash, in lower case: OLE2 compares
/// names without case.
fn names(compound: &Compound<'_>) -> Result<Vec<String>, ScanRefusal> {
    let mut names = Vec::new();
    for entry in compound.walk().filter(|entry| !entry.is_root()) {
        if names.len() == MAX_ENTRIES {
            return Err(ScanRefusal::TooManyEntries { kind: ScanKind::Doc });
        }
        let path = entry.path().to_str().ok_or(ScanRefusal::Damaged)?.trim_start_matches('/').to_lowercase();
        if path.split('/').count() > MAX_DEPTH {
            return Err(ScanRefusal::Damaged);
        }
        names.push(path);
    }
    Ok(names)
}

/// Whether there is an entry of this name at the top.
fn has(names: &[String], wanted: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(wanted))
}

fn refuse_name(path: &str) -> Result<(), ScanRefusal> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let what = match name {
        "macros" | "vba" | "_vba_project" | "_vba_project_cur" | "projectwm" => ActivePart::Macros,
        "\u{1}ole10native" | "\u{3}objinfo" | "\u{3}ocxname" => ActivePart::OleObject,
        // At the top it belongs to the document itself, as LibreOffice writes it.
        "\u{1}ole" if !folder.is_empty() => ActivePart::OleObject,
        "package" | "encryptedpackage" => ActivePart::EmbeddedFile,
        // Word leaves an empty pool behind in documents that never had an object.
        _ if folder.split('/').next() == Some("objectpool") => ActivePart::OleObject,
        _ => return Ok(()),
    };
    Err(active(what))
}

/// Looks for what the directory may hide from this reader and not from Word: the name of the VBA
/// project as a directory entry has it, and a DDE field as the text has it.
fn refuse_traces(content: &[u8]) -> Result<(), ScanRefusal> {
    let project: Vec<u8> = "_VBA_PROJECT\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if content.windows(project.len()).any(|window| window[0] == b'_' && window.eq_ignore_ascii_case(&project)) {
        return Err(active(ActivePart::Macros));
    }
    let begins_field = |at: &usize| content[*at] == FIELD_BEGIN;
    if (0..content.len()).filter(begins_field).any(|at| is_dde(&content[at + 1..])) {
        return Err(active(ActivePart::ExternalContent));
    }
    Ok(())
}

/// Whether a field's instruction is DDE or DDEAUTO, in bytes or in UTF-16.
fn is_dde(instruction: &[u8]) -> bool {
    let letters = instruction.iter().take(40).filter(|byte| !matches!(byte, 0 | b' '));
    letters.take(3).map(u8::to_ascii_uppercase).eq(*b"DDE")
}
