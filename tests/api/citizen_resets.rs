//! `/citizen/password-resets`: **Quên mật khẩu**.

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::citizens::{CaptchaForm, PasswordReset};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::{OWN_PASSWORD, Resident};
use motcua_tests::people::{citizen, id_number, old_number, phone};
use motcua_tests::{Answer, Client, Desk, log, wait};
use rstest::rstest;

const NEW: &str = "một mật khẩu khác hẳn";
const TEXT: &str = "Ma dat lai mat khau dich vu cong: ";

/// Asks for a code of the citizen's; the reset and the code of its text, which is the `nth`.
async fn coded(desk: &Desk, resident: &Resident, nth: usize) -> (PasswordReset, String) {
    let reset = asked(&desk.visitor(), &resident.number, &resident.phone).await;
    (reset, code(desk, &resident.phone, nth).await)
}

async fn asked(visitor: &Client, number: &str, phone: &str) -> PasswordReset {
    visitor.create_password_reset(number, phone).await.json(202)
}

async fn code(desk: &Desk, phone: &str, nth: usize) -> String {
    desk.phones().texts_to(phone, TEXT, nth).await[nth - 1].code()
}

/// Waits until every request was looked up.
async fn looked_up(desk: &Desk) {
    wait::until("every reset to be looked up", || async {
        let open = "SELECT id FROM password_resets WHERE resolved_at IS NULL AND superseded_at IS NULL";
        desk.rows(open, []).await.is_empty().then_some(())
    })
    .await;
}

fn other(code: &str) -> String {
    if code == "000000" { "000001".into() } else { "000000".into() }
}

#[rstest]
#[tokio::test]
async fn a_code_by_text_sets_another_password(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    let (reset, code) = coded(&desk, &resident, 1).await;
    assert_eq!(reset.expires_at, desk.now() + Duration::minutes(3));
    assert_eq!((reset.resend_at, reset.tries), (desk.now() + Duration::seconds(30), 5));
    let text = desk.phones().texts_to(&resident.phone, TEXT, 1).await.remove(0);
    assert_eq!(text.body.lines().last(), Some(format!("@dichvucong.example #{code}").as_str()));
    desk.visitor().complete_password_reset(reset.id, &code, NEW).await.bytes(204);
    citizen.delete_citizen_session().await.refused(ProblemCode::Unauthenticated);
    let visitor = desk.visitor();
    visitor.create_citizen_session(&resident.number, OWN_PASSWORD).await.refused(ProblemCode::CredentialsInvalid);
    visitor.create_citizen_session(&resident.number, NEW).await.bytes(201);
    desk.phones().texts_to(&resident.phone, "Mat khau tai khoan dich vu cong cua anh/chi vua duoc doi.", 2).await;
    assert_eq!(desk.audited("citizen_password_reset").await, 1);
    for secret in [code.as_str(), NEW, resident.number.as_str(), "905000001"] {
        assert!(!log::holds(secret), "{secret} is logged");
    }
}

#[rstest]
#[case::nobodys_number(id_number(9), phone(1))]
#[case::another_phone(id_number(1), phone(9))]
#[case::another_citizens_phone(id_number(1), phone(2))]
#[tokio::test]
async fn what_does_not_belong_together_gets_the_same_answers_and_no_text(
    #[case] number: String,
    #[case] typed_phone: String,
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    desk.resident(2).await;
    let (real, real_code) = coded(&desk, &resident, 1).await;
    let nobodys = asked(&desk.visitor(), &number, &typed_phone).await;
    assert_eq!((nobodys.expires_at, nobodys.resend_at, nobodys.tries), (real.expires_at, real.resend_at, real.tries));
    looked_up(&desk).await;
    let wrong = other(&real_code);
    for _ in 0..6 {
        let of_real = desk.visitor().complete_password_reset(real.id, &wrong, NEW).await;
        let of_nobodys = desk.visitor().complete_password_reset(nobodys.id, &wrong, NEW).await;
        assert_eq!((of_real.status, of_real.text()), (of_nobodys.status, of_nobodys.text()));
    }
    let codes = desk.phones().texts().into_iter().filter(|text| text.body.starts_with(TEXT));
    assert_eq!(codes.count(), 1, "the one of the account itself");
}

