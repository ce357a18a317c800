use lopdf::{Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};

use super::{check, reason};

/// A page with a packed image, as a scanner writes it.
fn document() -> Document {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let noise: Vec<u8> = (0..3_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut image = Stream::new(
        dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 60, "Height" => 50,
        "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8 },
        noise,
    );
    image.compress().expect("packed");
    let image = document.add_object(image);
    let content = document.add_object(Stream::new(dictionary! {}, b"q 595 0 0 842 0 0 cm /Im0 Do Q".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Im0" => image } },
    });
    document.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("saved");
    bytes
}

fn saved_modern(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_modern(&mut bytes).expect("saved");
    assert!(bytes.windows(7).any(|window| window == b"/ObjStm"), "object streams are used");
    bytes
}

pub(super) fn good() -> Vec<u8> {
    saved(document())
}

pub(super) fn good_with_object_streams() -> Vec<u8> {
    saved_modern(document())
}

/// The document with one more object, which its catalog names under `key`.
fn with(key: &str, object: Object) -> Document {
    let mut document = document();
    let id = document.add_object(object);
    document.catalog_mut().expect("a catalog").set(key, id);
    document
}

fn action(kind: &str) -> Object {
    dictionary! { "Type" => "Action", "S" => kind }.into()
}

#[test]
fn plain_and_modern_files_pass() {
    check("a.pdf", None, &good()).expect("plain");
    check("a.pdf", None, &good_with_object_streams()).expect("modern");
}

#[test]
fn links_and_a_page_to_open_at_pass() {
    let opens = dictionary! { "S" => "GoTo", "D" => vec![Object::Integer(0), "Fit".into()] };
    check("a.pdf", None, &saved(with("OpenAction", opens.into()))).expect("a destination");
    let link = dictionary! { "S" => "URI", "URI" => Object::string_literal("https://dichvucong.gov.vn/") };
    check("a.pdf", None, &saved(with("X", link.into()))).expect("a link");
}

#[test]
fn stray_bytes_before_the_header_pass_up_to_the_window() {
    let behind = |count: usize| [vec![b'\n'; count], good()].concat();
    check("a.pdf", None, &behind(1000)).expect("within");
    assert_eq!(reason("a.pdf", &behind(1024)), "content_disagrees");
}

#[test]
fn whatever_runs_opens_or_carries_is_refused() {
    let files = dictionary! { "EmbeddedFiles" => dictionary! { "Names" => Vec::<Object>::new() } };
    let file = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"MZ".to_vec());
    let spec = dictionary! { "Type" => "Filespec", "EF" => dictionary! { "F" => (1, 0) } };
    let form = dictionary! { "XFA" => (1, 0), "Fields" => Vec::<Object>::new() };
    let script = dictionary! { "S" => "Other", "JS" => Object::string_literal("app.alert(1)") };
    let cases: Vec<(&str, Object, &str)> = vec![
        ("OpenAction", action("JavaScript"), "javascript"),
        ("OpenAction", script.into(), "javascript"),
        ("AA", action("Launch"), "launch_action"),
        ("AA", action("GoToR"), "launch_action"),
        ("AA", action("GoToE"), "launch_action"),
        ("AA", action("SubmitForm"), "active_form"),
        ("AA", action("ImportData"), "active_form"),
        ("AcroForm", form.into(), "active_form"),
        ("Names", files.into(), "embedded_file"),
        ("X", file.into(), "embedded_file"),
        ("X", spec.into(), "embedded_file"),
        ("X", dictionary! { "Subtype" => "FileAttachment" }.into(), "embedded_file"),
        ("X", dictionary! { "Subtype" => "RichMedia" }.into(), "rich_media"),
        ("X", dictionary! { "S" => "Rendition" }.into(), "rich_media"),
    ];
    for (key, object, expected) in cases {
        assert_eq!(reason("a.pdf", &saved(with(key, object.clone()))), expected, "{object:?}");
        if !matches!(object, Object::Stream(_)) {
            assert_eq!(reason("a.pdf", &saved_modern(with(key, object.clone()))), expected, "packed {object:?}");
        }
    }
}

#[test]
fn escapes_in_a_name_hide_nothing() {
    let escaped = replaced(&saved(with("X", action("JavaScript"))), b"/JavaScript", b"/J#61va#53cript");
    assert_eq!(reason("a.pdf", &escaped), "javascript");
}

