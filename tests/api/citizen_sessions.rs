//! `/citizen/sessions`: signing in by number and password, going on, signing out, and guessing.

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::citizens::{CaptchaForm, CitizenSession};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::citizens::OWN_PASSWORD;
use motcua_tests::people::{citizen, id_number, old_number};
use motcua_tests::{Answer, Client, Desk, log};
use rstest::rstest;

const HOME: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.9";

fn behind_a_proxy(settings: &mut Settings) {
    settings.server.behind_proxy = true;
    settings.citizens.captcha.per_address_minute = 10_000;
    settings.citizens.sign_in.per_address_minute = 10_000;
    settings.citizens.sign_in.per_address_hour = 10_000;
}

#[rstest]
#[tokio::test]
async fn the_texted_password_signs_in_and_asks_for_another_one_first(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let answer = desk.visitor().create_citizen_session(&resident.number, &resident.texted).await;
    let session: CitizenSession = answer.json(201);
    assert_eq!((session.expires_in, session.password_change_needed), (15 * 60, true));
    let token = answer.citizen_refresh_token().unwrap();
    let attributes = answer.header("set-cookie").unwrap().replace(&token, "…");
    insta::allow_duplicates! {
        insta::assert_snapshot!(attributes, @"motcua_citizen_refresh=…; HttpOnly; SameSite=Strict; Path=/api/v1/citizen/sessions; Max-Age=7200");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!answer.text().contains(&token), "the refresh token is in the cookie only");
    assert_eq!(desk.audited("citizen_signed_in").await, 1);
    let account: motcua_openapi::accounts::Account =
        desk.sign_in("minh").await.get_account(resident.account).await.json(200);
    assert_eq!(account.first_signed_in_at, Some(desk.now()));
    assert!(!log::holds(&resident.number) && !log::holds(&resident.texted) && !log::holds(&token));
}

#[rstest]
#[tokio::test]
async fn the_old_number_of_the_same_citizen_signs_in_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let details = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(1) };
    let resident = desk.resident_of(1, &details).await;
    for typed in ["225 000 001", "079.190.000.001"] {
        desk.visitor().create_citizen_session(typed, &resident.texted).await.bytes(201);
    }
}

#[rstest]
#[tokio::test]
async fn an_unknown_number_a_wrong_password_and_a_closed_account_get_one_answer(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (resident, closed) = (desk.resident(1).await, desk.resident(2).await);
    desk.rows("UPDATE accounts SET closed_at = $1 WHERE id = $2", [desk.now().into(), closed.account.into()]).await;
    let visitor = desk.visitor();
    let wrong = visitor.create_citizen_session(&resident.number, "not the password").await;
    let unknown = visitor.create_citizen_session(&id_number(9), &resident.texted).await;
    let closed = visitor.create_citizen_session(&closed.number, &closed.texted).await;
    wrong.refused(ProblemCode::CredentialsInvalid);
    for answer in [&unknown, &closed] {
        assert_eq!((answer.status, answer.text()), (wrong.status, wrong.text()));
        assert_eq!(answer.header("set-cookie"), None);
    }
}

#[rstest]
#[tokio::test]
async fn a_text_that_is_too_old_is_spoken_of_to_whoever_has_its_password_only(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let expires_at = desk.now() + Duration::days(7);
    desk.advance(Duration::days(7));
    let visitor = desk.visitor();
    visitor.create_citizen_session(&resident.number, "not it").await.refused(ProblemCode::CredentialsInvalid);
    let expired = visitor.create_citizen_session(&resident.number, &resident.texted).await;
    let problem = expired.refused(ProblemCode::PasswordExpired);
    assert_eq!(problem.params["side"], "citizen");
    assert_eq!(problem.params["expired_at"], expires_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    assert_eq!(expired.header("set-cookie"), None);
}

#[rstest]
#[tokio::test]
async fn once_it_has_signed_in_the_texted_password_works_for_as_long_as_that_session(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let visitor = desk.visitor();
    visitor.create_citizen_session(&resident.number, &resident.texted).await.bytes(201);
    desk.advance(Duration::minutes(119));
    visitor.create_citizen_session(&resident.number, &resident.texted).await.bytes(201);
    desk.advance(Duration::minutes(1));
    let late = visitor.create_citizen_session(&resident.number, &resident.texted).await;
    late.refused(ProblemCode::PasswordExpired);
}

#[rstest]
#[tokio::test]
async fn what_is_typed_wrong_is_said_by_field_and_costs_no_captcha(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let visitor = desk.visitor();
    let captcha = visitor.solved(CaptchaForm::SignIn).await;
    let short = visitor.create_citizen_session_with("12345", "x", &captcha).await;
    let fields = short.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("id_number", FieldCode::IdNumberInvalid));
    let again = visitor.create_citizen_session_with(&id_number(1), "x", &captcha).await;
    again.refused(ProblemCode::CredentialsInvalid);
}

