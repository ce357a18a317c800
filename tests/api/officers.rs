//! `/officers`: authorising by a text to their own phone, changing, suspending; and everybody's own password.

use chrono::Duration;
use motcua_openapi::officers::{CreateOfficer, Officer, OfficerState, SearchOfficers, UpdateOfficer};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::sessions::Role;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::{Client, Desk};
use rstest::rstest;
use uuid::Uuid;

const OWN: &str = "con mèo nhà tôi màu xám";

fn lan() -> CreateOfficer {
    CreateOfficer {
        username: "Lan.Pham".into(),
        full_name: "Phạm Thị Lan".into(),
        phone: "0905 437 200".into(),
        role: Role::Officer,
        agency_id: None,
        units: Vec::new(),
    }
}

fn administrator(username: &str, phone: &str) -> CreateOfficer {
    CreateOfficer { username: username.into(), phone: phone.into(), role: Role::Administrator, ..lan() }
}

/// The password that was texted with the officer's newest message.
async fn texted_password(desk: &Desk, id: Uuid) -> String {
    let rows = desk.rows("SELECT password_message_id FROM officers WHERE id = $1", [id.into()]).await;
    let message: Uuid = rows[0].try_get("", "password_message_id").unwrap();
    desk.phones().text_of(message).await.password()
}

/// Authorises an officer, who signs in and chooses a password.
async fn settled(desk: &Desk, an: &Client, new: &CreateOfficer) -> (Officer, Client) {
    let officer: Officer = an.create_officer(new).await.json(201);
    let password = texted_password(desk, officer.id).await;
    let client = desk.visitor().signed_in(&officer.username, &password).await;
    client.change_password(&password, OWN).await.bytes(204);
    (officer, client)
}

#[rstest]
#[tokio::test]
async fn an_authorised_officer_gets_a_password_by_text_and_changes_it_before_anything_else(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await.id;
    let officer: Officer = an.create_officer(&CreateOfficer { units: vec![ward], ..lan() }).await.json(201);
    assert_eq!((officer.username.as_str(), officer.state), ("lan.pham", OfficerState::Active));
    assert!(officer.password_change_needed);
    let text = texted_password(&desk, officer.id).await;
    let lan = desk.visitor().signed_in("LAN.pham", &text).await;
    assert!(lan.me().await.password_change_needed);
    for answer in [lan.look_up("079190000001").await, lan.create_registration(&motcua_tests::people::citizen(1)).await]
    {
        answer.refused(ProblemCode::PasswordChangeNeeded);
    }
    lan.change_password("not it", OWN).await.refused(ProblemCode::PasswordWrong);
    lan.change_password(&text, OWN).await.bytes(204);
    let me = lan.me().await;
    assert_eq!((me.password_change_needed, me.units[0].id), (false, ward));
    lan.look_up("079190000001").await.bytes(200);
    desk.visitor().create_session("lan.pham", &text).await.refused(ProblemCode::CredentialsInvalid);
    desk.visitor().create_session("lan.pham", OWN).await.bytes(201);
    assert_eq!((desk.audited("officer_authorised").await, desk.audited("own_password_changed").await), (1, 1));
}

#[rstest]
#[tokio::test]
async fn a_texted_password_expires_and_is_dead_once_another_is_asked_for(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let officer: Officer = an.create_officer(&lan()).await.json(201);
    let first = texted_password(&desk, officer.id).await;
    let session = desk.visitor().signed_in("lan.pham", &first).await;
    an.send_officer_password(officer.id).await.refused(ProblemCode::TooManyRequests);
    desk.advance(Duration::seconds(31));
    let message = an.sent_officer_password(officer.id).await;
    desk.visitor().create_session("lan.pham", &first).await.refused(ProblemCode::CredentialsInvalid);
    session.get_me().await.refused(ProblemCode::Unauthenticated);
    let second = desk.phones().text_of(message).await;
    assert_eq!(second.to, "+84905437200");
    desk.visitor().create_session("lan.pham", &second.password()).await.bytes(201);

    desk.advance(Duration::days(7));
    desk.visitor().create_session("lan.pham", "another").await.refused(ProblemCode::CredentialsInvalid);
    let expired = desk.visitor().create_session("lan.pham", &second.password()).await;
    assert_eq!(expired.refused(ProblemCode::PasswordExpired).params["expired_at"], "2026-03-09T02:00:31Z");
}

