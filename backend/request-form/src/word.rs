//! The form as a Word document: a `.docx` whose `{{placeholders}}` are filled in.
//!
//! Owns the package taken apart: parts that never change, and parts cut at their placeholders. It knows three elements
//! of WordprocessingML (`w:p`, `w:t` and that text lives in them) and refuses to understand more.

use std::fmt;
use std::io::{Cursor, Read, Write};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::error::{Error, Place};
use crate::form::{Field, REQUIRED, RequestForm};

/// A Word template, taken apart.
pub(crate) struct WordTemplate {
    name: String,
    parts: Vec<Part>,
}

struct Part {
    name: String,
    pieces: Vec<Piece>,
}

enum Piece {
    Bytes(Vec<u8>),
    /// The value of the field with this index.
    Field(usize),
}

impl fmt::Debug for WordTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WordTemplate").field("name", &self.name).finish_non_exhaustive()
    }
}

impl WordTemplate {
    /// Takes the package apart and refuses one that is not well-formed, that names an unknown field, or that leaves out
    /// what a citizen signs for.
    pub(crate) fn new(name: &str, docx: &[u8]) -> Result<Self, Error> {
        let names = RequestForm::sample().fields().map(|(name, _)| name);
        let mut parts = Vec::new();
        for (part, bytes) in unpack(docx).map_err(|error| {
            Error::template(Place::file(name), format!("this is not a .docx package that can be read: {error}"))
        })? {
            let pieces = if carries_text(&part) {
                cut(bytes, &names).map_err(|Complaint { line, message }| {
                    Error::template(Place { file: format!("{name}, {part}"), line }, message)
                })?
            } else {
                vec![Piece::Bytes(bytes)]
            };
            parts.push(Part { name: part, pieces });
        }
        let template = Self { name: name.to_owned(), parts };
        template.complete(&names).map_err(|message| Error::template(Place::file(name), message))?;
        Ok(template)
    }

    fn complete(&self, names: &[&str]) -> Result<(), String> {
        if !self.parts.iter().any(|part| part.name == "word/document.xml") {
            return Err("there is no word/document.xml in the package; is it a .docx?".into());
        }
        match REQUIRED.into_iter().find(|required| !self.uses(names, required)) {
            Some(missing) => Err(format!("the paper does not show {{{{{missing}}}}}; put it where it belongs")),
            None => Ok(()),
        }
    }

    pub(crate) fn fill(&self, form: &RequestForm) -> Result<Vec<u8>, Error> {
        let fields = form.fields();
        self.write(&fields).map_err(|_| Error::Form { place: Place::file(&self.name) })
    }

    fn write(&self, fields: &[Field]) -> zip::result::ZipResult<Vec<u8>> {
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        // The earliest date that a zip can say, in place of the clock's.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for part in &self.parts {
            package.start_file(part.name.as_str(), options)?;
            for piece in &part.pieces {
                match piece {
                    Piece::Bytes(bytes) => package.write_all(bytes)?,
                    Piece::Field(index) => {
                        if let Some((_, value)) = fields.get(*index) {
                            package.write_all(escape(value.as_str()).as_bytes())?;
                        }
                    }
                }
            }
        }
        Ok(package.finish()?.into_inner())
    }

    fn uses(&self, names: &[&str], wanted: &str) -> bool {
        let mut pieces = self.parts.iter().flat_map(|part| &part.pieces);
        pieces.any(|piece| matches!(piece, Piece::Field(index) if names.get(*index) == Some(&wanted)))
    }
}

/// The files of a package, in their order.
fn unpack(docx: &[u8]) -> zip::result::ZipResult<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(docx))?;
    let mut files = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if entry.is_file() {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.push((entry.name()?.into_owned(), bytes));
        }
    }
    Ok(files)
}

/// The parts in which a person writes: body, headers, footers and notes.
fn carries_text(part: &str) -> bool {
    let Some(file) = part.strip_prefix("word/") else { return false };
    let kinds = ["document", "header", "footer", "footnotes", "endnotes"];
    file.ends_with(".xml") && !file.contains('/') && kinds.iter().any(|kind| file.starts_with(kind))
}

struct Complaint {
    line: Option<usize>,
    message: String,
}

/// A stretch of the XML to be replaced: by a field, or by nothing.
struct Edit {
    range: Range<usize>,
    field: Option<usize>,
}

/// Cuts a part at its placeholders.
fn cut(xml: Vec<u8>, names: &[&str]) -> Result<Vec<Piece>, Complaint> {
    let text = String::from_utf8(xml)
        .map_err(|_| Complaint { line: None, message: "the part is not UTF-8; save it again in Word".into() })?;
    let mut edits = Vec::new();
    for paragraph in paragraphs(&text)? {
        edits.extend(placeholders(&text, &paragraph, names)?);
    }
    edits.sort_by_key(|edit| edit.range.start);

    let mut pieces = Vec::with_capacity(2 * edits.len() + 1);
    let mut copied = 0;
    for edit in edits {
        pieces.push(Piece::Bytes(text.as_bytes()[copied..edit.range.start].to_vec()));
        pieces.extend(edit.field.map(Piece::Field));
        copied = edit.range.end;
    }
    pieces.push(Piece::Bytes(text.as_bytes()[copied..].to_vec()));
    Ok(pieces)
}

