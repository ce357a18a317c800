//! What an administrator looks at in the morning.

use motcua_tests::people::citizen;
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn the_morning_shows_accounts_refusals_quiet_desks_and_texts_each_with_its_table() {
    let page = Page::open_with("dashboard", |settings| settings.dashboard.flush_seconds = 1).await;
    page.sign_in_as_an("/admin/").await;
    page.reads_in("h1", "Tổng quan").await;
    page.reads("Chưa có tài khoản nào trong 30 ngày.").await;
    page.reads("Không có lượt từ chối nào trong 30 ngày.").await;
    page.keep_picture("empty").await;

    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    minh.account(&page.desk, &citizen(2)).await;
    minh.look_up("12").await;
    motcua_tests::wait::until("the refusal to be written", || async {
        (!page.desk.rows("SELECT * FROM refusal_counts", []).await.is_empty()).then_some(())
    })
    .await;
    page.press("Cập nhật").await;
    page.reads_in(".figures", "hôm nay: 2").await;
    page.reads_in("[aria-labelledby=units-title] tbody", "Bộ phận một cửa UBND thành phố Nha Trang 2").await;
    page.reads_in("[aria-labelledby=refusals-title] tbody", "Thông tin nhập chưa đúng 1").await;
    page.reads_in("[aria-labelledby=quiet-title] tbody", "Bộ phận một cửa phường Vĩnh Hải Chưa có").await;
    page.reads("Không có tin nào không tới.").await;
    let bars = "return [...document.querySelectorAll('.day-bars')].map(e => e.getAttribute('d').split('M').length - 1)";
    assert_eq!(page.chromium.script(bars, vec![]).await, json!([1, 1]), "one day has a bar in each chart");
    page.press("Bảng số liệu theo ngày").await;
    page.reads_in("table", "02/03/2026 1").await;
    page.keep_picture("day").await;
    page.type_into("quiet_days", "30").await;
    page.reads_in("#quiet-title", "30 ngày").await;
    page.end().await;
}