#[rstest]
#[tokio::test]
async fn a_suspended_officers_access_token_and_refresh_token_die_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh) = (desk.sign_in("an").await, desk.sign_in("minh").await);
    let refresh = desk.visitor().create_session("minh", desk.password()).await.refresh_token().unwrap();
    let officer = an.officer("minh").await;
    let suspended: Officer = an.suspend_officer(officer.id).await.json(200);
    assert_eq!((suspended.state, suspended.suspended_at), (OfficerState::Suspended, Some(desk.now())));
    minh.get_me().await.refused(ProblemCode::Unauthenticated);
    minh.look_up("079190000001").await.refused(ProblemCode::Unauthenticated);
    desk.visitor().refresh_session(&refresh).await.refused(ProblemCode::Unauthenticated);
    desk.visitor().create_session("minh", desk.password()).await.refused(ProblemCode::CredentialsInvalid);
    let state = an.send_officer_password(officer.id).await.refused(ProblemCode::WrongState).params["state"].clone();
    assert_eq!(state, "suspended");

    let resumed: Officer = an.resume_officer(officer.id).await.json(200);
    assert_eq!(resumed.state, OfficerState::Active);
    minh.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.sign_in("minh").await.me().await;
    an.suspend_officer(officer.id).await.bytes(200);
    an.suspend_officer(officer.id).await.bytes(200);
    assert_eq!((desk.audited("officer_suspended").await, desk.audited("officer_resumed").await), (2, 1));
}

#[rstest]
#[tokio::test]
async fn nobody_suspends_or_demotes_themselves_nor_the_last_administrator(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let own = an.officer("an").await;
    an.suspend_officer(own.id).await.refused(ProblemCode::OwnAccount);
    an.give_role(&own, Role::Officer).await.refused(ProblemCode::OwnAccount);
    an.remove_second_factors(own.id).await.refused(ProblemCode::OwnAccount);

    // A ward with one administrator of its own, below an's agency.
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await.id;
    let only = CreateOfficer { agency_id: Some(ward), ..administrator("mot", "0905437201") };
    let only: Officer = an.create_officer(&only).await.json(201);
    an.suspend_officer(only.id).await.refused(ProblemCode::LastAdministrator);
    an.give_role(&only, Role::Auditor).await.refused(ProblemCode::LastAdministrator);
    let other = CreateOfficer { agency_id: Some(ward), ..administrator("hai", "0905437202") };
    let other: Officer = an.create_officer(&other).await.json(201);
    // Both at once: one of the two stays.
    let answers = futures_util::future::join(an.suspend_officer(only.id), an.give_role(&other, Role::Officer)).await;
    let statuses = [answers.0.status, answers.1.status];
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[rstest]
#[tokio::test]
async fn an_administrator_reaches_their_agency_and_below_and_others_are_not_there(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    assert_eq!(an.officer_names(&SearchOfficers::default()).await, ["an", "binh", "hoa", "minh"]);
    let rows = desk.rows("SELECT id, agency_id FROM officers WHERE username = 'nam'", []).await;
    let (nam, agency): (Uuid, Uuid) = (rows[0].try_get("", "id").unwrap(), rows[0].try_get("", "agency_id").unwrap());
    let rename = UpdateOfficer { version: 1, full_name: Some("Người Khác".into()), ..UpdateOfficer::default() };
    for answer in [
        an.get_officer(nam).await,
        an.update_officer(nam, &rename).await,
        an.assign_units(nam, 1, vec![]).await,
        an.suspend_officer(nam).await,
        an.resume_officer(nam).await,
        an.send_officer_password(nam).await,
        an.remove_second_factors(nam).await,
    ] {
        answer.refused(ProblemCode::NotFound);
    }
    let fields = an.create_officer(&CreateOfficer { agency_id: Some(agency), units: vec![agency], ..lan() }).await;
    let fields = fields.refused_fields(ProblemCode::BodyInvalid);
    let said: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.code)).collect();
    assert_eq!(said, [("agency_id", FieldCode::UnitUnknown), ("units", FieldCode::UnitUnknown)]);
    desk.sign_in("nam").await.me().await;
}

