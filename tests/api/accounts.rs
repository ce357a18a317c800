//! `/registrations/{id}/account` and `/accounts/{id}`: one identity number, one account, always.

use std::collections::BTreeSet;

use motcua::settings::Settings;
use motcua_openapi::accounts::{Account, SearchAccounts};
use motcua_openapi::messages::{MessagePurpose, MessageState};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::{DetailsInput, Registration, RegistrationState};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, id_number, old_number, phone};
use motcua_tests::{Client, Desk};
use rstest::rstest;
use uuid::Uuid;

#[rstest]
#[tokio::test]
async fn an_account_holds_what_was_entered_and_its_password_is_texted(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details =
        DetailsInput { previous_id_number: Some(old_number(1)), email: Some("anh@example.vn".into()), ..citizen(1) };
    let registration = minh.verified(&desk, &details).await;
    let answer = minh.create_account(registration.id).await;
    let account: Account = answer.json(201);
    assert_eq!(answer.header("location"), Some(format!("/api/v1/accounts/{}", account.id).as_str()));
    assert_eq!(account.registration_id, registration.id);
    assert_eq!(account.id_number.as_str(), id_number(1));
    assert_eq!(account.previous_id_number.as_ref().unwrap().as_str(), old_number(1));
    assert_eq!(account.phone.as_e164(), "+84905000001");
    assert_eq!(account.email.as_ref().unwrap().as_str(), "anh@example.vn");
    assert_eq!(account.unit.name, "Bộ phận một cửa UBND thành phố Nha Trang");
    assert_eq!((account.created_at, account.scan.file_name.as_str()), (desk.now(), "the-can-cuoc.pdf"));
    let completed = minh.registration(registration.id).await;
    assert_eq!((completed.state, completed.account_id), (RegistrationState::Completed, Some(account.id)));
    assert_eq!(completed.details, motcua_openapi::registrations::Details::default(), "they are the account's now");
    assert_eq!((desk.audited("account_created").await, desk.audited("account_read").await), (1, 0));

    let message = minh.password_message(account.id).await;
    assert_eq!((message.purpose, message.attempts), (MessagePurpose::TemporaryPassword, 1));
    let text = desk.phones().text_of(message.id).await;
    assert_eq!(text.to, "+84905000001");
    let spoken = text.body.replace(&text.password(), "…");
    insta::allow_duplicates! {
        insta::assert_snapshot!(spoken, @"Tai khoan dich vu cong da duoc tao. Mat khau dang nhap lan dau: …. Han 7 ngay, doi ngay khi dang nhap. Khong cung cap cho nguoi la.");
    }
    assert!(text.body.is_ascii() && text.body.len() <= 160, "one GSM-7 part");
    assert!(text.password().len() >= 10);
    let opened: Account = minh.get_account(account.id).await.json(200);
    assert_eq!(opened.password_message.map(|message| message.state), Some(MessageState::Sent));
    assert_eq!(opened.password_expires_at, Some(desk.now() + chrono::Duration::days(7)));
    assert_eq!(desk.audited("account_read").await, 1);
}

#[rstest]
#[tokio::test]
async fn the_password_arrives_once_and_is_another_each_time(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let mut passwords = BTreeSet::new();
    for n in 0..5 {
        let account = minh.account(&desk, &citizen(n)).await;
        let message = minh.password_message(account.id).await;
        passwords.insert(desk.phones().text_of(message.id).await.password());
    }
    assert_eq!(passwords.len(), 5);
    let texts = desk.phones().texts();
    assert_eq!(texts.iter().filter(|text| text.body.contains("Mat khau")).count(), 5);
}

#[rstest]
#[tokio::test]
async fn an_account_needs_a_confirmed_phone(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    minh.create_account(draft.id).await.refused(ProblemCode::PhoneNotVerified);
    assert_eq!(minh.registration(draft.id).await.state, RegistrationState::Draft);
    assert_eq!(minh.search(&SearchAccounts::default()).await.items, []);
}

