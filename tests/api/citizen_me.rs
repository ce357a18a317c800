//! `/citizen/me`: what is held, who looked at it, taking it away, the e-mail address.

use chrono::Duration;
use motcua_openapi::citizens::{AccessAct, CitizenMe};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_openapi::values::Email;
use motcua_tests::Desk;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, old_number};
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn a_citizen_sees_all_that_is_held_and_who_created_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let details =
        DetailsInput { previous_id_number: Some(old_number(1)), email: Some("anh@example.vn".into()), ..citizen(1) };
    let created_at = desk.now();
    let resident = desk.resident_of(1, &details).await;
    desk.advance(Duration::hours(1));
    let me = resident.settled(&desk).await.citizen_me().await;
    assert_eq!((me.account_id, me.id_number.as_str()), (resident.account, "079190000001"));
    assert_eq!(me.previous_id_number.map(|number| number.to_string()), Some(old_number(1)));
    assert_eq!((me.full_name.as_str(), me.phone.as_e164()), ("Nguyễn Thị Ánh", "+84905000001"));
    assert_eq!(me.email, Some(Email::parse("anh@example.vn").unwrap()));
    assert_eq!(me.birth_date.date().to_string(), "1990-02-01");
    assert_eq!((me.created_at, me.created_by.as_str()), (created_at, "Đặng Quang Minh"));
    assert!(me.created_at_unit.contains("Bộ phận một cửa"), "{}", me.created_at_unit);
    assert_eq!((me.first_signed_in_at, me.password_set_at), (Some(desk.now()), Some(desk.now())));
    assert!(me.scan.size_bytes > 0 && !me.scan.file_name.is_empty());
    assert!(me.requests.is_empty());
}

#[rstest]
#[tokio::test]
async fn every_officer_who_looked_is_named_with_when_and_where(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    desk.advance(Duration::minutes(5));
    let an = desk.sign_in("an").await;
    an.get_account(resident.account).await.bytes(200);
    let looked_at = desk.now();
    desk.advance(Duration::minutes(5));
    let citizen = resident.settled(&desk).await;
    let me = citizen.citizen_me().await;
    let acts: Vec<AccessAct> = me.accesses.iter().map(|access| access.act).collect();
    for act in [
        AccessAct::ScanAttached,
        AccessAct::OtpRequested,
        AccessAct::PhoneVerified,
        AccessAct::AccountCreated,
        AccessAct::AccountRead,
        AccessAct::SignedIn,
        AccessAct::PasswordChanged,
        AccessAct::DataRead,
    ] {
        assert!(acts.contains(&act), "{act:?} is missing: {acts:?}");
    }
    assert!(me.accesses.is_sorted_by(|a, b| a.at >= b.at), "newest first");
    let look = me.accesses.iter().find(|access| access.act == AccessAct::AccountRead).unwrap();
    assert_eq!((look.at, look.by_citizen), (looked_at, false));
    assert_eq!(look.officer.as_deref(), Some(an.me().await.full_name.as_str()));
    assert!(look.unit.as_deref().is_some_and(|unit| !unit.is_empty()));
    let created = me.accesses.iter().find(|access| access.act == AccessAct::AccountCreated).unwrap();
    assert_eq!(created.officer.as_deref(), Some("Đặng Quang Minh"));
    assert!(created.unit.as_deref().is_some_and(|unit| unit.contains("Bộ phận một cửa")), "{created:?}");
    let own = me.accesses.iter().find(|access| access.act == AccessAct::SignedIn).unwrap();
    assert_eq!((own.by_citizen, &own.officer, &own.unit), (true, &None, &None));
}

#[rstest]
#[tokio::test]
async fn looking_often_does_not_push_an_officers_look_out(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let citizen = resident.settled(&desk).await;
    for _ in 0..110 {
        desk.advance(Duration::seconds(1));
        citizen.citizen_me().await;
    }
    let me = citizen.citizen_me().await;
    assert!(me.accesses.iter().any(|access| access.act == AccessAct::AccountCreated));
    assert_eq!(me.accesses.iter().filter(|access| access.act == AccessAct::DataRead).count(), 100);
}

#[rstest]
#[tokio::test]
async fn everything_is_taken_away_as_a_file(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    let file = citizen.export_citizen_me().await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"du-lieu-cua-toi.json\""));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let exported: CitizenMe = file.json(200);
    let me = citizen.citizen_me().await;
    assert_eq!(CitizenMe { accesses: Vec::new(), ..exported }, CitizenMe { accesses: Vec::new(), ..me.clone() });
    assert!(me.accesses.iter().any(|access| access.act == AccessAct::DataExported));
    assert_eq!((desk.audited("citizen_data_read").await, desk.audited("citizen_data_exported").await), (1, 1));
}

#[rstest]
#[tokio::test]
async fn the_email_is_changed_and_taken_away(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let citizen = desk.resident(1).await.settled(&desk).await;
    citizen.change_citizen_email("moi@example.vn").await.bytes(204);
    assert_eq!(citizen.citizen_me().await.email, Some(Email::parse("moi@example.vn").unwrap()));
    let refused = citizen.change_citizen_email("no address").await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((refused[0].field.as_str(), refused[0].code), ("email", FieldCode::EmailInvalid));
    citizen.change_citizen_email("moi@example.vn").await.bytes(204);
    citizen.change_citizen_email(" ").await.bytes(204);
    assert_eq!(citizen.citizen_me().await.email, None);
    assert_eq!(desk.audited("citizen_email_changed").await, 2, "the same again is no change");
}

#[rstest]
#[tokio::test]
async fn with_the_texted_password_nothing_is_shown_yet(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let resident = desk.resident(1).await;
    let newcomer = desk.visitor().as_citizen(&resident.number, &resident.texted).await;
    for answer in [
        newcomer.export_citizen_me().await,
        newcomer.change_citizen_email("").await,
        newcomer.create_phone_change("0905000009").await,
    ] {
        answer.refused(ProblemCode::PasswordChangeNeeded);
    }
}