#[rstest]
#[tokio::test]
async fn nobodys_number_is_not_opened_by_the_password_of_whoever_is_next(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    // With one account it is next to every number.
    let resident = desk.resident(1).await;
    for n in 2..8 {
        let answer = desk.visitor().create_citizen_session(&id_number(n), &resident.texted).await;
        answer.refused(ProblemCode::CredentialsInvalid);
    }
    desk.visitor().create_citizen_session(&resident.number, &resident.texted).await.bytes(201);
}

// Going on and signing out.

#[rstest]
#[tokio::test]
async fn a_session_goes_on_by_its_cookie_and_a_cookie_that_comes_back_ends_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let visitor = desk.visitor();
    let first = visitor.create_citizen_session(&resident.number, &resident.texted).await;
    let first = first.citizen_refresh_token().unwrap();
    let answer = visitor.refresh_citizen_session(&first).await;
    let session: CitizenSession = answer.json(200);
    assert!(session.password_change_needed);
    let second = answer.citizen_refresh_token().unwrap();
    desk.advance(Duration::seconds(11));
    visitor.refresh_citizen_session(&first).await.refused(ProblemCode::Unauthenticated);
    visitor.refresh_citizen_session(&second).await.refused(ProblemCode::Unauthenticated);
    visitor.with_token(&session.access_token).delete_citizen_session().await.refused(ProblemCode::Unauthenticated);
    assert_eq!(desk.audited("citizen_session_reused").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_session_ends_after_two_hours_however_often_it_is_refreshed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let visitor = desk.visitor();
    let answer = visitor.create_citizen_session(&resident.number, &resident.texted).await;
    let mut token = answer.citizen_refresh_token().unwrap();
    for _ in 0..119 {
        desk.advance(Duration::minutes(1));
        token = visitor.refresh_citizen_session(&token).await.citizen_refresh_token().unwrap();
    }
    desk.advance(Duration::minutes(1));
    visitor.refresh_citizen_session(&token).await.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_the_tokens_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let answer = desk.visitor().create_citizen_session(&resident.number, &resident.texted).await;
    let citizen = desk.visitor().with_token(&answer.json::<CitizenSession>(201).access_token);
    let gone = citizen.delete_citizen_session().await;
    assert_eq!(gone.bytes(204), b"");
    assert!(gone.header("set-cookie").unwrap().contains("Max-Age=0"), "the cookie is taken back");
    citizen.delete_citizen_session().await.refused(ProblemCode::Unauthenticated);
    let token = answer.citizen_refresh_token().unwrap();
    desk.visitor().refresh_citizen_session(&token).await.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn neither_side_takes_the_other_sides_tokens(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    citizen.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.sign_in("minh").await.delete_citizen_session().await.refused(ProblemCode::Unauthenticated);
    let of_officer = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    desk.visitor().refresh_citizen_session(&of_officer).await.refused(ProblemCode::Unauthenticated);
    let of_citizen = desk.visitor().create_citizen_session(&resident.number, OWN_PASSWORD).await;
    let of_citizen = of_citizen.citizen_refresh_token().unwrap();
    desk.visitor().refresh_session(&of_citizen).await.refused(ProblemCode::Unauthenticated);
    desk.visitor().refresh_citizen_session(&of_citizen).await.bytes(200);
}

#[rstest]
#[tokio::test]
async fn a_closed_account_is_out_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let answer = desk.visitor().create_citizen_session(&resident.number, &resident.texted).await;
    let citizen = desk.visitor().with_token(&answer.json::<CitizenSession>(201).access_token);
    desk.rows("UPDATE accounts SET closed_at = $1 WHERE id = $2", [desk.now().into(), resident.account.into()]).await;
    citizen.delete_citizen_session().await.refused(ProblemCode::Unauthenticated);
    let token = answer.citizen_refresh_token().unwrap();
    desk.visitor().refresh_citizen_session(&token).await.refused(ProblemCode::Unauthenticated);
}

// Guessing.

async fn wrong(visitor: &Client, number: &str) {
    visitor.create_citizen_session(number, "wrong").await.refused(ProblemCode::CredentialsInvalid);
}

fn waits(answer: &Answer) -> (String, i64) {
    let problem = answer.refused(ProblemCode::TooManyRequests);
    (problem.params["cap"].clone(), answer.retry_after())
}

