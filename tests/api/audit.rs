//! The audit: written with the act, sealed behind it, and whoever changes it afterwards is found.

use chrono::Duration;
use motcua::audit::{self, About, Act, By, Finding, Head, Verdict};
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use rstest::rstest;
use uuid::Uuid;

/// A desk whose audit has so many sealed events.
async fn sealed(engine: Engine, events: u32) -> Option<Desk> {
    let desk = Desk::open(engine).await?;
    for _ in 0..events {
        desk.sign_in("minh").await;
    }
    seal(&desk).await;
    Some(desk)
}

async fn seal(desk: &Desk) {
    desk.advance(Duration::seconds(6));
    audit::seal_due(desk.services()).await.unwrap();
}

async fn walk(desk: &Desk) -> Verdict {
    walk_from(desk, None).await
}

async fn walk_from(desk: &Desk, known: Option<&Head>) -> Verdict {
    audit::verify(desk.services(), known, |_, _| {}).await.unwrap()
}

/// The event at a place.
async fn id_at(desk: &Desk, sequence: i64) -> Uuid {
    let rows = desk.rows("SELECT id FROM audit_events WHERE sequence = $1", [sequence.into()]).await;
    rows.first().unwrap().try_get("", "id").unwrap()
}

#[rstest]
#[tokio::test]
async fn every_event_gets_a_place_without_gaps_and_an_untouched_chain_is_whole(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    for _ in 0..5 {
        desk.sign_in("minh").await;
    }
    let before = walk(&desk).await;
    assert_eq!((before.events, before.findings), (0, vec![]), "none has waited long enough");
    seal(&desk).await;
    desk.sign_in("hoa").await;
    let mut heard = Vec::new();
    let verdict = audit::verify(desk.services(), None, |done, total| heard.push((done, total))).await.unwrap();
    assert_eq!((verdict.events, verdict.head.sequence, verdict.findings), (5, 5, vec![]));
    assert_eq!(heard, [(5, 5)]);
    seal(&desk).await;
    assert_eq!(walk_from(&desk, Some(&verdict.head)).await.head.sequence, 6);
}

#[rstest]
#[tokio::test]
async fn several_sealers_at_once_make_one_chain(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let second = desk.second_server().await;
    let transaction = desk.services().database.begin().await.unwrap();
    let acts = (0..1_234).map(|n| (Act::AccountRead, About::of(Uuid::from_u128(n)))).collect();
    audit::record_all(&transaction, desk.services(), By::System, acts).await.unwrap();
    transaction.commit().await.unwrap();
    desk.advance(Duration::seconds(6));
    let (a, b, c) = (desk.services(), &second.services, desk.services());
    let sealed = futures_util::future::join3(audit::seal_due(a), audit::seal_due(b), audit::seal_due(c)).await;
    assert!(sealed.0.is_ok() && sealed.1.is_ok() && sealed.2.is_ok());
    audit::seal_due(desk.services()).await.unwrap();
    let verdict = walk(&desk).await;
    assert_eq!((verdict.events, verdict.head.sequence, verdict.findings), (1_234, 1_234, vec![]));
    second.stop().await.unwrap();
}

/// On SQLite one transaction writes at a time: nothing can be late there.
#[tokio::test]
async fn what_commits_late_is_sealed_late_and_never_lost() {
    let Some(desk) = Desk::open(Postgres).await else { return };
    let slow = desk.services().database.begin().await.unwrap();
    audit::record(&slow, desk.services(), By::System, Act::AccountRead, About::of(Uuid::nil())).await.unwrap();
    desk.advance(Duration::seconds(1));
    desk.sign_in("minh").await;
    seal(&desk).await;
    assert_eq!(walk(&desk).await.head.sequence, 1);
    slow.commit().await.unwrap();
    seal(&desk).await;
    let verdict = walk(&desk).await;
    assert_eq!((verdict.head.sequence, verdict.findings), (2, vec![]));
}