/// For each paragraph, where its texts (`w:t`) stand in the XML. Paragraphs nest, through text boxes.
fn paragraphs(xml: &str) -> Result<Vec<Vec<Range<usize>>>, Complaint> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Vec<Range<usize>>> = Vec::new();
    let mut closed = Vec::new();
    let mut text_from = None;
    let mut depth = 0_usize;
    loop {
        let before = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| Complaint {
            line: Some(line_of(xml, offset(reader.error_position()))),
            message: format!("the XML is broken: {error}"),
        })?;
        let after = offset(reader.buffer_position());
        match event {
            Event::Start(tag) => {
                depth += 1;
                match tag.name().as_ref() {
                    b"w:p" => open.push(Vec::new()),
                    b"w:t" => text_from = Some(after),
                    _ => {}
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                match tag.name().as_ref() {
                    b"w:p" => closed.extend(open.pop()),
                    b"w:t" => {
                        if let (Some(from), Some(texts)) = (text_from.take(), open.last_mut()) {
                            texts.push(from..before);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if depth > 0 => {
                let message = "the XML ends before its last element is closed".into();
                return Err(Complaint { line: Some(line_of(xml, xml.len())), message });
            }
            Event::Eof => return Ok(closed),
            _ => {}
        }
    }
}

/// The placeholders of one paragraph, each found across the runs that Word may have cut it into.
fn placeholders(xml: &str, texts: &[Range<usize>], names: &[&str]) -> Result<Vec<Edit>, Complaint> {
    let joined: String = texts.iter().map(|range| &xml[range.clone()]).collect();
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(start) = joined[from..].find("{{").map(|at| from + at) {
        let complain = |message: String| Complaint {
            line: texts.first().map(|range| line_of(xml, range.start)),
            message: format!("{message}, in the paragraph \u{201C}{joined}\u{201D}"),
        };
        let end = joined[start..].find("}}").map(|at| start + at + 2);
        let end = end.ok_or_else(|| complain("a {{ without its }}".into()))?;
        let name = joined[start + 2..end - 2].trim();
        let field = names.iter().position(|known| *known == name);
        let field = field.ok_or_else(|| {
            complain(format!("there is no field {{{{{name}}}}}; the fields are {}", names.join(", ")))
        })?;
        for (nth, range) in in_source(texts, start..end).into_iter().enumerate() {
            edits.push(Edit { range, field: (nth == 0).then_some(field) });
        }
        from = end;
    }
    Ok(edits)
}

/// Where a stretch of the joined texts stands in the XML, text by text.
fn in_source(texts: &[Range<usize>], wanted: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut joined = 0;
    for text in texts {
        let start = wanted.start.max(joined);
        let end = wanted.end.min(joined + text.len());
        if start < end {
            found.push(text.start + start - joined..text.start + end - joined);
        }
        joined += text.len();
    }
    found
}

fn line_of(xml: &str, at: usize) -> usize {
    xml.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["full_name", "code"];

    fn fill(xml: &str) -> String {
        let pieces = cut(xml.into(), &NAMES).map_err(|complaint| complaint.message).unwrap();
        let fill = |piece: Piece| match piece {
            Piece::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            Piece::Field(index) => format!("<{}>", NAMES[index]),
        };
        pieces.into_iter().map(fill).collect()
    }

    fn refuse(xml: &str) -> (Option<usize>, String) {
        let complaint = cut(xml.into(), &NAMES).err().unwrap();
        (complaint.line, complaint.message)
    }

    #[test]
    fn a_placeholder_is_filled_in() {
        assert_eq!(fill("<w:p><w:t>Tên: {{full_name}}.</w:t></w:p>"), "<w:p><w:t>Tên: <full_name>.</w:t></w:p>");
    }

    #[test]
    fn a_placeholder_that_word_cut_into_runs_is_filled_in_once() {
        let xml = "<w:p><w:t>a {</w:t><w:b/><w:t>{full</w:t><w:t>_name}</w:t><w:t>} {{code}}</w:t></w:p>";
        let filled = "<w:p><w:t>a <full_name></w:t><w:b/><w:t></w:t><w:t></w:t><w:t> <code></w:t></w:p>";
        assert_eq!(fill(xml), filled);
    }

    #[test]
    fn a_placeholder_in_a_text_box_is_filled_in() {
        let xml = "<w:p><w:t>{{code</w:t><w:pict><w:p><w:t>{{full_name}}</w:t></w:p></w:pict><w:t>}}</w:t></w:p>";
        let filled = "<w:p><w:t><code></w:t><w:pict><w:p><w:t><full_name></w:t></w:p></w:pict><w:t></w:t></w:p>";
        assert_eq!(fill(xml), filled);
    }

    #[test]
    fn an_unknown_field_is_named_with_its_paragraph() {
        let (line, message) = refuse("<w:body>\n<w:p><w:t>Tên: {{nme}}</w:t></w:p></w:body>");
        assert_eq!(line, Some(2));
        assert_eq!(
            message,
            "there is no field {{nme}}; the fields are full_name, code, in the paragraph “Tên: {{nme}}”"
        );
    }

    #[test]
    fn a_placeholder_left_open_is_refused() {
        assert!(refuse("<w:p><w:t>{{code</w:t></w:p>").1.starts_with("a {{ without its }}"));
    }

    #[test]
    fn broken_xml_is_refused_with_its_line() {
        let (line, message) = refuse("<w:body>\n<w:p>\n</w:body>");
        assert_eq!(line, Some(3));
        assert!(message.starts_with("the XML is broken"), "{message}");
        assert_eq!(refuse("<w:body>\n<w:p></w:p>").0, Some(2));
    }
}
