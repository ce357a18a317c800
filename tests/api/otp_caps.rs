//! How often a code may be sent: the wait, an hour's registration, a day's phone, an hour's officer.

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, id_number, phone};
use motcua_tests::{Answer, Desk};
use rstest::rstest;

fn assert_too_soon(answer: &Answer, cap: &str, retry_after: i64) {
    let problem = answer.refused(ProblemCode::OtpTooSoon);
    assert_eq!(problem.params["cap"], cap);
    assert_eq!(problem.params["retry_after"], retry_after.to_string());
    assert_eq!(answer.retry_after(), retry_after);
}

#[rstest]
#[tokio::test]
async fn another_code_waits_30_seconds(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let code = minh.code(&desk, draft.id).await;
    desk.advance(Duration::seconds(10));
    assert_too_soon(&minh.send_otp(draft.id).await, "resend", 20);
    desk.advance(Duration::milliseconds(19_999));
    assert_too_soon(&minh.send_otp(draft.id).await, "resend", 1);
    assert_eq!(minh.registration_messages(draft.id).await.len(), 1, "a refused press sends nothing");
    minh.verify_otp(draft.id, &code).await.bytes(200);
}

#[rstest]
#[tokio::test]
async fn a_refused_press_does_not_prolong_the_wait(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    for _ in 0..29 {
        desk.advance(Duration::seconds(1));
        minh.send_otp(draft.id).await.refused(ProblemCode::OtpTooSoon);
    }
    desk.advance(Duration::seconds(1));
    minh.sent_otp(draft.id).await;
}

#[rstest]
#[tokio::test]
async fn eight_presses_at_once_send_one_code(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let answers = futures_util::future::join_all((0..8).map(|_| minh.send_otp(draft.id))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        assert_too_soon(answer, "resend", 30);
    }
}

#[rstest]
#[tokio::test]
async fn a_registration_gets_five_codes_an_hour(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    for _ in 0..5 {
        minh.sent_otp(draft.id).await;
        desk.advance(Duration::seconds(60));
    }
    assert_too_soon(&minh.send_otp(draft.id).await, "per_registration_hour", 3600 - 5 * 60);
    desk.advance(Duration::minutes(55));
    desk.sign_in("minh").await.sent_otp(draft.id).await;
}

#[rstest]
#[tokio::test]
async fn a_phone_gets_ten_codes_a_day_over_all_registrations(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let same_phone = |n| DetailsInput { id_number: Some(id_number(n)), phone: Some(phone(1)), ..citizen(n) };
    for n in 0..10 {
        let officer = if n % 2 == 0 { &minh } else { &nam };
        let draft = officer.draft(&same_phone(n)).await;
        officer.sent_otp(draft.id).await;
    }
    let eleventh = minh.draft(&same_phone(10)).await;
    assert_too_soon(&minh.send_otp(eleventh.id).await, "per_phone_day", 24 * 3600);
    let other_phone = minh.draft(&citizen(11)).await;
    minh.sent_otp(other_phone.id).await;
    let begun_again = DetailsInput { phone: Some("+84 905 000 001".into()), ..citizen(12) };
    let written_otherwise = minh.draft(&begun_again).await;
    minh.send_otp(written_otherwise.id).await.refused(ProblemCode::OtpTooSoon);
    desk.advance(Duration::hours(24));
    let next_day = desk.sign_in("minh").await;
    let draft = next_day.draft(&same_phone(13)).await;
    next_day.sent_otp(draft.id).await;
}

#[rstest]
#[tokio::test]
async fn an_officer_sends_so_many_codes_an_hour(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut Settings| settings.otp.per_officer_hour = 3;
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    for n in 0..3 {
        let draft = minh.draft(&citizen(n)).await;
        minh.sent_otp(draft.id).await;
    }
    let fourth = minh.draft(&citizen(3)).await;
    assert_too_soon(&minh.send_otp(fourth.id).await, "per_officer_hour", 3600);
    let draft = nam.draft(&citizen(4)).await;
    nam.sent_otp(draft.id).await;
    desk.advance(Duration::hours(1));
    desk.sign_in("minh").await.sent_otp(fourth.id).await;
}

#[rstest]
#[tokio::test]
async fn a_press_that_one_cap_refuses_takes_nothing_from_the_others(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut Settings| {
        settings.otp.per_officer_hour = 1;
        settings.otp.per_phone_day = 2;
    };
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let first = minh.draft(&citizen(1)).await;
    minh.sent_otp(first.id).await;
    desk.advance(Duration::seconds(31));
    for _ in 0..5 {
        assert_eq!(minh.send_otp(first.id).await.refused(ProblemCode::OtpTooSoon).params["cap"], "per_officer_hour");
    }
    let same_phone = DetailsInput { phone: Some(phone(1)), ..citizen(2) };
    let draft = nam.draft(&same_phone).await;
    nam.sent_otp(draft.id).await;
}
