//! Delivery reports: late, early, twice, out of order, a thousand times, forged, never.

use std::time::Instant;

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::messages::{Message, MessageReason, MessageState};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::registrations::{OtpQueued, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::report::{Report, Said};
use motcua_tests::gateway::{Attempt, Behaviour, Scripted, Speech, reporting, reporting_patiently};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk, log, wait};
use rstest::rstest;
use uuid::Uuid;

/// A code on its way: the draft it is for, its message, the attempt that the gateway saw.
struct Sent {
    minh: Client,
    draft: Uuid,
    message: Uuid,
    attempt: Attempt,
}

impl Sent {
    /// Asks for a code and waits until the gateway has it, whatever it does with it.
    async fn through(desk: &Desk, gateway: &Scripted) -> Self {
        let minh = desk.sign_in("minh").await;
        let draft = minh.draft(&citizen(1)).await.id;
        let queued: OtpQueued = minh.send_otp(draft).await.json(202);
        Self { minh, draft, message: queued.message_id, attempt: gateway.attempt(1).await }
    }

    /// The same, once its acceptance is recorded.
    async fn accepted(desk: &Desk, gateway: &Scripted) -> Self {
        let sent = Self::through(desk, gateway).await;
        sent.is(MessageState::Sent).await;
        sent
    }

    async fn is(&self, state: MessageState) -> Message {
        self.minh.message_in_state(self.draft, self.message, state).await
    }

    async fn now(&self) -> Message {
        self.minh.registration_messages(self.draft).await.remove(0)
    }
}

#[rstest]
#[tokio::test]
async fn a_delivered_text_says_so_and_when(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Speech::Kannel, Speech::Twilio, Speech::Json)] speech: Speech,
) {
    let gateway = Scripted::speaking(speech, Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let accepted_at = desk.now();
    desk.advance(Duration::seconds(4));
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::UnderWay)).await.bytes(200);
    assert_eq!(sent.now().await.state, MessageState::Sent, "under way is nothing new");
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::Delivered)).await.bytes(200);
    let delivered = sent.now().await;
    assert_eq!((delivered.state, delivered.reason), (MessageState::Delivered, None));
    assert_eq!((delivered.sent_at, delivered.delivered_at), (Some(accepted_at), Some(desk.now())));
}

#[rstest]
#[tokio::test]
async fn a_failed_text_says_why(
    #[values(
        (Speech::Kannel, "stat:EXPIRED", MessageReason::PhoneUnreachable),
        (Speech::Kannel, "stat:REJECTD", MessageReason::Blocked),
        (Speech::Kannel, "NACK/0x0000000b/Invalid Destination", MessageReason::NumberUnknown),
        (Speech::Kannel, "", MessageReason::NetworkFault),
        (Speech::Twilio, "30003", MessageReason::PhoneUnreachable),
        (Speech::Twilio, "30004", MessageReason::Blocked),
        (Speech::Twilio, "30005", MessageReason::NumberUnknown),
        (Speech::Twilio, "30008", MessageReason::NetworkFault),
        (Speech::Twilio, "39999", MessageReason::NetworkFault),
        (Speech::Json, "off", MessageReason::PhoneUnreachable),
        (Speech::Json, "stop_list", MessageReason::Blocked),
        (Speech::Json, "no_such_number", MessageReason::NumberUnknown),
        (Speech::Json, "network", MessageReason::NetworkFault)
    )]
    told: (Speech, &'static str, MessageReason),
) {
    let (speech, word, reason) = told;
    let gateway = Scripted::speaking(speech, Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(Sqlite, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::Failed(word))).await.bytes(200);
    let failed = sent.now().await;
    assert_eq!((failed.state, failed.reason), (MessageState::Failed, Some(reason)));
    assert_eq!((failed.ended_at, failed.attempts), (Some(desk.now()), 1), "and is not sent again");
}

