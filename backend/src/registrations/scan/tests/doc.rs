use std::io::{Cursor, Write};

use cfb::CompoundFile;

use super::{check, reason};

pub(super) use super::super::doc::MAGIC;

type Compound = CompoundFile<Cursor<Vec<u8>>>;

fn fib(ident: u16, flags: u16) -> Vec<u8> {
    let mut fib = vec![0_u8; 1500];
    fib[..2].copy_from_slice(&ident.to_le_bytes());
    fib[2..4].copy_from_slice(&0x00c1_u16.to_le_bytes());
    fib[10..12].copy_from_slice(&flags.to_le_bytes());
    fib
}

fn put(compound: &mut Compound, path: &str, content: &[u8]) {
    if let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
        compound.create_storage_all(folder).expect("a storage");
    }
    compound.create_stream(path).expect("a stream").write_all(content).expect("written");
}

/// A document as Word 2003 writes it, with the flags of its header and more streams.
fn document(flags: u16, more: &[&str]) -> Vec<u8> {
    let mut compound = CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    put(&mut compound, "/WordDocument", &fib(0xa5ec, flags));
    for path in ["/1Table", "/Data", "/\u{5}SummaryInformation", "/\u{1}CompObj", "/\u{1}Ole"] {
        put(&mut compound, path, &[7; 300]);
    }
    compound.create_storage("/ObjectPool").expect("an empty pool");
    for path in more {
        put(&mut compound, path, b"x");
    }
    finished(compound)
}

fn finished(mut compound: Compound) -> Vec<u8> {
    compound.flush().expect("flushed");
    compound.into_inner().into_inner()
}

fn holding(streams: &[&str]) -> Vec<u8> {
    let mut compound = CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    for path in streams {
        put(&mut compound, path, b"x");
    }
    finished(compound)
}

pub(super) fn good() -> Vec<u8> {
    document(0x1200, &[])
}

#[test]
fn a_document_with_an_empty_pool_passes() {
    check("a.doc", Some("application/msword"), &good()).expect("good");
}

#[test]
fn macros_are_refused_wherever_they_are() {
    for path in
        ["/Macros/VBA/dir", "/MACROS/x", "/_VBA_PROJECT_CUR/VBA/dir", "/Other/VBA/ThisDocument", "/x/_VBA_PROJECT"]
    {
        assert_eq!(reason("a.doc", &document(0x1200, &[path])), "macros", "{path}");
    }
}

#[test]
fn a_project_outside_the_directory_is_found() {
    let name: Vec<u8> = "_VBA_PROJECT\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(reason("a.doc", &[good(), name].concat()), "macros");
}

#[test]
fn objects_and_packages_are_refused() {
    for (path, expected) in [
        ("/ObjectPool/_1234/\u{1}CompObj", "ole_object"),
        ("/x/\u{1}Ole10Native", "ole_object"),
        ("/x/\u{1}Ole", "ole_object"),
        ("/x/Package", "embedded_file"),
    ] {
        assert_eq!(reason("a.doc", &document(0x1200, &[path])), expected, "{path:?}");
    }
}

#[test]
fn a_dde_field_is_refused() {
    let text = "\u{13} DDEAUTO c:\\x \u{15}";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &wide] {
        let mut compound = CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
        put(&mut compound, "/WordDocument", &[fib(0xa5ec, 0x1200), bytes.to_vec()].concat());
        assert_eq!(reason("a.doc", &finished(compound)), "external_content");
    }
}

#[test]
fn a_password_is_refused_in_every_form() {
    assert_eq!(reason("a.doc", &document(0x1300, &[])), "encrypted");
    let package = holding(&["/EncryptedPackage", "/EncryptionInfo", "/\u{6}DataSpaces/Version"]);
    for name in ["a.doc", "a.docx"] {
        assert_eq!(reason(name, &package), "encrypted", "{name}");
    }
}

#[test]
fn other_compound_files_are_named() {
    for (stream, kind) in [
        ("/Workbook", "application/vnd.ms-excel"),
        ("/PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("/x", "application/x-ole-storage"),
    ] {
        let refusal = check("a.doc", None, &holding(&[stream])).expect_err(stream);
        assert_eq!((refusal.reason(), refusal.kind().as_str()), ("content_disagrees", kind));
    }
}

#[test]
fn the_word_before_97_is_named_and_nonsense_is_damage() {
    for (ident, expected) in [(0xa5dc, "content_disagrees"), (0x1234, "damaged")] {
        let mut compound = CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
        put(&mut compound, "/WordDocument", &fib(ident, 0));
        assert_eq!(reason("a.doc", &finished(compound)), expected);
    }
    assert_eq!(reason("a.doc", &holding(&["/WordDocument"])), "damaged");
}

#[test]
fn too_many_or_too_deep_entries_are_refused() {
    let many: Vec<String> = (0..500).map(|number| format!("/x/{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(reason("a.doc", &document(0x1200, &many)), "too_many_entries");
    assert_eq!(reason("a.doc", &document(0x1200, &["/a/b/c/d/e/f/g/h/i"])), "damaged");
}

#[test]
fn an_allocation_table_larger_than_the_file_is_refused_unread() {
    let mut bytes = good();
    // The header's chain of further table sectors, made to lead to sector 0 and round.
    bytes[68..72].copy_from_slice(&0_u32.to_le_bytes());
    bytes[72..76].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(reason("a.doc", &bytes), "damaged");
}

#[test]
fn a_file_cut_short_is_refused_or_whole_in_what_is_read() {
    let whole = good();
    for length in 0..512 {
        assert_ne!(
            check("a.doc", None, &whole[..length]).map_err(|refusal| refusal.reason()),
            Ok(super::ScanKind::Doc)
        );
    }
}
