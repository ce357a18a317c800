//! More than one gateway: the next one's turn, and leaving one alone that is in trouble.
//!
//! A breaker looks at its last calls once it has seen one more than it looks at; with one call and one probe
//! that is the second failure and the second success.

use motcua::settings::{Breaker, Settings};
use motcua_openapi::messages::{MessageReason, MessageState};
use motcua_openapi::registrations::{OtpQueued, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::report::Said;
use motcua_tests::gateway::{Behaviour, Scripted, reporting, through};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk, wait};
use rstest::rstest;
use uuid::Uuid;

/// Two gateways, the first one's breaker quick to open and closed again after `rest_seconds`.
fn with_breaker(gateways: &[&Scripted], rest_seconds: u64) -> impl FnOnce(&mut Settings) + use<> {
    let through = through(gateways);
    move |settings| {
        through(settings);
        settings.messages.breaker = Breaker { calls: 1, failure_share: 0.5, rest_seconds, probes: 1 };
    }
}

/// Sends a code to the `n`-th citizen; the gateway that took it.
async fn taken_by(minh: &Client, n: u32) -> (Uuid, String) {
    let draft = minh.draft(&citizen(n)).await;
    let message = minh.sent_otp(draft.id).await;
    let sent = minh.message_in_state(draft.id, message, MessageState::Sent).await;
    (draft.id, sent.gateway.unwrap())
}

#[rstest]
#[tokio::test]
async fn where_the_first_gateway_fails_the_second_brings_the_same_code_and_it_works(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Behaviour::Answer(500), Behaviour::Busy(60), Behaviour::ErrorBody, Behaviour::Reset, Behaviour::Silence)]
    fault: Behaviour,
) {
    let (first, second) = (Scripted::kannel(fault).await, Scripted::twilio(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, through(&[&first, &second])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let sent = minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    assert_eq!((sent.gateway.as_deref(), sent.attempts, sent.reason), (Some("twilio"), 1, None));
    let (of_first, of_second) = (first.attempts(), second.attempts());
    assert_eq!((of_first.len(), of_second.len()), (1, 1));
    assert_eq!(of_first[0].text, of_second[0].text, "whichever of the two arrives, its code works");
    minh.verify_otp(draft.id, &of_first[0].text.code()).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn where_every_gateway_fails_the_next_attempt_begins_at_the_first_with_another_code(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (first, second) =
        (Scripted::kannel(Behaviour::Answer(500)).await, Scripted::json(Behaviour::Answer(500)).await);
    let Some(desk) = Desk::open_with(engine, through(&[&first, &second])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let waiting = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((waiting.gateway.as_deref(), waiting.reason), (Some("json"), Some(MessageReason::GatewayFault)));
    first.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&waiting);
    let sent = minh.message_in_state(draft.id, waiting.id, MessageState::Sent).await;
    assert_eq!((sent.gateway.as_deref(), sent.attempts), (Some("kannel"), 2));
    let codes: Vec<String> = first.attempts().iter().map(|attempt| attempt.text.code()).collect();
    assert_eq!((codes.len(), second.attempts().len()), (2, 1));
    assert_ne!(codes[0], codes[1], "one in a million");
    minh.verify_otp(draft.id, &codes[1]).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_refusal_is_believed_and_not_taken_to_the_next_gateway(#[values(Sqlite, Postgres)] engine: Engine) {
    let (first, second) = (Scripted::json(Behaviour::Refuse).await, Scripted::kannel(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, through(&[&first, &second])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let failed = minh.message_in_state(draft.id, queued.message_id, MessageState::Failed).await;
    assert_eq!((failed.reason, failed.gateway.as_deref()), (Some(MessageReason::NumberUnknown), Some("json")));
    assert_eq!(second.attempts().len(), 0);
}

#[rstest]
#[tokio::test]
async fn a_report_of_the_gateway_that_failed_does_not_undo_what_the_other_sent(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (first, second) = (Scripted::kannel(Behaviour::Close).await, Scripted::json(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, reporting(&[&first, &second])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let message = minh.sent_otp(draft.id).await;
    let undelivered = first.report(&first.attempt(1).await, Said::Failed("stat:UNDELIV"));
    desk.visitor().deliver(&undelivered).await.bytes(200);
    minh.message_in_state(draft.id, message, MessageState::Sent).await;
    // It had taken the text after all, and the code is the same.
    let delivered = first.report(&first.attempt(1).await, Said::Delivered);
    desk.visitor().deliver(&delivered).await.bytes(200);
    minh.message_in_state(draft.id, message, MessageState::Delivered).await;
}

#[rstest]
#[tokio::test]
async fn a_gateway_that_keeps_failing_is_left_alone(#[values(Sqlite, Postgres)] engine: Engine) {
    let (first, second) = (Scripted::kannel(Behaviour::Close).await, Scripted::json(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, with_breaker(&[&first, &second], 600)).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=5 {
        assert_eq!(taken_by(&minh, n).await.1, "json");
    }
    assert_eq!(first.attempts().len(), 2, "opened by the second failure");
    assert_eq!(second.attempts().len(), 5);
}

#[rstest]
#[tokio::test]
async fn a_gateway_is_tried_again_after_its_rest_and_trusted_again_when_it_works(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (first, second) = (Scripted::kannel(Behaviour::Close).await, Scripted::json(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, with_breaker(&[&first, &second], 0)).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=4 {
        assert_eq!(taken_by(&minh, n).await.1, "json");
    }
    first.will(Behaviour::Accept);
    for n in 5..=8 {
        assert_eq!(taken_by(&minh, n).await.1, "kannel");
    }
}

#[rstest]
#[tokio::test]
async fn where_every_gateway_rests_no_code_is_drawn_and_the_text_follows_after_the_rest(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, with_breaker(&[&gateway], 1)).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=2 {
        let draft = minh.draft(&citizen(n)).await;
        minh.send_otp(draft.id).await.bytes(202);
        minh.waiting(&desk, draft.id, 1).await;
    }
    let draft = minh.draft(&citizen(3)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let waiting = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((waiting.reason, waiting.gateway), (Some(MessageReason::GatewayUnreachable), None));
    assert_eq!(gateway.attempts().len(), 2, "the gateway rests");
    let drawn = desk.rows("SELECT sequence FROM otp_codes WHERE registration_id = $1", [draft.id.into()]).await;
    assert_eq!(drawn.len(), 0);

    gateway.will(Behaviour::Accept);
    wait::until("the rest to be over", || async {
        desk.advance(chrono::Duration::seconds(1));
        let message = minh.registration_messages(draft.id).await.remove(0);
        (message.state == MessageState::Sent).then_some(())
    })
    .await;
    let code = gateway.attempts().iter().rfind(|attempt| attempt.text.to.ends_with("003")).unwrap().text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}
