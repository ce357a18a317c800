//! `/registrations`: begin, read, change, cancel, expire; and how a bad request is answered.

use chrono::Duration;
use motcua_openapi::desk::Warning;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::{Details, DetailsInput, Registration, RegistrationState};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, id_number, named, old_number, phone};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;

fn only(change: impl FnOnce(&mut DetailsInput)) -> DetailsInput {
    let mut details = DetailsInput::default();
    change(&mut details);
    details
}

#[rstest]
#[tokio::test]
async fn a_registration_may_begin_with_the_first_field_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let answer = minh.create_registration(&only(|it| it.id_number = Some(id_number(1)))).await;
    let begun: Registration = answer.json(201);
    assert_eq!(answer.header("location"), Some(format!("/api/v1/registrations/{}", begun.id).as_str()));
    assert_eq!((begun.state, begun.version), (RegistrationState::Draft, 1));
    assert_eq!(begun.details.id_number.as_ref().unwrap().as_str(), id_number(1));
    assert_eq!(begun.expires_at, desk.now() + Duration::hours(24));
    assert_eq!(begun.officer.full_name, "Đặng Quang Minh");
    assert_eq!(minh.registration(begun.id).await, begun);
}

#[rstest]
#[tokio::test]
async fn what_was_typed_is_kept_in_one_form(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let typed = DetailsInput {
        id_number: Some(" 079 190.000-001 ".into()),
        full_name: Some("  Nguye\u{302}\u{303}n   Thi\u{323} A\u{301}nh ".into()),
        birth_date: Some("1990-02-01".into()),
        phone: Some("+84 905 000 001".into()),
        email: Some(" Anh@Example.vn ".into()),
        ..DetailsInput::default()
    };
    let begun: Registration = minh.create_registration(&typed).await.json(201);
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(begun.details, @r#"
        {
          "id_number": "079190000001",
          "previous_id_number": null,
          "full_name": "Nguyễn Thị Ánh",
          "birth_date": "1990-02-01",
          "phone": "+84905000001",
          "email": "Anh@Example.vn",
          "language": "vi"
        }
        "#);
    }
}

#[rstest]
#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_nothing_is_begun(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let wrong = DetailsInput {
        id_number: Some("0791900000".into()),
        previous_id_number: Some("22512345".into()),
        full_name: Some("Nguyễn 2".into()),
        birth_date: Some("01/02/1990".into()),
        phone: Some("090500000".into()),
        email: Some("anh@".into()),
        unit_id: None,
        language: None,
    };
    let fields = minh.create_registration(&wrong).await.refused_fields(ProblemCode::BodyInvalid);
    let codes: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.code)).collect();
    let expected = [
        ("birth_date", FieldCode::DateInvalid),
        ("email", FieldCode::EmailInvalid),
        ("full_name", FieldCode::NameInvalid),
        ("id_number", FieldCode::IdNumberInvalid),
        ("phone", FieldCode::PhoneInvalid),
        ("previous_id_number", FieldCode::IdNumberInvalid),
    ];
    assert_eq!(codes, expected);
    assert_eq!(minh.registrations().await.items, []);
}

#[rstest]
#[case::before_1900("1899-12-31", FieldCode::DateTooEarly)]
#[case::tomorrow("2026-03-03", FieldCode::DateInFuture)]
#[case::no_such_day("1990-02-30", FieldCode::DateInvalid)]
#[tokio::test]
async fn a_date_of_birth_is_a_day_from_1900_to_today(#[case] date: &str, #[case] code: FieldCode) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = only(|it| it.birth_date = Some(date.into()));
    let fields = minh.create_registration(&details).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("birth_date", code));
}

#[tokio::test]
async fn today_is_the_desks_today() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.advance(Duration::minutes(14 * 60 + 59 + 60));
    let minh_later = desk.sign_in("minh").await;
    drop(minh);
    // 17:59 UTC on 2 March is 00:59 on 3 March at the desk.
    let details = only(|it| it.birth_date = Some("2026-03-03".into()));
    minh_later.create_registration(&details).await.json::<Registration>(201);
}