#[rstest]
#[tokio::test]
async fn officers_are_found_by_name_unit_role_and_state_page_by_page(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let search = |name: &str| SearchOfficers { name: Some(name.into()), ..SearchOfficers::default() };
    assert_eq!(an.officer_names(&search("dang quang")).await, ["minh"]);
    assert_eq!(an.officer_names(&search("hoa")).await, ["hoa"]);
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await.id;
    assert_eq!(an.officer_names(&SearchOfficers { unit_id: Some(ward), ..SearchOfficers::default() }).await, ["hoa"]);
    let auditors = SearchOfficers { role: Some(Role::Auditor), ..SearchOfficers::default() };
    assert_eq!(an.officer_names(&auditors).await, ["binh"]);
    an.suspend_officer(an.officer("hoa").await.id).await.bytes(200);
    let suspended = SearchOfficers { state: Some(OfficerState::Suspended), ..SearchOfficers::default() };
    assert_eq!(an.officer_names(&suspended).await, ["hoa"]);

    let mut page = an.search_officers(&SearchOfficers { limit: Some(3), ..SearchOfficers::default() }).await;
    assert_eq!((page.items.len(), page.total.count, page.total.exact), (3, 4, true));
    assert!(page.items[0].has_second_factor && !page.items[1].has_second_factor);
    assert_eq!(page.items[0].phone_masked.chars().rev().take(4).collect::<String>(), "6217");
    let next = SearchOfficers { cursor: page.next.take(), limit: Some(3), ..SearchOfficers::default() };
    let last = an.search_officers(&next).await;
    assert_eq!((last.items[0].username.as_str(), last.next), ("minh", None));
}

#[rstest]
#[tokio::test]
async fn every_wrong_field_is_told_and_a_taken_name_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let wrong = CreateOfficer { username: "có dấu".into(), full_name: "1".into(), phone: "12".into(), ..lan() };
    let fields = an.create_officer(&wrong).await.refused_fields(ProblemCode::BodyInvalid);
    let codes: Vec<_> = fields.iter().map(|field| field.code).collect();
    assert_eq!(codes, [FieldCode::NameInvalid, FieldCode::PhoneInvalid, FieldCode::UsernameInvalid]);
    let taken = CreateOfficer { username: "NAM".into(), ..lan() };
    an.create_officer(&taken).await.refused(ProblemCode::UsernameTaken);
    let keyed = an.with_key("can bo 1");
    let (first, again): (Officer, Officer) =
        (keyed.create_officer(&lan()).await.json(201), keyed.create_officer(&lan()).await.json(201));
    assert_eq!(first.id, again.id);
    assert_eq!(desk.audited("officer_authorised").await, 1);
}

