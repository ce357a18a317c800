//! `/messages/statistics`: counts by hour, gateway and reason, for administrators.

use chrono::{Duration, DurationRound};
use motcua_openapi::messages::{MessageCount, MessagePurpose, MessageReason, MessageState};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::OtpQueued;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::report::Said;
use motcua_tests::gateway::{Behaviour, Scripted, reporting};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk};
use rstest::rstest;

/// Counts of codes as (gateway, state, reason, count), by whatever hour.
type Row<'a> = (Option<&'a str>, MessageState, Option<MessageReason>, u64);

fn rows(counts: &[MessageCount]) -> Vec<Row<'_>> {
    assert!(counts.iter().all(|one| one.purpose == MessagePurpose::Otp), "{counts:?}");
    let mut rows: Vec<Row<'_>> =
        counts.iter().map(|one| (one.gateway.as_deref(), one.state, one.reason, one.count)).collect();
    rows.sort_by_key(|row| (row.0.map(str::to_owned), format!("{:?}", row.1)));
    rows
}

/// A code for the `n`-th citizen, once the gateway has said what it makes of it.
async fn code(officer: &Client, n: u32, state: MessageState) {
    let draft = officer.draft(&citizen(n)).await;
    let queued: OtpQueued = officer.send_otp(draft.id).await.json(202);
    officer.message_in_state(draft.id, queued.message_id, state).await;
}

#[rstest]
#[tokio::test]
async fn what_became_of_the_messages_is_counted_by_gateway_and_reason(#[values(Sqlite, Postgres)] engine: Engine) {
    let (first, second) = (Scripted::twilio(Behaviour::Accept).await, Scripted::json(Behaviour::Accept).await);
    let Some(desk) = Desk::open_with(engine, reporting(&[&first, &second])).await else { return };
    let (minh, an) = (desk.sign_in("minh").await, desk.sign_in("an").await);
    let empty = an.statistics().await;
    assert_eq!((empty.gateways.as_slice(), empty.counts.len()), (&["twilio".to_owned(), "json".to_owned()][..], 0));
    for n in 1..=3 {
        code(&minh, n, MessageState::Sent).await;
    }
    desk.visitor().deliver(&first.report(&first.attempt(1).await, Said::Delivered)).await.bytes(200);
    desk.visitor().deliver(&first.report(&first.attempt(2).await, Said::Failed("30003"))).await.bytes(200);
    first.will(Behaviour::Refuse);
    code(&minh, 4, MessageState::Failed).await;
    first.will(Behaviour::Close);
    code(&minh, 5, MessageState::Sent).await;
    code(&minh, 6, MessageState::Sent).await;
    let counted = an.statistics().await;
    let (sent, failed) = (MessageState::Sent, MessageState::Failed);
    let twilio = Some("twilio");
    let mut found = rows(&counted.counts);
    found.sort_by_key(|row| format!("{row:?}"));
    let mut expected = [
        (Some("json"), sent, None, 2),
        (twilio, MessageState::Delivered, None, 1),
        (twilio, failed, Some(MessageReason::NumberUnknown), 1),
        (twilio, failed, Some(MessageReason::PhoneUnreachable), 1),
        (twilio, sent, None, 1),
    ];
    expected.sort_by_key(|row| format!("{row:?}"));
    assert_eq!(found, expected);

    desk.advance(Duration::minutes(4));
    let overdue = an.statistics().await.counts;
    assert!(rows(&overdue).contains(&(twilio, sent, Some(MessageReason::NoReport), 1)), "{overdue:?}");
    assert!(rows(&overdue).contains(&(Some("json"), sent, Some(MessageReason::NoReport), 2)), "{overdue:?}");
}

#[rstest]
#[tokio::test]
async fn each_hour_has_its_own_counts_and_only_those_asked_for_are_given(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let first_hour = desk.now().duration_trunc(Duration::hours(1)).unwrap();
    code(&desk.sign_in("minh").await, 1, MessageState::Sent).await;
    desk.advance(Duration::minutes(59));
    code(&desk.sign_in("minh").await, 2, MessageState::Sent).await;
    desk.advance(Duration::minutes(1));
    code(&desk.sign_in("minh").await, 3, MessageState::Sent).await;
    let an = desk.sign_in("an").await;
    let all = an.statistics().await;
    assert_eq!((all.from, all.to), (first_hour - Duration::hours(23), desk.now()));
    let by_hour: Vec<_> = all.counts.iter().map(|one| (one.hour, one.count)).collect();
    assert_eq!(by_hour, [(first_hour, 2), (first_hour + Duration::hours(1), 1)], "oldest first");
    desk.advance(Duration::hours(1));
    let an = desk.sign_in("an").await;
    let last: motcua_openapi::messages::MessageStatistics = an.get_statistics("1").await.json(200);
    assert_eq!(last.counts.iter().map(|one| one.count).collect::<Vec<_>>(), [1]);
}

#[rstest]
#[tokio::test]
async fn only_the_administrators_own_agency_is_counted(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    for (officer, n) in [("minh", 1), ("hoa", 2), ("nam", 3), ("nam", 4)] {
        code(&desk.sign_in(officer).await, n, MessageState::Sent).await;
    }
    let counted = desk.sign_in("an").await.statistics().await;
    assert_eq!(rows(&counted.counts), [(Some("file"), MessageState::Sent, None, 2)]);
}

#[rstest]
#[tokio::test]
async fn officers_do_not_see_it_and_hours_out_of_range_are_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    desk.sign_in("minh").await.get_statistics("24").await.refused(ProblemCode::Forbidden);
    let an = desk.sign_in("an").await;
    for hours in ["0", "169"] {
        let fields = an.get_statistics(hours).await.refused_fields(ProblemCode::RequestInvalid);
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("hours", FieldCode::OutOfRange));
    }
    for hours in ["-1", "x", ""] {
        an.get_statistics(hours).await.refused(ProblemCode::RequestInvalid);
    }
    for hours in ["1", "168"] {
        an.get_statistics(hours).await.bytes(200);
    }
}
