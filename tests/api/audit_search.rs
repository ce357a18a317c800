//! `/audit-events`: what an auditor finds and takes out of the house.

use std::collections::HashSet;

use chrono::{Duration, NaiveDate};
use motcua::audit::{self, About, By};
use motcua_openapi::audit::{Act, Actor, AuditEvent, AuditPage, ChangedField, SearchAuditEvents, SubjectKind};
use motcua_openapi::officers::{CreateOfficer, Officer};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::sessions::Role;
use motcua_openapi::unit_requests::{AnswerUnitRequest, CreateUnitRequest, UnitRequest};
use motcua_openapi::units::Unit;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use motcua_tests::{Answer, Client, Desk};
use rstest::rstest;
use uuid::Uuid;

fn of(acts: &[Act]) -> SearchAuditEvents {
    SearchAuditEvents { acts: acts.to_vec(), ..SearchAuditEvents::default() }
}

async fn found(auditor: &Client, search: &SearchAuditEvents) -> Vec<AuditEvent> {
    auditor.audit(search).await.items
}

/// An auditor of the other agency than `binh`'s.
async fn other_auditor(desk: &Desk) -> Client {
    desk.add_officer("thu", "Đỗ Minh Thu", "nam", vec![]).await;
    desk.rows("UPDATE officers SET role = $1 WHERE username = 'thu'", ["auditor".into()]).await;
    desk.sign_in("thu").await
}

/// The rows of an exported table, the header first.
fn table(answer: &Answer) -> Vec<Vec<String>> {
    let bytes = answer.bytes(200);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|header| header == name).unwrap();
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

#[rstest]
#[tokio::test]
async fn an_auditor_sees_who_did_what_on_what_from_where(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh, binh) = (desk.sign_in("an").await, desk.sign_in("minh").await, desk.sign_in("binh").await);
    let officer = an.officer("minh").await;
    an.give_role(&officer, Role::Auditor).await.bytes(200);
    let events = found(&binh, &of(&[Act::OfficerChanged])).await;
    assert_eq!(events.len(), 1, "{events:?}");
    let event = &events[0];
    let Actor::Officer { officer: actor } = &event.actor else { panic!("{event:?}") };
    assert_eq!((actor.full_name.as_str(), actor.id), ("Phạm Thị An", an.me().await.id));
    let subject = event.subject.unwrap();
    assert_eq!((subject.kind, subject.id), (SubjectKind::Officer, officer.id));
    assert_eq!(event.unit.as_ref().unwrap().name, "UBND thành phố Nha Trang");
    assert_eq!((event.at, event.remote_address.as_deref()), (desk.now(), Some("127.0.0.1")));
    let change = &event.changes[0];
    assert_eq!(change.field, ChangedField::Role);
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("officer"), Some("auditor")));
    assert_eq!(event.sequence, None, "not sealed yet");
    desk.advance(Duration::seconds(6));
    audit::seal_due(desk.services()).await.unwrap();
    assert!(found(&binh, &of(&[Act::OfficerChanged])).await[0].sequence.is_some());
    minh.get_me().await.bytes(200);
}

#[rstest]
#[tokio::test]
async fn reading_is_an_event_and_shows_up_in_the_next_reading(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let binh = desk.sign_in("binh").await;
    assert_eq!(found(&binh, &of(&[Act::AuditRead])).await, []);
    let reads = found(&binh, &of(&[Act::AuditRead])).await;
    assert_eq!((reads.len(), reads[0].subject), (1, None));
    binh.export_audit(&[]).await.bytes(200);
    assert_eq!(found(&binh, &of(&[Act::AuditRead, Act::AuditExported])).await.len(), 3);
    let refused = SearchAuditEvents { cursor: Some("AAAA".into()), ..SearchAuditEvents::default() };
    let fields = binh.search_audit(&refused).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), desk.audited("audit_read").await), ("cursor", 3), "nothing was read");
}

#[rstest]
#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_while_events_come_in(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let binh = desk.sign_in("binh").await;
    for _ in 0..7 {
        desk.advance(Duration::seconds(1));
        desk.sign_in("minh").await;
    }
    let mut search = SearchAuditEvents { limit: Some(3), ..of(&[Act::SessionCreated]) };
    let mut seen: Vec<AuditEvent> = Vec::new();
    loop {
        let AuditPage { items, next } = binh.audit(&search).await;
        seen.extend(items);
        desk.sign_in("minh").await;
        let Some(cursor) = next else { break };
        search.cursor = Some(cursor);
    }
    let ids: HashSet<Uuid> = seen.iter().map(|event| event.id).collect();
    assert_eq!((seen.len(), ids.len()), (8, 8), "binh's own, and minh's from before the first page");
    assert!(seen.is_sorted_by(|a, b| (a.at, a.id) > (b.at, b.id)));
}

