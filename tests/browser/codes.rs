//! Refusals of the last step: a wrong code, an older one, one whose time is over, a text that fails.

use chrono::Duration;
use motcua::settings::Settings;
use motcua_tests::people::citizen;
use thirtyfour::prelude::Key;

use crate::page::Page;

/// A page at a complete draft whose code was asked for.
async fn with_code(name: &str, change: impl FnOnce(&mut Settings)) -> Page {
    let page = Page::of_minh_with(name, change).await;
    let minh = page.minh().await;
    let draft = minh.draft(&citizen(1)).await;
    page.visit_draft(draft.id).await;
    page.press("GỬI MÃ OTP").await;
    page
}

/// Six digits that are not these.
fn another(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..5])
}

#[tokio::test]
async fn a_wrong_code_is_said_with_the_tries_left_and_the_right_one_still_works() {
    let page = with_code("wrong-code", |_| {}).await;
    let code = page.text_number(1).await.code();
    page.type_into("otp", &another(&code)).await;
    page.press("TẠO TÀI KHOẢN").await;
    page.refuses("otp", "Mã chưa đúng. Còn 4 lần nhập.").await;
    page.keep_picture("refused").await;
    page.retype("otp", &code).await;
    page.keys(Key::Enter).await;
    page.reads_in("h1", "Đã tạo tài khoản").await;
    page.end().await;
}

#[tokio::test]
async fn the_older_code_is_refused_after_a_resend_and_the_newest_works() {
    let page = with_code("older-code", |settings| settings.otp.resend_seconds = 2).await;
    let older = page.text_number(1).await.code();
    page.reads("Gửi lại được sau 0:0").await;
    page.reads_no_more("Gửi lại được sau").await;
    page.desk.advance(Duration::seconds(61));
    page.press("GỬI MÃ OTP").await;
    let newest = page.text_number(2).await.code();
    assert_ne!(older, newest);
    page.type_into("otp", &older).await;
    page.press("TẠO TÀI KHOẢN").await;
    page.refuses("otp", "Đây là mã cũ. Nhập mã mới nhất, gửi lúc 09:01").await;
    page.keep_picture("refused").await;
    page.retype("otp", &newest).await;
    page.press("TẠO TÀI KHOẢN").await;
    page.reads_in("h1", "Đã tạo tài khoản").await;
    page.end().await;
}

#[tokio::test]
async fn a_code_whose_time_is_over_is_said_by_the_page_and_refused_by_the_server() {
    let page = with_code("expired-code", |settings| {
        settings.otp.valid_seconds = 3;
        settings.otp.resend_seconds = 1;
    })
    .await;
    let code = page.text_number(1).await.code();
    page.reads("OTP chỉ có hiệu lực trong vòng 3 giây").await;
    page.reads_in(".otp-status", "Mã còn hiệu lực 0:0").await;
    page.reads_in(".otp-status", "Mã đã quá 3 giây. Bấm GỬI MÃ OTP để nhận mã mới.").await;
    page.keep_picture("time-over").await;
    page.desk.advance(Duration::seconds(4));
    page.type_into("otp", &code).await;
    page.press("TẠO TÀI KHOẢN").await;
    page.refuses("otp", "Mã đã quá 3 giây. Bấm GỬI MÃ OTP để nhận mã mới.").await;
    page.keep_picture("refused").await;
    page.end().await;
}

#[tokio::test]
async fn a_double_press_makes_one_account() {
    let page = with_code("double-press", |_| {}).await;
    let code = page.text_number(1).await.code();
    page.type_into("otp", &code).await;
    page.press_twice("TẠO TÀI KHOẢN").await;
    page.reads_in("h1", "Đã tạo tài khoản").await;
    page.reads("Mật khẩu dùng được đến").await;
    assert_eq!(page.desk.phones().texts().len(), 2, "a code and a password, each once");
    page.end().await;
}

#[tokio::test]
async fn a_text_that_does_not_get_out_is_said_and_follows_when_it_does() {
    let page = Page::of_minh("text-late").await;
    let minh = page.minh().await;
    let draft = minh.draft(&citizen(1)).await;
    let folder = page.desk.settings().message_folder();
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "in the way").unwrap();
    page.visit_draft(draft.id).await;
    page.press("GỬI MÃ OTP").await;
    page.reads_in(".otp-status", "Đang chờ gửi 09:00:00").await;
    let words = "Hệ thống của nhà mạng đang lỗi. Hệ thống đang tự thử lại; anh/chị chờ ít phút. Lần thử tới: 09:00:0";
    page.reads_in(".otp-status", words).await;
    page.keep_picture("waiting").await;
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    page.desk.advance(Duration::seconds(5));
    page.reads_in(".otp-status", "Mã còn hiệu lực").await;
    assert_eq!(page.text_number(1).await.to, "+84905000001");
    page.end().await;
}
