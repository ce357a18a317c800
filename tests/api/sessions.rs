//! `/sessions`: signing in, going on, signing out.

use std::time::{Duration as Wait, Instant};

use chrono::Duration;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::sessions::Session;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::{Client, Desk};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn signing_in_gives_a_token_that_works_and_a_cookie_that_scripts_cannot_read(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let answer = desk.visitor().create_session("minh", desk.password()).await;
    let session: Session = answer.json(201);
    assert_eq!(session.expires_in, 15 * 60);
    assert_eq!(desk.visitor().with_token(&session.access_token).me().await.username, "minh");
    let token = answer.refresh_token().unwrap();
    let attributes = answer.header("set-cookie").unwrap().replace(&token, "…");
    insta::allow_duplicates! {
        insta::assert_snapshot!(attributes, @"motcua_refresh=…; HttpOnly; SameSite=Strict; Path=/api/v1/sessions; Max-Age=43200");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(!answer.text().contains(&token), "the refresh token is in the cookie only");
}

#[rstest]
#[tokio::test]
async fn over_https_the_cookie_is_secure_and_browsers_are_told_to_stay_on_https(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open_with(engine, |settings| settings.server.secure_cookies = true).await else { return };
    let answer = desk.visitor().create_session("minh", desk.password()).await;
    assert!(answer.header("set-cookie").unwrap().contains("; Secure"));
    assert!(answer.header("strict-transport-security").unwrap().starts_with("max-age=31536000"));
}

#[rstest]
#[tokio::test]
async fn the_name_is_taken_in_any_case(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let officer = desk.visitor().signed_in(" MINH", desk.password()).await;
    assert_eq!(officer.me().await.full_name, "Đặng Quang Minh");
}

#[rstest]
#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let wrong = desk.visitor().create_session("minh", "not the password").await;
    let unknown = desk.visitor().create_session("nobody", desk.password()).await;
    wrong.refused(ProblemCode::CredentialsInvalid);
    assert_eq!(wrong.text(), unknown.text());
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(unknown.header("set-cookie"), None);
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let costly = |settings: &mut motcua::settings::Settings| {
        settings.passwords = motcua::settings::Passwords { memory_kib: 64 * 1024, passes: 3, at_once: 1 };
    };
    let Some(desk) = Desk::open_with(Sqlite, costly).await else { return };
    let wrong = quickest(&desk, "minh").await;
    let unknown = quickest(&desk, "nobody").await;
    assert!(unknown > wrong / 2, "unknown {unknown:?}, wrong {wrong:?}");
}

/// The quickest of a few: noise only makes slower.
async fn quickest(desk: &Desk, username: &str) -> Wait {
    let mut quickest = Wait::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        desk.visitor().create_session(username, "not the password").await.refused(ProblemCode::CredentialsInvalid);
        quickest = quickest.min(begun.elapsed());
    }
    quickest
}

#[rstest]
#[tokio::test]
async fn the_eleventh_try_at_an_account_waits_even_with_the_right_password(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    for _ in 0..10 {
        desk.visitor().create_session("minh", "wrong").await.refused(ProblemCode::CredentialsInvalid);
    }
    desk.advance(Duration::minutes(5));
    let throttled = desk.visitor().create_session("minh", desk.password()).await;
    let problem = throttled.refused(ProblemCode::TooManyRequests);
    assert_eq!((throttled.retry_after(), problem.params["retry_after"].as_str()), (600, "600"));
    assert_eq!(problem.params["cap"], "per_account");
    desk.sign_in("hoa").await;
    desk.advance(Duration::minutes(10));
    desk.sign_in("minh").await;
}

#[rstest]
#[tokio::test]
async fn an_unknown_name_is_throttled_like_a_known_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    for _ in 0..10 {
        desk.visitor().create_session("nobody", "wrong").await.refused(ProblemCode::CredentialsInvalid);
    }
    desk.visitor().create_session("nobody", "wrong").await.refused(ProblemCode::TooManyRequests);
}

#[rstest]
#[tokio::test]
async fn a_right_password_clears_the_wrong_ones_before_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    for _ in 0..2 {
        for _ in 0..9 {
            desk.visitor().create_session("minh", "wrong").await.refused(ProblemCode::CredentialsInvalid);
        }
        desk.sign_in("minh").await;
    }
}

#[rstest]
#[tokio::test]
async fn parallel_guesses_do_not_slip_past_the_throttle(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let visitor = desk.visitor();
    let guesses = (0..30).map(|_| visitor.create_session("minh", "wrong"));
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 10);
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 20);
}

#[rstest]
#[tokio::test]
async fn tries_from_one_address_are_counted_over_all_names(#[values(Sqlite, Postgres)] engine: Engine) {
    let proxied = |settings: &mut motcua::settings::Settings| {
        settings.server.behind_proxy = true;
        settings.sessions.tries_per_address = 5;
    };
    let Some(desk) = Desk::open_with(engine, proxied).await else { return };
    for n in 0..5 {
        from(&desk.visitor(), "203.0.113.7", &format!("guess{n}")).await.refused(ProblemCode::CredentialsInvalid);
    }
    let throttled = from(&desk.visitor(), "203.0.113.7", "guess5").await;
    assert_eq!(throttled.refused(ProblemCode::TooManyRequests).params["cap"], "per_address");
    assert_eq!(throttled.retry_after(), 900);
    from(&desk.visitor(), "203.0.113.8", "guess6").await.refused(ProblemCode::CredentialsInvalid);
}

async fn from(visitor: &Client, address: &str, username: &str) -> motcua_tests::Answer {
    let body = json!({"username": username, "password": "wrong"});
    visitor.call(Method::POST, "/sessions").header("X-Forwarded-For", address).json(&body).send().await
}

