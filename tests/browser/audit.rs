//! What an auditor finds and takes along; nothing on the page changes anything.

use motcua_tests::people::citizen;
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn an_auditor_finds_who_did_what_and_takes_it_along() {
    let page = Page::open("audit").await;
    let minh = page.minh().await;
    let account = minh.account(&page.desk, &citizen(1)).await;
    minh.get_account(account.id).await.bytes(200);
    page.type_name_and_password("binh").await;
    page.reads_in("h1", "Nhật ký").await;
    page.reads_in("tbody", "Tạo tài khoản").await;
    page.keep_picture("newest").await;
    assert!(!page.text_of("nav.menu").await.contains("Đơn vị"), "nothing that changes is his");

    page.type_into("act", "Xem tài").await;
    page.type_into("officer_name", "quang minh").await;
    page.press("Tìm kiếm").await;
    page.reads_no_more("Gửi mã OTP").await;
    let rows = "return document.querySelectorAll('[aria-labelledby=events-title] tbody tr').length";
    motcua_tests::wait::until("one row", || async {
        (page.chromium.script(rows, vec![]).await == json!(1)).then_some(())
    })
    .await;
    page.press("Tài khoản ").await;
    page.reads("Chỉ việc trên: Tài khoản").await;
    page.type_into("from", "31022026").await;
    page.press("Tìm kiếm").await;
    page.refuses("from", "Ngày không đúng.").await;
    page.retype("from", "1/3/2026").await;
    page.press("Xuất tệp CSV").await;
    let (name, table) = page.chromium.download().await;
    let table = String::from_utf8(table).unwrap();
    assert_eq!(name, "audit-events.csv");
    assert!(table.contains("account_read") && !table.contains("account_created"), "{table}");
    assert!(!table.contains("Minh"), "ids and no names: {table}");
    page.press("Bỏ lọc đối tượng").await;
    page.reads_no_more("Chỉ việc trên").await;
    page.keep_picture("found").await;
    page.end().await;
}

#[tokio::test]
async fn an_administrator_has_no_audit_to_read() {
    let page = Page::open("audit-no-permission").await;
    page.sign_in_as_an("/admin/audit").await;
    page.reads("Nhật ký dành cho kiểm toán viên.").await;
    assert!(!page.text_of("nav.menu").await.contains("Nhật ký"));
    assert_eq!(page.times_asked("/audit-events/search").await, 0, "nothing was asked for");
    page.end().await;
}
