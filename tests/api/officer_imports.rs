//! `/officers/imports`: a list is uploaded, checked, looked at and applied as a whole; and written out again.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Instant;

use calamine::{Reader, Xlsx};
use chrono::Duration;
use motcua_openapi::officer_imports::{
    CellCode, CellError, ImportState, ListColumn, OfficerImport, RowCounts, RowOutcome,
};
use motcua_openapi::officers::{AssignUnits, Officer, UpdateOfficer};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::sessions::Role;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::documents::{self, File};
use motcua_tests::server::ServerProcess;
use motcua_tests::{Client, Desk, wait};
use rstest::rstest;
use rust_xlsxwriter::Workbook;
use uuid::Uuid;

const HEADER: &str = "STT,Họ và tên,Tên đăng nhập,Số điện thoại,Đơn vị,Cơ quan,Vai trò";
const WARD: &str = "Bộ phận một cửa phường Vĩnh Hải";

fn list(rows: &[&str]) -> File {
    documents::list(&format!("{HEADER}\n{}\n", rows.join("\n")))
}

fn faults(list: &OfficerImport) -> Vec<(&str, CellCode)> {
    list.errors.iter().map(|error| (error.cell.as_deref().unwrap_or("-"), error.code)).collect()
}

/// Waits for the password that an officer got by text.
async fn texted_password(desk: &Desk, username: &str) -> String {
    let query = "SELECT password_message_id FROM officers WHERE username = $1";
    let rows = desk.rows(query, [username.into()]).await;
    desk.phones().text_of(rows[0].try_get::<Uuid>("", "password_message_id").unwrap()).await.password()
}

#[rstest]
#[tokio::test]
async fn a_list_is_looked_at_before_it_authorises_and_changes(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let file = list(&[
        &format!("1,Phạm Thị Lan,,0905437200,{WARD},,"),
        &format!("2,Trần Thị Hòa,hoa,,{WARD}; Bộ phận một cửa UBND thành phố Nha Trang,,Quản trị"),
        "3,Ngô Thanh Bình,binh,0905 437 127,,,",
    ]);
    let checked = an.checked_list(&file).await;
    assert_eq!((checked.state, faults(&checked)), (ImportState::Ready, vec![]));
    assert_eq!(checked.counts, RowCounts { new: 1, changed: 1, unchanged: 1 });
    assert_eq!((checked.progress.done, checked.progress.total), (3, 3));
    let [lan, hoa, _] = checked.rows.as_slice() else { panic!("{:?}", checked.rows) };
    assert_eq!((lan.username.as_str(), lan.username_made, lan.row), ("lanpt", true, 2));
    assert_eq!((lan.units.as_slice(), lan.agency.as_str()), (&[WARD.to_owned()][..], "UBND thành phố Nha Trang"));
    let changed: Vec<_> = hoa.changes.iter().map(|one| (one.column, one.before.as_str(), one.after.as_str())).collect();
    assert_eq!(changed[0], (ListColumn::FullName, "Trần Thị Hoa", "Trần Thị Hòa"));
    assert_eq!((changed[1].0, changed[1].1), (ListColumn::Unit, WARD));
    assert_eq!(changed[2], (ListColumn::Role, "Cán bộ", "Quản trị"));
    let one: OfficerImport =
        an.get_list(checked.id, &[("outcome", "changed"), ("limit", "5"), ("offset", "0")]).await.json(200);
    assert_eq!(one.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3]);
    assert_eq!(desk.rows("SELECT id FROM officers WHERE username = 'lanpt'", []).await.len(), 0, "nothing yet");

    let applied = an.applied_list(checked.id).await;
    assert_eq!((applied.state, applied.applied_at), (ImportState::Applied, Some(desk.now())));
    let hoa = an.officer("hoa").await;
    assert_eq!((hoa.full_name.as_str(), hoa.role, hoa.units.len()), ("Trần Thị Hòa", Role::Administrator, 2));
    let password = texted_password(&desk, "lanpt").await;
    let lan = desk.visitor().signed_in("lanpt", &password).await.me().await;
    assert!(lan.password_change_needed);
    for (act, count) in [
        ("import_checked", 1),
        ("import_applied", 1),
        ("officer_imported", 1),
        ("officer_changed_by_import", 1),
        ("officer_authorised", 0),
    ] {
        assert_eq!(desk.audited(act).await, count, "{act}");
    }
    let changes = desk.rows("SELECT changes FROM audit_events WHERE act = 'officer_changed_by_import'", []).await;
    let changes: String = changes[0].try_get("", "changes").unwrap();
    assert!(changes.contains("administrator") && !changes.contains("Hòa") && !changes.contains("0905"), "{changes}");
    let again = an.apply_list(checked.id).await.refused(ProblemCode::ImportNotReady);
    assert_eq!(again.params["state"], "applied");
    let same = an.checked_list(&file).await;
    assert_eq!(same.counts, RowCounts { new: 0, changed: 0, unchanged: 3 }, "the row without a name is found");
}

