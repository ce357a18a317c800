//! `/accounts/search`: the list of screen 1 with its seven filters.

use chrono::{Duration, NaiveDate};
use motcua::settings::Settings;
use motcua_openapi::accounts::{AccountPage, SearchAccounts, Total};
use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{citizen, id_number, named, old_number, phone};
use motcua_tests::{Client, Desk};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;

fn only(change: impl FnOnce(&mut SearchAccounts)) -> SearchAccounts {
    let mut filters = SearchAccounts::default();
    change(&mut filters);
    filters
}

fn names(page: &AccountPage) -> Vec<&str> {
    page.items.iter().map(|row| row.full_name.as_str()).collect()
}

async fn found_by_name(officer: &Client, name: &str) -> Vec<String> {
    let page = officer.search(&only(|it| it.name = Some(name.into()))).await;
    assert_eq!(page.total, Total { count: u32::try_from(page.items.len()).unwrap(), exact: true });
    let mut names: Vec<String> = page.items.iter().map(|row| row.full_name.to_string()).collect();
    names.sort();
    names
}

#[rstest]
#[tokio::test]
async fn the_list_opens_on_all_accounts_newest_first_with_masked_numbers(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let empty = minh.search(&SearchAccounts::default()).await;
    assert_eq!((empty.items, empty.next, empty.total), (vec![], None, Total { count: 0, exact: true }));
    for (n, name) in [(1, "Lê Văn An"), (2, "Trần Thị Bình"), (3, "Phạm Văn Cường")] {
        minh.account(&desk, &named(n, name)).await;
        desk.advance(Duration::seconds(1));
    }
    let page = minh.search(&SearchAccounts::default()).await;
    assert_eq!(names(&page), ["Phạm Văn Cường", "Trần Thị Bình", "Lê Văn An"]);
    assert_eq!((page.next.as_ref(), page.total), (None, Total { count: 3, exact: true }));
    let row = &page.items[0];
    assert_eq!((row.id_number_masked.as_str(), row.phone_masked.as_str()), ("••••••••0003", "••••••0003"));
    assert_eq!(row.officer.full_name, "Đặng Quang Minh");
    assert_eq!(row.unit.name, "Bộ phận một cửa UBND thành phố Nha Trang");
}

#[rstest]
#[tokio::test]
async fn a_name_is_found_in_any_case_without_marks_by_any_part_and_in_any_order_of_words(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    for (n, name) in [(1, "Nguyễn Thị Ánh"), (2, "Nguyễn Thị Ước"), (3, "Đặng Quang Minh Anh")] {
        minh.account(&desk, &named(n, name)).await;
    }
    let both = ["Nguyễn Thị Ánh", "Nguyễn Thị Ước"];
    for typed in
        ["Nguyễn Thị", "nguyen thi", "NGUYỄN THỊ", "  nguyen   thi ", "Nguye\u{302}\u{303}n", "thi nguyen", "uyễn Th"]
    {
        assert_eq!(found_by_name(&minh, typed).await, both, "{typed}");
    }
    assert_eq!(found_by_name(&minh, "ánh nguyễn").await, ["Nguyễn Thị Ánh"]);
    assert_eq!(found_by_name(&minh, "anh").await, ["Nguyễn Thị Ánh", "Đặng Quang Minh Anh"]);
    assert_eq!(found_by_name(&minh, "dang").await, ["Đặng Quang Minh Anh"]);
    assert_eq!(found_by_name(&minh, "ĐẶNG MINH").await, ["Đặng Quang Minh Anh"]);
    let none: [&str; 0] = [];
    assert_eq!(found_by_name(&minh, "inh qua").await, none, "parts of words keep their order");
    assert_eq!(found_by_name(&minh, "Nguyễn Văn").await, none);
    assert_eq!(found_by_name(&minh, "   ").await.len(), 3, "an empty filter does not filter");
}

