//! Messages followed as they change: server-sent events.

use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::messages::{Message, MessagePurpose, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::OtpQueued;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::report::Said;
use motcua_tests::gateway::{Behaviour, Scripted, reporting_patiently};
use motcua_tests::people::citizen;
use reqwest::Method;
use rstest::rstest;

fn newest_is(state: MessageState) -> impl Fn(&[Message]) -> bool {
    move |list| list.first().is_some_and(|newest| newest.state == state)
}

#[rstest]
#[tokio::test]
async fn who_follows_gets_the_list_at_once_and_again_upon_each_change(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Hold).await;
    let Some(desk) = Desk::open_with(engine, reporting_patiently(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let mut live = minh.follow_registration(draft.id).await;
    assert_eq!(live.next().await, Some(Vec::new()));
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let list = live.until(newest_is(MessageState::Queued)).await;
    assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [queued.message_id]);
    let attempt = gateway.attempt(1).await;
    gateway.release();
    live.until(newest_is(MessageState::Sent)).await;
    desk.visitor().deliver(&gateway.report(&attempt, Said::Delivered)).await.bytes(200);
    let list = live.until(newest_is(MessageState::Delivered)).await;
    assert_eq!(list, minh.registration_messages(draft.id).await, "the same as the list that is asked for");
}

#[rstest]
#[tokio::test]
async fn the_password_of_an_account_is_followed_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    let mut live = minh.follow_account(account.id).await;
    let list = live.until(newest_is(MessageState::Sent)).await;
    assert_eq!((list.len(), list[0].purpose), (1, MessagePurpose::TemporaryPassword));
    desk.advance(Duration::seconds(1));
    let again = minh.resent_password(account.id).await;
    let list = live.until(|list| list.len() == 2 && list[0].state == MessageState::Sent).await;
    assert_eq!(list[0].id, again);
}

#[rstest]
#[tokio::test]
async fn a_change_at_another_server_is_seen_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting_patiently(&[&gateway])).await else { return };
    let second = desk.second_server().await;
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let elsewhere = desk.visitor_at(&format!("http://{}", second.address)).with_token(minh.token());
    let mut live = elsewhere.follow_registration(draft.id).await;
    live.until(newest_is(MessageState::Sent)).await;
    let report = gateway.report(&gateway.attempt(1).await, Said::Delivered);
    desk.visitor().deliver(&report).await.bytes(200);
    live.until(newest_is(MessageState::Delivered)).await;
}

#[rstest]
#[tokio::test]
async fn a_server_that_stops_ends_its_streams_first_and_does_not_wait_for_them(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let long_grace = |settings: &mut Settings| settings.server.shutdown_seconds = 60;
    let Some(mut desk) = Desk::open_with(engine, long_grace).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let mut live = minh.follow_registration(draft.id).await;
    assert_eq!(live.next().await, Some(Vec::new()));
    drop(minh);
    let began = Instant::now();
    let ((), end) = tokio::join!(desk.stop(), live.next());
    assert_eq!(end, None);
    assert!(began.elapsed() < StdDuration::from_secs(10), "{:?}", began.elapsed());
}

#[rstest]
#[tokio::test]
async fn a_stranger_follows_nothing(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values("nam", "hoa")] stranger: &str,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    let stranger = desk.sign_in(stranger).await;
    for path in [
        format!("/registrations/{}/messages/events", account.registration_id),
        format!("/accounts/{}/messages/events", account.id),
    ] {
        stranger.call(Method::GET, &path).send().await.refused(ProblemCode::NotFound);
    }
}