#[rstest]
#[tokio::test]
async fn a_list_with_one_fault_does_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let checked = an.checked_list(&list(&["1,Phạm Thị Lan,,0905437200,,,", "2,,x,09054,Không có,,Sếp"])).await;
    assert_eq!(checked.state, ImportState::Refused);
    assert_eq!(
        faults(&checked),
        [
            ("B3", CellCode::Required),
            ("C3", CellCode::UsernameInvalid),
            ("D3", CellCode::PhoneInvalid),
            ("E3", CellCode::UnitUnknown),
            ("G3", CellCode::RoleUnknown)
        ]
    );
    assert_eq!((checked.error_count, checked.rows.len(), checked.errors[2].row), (5, 0, Some(3)));
    assert_eq!(checked.errors[3].params["unit"], "Không có");
    let refused = an.apply_list(checked.id).await.refused(ProblemCode::ImportNotReady);
    assert_eq!(refused.params["state"], "refused");
    assert_eq!(desk.audited("officer_imported").await, 0);
}

#[rstest]
#[tokio::test]
async fn what_was_previewed_is_applied_or_nothing_is(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let rows = [&format!("1,Trần Thị Hòa,hoa,0905437124,{WARD},,") as &str, "2,Phạm Thị Lan,lan,0905437200,,,"];
    let hoa = an.officer("hoa").await;
    let changed = an.checked_list(&list(&rows)).await;
    let name = UpdateOfficer { full_name: Some("Trần Hoa".into()), version: hoa.version, ..UpdateOfficer::default() };
    an.update_officer(hoa.id, &name).await.bytes(200);
    assert_eq!(an.applied_list(changed.id).await.state, ImportState::Stale, "the officer was changed");

    let taken = an.checked_list(&list(&rows)).await;
    desk.add_officer("lan", "Võ Thị Lan", "nam", vec![]).await;
    assert_eq!(an.applied_list(taken.id).await.state, ImportState::Stale, "the sign-in name was taken");

    let retired = an.checked_list(&list(&rows[..1])).await;
    let hoa: Officer = an.officer("hoa").await;
    let ward = an.unit_named(WARD).await;
    an.assign_units(hoa.id, hoa.version, vec![]).await.bytes(200);
    an.retire_unit(ward.id, ward.version).await.bytes(200);
    assert_eq!(an.applied_list(retired.id).await.state, ImportState::Stale, "the unit was retired");
    assert_eq!(an.officer("hoa").await.full_name, "Trần Hoa");
    assert_eq!((desk.audited("officer_imported").await, desk.audited("officer_changed_by_import").await), (0, 0));

    let suspended = an.checked_list(&list(&["1,Trần Thị Hòa,hoa,0905437124,,,"])).await;
    desk.write("UPDATE officers SET suspended_at = created_at WHERE username = 'an'", []).await.unwrap();
    let applying = "UPDATE officer_imports SET state = 'applying' WHERE id = $1";
    desk.write(applying, [suspended.id.into()]).await.unwrap();
    let state = wait::until("the list to be settled", || async {
        let rows = desk.rows("SELECT state FROM officer_imports WHERE id = $1", [suspended.id.into()]).await;
        let state: String = rows[0].try_get("", "state").unwrap();
        (state != "applying").then_some(state)
    })
    .await;
    assert_eq!(state, "stale", "who asked for it may no more");
    assert_eq!(desk.audited("officer_changed_by_import").await, 0);
}

