//! `/registrations/{id}/scan`: attach the scan of the card, read it.

use motcua_openapi::desk::Warning;
use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::registrations::{Registration, ScanKind};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::documents::{self, DOC, DOCX, File, PDF};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk, clamd};
use reqwest::Method;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

const MAX: usize = 5 * 1024 * 1024;

async fn begun(officer: &Client) -> Uuid {
    officer.create_registration(&citizen(1)).await.json::<Registration>(201).id
}

#[rstest]
#[tokio::test]
async fn a_scan_comes_back_byte_for_byte(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    for (file, kind) in [
        (documents::pdf("card"), ScanKind::Pdf),
        (documents::docx("card"), ScanKind::Docx),
        (documents::doc(), ScanKind::Doc),
    ] {
        let attached: Registration = minh.upload_scan(id, &file).await.json(200);
        let scan = attached.scan.unwrap();
        assert_eq!((scan.kind, scan.file_name.as_str()), (kind, file.name.as_str()));
        assert_eq!(scan.size_bytes, file.content.len() as u64);
        let answer = minh.download_scan(id).await;
        assert_eq!(answer.bytes(200), file.content);
        assert_eq!(answer.header("content-type"), Some(file.media_type));
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"), "never shown in the page");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    assert_eq!(desk.audited("scan_read").await, 3);
}

#[rstest]
#[tokio::test]
async fn a_second_scan_takes_the_place_of_the_first(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let first: Registration = minh.upload_scan(id, &documents::pdf("first")).await.json(200);
    let second: Registration = minh.upload_scan(id, &documents::pdf("second")).await.json(200);
    assert_eq!(second.version, first.version + 1);
    assert_eq!(minh.download_scan(id).await.bytes(200), documents::pdf("second").content);
    assert_eq!(kept(&desk), 1, "the first is erased");
}

fn kept(desk: &Desk) -> usize {
    motcua_tests::desk::files_below(&desk.folder().join("scans")).len()
}

#[rstest]
#[tokio::test]
async fn a_registration_without_a_scan_says_so(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    minh.download_scan(id).await.refused(ProblemCode::ScanMissing);
}

#[rstest]
#[tokio::test]
async fn a_doc_is_taken_with_a_warning(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let attached: Registration = minh.upload_scan(id, &documents::doc()).await.json(200);
    assert_eq!(attached.warnings, [Warning::ScanIsLegacyDoc]);
}

#[rstest]
#[tokio::test]
async fn the_bytes_of_a_scan_lie_nowhere_in_the_open(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let file = File { name: "The cua ba Anh.pdf".into(), ..documents::pdf("WITNESS-OF-THE-CARD") };
    minh.upload_scan(id, &file).await.json::<Registration>(200);
    for path in desk.files() {
        let bytes = std::fs::read(&path).unwrap();
        for open in ["WITNESS-OF-THE-CARD", "%PDF-", "The cua ba Anh"] {
            assert!(!contains(&bytes, open.as_bytes()), "{open} lies open in {}", path.display());
        }
        assert!(!path.to_string_lossy().contains("cua ba Anh"));
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[rstest]
#[tokio::test]
async fn a_file_of_exactly_five_mebibytes_is_taken_and_one_byte_more_is_not(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let fitting: Registration = minh.upload_scan(id, &documents::pdf_of_size(MAX)).await.json(200);
    assert_eq!(fitting.scan.as_ref().unwrap().size_bytes, MAX as u64);
    let refused = minh.upload_scan(id, &documents::pdf_of_size(MAX + 1)).await;
    assert_eq!(refused.refused(ProblemCode::ScanTooLarge).params["max_bytes"], MAX.to_string());
    assert_eq!(minh.registration(id).await, fitting, "the scan before it stays");
}

#[rstest]
#[tokio::test]
async fn a_file_whose_length_is_untold_is_refused_as_it_streams_in(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let mut upload = ChunkedUpload::begin(&desk, &minh, id).await;
    let chunk = vec![b'%'; 64 * 1024];
    for _ in 0..(MAX / chunk.len() + 2) {
        upload.send(&chunk).await.unwrap();
    }
    upload.finish().await.unwrap();
    let (status, problem) = upload.answer().await;
    assert_eq!((status, problem.code), (413, ProblemCode::ScanTooLarge));
    assert_eq!(minh.registration(id).await.scan, None);
    assert_eq!(kept(&desk), 0);
}

#[tokio::test]
async fn a_body_without_end_is_answered() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let mut upload = ChunkedUpload::begin(&desk, &minh, id).await;
    let chunk = vec![b'%'; 256 * 1024];
    let mut sent = 0;
    let mut answer = [0; 64];
    // The server reads on for a while, so that a browser gets to see the answer.
    while upload.line.try_read(&mut answer).is_err() {
        assert!(sent < 20 * MAX, "no answer after {sent} bytes");
        if upload.send(&chunk).await.is_err() {
            break;
        }
        sent += chunk.len();
    }
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(minh.registration(id).await.scan, None);
}

/// A multipart body sent by hand, in chunks, its length untold.
struct ChunkedUpload {
    line: TcpStream,
}

impl ChunkedUpload {
    async fn begin(desk: &Desk, officer: &Client, id: Uuid) -> Self {
        let address = desk.base().trim_start_matches("http://").to_owned();
        let mut upload = Self { line: TcpStream::connect(&address).await.unwrap() };
        let token = officer.token();
        let head = format!(
            "PUT /api/v1/registrations/{id}/scan HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        upload.line.write_all(head.as_bytes()).await.unwrap();
        let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\
                    Content-Type: application/pdf\r\n\r\n";
        upload.send(part.as_bytes()).await.unwrap();
        upload
    }

    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.line.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
        self.line.write_all(bytes).await?;
        self.line.write_all(b"\r\n").await
    }

    async fn finish(&mut self) -> std::io::Result<()> {
        self.send(b"\r\n--b--\r\n").await?;
        self.line.write_all(b"0\r\n\r\n").await
    }

    async fn answer(mut self) -> (u16, Problem) {
        let mut text = String::new();
        let mut buffer = vec![0; 16 * 1024];
        while !text.ends_with('}') {
            let read = self.line.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the line was closed: {text}");
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }
}

fn file(name: &str, media_type: &'static str, content: &[u8]) -> File {
    File { name: name.into(), media_type, content: content.to_vec() }
}

#[rstest]
#[case::no_extension(File { name: "scan".into(), ..documents::pdf("x") })]
#[case::picture_extension(File { name: "scan.jpg".into(), ..documents::pdf("x") })]
#[case::picture_called_pdf(file("scan.pdf", PDF, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))]
#[case::program_called_pdf(file("scan.pdf", PDF, b"MZ\x90\x00\x03\x00\x00\x00"))]
#[case::text_called_pdf(file("scan.pdf", PDF, b"xin chao"))]
#[case::empty(file("scan.pdf", PDF, b""))]
#[case::pdf_called_docx(File { name: "scan.docx".into(), media_type: DOCX, ..documents::pdf("x") })]
#[case::pdf_declared_as_docx(File { media_type: DOCX, ..documents::pdf("x") })]
#[case::docx_declared_as_doc(File { media_type: DOC, ..documents::docx("x") })]
#[case::zip_called_docx(file("scan.docx", DOCX, &documents::zipped(&[("a.txt", "a".into())])))]
#[case::cut_pdf(File { content: documents::pdf("x").content[..200].to_vec(), ..documents::pdf("x") })]
#[case::script(documents::pdf_with_script())]
#[case::macros(documents::docx_with_macros())]
#[tokio::test]
async fn a_file_that_is_not_what_it_says_or_holds_more_is_refused(#[case] file: File) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let problem = minh.upload_scan(id, &file).await.refused(ProblemCode::ScanTypeRefused);
    assert!(problem.params.contains_key("kind") && problem.params.contains_key("reason"), "{problem:?}");
    assert_eq!(minh.registration(id).await.scan, None);
    assert_eq!(kept(&desk), 0);
}

#[tokio::test]
async fn a_browser_that_does_not_know_the_type_is_believed_by_the_content() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let file = File { media_type: "application/octet-stream", ..documents::pdf("x") };
    minh.upload_scan(id, &file).await.json::<Registration>(200);
}

#[rstest]
#[case::another_field("--b\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.pdf\"\r\n\r\nx\r\n--b--\r\n")]
#[case::no_field("--b--\r\n")]
#[case::empty("")]
#[case::two_fields(
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nx\r\n--b--\r\n"
)]
#[case::cut("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nx")]
#[tokio::test]
async fn a_form_without_exactly_one_file_is_refused(#[case] body: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let call = minh.call(Method::PUT, &format!("/registrations/{id}/scan"));
    let answer = call.bytes("multipart/form-data; boundary=b", body).malformed().send().await;
    answer.refused(ProblemCode::BodyInvalid);
    assert_eq!(minh.registration(id).await.scan, None);
}