#[rstest]
#[tokio::test]
async fn a_date_of_birth_that_the_number_contradicts_names_both(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let wrong = DetailsInput { birth_date: Some("1991-02-01".into()), ..citizen(1) };
    let fields = minh.create_registration(&wrong).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!(
        (fields.len(), fields[0].field.as_str(), fields[0].code),
        (1, "birth_date", FieldCode::BirthDateDisagrees)
    );
    assert_eq!((fields[0].params["year"].as_str(), fields[0].params["date"].as_str()), ("1990", "1991-02-01"));
    let begun: Registration = minh.create_registration(&only(|it| it.id_number = Some(id_number(1)))).await.json(201);
    let changes = only(|it| it.birth_date = Some("1991-02-01".into()));
    let fields =
        minh.update_registration(begun.id, begun.version, changes).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!(fields[0].code, FieldCode::BirthDateDisagrees, "a later change is held against the earlier number");
}

#[rstest]
#[tokio::test]
async fn doubts_are_told_and_do_not_refuse(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let doubtful = DetailsInput { id_number: Some(old_number(1)), phone: Some("0105000001".into()), ..citizen(1) };
    let begun: Registration = minh.create_registration(&doubtful).await.json(201);
    assert_eq!(begun.warnings, [Warning::CmndNoLongerValid, Warning::PhonePrefixUnknown]);
}

#[rstest]
#[case::not_json("{\"full_name\": \"An")]
#[case::another_type("[]")]
#[case::unknown_field("{\"full_name\": \"An Ba\", \"fullname\": \"An Ba\"}")]
#[case::wrong_type("{\"full_name\": 7}")]
#[case::no_uuid("{\"unit_id\": \"here\"}")]
#[case::twice("{\"full_name\": \"An Ba\", \"full_name\": \"An Ba\"}")]
#[case::empty("")]
#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_problem_and_begins_nothing(#[case] body: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let call = minh.call(Method::POST, "/registrations").bytes("application/json", body).malformed();
    call.send().await.refused(ProblemCode::BodyInvalid);
    assert_eq!(minh.registrations().await.items, []);
}

#[rstest]
#[case::array(json!({"version": 1, "changes": ["079190000002"]}))]
#[case::text(json!({"version": 1, "changes": "079190000002"}))]
#[case::version_missing(json!({"changes": {}}))]
#[case::version_as_text(json!({"version": "1", "changes": {}}))]
#[case::version_too_large(json!({"version": 1_u64 << 40, "changes": {}}))]
#[case::unknown_field_within(json!({"version": 1, "changes": {"state": "completed"}}))]
#[tokio::test]
async fn a_change_of_another_shape_is_a_problem_and_changes_nothing(#[case] body: serde_json::Value) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: Registration = minh.create_registration(&citizen(1)).await.json(201);
    let call = minh.call(Method::PATCH, &format!("/registrations/{}", begun.id)).json(&body).malformed();
    call.send().await.refused(ProblemCode::BodyInvalid);
    assert_eq!(minh.registration(begun.id).await, begun);
}

#[tokio::test]
async fn what_was_typed_into_a_change_is_not_repeated_in_its_refusal() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: Registration = minh.create_registration(&citizen(1)).await.json(201);
    for changes in [json!({"id_number": 79_190_000_002_u64}), json!(79_190_000_002_u64), json!("079190000002")] {
        let body = json!({"version": 1, "changes": changes});
        let call = minh.call(Method::PATCH, &format!("/registrations/{}", begun.id)).json(&body).malformed();
        let answer = call.send().await;
        answer.refused(ProblemCode::BodyInvalid);
        assert!(!answer.text().contains("190000002"), "the number is repeated: {}", answer.text());
    }
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_is_a_problem() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let body = b"{\"full_name\": \"\xff\xfe\"}".to_vec();
    let call = minh.call(Method::POST, "/registrations").bytes("application/json", body).malformed();
    call.send().await.refused(ProblemCode::BodyInvalid);
}

