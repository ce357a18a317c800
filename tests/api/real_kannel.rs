//! A real Kannel with its fake SMSC: the normal path, the report that comes back, being killed in between.

use motcua::settings::{Gateway, Settings};
use motcua_openapi::messages::{MessageReason, MessageState};
use motcua_openapi::registrations::{OtpQueued, Registration};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::kannel::{self, Kannel, free_ports};
use motcua_tests::people::citizen;
use motcua_tests::phone::code_in;
use motcua_tests::{Desk, log, wait};
use rstest::rstest;

/// Sends through it; the server listens where its report URL says.
fn through(kannel: &Kannel) -> impl FnOnce(&mut Settings) + use<> {
    let gateway = Gateway::Kannel(kannel.settings());
    move |settings| {
        let [port] = free_ports();
        settings.server.listen = format!("127.0.0.1:{port}");
        settings.messages.report_url = format!("http://127.0.0.1:{port}");
        settings.messages.order = vec!["kannel".into()];
        settings.messages.gateways = [("kannel".into(), gateway)].into();
    }
}

/// The newest code that reached the fake SMSC.
async fn code_at_the_smsc(kannel: &Kannel) -> String {
    let line = wait::until("the text at the SMSC", || async {
        kannel.received().lines().rfind(|line| line.contains("Ma OTP")).map(str::to_owned)
    })
    .await;
    assert!(line.contains("905000001"), "{line}");
    code_in(line.split("Ma").nth(1).unwrap())
}

#[rstest]
#[tokio::test]
async fn a_real_kannel_brings_the_code_to_its_smsc_and_reports_it_delivered(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let kannel = Kannel::start().await;
    let Some(desk) = Desk::open_with(engine, through(&kannel)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let delivered = minh.message_in_state(draft.id, queued.message_id, MessageState::Delivered).await;
    assert_eq!((delivered.attempts, delivered.delivered_at), (1, Some(desk.now())));
    let code = code_at_the_smsc(&kannel).await;
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
    for secret in [kannel::PASSWORD, &code, "905000001"] {
        assert!(!log::holds(secret), "{secret} is logged");
    }
}

#[rstest]
#[tokio::test]
async fn a_text_asked_for_while_kannel_is_dead_arrives_when_it_is_back(#[values(Sqlite, Postgres)] engine: Engine) {
    let mut kannel = Kannel::start().await;
    let Some(desk) = Desk::open_with(engine, through(&kannel)).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    kannel.kill().await;
    let queued: OtpQueued = minh.send_otp(draft.id).await.json(202);
    let message = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!((message.state, message.reason), (MessageState::Queued, Some(MessageReason::GatewayUnreachable)));
    assert!(!kannel.received().contains("Ma OTP"), "nothing got out");

    kannel.start_again().await;
    desk.advance_to_next_attempt(&message);
    minh.message_in_state(draft.id, queued.message_id, MessageState::Delivered).await;
    let code = code_at_the_smsc(&kannel).await;
    minh.verify_otp(draft.id, &code).await.json::<Registration>(200);
}

#[rstest]
#[tokio::test]
async fn a_real_kannel_that_does_not_know_our_user_is_at_fault_and_not_the_message(#[values(Sqlite)] engine: Engine) {
    let kannel = Kannel::start().await;
    let wrong = |settings: &mut Settings| {
        through(&kannel)(settings);
        let wrong = motcua::settings::Kannel { password: "wrong".into(), ..kannel.settings() };
        settings.messages.gateways = [("kannel".into(), Gateway::Kannel(wrong))].into();
    };
    let Some(desk) = Desk::open_with(engine, wrong).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.send_otp(draft.id).await.bytes(202);
    let waiting = minh.waiting(&desk, draft.id, 1).await;
    assert_eq!(waiting.reason, Some(MessageReason::GatewayFault));
}
