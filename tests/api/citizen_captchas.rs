//! `/citizen/captchas`: good once, for two minutes, for one form; a picture or a calculation.

use chrono::Duration;
use data_encoding::BASE64;
use motcua_openapi::citizens::{Captcha, CaptchaAnswer, CaptchaForm, ProofSolution};
use motcua_openapi::problem::ProblemCode;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::id_number;
use rstest::rstest;
use uuid::Uuid;

/// Signs in with a captcha, as somebody who has no account: past the captcha it is `credentials_invalid`.
async fn tried(desk: &Desk, captcha: &CaptchaAnswer) -> ProblemCode {
    let answer = desk.visitor().create_citizen_session_with(&id_number(1), "not the password", captcha).await;
    answer.json::<motcua_openapi::problem::Problem>(answer.status).code
}

#[rstest]
#[tokio::test]
async fn a_captcha_is_a_picture_and_a_calculation(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let captcha: Captcha = desk.visitor().create_captcha(CaptchaForm::SignIn).await.json(201);
    let png = BASE64.decode(captcha.image.as_bytes()).unwrap();
    assert!(png.starts_with(b"\x89PNG\r\n"));
    assert_eq!((captcha.characters, captcha.expires_at), (5, desk.now() + Duration::minutes(2)));
    assert_eq!((captcha.proof.algorithm.as_str(), captcha.proof.key_length), ("SHA-256", 32));
    let other: Captcha = desk.visitor().create_captcha(CaptchaForm::SignIn).await.json(201);
    assert_ne!(captcha.image, other.image);
    assert_ne!(captcha.proof, other.proof);
}

#[rstest]
#[tokio::test]
async fn it_is_good_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let solved = desk.visitor().solved(CaptchaForm::SignIn).await;
    assert_eq!(tried(&desk, &solved).await, ProblemCode::CredentialsInvalid);
    assert_eq!(tried(&desk, &solved).await, ProblemCode::CaptchaWrong);
}

#[rstest]
#[tokio::test]
async fn eight_uses_at_once_are_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let solved = desk.visitor().solved(CaptchaForm::SignIn).await;
    let tries = futures_util::future::join_all((0..8).map(|_| tried(&desk, &solved))).await;
    assert_eq!(tries.iter().filter(|code| **code != ProblemCode::CaptchaWrong).count(), 1, "{tries:?}");
}

#[rstest]
#[tokio::test]
async fn a_wrong_answer_spends_it_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let solved = desk.visitor().solved(CaptchaForm::SignIn).await;
    let guessed = CaptchaAnswer { text: Some("aaaaa".into()), ..solved.clone() };
    assert_eq!(tried(&desk, &guessed).await, ProblemCode::CaptchaWrong);
    assert_eq!(tried(&desk, &solved).await, ProblemCode::CaptchaWrong);
}

#[rstest]
#[tokio::test]
async fn it_is_good_for_two_minutes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let in_time = desk.visitor().solved(CaptchaForm::SignIn).await;
    let too_late = desk.visitor().solved(CaptchaForm::SignIn).await;
    desk.advance(Duration::seconds(119));
    assert_eq!(tried(&desk, &in_time).await, ProblemCode::CredentialsInvalid);
    desk.advance(Duration::seconds(1));
    assert_eq!(tried(&desk, &too_late).await, ProblemCode::CaptchaWrong);
}

#[rstest]
#[tokio::test]
async fn it_is_good_for_its_form_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let other = desk.visitor().solved(CaptchaForm::PasswordReset).await;
    assert_eq!(tried(&desk, &other).await, ProblemCode::CaptchaWrong);
}

#[rstest]
#[tokio::test]
async fn one_that_nobody_gave_is_wrong(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let solution = Some(ProofSolution { counter: 0, derived_key: "00".repeat(32) });
    for id in [Uuid::nil(), desk.services().new_id()] {
        let invented = CaptchaAnswer { id, text: None, solution: solution.clone() };
        assert_eq!(tried(&desk, &invented).await, ProblemCode::CaptchaWrong);
    }
}

#[rstest]
#[tokio::test]
async fn what_the_picture_says_answers_it_in_any_case(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let captcha: Captcha = desk.visitor().create_captcha(CaptchaForm::SignIn).await.json(201);
    let text = desk.text_of_captcha(CaptchaForm::SignIn, captcha.id).to_uppercase();
    let answer = CaptchaAnswer { id: captcha.id, text: Some(text), solution: None };
    assert_eq!(tried(&desk, &answer).await, ProblemCode::CredentialsInvalid);
}

#[rstest]
#[tokio::test]
async fn an_address_gets_only_so_many(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut motcua::settings::Settings| {
        settings.server.behind_proxy = true;
        settings.citizens.captcha.per_address_minute = 3;
        settings.citizens.captcha.per_address_day = 4;
    };
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let visitor = desk.visitor().at("203.0.113.7");
    for _ in 0..3 {
        visitor.create_captcha(CaptchaForm::SignIn).await.bytes(201);
    }
    let full = visitor.create_captcha(CaptchaForm::SignIn).await;
    assert_eq!(full.refused(ProblemCode::TooManyRequests).params["cap"], "per_address_minute");
    assert_eq!(full.retry_after(), 60);
    desk.visitor().at("203.0.113.8").create_captcha(CaptchaForm::SignIn).await.bytes(201);
    desk.advance(Duration::minutes(1));
    visitor.create_captcha(CaptchaForm::SignIn).await.bytes(201);
    let full = visitor.create_captcha(CaptchaForm::SignIn).await;
    assert_eq!(full.refused(ProblemCode::TooManyRequests).params["cap"], "per_address_day");
}

#[rstest]
#[tokio::test]
async fn spent_ones_are_forgotten_when_they_are_too_old_to_come_back(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let solved = desk.visitor().solved(CaptchaForm::SignIn).await;
    tried(&desk, &solved).await;
    desk.advance(Duration::minutes(13));
    motcua::house_keeping::once(desk.services()).await.unwrap();
    assert!(desk.rows("SELECT id FROM spent_captchas", []).await.is_empty());
    assert_eq!(tried(&desk, &solved).await, ProblemCode::CaptchaWrong);
}
