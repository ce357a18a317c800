//! The gateway failing at every step, whichever kind it is.

use std::time::Duration as StdDuration;

use chrono::Duration;
use motcua::settings::{Gateway, Settings};
use motcua_openapi::messages::{MessageReason, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{DetailsInput, OtpQueued, Registration, RegistrationState};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{Behaviour, SECRET, SENDER, Scripted, Speech, USERNAME, through};
use motcua_tests::people::{citizen, phone};
use motcua_tests::phone::code_in;
use motcua_tests::{Desk, log, wait};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn each_kind_of_gateway_gets_the_text_in_its_own_words(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Speech::Kannel, Speech::Twilio, Speech::Json)] speech: Speech,
) {
    let gateway = Scripted::speaking(speech, Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let attempts = gateway.attempts();
    assert_eq!(attempts.len(), 1);
    assert_eq!((attempts[0].username.as_str(), attempts[0].password.as_str()), (USERNAME, SECRET));
    assert_eq!((attempts[0].text.to.as_str(), attempts[0].from.as_str()), ("+84905000001", SENDER));
    assert_eq!(attempts[0].report_url, None, "nobody knows where to report to");
    let code = attempts[0].text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    for secret in [&code, SECRET, "905000001", "Ma OTP"] {
        assert!(!log::holds(secret), "{secret} is logged");
    }
}

#[rstest]
#[tokio::test]
async fn an_error_in_an_accepting_answer_is_a_fault_and_tried_again(
    #[values(Sqlite)] engine: Engine,
    #[values(Speech::Kannel, Speech::Twilio, Speech::Json)] speech: Speech,
) {
    let gateway = Scripted::speaking(speech, Behaviour::ErrorBody).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((message.state, message.reason), (MessageState::Queued, Some(MessageReason::GatewayFault)));
    gateway.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&message);
    minh.message_in_state(draft.id, message.id, MessageState::Sent).await;
}

#[rstest]
#[tokio::test]
async fn a_number_that_the_gateway_does_not_know_is_said_so_where_it_can(
    #[values(Sqlite)] engine: Engine,
    #[values(
        (Speech::Kannel, MessageReason::GatewayRefused),
        (Speech::Twilio, MessageReason::NumberUnknown),
        (Speech::Json, MessageReason::NumberUnknown)
    )]
    kind: (Speech, MessageReason),
) {
    let (speech, reason) = kind;
    let gateway = Scripted::speaking(speech, Behaviour::Refuse).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let failed = minh.message_in_state(draft.id, queued.message_id, MessageState::Failed).await;
    assert_eq!((failed.reason, failed.attempts), (Some(reason), 1));
}

#[rstest]
#[tokio::test]
async fn a_busy_gateway_is_left_alone_as_long_as_it_asks_but_a_minute_at_most(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values((7, 7), (3600, 60))] asked_and_left: (u32, i64),
) {
    let (asked, left) = asked_and_left;
    let gateway = Scripted::kannel(Behaviour::Busy(asked)).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!(message.next_attempt_at, Some(desk.now() + Duration::seconds(left)));
    gateway.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&message);
    minh.message_in_state(draft.id, message.id, MessageState::Sent).await;
}

