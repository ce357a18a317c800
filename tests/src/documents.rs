//! Small real documents that a test uploads.

use std::io::Write;

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use zip::write::SimpleFileOptions;

/// A file as a browser sends it.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// The type that the browser declares.
    pub media_type: &'static str,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The type of a PDF.
pub const PDF: &str = "application/pdf";
/// The type of an old Word file.
pub const DOC: &str = "application/msword";
/// The type of a Word file.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A list as text.
pub fn list(text: &str) -> File {
    File { name: "danh-sach.csv".into(), media_type: "text/csv", content: text.into() }
}

/// A list as a workbook.
pub fn workbook(content: Vec<u8>) -> File {
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    File { name: "danh-sach.xlsx".into(), media_type, content }
}

/// A PDF of two pages that say `words` and which side of the card they are.
pub fn pdf(words: &str) -> File {
    File { name: "the-can-cuoc.pdf".into(), media_type: PDF, content: save(document(words)) }
}

/// A PDF that runs a script when it is opened.
pub fn pdf_with_script() -> File {
    let mut document = document("script");
    let action = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
    let action = document.add_object(action);
    document.catalog_mut().unwrap().set("OpenAction", action);
    File { name: "script.pdf".into(), media_type: PDF, content: save(document) }
}

fn document(words: &str) -> Document {
    let mut document = Document::with_version("1.7");
    let pages_id = document.new_object_id();
    let font = document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let pages: Vec<Object> = ["front", "back"]
        .into_iter()
        .map(|side| {
            let operations = vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 24.into()]),
                Operation::new("Td", vec![72.into(), 700.into()]),
                Operation::new("Tj", vec![Object::string_literal(format!("{words}, {side}"))]),
                Operation::new("ET", vec![]),
            ];
            let content = Content { operations }.encode().unwrap();
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! {
                "Type" => "Page",
                "Parent" => pages_id,
                "Contents" => content,
                "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            };
            document.add_object(page).into()
        })
        .collect();
    let tree = dictionary! { "Type" => "Pages", "Count" => 2, "Kids" => pages };
    document.objects.insert(pages_id, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages_id });
    document.trailer.set("Root", catalog);
    document
}

fn save(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A Word file of one paragraph.
pub fn docx(words: &str) -> File {
    File { name: "the-can-cuoc.docx".into(), media_type: DOCX, content: zipped(&word_parts(words)) }
}

/// A Word file with a macro project in it.
pub fn docx_with_macros() -> File {
    let mut parts = word_parts("macros");
    parts.push(("word/vbaProject.bin", "macro".into()));
    File { name: "macros.docx".into(), media_type: DOCX, content: zipped(&parts) }
}

fn word_parts(words: &str) -> Vec<(&'static str, String)> {
    let types = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let relations = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let body = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"#
    );
    vec![("[Content_Types].xml", types.into()), ("_rels/.rels", relations.into()), ("word/document.xml", body)]
}

/// A zip archive of these parts.
pub fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// An old Word file: a compound file with Word's main stream.
pub fn doc() -> File {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    let mut header = vec![0xEC, 0xA5, 0xC1, 0x00];
    header.resize(4096, 0);
    file.create_stream("/WordDocument").unwrap().write_all(&header).unwrap();
    file.create_stream("/1Table").unwrap().write_all(&[0; 4096]).unwrap();
    file.flush().unwrap();
    File { name: "the-can-cuoc.doc".into(), media_type: DOC, content: file.into_inner().into_inner() }
}

/// A PDF of exactly so many bytes: one of its objects is long.
///
/// # Panics
/// Where `size` is smaller than a PDF.
pub fn pdf_of_size(size: usize) -> File {
    let padded = |padding: usize| {
        let mut document = document("large");
        let long = document.add_object(Stream::new(dictionary! {}, vec![b'x'; padding]));
        document.catalog_mut().unwrap().set("Metadata", long);
        save(document)
    };
    // The length itself is written in the file, so its digits count too.
    let mut padding = size - padded(0).len();
    loop {
        let content = padded(padding);
        if content.len() == size {
            return File { name: "large.pdf".into(), media_type: PDF, content };
        }
        padding -= content.len() - size;
    }
}