#[rstest]
#[tokio::test]
async fn each_filter_leaves_out_what_it_says(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await.id;
    minh.get_account(account).await.bytes(200);
    desk.sign_in("hoa").await;
    desk.advance(Duration::days(1));
    desk.sign_in("hoa").await;
    let binh = desk.sign_in("binh").await;
    let count = async |search: SearchAuditEvents| found(&binh, &search).await.len();
    let any = SearchAuditEvents::default;
    let created = Act::SessionCreated;
    let of_account = SearchAuditEvents { subject_id: Some(account), ..any() };
    let acts: Vec<Act> = found(&binh, &of_account).await.into_iter().map(|event| event.act).collect();
    assert!(acts.contains(&Act::AccountCreated) && acts.contains(&Act::AccountRead), "{acts:?}");
    assert!(count(SearchAuditEvents { officer_id: Some(minh_id(&desk).await), ..any() }).await > 5);
    assert_eq!(count(SearchAuditEvents { officer_name: Some("tran hoa".into()), ..of(&[created]) }).await, 2);
    assert_eq!(count(SearchAuditEvents { officer_name: Some("nobody".into()), ..any() }).await, 0);
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
    assert_eq!(count(SearchAuditEvents { to: day(2), ..of(&[created]) }).await, 2);
    assert_eq!(count(SearchAuditEvents { from: day(3), to: day(3), ..of(&[created]) }).await, 2);
    assert_eq!(count(SearchAuditEvents { from: day(4), ..of(&[created]) }).await, 0);
    let reversed = SearchAuditEvents { from: day(3), to: day(2), ..any() };
    let fields = binh.search_audit(&reversed).await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!(fields[0].code, FieldCode::RangeReversed);
    let query = [("from", "2026-03-03"), ("to", "2026-03-02")];
    let fields = binh.export_audit(&query).await.refused_fields(ProblemCode::RequestInvalid);
    assert_eq!(fields[0].code, FieldCode::RangeReversed);
}

async fn minh_id(desk: &Desk) -> Uuid {
    desk.rows("SELECT id FROM officers WHERE username = 'minh'", []).await[0].try_get("", "id").unwrap()
}

#[rstest]
#[tokio::test]
async fn an_auditor_sees_their_agency_and_nothing_of_another(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.account(&desk, &citizen(1)).await;
    desk.sign_in("nam").await;
    let (binh, thu) = (desk.sign_in("binh").await, other_auditor(&desk).await);
    let names = |events: &[AuditEvent]| -> HashSet<String> {
        let name = |event: &AuditEvent| match &event.actor {
            Actor::Officer { officer } => officer.full_name.clone(),
            Actor::Citizen { .. } | Actor::System => "nobody".to_owned(),
        };
        events.iter().map(name).collect()
    };
    let own = names(&found(&binh, &SearchAuditEvents::default()).await);
    assert_eq!(own, ["Đặng Quang Minh", "Ngô Thanh Bình"].map(str::to_owned).into());
    let others = names(&found(&thu, &SearchAuditEvents::default()).await);
    assert_eq!(others, ["Lê Hoàng Nam", "Đỗ Minh Thu"].map(str::to_owned).into());
    assert_eq!(table(&thu.export_audit(&[]).await).len(), 1 + 4, "two signed in, one read and one exported");
}

#[rstest]
#[tokio::test]
async fn an_export_is_whole_and_holds_no_name(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.account(&desk, &citizen(1)).await;
    let agency = desk.rows("SELECT agency_id FROM officers WHERE username = 'minh'", []).await;
    let agency: Uuid = agency[0].try_get("", "agency_id").unwrap();
    let transaction = desk.services().database.begin().await.unwrap();
    let read = |n| (Act::RegistrationExpired, About::of(Uuid::from_u128(n)).in_unit(agency));
    audit::record_all(&transaction, desk.services(), By::System, (0..2_500).map(read).collect()).await.unwrap();
    transaction.commit().await.unwrap();
    let binh = desk.sign_in("binh").await;
    let answer = binh.export_audit(&[("act", "registration_expired")]).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"audit-events.csv\""));
    let rows = table(&answer);
    let subjects: HashSet<String> = column(&rows, "subject_id").into_iter().collect();
    assert_eq!((rows.len(), subjects.len()), (2_501, 2_500));
    let all = binh.export_audit(&[]).await;
    let text = all.text();
    assert!(text.contains("account_created") && text.contains("audit_exported"), "its own event is its first row");
    for personal in ["Minh", "Bình", "0905", "Nha Trang", "054"] {
        let held =
            table(&all).into_iter().flatten().find(|cell| cell.contains(personal) && Uuid::parse_str(cell).is_err());
        assert_eq!(held, None, "{personal}");
    }
    assert!(text.is_ascii());
}