#[rstest]
#[tokio::test]
async fn no_list_takes_the_last_administrator_of_an_agency_or_of_one_below(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let ward = an.unit_named(WARD).await.id;
    desk.add_officer("chi", "Vũ Thị Chi", "minh", vec![]).await;
    let to_ward = "UPDATE officers SET role = 'administrator', agency_id = $1 WHERE username = 'chi'";
    desk.write(to_ward, [ward.into()]).await.unwrap();
    let demoted = an.checked_list(&list(&["1,Vũ Thị Chi,chi,,,,Cán bộ", "2,Phạm Thị An,an,,,,Cán bộ"])).await;
    assert_eq!(faults(&demoted), [("G2", CellCode::LastAdministrator), ("G3", CellCode::RoleOwn)]);
    assert_eq!(demoted.errors[0].params["unit"], WARD);
    let moved = an.checked_list(&list(&["1,Vũ Thị Chi,chi,,,UBND thành phố Nha Trang,"])).await;
    assert_eq!(faults(&moved), [("F2", CellCode::LastAdministrator)]);
    let replaced = list(&["1,Vũ Thị Chi,chi,,,,Cán bộ", &format!("2,Lê Mới,moi,0905437300,,{WARD},Quản trị")]);
    let ready = an.checked_list(&replaced).await;
    assert_eq!(faults(&ready), []);
    assert_eq!(an.applied_list(ready.id).await.state, ImportState::Applied);

    let both = an.checked_list(&list(&["1,Lê Mới,moi,,,,Cán bộ", "2,Vũ Thị Chi,chi,,,,Quản trị"])).await;
    assert_eq!(both.state, ImportState::Ready);
    let chi = an.officer("chi").await;
    an.suspend_officer(chi.id).await.bytes(200);
    assert_eq!(an.applied_list(both.id).await.state, ImportState::Stale, "the other is suspended meanwhile");
}

#[rstest]
#[tokio::test]
async fn a_list_is_its_uploaders_and_its_rows_are_gone_after_a_day(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    desk.add_officer("chi", "Vũ Thị Chi", "minh", vec![]).await;
    desk.write("UPDATE officers SET role = 'administrator' WHERE username = 'chi'", []).await.unwrap();
    let checked = an.checked_list(&list(&["1,Phạm Thị Lan,,0905437200,,,"])).await;
    let chi = desk.sign_in("chi").await;
    chi.get_list(checked.id, &[]).await.refused(ProblemCode::NotFound);
    chi.apply_list(checked.id).await.refused(ProblemCode::NotFound);
    let kept = desk.rows("SELECT file_sealed, plan_sealed FROM officer_imports", []).await;
    assert_eq!(
        kept[0].try_get::<Option<Vec<u8>>>("", "file_sealed").unwrap(),
        None,
        "the file went when it was checked"
    );
    let plan: Vec<u8> = kept[0].try_get("", "plan_sealed").unwrap();
    assert!(!String::from_utf8_lossy(&plan).contains("0905"), "sealed");
    desk.advance(Duration::hours(24));
    motcua::house_keeping::once(desk.services()).await.unwrap();
    let an = desk.sign_in("an").await;
    let expired: OfficerImport = an.get_list(checked.id, &[]).await.json(200);
    assert_eq!((expired.state, expired.rows, expired.counts), (ImportState::Expired, vec![], RowCounts::default()));
    let refused = an.apply_list(checked.id).await.refused(ProblemCode::ImportNotReady);
    assert_eq!(refused.params["state"], "expired");
    let out = an.get_list(checked.id, &[("limit", "1001")]).await.refused_fields(ProblemCode::RequestInvalid);
    assert_eq!(out[0].code, FieldCode::OutOfRange);
}

