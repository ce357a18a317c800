//! The administrator's morning: what was created, refused, left quiet and not delivered in their agency.

use std::time::Instant;

use chrono::{Duration, NaiveDate};
use motcua_openapi::dashboard::Dashboard;
use motcua_openapi::messages::MessageReason;
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::gateway::{Behaviour, Scripted, reporting};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk, wait};
use rstest::rstest;

async fn dashboard(administrator: &Client) -> Dashboard {
    administrator.get_dashboard(&[]).await.json(200)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[rstest]
#[tokio::test]
async fn accounts_are_counted_by_the_day_at_the_desk_and_by_unit(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let unit = minh.unit().await;
    minh.account(&desk, &citizen(1)).await;
    minh.account(&desk, &citizen(2)).await;
    desk.sign_in("nam").await.account(&desk, &citizen(3)).await;
    // 23:59 at the desk, then 00:01 of the next day; in UTC both are of 2 March.
    desk.advance(Duration::minutes(14 * 60 + 59));
    desk.sign_in("minh").await.account(&desk, &citizen(4)).await;
    desk.advance(Duration::minutes(2));
    desk.sign_in("minh").await.account(&desk, &citizen(5)).await;
    let counted = dashboard(&desk.sign_in("an").await).await;
    assert_eq!((counted.from, counted.to), (day("2026-02-02"), day("2026-03-03")));
    let accounts: Vec<_> = counted.accounts.iter().map(|one| (one.day, one.unit_id, one.count)).collect();
    assert_eq!(accounts, [(day("2026-03-02"), unit, 3), (day("2026-03-03"), unit, 1)], "not those of nam");
    assert_eq!(counted.units.iter().map(|unit| unit.id).collect::<Vec<_>>(), [unit]);
    desk.advance(Duration::days(30));
    assert_eq!(dashboard(&desk.sign_in("an").await).await.accounts, [], "thirty days on");
}

#[rstest]
#[tokio::test]
async fn a_desk_is_quiet_after_so_many_days_without_an_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, an) = (desk.sign_in("minh").await, desk.sign_in("an").await);
    let (unit, ward) = (minh.unit().await, desk.sign_in("hoa").await.unit().await);
    let quiet = |counted: &Dashboard| counted.quiet_desks.iter().map(|one| one.unit.id).collect::<Vec<_>>();
    let mut both = [unit, ward];
    both.sort_unstable();
    let mut found = quiet(&dashboard(&an).await);
    found.sort_unstable();
    assert_eq!(found, both, "not the unit whose name has no marker, nor that of another agency");
    let created_at = minh.account(&desk, &citizen(1)).await.created_at;
    assert_eq!(quiet(&dashboard(&an).await), [ward]);
    desk.advance(Duration::days(7));
    let counted = dashboard(&desk.sign_in("an").await).await;
    assert_eq!(quiet(&counted), [ward, unit], "one that never had any comes first");
    assert_eq!(counted.quiet_desks[1].last_created_at, Some(created_at));
    let longer: Dashboard = desk.sign_in("an").await.get_dashboard(&[("quiet_days", "8")]).await.json(200);
    assert_eq!((longer.quiet_days, quiet(&longer)), (8, vec![ward]));
}

#[rstest]
#[tokio::test]
async fn refusals_at_desks_are_counted_by_reason_and_outlive_the_server(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(mut desk) = Desk::open_with(engine, |settings| settings.dashboard.flush_seconds = 3600).await else {
        return;
    };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let agency = desk.rows("SELECT agency_id FROM officers WHERE username = 'minh'", []).await;
    let agency: uuid::Uuid = agency[0].try_get("", "agency_id").unwrap();
    minh.look_up("12").await.refused(ProblemCode::BodyInvalid);
    minh.look_up("13").await.refused(ProblemCode::BodyInvalid);
    minh.get_account(uuid::Uuid::nil()).await.refused(ProblemCode::NotFound);
    nam.look_up("12").await.refused(ProblemCode::BodyInvalid);
    // Not at a desk.
    minh.get_statistics("24").await.refused(ProblemCode::Forbidden);
    assert_eq!(dashboard(&desk.sign_in("an").await).await.refusals, [], "they are in memory");
    desk.stop().await;
    desk.start_again(|settings| settings.dashboard.flush_seconds = 1).await;
    let refusals = |counted: Dashboard| {
        counted.refusals.into_iter().map(|one| (one.unit_id, one.code, one.count)).collect::<Vec<_>>()
    };
    let expected = [(agency, ProblemCode::BodyInvalid, 2), (agency, ProblemCode::NotFound, 1)];
    let an = desk.sign_in("an").await;
    assert_eq!(refusals(dashboard(&an).await), expected, "minh has two units: the agency's");
    desk.sign_in("hoa").await.look_up("12").await.refused(ProblemCode::BodyInvalid);
    desk.sign_in("minh").await.look_up("12").await.refused(ProblemCode::BodyInvalid);
    let sum = |all: &[(uuid::Uuid, ProblemCode, u64)]| all.iter().map(|one| one.2).sum::<u64>();
    let all = wait::until("the refusals to be written", || async {
        let all = refusals(dashboard(&an).await);
        (sum(&all) == 5).then_some(all)
    })
    .await;
    assert!(all.contains(&(agency, ProblemCode::BodyInvalid, 3)), "added to what was there: {all:?}");
    let ward = desk.sign_in("hoa").await.unit().await;
    assert!(all.contains(&(ward, ProblemCode::BodyInvalid, 1)), "hoa has one unit: {all:?}");
}

