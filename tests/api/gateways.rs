//! The gateway failing at every step, and a real one.

use chrono::Duration;
use motcua::settings::{GatewayKind, Settings};
use motcua_openapi::messages::{Message, MessageReason, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{DetailsInput, OtpQueued, Registration, RegistrationState};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{ACCEPT, Behaviour, ScriptedBox};
use motcua_tests::kannel::{self, Kannel};
use motcua_tests::people::{citizen, phone};
use motcua_tests::phone::code_in;
use motcua_tests::{Client, Desk, log, wait};
use rstest::rstest;
use uuid::Uuid;

/// Sends through `gateway`; a box that stays silent is given up after a second.
fn through(gateway: &ScriptedBox) -> impl FnOnce(&mut Settings) {
    let url = gateway.url();
    move |settings| through_url(settings, url)
}

fn through_url(settings: &mut Settings, url: String) {
    settings.messages.gateway = GatewayKind::Kannel;
    settings.messages.kannel.url = url;
    settings.messages.kannel.username = kannel::USERNAME.into();
    settings.messages.kannel.password = kannel::PASSWORD.into();
    settings.messages.kannel.timeout_seconds = 1;
}

/// The message of a registration once it has been tried so often and waits to be tried again.
async fn waiting(desk: &Desk, officer: &Client, registration: Uuid, attempts: u32) -> Message {
    waits(desk, attempts, || officer.registration_messages(registration)).await
}

/// The newest of `messages` once it waits: between claiming and recording it does not.
async fn waits<F: Future<Output = Vec<Message>>>(
    desk: &Desk,
    attempts: u32,
    mut messages: impl FnMut() -> F,
) -> Message {
    wait::until(&format!("attempt {attempts} to have failed"), || {
        let messages = messages();
        async {
            let newest = messages.await.into_iter().next()?;
            let is_waiting = newest.next_attempt_at.is_some_and(|at| at > desk.now());
            (is_waiting && newest.attempts >= attempts).then_some(newest)
        }
    })
    .await
}

/// Moves the clock to the next attempt.
fn advance_to_next_attempt(desk: &Desk, message: &Message) {
    let next = message.next_attempt_at.unwrap_or_else(|| panic!("no other attempt is planned: {message:?}"));
    desk.advance(next - desk.now());
}

#[rstest]
#[tokio::test]
async fn what_is_sent_is_a_sendsms_request(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = ScriptedBox::open(ACCEPT).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let attempts = gateway.attempts();
    assert_eq!(attempts.len(), 1);
    assert_eq!((attempts[0].username.as_str(), attempts[0].password.as_str()), (kannel::USERNAME, kannel::PASSWORD));
    assert_eq!((attempts[0].text.to.as_str(), attempts[0].from.as_str()), ("+84905000001", "DICHVUCONG"));
    minh.verify_otp(draft.id, &attempts[0].text.code()).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_refused_message_has_failed_is_not_repeated_and_can_be_asked_for_again(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(400, 403)] status: u16,
) {
    let gateway = ScriptedBox::open(Behaviour::Answer(status)).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let failed = minh.message_in_state(draft.id, queued.message_id, MessageState::Failed).await;
    assert_eq!((failed.reason, failed.attempts), (Some(MessageReason::GatewayRefused), 1));
    assert_eq!((failed.sent_at, failed.ended_at), (None, Some(desk.now())));
    gateway.will(ACCEPT);
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
        (Behaviour::Close, MessageReason::GatewayUnreachable),
        (Behaviour::Silence, MessageReason::GatewayUnreachable)
    )]
    fault: (Behaviour, MessageReason),
) {
    let (behaviour, reason) = fault;
    let gateway = ScriptedBox::open(behaviour).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let message = waiting(&desk, &minh, draft.id, 1).await;
    assert_eq!((message.id, message.state, message.reason), (queued.message_id, MessageState::Queued, Some(reason)));
    assert_eq!((message.gateway.as_deref(), message.sent_at), (Some("kannel"), None));
    let pause = message.next_attempt_at.unwrap() - desk.now();
    assert!(pause >= Duration::seconds(1) && pause <= Duration::seconds(2), "{pause}");
    assert_eq!(minh.registration(draft.id).await.otp.unwrap().expires_at, None, "no countdown before it is sent");

    gateway.will(ACCEPT);
    advance_to_next_attempt(&desk, &message);
    let sent = minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    assert_eq!((sent.attempts, sent.reason, sent.sent_at), (2, None, Some(desk.now())));
    let codes: Vec<String> = gateway.attempts().iter().map(|attempt| attempt.text.code()).collect();
    assert_eq!(codes.len(), 2, "never repeated blindly");
    assert_ne!(codes[0], codes[1], "one in a million");
    minh.verify_otp(draft.id, &codes[0]).await.refused(ProblemCode::OtpSuperseded);
    minh.verify_otp(draft.id, &codes[1]).await.json::<Registration>(200);
    for secret in [codes[0].as_str(), &codes[1], kannel::PASSWORD, "905000001", "Ma OTP"] {
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
    let Some(desk) = Desk::open_with(engine, |settings| through_url(settings, nowhere)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let message = waiting(&desk, &minh, draft.id, 1).await;
    assert_eq!((message.state, message.reason), (MessageState::Queued, Some(MessageReason::GatewayUnreachable)));
}

#[rstest]
#[tokio::test]
async fn the_pause_doubles_with_each_fault(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = ScriptedBox::open(Behaviour::Answer(500)).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    for (attempt, least) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
        let message = waiting(&desk, &minh, draft.id, attempt).await;
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
    let gateway = ScriptedBox::open(Behaviour::Answer(500)).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    waiting(&desk, &minh, draft.id, 1).await;
    gateway.will(ACCEPT);
    desk.advance(Duration::seconds(100));
    minh.message_in_state(draft.id, queued.message_id, MessageState::Sent).await;
    desk.advance(Duration::seconds(119));
    let code = gateway.attempts().last().unwrap().text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_code_past_its_use_is_dropped_and_not_sent(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = ScriptedBox::open(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    waiting(&desk, &minh, draft.id, 1).await;
    gateway.will(ACCEPT);
    desk.advance(Duration::seconds(121));
    let dropped = minh.message_in_state(draft.id, queued.message_id, MessageState::Dropped).await;
    assert_eq!((dropped.reason, dropped.ended_at), (Some(MessageReason::TooLate), Some(desk.now())));
    assert_eq!(gateway.attempts().len(), 1);
    minh.sent_otp(draft.id).await;
}

#[rstest]
#[tokio::test]
async fn a_code_whose_acceptance_was_lost_works_until_a_newer_one_is_drawn(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = ScriptedBox::open(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let message = waiting(&desk, &minh, draft.id, 1).await;
    let code = gateway.attempts()[0].text.code();
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    gateway.will(ACCEPT);
    advance_to_next_attempt(&desk, &message);
    let dropped = minh.message_in_state(draft.id, queued.message_id, MessageState::Dropped).await;
    assert_eq!(dropped.reason, Some(MessageReason::NoLongerNeeded));
    assert_eq!(gateway.attempts().len(), 1, "no second text to a phone that is confirmed");
}

#[rstest]
#[tokio::test]
async fn what_has_ended_or_changed_while_queued_is_not_sent(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = ScriptedBox::open(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let (cancelled, corrected) = (minh.draft(&citizen(1)).await, minh.draft(&citizen(2)).await);
    for draft in [&cancelled, &corrected] {
        minh.send_otp(draft.id).await.bytes(202);
        waiting(&desk, &minh, draft.id, 1).await;
    }
    minh.cancel_registration(cancelled.id).await.bytes(204);
    let other = DetailsInput { phone: Some(phone(3)), ..DetailsInput::default() };
    minh.update_registration(corrected.id, corrected.version, other).await.json::<Registration>(200);
    gateway.will(ACCEPT);
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
    let gateway = ScriptedBox::open(ACCEPT).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let code = gateway.attempts()[0].text.code();
    minh.verify_otp(draft.id, &code).await.bytes(200);
    gateway.will(Behaviour::Close);
    let account: motcua_openapi::accounts::Account = minh.create_account(draft.id).await.json(201);
    for attempt in 1..=4 {
        waits(&desk, attempt, || minh.account_messages(account.id)).await;
        desk.advance(Duration::minutes(3));
    }
    desk.advance(Duration::hours(5));
    let minh = desk.sign_in("minh").await;
    waits(&desk, 5, || minh.account_messages(account.id)).await;
    gateway.will(ACCEPT);
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
    let gateway = ScriptedBox::open(ACCEPT).await;
    let Some(desk) = Desk::open_with(engine, through(&gateway)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.verify_otp(draft.id, &code_in(&gateway.attempts()[0].text.body)).await.bytes(200);
    gateway.will(Behaviour::Answer(500));
    let account: motcua_openapi::accounts::Account = minh.create_account(draft.id).await.json(201);
    waits(&desk, 1, || minh.account_messages(account.id)).await;
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
    let gateway = ScriptedBox::open(Behaviour::Silence).await;
    let patient = |settings: &mut Settings| {
        through(&gateway)(settings);
        settings.messages.kannel.timeout_seconds = 60;
    };
    let Some(desk) = Desk::open_with(engine, patient).await else { return };
    let minh = desk.sign_in("minh").await;
    let (hanging, next) = (minh.draft(&citizen(1)).await, minh.draft(&citizen(2)).await);
    minh.send_otp(hanging.id).await.bytes(202);
    wait::until("the first text to hang", || async { (gateway.attempts().len() == 1).then_some(()) }).await;
    gateway.will(ACCEPT);
    minh.sent_otp(next.id).await;
}

#[rstest]
#[tokio::test]
async fn a_real_kannel_brings_the_code_to_its_smsc(#[values(Sqlite, Postgres)] engine: Engine) {
    let kannel = Kannel::start().await;
    let Some(desk) = Desk::open_with(engine, |settings| through_url(settings, kannel.url())).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let line = wait::until("the text at the SMSC", || async {
        kannel.received().lines().find(|line| line.contains("Ma OTP")).map(str::to_owned)
    })
    .await;
    assert!(line.contains("905000001"), "{line}");
    minh.verify_otp(draft.id, &code_in(line.split("Ma").nth(1).unwrap())).await.json::<Registration>(200);
    assert!(!log::caught().contains(kannel::PASSWORD));
}

#[rstest]
#[tokio::test]
async fn a_real_kannel_refuses_a_wrong_password(#[values(Sqlite)] engine: Engine) {
    let kannel = Kannel::start().await;
    let wrong = |settings: &mut Settings| {
        through_url(settings, kannel.url());
        settings.messages.kannel.password = "wrong".into();
    };
    let Some(desk) = Desk::open_with(engine, wrong).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let failed = minh.message_in_state(draft.id, queued.message_id, MessageState::Failed).await;
    assert_eq!(failed.reason, Some(MessageReason::GatewayRefused));
}