#[rstest]
#[case::json("application/json", ProblemCode::MediaTypeUnsupported)]
#[case::the_file_itself("application/pdf", ProblemCode::MediaTypeUnsupported)]
#[case::no_boundary("multipart/form-data", ProblemCode::BodyInvalid)]
#[tokio::test]
async fn a_body_that_is_no_form_is_refused(#[case] media_type: &str, #[case] code: ProblemCode) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let call = minh.call(Method::PUT, &format!("/registrations/{id}/scan"));
    call.bytes(media_type, "{}").malformed().send().await.refused(code);
}

#[rstest]
#[tokio::test]
async fn a_scan_that_clamd_knows_is_refused_and_a_clean_one_is_taken(#[values(Sqlite, Postgres)] engine: Engine) {
    for (answer, status) in [(clamd::CLEAN, 200), (clamd::FOUND, 415)] {
        let clamd = clamd::open(answer).await;
        let Some(desk) = Desk::open_with(engine, |settings| settings.registrations.clamd = clamd).await else { return };
        let minh = desk.sign_in("minh").await;
        let id = begun(&minh).await;
        let answer = minh.upload_scan(id, &documents::pdf("card")).await;
        assert_eq!(answer.status, status);
        if status == 415 {
            assert_eq!(answer.refused(ProblemCode::ScanTypeRefused).params["reason"], "infected");
            assert_eq!((minh.registration(id).await.scan, kept(&desk)), (None, 0));
        }
    }
}