#[rstest]
#[tokio::test]
async fn what_is_no_list_is_refused_and_a_repeated_upload_is_one(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let refused = an.upload_list(&documents::pdf("no list")).await.refused(ProblemCode::ListTypeRefused);
    assert_eq!(refused.params["kind"], "a PDF");
    let large = documents::list(&"x".repeat(5 * 1024 * 1024 + 1));
    let max = an.upload_list(&large).await.refused(ProblemCode::ListTooLarge).params["max_bytes"].clone();
    assert_eq!(max, (5 * 1024 * 1024).to_string());
    let windows = File { content: b"H\xf2 v\xe0 t\xean,SDT\nLan,1\n".to_vec(), ..documents::list("") };
    assert_eq!(faults(&an.checked_list(&windows).await), [("-", CellCode::Unreadable)]);
    let broken = documents::workbook(b"PK\x03\x04 no workbook".to_vec());
    assert_eq!(faults(&an.checked_list(&broken).await), [("-", CellCode::Unreadable)]);
    let an = an.with_key("once");
    let first: OfficerImport = an.upload_list(&list(&["1,Lan,,0905437200,,,"])).await.json(202);
    let second: OfficerImport = an.upload_list(&list(&["1,Lan,,0905437200,,,"])).await.json(202);
    assert_eq!(first.id, second.id);
    an.upload_list(&list(&["1,Lan,,0905437201,,,"])).await.refused(ProblemCode::IdempotencyKeyReused);
}

/// Officers whose names, units and agencies are hard to write down.
async fn odd_officers(desk: &Desk, an: &Client) {
    let (top, ward) = (an.units().await.agency_id, an.unit_named(WARD).await.id);
    let mut units = Vec::new();
    for (parent, name) in [
        (ward, "Bộ phận một cửa"),
        (top, "Bộ phận một cửa"),
        (top, "=Một cửa; \"lẻ\""),
        (top, "Trên > dưới"),
        (ward, "-1, hai"),
    ] {
        let unit: motcua_openapi::units::Unit = an.create_unit(parent, name).await.json(201);
        units.push(unit.id);
    }
    desk.add_officer("le", "Lê O'Ái-Vân", "minh", units.clone()).await;
    desk.add_officer("khong.so", "Không Số", "minh", vec![]).await;
    desk.write("UPDATE officers SET phone_sealed = NULL WHERE username = 'khong.so'", []).await.unwrap();
    desk.add_officer("duoi", "Ở Dưới", "minh", units).await;
    let to_ward = "UPDATE officers SET agency_id = $1, role = 'auditor' WHERE username = 'duoi'";
    desk.write(to_ward, [ward.into()]).await.unwrap();
    let officer = an.officer("le").await;
    an.suspend_officer(officer.id).await.bytes(200);
}