#[rstest]
#[tokio::test]
async fn signs_that_mean_something_to_the_database_mean_themselves(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    minh.account(&desk, &named(1, "Y' Ênuôl-Niê")).await;
    let none: [&str; 0] = [];
    for typed in ["%", "_", "enu_l", "e%l", "\\", "%%", "';--", "\\%"] {
        assert_eq!(found_by_name(&minh, typed).await, none, "{typed}");
    }
    assert_eq!(found_by_name(&minh, "y'").await, ["Y' Ênuôl-Niê"]);
    assert_eq!(found_by_name(&minh, "nuol-nie").await, ["Y' Ênuôl-Niê"]);
}

#[rstest]
#[tokio::test]
async fn phone_and_number_are_found_exactly_in_any_written_form(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let details = DetailsInput { previous_id_number: Some(old_number(1)), ..named(1, "Lê Văn An") };
    minh.account(&desk, &details).await;
    minh.account(&desk, &named(2, "Trần Thị Bình")).await;
    for typed in ["0905000001", "0905 000 001", "0905.000.001", "+84905000001", "84905000001", " 0905-000-001 "] {
        let page = minh.search(&only(|it| it.phone = Some(typed.into()))).await;
        assert_eq!(names(&page), ["Lê Văn An"], "{typed}");
    }
    for typed in ["079190000001", "079 190 000 001", "079.190.000.001", "225000001", "225 000 001"] {
        let page = minh.search(&only(|it| it.id_number = Some(typed.into()))).await;
        assert_eq!(names(&page), ["Lê Văn An"], "{typed}");
    }
    let unknown = minh.search(&only(|it| it.phone = Some(phone(3)))).await;
    assert_eq!((unknown.items, unknown.total.count), (vec![], 0));
}

#[rstest]
#[tokio::test]
async fn the_creating_officer_and_unit_filter_and_all_filters_work_together(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let unit = minh.unit().await;
    let second = desk.add_unit("Bộ phận một cửa phường Lộc Thọ").await;
    desk.add_officer("lan", "Phạm Thị Lan", "minh", vec![second, unit]).await;
    desk.rows(
        "INSERT INTO officer_units (officer_id, unit_id) SELECT id, $1 FROM officers WHERE username = 'minh'",
        [second.into()],
    )
    .await;
    let lan = desk.sign_in("lan").await;
    minh.account_at(&desk, unit, &named(1, "Lê Văn An")).await;
    lan.account_at(&desk, second, &named(2, "Lê Thị Bình")).await;
    lan.account_at(&desk, unit, &named(3, "Trần Văn Cường")).await;
    let by_officer = minh.search(&only(|it| it.officer_name = Some("lan pham".into()))).await;
    assert_eq!(by_officer.total.count, 2);
    let by_unit = minh.search(&only(|it| it.unit_id = Some(second))).await;
    assert_eq!(names(&by_unit), ["Lê Thị Bình"]);
    let day: NaiveDate = "2026-03-02".parse().unwrap();
    let all = SearchAccounts {
        name: Some("le".into()),
        phone: Some(phone(2)),
        id_number: Some(id_number(2)),
        officer_name: Some("Lan".into()),
        unit_id: Some(second),
        from: Some(day),
        to: Some(day),
        ..SearchAccounts::default()
    };
    assert_eq!(names(&minh.search(&all).await), ["Lê Thị Bình"]);
    let wrong = [
        SearchAccounts { name: Some("tran".into()), ..all.clone() },
        SearchAccounts { phone: Some(phone(1)), ..all.clone() },
        SearchAccounts { id_number: Some(id_number(1)), ..all.clone() },
        SearchAccounts { officer_name: Some("minh".into()), ..all.clone() },
        SearchAccounts { unit_id: Some(unit), ..all.clone() },
        SearchAccounts { from: day.succ_opt(), to: None, ..all.clone() },
        SearchAccounts { from: None, to: day.pred_opt(), ..all },
    ];
    for filters in wrong {
        assert_eq!(minh.search(&filters).await.total.count, 0, "{filters:?}");
    }
}