#[rstest]
#[tokio::test]
async fn each_try_after_the_third_waits_twice_as_long_whether_there_is_such_an_account_or_not(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(true, false)] is_known: bool,
) {
    let Some(desk) = Desk::open_with(engine, behind_a_proxy).await else { return };
    let number = if is_known { desk.resident(1).await.number } else { id_number(9) };
    let visitor = desk.visitor().at(HOME);
    for _ in 0..3 {
        wrong(&visitor, &number).await;
    }
    for seconds in [5, 10, 20, 40] {
        let early = visitor.create_citizen_session(&number, "wrong").await;
        assert_eq!(waits(&early), ("account_address".to_owned(), seconds));
        desk.advance(Duration::seconds(seconds));
        wrong(&visitor, &number).await;
    }
}

#[rstest]
#[tokio::test]
async fn the_right_password_waits_too_and_then_clears_the_wrong_ones(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, behind_a_proxy).await else { return };
    let resident = desk.resident(1).await;
    let visitor = desk.visitor().at(HOME);
    for _ in 0..2 {
        for _ in 0..3 {
            wrong(&visitor, &resident.number).await;
        }
        waits(&visitor.create_citizen_session(&resident.number, &resident.texted).await);
        desk.advance(Duration::seconds(5));
        visitor.create_citizen_session(&resident.number, &resident.texted).await.bytes(201);
    }
}

#[rstest]
#[tokio::test]
async fn parallel_guesses_do_not_slip_past_the_delay(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, behind_a_proxy).await else { return };
    let resident = desk.resident(1).await;
    let visitor = desk.visitor().at(HOME);
    let guesses = (0..12).map(|_| visitor.create_citizen_session(&resident.number, "wrong"));
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 3);
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 9);
}

/// Wrong tries at a number, each from another address.
async fn attack(desk: &Desk, number: &str, tries: u32) {
    for n in 0..tries {
        desk.advance(Duration::seconds(60));
        wrong(&desk.visitor().at(&format!("192.0.2.{n}")), number).await;
    }
}

#[rstest]
#[tokio::test]
async fn strangers_together_hold_each_other_and_never_the_citizen_at_home(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, behind_a_proxy).await else { return };
    let resident = desk.resident(1).await;
    resident.settled_from(&desk.visitor().at(HOME)).await;
    attack(&desk, &resident.number, 13).await;
    let stranger = desk.visitor().at(ELSEWHERE);
    let (cap, seconds) = waits(&stranger.create_citizen_session(&resident.number, OWN_PASSWORD).await);
    assert_eq!((cap.as_str(), seconds), ("account", 40));
    desk.visitor().at(HOME).create_citizen_session(&resident.number, OWN_PASSWORD).await.bytes(201);
    stranger.create_citizen_session(&resident.number, OWN_PASSWORD).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn after_fifty_in_a_row_a_strange_address_gets_one_try_a_day_and_the_right_password_still_works(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open_with(engine, behind_a_proxy).await else { return };
    let resident = desk.resident(1).await;
    resident.settled_from(&desk.visitor().at(HOME)).await;
    attack(&desk, &resident.number, 50).await;
    let stranger = desk.visitor().at(ELSEWHERE);
    desk.advance(Duration::minutes(1));
    wrong(&stranger, &resident.number).await;
    desk.advance(Duration::hours(1));
    let (cap, seconds) = waits(&stranger.create_citizen_session(&resident.number, OWN_PASSWORD).await);
    assert_eq!((cap.as_str(), seconds), ("account_day", 23 * 3600));
    let abroad = desk.visitor().at("198.51.100.77");
    abroad.create_citizen_session(&resident.number, OWN_PASSWORD).await.bytes(201);
    stranger.create_citizen_session(&resident.number, OWN_PASSWORD).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn tries_from_one_address_are_counted_over_all_numbers(#[values(Sqlite, Postgres)] engine: Engine) {
    let few = |settings: &mut Settings| {
        behind_a_proxy(settings);
        settings.citizens.sign_in.per_address_minute = 4;
        settings.citizens.sign_in.per_address_hour = 5;
    };
    let Some(desk) = Desk::open_with(engine, few).await else { return };
    let visitor = desk.visitor().at(HOME);
    for n in 0..4 {
        wrong(&visitor, &id_number(n)).await;
    }
    let (cap, seconds) = waits(&visitor.create_citizen_session(&id_number(5), "wrong").await);
    assert_eq!((cap.as_str(), seconds), ("per_address_minute", 60));
    desk.advance(Duration::minutes(1));
    wrong(&visitor, &id_number(6)).await;
    let (cap, _) = waits(&visitor.create_citizen_session(&id_number(7), "wrong").await);
    assert_eq!(cap, "per_address_hour");
    wrong(&desk.visitor().at(ELSEWHERE), &id_number(7)).await;
}