#[rstest]
#[tokio::test]
async fn what_is_exported_imports_back_unchanged(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    odd_officers(&desk, &an).await;
    let xlsx = an.export_officers("xlsx").await;
    assert_eq!(xlsx.header("content-disposition"), Some("attachment; filename=\"officers.xlsx\""));
    let csv = an.export_officers("csv").await;
    assert!(csv.text().starts_with('\u{feff}') && csv.text().contains("0905 437 124"));
    assert!(!csv.text().contains("Lê Hoàng Nam"), "nobody of another agency");
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.bytes(200));
    let risky = |cell: &str| cell.starts_with(['=', '+', '-', '@']);
    assert!(reader.records().all(|row| !row.unwrap().iter().any(risky)));
    for file in [documents::workbook(xlsx.bytes(200).to_vec()), documents::list(&csv.text())] {
        let back = an.checked_list(&file).await;
        assert_eq!(faults(&back), [], "{}", file.name);
        assert_eq!(back.counts, RowCounts { new: 0, changed: 0, unchanged: 7 }, "{:?}", back.rows);
        let before = desk.rows("SELECT version FROM officers ORDER BY id", []).await;
        assert_eq!(an.applied_list(back.id).await.state, ImportState::Applied);
        let after = desk.rows("SELECT version FROM officers ORDER BY id", []).await;
        let versions = |rows: &[sea_orm::QueryResult]| -> Vec<i32> {
            rows.iter().map(|row| row.try_get("", "version").unwrap()).collect()
        };
        assert_eq!(versions(&before), versions(&after));
    }
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(xlsx.bytes(200))).unwrap();
    let sheet = book.worksheet_range("Cán bộ").unwrap();
    let header: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(header, ListColumn::ALL.map(ListColumn::header));
    assert_eq!(desk.audited("officers_exported").await, 2);
}

/// A workbook of 10,000 officers, and the 37 cells of it that are made wrong.
fn large_list() -> (File, BTreeMap<String, CellCode>) {
    let mut rows: Vec<[String; 7]> = (0..10_000)
        .map(|n| {
            let phone = format!("09{:08}", 10_000_000 + n);
            let letters: String = format!("{n:04}").bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
            let name = format!("Nguyễn Văn {letters}");
            [(n + 1).to_string(), name, format!("can.bo.{n}"), phone, WARD.into(), String::new(), "Cán bộ".into()]
        })
        .collect();
    let mut wrong = BTreeMap::new();
    let mut spoil = |row: usize, column: usize, text: &str, code: CellCode| {
        rows[row][column] = text.to_owned();
        let letter = char::from(b'A' + u8::try_from(column).unwrap());
        wrong.insert(format!("{letter}{}", row + 2), code);
    };
    for n in 0..5 {
        spoil(n * 1_999, 1, "", CellCode::Required);
        spoil(n * 1_999 + 1, 1, "Nguyễn 2", CellCode::NameInvalid);
        spoil(n * 1_999 + 2, 2, "có dấu", CellCode::UsernameInvalid);
        spoil(n * 1_999 + 3, 3, "090543712", CellCode::PhoneInvalid);
        spoil(n * 1_999 + 4, 3, "09o5437123", CellCode::PhoneInvalid);
        spoil(n * 1_999 + 5, 4, "Bộ phận nào", CellCode::UnitUnknown);
        spoil(n * 1_999 + 6, 6, "Sếp", CellCode::RoleUnknown);
    }
    // One of another agency has it; and one is there twice.
    spoil(9_998, 2, "nam", CellCode::UsernameTaken);
    spoil(9_999, 2, "can.bo.1234", CellCode::UsernameRepeated);
    (documents::workbook(workbook(&rows)), wrong)
}