#[rstest]
#[tokio::test]
async fn five_wrong_codes_are_the_end_of_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let (reset, code) = coded(&desk, &resident, 1).await;
    for left in (0..5).rev() {
        let wrong = desk.visitor().complete_password_reset(reset.id, &other(&code), NEW).await;
        assert_eq!(wrong.refused(ProblemCode::OtpWrong).params["tries_left"], left.to_string());
    }
    desk.visitor().complete_password_reset(reset.id, &code, NEW).await.refused(ProblemCode::OtpExhausted);
    desk.visitor().create_citizen_session(&resident.number, &resident.texted).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn only_the_newest_code_works_and_only_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let (first, first_code) = coded(&desk, &resident, 1).await;
    desk.advance(Duration::seconds(30));
    let (second, second_code) = coded(&desk, &resident, 2).await;
    let visitor = desk.visitor();
    visitor.complete_password_reset(first.id, &first_code, NEW).await.refused(ProblemCode::OtpSuperseded);
    let answers = (0..8).map(|_| visitor.complete_password_reset(second.id, &second_code, NEW));
    let answers = futures_util::future::join_all(answers).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
    assert_eq!(desk.audited("citizen_password_reset").await, 1);
    let again = visitor.complete_password_reset(second.id, &second_code, OWN_PASSWORD).await;
    again.refused(ProblemCode::OtpExhausted);
}

#[rstest]
#[tokio::test]
async fn a_code_asked_for_under_the_old_number_takes_the_place_of_one_under_the_new(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let details = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(1) };
    let resident = desk.resident_of(1, &details).await;
    let (first, first_code) = coded(&desk, &resident, 1).await;
    desk.advance(Duration::seconds(1));
    let second = asked(&desk.visitor(), &old_number(1), &resident.phone).await;
    let second_code = code(&desk, &resident.phone, 2).await;
    let visitor = desk.visitor();
    visitor.complete_password_reset(first.id, &first_code, NEW).await.refused(ProblemCode::OtpWrong);
    visitor.complete_password_reset(second.id, &second_code, NEW).await.bytes(204);
}

#[rstest]
#[tokio::test]
async fn a_code_works_for_three_minutes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let (reset, code) = coded(&desk, &resident, 1).await;
    desk.advance(Duration::seconds(181));
    let late = desk.visitor().complete_password_reset(reset.id, &code, NEW).await;
    late.refused(ProblemCode::OtpExpired);
    desk.advance(Duration::hours(2));
    motcua::house_keeping::once(desk.services()).await.unwrap();
    desk.visitor().complete_password_reset(reset.id, &code, NEW).await.refused(ProblemCode::NotFound);
    assert!(desk.rows("SELECT id FROM password_resets", []).await.is_empty(), "number and phone are forgotten");
}

#[rstest]
#[tokio::test]
async fn a_bad_password_does_not_use_the_code_up(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let (reset, code) = coded(&desk, &resident, 1).await;
    for (new, why) in [("password123", FieldCode::PasswordCommon), ("so 079190000001", FieldCode::PasswordPersonal)] {
        let refused = desk.visitor().complete_password_reset(reset.id, &code, new).await;
        assert_eq!(refused.refused_fields(ProblemCode::BodyInvalid)[0].code, why);
    }
    desk.visitor().complete_password_reset(reset.id, &code, NEW).await.bytes(204);
}

#[rstest]
#[tokio::test]
async fn whoever_never_got_the_first_password_resets_it_and_the_desk_sends_no_other(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    desk.advance(Duration::days(8));
    let (reset, code) = coded(&desk, &resident, 1).await;
    desk.visitor().complete_password_reset(reset.id, &code, NEW).await.bytes(204);
    desk.sign_in("minh").await.resend_password(resident.account).await.refused(ProblemCode::AccountInUse);
    let session: motcua_openapi::citizens::CitizenSession =
        desk.visitor().create_citizen_session(&resident.number, NEW).await.json(201);
    assert!(!session.password_change_needed);
}

#[rstest]
#[tokio::test]
async fn a_request_that_cannot_be_read_holds_nobody_up(#[values(Sqlite, Postgres)] engine: Engine) {
    let slow = |settings: &mut Settings| settings.citizens.reset.poll_millis = 3_600_000;
    let Some(desk) = Desk::open_with(engine, slow).await else { return };
    let (one, two) = (desk.resident(1).await, desk.resident(2).await);
    let broken = asked(&desk.visitor(), &one.number, &one.phone).await;
    let good = asked(&desk.visitor(), &two.number, &two.phone).await;
    desk.write(
        "UPDATE password_resets SET typed_sealed = $1 WHERE id = $2",
        [sea_orm::Value::from(vec![1_u8, 2, 3]), broken.id.into()],
    )
    .await
    .unwrap();
    assert_eq!(motcua::citizens::resolve_due(desk.services()).await.unwrap(), 1);
    let code = code(&desk, &two.phone, 1).await;
    desk.visitor().complete_password_reset(good.id, &code, NEW).await.bytes(204);
    assert_eq!(motcua::citizens::resolve_due(desk.services()).await.unwrap(), 0, "it is not looked at again");
}

