//! `/lookups`: is there an account for this number?

use motcua_openapi::desk::Warning;
use motcua_openapi::lookups::LookUpResult;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_openapi::values::{IdNumberKind, Sex};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, id_number, old_number};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn a_number_without_an_account_tells_year_and_sex_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let found: LookUpResult = minh.look_up(&id_number(1)).await.json(200);
    assert_eq!((found.kind, found.birth_year, found.sex), (IdNumberKind::Cccd, Some(1990), Some(Sex::Female)));
    assert_eq!((found.account, found.warnings), (None, vec![]));
}

#[rstest]
#[tokio::test]
async fn an_account_of_any_unit_is_found_with_its_date_and_unit(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let created_at = desk.now();
    desk.sign_in("nam").await.account(&desk, &citizen(1)).await;
    desk.advance(chrono::Duration::minutes(1));
    let minh = desk.sign_in("minh").await;
    for typed in ["079190000001", "079 190 000 001", "079.190.000.001"] {
        let found: LookUpResult = minh.look_up(typed).await.json(200);
        let account = found.account.expect(typed);
        assert_eq!(account.created_at, created_at);
        assert_eq!(account.unit_name, "Trung tâm phục vụ hành chính công tỉnh");
    }
}

#[rstest]
#[tokio::test]
async fn an_account_is_found_by_the_old_number_beside_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(1) };
    minh.account(&desk, &details).await;
    let found: LookUpResult = minh.look_up(&old_number(1)).await.json(200);
    assert_eq!(found.kind, IdNumberKind::Cmnd);
    assert!(found.account.is_some());
    assert_eq!(found.warnings, [Warning::CmndNoLongerValid]);
}

#[rstest]
#[tokio::test]
async fn a_draft_is_no_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.verified(&desk, &citizen(1)).await;
    assert_eq!(minh.look_up(&id_number(1)).await.json::<LookUpResult>(200).account, None);
}

#[tokio::test]
async fn an_unknown_place_code_warns_and_does_not_refuse() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let found: LookUpResult = minh.look_up("003190000001").await.json(200);
    assert_eq!(found.warnings, [Warning::PlaceCodeUnknown]);
}

#[rstest]
#[case::too_short("07919000000", Some("11"))]
#[case::too_long("0791900000011", Some("13"))]
#[case::empty("", Some("0"))]
#[case::letters("07919000000A", None)]
#[case::other_digits("٠٧٩١٩٠٠٠٠٠٠١", None)]
#[tokio::test]
async fn what_is_no_number_says_how_many_digits_were_typed(#[case] typed: &str, #[case] count: Option<&str>) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let fields = desk.sign_in("minh").await.look_up(typed).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields.len(), fields[0].field.as_str(), fields[0].code), (1, "id_number", FieldCode::IdNumberInvalid));
    assert_eq!(fields[0].params.get("count").map(String::as_str), count);
}

#[tokio::test]
async fn a_number_of_the_wrong_json_type_is_refused_without_repeating_it() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    for body in [json!({"id_number": 79_190_000_001_u64}), json!({"id_number": ["079190000001"]})] {
        let answer = minh.call(Method::POST, "/lookups").json(&body).malformed().send().await;
        answer.refused(ProblemCode::BodyInvalid);
        assert!(!answer.text().contains("190000001"), "the number is repeated: {}", answer.text());
    }
}
