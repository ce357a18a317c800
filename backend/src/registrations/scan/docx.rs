//! What a Word document of today holds: a zip of XML parts.
//!
//! Every entry is really unpacked, into a budget, and nothing that a header says of a size is
//! believed. Local and central headers must agree, so that no other reader finds other parts.
//! Macros, objects, controls, embedded files and whatever is fetched from elsewhere are refused by
//! the parts' names, by their types, by their relationships and by their first bytes: each is a way
//! in that another one alone would miss.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use motcua_openapi::registrations::ScanKind;
use zip::{CompressionMethod, ZipArchive};

use super::markup::{self, Piece, Tag};
use super::{ActivePart, ScanRefusal};

/// A scan in a document has some twenty parts.
const MAX_ENTRIES: usize = 500;
/// Bytes that all parts together may unpack to.
const MAX_UNPACKED: u64 = 50 * 1024 * 1024;
/// Bytes of XML in one part; it is held in memory while it is read.
const MAX_MARKUP: u64 = 16 * 1024 * 1024;
/// How many times larger a part may become. XML of a long table reaches some 50.
const MAX_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const RATIO_FREE: u64 = 1024 * 1024;
/// Ends of central directory that a file may seem to have: one, and a few by chance. The library
/// tries each that it finds.
const MAX_DIRECTORY_ENDS: usize = 8;

/// Bytes that tell what a part is.
const HEAD: u64 = 512;
const FIELD: char = '\u{13}';

const CONTENT_TYPES: &str = "[content_types].xml";
const ROOT_RELATIONSHIPS: &str = "_rels/.rels";
const MAIN_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

fn active(what: ActivePart) -> ScanRefusal {
    ScanRefusal::ActiveContent { kind: ScanKind::Docx, what }
}

/// Checks a file that begins as a zip.
pub(super) fn check(content: &[u8]) -> Result<(), ScanRefusal> {
    if content.windows(4).filter(|window| window == b"PK\x05\x06").count() > MAX_DIRECTORY_ENDS {
        return Err(ScanRefusal::Damaged);
    }
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| ScanRefusal::Damaged)?;
    if archive.len() > MAX_ENTRIES {
        return Err(ScanRefusal::TooManyEntries { kind: ScanKind::Docx });
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        return Err(ScanRefusal::ContentIs { found: super::what_is(content) });
    }
    if archive.offset() != 0 || archive.validate_header_consistency().is_err() {
        return Err(ScanRefusal::Damaged);
    }
    let mut document = Document::default();
    for index in 0..archive.len() {
        document.entry(&mut archive, index)?;
    }
    document.conclude()
}

/// How a part was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Markup,
    Binary,
}

/// What has been seen of the document so far.
#[derive(Default)]
struct Document {
    /// The parts by their names in lower case: package names are compared without case.
    parts: HashMap<String, Form>,
    unpacked: u64,
    /// Content types by part name.
    overrides: Vec<(String, String)>,
    /// Content types by extension.
    defaults: Vec<(String, String)>,
    /// What the package's relationships call the document.
    main: Option<String>,
}