#[rstest]
#[tokio::test]
async fn a_closed_account_gets_no_code(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    desk.rows("UPDATE accounts SET closed_at = $1", [desk.now().into()]).await;
    let reset = asked(&desk.visitor(), &resident.number, &resident.phone).await;
    looked_up(&desk).await;
    desk.visitor().complete_password_reset(reset.id, "000000", NEW).await.refused(ProblemCode::OtpWrong);
    assert!(!desk.phones().texts().iter().any(|text| text.body.starts_with(TEXT)));
}

#[rstest]
#[tokio::test]
async fn the_captcha_is_another_forms_and_good_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let visitor = desk.visitor();
    let other = visitor.solved(CaptchaForm::SignIn).await;
    let refused = visitor.create_password_reset_with(&id_number(1), &phone(1), &other).await;
    refused.refused(ProblemCode::CaptchaWrong);
    let right = visitor.solved(CaptchaForm::PasswordReset).await;
    visitor.create_password_reset_with(&id_number(1), &phone(1), &right).await.bytes(202);
    desk.advance(Duration::seconds(31));
    visitor.create_password_reset_with(&id_number(1), &phone(1), &right).await.refused(ProblemCode::CaptchaWrong);
}

fn cap(answer: &Answer, code: ProblemCode) -> String {
    answer.refused(code).params["cap"].clone()
}

#[rstest]
#[tokio::test]
async fn codes_are_few_for_a_number_a_phone_and_an_address(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut Settings| {
        settings.server.behind_proxy = true;
        settings.citizens.reset.per_number_hour = 2;
        settings.citizens.reset.per_phone_hour = 3;
        settings.citizens.reset.per_address_hour = 4;
    };
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let at = |address| desk.visitor().at(address);
    at("192.0.2.1").create_password_reset(&id_number(1), &phone(1)).await.bytes(202);
    let again = at("192.0.2.1").create_password_reset(&id_number(1), &phone(1)).await;
    assert_eq!((cap(&again, ProblemCode::OtpTooSoon), again.retry_after()), ("resend".to_owned(), 30));
    at("192.0.2.1").create_password_reset(&id_number(1), &phone(2)).await.bytes(202);
    let number = at("192.0.2.2").create_password_reset(&id_number(1), &phone(3)).await;
    assert_eq!(cap(&number, ProblemCode::OtpTooSoon), "per_number_hour");
    for n in [5, 6] {
        at("192.0.2.2").create_password_reset(&id_number(n), &phone(1)).await.bytes(202);
    }
    let of_phone = at("192.0.2.3").create_password_reset(&id_number(7), &phone(1)).await;
    assert_eq!(cap(&of_phone, ProblemCode::OtpTooSoon), "per_phone_hour");
    for n in 10..12 {
        at("192.0.2.2").create_password_reset(&id_number(n), &phone(n)).await.bytes(202);
    }
    let address = at("192.0.2.2").create_password_reset(&id_number(12), &phone(12)).await;
    assert_eq!(cap(&address, ProblemCode::TooManyRequests), "per_address_hour");
}

#[rstest]
#[tokio::test]
async fn what_strangers_use_up_does_not_hold_the_citizen_at_home(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut Settings| {
        settings.server.behind_proxy = true;
        settings.citizens.reset.per_number_hour = 1;
    };
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let resident = desk.resident(1).await;
    resident.settled_from(&desk.visitor().at("203.0.113.7")).await;
    let stranger = desk.visitor().at("198.51.100.9");
    stranger.create_password_reset(&resident.number, &phone(9)).await.bytes(202);
    let held = stranger.create_password_reset(&resident.number, &resident.phone).await;
    assert_eq!(cap(&held, ProblemCode::OtpTooSoon), "per_number_hour");
    let home = desk.visitor().at("203.0.113.7");
    home.create_password_reset(&resident.number, &resident.phone).await.bytes(202);
    code(&desk, &resident.phone, 1).await;
}