#[rstest]
#[tokio::test]
async fn an_account_needs_a_scan(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = DetailsInput { unit_id: Some(minh.unit().await), ..citizen(1) };
    let begun: Registration = minh.create_registration(&details).await.json(201);
    let code = minh.code(&desk, begun.id).await;
    minh.verify_otp(begun.id, &code).await.json::<Registration>(200);
    minh.create_account(begun.id).await.refused(ProblemCode::ScanMissing);
    minh.upload_scan(begun.id, &motcua_tests::documents::docx("card")).await.json::<Registration>(200);
    minh.create_account(begun.id).await.json::<Account>(201);
}

#[rstest]
#[tokio::test]
async fn an_account_needs_all_details_also_those_cleared_after_the_phone_check(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let verified = minh.verified(&desk, &citizen(1)).await;
    let clearing = DetailsInput { full_name: Some(String::new()), ..DetailsInput::default() };
    minh.update_registration(verified.id, verified.version, clearing).await.json::<Registration>(200);
    let fields = minh.create_account(verified.id).await.refused_fields(ProblemCode::DetailsIncomplete);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("full_name", FieldCode::Required));
}

#[rstest]
#[tokio::test]
async fn an_account_needs_a_unit_that_the_officer_can_still_choose(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let verified = minh.verified(&desk, &citizen(1)).await;
    desk.rows("DELETE FROM officer_units WHERE unit_id = $1", [verified.unit.unwrap().id.into()]).await;
    let fields = minh.create_account(verified.id).await.refused_fields(ProblemCode::DetailsIncomplete);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("unit_id", FieldCode::UnitNotSelectable));
    assert_eq!(fields[0].params["reason"], "not_assigned");
}