#[rstest]
#[tokio::test]
async fn the_days_are_the_desks_days_both_inclusive(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    // 23:59 on 2 March at the desk is 16:59 UTC.
    desk.advance("2026-03-02T16:59:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - desk.now());
    let minh = desk.sign_in("minh").await;
    minh.account(&desk, &named(1, "Lê Văn An")).await;
    desk.advance(Duration::minutes(1));
    minh.account(&desk, &named(2, "Trần Thị Bình")).await;
    let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    let cases = [
        (day("2026-03-02"), day("2026-03-02"), vec!["Lê Văn An"]),
        (day("2026-03-03"), day("2026-03-03"), vec!["Trần Thị Bình"]),
        (day("2026-03-02"), day("2026-03-03"), vec!["Trần Thị Bình", "Lê Văn An"]),
        (day("2026-03-03"), None, vec!["Trần Thị Bình"]),
        (None, day("2026-03-02"), vec!["Lê Văn An"]),
        (day("2026-03-04"), None, vec![]),
        (None, day("2026-03-01"), vec![]),
    ];
    for (from, to, expected) in cases {
        let page = minh.search(&SearchAccounts { from, to, ..SearchAccounts::default() }).await;
        assert_eq!((names(&page), page.total.count as usize), (expected.clone(), expected.len()), "{from:?} {to:?}");
    }
}

#[rstest]
#[tokio::test]
async fn the_cursor_walks_all_once_while_new_ones_arrive(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let mut before = Vec::new();
    for n in 0..11 {
        before.push(minh.account(&desk, &citizen(n)).await.id);
        // Several within one instant, so that time alone does not order them.
        if n % 4 == 3 {
            desk.advance(Duration::microseconds(1));
        }
    }
    desk.advance(Duration::seconds(1));
    let (mut walked, mut cursor) = (Vec::new(), None);
    for n in 20.. {
        let page = minh.search(&SearchAccounts { cursor, limit: Some(3), ..SearchAccounts::default() }).await;
        walked.extend(page.items.iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        assert_eq!(page.items.len(), 3);
        cursor = Some(next);
        minh.account(&desk, &citizen(n)).await;
    }
    walked.sort_unstable();
    before.sort_unstable();
    assert_eq!(walked, before);
}

#[rstest]
#[tokio::test]
async fn a_page_that_ends_exactly_at_the_last_row_has_no_next(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 0..2 {
        minh.account(&desk, &citizen(n)).await;
    }
    let page = minh.search(&only(|it| it.limit = Some(2))).await;
    assert_eq!((page.items.len(), page.next, page.total.count), (2, None, 2));
}

#[rstest]
#[tokio::test]
async fn the_total_counts_the_filtered_and_stops_saying_exactly_past_ten_thousand(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    let account = minh.account(&desk, &citizen(1)).await;
    minh.account(&desk, &citizen(2)).await;
    // Each further row is the first one under another id: only counted, never read.
    for (from, to, exact) in [(2, 10_000, true), (10_000, 10_001, false)] {
        copy_account(&desk, account.id, from, to).await;
        let total = minh.search(&only(|it| it.limit = Some(1))).await.total;
        assert_eq!(total, Total { count: 10_000, exact });
    }
    let none = minh.search(&only(|it| it.name = Some("Trần".into()))).await;
    assert_eq!(none.total, Total { count: 0, exact: true });
}

/// Rows `from..to` that differ in their ids only, a day older than the one they are made from.
async fn copy_account(desk: &Desk, id: Uuid, from: i64, to: i64) {
    let series = "WITH RECURSIVE series(n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < $2)";
    let new_id = if desk.is_postgres() { "md5(n::text)::uuid" } else { "CAST(printf('%016d', n) AS BLOB)" };
    let registration =
        "version, state, officer_id, unit_id, otp_sequence, created_at, updated_at, updated_by, expires_at";
    let account = "officer_id, unit_id, full_name, name_folded, personal_sealed, phone_index, scan_sealed, \
                   password_sequence, password_message_id";
    let copy_registrations = format!(
        "{series} INSERT INTO registrations (id, {registration}) SELECT {new_id}, {registration} FROM series, \
         (SELECT * FROM registrations LIMIT 1) AS one"
    );
    desk.rows(&copy_registrations, [from.into(), to.into()]).await;
    let copy_accounts = format!(
        "{series} INSERT INTO accounts (id, registration_id, created_at, {account}) SELECT {new_id}, {new_id}, $3, \
         {account} FROM series, (SELECT * FROM accounts WHERE id = $4) AS one"
    );
    let older = desk.now() - Duration::days(1);
    desk.rows(&copy_accounts, [from.into(), to.into(), older.into(), id.into()]).await;
}

#[rstest]
#[case::no_row(json!({"limit": 0}), "limit", FieldCode::OutOfRange)]
#[case::too_many(json!({"limit": 101}), "limit", FieldCode::OutOfRange)]
#[case::name_too_long(json!({"name": "x".repeat(101)}), "name", FieldCode::OutOfRange)]
#[case::part_of_a_phone(json!({"phone": "0905"}), "phone", FieldCode::PhoneInvalid)]
#[case::part_of_a_number(json!({"id_number": "0791"}), "id_number", FieldCode::IdNumberInvalid)]
#[case::reversed(json!({"from": "2026-03-03", "to": "2026-03-02"}), "to", FieldCode::RangeReversed)]
#[case::no_cursor(json!({"cursor": "nonsense"}), "cursor", FieldCode::OutOfRange)]
#[tokio::test]
async fn a_filter_that_cannot_be_read_is_named(
    #[case] body: serde_json::Value,
    #[case] field: &str,
    #[case] code: FieldCode,
) {
    let Some(desk) = Desk::open(Sqlite).await else { return };
    let minh = desk.sign_in("minh").await;
    let call = minh.call(Method::POST, "/accounts/search").json(&body).malformed();
    let fields = call.send().await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields.len(), fields[0].field.as_str(), fields[0].code), (1, field, code));
}

