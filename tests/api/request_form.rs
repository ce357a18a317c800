//! `/registrations/{id}/request-form`: the paper of exactly these details.

use std::io::Read;

use chrono::Duration;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::{DetailsInput, Registration};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::documents::{DOCX, PDF};
use motcua_tests::people::{citizen, named};
use reqwest::Method;
use rstest::rstest;

fn email(address: &str) -> DetailsInput {
    DetailsInput { email: Some(address.into()), ..DetailsInput::default() }
}

#[rstest]
#[tokio::test]
async fn the_pdf_carries_its_code_in_its_name_and_in_the_record(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let answer = minh.download_request_form(draft.id, "pdf").await;
    assert!(answer.bytes(200).starts_with(b"%PDF-"));
    assert_eq!(answer.header("content-type"), Some(PDF));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let record = minh.registration(draft.id).await.request_form.unwrap();
    assert_eq!((record.downloaded_at, record.stale), (desk.now(), false));
    let name = format!("attachment; filename=\"giay-de-nghi-{}.pdf\"", record.code);
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    assert_eq!(desk.audited("request_form_made").await, 1);
}

#[rstest]
#[tokio::test]
async fn the_word_file_holds_what_was_entered_and_the_same_code(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&named(1, "Nguyễn Thị Phương Ánh")).await;
    let answer = minh.download_request_form(draft.id, "docx").await;
    assert_eq!(answer.header("content-type"), Some(DOCX));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.bytes(200))).unwrap();
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    let code = minh.registration(draft.id).await.request_form.unwrap().code;
    let entered = [
        "Nguyễn Thị Phương Ánh",
        "079 190 000 001",
        "01/02/1990",
        "0905 000 001",
        "Bộ phận một cửa UBND thành phố Nha Trang",
        code.as_str(),
    ];
    for part in entered {
        assert!(text.contains(part), "{part} is not on the paper");
    }
}

#[rstest]
#[tokio::test]
async fn a_form_of_less_than_all_names_everything_that_is_missing(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: Registration = minh.create_registration(&DetailsInput::default()).await.json(201);
    for answer in [minh.download_request_form(begun.id, "pdf").await, minh.send_otp(begun.id).await] {
        let fields = answer.refused_fields(ProblemCode::DetailsIncomplete);
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["birth_date", "full_name", "id_number", "phone", "unit_id"]);
        assert!(fields.iter().all(|field| field.code == FieldCode::Required));
    }
    assert_eq!(minh.registration(begun.id).await, begun);
}

#[rstest]
#[tokio::test]
async fn a_change_makes_the_paper_stale_until_it_is_printed_again(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.download_request_form(draft.id, "pdf").await.bytes(200);
    let first = minh.registration(draft.id).await.request_form.unwrap();
    let changed: Registration =
        minh.update_registration(draft.id, draft.version, email("anh@example.vn")).await.json(200);
    assert!(changed.request_form.as_ref().unwrap().stale);
    desk.advance(Duration::seconds(1));
    minh.download_request_form(draft.id, "docx").await.bytes(200);
    let second = minh.registration(draft.id).await.request_form.unwrap();
    assert!(!second.stale);
    assert_ne!((second.code, second.downloaded_at), (first.code, first.downloaded_at));
}

#[rstest]
#[tokio::test]
async fn the_same_details_have_the_same_code_and_others_another(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let mut codes = Vec::new();
    let mut version = draft.version;
    for address in ["", "anh@example.vn", ""] {
        let changed: Registration = minh.update_registration(draft.id, version, email(address)).await.json(200);
        version = changed.version;
        minh.download_request_form(draft.id, "pdf").await.bytes(200);
        codes.push(minh.registration(draft.id).await.request_form.unwrap().code);
    }
    assert_eq!(codes[0], codes[2]);
    assert_ne!(codes[0], codes[1]);
}

#[rstest]
#[tokio::test]
async fn downloading_is_no_change_that_a_colleague_would_collide_with(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.download_request_form(draft.id, "pdf").await.bytes(200);
    minh.update_registration(draft.id, draft.version, email("anh@example.vn")).await.json::<Registration>(200);
}

#[rstest]
#[case::unknown("format", "odt")]
#[case::unknown_parameter("size", "a4")]
#[tokio::test]
async fn a_query_that_cannot_be_read_is_a_problem(#[case] name: &str, #[case] value: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let call = minh.call(Method::GET, &format!("/registrations/{}/request-form", draft.id));
    call.query(name, value).malformed().send().await.refused(ProblemCode::RequestInvalid);
}

#[rstest]
#[tokio::test]
async fn without_a_format_it_is_a_pdf(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let answer = minh.call(Method::GET, &format!("/registrations/{}/request-form", draft.id)).send().await;
    assert!(answer.bytes(200).starts_with(b"%PDF-"));
}
