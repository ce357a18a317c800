//! `…/messages`: what became of each text, without the text.

use chrono::Duration;
use motcua_openapi::messages::{MessagePurpose, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use reqwest::Method;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn the_messages_of_a_registration_are_listed_newest_first(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    assert_eq!(minh.registration_messages(draft.id).await, []);
    let first = minh.sent_otp(draft.id).await;
    let first_sent = desk.now();
    desk.advance(Duration::seconds(30));
    let second = minh.sent_otp(draft.id).await;
    let all = minh.registration_messages(draft.id).await;
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [second, first]);
    let oldest = &all[1];
    assert_eq!((oldest.purpose, oldest.state, oldest.reason), (MessagePurpose::Otp, MessageState::Sent, None));
    assert_eq!((oldest.gateway.as_deref(), oldest.attempts), (Some("file"), 1));
    assert_eq!((oldest.queued_at, oldest.sent_at), (first_sent, Some(first_sent)));
    assert_eq!(oldest.phone_masked, "••••••0001");
}

#[rstest]
#[tokio::test]
async fn the_list_holds_neither_text_nor_secret_nor_number(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    let message = minh.password_message(account.id).await;
    let password = desk.phones().text_of(message.id).await.password();
    for path in
        [format!("/registrations/{}/messages", account.registration_id), format!("/accounts/{}/messages", account.id)]
    {
        let body = minh.call(Method::GET, &path).send().await.text();
        for secret in [password.as_str(), "Mat khau", "Ma OTP", "905000001"] {
            assert!(!body.contains(secret), "{path} holds {secret}: {body}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_code_that_was_overtaken_before_it_was_sent_is_dropped_and_says_so(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open_with(engine, |settings| settings.otp.resend_seconds = 0).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    for _ in 0..5 {
        minh.send_otp(draft.id).await.bytes(202);
    }
    let newest = minh.registration(draft.id).await.otp.unwrap().message_id;
    minh.message_in_state(draft.id, newest, MessageState::Sent).await;
    motcua_tests::wait::until("every message to end", || async {
        let all = minh.registration_messages(draft.id).await;
        all.iter().all(|one| one.state != MessageState::Queued).then_some(())
    })
    .await;
    for one in minh.registration_messages(draft.id).await.iter().filter(|one| one.state == MessageState::Dropped) {
        assert_eq!(one.reason, Some(motcua_openapi::messages::MessageReason::Superseded));
        assert_eq!(one.ended_at, Some(desk.now()));
    }
}

#[rstest]
#[tokio::test]
async fn a_stranger_does_not_see_the_messages(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let account = minh.account(&desk, &citizen(1)).await;
    for path in
        [format!("/registrations/{}/messages", account.registration_id), format!("/accounts/{}/messages", account.id)]
    {
        nam.call(Method::GET, &path).send().await.refused(ProblemCode::NotFound);
    }
}