impl Document {
    fn entry(&mut self, archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Result<(), ScanRefusal> {
        // Read without a password an encrypted entry is an error of its own, so this comes first.
        if archive.by_index_raw(index).map_err(|_| ScanRefusal::Damaged)?.encrypted() {
            return Err(ScanRefusal::Encrypted { kind: ScanKind::Docx });
        }
        let mut entry = archive.by_index(index).map_err(|_| ScanRefusal::Damaged)?;
        let name = entry.name().map_err(|_| ScanRefusal::Damaged)?.to_lowercase();
        let known_method = matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
        if !known_method || entry.is_symlink() || !is_plain_path(&name) || self.parts.contains_key(&name) {
            return Err(ScanRefusal::Damaged);
        }
        refuse_name(&name)?;
        let packed = entry.compressed_size();
        let form = match self.unpack(&mut entry, packed)? {
            Some(bytes) => {
                self.markup(&name, &bytes)?;
                Form::Markup
            }
            // What Word reads as XML and this reader cannot is not looked at, so it is not taken.
            None if name.ends_with(".xml") || name.ends_with(".rels") => return Err(ScanRefusal::Damaged),
            None => Form::Binary,
        };
        self.parts.insert(name, form);
        Ok(())
    }

    /// Unpacks an entry to its end; keeps what is XML and throws away the rest.
    fn unpack(&mut self, entry: &mut impl Read, packed: u64) -> Result<Option<Vec<u8>>, ScanRefusal> {
        let mut kept = Vec::new();
        entry.take(HEAD).read_to_end(&mut kept).map_err(|_| ScanRefusal::Damaged)?;
        refuse_beginning(&kept)?;
        let is_markup = markup::begins_as_xml(&kept);
        let mut length = kept.len() as u64;
        let mut buffer = [0_u8; 16 * 1024];
        loop {
            let read = entry.read(&mut buffer).map_err(|_| ScanRefusal::Damaged)?;
            length += read as u64;
            let ratio_is_odd = length > RATIO_FREE && length / MAX_RATIO > packed;
            if self.unpacked + length > MAX_UNPACKED || ratio_is_odd || (is_markup && length > MAX_MARKUP) {
                return Err(ScanRefusal::UnpacksTooLarge { kind: ScanKind::Docx });
            }
            if read == 0 {
                self.unpacked += length;
                return Ok(is_markup.then_some(kept));
            }
            if is_markup {
                kept.extend_from_slice(&buffer[..read]);
            }
        }
    }

    fn markup(&mut self, name: &str, bytes: &[u8]) -> Result<(), ScanRefusal> {
        let text = markup::text_of(bytes).map_err(|_| ScanRefusal::Damaged)?;
        // The instructions of all fields. Runs may cut an instruction into pieces, so they are put
        // together without a gap; a control character, which XML cannot hold, begins each.
        let mut fields = String::new();
        let mut in_field = false;
        for piece in markup::pieces(&text) {
            match piece.map_err(|_| ScanRefusal::Damaged)? {
                Piece::Start(tag) => {
                    refuse_element(&tag)?;
                    in_field = tag.name == "instrText";
                    if tag.attributes("fldCharType").any(|kind| kind == "begin") {
                        fields.push(FIELD);
                    }
                    if tag.name == "fldSimple" {
                        tag.attributes("instr").for_each(|instruction| fields.extend(["\u{13}", instruction]));
                    }
                    if name == CONTENT_TYPES {
                        self.content_type(&tag)?;
                    } else if name.ends_with(".rels") {
                        self.relationship(name, &tag)?;
                    }
                }
                Piece::Text(text) if in_field => fields.push_str(&text),
                Piece::Text(_) => {}
                Piece::End(_) => in_field = false,
            }
        }
        // DDE and DDEAUTO start a program and ask it for data.
        let is_dde = |field: &str| field.trim_start().get(..3).is_some_and(|word| word.eq_ignore_ascii_case("DDE"));
        if fields.split(FIELD).any(is_dde) {
            return Err(active(ActivePart::ExternalContent));
        }
        Ok(())
    }

    fn content_type(&mut self, tag: &Tag<'_>) -> Result<(), ScanRefusal> {
        let media_type = tag.attribute("ContentType").to_ascii_lowercase();
        if ["macroenabled", "vbaproject", "vbadata", "keymapcustomizations"]
            .iter()
            .any(|word| media_type.contains(word))
        {
            return Err(active(ActivePart::Macros));
        }
        if ["activex", "oleobject"].iter().any(|word| media_type.contains(word)) {
            return Err(active(ActivePart::OleObject));
        }
        match tag.name {
            "Override" => self.overrides.push((part_name(tag.attribute("PartName")), media_type)),
            "Default" => self.defaults.push((tag.attribute("Extension").to_lowercase(), media_type)),
            _ => {}
        }
        Ok(())
    }

    fn relationship(&mut self, part: &str, tag: &Tag<'_>) -> Result<(), ScanRefusal> {
        if tag.name != "Relationship" {
            return Ok(());
        }
        let kind = tag.attribute("Type").rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        match kind.as_str() {
            "hyperlink" => return Ok(()),
            "vbaproject" | "wordvbadata" | "keymapcustomizations" | "attachedtoolbars" => {
                return Err(active(ActivePart::Macros));
            }
            "oleobject" | "control" | "activexcontrol" | "activexcontrolbinary" => {
                return Err(active(ActivePart::OleObject));
            }
            "package" | "afchunk" | "subdocument" => return Err(active(ActivePart::EmbeddedFile)),
            "attachedtemplate" | "frame" => return Err(active(ActivePart::ExternalContent)),
            _ => {}
        }
        let target = tag.attribute("Target");
        if tag.attribute("TargetMode").eq_ignore_ascii_case("external") || leaves_the_package(target) {
            return Err(active(ActivePart::ExternalContent));
        }
        if part == ROOT_RELATIONSHIPS && kind == "officedocument" {
            self.main = Some(part_name(target));
        }
        Ok(())
    }

    /// Whether the whole is a Word document: the package names a main part, it is there, and its
    /// type is the one without macros.
    fn conclude(self) -> Result<(), ScanRefusal> {
        let main = self.main.ok_or(ScanRefusal::Damaged)?;
        let by_name = self.overrides.iter().find(|(name, _)| *name == main);
        let by_extension = || {
            let (_, extension) = main.rsplit_once('.')?;
            self.defaults.iter().find(|(name, _)| name == extension)
        };
        let (_, media_type) = by_name.or_else(by_extension).ok_or(ScanRefusal::Damaged)?;
        let unread = |(name, media_type): &(String, String)| {
            media_type.ends_with("xml") && self.parts.get(name) == Some(&Form::Binary)
        };
        let is_named_twice = self.overrides.iter().filter(|(name, _)| *name == main).count() > 1;
        if self.parts.get(&main) != Some(&Form::Markup) || is_named_twice || self.overrides.iter().any(unread) {
            return Err(ScanRefusal::Damaged);
        }
        if media_type != MAIN_TYPE {
            let found = media_type.trim_end_matches(".main+xml").chars().take(100).collect();
            return Err(ScanRefusal::ContentIs { found });
        }
        Ok(())
    }
}

/// A part's name as the zip has it, in lower case.
fn part_name(target: &str) -> String {
    target.trim_start_matches('/').trim_start_matches("./").to_lowercase()
}

/// No absolute path, no way up, no drive, no second spelling of a separator.
fn is_plain_path(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', ':', '\0'])
        && name.split('/').all(|step| step != ".." && step != ".")
}

/// Whether a relationship's target points outside, whatever its mode says.
fn leaves_the_package(target: &str) -> bool {
    let has_scheme = target.split(['/', '#', '?']).next().is_some_and(|start| start.contains(':'));
    has_scheme || target.starts_with("//") || target.contains('\\')
}

fn refuse_name(name: &str) -> Result<(), ScanRefusal> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let within = |wanted: &str| folder.split('/').any(|step| step == wanted);
    let what = match file {
        "vbaproject.bin" | "vbadata.xml" | "customizations.xml" | "attachedtoolbars.bin" => ActivePart::Macros,
        _ if within("activex") || within("controls") || file.starts_with("oleobject") => ActivePart::OleObject,
        _ if within("embeddings") => ActivePart::EmbeddedFile,
        _ => return Ok(()),
    };
    Err(active(what))
}

/// What a part may not begin as, whatever its name: macros and objects are OLE2 files, an embedded
/// document is one or a zip.
fn refuse_beginning(bytes: &[u8]) -> Result<(), ScanRefusal> {
    if bytes.starts_with(&super::doc::MAGIC) {
        Err(active(ActivePart::OleObject))
    } else if [&b"PK\x03\x04"[..], b"MZ", b"\x7fELF", b"%PDF-", b"{\\rtf"].iter().any(|magic| bytes.starts_with(magic))
    {
        Err(active(ActivePart::EmbeddedFile))
    } else {
        Ok(())
    }
}

fn refuse_element(tag: &Tag<'_>) -> Result<(), ScanRefusal> {
    match tag.name {
        "OLEObject" | "control" | "ocx" => Err(active(ActivePart::OleObject)),
        "altChunk" | "subDoc" => Err(active(ActivePart::EmbeddedFile)),
        _ => Ok(()),
    }
}