#[rstest]
#[case::form("application/x-www-form-urlencoded")]
#[case::text("text/plain")]
#[case::nonsense("nonsense")]
#[tokio::test]
async fn another_content_type_is_refused_by_name(#[case] media_type: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let answer = minh.call(Method::POST, "/registrations").bytes(media_type, "{}").malformed().send().await;
    assert_eq!(answer.refused(ProblemCode::MediaTypeUnsupported).params["expected"], "application/json");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_the_limit() {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let large = json!({"full_name": "x".repeat(40 * 1024)}).to_string();
    let call = minh.call(Method::POST, "/registrations").bytes("application/json", large).malformed();
    assert_eq!(call.send().await.refused(ProblemCode::BodyTooLarge).params["max_bytes"], "32768");
}

#[rstest]
#[case::in_the_api("/api/v1/nothing")]
#[case::below_a_thing("/api/v1/registrations/0190b5a0-0000-7000-8000-000000000000/nothing")]
#[case::trailing_slash("/api/v1/registrations/")]
#[case::another_version("/api/v2/registrations")]
#[case::outside("/nothing")]
#[case::root("/")]
#[tokio::test]
async fn an_unknown_path_is_a_problem(#[case] path: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let answer = minh.call_anything(Method::GET, path).outside_the_contract().send().await;
    answer.refused(ProblemCode::NotFound);
}

#[rstest]
#[case::collection(Method::PUT, "/registrations", "GET, POST")]
#[case::one(Method::POST, "/registrations/0190b5a0-0000-7000-8000-000000000000", "GET, DELETE, PATCH")]
#[case::sessions(Method::GET, "/sessions", "POST")]
#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones(
    #[case] method: Method,
    #[case] path: &str,
    #[case] allowed: &str,
) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let answer = minh.call(method, path).outside_the_contract().send().await;
    answer.refused(ProblemCode::MethodNotAllowed);
    assert_eq!(answer.header("allow"), Some(allowed));
}

#[rstest]
#[case::none("0190b5a0-0000-7000-8000-000000000000")]
#[case::no_uuid("1")]
#[tokio::test]
async fn an_id_that_is_none_names_nothing(#[case] id: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.call(Method::GET, &format!("/registrations/{id}")).send().await.refused(ProblemCode::NotFound);
}