#[rstest]
#[tokio::test]
async fn no_cell_of_an_export_is_a_formula_and_a_citizens_address_stays(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open_with(engine, |settings| settings.server.behind_proxy = true).await else { return };
    let hostile = "=HYPERLINK(\"http://x\")";
    let body = serde_json::json!({"username": "minh", "password": desk.password()});
    let visitor = desk.visitor();
    let call = visitor.call(reqwest::Method::POST, "/sessions").header("X-Forwarded-For", hostile);
    call.json(&body).send().await.bytes(201);
    let agency = desk.rows("SELECT agency_id FROM officers WHERE username = 'minh'", []).await;
    let agency: Uuid = agency[0].try_get("", "agency_id").unwrap();
    let transaction = desk.services().database.begin().await.unwrap();
    let citizen = By::Citizen { account_id: Uuid::from_u128(5), remote_address: "203.0.113.7" };
    let about = About::of(Uuid::from_u128(5)).in_unit(agency);
    audit::record(&transaction, desk.services(), citizen, Act::AccountRead, about).await.unwrap();
    transaction.commit().await.unwrap();
    let binh = desk.sign_in("binh").await;
    let answer = binh.export_audit(&[]).await;
    let rows = table(&answer);
    let addresses = column(&rows, "remote_address");
    assert!(addresses.contains(&format!("'{hostile}")), "{addresses:?}");
    assert!(!answer.text().contains("203.0.113.7"));
    assert!(column(&rows, "citizen_id").contains(&Uuid::from_u128(5).to_string()));
    let risky = |cell: &&String| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    assert_eq!(rows.iter().flatten().find(risky), None);
}

#[rstest]
#[tokio::test]
async fn every_act_on_an_officer_or_a_unit_says_where_and_what_it_changed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh, binh) = (desk.sign_in("an").await, desk.sign_in("minh").await, desk.sign_in("binh").await);
    let agency = an.units().await.agency_id;
    let unit: Unit = an.create_unit(agency, "Một cửa mới").await.json(201);
    let unit: Unit = an.rename_unit(unit.id, unit.version, "Bộ phận một cửa mới").await.json(200);
    let new = CreateOfficer {
        username: "lan".into(),
        full_name: "Phạm Thị Lan".into(),
        phone: "0905437200".into(),
        role: Role::Auditor,
        agency_id: None,
        units: vec![unit.id],
    };
    let lan: Officer = an.create_officer(&new).await.json(201);
    let lan: Officer = an.assign_units(lan.id, lan.version, vec![]).await.json(200);
    an.suspend_officer(lan.id).await.bytes(200);
    an.retire_unit(unit.id, unit.version).await.bytes(200);
    let wish = CreateUnitRequest { unit_id: None, unit_name: Some("Nơi khác".into()), why: String::new() };
    let asked: UnitRequest = minh.ask_for_unit(&wish).await.json(201);
    let declined = AnswerUnitRequest::Declined { words: "Không".into() };
    an.answer_unit_request(asked.id, &declined).await.bytes(200);
    let (agency, unit) = (agency.to_string(), unit.id.to_string());
    for (act, expected) in [
        (Act::UnitCreated, vec![(ChangedField::Parent, None, Some(agency.as_str()))]),
        (Act::UnitRenamed, vec![(ChangedField::Name, None, None)]),
        (Act::UnitRetired, vec![(ChangedField::State, Some("active"), Some("retired"))]),
        (
            Act::OfficerAuthorised,
            vec![
                (ChangedField::Role, None, Some("auditor")),
                (ChangedField::Agency, None, Some(&agency)),
                (ChangedField::Units, Some(""), Some(&unit)),
            ],
        ),
        (Act::OfficerUnitsAssigned, vec![(ChangedField::Units, Some(&unit), Some(""))]),
        (Act::OfficerSuspended, vec![(ChangedField::State, Some("active"), Some("suspended"))]),
        (Act::UnitRequestAnswered, vec![(ChangedField::State, Some("open"), Some("declined"))]),
    ] {
        let events = found(&binh, &of(&[act])).await;
        let [event] = events.as_slice() else { panic!("{act:?}: {events:?}") };
        let changes: Vec<_> =
            event.changes.iter().map(|one| (one.field, one.before.as_deref(), one.after.as_deref())).collect();
        assert_eq!((changes, event.unit.is_some()), (expected, true), "{act:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_session_that_was_reused_is_told_to_the_auditors_of_its_officer(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (binh, thu) = (desk.sign_in("binh").await, other_auditor(&desk).await);
    let refresh = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    desk.visitor().refresh_session(&refresh).await.bytes(200);
    desk.advance(Duration::minutes(5));
    desk.visitor().refresh_session(&refresh).await.refused(ProblemCode::Unauthenticated);
    let events = found(&binh, &of(&[Act::SessionReused])).await;
    let unit = events[0].unit.as_ref().unwrap();
    assert_eq!((events.len(), &events[0].actor, unit.name.as_str()), (1, &Actor::System, "UBND thành phố Nha Trang"));
    assert_eq!(found(&thu, &of(&[Act::SessionReused])).await, []);
}
