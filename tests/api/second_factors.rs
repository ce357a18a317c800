//! Second factors: authenticator apps, passkeys by the whole ceremony, who must have one, and what mends a loss.

use chrono::Duration;
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::second_factors::{PasskeyChallenge, SecondFactorKind, TotpEnrolment};
use motcua_openapi::sessions::Session;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::authenticator::{App, Passkey};
use motcua_tests::{Client, Desk};
use rstest::rstest;

async fn challenge(desk: &Desk, username: &str) -> PasskeyChallenge {
    desk.visitor().create_passkey_challenge(username, desk.password()).await.json(201)
}

async fn by_passkey(desk: &Desk, passkey: &mut Passkey) -> Client {
    let challenge = challenge(desk, "minh").await;
    let answer = passkey.get(&challenge);
    let session: Session = desk.visitor().create_session_with_passkey("minh", desk.password(), &answer).await.json(201);
    desk.visitor().with_token(&session.access_token)
}

#[rstest]
#[tokio::test]
async fn an_app_is_enrolled_by_a_right_code_and_asked_for_from_then_on(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.begin_totp("not the password").await.refused(ProblemCode::PasswordWrong);
    let begun: TotpEnrolment = minh.begin_totp(desk.password()).await.json(201);
    assert!(begun.otpauth_url.starts_with("otpauth://totp/") && begun.otpauth_url.contains(&begun.secret));
    assert!(begun.otpauth_url.contains(":minh?"), "{}", begun.otpauth_url);
    let app = App::of(&begun.secret);
    minh.confirm_totp(begun.id, "000000").await.refused(ProblemCode::SecondFactorUnfit);
    desk.sign_in("minh").await;
    assert!(minh.second_factors().await.items.is_empty(), "what is not confirmed is not asked for");
    minh.confirm_totp(begun.id, &app.code_at(desk.now())).await.bytes(201);
    minh.confirm_totp(begun.id, &app.code_at(desk.now())).await.refused(ProblemCode::NotFound);

    let visitor = desk.visitor();
    let required = visitor.create_session("minh", desk.password()).await;
    assert_eq!(required.refused(ProblemCode::SecondFactorRequired).params["methods"], "totp");
    assert!(required.refresh_token().is_none());
    visitor.create_session("minh", "wrong").await.refused(ProblemCode::CredentialsInvalid);
    desk.advance(Duration::seconds(30));
    let code = app.code_at(desk.now());
    visitor.create_session_with_code("minh", "wrong", &code).await.refused(ProblemCode::CredentialsInvalid);
    visitor.signed_in_with_code("minh", desk.password(), &code).await.me().await;
    assert_eq!(desk.audited("second_factor_enrolled").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_code_is_taken_once_and_within_one_step_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let app = desk.sign_in("minh").await.enrolled_app(desk.password(), desk.now()).await;
    let (visitor, password) = (desk.visitor(), desk.password());
    let enrolled_with = app.code_at(desk.now());
    visitor.create_session_with_code("minh", password, &enrolled_with).await.refused(ProblemCode::SecondFactorWrong);
    desk.advance(Duration::seconds(60));
    let before = app.code_at(desk.now() - Duration::seconds(60));
    visitor.create_session_with_code("minh", password, &before).await.refused(ProblemCode::SecondFactorWrong);
    let ahead = app.code_at(desk.now() + Duration::seconds(30));
    let answers =
        futures_util::future::join_all((0..4).map(|_| visitor.create_session_with_code("minh", password, &ahead)));
    let answers = answers.await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "tried at once it is right once");
    let now = app.code_at(desk.now());
    visitor.create_session_with_code("minh", password, &now).await.refused(ProblemCode::SecondFactorWrong);
    desk.advance(Duration::seconds(60));
    visitor.create_session_with_code("minh", password, &app.code_at(desk.now())).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn wrong_codes_count_like_wrong_passwords(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let app = desk.sign_in("minh").await.enrolled_app(desk.password(), desk.now()).await;
    desk.advance(Duration::minutes(16));
    for _ in 0..10 {
        let wrong = desk.visitor().create_session_with_code("minh", desk.password(), "12345").await;
        wrong.refused(ProblemCode::SecondFactorWrong);
    }
    let right = app.code_at(desk.now());
    desk.visitor()
        .create_session_with_code("minh", desk.password(), &right)
        .await
        .refused(ProblemCode::TooManyRequests);
    desk.advance(Duration::minutes(15));
    let code = app.code_at(desk.now());
    desk.visitor().create_session_with_code("minh", desk.password(), &code).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn an_unconfirmed_secret_is_forgotten_after_five_minutes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: TotpEnrolment = minh.begin_totp(desk.password()).await.json(201);
    desk.advance(Duration::minutes(5));
    let code = App::of(&begun.secret).code_at(desk.now());
    minh.confirm_totp(begun.id, &code).await.refused(ProblemCode::NotFound);
    motcua::house_keeping::once(desk.services()).await.unwrap();
    assert!(desk.rows("SELECT id FROM second_factors", []).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_passkey_is_enrolled_and_signs_in_by_the_whole_ceremony(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let mut passkey = minh.enrolled_passkey(desk.password()).await;
    let factors = minh.second_factors().await;
    assert_eq!((factors.items[0].kind, factors.required), (SecondFactorKind::Passkey, false));
    let required = desk.visitor().create_session("minh", desk.password()).await;
    assert_eq!(required.refused(ProblemCode::SecondFactorRequired).params["methods"], "passkey");
    by_passkey(&desk, &mut passkey).await.me().await;
    by_passkey(&desk, &mut passkey).await.me().await;
    assert_eq!(minh.second_factors().await.items[0].last_used_at, Some(desk.now()));
    desk.visitor().create_passkey_challenge("minh", "wrong").await.refused(ProblemCode::CredentialsInvalid);
    desk.visitor().create_passkey_challenge("nobody", "wrong").await.refused(ProblemCode::CredentialsInvalid);
    desk.visitor().create_passkey_challenge("hoa", desk.password()).await.refused(ProblemCode::NotFound);
}

#[rstest]
#[tokio::test]
async fn a_passkeys_challenge_is_good_once_for_five_minutes_and_for_its_officer(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (visitor, password) = (desk.visitor(), desk.password());
    let mut passkey = desk.sign_in("minh").await.enrolled_passkey(password).await;
    let answer = passkey.get(&challenge(&desk, "minh").await);
    visitor.create_session_with_passkey("minh", password, &answer).await.bytes(201);
    visitor.create_session_with_passkey("minh", password, &answer).await.refused(ProblemCode::SecondFactorWrong);

    let late = passkey.get(&challenge(&desk, "minh").await);
    desk.advance(Duration::minutes(5));
    visitor.create_session_with_passkey("minh", password, &late).await.refused(ProblemCode::SecondFactorWrong);

    let mut of_hoa = desk.sign_in("hoa").await.enrolled_passkey(password).await;
    let of_hoa = of_hoa.get(&challenge(&desk, "hoa").await);
    visitor.create_session_with_passkey("minh", password, &of_hoa).await.refused(ProblemCode::SecondFactorWrong);
    let mut another = Passkey::at("http://localhost:8080");
    let forged = another.get(&challenge(&desk, "minh").await);
    visitor.create_session_with_passkey("minh", password, &forged).await.refused(ProblemCode::SecondFactorWrong);
}

#[rstest]
#[tokio::test]
async fn a_passkey_of_another_page_or_a_copy_of_one_is_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (visitor, password) = (desk.visitor(), desk.password());
    let minh = desk.sign_in("minh").await;
    let begun: PasskeyChallenge = minh.begin_passkey(password).await.json(201);
    let elsewhere = Passkey::at("https://motcua.example").create(&begun);
    minh.confirm_passkey(&elsewhere).await.refused(ProblemCode::SecondFactorUnfit);
    let here = Passkey::at("http://localhost:8080").create(&begun);
    minh.confirm_passkey(&here).await.refused(ProblemCode::SecondFactorUnfit);

    let mut passkey = minh.enrolled_passkey(password).await;
    let mut copy = passkey.cloned();
    by_passkey(&desk, &mut passkey).await;
    let behind = copy.get(&challenge(&desk, "minh").await);
    visitor.create_session_with_passkey("minh", password, &behind).await.refused(ProblemCode::SecondFactorWrong);
    // Two challenges of the same moment: the counter that was kept decides, not the one that the challenge knew.
    let (one, other) = (challenge(&desk, "minh").await, challenge(&desk, "minh").await);
    let mut copy = passkey.cloned();
    visitor.create_session_with_passkey("minh", password, &passkey.get(&one)).await.bytes(201);
    visitor
        .create_session_with_passkey("minh", password, &copy.get(&other))
        .await
        .refused(ProblemCode::SecondFactorWrong);
}

#[rstest]
#[tokio::test]
async fn one_passkey_is_one_officers(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let mut passkey = desk.sign_in("minh").await.enrolled_passkey(desk.password()).await;
    let hoa = desk.sign_in("hoa").await;
    let begun: PasskeyChallenge = hoa.begin_passkey(desk.password()).await.json(201);
    hoa.confirm_passkey(&passkey.create(&begun)).await.refused(ProblemCode::SecondFactorUnfit);
    assert!(hoa.second_factors().await.items.is_empty());
}

#[rstest]
#[tokio::test]
async fn an_administrator_without_one_can_do_nothing_but_enrol(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.visitor().signed_in("an", desk.password()).await;
    assert!(an.me().await.second_factor_needed);
    an.call(reqwest::Method::GET, "/units").send().await.refused(ProblemCode::SecondFactorNeeded);
    an.look_up("079190000001").await.refused(ProblemCode::SecondFactorNeeded);
    let app = an.enrolled_app(desk.password(), desk.now()).await;
    an.units().await;
    let factors = an.second_factors().await;
    assert!(factors.required);
    an.remove_second_factor(factors.items[0].id).await.refused(ProblemCode::SecondFactorNeeded);
    an.units().await;
    let mut passkey = an.enrolled_passkey(desk.password()).await;
    an.remove_second_factor(factors.items[0].id).await.bytes(204);
    an.remove_second_factor(factors.items[0].id).await.refused(ProblemCode::NotFound);
    desk.advance(Duration::seconds(60));
    let code = app.code_at(desk.now());
    desk.visitor().create_session_with_code("an", desk.password(), &code).await.refused(ProblemCode::SecondFactorWrong);
    let answer = passkey.get(&challenge(&desk, "an").await);
    desk.visitor().create_session_with_passkey("an", desk.password(), &answer).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn another_administrator_or_the_servers_command_mends_a_lost_key(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.enrolled_app(desk.password(), desk.now()).await;
    let an = desk.sign_in("an").await;
    let officer = an.officer("minh").await;
    assert_eq!(officer.second_factors.len(), 1);
    an.remove_second_factors(officer.id).await.bytes(204);
    minh.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.sign_in("minh").await.me().await;

    motcua::second_factors::remove_by_username(desk.services(), "AN").await.unwrap();
    an.get_me().await.refused(ProblemCode::Unauthenticated);
    let again = desk.visitor().signed_in("an", desk.password()).await;
    assert!(again.me().await.second_factor_needed);
    assert!(motcua::second_factors::remove_by_username(desk.services(), "nobody").await.is_err());
    assert_eq!(desk.audited("second_factors_reset").await, 2);
}

#[rstest]
#[tokio::test]
async fn no_secret_of_an_app_is_kept_in_the_open_or_logged(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let begun: TotpEnrolment = minh.begin_totp(desk.password()).await.json(201);
    let secret = data_encoding::BASE32_NOPAD.decode(begun.secret.as_bytes()).unwrap();
    let rows = desk.rows("SELECT secret_sealed FROM second_factors", []).await;
    let sealed: Vec<u8> = rows[0].try_get("", "secret_sealed").unwrap();
    assert!(!sealed.windows(secret.len()).any(|window| window == secret));
    assert!(!motcua_tests::log::holds(&begun.secret));
}
