//! `/unit-requests`: an officer whose unit is missing presses one button, an administrator mends it there.

use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::sessions::UnselectableReason;
use motcua_openapi::unit_requests::{AnswerUnitRequest, CreateUnitRequest, UnitRequest, UnitRequestState};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use rstest::rstest;
use uuid::Uuid;

fn for_unit(unit_id: Uuid) -> CreateUnitRequest {
    CreateUnitRequest {
        unit_id: Some(unit_id), unit_name: None, why: "Tôi được điều về đây từ thứ Hai".into()
    }
}

fn in_words(name: &str) -> CreateUnitRequest {
    CreateUnitRequest { unit_id: None, unit_name: Some(name.into()), why: String::new() }
}

fn assigned(unit_id: Option<Uuid>) -> AnswerUnitRequest {
    AnswerUnitRequest::Assigned { unit_id, words: "Đã gán".into() }
}

#[rstest]
#[tokio::test]
async fn a_request_for_a_unit_is_answered_by_assigning_its_officer(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, an) = (desk.sign_in("minh").await, desk.sign_in("an").await);
    let missing = minh.me().await.unselectable_units;
    let ward = missing.iter().find(|unit| unit.reason == UnselectableReason::NotAssigned).unwrap().id;
    let asked: UnitRequest = minh.ask_for_unit(&for_unit(ward)).await.json(201);
    assert_eq!((asked.state, asked.reason), (UnitRequestState::Open, Some(UnselectableReason::NotAssigned)));
    minh.ask_for_unit(&for_unit(ward)).await.refused(ProblemCode::UnitRequestOpen);
    assert_eq!(an.unit_requests().await, std::slice::from_ref(&asked));
    assert!(desk.sign_in("hoa").await.unit_requests().await.is_empty(), "another officer's are not hers to see");
    minh.answer_unit_request(asked.id, &assigned(None)).await.refused(ProblemCode::Forbidden);

    let answered: UnitRequest = an.answer_unit_request(asked.id, &assigned(None)).await.json(200);
    assert_eq!((answered.state, answered.answer.as_str()), (UnitRequestState::Assigned, "Đã gán"));
    assert_eq!(answered.answered_by.unwrap().full_name, "Phạm Thị An");
    assert!(minh.me().await.units.iter().any(|unit| unit.id == ward));
    assert_eq!(minh.unit_requests().await[0].state, UnitRequestState::Assigned);
    let again = an.answer_unit_request(asked.id, &assigned(None)).await.refused(ProblemCode::WrongState);
    assert_eq!(again.params["state"], "assigned");
    minh.ask_for_unit(&for_unit(ward)).await.refused(ProblemCode::UnitSelectable);
    let audited = ["unit_requested", "unit_request_answered", "officer_units_assigned"];
    for act in audited {
        assert_eq!(desk.audited(act).await, 1, "{act}");
    }
}

#[rstest]
#[tokio::test]
async fn a_unit_whose_name_lacks_the_marker_is_renamed_by_the_answer(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, an) = (desk.sign_in("minh").await, desk.sign_in("an").await);
    let unit = an.unit_named("Văn phòng tiếp dân phường Phước Long").await;
    let asked: UnitRequest = minh.ask_for_unit(&for_unit(unit.id)).await.json(201);
    assert_eq!(asked.reason, Some(UnselectableReason::NameLacksMarker));
    let rename = |name: &str, version| AnswerUnitRequest::Renamed {
        unit_id: None,
        name: name.into(),
        version,
        words: String::new(),
    };
    let fields = an.answer_unit_request(asked.id, &rename("Văn phòng mới", unit.version)).await;
    assert_eq!(fields.refused_fields(ProblemCode::BodyInvalid)[0].code, FieldCode::UnitMarkerMissing);
    let name = "Bộ phận một cửa phường Phước Long";
    an.answer_unit_request(asked.id, &rename(name, unit.version + 1)).await.refused(ProblemCode::StaleVersion);
    assert_eq!(an.unit_requests().await[0].state, UnitRequestState::Open, "a refused act answers nothing");
    let answered: UnitRequest = an.answer_unit_request(asked.id, &rename(name, unit.version)).await.json(200);
    assert_eq!((answered.state, answered.unit.unwrap().name.as_str()), (UnitRequestState::Renamed, name));
    assert!(minh.me().await.units.iter().any(|one| one.id == unit.id));
}

#[rstest]
#[tokio::test]
async fn a_unit_named_in_words_is_declined_with_words_or_found_by_the_administrator(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, an) = (desk.sign_in("minh").await, desk.sign_in("an").await);
    let asked: UnitRequest = minh.ask_for_unit(&in_words("Một cửa  Vĩnh Hải")).await.json(201);
    assert_eq!((asked.unit_name.as_deref(), asked.unit.as_ref()), (Some("Một cửa Vĩnh Hải"), None));
    minh.ask_for_unit(&in_words("MOT CUA vinh hai")).await.refused(ProblemCode::UnitRequestOpen);
    let decline = |words: &str| AnswerUnitRequest::Declined { words: words.into() };
    let fields = an.answer_unit_request(asked.id, &decline(" ")).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("words", FieldCode::Required));
    an.answer_unit_request(asked.id, &decline("Không có đơn vị này")).await.bytes(200);
    assert_eq!(minh.unit_requests().await[0].answer, "Không có đơn vị này");
    desk.advance(chrono::Duration::seconds(1));

    let again: UnitRequest = minh.ask_for_unit(&in_words("Một cửa Vĩnh Hải")).await.json(201);
    let fields = an.answer_unit_request(again.id, &assigned(None)).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("unit_id", FieldCode::Required));
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await.id;
    an.answer_unit_request(again.id, &assigned(Some(ward))).await.bytes(200);
    let states: Vec<_> = minh.unit_requests().await.into_iter().map(|one| one.state).collect();
    assert_eq!(states, [UnitRequestState::Assigned, UnitRequestState::Declined]);
}

#[rstest]
#[tokio::test]
async fn another_agencys_requests_and_units_are_not_there(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (nam, minh, an) = (desk.sign_in("nam").await, desk.sign_in("minh").await, desk.sign_in("an").await);
    let theirs = nam.unit().await;
    let fields = minh.ask_for_unit(&for_unit(theirs)).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("unit_id", FieldCode::UnitUnknown));
    let asked: UnitRequest = nam.ask_for_unit(&in_words("Trung tâm khác")).await.json(201);
    assert!(an.unit_requests().await.is_empty());
    an.answer_unit_request(asked.id, &assigned(None)).await.refused(ProblemCode::NotFound);
    let ours: UnitRequest = minh.ask_for_unit(&in_words("Đâu đó")).await.json(201);
    let fields = an.answer_unit_request(ours.id, &assigned(Some(theirs))).await;
    assert_eq!(fields.refused_fields(ProblemCode::BodyInvalid)[0].code, FieldCode::UnitUnknown);
    let keyed = nam.with_key("yeu cau 1");
    let first: UnitRequest = keyed.ask_for_unit(&in_words("Trung tâm một")).await.json(201);
    let again: UnitRequest = keyed.ask_for_unit(&in_words("Trung tâm một")).await.json(201);
    assert_eq!(first.id, again.id);
    let rows = desk.rows("SELECT words_sealed FROM unit_requests WHERE id = $1", [ours.id.into()]).await;
    let sealed: Vec<u8> = rows[0].try_get("", "words_sealed").unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("Đâu đó"), "words of people are sealed");
}