#[rstest]
#[tokio::test]
async fn the_database_itself_refuses_to_change_or_delete_an_event(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = sealed(engine, 2).await else { return };
    desk.sign_in("minh").await;
    for statement in [
        "UPDATE audit_events SET act = 'account_read' WHERE sequence = 1",
        "UPDATE audit_events SET act = 'account_read' WHERE sequence IS NULL",
        "UPDATE audit_events SET act = 'account_read', sequence = 3 WHERE sequence IS NULL",
        "UPDATE audit_events SET officer_id = NULL",
        "UPDATE audit_events SET sequence = NULL",
        "UPDATE audit_events SET sequence = 7 WHERE sequence = 1",
        "DELETE FROM audit_events WHERE sequence = 1",
        "DELETE FROM audit_events",
    ] {
        let error = desk.write(statement, []).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
    if desk.is_postgres() {
        assert!(desk.write("TRUNCATE audit_events", []).await.is_err());
    }
    assert_eq!(walk(&desk).await.findings, []);
}

#[rstest]
#[tokio::test]
async fn a_changed_event_is_found(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values("act = 'account_read'", "officer_id = subject_id", "remote_address = '10.0.0.9'", "mac = seal")]
    change: &str,
) {
    let Some(desk) = sealed(engine, 4).await else { return };
    let id = id_at(&desk, 2).await;
    desk.tamper(&[&format!("UPDATE audit_events SET {change} WHERE sequence = 2")]).await;
    assert_eq!(walk(&desk).await.findings, [Finding::Changed { sequence: Some(2), id }]);
    let said = walk(&desk).await.findings[0].to_string();
    assert!(said.contains("sequence 2") && said.contains(&id.to_string()), "{said}");
}

#[rstest]
#[tokio::test]
async fn a_deleted_event_is_found(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = sealed(engine, 5).await else { return };
    desk.tamper(&["DELETE FROM audit_events WHERE sequence IN (2, 3)"]).await;
    assert_eq!(walk(&desk).await.findings, [Finding::Missing { from: 2, to: 3 }]);
    desk.tamper(&["DELETE FROM audit_events WHERE sequence = 1"]).await;
    assert_eq!(walk(&desk).await.findings, [Finding::Missing { from: 1, to: 3 }]);
}

#[rstest]
#[tokio::test]
async fn two_swapped_events_are_found(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = sealed(engine, 5).await else { return };
    let (second, third) = (id_at(&desk, 2).await, id_at(&desk, 3).await);
    desk.tamper(&[
        "UPDATE audit_events SET sequence = 99 WHERE sequence = 2",
        "UPDATE audit_events SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit_events SET sequence = 3 WHERE sequence = 99",
    ])
    .await;
    let findings = walk(&desk).await.findings;
    assert_eq!(
        findings[..2],
        [Finding::Moved { sequence: 2, id: third }, Finding::Moved { sequence: 3, id: second }],
        "{findings:?}"
    );
}

#[rstest]
#[tokio::test]
async fn an_inserted_event_is_found_before_and_after_it_is_sealed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = sealed(engine, 3).await else { return };
    let forged = Uuid::from_u128(77);
    let copy = "INSERT INTO audit_events (id, at, act, officer_id, mac) \
                SELECT $1, at, 'account_created', officer_id, mac FROM audit_events WHERE sequence = 2";
    desk.write(copy, [forged.into()]).await.unwrap();
    let waiting = walk(&desk).await.findings;
    assert!(waiting.iter().all(|one| matches!(one, Finding::Changed { id, .. } if *id == forged)), "{waiting:?}");
    assert_eq!(waiting.len(), 1);
    seal(&desk).await;
    assert_eq!(walk(&desk).await.findings, [Finding::Changed { sequence: Some(4), id: forged }]);
    let without_proof = Uuid::from_u128(78);
    let copy = copy.replace("officer_id, mac", "officer_id");
    desk.write(&copy, [without_proof.into()]).await.unwrap();
    seal(&desk).await;
    assert_eq!(walk(&desk).await.findings[1..], [Finding::Changed { sequence: Some(5), id: without_proof }]);
}

#[rstest]
#[tokio::test]
async fn a_cut_tail_is_found_by_the_chains_row_and_by_an_earlier_head(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = sealed(engine, 5).await else { return };
    let head = walk(&desk).await.head;
    desk.tamper(&["DELETE FROM audit_events WHERE sequence > 3"]).await;
    assert_eq!(walk(&desk).await.findings, [Finding::CutOff { last: 3, known: 5 }]);
    desk.tamper(&["UPDATE audit_chain SET sequence = 3, head = (SELECT seal FROM audit_events WHERE sequence = 3)"])
        .await;
    assert_eq!(walk(&desk).await.findings, [], "nobody remembers more");
    assert_eq!(walk_from(&desk, Some(&head)).await.findings, [Finding::CutOff { last: 3, known: 5 }]);
    for _ in 0..3 {
        desk.sign_in("minh").await;
    }
    seal(&desk).await;
    assert_eq!(walk_from(&desk, Some(&head)).await.findings, [Finding::Rewritten { sequence: 5 }]);
}