#[rstest]
#[tokio::test]
async fn a_refused_message_has_failed_is_not_repeated_and_can_be_asked_for_again(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(400, 403)] status: u16,
) {
    let gateway = Scripted::kannel(Behaviour::Answer(status)).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let failed = minh.message_in_state(draft.id, queued.message_id, MessageState::Failed).await;
    assert_eq!((failed.reason, failed.attempts), (Some(MessageReason::GatewayRefused), 1));
    assert_eq!((failed.sent_at, failed.ended_at), (None, Some(desk.now())));
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::seconds(31));
    minh.sent_otp(draft.id).await;
    let attempts = gateway.attempts();
    assert_eq!(attempts.len(), 2);
    minh.verify_otp(draft.id, &attempts[1].text.code()).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_faulty_gateway_is_tried_again_with_another_code_and_only_the_newest_works(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(
        (Behaviour::Answer(500), MessageReason::GatewayFault),
        (Behaviour::Answer(503), MessageReason::GatewayFault),
        (Behaviour::Answer(429), MessageReason::GatewayFault),
        (Behaviour::ErrorBody, MessageReason::GatewayFault),
        (Behaviour::Close, MessageReason::GatewayUnreachable),
        (Behaviour::Reset, MessageReason::GatewayUnreachable),
        (Behaviour::Slow(StdDuration::from_secs(30)), MessageReason::GatewayUnreachable),
        (Behaviour::Silence, MessageReason::GatewayUnreachable)
    )]
    fault: (Behaviour, MessageReason),
) {
    let (behaviour, reason) = fault;
    let gateway = Scripted::kannel(behaviour).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((message.id, message.state, message.reason), (queued.message_id, MessageState::Queued, Some(reason)));
    assert_eq!((message.gateway.as_deref(), message.sent_at), (Some("kannel"), None));
    let pause = message.next_attempt_at.unwrap() - desk.now();
    assert!(pause >= Duration::seconds(1) && pause <= Duration::seconds(2), "{pause}");
    assert_eq!(minh.registration(draft.id).await.otp.unwrap().expires_at, None, "no countdown before it is sent");

    gateway.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&message);
    let sent = minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    assert_eq!((sent.attempts, sent.reason, sent.sent_at), (2, None, Some(desk.now())));
    let codes: Vec<String> = gateway.attempts().iter().map(|attempt| attempt.text.code()).collect();
    assert_eq!(codes.len(), 2, "never repeated blindly");
    assert_ne!(codes[0], codes[1], "one in a million");
    minh.verify_otp(draft.id, &codes[0]).await.refused(ProblemCode::OtpSuperseded);
    minh.verify_otp(draft.id, &codes[1]).await.json::<Registration>(200);
    for secret in [codes[0].as_str(), &codes[1], SECRET, "905000001", "Ma OTP"] {
        assert!(!log::holds(secret), "{secret} is logged");
    }
}

#[rstest]
#[tokio::test]
async fn a_gateway_where_nobody_listens_is_tried_again(#[values(Sqlite, Postgres)] engine: Engine) {
    let nowhere = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/cgi-bin/sendsms", listener.local_addr().unwrap())
    };
    let through_nobody = |settings: &mut Settings| {
        let kannel = motcua::settings::Kannel { url: nowhere, timeout_seconds: 1, ..Default::default() };
        settings.messages.order = vec!["kannel".into()];
        settings.messages.gateways = [("kannel".into(), Gateway::Kannel(kannel))].into();
    };
    let Some(desk) = Desk::open_with(engine, through_nobody).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((message.state, message.reason), (MessageState::Queued, Some(MessageReason::GatewayUnreachable)));
}

#[rstest]
#[tokio::test]
async fn the_pause_doubles_with_each_fault(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Answer(500)).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    for (attempt, least) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
        let message = minh.waiting(&desk, draft.id, attempt).await;
        let pause = message.next_attempt_at.unwrap() - desk.now();
        assert!(pause >= Duration::seconds(least) && pause <= Duration::seconds(2 * least), "{attempt}: {pause}");
        desk.advance(pause - Duration::milliseconds(1));
        assert_eq!(gateway.attempts().len(), attempt as usize, "not before its time");
        desk.advance(Duration::milliseconds(1));
    }
}

#[rstest]
#[tokio::test]
async fn the_two_minutes_begin_when_the_gateway_has_accepted(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Answer(500)).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    minh.waiting(&desk, draft.id, 1).await;
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::seconds(100));
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    desk.advance(Duration::seconds(119));
    let code = gateway.attempts().last().unwrap().text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_code_past_its_use_is_dropped_and_not_sent(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    minh.waiting(&desk, draft.id, 1).await;
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::seconds(121));
    let dropped = minh.message_in_state(draft.id, queued.message_id, MessageState::Dropped).await;
    assert_eq!((dropped.reason, dropped.ended_at), (Some(MessageReason::TooLate), Some(desk.now())));
    assert_eq!(gateway.attempts().len(), 1);
    minh.sent_otp(draft.id).await;
}

#[rstest]
#[tokio::test]
async fn a_code_whose_acceptance_was_lost_works_until_a_newer_one_is_drawn(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    let code = gateway.attempts()[0].text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    gateway.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&message);
    let dropped = minh.message_in_state(draft.id, queued.message_id, MessageState::Dropped).await;
    assert_eq!(dropped.reason, Some(MessageReason::NoLongerNeeded));
    assert_eq!(gateway.attempts().len(), 1, "no second text to a phone that is confirmed");
}

