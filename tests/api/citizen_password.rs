//! `/citizen/password`: an own one instead of the texted one.

use chrono::Duration;
use motcua_openapi::messages::{MessagePurpose, MessageState};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::OWN_PASSWORD;
use motcua_tests::people::{citizen, old_number};
use motcua_tests::{Desk, wait};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn an_own_password_takes_the_place_of_the_texted_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    resident.settled(&desk).await;
    let visitor = desk.visitor();
    let old = visitor.create_citizen_session(&resident.number, &resident.texted).await;
    old.refused(ProblemCode::CredentialsInvalid);
    desk.advance(Duration::days(30));
    let session: motcua_openapi::citizens::CitizenSession =
        visitor.create_citizen_session(&resident.number, OWN_PASSWORD).await.json(201);
    assert!(!session.password_change_needed, "it does not expire");
    assert_eq!(desk.audited("citizen_password_changed").await, 1);
}

#[rstest]
#[tokio::test]
async fn every_other_session_ends_and_a_text_says_that_it_changed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let elsewhere = desk.visitor().create_citizen_session(&resident.number, &resident.texted).await;
    let citizen = resident.settled(&desk).await;
    let token = elsewhere.citizen_refresh_token().unwrap();
    desk.visitor().refresh_citizen_session(&token).await.refused(ProblemCode::Unauthenticated);
    citizen.change_citizen_password(OWN_PASSWORD, "một mật khẩu khác hẳn").await.bytes(204);
    let minh = desk.sign_in("minh").await;
    let notices = wait::until("two notices to be sent", || async {
        let mut messages = minh.account_messages(resident.account).await;
        messages.retain(|one| one.purpose == MessagePurpose::PasswordChanged && one.state == MessageState::Sent);
        (messages.len() == 2).then_some(messages)
    })
    .await;
    let text = desk.phones().text_of(notices[0].id).await;
    assert_eq!(text.to, "+84905000001");
    assert!(text.body.starts_with("Mat khau tai khoan dich vu cong cua anh/chi vua duoc doi."), "{}", text.body);
}

#[rstest]
#[case::short("ngắn", FieldCode::PasswordLength)]
#[case::common("password123", FieldCode::PasswordCommon)]
#[case::number("x 079190000001 y", FieldCode::PasswordPersonal)]
#[case::old_number("225 000 001 cmnd", FieldCode::PasswordPersonal)]
#[case::phone("toi la 0905000001", FieldCode::PasswordPersonal)]
#[case::portal("Cổng Dịch vụ công quốc gia 1", FieldCode::PasswordPersonal)]
#[tokio::test]
async fn a_password_that_is_easily_guessed_is_refused_with_why(
    #[case] new: &str,
    #[case] code: FieldCode,
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let details = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(1) };
    let resident = desk.resident_of(1, &details).await;
    let citizen = desk.visitor().as_citizen(&resident.number, &resident.texted).await;
    let refused = citizen.change_citizen_password(&resident.texted, new).await;
    let fields = refused.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("new_password", code));
    let same = citizen.change_citizen_password(&resident.texted, &resident.texted).await;
    assert_eq!(same.refused_fields(ProblemCode::BodyInvalid)[0].code, FieldCode::Unchanged);
    citizen.change_citizen_password(&resident.texted, OWN_PASSWORD).await.bytes(204);
}

#[rstest]
#[tokio::test]
async fn a_wrong_one_until_now_changes_nothing_and_guesses_wait(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = desk.visitor().as_citizen(&resident.number, &resident.texted).await;
    for _ in 0..3 {
        citizen.change_citizen_password("not it", OWN_PASSWORD).await.refused(ProblemCode::PasswordWrong);
    }
    let early = citizen.change_citizen_password(&resident.texted, OWN_PASSWORD).await;
    early.refused(ProblemCode::TooManyRequests);
    assert_eq!(early.retry_after(), 5);
    desk.advance(Duration::seconds(5));
    citizen.change_citizen_password(&resident.texted, OWN_PASSWORD).await.bytes(204);
    citizen.change_citizen_password("not it", "một mật khẩu khác hẳn").await.refused(ProblemCode::PasswordWrong);
}

#[rstest]
#[tokio::test]
async fn the_desk_sends_no_other_password_over_a_citizens_own(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    resident.settled(&desk).await;
    let minh = desk.sign_in("minh").await;
    minh.resend_password(resident.account).await.refused(ProblemCode::AccountInUse);
    desk.visitor().create_citizen_session(&resident.number, OWN_PASSWORD).await.bytes(201);
}