#[rstest]
#[tokio::test]
async fn a_state_only_moves_forward(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(
        (&[Said::Delivered, Said::UnderWay][..], MessageState::Delivered),
        (&[Said::Delivered, Said::Failed("stat:EXPIRED")][..], MessageState::Delivered),
        (&[Said::Failed("stat:EXPIRED"), Said::UnderWay][..], MessageState::Failed),
        // The phone has it: whoever said otherwise was wrong.
        (&[Said::Failed("stat:EXPIRED"), Said::Delivered][..], MessageState::Delivered),
        (&[Said::Failed("stat:EXPIRED"), Said::Delivered, Said::Failed("stat:UNDELIV")][..], MessageState::Delivered)
    )]
    told: (&'static [Said], MessageState),
) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    for said in told.0 {
        desk.advance(Duration::seconds(1));
        desk.visitor().deliver(&gateway.report(&sent.attempt, *said)).await.bytes(200);
    }
    let message = sent.now().await;
    assert_eq!(message.state, told.1);
    let is_failed = told.1 == MessageState::Failed;
    assert_eq!((message.reason.is_some(), message.ended_at.is_some()), (is_failed, is_failed));
}

#[rstest]
#[tokio::test]
async fn a_report_that_overtakes_the_answer_counts_and_the_answer_takes_nothing_back(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Speech::Kannel, Speech::Twilio, Speech::Json)] speech: Speech,
) {
    let gateway = Scripted::speaking(speech, Behaviour::Hold).await;
    let Some(desk) = Desk::open_with(engine, reporting_patiently(&[&gateway])).await else { return };
    let sent = Sent::through(&desk, &gateway).await;
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::Delivered)).await.bytes(200);
    let delivered = sent.now().await;
    assert_eq!((delivered.state, delivered.sent_at), (MessageState::Delivered, Some(desk.now())));
    sent.minh.verify_otp(sent.draft, &sent.attempt.text.code()).await.json::<Registration>(200);
    desk.advance(Duration::seconds(1));
    gateway.release();
    wait::until("the answer to be recorded", || async { log::caught().contains("Sent {").then_some(()) }).await;
    assert_eq!(sent.now().await, delivered);
    assert_eq!(gateway.attempts().len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_report_by_the_gateways_own_name_counts_before_that_name_is_known_here(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(Said::Delivered, Said::Failed("stop_list"))] said: Said,
) {
    let gateway = Scripted::json(Behaviour::Hold).await;
    let Some(desk) = Desk::open_with(engine, reporting_patiently(&[&gateway])).await else { return };
    let sent = Sent::through(&desk, &gateway).await;
    desk.visitor().deliver(&gateway.report_by_reference(&sent.attempt, said)).await.bytes(200);
    assert_eq!(sent.now().await.state, MessageState::Queued, "whose text that is, nobody knows yet");
    gateway.release();
    match said {
        Said::Delivered => assert_eq!(sent.is(MessageState::Delivered).await.reason, None),
        _ => assert_eq!(sent.is(MessageState::Failed).await.reason, Some(MessageReason::Blocked)),
    }
    assert_eq!(desk.rows("SELECT reference FROM early_reports", []).await.len(), 0, "nothing is left waiting");
}

#[rstest]
#[tokio::test]
async fn a_report_of_an_attempt_that_was_given_up_changes_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::through(&desk, &gateway).await;
    let waiting = sent.minh.waiting(&desk, sent.draft, 1).await;
    gateway.will(Behaviour::Accept);
    desk.advance_to_next_attempt(&waiting);
    let second = sent.is(MessageState::Sent).await;
    for said in [Said::Failed("stat:UNDELIV"), Said::Delivered] {
        desk.visitor().deliver(&gateway.report(&sent.attempt, said)).await.bytes(200);
        assert_eq!(sent.now().await, second, "its code is dead: whether it arrived is no news");
    }
    let newest = gateway.attempt(2).await;
    desk.visitor().deliver(&gateway.report(&newest, Said::Delivered)).await.bytes(200);
    sent.is(MessageState::Delivered).await;
}