#[test]
fn an_object_hidden_in_a_stream_a_string_or_a_comment_is_found() {
    let hidden = b"9 0 obj<</S/Launch/F(cmd.exe)>>endobj".to_vec();
    let stream = Stream::new(dictionary! {}, hidden.clone());
    assert_eq!(reason("a.pdf", &saved(with("X", stream.into()))), "launch_action");
    let string = Object::string_literal(hidden.clone());
    assert_eq!(reason("a.pdf", &saved(with("X", string))), "launch_action");
    let comment = [b"%PDF-1.5\n%".to_vec(), hidden, b"\n".to_vec(), good()[9..].to_vec()].concat();
    assert_eq!(reason("a.pdf", &comment), "launch_action");
}

#[test]
fn short_names_by_chance_in_packed_data_do_not_count() {
    let mut noise = vec![0x81; 4000];
    noise[2000..2004].copy_from_slice(b"/JS(");
    noise[3000..3005].copy_from_slice(b"/EF<<");
    check("a.pdf", None, &saved(with("X", Stream::new(dictionary! {}, noise).into()))).expect("chance");
}

#[test]
fn a_short_name_counts_as_a_word_of_an_object_whatever_stands_beside() {
    let noise = Object::String(vec![0x81; 30], lopdf::StringFormat::Literal);
    for (key, expected) in [("JS", "javascript"), ("EF", "embedded_file"), ("XFA", "active_form")] {
        let mut dictionary = Dictionary::new();
        dictionary.set("A", noise.clone());
        dictionary.set(key, noise.clone());
        assert_eq!(reason("a.pdf", &saved(with("X", dictionary.into()))), expected);
    }
}

/// A file with one more stream, written by hand: `heading` is its dictionary.
fn with_stream(heading: &str, data: &[u8]) -> Vec<u8> {
    let good = good();
    let at = good.windows(9).position(|window| window == b"startxref").expect("an end");
    let mut file = good[..at].to_vec();
    file.extend_from_slice(format!("90 0 obj\n<<{heading}>>\nstream\n").as_bytes());
    file.extend_from_slice(data);
    file.extend_from_slice(b"\nendstream\nendobj\n");
    file.extend_from_slice(&good[at..]);
    file
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut stream = Stream::new(Dictionary::new(), content.to_vec());
    stream.compress().expect("packed");
    assert!(stream.is_compressed());
    stream.content
}

fn script_in_object_stream() -> Vec<u8> {
    let mut content = b"91 0 <</S/JavaScript/JS(app.alert\\(1\\))>>".to_vec();
    content.resize(400, b' ');
    content
}

#[test]
fn an_object_stream_is_read_however_its_length_is_told() {
    let script = packed(&script_in_object_stream());
    for heading in ["/Type/ObjStm", "/N 1", "/Type/ObjStm/Length 3", "/Length 7 0 R", "/Length 99999999", "/Length -1"]
    {
        for filter in ["/Filter/FlateDecode", "/Filter [ /FlateDecode ]", "/Filter/Flate#44ecode"] {
            let file = with_stream(&format!("/First 5{heading}{filter}"), &script);
            assert_eq!(reason("a.pdf", &file), "javascript", "{heading} {filter}");
        }
    }
}

#[test]
fn an_object_stream_packed_in_another_way_is_refused() {
    let script = packed(&script_in_object_stream());
    for filter in [
        "/Filter[/FlateDecode/FlateDecode]",
        "/Filter[/FlateDecode 5 0 R]",
        "/Filter 5 0 R",
        "/Filter/LZWDecode",
        "/Filter/FlateDecode/Filter/LZWDecode",
        "/Filter/FlateDecode/DecodeParms<</Predictor 12>>",
        "/Filter/FlateDecode/F(other.bin)",
    ] {
        let file = with_stream(&format!("/Type/ObjStm/N 1/First 5{filter}"), &script);
        assert_eq!(reason("a.pdf", &file), "damaged", "{filter}");
    }
}

#[test]
fn an_object_stream_that_only_a_misled_reader_finds_is_refused() {
    let mut inner = b"92 0 obj<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>stream\n".to_vec();
    inner.extend_from_slice(&packed(&script_in_object_stream()));
    assert_eq!(reason("a.pdf", &with_stream(&format!("/Length {}", inner.len()), &inner)), "damaged");
}

#[test]
fn a_bomb_in_object_streams_is_refused() {
    let half = packed(&vec![b' '; 9 * 1024 * 1024]);
    let heading = "/Type/ObjStm/N 0/First 0/Filter/FlateDecode";
    check("a.pdf", None, &with_stream(heading, &half)).expect("one alone is within the limit");
    let mut both = half.clone();
    both.extend_from_slice(format!("\nendstream\nendobj\n91 0 obj<<{heading}>>stream\n").as_bytes());
    both.extend_from_slice(&half);
    assert_eq!(reason("a.pdf", &with_stream(heading, &both)), "unpacks_too_large");
}