#[rstest]
#[tokio::test]
async fn failing_texts_are_counted_by_reason(#[values(Sqlite, Postgres)] engine: Engine) {
    let gateway = Scripted::twilio(Behaviour::Refuse).await;
    let Some(desk) = Desk::open_with(engine, reporting(&[&gateway])).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 1..=2 {
        let draft = minh.draft(&citizen(n)).await;
        let queued: motcua_openapi::registrations::OtpQueued = minh.send_otp(draft.id).await.json(202);
        minh.message_in_state(draft.id, queued.message_id, motcua_openapi::messages::MessageState::Failed).await;
    }
    gateway.will(Behaviour::Accept);
    let draft = minh.draft(&citizen(3)).await;
    minh.sent_otp(draft.id).await;
    let texts = dashboard(&desk.sign_in("an").await).await.texts;
    assert_eq!((texts.total, texts.failing), (3, 2));
    let failures: Vec<_> = texts.failures.iter().map(|one| (one.gateway.as_deref(), one.reason, one.count)).collect();
    assert_eq!(failures, [(Some("twilio"), Some(MessageReason::NumberUnknown), 2)]);
    desk.advance(Duration::minutes(4));
    let texts = dashboard(&desk.sign_in("an").await).await.texts;
    assert_eq!((texts.failing, texts.failures[1].reason), (3, Some(MessageReason::NoReport)), "overdue");
}

#[rstest]
#[tokio::test]
async fn officers_do_not_see_it_and_days_out_of_range_are_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    desk.sign_in("minh").await.get_dashboard(&[]).await.refused(ProblemCode::Forbidden);
    let an = desk.sign_in("an").await;
    for days in ["0", "31"] {
        let fields = an.get_dashboard(&[("quiet_days", days)]).await.refused_fields(ProblemCode::RequestInvalid);
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("quiet_days", FieldCode::OutOfRange));
    }
}

/// 100,000 accounts of the last thirty days, half of them of this desk: copies of one, made by the database.
async fn crowd(desk: &Desk) {
    let numbers = if desk.is_postgres() {
        "SELECT n FROM generate_series(1, 100000) AS n"
    } else {
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000) SELECT n FROM s"
    };
    let (id, created_at, guards) = if desk.is_postgres() {
        ("gen_random_uuid()", "created_at - n * interval '24 seconds'", "SET LOCAL session_replication_role = replica")
    } else {
        let created_at = "strftime('%Y-%m-%dT%H:%M:%f000+00:00', created_at, '-' || (n * 24) || ' seconds')";
        ("randomblob(16)", created_at, "PRAGMA defer_foreign_keys = on")
    };
    let columns = "officer_id, full_name, name_folded, personal_sealed, phone_index, scan_sealed, password_hash, \
                   password_sequence, password_message_id";
    let unit = "CASE WHEN n % 2 = 0 THEN unit_id ELSE (SELECT unit_id FROM officer_units WHERE officer_id = \
                (SELECT id FROM officers WHERE username = 'hoa')) END";
    let registration_id = if desk.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let registrations = "id, version, state, officer_id, unit_id, otp_sequence, created_at, updated_at, updated_by, \
                         expires_at";
    let mut statements = vec![guards.to_owned()];
    if desk.is_postgres() {
        statements.push(format!(
            "INSERT INTO accounts (id, registration_id, unit_id, created_at, {columns}) \
             SELECT {id}, {registration_id}, {unit}, {created_at}, {columns} FROM accounts, ({numbers}) AS numbers"
        ));
    } else {
        // Each with a registration: SQLite holds the reference to one at the end at the latest.
        statements.push("CREATE TEMP TABLE crowd AS SELECT 0 AS n, x'00' AS id WHERE 0".to_owned());
        statements.push(format!("INSERT INTO crowd SELECT n, {registration_id} FROM ({numbers})"));
        statements.push(format!(
            "INSERT INTO registrations ({registrations}) SELECT crowd.id, {} FROM registrations, crowd",
            registrations.strip_prefix("id, ").unwrap().replace("version", "registrations.version")
        ));
        statements.push(format!(
            "INSERT INTO accounts (id, registration_id, unit_id, created_at, {columns}) \
             SELECT {id}, crowd.id, {unit}, {created_at}, {columns} FROM accounts, crowd"
        ));
    }
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    desk.tamper(&statements).await;
    desk.write("ANALYZE", []).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_hundred_thousand_accounts_are_counted_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    desk.sign_in("minh").await.account(&desk, &citizen(1)).await;
    crowd(&desk).await;
    let an = desk.sign_in("an").await;
    let begun = Instant::now();
    let counted = dashboard(&an).await;
    let took = begun.elapsed();
    eprintln!("the dashboard of 100,001 accounts on {engine:?}: {took:?}");
    let sum: u64 = counted.accounts.iter().map(|one| one.count).sum();
    assert!(sum > 99_000, "{sum} of the last thirty days");
    assert_eq!(counted.units.len(), 2);
    assert!(took < std::time::Duration::from_secs(3), "{took:?}");
}