#[rstest]
#[tokio::test]
async fn the_same_key_and_body_begin_one_registration(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let pressed = minh.with_key("press-1");
    let details = citizen(1);
    let (one, other) = tokio::join!(pressed.create_registration(&details), pressed.create_registration(&details));
    let later = pressed.create_registration(&citizen(1)).await;
    let ids: Vec<Uuid> = [one, other, later].iter().map(|answer| answer.json::<Registration>(201).id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(minh.registrations().await.items.len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_key_that_comes_back_with_another_request_is_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let pressed = minh.with_key("press-1");
    let begun: Registration = pressed.create_registration(&citizen(1)).await.json(201);
    pressed.create_registration(&citizen(2)).await.refused(ProblemCode::IdempotencyKeyReused);
    pressed.send_otp(begun.id).await.refused(ProblemCode::IdempotencyKeyReused);
    assert_eq!(minh.registrations().await.items.len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_key_belongs_to_its_officer_and_a_refused_request_does_not_use_it_up(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, hoa) = (desk.sign_in("minh").await.with_key("key"), desk.sign_in("hoa").await.with_key("key"));
    let wrong = DetailsInput { birth_date: Some("1991-02-01".into()), ..citizen(1) };
    minh.create_registration(&wrong).await.refused(ProblemCode::BodyInvalid);
    let one: Registration = minh.create_registration(&citizen(1)).await.json(201);
    let other: Registration = hoa.create_registration(&citizen(1)).await.json(201);
    assert_ne!(one.id, other.id);
}

#[rstest]
#[case::empty("")]
#[case::too_long(&"k".repeat(201))]
#[tokio::test]
async fn a_key_out_of_its_length_is_refused(#[case] key: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await.with_key(key);
    minh.create_registration(&citizen(1)).await.refused(ProblemCode::RequestInvalid);
    assert_eq!(minh.registrations().await.items, []);
}

#[rstest]
#[tokio::test]
async fn a_change_sets_clears_and_keeps(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = DetailsInput { email: Some("anh@example.vn".into()), ..citizen(1) };
    let begun: Registration = minh.create_registration(&details).await.json(201);
    desk.advance(Duration::seconds(5));
    let changes =
        DetailsInput {
            full_name: Some("Trần Văn Đức".into()), email: Some(String::new()), ..DetailsInput::default()
        };
    let changed: Registration = minh.update_registration(begun.id, begun.version, changes).await.json(200);
    assert_eq!(changed.version, begun.version + 1);
    assert_eq!(changed.updated_at, desk.now());
    assert_eq!(changed.details.full_name.as_ref().unwrap().as_str(), "Trần Văn Đức");
    assert_eq!((&changed.details.email, &changed.details.phone), (&None, &begun.details.phone));
    assert_eq!(minh.registration(begun.id).await, changed);
}

#[rstest]
#[tokio::test]
async fn a_stale_change_names_who_changed_it_and_when_and_changes_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.add_officer("lan", "Phạm Thị Lan", "minh", vec![minh.unit().await]).await;
    let lan = desk.sign_in("lan").await;
    let read = minh.draft(&citizen(1)).await;
    desk.advance(Duration::seconds(90));
    let changes = only(|it| it.full_name = Some("Nguyễn Thị Ảnh".into()));
    let theirs: Registration = lan.update_registration(read.id, read.version, changes).await.json(200);
    let changes = only(|it| it.full_name = Some("Nguyễn Thị Anh".into()));
    let problem = minh.update_registration(read.id, read.version, changes).await.refused(ProblemCode::StaleVersion);
    let expected = [
        ("officer", "Phạm Thị Lan".to_owned()),
        ("updated_at", "2026-03-02T02:01:30Z".to_owned()),
        ("version", theirs.version.to_string()),
    ];
    assert_eq!(problem.params, expected.map(|(key, value)| (key.to_owned(), value)).into());
    assert_eq!(minh.registration(read.id).await, theirs);
}

#[rstest]
#[tokio::test]
async fn of_two_changes_of_one_version_exactly_one_is_kept(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: Registration = minh.create_registration(&citizen(1)).await.json(201);
    let changes = (0..8).map(|n| {
        let changes = only(|it| it.email = Some(format!("anh{n}@example.vn")));
        minh.update_registration(begun.id, begun.version, changes)
    });
    let answers = futures_util::future::join_all(changes).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(ProblemCode::StaleVersion);
    }
}

#[rstest]
#[tokio::test]
async fn another_phone_drops_the_phone_check_and_the_same_phone_does_not(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let verified = minh.verified(&desk, &citizen(1)).await;
    let same = only(|it| it.phone = Some("+84 905 000 001".into()));
    let still: Registration = minh.update_registration(verified.id, verified.version, same).await.json(200);
    assert_eq!(still.state, RegistrationState::PhoneVerified);
    let other = only(|it| it.phone = Some(phone(2)));
    let dropped: Registration = minh.update_registration(verified.id, still.version, other).await.json(200);
    assert_eq!((dropped.state, dropped.phone_verified_at), (RegistrationState::Draft, None));
    minh.create_account(verified.id).await.refused(ProblemCode::PhoneNotVerified);
}

#[rstest]
#[tokio::test]
async fn a_code_for_the_old_phone_does_not_confirm_the_new_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    let other = only(|it| it.phone = Some(phone(2)));
    minh.update_registration(draft.id, draft.version, other).await.json::<Registration>(200);
    let refused = minh.verify_otp(draft.id, &code).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(minh.registration(draft.id).await.state, RegistrationState::Draft);
}