#[rstest]
#[tokio::test]
async fn units_are_assigned_as_a_whole_set_and_change_what_can_be_chosen_at_once(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh) = (desk.sign_in("an").await, desk.sign_in("minh").await);
    let officer = an.officer("minh").await;
    assert_eq!(officer.units.len(), 2);
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await.id;
    let assigned: Officer = an.assign_units(officer.id, officer.version, vec![ward, ward]).await.json(200);
    assert_eq!(assigned.units.iter().map(|unit| unit.id).collect::<Vec<_>>(), [ward]);
    assert_eq!(minh.me().await.units.iter().map(|unit| unit.id).collect::<Vec<_>>(), [ward]);
    an.assign_units(officer.id, officer.version, vec![]).await.refused(ProblemCode::StaleVersion);
    assert_eq!(desk.audited("officer_units_assigned").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_role_counts_from_the_next_request_on(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh) = (desk.sign_in("an").await, desk.sign_in("minh").await);
    minh.call(reqwest::Method::GET, "/units").send().await.refused(ProblemCode::Forbidden);
    an.give_role(&an.officer("minh").await, Role::Administrator).await.bytes(200);
    minh.call(reqwest::Method::GET, "/units").send().await.refused(ProblemCode::SecondFactorNeeded);
    minh.enrolled_app(desk.password(), desk.now()).await;
    minh.units().await;
    an.give_role(&an.officer("minh").await, Role::Auditor).await.bytes(200);
    minh.look_up("079190000001").await.refused(ProblemCode::Forbidden);
    assert_eq!(minh.me().await.roles, [Role::Auditor]);
    assert_eq!(desk.audited("officer_changed").await, 2);
}

#[rstest]
#[tokio::test]
async fn ones_own_password_has_a_length_is_not_common_and_ends_the_other_sessions(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (here, there) = (desk.sign_in("minh").await, desk.sign_in("minh").await);
    for (new, code) in [
        ("ngắn", FieldCode::PasswordLength),
        (&*"a".repeat(129), FieldCode::PasswordLength),
        ("PassWord1", FieldCode::PasswordCommon),
    ] {
        let fields = here.change_password(desk.password(), new).await.refused_fields(ProblemCode::BodyInvalid);
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("new_password", code), "{new}");
    }
    there.me().await;
    here.change_password(desk.password(), OWN).await.bytes(204);
    here.me().await;
    there.get_me().await.refused(ProblemCode::Unauthenticated);
    desk.visitor().create_session("minh", desk.password()).await.refused(ProblemCode::CredentialsInvalid);
    desk.visitor().create_session("minh", OWN).await.bytes(201);
}

#[rstest]
#[tokio::test]
async fn guesses_at_the_password_so_far_are_throttled_like_sign_ins(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    for _ in 0..10 {
        minh.change_password("guess", OWN).await.refused(ProblemCode::PasswordWrong);
    }
    minh.change_password(desk.password(), OWN).await.refused(ProblemCode::TooManyRequests);
}

#[rstest]
#[tokio::test]
async fn an_auditor_reads_nothing_of_the_desk_and_changes_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let binh = desk.sign_in("binh").await;
    assert_eq!(binh.me().await.roles, [Role::Auditor]);
    binh.look_up("079190000001").await.refused(ProblemCode::Forbidden);
    binh.call(reqwest::Method::GET, "/units").send().await.refused(ProblemCode::Forbidden);
    binh.call(reqwest::Method::GET, "/unit-requests").send().await.refused(ProblemCode::Forbidden);
    binh.change_password(desk.password(), OWN).await.bytes(204);
    binh.delete_session().await.bytes(204);
}

#[rstest]
#[tokio::test]
async fn no_officers_password_is_kept_and_no_phone_in_the_open(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let (officer, _) = settled(&desk, &an, &lan()).await;
    assert!(!motcua_tests::log::holds("905437200") && !motcua_tests::log::holds(OWN));
    let rows = desk.rows("SELECT phone_sealed, password_hash FROM officers WHERE id = $1", [officer.id.into()]).await;
    let (phone, hash): (Vec<u8>, String) =
        (rows[0].try_get("", "phone_sealed").unwrap(), rows[0].try_get("", "password_hash").unwrap());
    assert!(!phone.windows(9).any(|window| window == b"905437200"));
    assert!(hash.starts_with("$argon2id$"));
    assert_eq!(desk.audited("officer_read").await, 0, "what an act answers is no reading");
    an.get_officer(officer.id).await.bytes(200);
    assert_eq!(desk.audited("officer_read").await, 1);
}
