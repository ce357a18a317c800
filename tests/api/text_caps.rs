//! How many texts: to a phone whatever they carry, by an officer, at a unit, in all; two servers count as one.

use chrono::Duration;
use motcua::settings::{Caps, Settings};
use motcua_openapi::accounts::Account;
use motcua_openapi::messages::{MessageReason, MessageState, TextLanguage};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{DetailsInput, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{Behaviour, Scripted, through};
use motcua_tests::people::{citizen, phone};
use motcua_tests::{Answer, Client, Desk};
use rstest::rstest;

fn assert_full(answer: &Answer, cap: &str, retry_after: i64) {
    let problem = answer.refused(ProblemCode::OtpTooSoon);
    assert_eq!(problem.params["cap"], cap);
    assert_eq!(problem.params["retry_after"], retry_after.to_string());
    assert_eq!(answer.retry_after(), retry_after);
}

/// Asks for a code for the `n`-th citizen.
async fn asked(officer: &Client, n: u32) -> Answer {
    let draft = officer.draft(&citizen(n)).await;
    officer.send_otp(draft.id).await
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

#[rstest]
#[tokio::test]
async fn each_cap_refuses_by_its_name_and_opens_after_its_time(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(
        (Caps { per_officer_day: 2, ..Caps::default() }, "per_officer_day", DAY),
        (Caps { per_unit_hour: 2, ..Caps::default() }, "per_unit_hour", HOUR),
        (Caps { per_unit_day: 2, ..Caps::default() }, "per_unit_day", DAY),
        (Caps { in_all_hour: 2, ..Caps::default() }, "in_all_hour", HOUR),
        (Caps { in_all_day: 2, ..Caps::default() }, "in_all_day", DAY)
    )]
    case: (Caps, &'static str, i64),
) {
    let (caps, name, opens_after) = case;
    let Some(desk) = Desk::open_with(engine, |settings| settings.messages.caps = caps).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=2 {
        asked(&minh, n).await.bytes(202);
    }
    desk.advance(Duration::seconds(1));
    let third = minh.draft(&citizen(3)).await;
    assert_full(&minh.send_otp(third.id).await, name, opens_after - 1);
    assert_eq!(minh.registration_messages(third.id).await, [], "a refused press sends nothing");
    let nam = desk.sign_in("nam").await;
    if name.starts_with("in_all") {
        assert_full(&asked(&nam, 4).await, name, opens_after - 1);
    } else {
        asked(&nam, 4).await.bytes(202);
    }
    desk.advance(Duration::seconds(opens_after - 1));
    let minh = desk.sign_in("minh").await;
    asked(&minh, 5).await.bytes(202);
}

#[rstest]
#[tokio::test]
async fn two_officers_of_one_unit_share_its_cap(#[values(Sqlite, Postgres)] engine: Engine) {
    let one = |settings: &mut Settings| settings.messages.caps.per_unit_hour = 1;
    let Some(desk) = Desk::open_with(engine, one).await else { return };
    let minh = desk.sign_in("minh").await;
    desk.add_officer("tam", "Võ Thanh Tâm", "minh", vec![minh.unit().await]).await;
    let (tam, hoa) = (desk.sign_in("tam").await, desk.sign_in("hoa").await);
    asked(&minh, 1).await.bytes(202);
    assert_full(&asked(&tam, 2).await, "per_unit_hour", HOUR);
    asked(&hoa, 3).await.bytes(202);
}

#[rstest]
#[tokio::test]
async fn two_servers_have_one_cap_between_them(#[values(Sqlite, Postgres)] engine: Engine) {
    let ten = |settings: &mut Settings| settings.messages.caps.in_all_hour = 10;
    let Some(desk) = Desk::open_with(engine, ten).await else { return };
    let second = desk.second_server().await;
    let minh = desk.sign_in("minh").await;
    let elsewhere = desk.visitor_at(&format!("http://{}", second.address)).with_token(minh.token());
    let mut drafts = Vec::new();
    for n in 0..20 {
        drafts.push(minh.draft(&citizen(n)).await.id);
    }
    let sends =
        drafts.iter().enumerate().map(|(n, id)| if n % 2 == 0 { minh.send_otp(*id) } else { elsewhere.send_otp(*id) });
    let answers = futures_util::future::join_all(sends).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 10);
    for answer in answers.iter().filter(|answer| answer.status != 202) {
        assert_full(answer, "in_all_hour", HOUR);
    }
}

#[rstest]
#[tokio::test]
async fn a_phone_that_has_its_fill_refuses_further_codes(#[values(Sqlite, Postgres)] engine: Engine) {
    let one = |settings: &mut Settings| settings.messages.caps.per_phone_hour = 1;
    let Some(desk) = Desk::open_with(engine, one).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    desk.advance(Duration::seconds(60));
    assert_full(&minh.send_otp(draft.id).await, "per_phone_hour", HOUR - 60);
    let of_same_phone = DetailsInput { phone: Some(phone(1)), ..citizen(2) };
    let other = minh.draft(&of_same_phone).await;
    assert_full(&minh.send_otp(other.id).await, "per_phone_hour", HOUR - 60);
    asked(&minh, 3).await.bytes(202);
}

#[rstest]
#[tokio::test]
async fn a_password_that_the_phones_cap_holds_goes_when_the_cap_opens(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let one_text = |settings: &mut Settings| {
        through(&[&gateway])(settings);
        settings.messages.caps.per_phone_hour = 1;
    };
    let Some(desk) = Desk::open_with(engine, one_text).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let first_text = desk.now();
    minh.verify_otp(draft.id, &gateway.attempt(1).await.text.code()).await.json::<Registration>(200);
    desk.advance(Duration::minutes(10));
    let account: Account = minh.create_account(draft.id).await.json(201);
    let held = minh.account_waiting(&desk, account.id, 1).await;
    assert_eq!((held.state, held.reason), (MessageState::Queued, Some(MessageReason::PhoneCapReached)));
    assert_eq!(held.next_attempt_at, Some(first_text + Duration::hours(1)));
    assert_eq!(gateway.attempts().len(), 1);

    desk.advance_to_next_attempt(&held);
    let minh = desk.sign_in("minh").await;
    let sent = minh.account_message_in_state(account.id, held.id, MessageState::Sent).await;
    assert_eq!((sent.attempts, sent.reason), (2, None));
    gateway.attempt(2).await.text.password();
}

#[rstest]
#[tokio::test]
async fn every_call_of_a_gateway_counts_for_the_phone(#[values(Sqlite, Postgres)] engine: Engine) {
    let (first, second) = (Scripted::kannel(Behaviour::Close).await, Scripted::json(Behaviour::Close).await);
    let three_texts = |settings: &mut Settings| {
        through(&[&first, &second])(settings);
        settings.messages.caps.per_phone_hour = 3;
    };
    let Some(desk) = Desk::open_with(engine, three_texts).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let waiting = minh.waiting(&desk, draft.id, 1).await;
    desk.advance_to_next_attempt(&waiting);
    let given_up = minh.message_in_state(draft.id, waiting.id, MessageState::Dropped).await;
    let reason = Some(MessageReason::PhoneCapReached);
    assert_eq!((given_up.reason, given_up.attempts), (reason, 2), "the cap opens after its two minutes");
    assert_eq!((first.attempts().len(), second.attempts().len()), (2, 1), "each may have become a text");
}

#[rstest]
#[tokio::test]
async fn who_chose_english_gets_english_texts(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, through(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    let english = DetailsInput { language: Some(TextLanguage::En), ..citizen(1) };
    let draft = minh.draft(&english).await;
    minh.sent_otp(draft.id).await;
    let code = gateway.attempt(1).await.text;
    assert_eq!(
        code.body,
        format!(
            "Code to create your public service account: {}. Valid 2 minutes, only the newest works. Never share it. \
             Not asked for? Ignore this text.",
            code.code()
        )
    );
    minh.verify_otp(draft.id, &code.code()).await.json::<Registration>(200);
    let account: Account = minh.create_account(draft.id).await.json(201);
    assert_eq!(account.language, TextLanguage::En);
    minh.password_message(account.id).await;
    let password = gateway.attempt(2).await.text.body;
    assert!(
        password.starts_with("Your public service account was created. Password for the first sign-in: "),
        "{password}"
    );
    assert!(password.ends_with("Valid 7 days, change it at once. Never share it."), "{password}");
}