#[rstest]
#[tokio::test]
async fn a_unit_that_cannot_be_chosen_says_which_of_the_two_it_is(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let others = minh.me().await.unselectable_units;
    for unit in &others {
        let details = DetailsInput { unit_id: Some(unit.id), ..citizen(1) };
        let fields = minh.create_registration(&details).await.refused_fields(ProblemCode::BodyInvalid);
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("unit_id", FieldCode::UnitNotSelectable));
        assert_eq!(fields[0].params["reason"], unit.reason.as_str());
        assert_eq!(fields[0].params["unit"], unit.name, "the unit is named to an officer whose agency it is in");
    }
    assert_eq!(others.len(), 2);
}

#[rstest]
#[tokio::test]
async fn another_agencys_unit_and_one_that_is_none_look_the_same(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let mut answers = Vec::new();
    for unit in [nam.unit().await, "0190b5a0-0000-7000-8000-000000000000".parse().unwrap()] {
        let details = DetailsInput { unit_id: Some(unit), ..citizen(1) };
        let answer = minh.create_registration(&details).await;
        answer.refused(ProblemCode::BodyInvalid);
        answers.push(answer.text());
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains("not_assigned"));
}

#[rstest]
#[tokio::test]
async fn nothing_is_begun_or_changed_for_a_number_that_has_an_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    nam.account(&desk, &citizen(1)).await;
    let problem = minh.create_registration(&citizen(1)).await.refused(ProblemCode::AccountExists);
    assert_eq!(problem.params["unit"], "Trung tâm phục vụ hành chính công tỉnh");
    assert_eq!(problem.params["created_at"], "2026-03-02T02:00:00Z");
    let begun: Registration = minh.create_registration(&DetailsInput::default()).await.json(201);
    let changes = only(|it| it.id_number = Some(id_number(1)));
    minh.update_registration(begun.id, begun.version, changes).await.refused(ProblemCode::AccountExists);
    assert_eq!(minh.registration(begun.id).await, begun);
}

#[rstest]
#[tokio::test]
async fn the_unfinished_ones_are_listed_masked_last_changed_first(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let first: Registration = minh.create_registration(&named(1, "Lê Văn An")).await.json(201);
    desk.advance(Duration::seconds(1));
    let second: Registration = minh.create_registration(&named(2, "Lê Thị Bình")).await.json(201);
    desk.advance(Duration::seconds(1));
    let third: Registration = minh.create_registration(&named(3, "Lê Thị Chi")).await.json(201);
    minh.cancel_registration(third.id).await.bytes(204);
    desk.advance(Duration::seconds(1));
    let changes = only(|it| it.email = Some("an@example.vn".into()));
    minh.update_registration(first.id, first.version, changes).await.json::<Registration>(200);
    let list = minh.registrations().await.items;
    let rows: Vec<_> = list.iter().map(|row| (row.id, row.id_number_masked.as_deref().unwrap())).collect();
    assert_eq!(rows, [(first.id, "••••••••0001"), (second.id, "••••••••0002")]);
    assert_eq!(list[0].full_name.as_ref().unwrap().as_str(), "Lê Văn An");
}

