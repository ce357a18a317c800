//! `/metrics`, and the alerts that are made of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::Duration;
use motcua::settings::{Breaker, Settings};
use motcua_openapi::messages::MessageState;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::report::Said;
use motcua_tests::gateway::{Behaviour, Scripted, reporting};
use motcua_tests::kannel::free_ports;
use motcua_tests::people::citizen;
use regex::Regex;
use rstest::rstest;

/// Numbers on a port of their own.
fn measured(settings: &mut Settings) {
    let [port] = free_ports();
    settings.server.metrics_listen = format!("127.0.0.1:{port}");
}

async fn metrics(desk: &Desk) -> String {
    let url = format!("http://{}/metrics", desk.settings().server.metrics_listen);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// Whether a line of that metric carries every one of these labels.
fn counts(metrics: &str, name: &str, labels: &[&str]) -> bool {
    let of_name = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
    metrics.lines().filter(of_name).any(|line| labels.iter().all(|label| line.contains(label)))
}

fn prometheus_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/prometheus")
}

#[rstest]
#[tokio::test]
async fn what_happens_is_counted_by_gateway_and_reason_and_never_by_person(#[values(Sqlite, Postgres)] engine: Engine) {
    let (first, second) = (Scripted::kannel(Behaviour::Accept).await, Scripted::json(Behaviour::Accept).await);
    let quick_to_rest = |settings: &mut Settings| {
        reporting(&[&first, &second])(settings);
        settings.messages.breaker = Breaker { calls: 1, failure_share: 0.5, rest_seconds: 600, probes: 1 };
        measured(settings);
    };
    let Some(desk) = Desk::open_with(engine, quick_to_rest).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    let message = minh.sent_otp(draft.id).await;
    let attempt = first.attempt(1).await;
    desk.visitor().deliver(&first.report(&attempt, Said::Delivered)).await.bytes(200);
    minh.message_in_state(draft.id, message, MessageState::Delivered).await;
    first.will(Behaviour::Answer(500));
    for n in 2..=4 {
        let draft = minh.draft(&citizen(n)).await;
        minh.sent_otp(draft.id).await;
    }

    let metrics = metrics(&desk).await;
    for (name, labels) in [
        ("motcua_outbox_queued", &[][..]),
        ("motcua_outbox_oldest_seconds", &[]),
        ("motcua_gateway_calls_total", &[r#"gateway="kannel""#, r#"verdict="accepted""#]),
        ("motcua_gateway_calls_total", &[r#"gateway="kannel""#, r#"verdict="fault""#]),
        ("motcua_gateway_calls_total", &[r#"gateway="json""#, r#"verdict="accepted""#]),
        ("motcua_gateway_call_seconds_bucket", &[r#"gateway="kannel""#]),
        ("motcua_gateway_rests_total", &[r#"gateway="kannel""#]),
        ("motcua_message_attempts_total", &[r#"purpose="otp""#, r#"outcome="sent""#]),
        ("motcua_message_send_seconds_bucket", &[r#"purpose="otp""#]),
        ("motcua_message_reports_total", &[r#"gateway="kannel""#, r#"fate="delivered""#]),
    ] {
        assert!(counts(&metrics, name, labels), "{name} {labels:?} is not in\n{metrics}");
    }
    let alerts = std::fs::read_to_string(prometheus_folder().join("alerts.yml")).unwrap();
    for name in Regex::new(r"\bmotcua_[a-z_]+").unwrap().find_iter(&alerts) {
        assert!(counts(&metrics, name.as_str(), &[]), "an alert looks at {}, which nobody counts", name.as_str());
    }
    let (minh_id, unit) = (minh.me().await.id.to_string(), minh.unit().await.to_string());
    let (draft, message) = (draft.id.to_string(), message.to_string());
    let code = attempt.text.code();
    for personal in ["905000001", "0001", "minh", "Minh", &minh_id, &unit, &draft, &message, &code] {
        assert!(!metrics.contains(personal), "{personal} is in\n{metrics}");
    }
}

#[rstest]
#[tokio::test]
async fn the_outbox_is_as_deep_and_as_old_as_the_database_says(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::kannel(Behaviour::Close).await;
    let measured = |settings: &mut Settings| {
        reporting(&[&gateway])(settings);
        measured(settings);
    };
    let Some(desk) = Desk::open_with(engine, measured).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=2 {
        let draft = minh.draft(&citizen(n)).await;
        minh.send_otp(draft.id).await.bytes(202);
        minh.waiting(&desk, draft.id, 1).await;
        desk.advance(Duration::milliseconds(500));
    }
    let metrics = metrics(&desk).await;
    let value = |name: &str| metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    assert_eq!((value("motcua_outbox_queued "), value("motcua_outbox_oldest_seconds ")), (Some(2.0), Some(1.0)));
}

#[rstest]
#[tokio::test]
async fn the_numbers_are_not_on_the_port_of_the_api(#[values(Sqlite)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, measured).await else { return };
    let answer = desk.visitor().call_anything(reqwest::Method::GET, "/metrics").outside_the_contract().send().await;
    assert_eq!(answer.status, 404, "{}", answer.text());
}

#[rstest]
fn the_alerts_are_rules_and_do_what_their_tests_say(
    #[values(&["check", "rules", "alerts.yml"][..], &["test", "rules", "alerts.test.yml"][..])] arguments: &[&str],
) {
    let ran = Command::new("promtool").args(arguments).current_dir(prometheus_folder()).output();
    let ran = ran.unwrap_or_else(|error| panic!("promtool: {error}: apt-get install prometheus"));
    let said = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&said));
}