fn workbook(rows: &[[String; 7]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (at, header) in (0..).zip(HEADER.split(',')) {
        sheet.write_string(0, at, header).unwrap();
    }
    for (row, cells) in (1..).zip(rows) {
        for (at, cell) in (0..).zip(cells) {
            sheet.write_string(row, at, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[rstest]
#[tokio::test]
async fn of_ten_thousand_rows_exactly_the_37_wrong_cells_are_told(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let (file, wrong) = large_list();
    assert_eq!(wrong.len(), 37);
    let begun = Instant::now();
    let checked = an.checked_list(&file).await;
    eprintln!("{engine:?}: 10,000 rows with 37 faults checked in {:?}", begun.elapsed());
    let told: BTreeMap<String, CellCode> =
        checked.errors.iter().map(|error| (error.cell.clone().unwrap(), error.code)).collect();
    assert_eq!((told, checked.error_count, checked.state), (wrong, 37, ImportState::Refused));
    let at_row = |error: &CellError| error.cell.as_ref().unwrap().ends_with(&error.row.unwrap().to_string());
    assert!(checked.errors.iter().all(at_row));
    assert!(checked.errors.is_sorted_by_key(|error| (error.row, error.column)));
}

#[rstest]
#[tokio::test]
async fn ten_thousand_rows_are_applied_in_one_go_and_their_texts_take_turns(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let mut text = format!("{HEADER}\n");
    for n in 0..10_000 {
        writeln!(text, "{n},Nguyễn Văn An,can.bo.{n},09{:08},{WARD},,", 10_000_000 + n).unwrap();
    }
    let begun = Instant::now();
    let checked = an.checked_list(&documents::list(&text)).await;
    let checked_after = begun.elapsed();
    assert_eq!(checked.counts, RowCounts { new: 10_000, changed: 0, unchanged: 0 });
    assert_eq!(checked.rows.len(), 100);
    let begun = Instant::now();
    an.apply_list(checked.id).await.bytes(202);
    let seen = RefCell::new(BTreeSet::new());
    let applied = wait::until_within(std::time::Duration::from_secs(180), "the list to be applied", || {
        let list = an.get_list(checked.id, &[("limit", "0")]);
        let seen = &seen;
        async move {
            let list: OfficerImport = list.await.json(200);
            seen.borrow_mut().insert(list.progress.done);
            (!list.state.is_under_way()).then_some(list)
        }
    })
    .await;
    eprintln!(
        "{engine:?}: checked in {checked_after:?}, applied in {:?}, progress {:?}",
        begun.elapsed(),
        seen.borrow()
    );
    assert_eq!((applied.state, applied.progress.done), (ImportState::Applied, 10_000));
    assert_eq!(desk.audited("officer_imported").await, 10_000);
    let assigned = desk.rows("SELECT COUNT(*) AS many FROM officer_units", []).await;
    assert!(assigned[0].try_get::<i64>("", "many").unwrap() > 10_000);
    let now = desk.now();
    let due = desk.rows("SELECT id FROM messages WHERE next_attempt_at <= $1", [now.into()]).await.len();
    let all = desk.rows("SELECT id FROM messages", []).await.len();
    assert_eq!((due, all), (1, 10_000), "300 a minute, the first at once");
    desk.advance(Duration::minutes(1));
    let due = desk.rows("SELECT id FROM messages WHERE next_attempt_at <= $1", [desk.now().into()]).await.len();
    assert_eq!(due, 301);
}

#[tokio::test]
async fn any_instance_answers_and_one_that_died_is_taken_over() {
    let Some(desk) = Desk::open(Postgres).await else { return };
    let second = desk.second_server().await;
    let an = desk.sign_in("an").await;
    let checked = an.checked_list(&list(&["1,Phạm Thị Lan,lan,0905437200,,,"])).await;
    let beside = desk.visitor_at(&format!("http://{}", second.address)).with_token(an.token());
    let seen: OfficerImport = beside.get_list(checked.id, &[]).await.json(200);
    assert_eq!(seen.rows, checked.rows);
    // Claimed by an instance that is no more.
    let claimed = "UPDATE officer_imports SET state = 'applying', claimed_until = $1";
    desk.write(claimed, [(desk.now() + Duration::minutes(5)).into()]).await.unwrap();
    let waiting: OfficerImport = beside.get_list(checked.id, &[]).await.json(200);
    assert_eq!(waiting.state, ImportState::Applying);
    desk.advance(Duration::minutes(6));
    assert_eq!(beside.settled_list(checked.id).await.state, ImportState::Applied);
    assert_eq!(desk.audited("officer_imported").await, 1);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn the_command_tells_the_same_faults_and_applies_the_same() {
    let server = ServerProcess::start("[passwords]\nmemory_kib = 64\npasses = 1\n").await;
    let write = |name: &str, file: &File| std::fs::write(server.folder().join(name), &file.content).unwrap();
    let said = |output: &std::process::Output| String::from_utf8(output.stdout.clone()).unwrap();
    write("wrong.csv", &list(&["1,Phạm Thị Lan,,09054,,,", "2,Lê Văn Tám,tam,0905437201,Đâu đó,,"]));
    let unsaid = server.command(&["officers", "import", "wrong.csv"]).await;
    let tops = String::from_utf8(unsaid.stderr).unwrap();
    assert!(!unsaid.status.success() && tops.contains("--agency") && tops.contains("Sở Tư pháp"), "{tops}");
    let top = tops.lines().find(|line| line.ends_with("UBND thành phố Nha Trang")).unwrap();
    let agency = top.split_whitespace().next().unwrap();
    let refused = server.command(&["officers", "import", "wrong.csv", "--agency", agency, "--apply"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(
        said(&refused),
        "2\tD2\tphone_invalid\ta mobile number has 10 digits and begins with 0; this has 5\tcount: 5\n\
         3\tE3\tunit_unknown\tno unit of yours and below has this name\tunit: Đâu đó\n\
         2 faults: nothing can be applied\n"
    );
    write("right.csv", &list(&["1,Phạm Thị Lan,,0905437200,,,", "2,Trần Thị Hòa,hoa,,,,"]));
    let looked = server.command(&["officers", "import", "right.csv", "--agency", agency]).await;
    let preview = "2\tnew\tlanpt\tPhạm Thị Lan\n\
                   3\tchanged\thoa\tTrần Thị Hòa\tHọ và tên: Trần Thị Hoa -> Trần Thị Hòa\t\
                   Đơn vị: Bộ phận một cửa phường Vĩnh Hải -> \n\
                   2 rows: 1 new, 1 changed, 0 unchanged\n";
    assert_eq!((said(&looked).as_str(), looked.status.success()), (preview, true));
    let applied = server.command(&["officers", "import", "right.csv", "--agency", agency, "--apply"]).await;
    assert_eq!(said(&applied), format!("{preview}applied\n"));
    assert!(applied.status.success());
    let progress = String::from_utf8(applied.stderr).unwrap();
    assert!(progress.contains("2 of 2 rows"), "{progress}");
    let again = server.command(&["officers", "import", "right.csv", "--agency", agency]).await;
    assert_eq!(said(&again), "2 rows: 0 new, 0 changed, 2 unchanged\n");
}

#[rstest]
#[tokio::test]
async fn units_out_of_reach_and_sessions_are_left_alone(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, hoa) = (desk.sign_in("an").await, desk.sign_in("hoa").await);
    let far = desk.add_unit("Bộ phận một cửa nơi khác").await;
    let officer = an.officer("hoa").await;
    desk.write("INSERT INTO officer_units (officer_id, unit_id) VALUES ($1, $2)", [officer.id.into(), far.into()])
        .await
        .unwrap();
    let checked = an.checked_list(&list(&["1,Trần Thị Hoa,hoa,,,,"])).await;
    assert_eq!(checked.rows[0].outcome, RowOutcome::Changed);
    assert_eq!(checked.rows[0].changes.iter().map(|one| one.column).collect::<Vec<_>>(), [ListColumn::Unit]);
    assert_eq!(an.applied_list(checked.id).await.state, ImportState::Applied);
    let kept: Vec<Uuid> = an.officer("hoa").await.units.iter().map(|unit| unit.id).collect();
    assert_eq!(kept, [far]);
    hoa.get_me().await.bytes(200);
    let version = an.officer("hoa").await.version;
    assert!(version > officer.version);
    let assign = AssignUnits { version, units: vec![] };
    an.assign_units(officer.id, assign.version, assign.units).await.bytes(200);
}
