//! Every file here is made by the test that needs it.

mod doc;
mod docx;
mod hostile;
mod pdf;

use motcua_openapi::registrations::ScanKind;

use super::{ActivePart, ScanRefusal, check};

const DOCX_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn reason(file_name: &str, content: &[u8]) -> &'static str {
    check(file_name, None, content).expect_err("a refusal").reason()
}

#[test]
fn the_three_kinds_pass_under_their_names() {
    assert_eq!(check("cccd.pdf", Some("application/pdf"), &pdf::good()), Ok(ScanKind::Pdf));
    assert_eq!(check("CCCD.PDF", Some("Application/PDF; charset=binary"), &pdf::good()), Ok(ScanKind::Pdf));
    assert_eq!(check("căn cước.docx", Some(DOCX_TYPE), &docx::good()), Ok(ScanKind::Docx));
    assert_eq!(check("a.b.doc", Some("application/msword"), &doc::good()), Ok(ScanKind::Doc));
}

#[test]
fn a_machine_that_declares_nothing_is_taken_at_its_content() {
    for declared in [None, Some(""), Some(" "), Some("application/octet-stream"), Some("application/octet-stream; x=1")]
    {
        assert_eq!(check("cccd.doc", declared, &doc::good()), Ok(ScanKind::Doc), "{declared:?}");
    }
    assert_eq!(check("cccd.pdf", Some("application/x-pdf"), &pdf::good()), Ok(ScanKind::Pdf));
}

#[test]
fn another_extension_is_refused_with_what_the_file_really_is() {
    for (name, extension) in [("cccd.jpg", "jpg"), ("cccd.PDF.EXE", "exe"), ("cccd", ""), ("", ""), (".", "")] {
        let refusal = check(name, None, &pdf::good()).expect_err(name);
        assert_eq!(
            refusal,
            ScanRefusal::ExtensionUnknown { extension: extension.to_owned(), found: "application/pdf".to_owned() }
        );
        assert_eq!(refusal.reason(), "extension_unknown");
        assert_eq!(refusal.kind(), "application/pdf");
    }
}

#[test]
fn a_refusal_repeats_nothing_of_a_name() {
    let refusal = check("cccd.Nguyễn Văn A", None, b"x").expect_err("no extension");
    assert!(!format!("{refusal} {refusal:?}").contains("Nguy"));
}

#[test]
fn a_declared_type_of_another_kind_is_refused() {
    for declared in ["image/jpeg", "application/msword", "text/html"] {
        let refusal = check("cccd.pdf", Some(declared), &pdf::good()).expect_err(declared);
        assert_eq!(refusal.reason(), "declared_type_disagrees");
        assert_eq!(refusal.kind(), "application/pdf");
    }
    let endless = "x".repeat(100_000);
    let refusal = check("cccd.pdf", Some(&endless), &pdf::good()).expect_err("endless");
    assert!(refusal.to_string().len() < 300);
}

#[test]
fn other_content_is_refused_and_named() {
    let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1];
    let cases: [(&[u8], &str); 9] = [
        (b"", "empty"),
        (&jpeg, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"<html><body>x</body></html>", "text/html"),
        (b"{\\rtf1\\ansi x}", "application/rtf"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0", "application/vnd.microsoft.portable-executable"),
        ("Giấy tờ".as_bytes(), "text/plain"),
        (&[0, 1, 2, 3], "application/octet-stream"),
        (&doc::MAGIC, "application/x-ole-storage"),
    ];
    for (content, kind) in cases {
        let refusal = check("cccd.pdf", None, content).expect_err(kind);
        assert_eq!(refusal.kind(), kind);
        assert_eq!(refusal.reason(), "content_disagrees");
    }
}

#[test]
fn each_kind_under_the_name_of_another_is_refused() {
    let files = [("pdf", pdf::good()), ("docx", docx::good()), ("doc", doc::good())];
    for (extension, content) in &files {
        for (other, _) in files.iter().filter(|(other, _)| other != extension) {
            let refusal = check(&format!("cccd.{other}"), None, content).expect_err(other);
            assert_eq!(refusal.reason(), "content_disagrees");
            let kind = ScanKind::ALL.into_iter().find(|kind| kind.extension() == *extension).expect("a kind");
            assert_eq!(refusal.kind(), kind.media_type());
        }
    }
}

#[test]
fn the_codes_are_stable() {
    let kind = ScanKind::Pdf;
    let reasons = [
        (ScanRefusal::Encrypted { kind }, "encrypted"),
        (ScanRefusal::TooManyEntries { kind }, "too_many_entries"),
        (ScanRefusal::UnpacksTooLarge { kind }, "unpacks_too_large"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::JavaScript }, "javascript"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::Launch }, "launch_action"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::EmbeddedFile }, "embedded_file"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::ActiveForm }, "active_form"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::RichMedia }, "rich_media"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::Macros }, "macros"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::OleObject }, "ole_object"),
        (ScanRefusal::ActiveContent { kind, what: ActivePart::ExternalContent }, "external_content"),
    ];
    for (refusal, reason) in reasons {
        assert_eq!(refusal.reason(), reason);
        assert_eq!(refusal.kind(), "application/pdf");
    }
    assert_eq!((ScanRefusal::Damaged.reason(), ScanRefusal::Damaged.kind().as_str()), ("damaged", "damaged"));
}

#[test]
fn a_panic_in_a_parser_is_an_answer() {
    let refused = super::guarded(|| std::panic::resume_unwind(Box::new("a parser's mistake")));
    assert_eq!(refused, Err(ScanRefusal::Damaged));
}