#[rstest]
#[tokio::test]
async fn a_double_press_with_one_key_makes_one_account_and_answers_twice(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let verified = minh.verified(&desk, &citizen(1)).await;
    let pressed = minh.with_key("press-1");
    let (one, other) = tokio::join!(pressed.create_account(verified.id), pressed.create_account(verified.id));
    let (one, other): (Account, Account) = (one.json(201), other.json(201));
    assert_eq!(one.id, other.id);
    minh.password_message(one.id).await;
    let texts = desk.phones().texts();
    assert_eq!(texts.iter().filter(|text| text.body.contains("Mat khau")).count(), 1);
    assert_eq!(desk.audited("account_created").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_double_press_without_a_key_makes_one_account_and_says_that_it_exists(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let verified = minh.verified(&desk, &citizen(1)).await;
    let (one, other) = tokio::join!(minh.create_account(verified.id), minh.create_account(verified.id));
    let (made, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    made.json::<Account>(201);
    let problem = refused.refused(ProblemCode::AccountExists);
    assert_eq!(problem.params["unit"], "Bộ phận một cửa UBND thành phố Nha Trang");
    assert_eq!(problem.params["created_at"], "2026-03-02T02:00:00Z");
    assert_eq!(minh.search(&SearchAccounts::default()).await.total.count, 1);
}

#[rstest]
#[tokio::test]
async fn fifty_parallel_creations_for_one_number_from_two_officers_make_one_account(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = |settings: &mut Settings| settings.otp.per_officer_hour = 100;
    let Some(desk) = Desk::open_with(engine, busy).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let mut ready: Vec<(&Client, Uuid)> = Vec::new();
    for n in 0..50 {
        let officer = if n % 2 == 0 { &minh } else { &nam };
        let details = DetailsInput { phone: Some(phone(n)), ..citizen(1) };
        ready.push((officer, officer.verified(&desk, &details).await.id));
    }
    let creations = ready.iter().map(|(officer, id)| officer.create_account(*id));
    let answers = futures_util::future::join_all(creations).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert!(!answer.refused(ProblemCode::AccountExists).params["unit"].is_empty());
    }
    let seen = minh.search(&SearchAccounts::default()).await.total.count
        + nam.search(&SearchAccounts::default()).await.total.count;
    assert_eq!(seen, 1);
    let rows = desk.rows("SELECT account_id FROM account_numbers", []).await;
    assert_eq!(rows.len(), 1, "nothing is half done");
    assert_eq!(desk.audited("account_created").await, 1);
}

#[rstest]
#[tokio::test]
async fn crossed_numbers_at_the_same_moment_make_one_account_and_no_fault(#[values(Sqlite, Postgres)] engine: Engine) {
    let busy = |settings: &mut Settings| settings.otp.per_officer_hour = 100;
    let Some(desk) = Desk::open_with(engine, busy).await else { return };
    let minh = desk.sign_in("minh").await;
    for round in 0..10 {
        // Two papers of one person, each with the other number as the old one.
        let (a, b) = (old_number(2 * round), old_number(2 * round + 1));
        let paper = |number: &str, previous: &str, n| DetailsInput {
            id_number: Some(number.into()),
            previous_id_number: Some(previous.into()),
            phone: Some(phone(n)),
            ..citizen(n)
        };
        let one = minh.verified(&desk, &paper(&a, &b, 2 * round)).await;
        let other = minh.verified(&desk, &paper(&b, &a, 2 * round + 1)).await;
        let (one, other) = tokio::join!(minh.create_account(one.id), minh.create_account(other.id));
        let mut outcome = [one.status, other.status];
        outcome.sort_unstable();
        assert_eq!(outcome, [201, 409], "{} {}", one.text(), other.text());
    }
}

#[rstest]
#[tokio::test]
async fn an_old_number_blocks_too_whichever_way_round(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let by_old = DetailsInput { id_number: Some(old_number(1)), phone: Some(phone(11)), ..citizen(1) };
    let by_old = nam.verified(&desk, &by_old).await;
    let beside = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(2) };
    let beside = nam.verified(&desk, &beside).await;
    let first = DetailsInput { previous_id_number: Some(old_number(1)), ..citizen(1) };
    minh.account(&desk, &first).await;
    for late in [by_old.id, beside.id] {
        nam.create_account(late).await.refused(ProblemCode::AccountExists);
        assert_eq!(nam.registration(late).await.state, RegistrationState::PhoneVerified, "nothing is half done");
    }
    assert_eq!(nam.search(&SearchAccounts::default()).await.total.count, 0);
}

#[rstest]
#[tokio::test]
async fn an_account_is_seen_by_its_desk_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, hoa, nam) = (desk.sign_in("minh").await, desk.sign_in("hoa").await, desk.sign_in("nam").await);
    desk.add_officer("lan", "Phạm Thị Lan", "minh", vec![minh.unit().await]).await;
    let account = minh.account(&desk, &citizen(1)).await;
    desk.sign_in("lan").await.get_account(account.id).await.json::<Account>(200);
    for stranger in [&hoa, &nam] {
        stranger.get_account(account.id).await.refused(ProblemCode::NotFound);
        assert_eq!(stranger.search(&SearchAccounts::default()).await.total.count, 0);
    }
}

#[rstest]
#[tokio::test]
async fn an_administrator_sees_the_accounts_of_their_agency_and_no_other(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (minh, nam) = (desk.sign_in("minh").await, desk.sign_in("nam").await);
    let (ours, theirs) = (minh.account(&desk, &citizen(1)).await, nam.account(&desk, &citizen(2)).await);
    desk.add_officer("chi", "Vũ Thị Chi", "minh", vec![]).await;
    desk.rows("UPDATE officers SET role = $1 WHERE username = 'chi'", ["administrator".into()]).await;
    let chi = desk.sign_in("chi").await;
    chi.get_account(ours.id).await.json::<Account>(200);
    chi.get_account(theirs.id).await.refused(ProblemCode::NotFound);
    let seen = chi.search(&SearchAccounts::default()).await;
    assert_eq!(seen.items.iter().map(|row| row.id).collect::<Vec<_>>(), [ours.id]);
}