#[rstest]
#[tokio::test]
async fn a_day_of_a_year_that_nobody_means_is_refused_and_the_others_are_days(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let minh = desk.sign_in("minh").await;
    for (day, status) in [
        ("-262143-01-01", 400),
        ("-4713-11-24", 400),
        ("0001-01-01", 400),
        ("1899-12-31", 400),
        ("1900-01-01", 200),
        ("9999-12-31", 200),
        ("+10000-01-01", 400),
        ("+262142-12-31", 400),
    ] {
        for field in ["from", "to"] {
            let call = minh.call(Method::POST, "/accounts/search").json(&json!({field: day})).malformed();
            let answer = call.send().await;
            assert_eq!(answer.status, status, "{field} {day}: {}", answer.text());
            if status == 400 {
                let fields = answer.refused_fields(ProblemCode::BodyInvalid);
                assert_eq!((fields[0].field.as_str(), fields[0].code), (field, FieldCode::OutOfRange));
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_officer_may_ask_for_a_hundred_rows_a_page(#[values(Sqlite, Postgres)] engine: Engine) {
    let many = |settings: &mut Settings| settings.otp.per_officer_hour = 100;
    let Some(desk) = Desk::open_with(engine, many).await else { return };
    let minh = desk.sign_in("minh").await;
    for n in 0..22 {
        minh.account(&desk, &citizen(n)).await;
    }
    assert_eq!(minh.search(&SearchAccounts::default()).await.items.len(), 20, "20 where no limit is given");
    assert_eq!(minh.search(&only(|it| it.limit = Some(100))).await.items.len(), 22);
}
