//! The Word document as a reader of the package finds it, and the default template against its generator.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::io::{Cursor, Read};

use motcua_request_form::{RequestForm, Templates, Typesetter, WORD_TEMPLATE};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

#[path = "../examples/word_template/paper.rs"]
mod paper;

fn parts(docx: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(docx)).unwrap();
    let read = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (entry.name().unwrap().into_owned(), text)
    };
    (0..ZipArchive::new(Cursor::new(docx)).unwrap().len()).map(read).collect()
}

fn part(docx: &[u8], name: &str) -> String {
    parts(docx).into_iter().find(|(part, _)| part == name).unwrap().1
}

fn render(form: &RequestForm) -> Vec<u8> {
    Typesetter::new(Templates::default()).unwrap().docx(form).unwrap()
}

/// The texts of the paper, one a paragraph.
fn text(docx: &[u8]) -> String {
    let xml = part(docx, "word/document.xml");
    let mut reader = Reader::from_str(&xml);
    let mut text = String::new();
    loop {
        let from = reader.buffer_position() as usize;
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == b"w:p" => text.push('\n'),
            Event::Empty(tag) if tag.name().as_ref() == b"w:tab" => text.push('\t'),
            Event::Text(_) | Event::GeneralRef(_) => {
                text.push_str(&unescape(&xml[from..reader.buffer_position() as usize]).unwrap());
            }
            Event::Eof => return text,
            _ => {}
        }
    }
}

/// The default template with one part rewritten.
fn template(name: &str, rewrite: impl Fn(&str) -> String) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (part, text) in parts(WORD_TEMPLATE) {
        package.start_file(part.as_str(), SimpleFileOptions::default()).unwrap();
        let text = if part == name { rewrite(&text) } else { text };
        std::io::Write::write_all(&mut package, text.as_bytes()).unwrap();
    }
    package.finish().unwrap().into_inner()
}

fn refusal(docx: &[u8]) -> String {
    Typesetter::new(Templates::default().with_word("mau-cua-so.docx", docx)).unwrap_err().to_string()
}

#[test]
fn the_default_template_is_what_its_generator_writes() {
    let (written, committed) = (parts(&paper::package().unwrap()), parts(WORD_TEMPLATE));
    assert_eq!(written, committed, "run: cargo run -p motcua-request-form --example word_template");
}

#[test]
fn all_that_was_entered_is_in_the_document() {
    let text = text(&render(&RequestForm::sample()));
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Khánh Hòa, ngày 24 tháng 11 năm 2026",
        "Kính gửi: Bộ phận một cửa - Ủy ban nhân dân phường Nha Trang",
        "Cổng Dịch vụ công Quốc gia",
        "Nguyễn Thị Thu Hương",
        "056 190 001 234",
        "225 456 789",
        "01/02/1990",
        "0905 437 123",
        "thu.huong.nguyen@example.vn",
        "Trần Quốc Đạt",
        "0258 382 1234",
        "Mã giấy: 7F3K-92QD",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    assert!(!text.contains("{{") && !text.contains("}}"));
}

#[test]
fn what_was_not_entered_is_said_to_be_absent() {
    let form = RequestForm { previous_id_number: None, email: Some(" ".into()), ..RequestForm::sample() };
    assert_eq!(text(&render(&form)).matches("\nKhông có").count(), 2);
}

#[test]
fn a_value_with_markup_is_escaped_and_every_part_stays_well_formed() {
    let name = "<w:p/> & \"An\" {{code}} 'Tám'\u{0}\u{B}\u{FFFF}";
    let form = RequestForm { full_name: name.into(), ..RequestForm::sample() };
    let docx = render(&form);
    for (part, xml) in parts(&docx) {
        let mut reader = Reader::from_str(&xml);
        while reader.read_event().unwrap_or_else(|error| panic!("{part}: {error}")) != Event::Eof {}
    }
    assert!(part(&docx, "word/document.xml").contains("&lt;w:p/&gt; &amp; "));
    assert!(text(&docx).contains("<w:p/> & \"An\" {{code}} 'Tám'"), "{}", text(&docx));
}

#[test]
fn the_same_form_gives_the_same_bytes() {
    assert!(render(&RequestForm::sample()) == render(&RequestForm::sample()));
}

#[test]
fn both_papers_say_the_same_words() {
    let pdf = Typesetter::new(Templates::default()).unwrap().pdf(&RequestForm::sample()).unwrap();
    let pdf = lopdf::Document::load_mem(&pdf).unwrap().extract_text(&[1]).unwrap();
    // Full stops stand apart in the PDF's text where the face changes.
    let words = |text: &str| {
        let mut words: Vec<String> = text.replace('.', " ").split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    assert_eq!(words(&pdf), words(&text(&render(&RequestForm::sample()))));
}

#[test]
fn what_is_not_a_docx_is_refused() {
    assert!(refusal(b"%PDF-1.7").starts_with("mau-cua-so.docx: this is not a .docx package"));
    let mut empty = ZipWriter::new(Cursor::new(Vec::new()));
    empty.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    let empty = empty.finish().unwrap().into_inner();
    assert!(refusal(&empty).contains("there is no word/document.xml"));
}

#[test]
fn an_unknown_placeholder_is_refused_with_its_paragraph() {
    let wrong = template("word/document.xml", |xml| xml.replace("{{email}}", "{{e_mail}}"));
    let refused = refusal(&wrong);
    assert!(
        refused.starts_with("mau-cua-so.docx, word/document.xml, line 1: there is no field {{e_mail}}"),
        "{refused}"
    );
}

#[test]
fn a_template_that_leaves_out_a_detail_is_refused() {
    let wrong = template("word/document.xml", |xml| xml.replace("{{phone}}", ""));
    assert_eq!(refusal(&wrong), "mau-cua-so.docx: the paper does not show {{phone}}; put it where it belongs");
}

#[test]
fn broken_xml_is_refused_with_its_part_and_line() {
    let wrong = template("word/document.xml", |xml| xml.replace("</w:body>", "\n</w:corpse>"));
    let refused = refusal(&wrong);
    assert!(refused.starts_with("mau-cua-so.docx, word/document.xml, line 2: the XML is broken"), "{refused}");
}

#[test]
fn a_replaced_template_is_filled_in_also_in_its_header() {
    let mine = template("word/header1.xml", |xml| {
        xml.replace("</w:hdr>", "<w:p><w:r><w:t>{{code}}</w:t></w:r></w:p></w:hdr>")
    });
    let typesetter = Typesetter::new(Templates::default().with_word("mine.docx", mine)).unwrap();
    let docx = typesetter.docx(&RequestForm::sample()).unwrap();
    assert!(part(&docx, "word/header1.xml").contains("<w:t>7F3K-92QD</w:t>"));
}