#[rstest]
#[tokio::test]
async fn an_attempt_that_calls_nobody_leaves_the_one_before_as_good_as_it_was(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let one_text = |settings: &mut Settings| {
        reporting(&[&gateway])(settings);
        settings.messages.caps.per_phone_hour = 1;
    };
    let Some(desk) = Desk::open_with(engine, one_text).await else { return };
    let sent = Sent::through(&desk, &gateway).await;
    let waiting = sent.minh.waiting(&desk, sent.draft, 1).await;
    desk.advance_to_next_attempt(&waiting);
    let given_up = sent.is(MessageState::Dropped).await;
    assert_eq!((given_up.reason, given_up.attempts), (Some(MessageReason::PhoneCapReached), 2));
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::Delivered)).await.bytes(200);
    let delivered = sent.is(MessageState::Delivered).await;
    assert_eq!((delivered.reason, delivered.ended_at), (None, None));
    let code = sent.attempt.text.code();
    sent.minh.verify_otp(sent.draft, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn the_same_report_a_thousand_times_is_one_change_and_soon_done(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::twilio(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let report = gateway.report(&sent.attempt, Said::Delivered);
    desk.visitor().deliver(&report).await.bytes(200);
    let delivered = sent.now().await;
    desk.advance(Duration::seconds(1));
    let (visitor, began) = (desk.visitor(), Instant::now());
    for _ in 0..50 {
        let twenty = (0..20).map(|_| visitor.deliver(&report));
        for answer in futures_util::future::join_all(twenty).await {
            answer.bytes(200);
        }
    }
    let took = began.elapsed();
    assert_eq!(sent.now().await, delivered);
    assert!(took.as_secs() < 20, "{took:?}");
    let moves = log::caught().lines().filter(|line| line.contains("\"has_moved\":true")).count();
    if log::errors().is_some() {
        assert_eq!(moves, 1);
    }
}

#[rstest]
#[tokio::test]
async fn a_report_that_never_comes_is_said_and_a_late_one_still_counts(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let wait = Duration::seconds(i64::from(desk.settings().messages.report_seconds));
    desk.advance(wait);
    assert_eq!(sent.now().await.reason, None);
    desk.advance(Duration::milliseconds(1));
    let overdue = sent.now().await;
    assert_eq!((overdue.state, overdue.reason), (MessageState::Sent, Some(MessageReason::NoReport)));
    desk.visitor().deliver(&gateway.report(&sent.attempt, Said::Delivered)).await.bytes(200);
    let delivered = sent.now().await;
    assert_eq!((delivered.state, delivered.reason), (MessageState::Delivered, None));
}

#[rstest]
#[tokio::test]
async fn where_no_reports_are_asked_for_none_is_missed(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Accept).await;
    let silent = motcua_tests::gateway::through(&[&gateway]);
    let Some(desk) = Desk::open_with(engine, silent).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    desk.advance(Duration::hours(1));
    let minh = desk.sign_in("minh").await;
    let message = minh.registration_messages(sent.draft).await.remove(0);
    assert_eq!((message.state, message.reason), (MessageState::Sent, None));
}

/// What is wrong with a report that must not be believed.
#[derive(Clone, Copy, Debug)]
enum Forgery {
    NoProof,
    OtherProof,
    OtherMessage,
    OtherAttempt,
    OtherBody,
    OtherSecret,
    OtherGateway,
}

fn forge(report: Report, forgery: Forgery) -> Report {
    let replaced = |from: &str, to: &str| report.url.replace(from, to);
    let proof = report.url.split_once("proof=").map(|(_, rest)| rest.split('&').next().unwrap_or_default().to_owned());
    let proof = proof.unwrap_or_default();
    match forgery {
        Forgery::NoProof => Report { url: replaced(&proof, ""), headers: Vec::new(), ..report },
        Forgery::OtherProof => {
            let other: String = proof.chars().map(|c| if c == '0' { '1' } else { '0' }).collect();
            Report { url: replaced(&proof, &other), ..report }
        }
        Forgery::OtherMessage => {
            let other = format!("message={}", Uuid::nil());
            let (before, after) = report.url.split_once("message=").unwrap();
            Report { url: format!("{before}{other}&{}", after.split_once('&').unwrap().1), ..report }
        }
        Forgery::OtherAttempt => Report { url: replaced("attempt=1", "attempt=2"), ..report },
        Forgery::OtherBody => {
            let body = report.body.map(|(kind, body)| (kind, body.replace("undelivered", "delivered")));
            Report { body, ..report }
        }
        Forgery::OtherSecret => {
            Report { headers: report.headers.iter().map(|(name, _)| (*name, "AAAA".to_owned())).collect(), ..report }
        }
        Forgery::OtherGateway => Report { url: replaced("/gateways/kannel/", "/gateways/json/"), ..report },
    }
}

#[rstest]
#[tokio::test]
async fn a_forged_report_is_refused_and_changes_nothing(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(
        (Speech::Kannel, Forgery::NoProof),
        (Speech::Kannel, Forgery::OtherProof),
        (Speech::Kannel, Forgery::OtherMessage),
        (Speech::Kannel, Forgery::OtherAttempt),
        (Speech::Kannel, Forgery::OtherGateway),
        (Speech::Twilio, Forgery::OtherBody),
        (Speech::Twilio, Forgery::OtherSecret),
        (Speech::Twilio, Forgery::NoProof),
        (Speech::Json, Forgery::NoProof),
        (Speech::Json, Forgery::OtherProof)
    )]
    forged: (Speech, Forgery),
) {
    let (speech, forgery) = forged;
    let gateway = Scripted::speaking(speech, Behaviour::Accept).await;
    let beside =
        Scripted::speaking(if speech == Speech::Json { Speech::Kannel } else { Speech::Json }, Behaviour::Close).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway, &beside])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let before = sent.now().await;
    let word = match speech {
        Speech::Kannel => "stat:EXPIRED",
        Speech::Twilio => "30003",
        Speech::Json => "off",
    };
    let report = forge(gateway.report(&sent.attempt, Said::Failed(word)), forgery);
    desk.visitor().deliver(&report).await.refused(ProblemCode::Unauthenticated);
    assert_eq!(sent.now().await, before);
}