#[rstest]
#[tokio::test]
async fn without_a_proxy_nobody_chooses_their_own_address(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, |settings| settings.sessions.tries_per_address = 5).await else { return };
    for n in 0..5 {
        from(&desk.visitor(), &format!("203.0.113.{n}"), &format!("guess{n}")).await;
    }
    from(&desk.visitor(), "203.0.113.99", "guess99").await.refused(ProblemCode::TooManyRequests);
}

#[rstest]
#[tokio::test]
async fn names_and_passwords_out_of_their_length_are_refused_together(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let visitor = desk.visitor();
    let body = json!({"username": "", "password": "x".repeat(257)});
    let fields = visitor
        .call(Method::POST, "/sessions")
        .json(&body)
        .malformed()
        .send()
        .await
        .refused_fields(ProblemCode::BodyInvalid);
    let codes: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.code)).collect();
    assert_eq!(codes, [("password", FieldCode::OutOfRange), ("username", FieldCode::OutOfRange)]);
    assert_eq!(fields[0].params["max"], "256");
}

#[rstest]
#[tokio::test]
async fn an_access_token_ends_after_15_minutes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.advance(Duration::seconds(899));
    minh.me().await;
    desk.advance(Duration::seconds(1));
    let refused = minh.get_me().await;
    refused.refused(ProblemCode::Unauthenticated);
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
}

#[rstest]
#[case::none("")]
#[case::no_jwt("Bearer abc")]
#[case::unsigned("Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIxIn0.")]
#[case::other_scheme("Basic bWluaDpwYXNzd29yZA==")]
#[tokio::test]
async fn what_is_no_valid_token_signs_nobody_in(#[case] authorization: &str) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let visitor = desk.visitor();
    let call = visitor.call(Method::GET, "/me").header("Authorization", authorization);
    call.send().await.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn a_token_of_another_place_is_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let Some(other) = Desk::open(engine).await else { return };
    let stranger = other.sign_in("minh").await;
    desk.visitor().with_token(stranger.token()).get_me().await.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn a_refresh_gives_new_tokens(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let first = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    desk.advance(Duration::minutes(20));
    let answer = desk.visitor().refresh_session(&first).await;
    let session: Session = answer.json(200);
    assert_ne!(answer.refresh_token().unwrap(), first);
    desk.visitor().with_token(&session.access_token).me().await;
}

#[rstest]
#[tokio::test]
async fn a_refresh_token_that_comes_back_ends_the_whole_family_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let first = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    let answer = desk.visitor().refresh_session(&first).await;
    let second = answer.refresh_token().unwrap();
    let access = answer.json::<Session>(200).access_token;
    desk.advance(Duration::seconds(11));
    desk.visitor().with_token(&access).me().await;
    desk.visitor().refresh_session(&first).await.refused(ProblemCode::Unauthenticated);
    desk.visitor().refresh_session(&second).await.refused(ProblemCode::Unauthenticated);
    desk.visitor().with_token(&access).get_me().await.refused(ProblemCode::Unauthenticated);
    assert_eq!(desk.audited("session_reused").await, 1);
}

#[rstest]
#[tokio::test]
async fn two_tabs_that_refresh_in_the_same_moment_both_go_on(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let first = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    let visitor = desk.visitor();
    let (one, other) = tokio::join!(visitor.refresh_session(&first), visitor.refresh_session(&first));
    for answer in [&one, &other] {
        let session: Session = answer.json(200);
        desk.visitor().with_token(&session.access_token).me().await;
    }
    let rotated: Vec<_> = [&one, &other].into_iter().filter_map(motcua_tests::Answer::refresh_token).collect();
    assert_eq!(rotated.len(), 1, "one of the two carries the next token, so that the browser keeps that one");
}

#[rstest]
#[case::absent(None)]
#[case::nonsense(Some("nonsense"))]
#[case::unknown(Some("0190b5a000007000800000000000000a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))]
#[tokio::test]
async fn a_refresh_without_a_known_token_is_refused(#[case] token: Option<&str>) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let visitor = desk.visitor();
    let answer = match token {
        Some(token) => visitor.refresh_session(token).await,
        None => visitor.call(Method::POST, "/sessions/refresh").send().await,
    };
    answer.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn a_session_ends_after_12_hours_however_often_it_is_refreshed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let mut token = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    for _ in 0..11 {
        desk.advance(Duration::hours(1));
        token = desk.visitor().refresh_session(&token).await.refresh_token().unwrap();
    }
    desk.advance(Duration::minutes(59));
    let answer = desk.visitor().refresh_session(&token).await;
    let last: Session = answer.json(200);
    assert_eq!(last.expires_in, 60, "an access token does not outlive its session");
    desk.advance(Duration::minutes(1));
    desk.visitor().refresh_session(&answer.refresh_token().unwrap()).await.refused(ProblemCode::Unauthenticated);
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_the_tokens_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let answer = desk.visitor().create_session("minh", desk.password()).await;
    let minh = desk.visitor().with_token(&answer.json::<Session>(201).access_token);
    let elsewhere = desk.sign_in("minh").await;
    let gone = minh.delete_session().await;
    assert_eq!(gone.bytes(204), b"");
    assert!(gone.header("set-cookie").unwrap().contains("Max-Age=0"), "the cookie is taken back");
    minh.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.visitor().refresh_session(&answer.refresh_token().unwrap()).await.refused(ProblemCode::Unauthenticated);
    elsewhere.me().await;
}

#[rstest]
#[tokio::test]
async fn a_suspended_officer_is_out_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.rows("UPDATE officers SET suspended_at = $1 WHERE username = 'minh'", [desk.now().into()]).await;
    minh.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.visitor().create_session("minh", desk.password()).await.refused(ProblemCode::CredentialsInvalid);
}