#[rstest]
#[tokio::test]
async fn where_clamd_does_not_say_that_it_is_clean_nothing_is_kept(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Some(clamd::NOTHING), Some(clamd::TOO_LARGE), None)] answer: Option<&'static [u8]>,
) {
    let address = match answer {
        Some(answer) => clamd::open(answer).await,
        None => "127.0.0.1:1".into(),
    };
    let Some(desk) = Desk::open_with(engine, |settings| settings.registrations.clamd = address).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    minh.upload_scan(id, &documents::pdf("card")).await.refused(ProblemCode::Unavailable);
    assert_eq!((minh.registration(id).await.scan, kept(&desk)), (None, 0));
}

#[rstest]
#[tokio::test]
async fn another_desk_can_neither_read_nor_replace_a_scan(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, hoa) = (desk.sign_in("minh").await, desk.sign_in("hoa").await);
    let draft = minh.draft(&citizen(1)).await;
    hoa.download_scan(draft.id).await.refused(ProblemCode::NotFound);
    hoa.upload_scan(draft.id, &documents::pdf("other")).await.refused(ProblemCode::NotFound);
    assert_eq!(minh.download_scan(draft.id).await.bytes(200), documents::pdf("the card").content);
}

#[rstest]
#[tokio::test]
async fn the_scan_of_an_account_stays_readable_at_its_registration(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    let scan = minh.download_scan(account.registration_id).await;
    assert_eq!(scan.bytes(200), documents::pdf("the card").content);
}

#[rstest]
#[tokio::test]
async fn a_name_with_folders_and_controls_is_kept_as_a_plain_name(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let id = begun(&minh).await;
    let file = File { name: "../../etc/thẻ căn cước.PDF".into(), ..documents::pdf("x") };
    let attached: Registration = minh.upload_scan(id, &file).await.json(200);
    assert_eq!(attached.scan.unwrap().file_name, "thẻ căn cước.PDF");
}
