//! **Gửi lại mật khẩu**: another password for the first sign-in, and the end of the one before.

use chrono::Duration;
use motcua_openapi::accounts::{Account, PasswordQueued};
use motcua_openapi::messages::{MessageReason, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::Registration;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{Behaviour, Scripted, through};
use motcua_tests::people::citizen;
use motcua_tests::{Answer, Client, Desk};
use rstest::rstest;
use uuid::Uuid;

/// The hash that the account's password is held against.
async fn hash(desk: &Desk, account: Uuid) -> Option<String> {
    let rows = desk.rows("SELECT password_hash FROM accounts WHERE id = $1", [account.into()]).await;
    rows[0].try_get("", "password_hash").unwrap()
}

fn assert_too_soon(answer: &Answer, cap: &str, retry_after: i64) {
    let problem = answer.refused(ProblemCode::TooManyRequests);
    assert_eq!(problem.params["cap"], cap);
    assert_eq!(answer.retry_after(), retry_after);
}

/// An account whose password was sent long enough ago.
async fn account(desk: &Desk, minh: &Client) -> Account {
    let account = minh.account(desk, &citizen(1)).await;
    minh.password_message(account.id).await;
    desk.advance(Duration::seconds(31));
    account
}

#[rstest]
#[tokio::test]
async fn another_password_is_sent_and_the_one_before_is_dead(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = account(&desk, &minh).await;
    let first = minh.password_message(account.id).await;
    let before = hash(&desk, account.id).await.expect("a hash");
    let message = minh.resent_password(account.id).await;
    minh.account_message_in_state(account.id, message, MessageState::Sent).await;
    let after = hash(&desk, account.id).await.expect("a hash");
    assert_ne!(before, after, "whoever has the first password cannot use it any more");
    let texts = (desk.phones().text_of(first.id).await, desk.phones().text_of(message).await);
    assert_ne!(texts.0.password(), texts.1.password());
    let now: Account = minh.get_account(account.id).await.json(200);
    assert_eq!(now.password_expires_at, Some(desk.now() + Duration::days(7)), "counted from the newest");
    assert_eq!(desk.audited("password_resent").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_password_that_waits_is_overtaken_by_the_one_asked_for_after_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.verify_otp(draft.id, &gateway.attempt(1).await.text.code()).await.json::<Registration>(200);
    gateway.will(Behaviour::Close);
    let account: Account = minh.create_account(draft.id).await.json(201);
    let first = minh.account_waiting(&desk, account.id, 1).await;
    assert!(hash(&desk, account.id).await.is_some(), "it may have arrived");
    // The newest is told by when it was asked for; too soon for another try of the first.
    desk.advance(Duration::milliseconds(500));
    let second = minh.resent_password(account.id).await;
    minh.account_waiting(&desk, account.id, 1).await;
    gateway.will(Behaviour::Accept);
    desk.advance(Duration::seconds(2));
    minh.account_message_in_state(account.id, second, MessageState::Sent).await;
    let dropped = minh.account_message_in_state(account.id, first.id, MessageState::Dropped).await;
    assert_eq!(dropped.reason, Some(MessageReason::Superseded));
    assert_eq!(gateway.attempts().len(), 4, "a code, one try of the first, two of the second");
}

#[rstest]
#[tokio::test]
async fn from_the_moment_it_is_asked_for_no_password_works(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let nobody_sends = |settings: &mut motcua::settings::Settings| {
        through(&[&gateway])(settings);
        settings.messages.caps.per_phone_hour = 2;
        settings.otp.resend_seconds = 0;
    };
    let Some(desk) = Desk::open_with(engine, nobody_sends).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.verify_otp(draft.id, &gateway.attempt(1).await.text.code()).await.json::<Registration>(200);
    let account: Account = minh.create_account(draft.id).await.json(201);
    minh.password_message(account.id).await;
    assert_too_soon(&minh.resend_password(account.id).await, "per_phone_hour", 3600);
    assert!(hash(&desk, account.id).await.is_some(), "a refused press takes nothing away");
}

#[rstest]
#[tokio::test]
async fn it_waits_30_seconds_and_three_are_enough_for_a_day(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = account(&desk, &minh).await;
    minh.resent_password(account.id).await;
    let first = desk.now();
    desk.advance(Duration::seconds(10));
    assert_too_soon(&minh.resend_password(account.id).await, "resend", 20);
    for _ in 0..2 {
        desk.advance(Duration::seconds(30));
        minh.resent_password(account.id).await;
    }
    desk.advance(Duration::seconds(30));
    let opens_in = first + Duration::days(1) - desk.now();
    assert_too_soon(&minh.resend_password(account.id).await, "password_account_day", opens_in.num_seconds());
    assert_eq!(minh.account_messages(account.id).await.len(), 4);
    desk.advance(opens_in);
    desk.sign_in("minh").await.resent_password(account.id).await;
}

#[rstest]
#[tokio::test]
async fn a_citizen_who_has_signed_in_resets_it_themselves(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = account(&desk, &minh).await;
    let before = hash(&desk, account.id).await;
    // The citizens' own sign-in is another system's: it writes this.
    let values: [sea_orm::Value; 2] = [desk.now().into(), account.id.into()];
    desk.rows("UPDATE accounts SET first_signed_in_at = $1 WHERE id = $2", values).await;
    minh.resend_password(account.id).await.refused(ProblemCode::AccountInUse);
    assert_eq!(hash(&desk, account.id).await, before);
    assert_eq!(minh.account_messages(account.id).await.len(), 1);
    assert_eq!(desk.audited("password_resent").await, 0);
}

#[rstest]
#[tokio::test]
async fn a_text_tried_again_after_the_citizen_has_signed_in_leaves_their_password_alone(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.verify_otp(draft.id, &gateway.attempt(1).await.text.code()).await.bytes(200);
    gateway.will(Behaviour::Close);
    let account: Account = minh.create_account(draft.id).await.json(201);
    let waiting = minh.account_waiting(&desk, account.id, 1).await;
    // The text arrived all the same.
    let values: [sea_orm::Value; 2] = [desk.now().into(), account.id.into()];
    desk.rows("UPDATE accounts SET first_signed_in_at = $1 WHERE id = $2", values).await;
    let before = hash(&desk, account.id).await;
    desk.advance_to_next_attempt(&waiting);
    let dropped = minh.account_message_in_state(account.id, waiting.id, MessageState::Dropped).await;
    assert_eq!(dropped.reason, Some(MessageReason::NoLongerNeeded));
    assert_eq!(hash(&desk, account.id).await, before);
    assert_eq!(gateway.attempts().len(), 2, "the code, and the password once");
}

#[rstest]
#[tokio::test]
async fn the_same_key_is_one_press_and_eight_presses_at_once_are_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = account(&desk, &minh).await;
    let with_key = minh.with_key("gui lai 1");
    let first: PasswordQueued = with_key.resend_password(account.id).await.json(202);
    let again: PasswordQueued = with_key.resend_password(account.id).await.json(202);
    assert_eq!(first, again);
    desk.advance(Duration::seconds(31));
    let answers = futures_util::future::join_all((0..8).map(|_| minh.resend_password(account.id))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        assert_too_soon(answer, "resend", 30);
    }
    assert_eq!(minh.account_messages(account.id).await.len(), 3);
    let other = minh.account(&desk, &citizen(2)).await;
    with_key.resend_password(other.id).await.refused(ProblemCode::IdempotencyKeyReused);
}

#[rstest]
#[tokio::test]
async fn a_stranger_resends_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = account(&desk, &minh).await;
    desk.sign_in("nam").await.resend_password(account.id).await.refused(ProblemCode::NotFound);
    assert_eq!(minh.account_messages(account.id).await.len(), 1);
}
