use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{DOCX_TYPE, check, reason};

const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const RELATIONSHIP: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a document, to change before it is packed.
pub(super) struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    fn good() -> Self {
        let types = format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>"#
        );
        let root = format!(
            r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIP}/officeDocument" Target="word/document.xml"/></Relationships>"#
        );
        let own = format!(
            r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIP}/image" Target="media/image1.png"/><Relationship Id="r2" Type="{RELATIONSHIP}/hyperlink" Target="https://dichvucong.gov.vn/" TargetMode="External"/></Relationships>"#
        );
        let body = r#"<?xml version="1.0"?><!-- scan --><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Căn cước &amp; ảnh</w:t></w:r></w:p></w:body></w:document>"#;
        Self(vec![
            ("[Content_Types].xml".to_owned(), types.into_bytes()),
            ("_rels/.rels".to_owned(), root.into_bytes()),
            ("word/document.xml".to_owned(), body.as_bytes().to_vec()),
            ("word/_rels/document.xml.rels".to_owned(), own.into_bytes()),
            ("word/media/image1.png".to_owned(), b"\x89PNG\r\n\x1a\n0123456789".to_vec()),
        ])
    }

    fn with(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.0.retain(|(existing, _)| existing != name);
        self.0.push((name.to_owned(), content.into()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(existing, _)| existing != name);
        self
    }

    fn packed(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("an entry");
            writer.write_all(content).expect("written");
        }
        writer.finish().expect("finished").into_inner()
    }
}

pub(super) fn good() -> Vec<u8> {
    Parts::good().packed()
}