#[rstest]
#[tokio::test]
async fn a_colleague_at_the_same_desk_takes_over_and_one_at_another_does_not_see_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, hoa) = (desk.sign_in("minh").await, desk.sign_in("hoa").await);
    desk.add_officer("lan", "Phạm Thị Lan", "minh", vec![minh.unit().await]).await;
    let lan = desk.sign_in("lan").await;
    let draft = minh.draft(&citizen(1)).await;
    assert_eq!(lan.registrations().await.items.len(), 1);
    assert_eq!(hoa.registrations().await.items, []);
    hoa.get_registration(draft.id).await.refused(ProblemCode::NotFound);
    let code = lan.code(&desk, draft.id).await;
    lan.verify_otp(draft.id, &code).await.json::<Registration>(200);
    let account: motcua_openapi::accounts::Account = lan.create_account(draft.id).await.json(201);
    assert_eq!(account.officer.full_name, "Phạm Thị Lan");
}

#[rstest]
#[tokio::test]
async fn cancelling_erases_details_and_scan(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    assert_eq!(scans_kept(&desk), 1);
    minh.cancel_registration(draft.id).await.bytes(204);
    let gone = minh.registration(draft.id).await;
    assert_eq!((gone.state, gone.details, gone.scan), (RegistrationState::Cancelled, Details::default(), None));
    assert_eq!(scans_kept(&desk), 0);
    let row = &desk.rows("SELECT details_sealed, scan_sealed FROM registrations", []).await[0];
    assert_eq!(row.try_get::<Option<Vec<u8>>>("", "details_sealed").unwrap(), None);
    assert_eq!(row.try_get::<Option<Vec<u8>>>("", "scan_sealed").unwrap(), None);
    assert_eq!(desk.audited("registration_cancelled").await, 1);
}

fn scans_kept(desk: &Desk) -> usize {
    motcua_tests::desk::files_below(&desk.folder().join("scans")).len()
}

#[rstest]
#[tokio::test]
async fn nothing_more_happens_to_a_cancelled_registration(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    minh.cancel_registration(draft.id).await.bytes(204);
    let now = minh.registration(draft.id).await;
    let answers = [
        minh.update_registration(draft.id, now.version, citizen(1)).await,
        minh.upload_scan(draft.id, &motcua_tests::documents::pdf("late")).await,
        minh.download_request_form(draft.id, "pdf").await,
        minh.send_otp(draft.id).await,
        minh.verify_otp(draft.id, &code).await,
        minh.create_account(draft.id).await,
        minh.cancel_registration(draft.id).await,
    ];
    for answer in answers {
        assert_eq!(answer.refused(ProblemCode::WrongState).params["state"], "cancelled");
    }
    assert_eq!(minh.registration(draft.id).await, now);
    assert_eq!(scans_kept(&desk), 0, "a scan that came too late is not kept");
}

#[rstest]
#[tokio::test]
async fn a_draft_is_kept_for_24_hours_and_then_erased(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let draft = desk.sign_in("minh").await.draft(&citizen(1)).await;
    desk.advance(Duration::hours(24) - Duration::seconds(1));
    motcua::house_keeping::once(desk.services()).await.unwrap();
    let minh = desk.sign_in("minh").await;
    assert_eq!(minh.registration(draft.id).await, draft);
    desk.advance(Duration::seconds(1));
    assert_eq!(minh.registrations().await.items, [], "not offered any more, even before it is erased");
    motcua::house_keeping::once(desk.services()).await.unwrap();
    let gone = minh.registration(draft.id).await;
    assert_eq!((gone.state, gone.details, gone.scan), (RegistrationState::Expired, Details::default(), None));
    assert_eq!(scans_kept(&desk), 0);
    assert_eq!(desk.audited("registration_expired").await, 1);
    minh.send_otp(draft.id).await.refused(ProblemCode::WrongState);
}

#[rstest]
#[tokio::test]
async fn reading_an_unmasked_number_of_a_draft_is_an_audit_event(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let before = desk.rows("SELECT id FROM audit_events", []).await.len();
    minh.registration(draft.id).await;
    assert_eq!(desk.rows("SELECT id FROM audit_events", []).await.len(), before + 1);
}