#[rstest]
#[tokio::test]
async fn what_has_ended_or_changed_while_queued_is_not_sent(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let (cancelled, corrected) = (minh.draft(&citizen(1)).await, minh.draft(&citizen(2)).await);
    for draft in [&cancelled, &corrected] {
        minh.send_otp(draft.id).await.bytes(202);
        minh.waiting(&desk, draft.id, 1).await;
    }
    minh.cancel_registration(cancelled.id).await.bytes(204);
    let other = DetailsInput { phone: Some(phone(3)), ..DetailsInput::default() };
    minh.update_registration(corrected.id, corrected.version, other).await.json::<Registration>(200);
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::seconds(10));
    for draft in [&cancelled, &corrected] {
        let message = minh.registration_messages(draft.id).await[0].id;
        let dropped = minh.message_in_state(draft.id, message, MessageState::Dropped).await;
        assert!(matches!(dropped.reason, Some(MessageReason::NoLongerNeeded | MessageReason::Superseded)));
    }
    assert_eq!(gateway.attempts().len(), 2, "only those before");
}

#[rstest]
#[tokio::test]
async fn a_password_survives_a_long_outage_and_each_attempt_draws_another(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let code = gateway.attempts()[0].text.code();
    minh.verify_otp(draft.id, &code).await.bytes(200);
    gateway.will(Behaviour::Close);
    let account: motcua_openapi::accounts::Account = minh.create_account(draft.id).await.json(201);
    for attempt in 1..=4 {
        minh.account_waiting(&desk, account.id, attempt).await;
        desk.advance(Duration::minutes(3));
    }
    desk.advance(Duration::hours(5));
    let minh = desk.sign_in("minh").await;
    minh.account_waiting(&desk, account.id, 5).await;
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::minutes(3));
    let sent = minh.password_message(account.id).await;
    assert_eq!((sent.reason, sent.sent_at), (None, Some(desk.now())));
    let mut passwords: Vec<String> = gateway.attempts()[1..].iter().map(|it| it.text.password()).collect();
    let attempts = passwords.len();
    passwords.sort();
    passwords.dedup();
    assert_eq!(passwords.len(), attempts, "each attempt carries another password");
    let opened: motcua_openapi::accounts::Account = minh.get_account(account.id).await.json(200);
    assert_eq!(opened.password_expires_at, Some(desk.now() + Duration::days(7)), "from the newest on");
}

#[rstest]
#[tokio::test]
async fn a_password_that_never_got_out_has_failed_where_a_person_sees_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.verify_otp(draft.id, &code_in(&gateway.attempts()[0].text.body)).await.bytes(200);
    gateway.will(Behaviour::Answer(500));
    let account: motcua_openapi::accounts::Account = minh.create_account(draft.id).await.json(201);
    minh.account_waiting(&desk, account.id, 1).await;
    desk.advance(Duration::hours(25));
    let minh = desk.sign_in("minh").await;
    let failed = wait::until("the message to have failed", || async {
        minh.account_messages(account.id).await.into_iter().find(|one| one.state == MessageState::Failed)
    })
    .await;
    assert_eq!(failed.reason, Some(MessageReason::TooLate));
    assert_eq!(minh.registration(draft.id).await.state, RegistrationState::Completed, "the account stands");
}

#[rstest]
#[tokio::test]
async fn a_text_that_hangs_does_not_hold_up_the_next(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Silence).await;
    let patient = |settings: &mut Settings| {
        through(&[&gateway])(settings);
        settings.messages.gateways = [("kannel".into(), gateway.settings(30))].into();
    };
    let Some(desk) = Desk::open_with(engine, patient).await else { return };
    let minh = desk.sign_in("minh").await;
    let (hanging, next) = (minh.draft(&citizen(1)).await, minh.draft(&citizen(2)).await);
    minh.send_otp(hanging.id).await.bytes(202);
    wait::until("the first text to hang", || async { (gateway.attempts().len() == 1).then_some(()) }).await;
    gateway.will(Behaviour::Accept);
    minh.sent_otp(next.id).await;
}