fn with_relationship(kind: &str, rest: &str) -> Vec<u8> {
    let relationships =
        format!(r#"<Relationships><Relationship Id='x' Type='{RELATIONSHIP}/{kind}' {rest}/></Relationships>"#);
    Parts::good().with("word/_rels/settings.xml.rels", relationships).packed()
}

fn with_body(body: &str) -> Vec<u8> {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    Parts::good().with("word/document.xml", document).packed()
}

fn wide(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_document_with_an_image_and_a_link_passes() {
    check("a.docx", Some(DOCX_TYPE), &good()).expect("good");
}

#[test]
fn the_main_part_may_have_another_name() {
    let types = format!(r#"<Types><Default Extension="xml" ContentType="{MAIN}"/></Types>"#);
    let root = format!(
        r#"<Relationships><Relationship Type="{RELATIONSHIP}/officeDocument" Target="/word/document2.xml"/></Relationships>"#
    );
    let parts = Parts::good().without("word/document.xml").with("word/document2.xml", "<w:document/>");
    check("a.docx", None, &parts.with("[Content_Types].xml", types).with("_rels/.rels", root).packed()).expect("good");
}

#[test]
fn what_is_no_word_document_is_named() {
    let plain = Parts::good().without("[Content_Types].xml").packed();
    assert_eq!(reason("a.docx", &plain), "content_disagrees");
    for (part, kind) in [
        ("spreadsheetml.sheet.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "wordprocessingml.template.main+xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        ),
    ] {
        let main = format!("application/vnd.openxmlformats-officedocument.{part}");
        let types = format!(r#"<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>"#);
        let refusal =
            check("a.docx", None, &Parts::good().with("[Content_Types].xml", types).packed()).expect_err(part);
        assert_eq!((refusal.reason(), refusal.kind().as_str()), ("content_disagrees", kind));
    }
}

#[test]
fn a_document_without_its_main_part_is_refused() {
    assert_eq!(reason("a.docx", &Parts::good().without("word/document.xml").packed()), "damaged");
    assert_eq!(reason("a.docx", &Parts::good().without("_rels/.rels").packed()), "damaged");
    assert_eq!(reason("a.docx", &Parts::good().with("[Content_Types].xml", "<Types/>").packed()), "damaged");
}

#[test]
fn macros_are_refused_by_name_type_and_relationship() {
    for name in ["word/vbaProject.bin", "WORD/VBAPROJECT.BIN", "word/vbaData.xml", "word/customizations.xml"] {
        assert_eq!(reason("a.docx", &Parts::good().with(name, "x").packed()), "macros", "{name}");
    }
    for media_type in [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-office.&#118;baProject",
    ] {
        let types = format!(r#"<Types><Override PartName="/word/document.xml" ContentType="{media_type}"/></Types>"#);
        for bytes in [types.clone().into_bytes(), wide(&types)] {
            assert_eq!(reason("a.docx", &Parts::good().with("[Content_Types].xml", bytes).packed()), "macros");
        }
    }
    assert_eq!(reason("a.docx", &with_relationship("vbaProject", "Target='other.bin'")), "macros");
}

#[test]
fn objects_controls_and_embedded_files_are_refused() {
    for (name, expected) in [
        ("word/embeddings/oleObject1.bin", "ole_object"),
        ("word/embeddings/sheet.xlsx", "embedded_file"),
        ("word/activeX/activeX1.xml", "ole_object"),
    ] {
        assert_eq!(reason("a.docx", &Parts::good().with(name, "x").packed()), expected, "{name}");
    }
    for (content, expected) in [
        (&super::doc::MAGIC[..], "ole_object"),
        (b"PK\x03\x04", "embedded_file"),
        (b"MZ\x90\0", "embedded_file"),
        (b"%PDF-1.7", "embedded_file"),
    ] {
        assert_eq!(reason("a.docx", &Parts::good().with("word/media/image2.png", content).packed()), expected);
    }
    for (kind, expected) in [
        ("oleObject", "ole_object"),
        ("control", "ole_object"),
        ("package", "embedded_file"),
        ("aFChunk", "embedded_file"),
        ("subDocument", "embedded_file"),
    ] {
        assert_eq!(reason("a.docx", &with_relationship(kind, "Target='x.bin'")), expected, "{kind}");
    }
    assert_eq!(reason("a.docx", &with_body("<o:OLEObject Type='Embed'/>")), "ole_object");
    assert_eq!(reason("a.docx", &with_body("<w:altChunk r:id='x'/>")), "embedded_file");
}

#[test]
fn whatever_is_fetched_from_elsewhere_is_refused() {
    for (kind, rest) in [
        ("attachedTemplate", "Target='https://example.test/x.dotx' TargetMode='External'"),
        ("attachedTemplate", "Target='x.dotx'"),
        ("image", "Target='https://example.test/x.png' TargetMode='External'"),
        ("image", "Target='https://example.test/x.png' TargetMode='&#69;xternal'"),
        ("image", "Target='file:///c:/x.png'"),
        ("image", r"Target='\\host\share\x.png'"),
        ("image", "Target='//host/x.png'"),
        ("frame", "Target='x.htm'"),
        ("image", "x:Target='a.png' x:TargetMode='Internal' Target='https://example.test/x' TargetMode='External'"),
        ("mailMergeSource", "Target = \"file:///x\" TargetMode = \"External\""),
    ] {
        assert_eq!(reason("a.docx", &with_relationship(kind, rest)), "external_content", "{kind} {rest}");
    }
}

#[test]
fn a_dde_field_is_refused_even_in_pieces() {
    let begin = "<w:fldChar w:fldCharType='begin'/>";
    let whole = format!("{begin}<w:instrText> DDEAUTO c:\\x</w:instrText>");
    let pieces =
        format!("{begin}<w:instrText>D</w:instrText>\n</w:r><w:r><w:instrText>&#68;<![CDATA[E]]></w:instrText>");
    for body in
        [whole.as_str(), &pieces, "<w:fldSimple w:instr=' dde x'/>", "<w:fldSimple x:instr='PAGE' w:instr='DDE x'/>"]
    {
        assert_eq!(reason("a.docx", &with_body(body)), "external_content", "{body}");
    }
    let harmless = format!("{begin}<w:instrText>PAGE</w:instrText>{begin}<w:instrText>MERGEFIELD HIDDEN</w:instrText>");
    check("a.docx", None, &with_body(&harmless)).expect("other fields");
}

#[test]
fn xml_that_word_reads_otherwise_is_refused() {
    for part in [
        "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        "<x>&unknown;</x>",
        "<?xml version='1.0' encoding='utf-7'?><x/>",
        "<x a=b/>",
        "<x a='b",
        "<x",
        "<!-- x",
        "plain",
        "",
        "\u{0}\u{0}\u{0}<",
    ] {
        assert_eq!(reason("a.docx", &Parts::good().with("word/styles.xml", part).packed()), "damaged", "{part:?}");
    }
    let blank = format!("{}<w:document><o:OLEObject/></w:document>", " ".repeat(5000));
    assert_eq!(reason("a.docx", &Parts::good().with("word/odd.dat", blank).packed()), "ole_object");
}

#[test]
fn two_types_for_the_main_part_are_refused() {
    let one = format!(r#"<Override PartName="/word/document.xml" ContentType="{MAIN}"/>"#);
    let other = one.replace("document.main", "template.main");
    let types = format!("<Types>{one}{other}</Types>");
    assert_eq!(reason("a.docx", &Parts::good().with("[Content_Types].xml", types).packed()), "damaged");
}

#[test]
fn a_part_that_claims_to_be_xml_under_another_name_must_be_read() {
    let types = format!(
        r#"<Types><Override PartName="/word/document.xml" ContentType="{MAIN}"/><Override PartName="/word/header.dat" ContentType="application/x+xml"/></Types>"#
    );
    let parts = Parts::good().with("[Content_Types].xml", types).with("word/header.dat", b"\0\0\0<".to_vec());
    assert_eq!(reason("a.docx", &parts.packed()), "damaged");
}

#[test]
fn paths_that_leave_the_package_are_refused() {
    for name in ["../evil.txt", "word/../../evil.txt", "/etc/passwd", "c:evil.txt", "word\\evil.txt", "word/./x"] {
        assert_eq!(reason("a.docx", &Parts::good().with(name, "x").packed()), "damaged", "{name}");
    }
}

#[test]
fn two_parts_of_one_name_are_refused() {
    assert_eq!(reason("a.docx", &Parts::good().with("WORD/document.xml", "<x/>").packed()), "damaged");
}

#[test]
fn too_many_parts_are_refused() {
    let mut parts = Parts::good();
    for number in 0..500 {
        parts = parts.with(&format!("word/media/{number}"), "x");
    }
    assert_eq!(reason("a.docx", &parts.packed()), "too_many_entries");
}

#[test]
fn bombs_are_refused_by_size_and_by_ratio() {
    let zeros = vec![0_u8; 3 * 1024 * 1024];
    assert_eq!(reason("a.docx", &Parts::good().with("word/media/x", zeros).packed()), "unpacks_too_large");
    // Three quarters of a megabyte each: the ratio is not looked at, the sum is.
    let mut parts = Parts::good();
    for number in 0..70 {
        parts = parts.with(&format!("word/media/{number}"), vec![0_u8; 768 * 1024]);
    }
    assert_eq!(reason("a.docx", &parts.packed()), "unpacks_too_large");
}

#[test]
fn a_header_that_lies_about_a_size_is_not_believed() {
    let packed = Parts::good().with("word/media/x", vec![0_u8; 600 * 1024]).packed();
    let size = (600_u32 * 1024).to_le_bytes();
    let mut lying = packed.clone();
    for at in 0..lying.len() - 4 {
        if packed[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
        }
    }
    assert_ne!(lying, packed);
    assert_eq!(reason("a.docx", &lying), "damaged");
}

#[test]
fn an_encrypted_entry_is_refused() {
    let mut packed = good();
    // Bit 0 of the flags, in each local and central header.
    for at in 0..packed.len() - 10 {
        match &packed[at..at + 4] {
            b"PK\x03\x04" => packed[at + 6] |= 1,
            b"PK\x01\x02" => packed[at + 8] |= 1,
            _ => {}
        }
    }
    assert_eq!(reason("a.docx", &packed), "encrypted");
}

#[test]
fn an_entry_packed_in_an_unknown_way_is_refused() {
    let mut packed = good();
    for at in 0..packed.len() - 12 {
        match &packed[at..at + 4] {
            b"PK\x03\x04" => packed[at + 8] = 12,
            b"PK\x01\x02" => packed[at + 10] = 12,
            _ => {}
        }
    }
    assert_eq!(reason("a.docx", &packed), "damaged");
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in &Parts::good().0 {
        writer.start_file(name.as_str(), stored).expect("an entry");
        writer.write_all(content).expect("written");
    }
    check("a.docx", None, &writer.finish().expect("finished").into_inner()).expect("stored is known");
}

#[test]
fn a_file_cut_short_is_refused_at_every_length() {
    let whole = good();
    for length in 0..whole.len() - 1 {
        let refusal = check("a.docx", None, &whole[..length]).expect_err("cut short");
        assert!(matches!(refusal.reason(), "damaged" | "content_disagrees"), "{length}: {refusal}");
    }
}

#[test]
fn many_ends_of_directory_are_refused_at_once() {
    let ends = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\0\0\0\0\0\0".repeat(100_000);
    assert_eq!(reason("a.docx", &[good(), ends].concat()), "damaged");
}
