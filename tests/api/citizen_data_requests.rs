//! `/citizen/data-requests` and `/data-requests`: what citizens ask for about their data, and the answers.

use chrono::{Duration, NaiveDate};
use motcua::settings::Settings;
use motcua_openapi::citizens::{AccountDataRequest, DataRequest, DataRequestKind, DataRequestOutcome};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::OWN_PASSWORD;
use rstest::rstest;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

#[rstest]
#[tokio::test]
async fn a_request_has_two_working_days_and_is_overdue_after_them(#[values(Sqlite, Postgres)] engine: Engine) {
    let holiday = |settings: &mut Settings| settings.place.holidays = vec![day(4)];
    let Some(desk) = Desk::open_with(engine, holiday).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    let asked = citizen.create_data_request(DataRequestKind::WithdrawConsent, " Tôi không muốn nữa ").await;
    let asked: DataRequest = asked.json(201);
    // Monday 2 March: Tuesday, and Thursday, for Wednesday is a holiday.
    assert_eq!((asked.made_at, asked.due_on, asked.is_overdue), (desk.now(), day(5), false));
    assert_eq!((asked.words.as_str(), &asked.answer), ("Tôi không muốn nữa", &None));
    assert_eq!(citizen.citizen_me().await.requests, std::slice::from_ref(&asked));
    let an = desk.sign_in("an").await;
    let listed = an.data_requests().await;
    assert_eq!((listed.len(), &listed[0].request), (1, &asked));
    assert_eq!((listed[0].account_id, listed[0].full_name.as_str()), (resident.account, "Nguyễn Thị Ánh"));
    assert!(listed[0].id_number_masked.ends_with("0001") && !listed[0].id_number_masked.contains("0791"));
    // The last moment of Thursday at the desk, and the first of Friday.
    desk.advance(Duration::hours(3 * 24 + 14));
    assert!(!desk.sign_in("an").await.data_requests().await[0].request.is_overdue);
    desk.advance(Duration::hours(2));
    assert!(desk.sign_in("an").await.data_requests().await[0].request.is_overdue);
    assert_eq!(desk.audited("data_requested").await, 1);
}

#[rstest]
#[tokio::test]
async fn the_same_is_asked_for_once_while_it_is_open(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let kind = DataRequestKind::WithdrawConsent;
    let asked: DataRequest = citizen.create_data_request(kind, "").await.json(201);
    citizen.create_data_request(kind, "again").await.refused(ProblemCode::AlreadyRequested);
    citizen.create_data_request(DataRequestKind::CloseAccount, "").await.bytes(201);
    let an = desk.sign_in("an").await;
    an.answer_data_request(asked.id, DataRequestOutcome::Declined, "Luật buộc lưu").await.bytes(200);
    citizen.create_data_request(kind, "again").await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn an_answer_is_read_by_the_citizen_and_given_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let asked: DataRequest = citizen.create_data_request(DataRequestKind::CloseAccount, "").await.json(201);
    let an = desk.sign_in("an").await;
    let blank = an.answer_data_request(asked.id, DataRequestOutcome::Declined, "  ").await;
    assert_eq!(blank.refused_fields(ProblemCode::BodyInvalid)[0].code, FieldCode::Required);
    let declined = an.answer_data_request(asked.id, DataRequestOutcome::Declined, "Còn hồ sơ đang xử lý").await;
    let declined: AccountDataRequest = declined.json(200);
    let answer = citizen.citizen_me().await.requests.remove(0).answer.unwrap();
    assert_eq!(declined.request.answer.as_ref(), Some(&answer));
    assert_eq!((answer.outcome, answer.words.as_str()), (DataRequestOutcome::Declined, "Còn hồ sơ đang xử lý"));
    assert_eq!((answer.at, answer.by), (desk.now(), an.me().await.full_name));
    let again = an.answer_data_request(asked.id, DataRequestOutcome::Accepted, "Đồng ý").await;
    again.refused(ProblemCode::AlreadyAnswered);
    assert_eq!((desk.audited("data_request_answered").await, desk.audited("account_closed").await), (1, 0));
    citizen.citizen_me().await;
}

#[rstest]
#[tokio::test]
async fn accepting_to_close_ends_the_sessions_and_nobody_signs_in_again(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    let asked: DataRequest = citizen.create_data_request(DataRequestKind::CloseAccount, "").await.json(201);
    let an = desk.sign_in("an").await;
    an.answer_data_request(asked.id, DataRequestOutcome::Accepted, "Đã đóng").await.bytes(200);
    citizen.export_citizen_me().await.refused(ProblemCode::Unauthenticated);
    let visitor = desk.visitor();
    let refused = visitor.create_citizen_session(&resident.number, OWN_PASSWORD).await;
    refused.refused(ProblemCode::CredentialsInvalid);
    assert_eq!(desk.audited("account_closed").await, 1);
    let minh = desk.sign_in("minh").await;
    minh.resend_password(resident.account).await.refused(ProblemCode::AccountInUse);
}

#[rstest]
#[tokio::test]
async fn a_request_of_another_agency_is_not_there(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let asked: DataRequest = citizen.create_data_request(DataRequestKind::CloseAccount, "").await.json(201);
    desk.add_officer("chi", "Vũ Thị Chi", "nam", vec![]).await;
    desk.rows("UPDATE officers SET role = $1 WHERE username = 'chi'", ["administrator".into()]).await;
    let chi = desk.sign_in("chi").await;
    assert!(chi.data_requests().await.is_empty());
    let answer = chi.answer_data_request(asked.id, DataRequestOutcome::Accepted, "Đã đóng").await;
    answer.refused(ProblemCode::NotFound);
    assert_eq!(desk.sign_in("an").await.data_requests().await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn what_people_wrote_is_sealed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let words = "Chuyện riêng của tôi";
    let asked: DataRequest = citizen.create_data_request(DataRequestKind::CloseAccount, words).await.json(201);
    let an = desk.sign_in("an").await;
    an.answer_data_request(asked.id, DataRequestOutcome::Declined, words).await.bytes(200);
    let row = desk.rows("SELECT words_sealed, answer_sealed FROM data_requests", []).await.remove(0);
    for column in ["words_sealed", "answer_sealed"] {
        let sealed: Vec<u8> = row.try_get("", column).unwrap();
        assert!(!sealed.windows(words.len()).any(|window| window == words.as_bytes()), "{column}");
    }
}