#[rstest]
#[tokio::test]
async fn the_secret_of_the_header_is_asked_for_where_the_url_proves_nothing(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::json(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let report = gateway.report_by_reference(&sent.attempt, Said::Delivered);
    for headers in [Vec::new(), vec![("x-key", "khac".to_owned())], vec![("x-key", String::new())]] {
        let forged = Report { headers, ..report.clone() };
        desk.visitor().deliver(&forged).await.refused(ProblemCode::Unauthenticated);
    }
    assert_eq!(sent.now().await.state, MessageState::Sent);
    desk.visitor().deliver(&report).await.bytes(200);
    assert_eq!(sent.now().await.state, MessageState::Delivered);
}

#[rstest]
#[tokio::test]
async fn a_gateway_of_another_name_is_not_there_and_what_cannot_be_read_is_said(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let gateway = Scripted::json(Behaviour::Accept).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let sent = Sent::accepted(&desk, &gateway).await;
    let report = gateway.report(&sent.attempt, Said::Delivered);
    let elsewhere = Report { url: report.url.replace("/json/", "/nobody/"), ..report.clone() };
    desk.visitor().deliver(&elsewhere).await.refused(ProblemCode::NotFound);
    for body in ["", "not json", "{}", "[]"] {
        let unreadable = Report { body: Some(("application/json", body.to_owned())), ..report.clone() };
        desk.visitor().deliver(&unreadable).await.refused(ProblemCode::BodyInvalid);
    }
    let endless = Report { body: Some(("application/json", " ".repeat(33 * 1024))), ..report.clone() };
    desk.visitor().deliver(&endless).await.refused(ProblemCode::BodyTooLarge);
    assert_eq!(sent.now().await.state, MessageState::Sent);
}