#[test]
fn many_object_streams_are_refused_before_they_cost_much() {
    let stream = packed(&[b' '; 400]);
    let heading = "/Type/ObjStm/N 0/First 0/Filter/FlateDecode";
    let mut many = Vec::new();
    for _ in 0..20_000 {
        many.extend_from_slice(&stream);
        many.extend_from_slice(format!("\nendstream\nendobj\n91 0 obj<<{heading}>>stream\n").as_bytes());
    }
    many.extend_from_slice(&stream);
    assert_eq!(reason("a.pdf", &with_stream(heading, &many)), "too_many_entries");
}

#[test]
fn an_encrypted_file_is_refused() {
    let mut document = document();
    document
        .trailer
        .set("ID", vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "",
        user_password: "",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("a key");
    document.encrypt(&state).expect("encrypted");
    assert_eq!(reason("a.pdf", &saved(document)), "encrypted");
}

#[test]
fn a_file_without_a_page_or_a_catalog_is_refused() {
    let plain = good();
    assert_eq!(reason("a.pdf", &replaced(&plain, b"/Type/Page/", b"/Type/Pxge/")), "damaged");
    assert_eq!(reason("a.pdf", &replaced(&plain, b"/Type/Catalog", b"/Type/Cxtalog")), "damaged");
}

#[test]
fn a_trailer_that_leads_nowhere_is_refused() {
    let plain = good();
    for (from, to) in [(&b"/Root "[..], &b"/Roo7 "[..]), (b"/Kids[", b"/Kidz["), (b"/Pages ", b"/Pagez ")] {
        assert_eq!(reason("a.pdf", &replaced(&plain, from, to)), "damaged", "{from:?}");
    }
    let words = b"%PDF-1.5\n/Type/Catalog/Type/Page/Kids/Root 0/Pages 0 obj\nstartxref\n9\n%%EOF";
    assert_eq!(reason("a.pdf", words), "damaged");
}

#[test]
fn an_offset_that_is_far_off_is_refused() {
    let plain = good();
    let at = plain.windows(10).rposition(|window| window == b"startxref\n").expect("an end");
    let ending = |offset: usize| [&plain[..at], format!("startxref\n{offset}\n%%EOF").as_bytes()].concat();
    assert_eq!(reason("a.pdf", &ending(plain.len() * 2)), "damaged");
    let far = [&plain[..at], &[b' '; 400], format!("startxref\n{}\n%%EOF", at + 200).as_bytes()].concat();
    assert_eq!(reason("a.pdf", &far), "damaged");
}

#[test]
fn a_keyword_inside_a_dictionary_is_refused() {
    let script = packed(&script_in_object_stream());
    for keyword in ["obj", "1 0 obj", "endobj", "stream"] {
        for heading in [
            format!("/Type/ObjStm/N 1/First 5 {keyword} /Filter/FlateDecode"),
            format!("/Filter/FlateDecode {keyword} /Type/ObjStm/N 1/First 5"),
        ] {
            assert_eq!(reason("a.pdf", &with_stream(&heading, &script)), "damaged", "{heading}");
        }
    }
}

#[test]
fn an_object_stream_that_is_not_packed_is_read() {
    let script = script_in_object_stream();
    assert_eq!(reason("a.pdf", &with_stream("/Type/ObjStm/N 1/First 5", &script)), "javascript");
    // Packed, but not said to be: there is no index to read.
    assert_eq!(reason("a.pdf", &with_stream("/Type/ObjStm/N 1/First 5", &packed(&script))), "damaged");
}

#[test]
fn a_file_cut_short_is_refused_at_every_length() {
    let plain = good();
    for length in (0..plain.len() - 6).step_by(7) {
        let refusal = check("a.pdf", None, &plain[..length]).expect_err("cut short");
        assert!(matches!(refusal.reason(), "damaged" | "content_disagrees"), "{length}: {refusal}");
    }
}

#[test]
fn two_types_in_one_file_are_refused() {
    let image = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), good()].concat();
    assert_eq!(check("a.pdf", None, &image).expect_err("two types").kind(), "image/png");
    let program = [b"MZ\x90\0".to_vec(), good()].concat();
    assert_eq!(reason("a.pdf", &program), "content_disagrees");
}

/// Replaces what stands once or more, whatever white space the writer put between.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}
