//! What comes between: the session ends, a colleague saves first, the server is gone, the server errs.
//! Nothing typed is lost in any of them.

use chrono::Duration;
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::people::{citizen, id_number};
use motcua_tests::wait;
use thirtyfour::prelude::Key;
use uuid::Uuid;

use crate::page::Page;

/// The id of the draft that the page has open.
async fn draft_of(page: &Page) -> Uuid {
    page.path().await.rsplit('/').next().unwrap().parse().unwrap()
}

/// Waits until the server has this name in a draft.
async fn is_with_the_server(page: &Page, draft: Uuid, full_name: &str) {
    let minh = page.minh().await;
    wait::until(&format!("{full_name} at the server"), || async {
        let saved = minh.registration(draft).await.details.full_name;
        (saved.is_some_and(|name| name.as_str() == full_name)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_taken_up_again_over_the_page_and_typed_text_is_kept() {
    let page = Page::of_minh("session-ended").await;
    page.begin(&id_number(1)).await;
    let draft = draft_of(&page).await;
    page.desk.advance(Duration::hours(12) + Duration::minutes(1));
    page.type_into("full_name", "Nguyễn Thị Ánh").await;
    page.reads("Phiên làm việc đã hết").await;
    page.is_focused("password").await;
    page.keep_picture("sign-in-again").await;
    page.write("khong-phai").await;
    page.keys(Key::Enter).await;
    page.reads_in(".sign-in-dialog", "Tên đăng nhập hoặc mật khẩu chưa đúng.").await;
    page.write(page.desk.password()).await;
    page.keys(Key::Enter).await;
    page.reads_no_more("Phiên làm việc đã hết").await;
    page.holds("full_name", "Nguyễn Thị Ánh").await;
    page.is_focused("full_name").await;
    page.is_saved().await;
    is_with_the_server(&page, draft, "Nguyễn Thị Ánh").await;
    page.end().await;
}

#[tokio::test]
async fn a_colleague_who_saved_first_is_named_and_what_was_typed_is_kept() {
    let page = Page::of_minh("conflict").await;
    let unit = page.minh().await.unit().await;
    page.desk.add_officer("trang", "Phạm Thu Trang", "minh", vec![unit]).await;
    let trang = page.desk.sign_in("trang").await;
    let draft = trang.draft_at(unit, &citizen(1)).await;
    page.visit_draft(draft.id).await;
    let theirs = DetailsInput {
        full_name: Some("Nguyễn Thị Anh".into()),
        email: Some("anh@example.vn".into()),
        ..DetailsInput::default()
    };
    trang.update_registration(draft.id, draft.version, theirs).await.bytes(200);
    page.type_into("email", "tuyet@example.vn").await;
    page.reads_in("#conflict", "Phạm Thu Trang vừa sửa hồ sơ này lúc 09:00.").await;
    page.reads_in("#conflict", "Email: trên hệ thống là “anh@example.vn”, anh/chị nhập “tuyet@example.vn”").await;
    page.is_in_view("#conflict").await;
    page.holds("email", "tuyet@example.vn").await;
    page.holds("full_name", "Nguyễn Thị Anh").await;
    page.keep_picture("both-changed").await;
    page.press("Giữ và lưu phần tôi nhập").await;
    page.reads_no_more("vừa sửa hồ sơ này").await;
    page.is_saved().await;
    let saved = wait::until("the officer's text at the server", || async {
        let saved = trang.registration(draft.id).await;
        saved.details.email.as_ref().is_some_and(|email| email.as_str() == "tuyet@example.vn").then_some(saved)
    })
    .await;

    let theirs = DetailsInput { email: Some("anh@example.vn".into()), ..DetailsInput::default() };
    trang.update_registration(draft.id, saved.version, theirs).await.bytes(200);
    page.retype("email", "anh.tuyet@example.vn").await;
    page.press("Lấy theo hệ thống").await;
    page.holds("email", "anh@example.vn").await;
    page.is_saved().await;
    page.end().await;
}

#[tokio::test]
async fn a_server_that_is_gone_is_said_and_what_was_typed_saves_itself_when_it_is_back() {
    let mut page = Page::of_minh("offline").await;
    page.begin(&id_number(1)).await;
    let (draft, listen) = (draft_of(&page).await, page.desk.base().replace("http://", ""));
    page.desk.stop().await;
    page.type_into("full_name", "Nguyễn Thị Ánh").await;
    page.type_into("email", "anh@example.vn").await;
    page.reads_in("dialog", "Mất kết nối. Phần đã nhập được giữ lại và tự gửi khi có mạng.").await;
    page.is_in_view("dialog .banner-warning").await;
    page.reads_in(".save-status", "Chưa lưu được, hệ thống tự lưu lại").await;
    page.keep_picture("no-connection").await;
    page.press("TẢI XUỐNG").await;
    page.holds("full_name", "Nguyễn Thị Ánh").await;

    page.desk.start_again(|settings| settings.server.listen = listen).await;
    page.reads_no_more("Mất kết nối.").await;
    page.is_saved().await;
    page.holds("full_name", "Nguyễn Thị Ánh").await;
    page.keep_picture("back").await;
    is_with_the_server(&page, draft, "Nguyễn Thị Ánh").await;
    page.end().await;
}

#[tokio::test]
async fn a_fault_of_the_server_is_said_and_nothing_typed_is_lost() {
    let page = Page::of_minh("fault").await;
    let minh = page.minh().await;
    let draft = minh.draft(&citizen(1)).await;
    page.visit_draft(draft.id).await;
    page.desk.rows("ALTER TABLE registrations RENAME TO registrations_aside", []).await;
    page.retype("full_name", "Nguyễn Thị Ánh Tuyết").await;
    page.reads_in(".save-status", "Chưa lưu được, hệ thống tự lưu lại").await;
    page.field("email").await.scroll_into_view().await.unwrap();
    page.press("TẢI XUỐNG").await;
    page.reads_in("dialog", "Hệ thống gặp lỗi. Chưa có gì được thực hiện dở dang; anh/chị thử lại được.").await;
    page.reads_in("dialog", "Phần đã nhập vẫn còn. Anh/chị thử lại sau ít phút.").await;
    page.is_in_view("dialog .banner-danger").await;
    page.holds("full_name", "Nguyễn Thị Ánh Tuyết").await;
    page.keep_picture("said").await;
    page.desk.rows("ALTER TABLE registrations_aside RENAME TO registrations", []).await;
    page.is_saved().await;
    is_with_the_server(&page, draft.id, "Nguyễn Thị Ánh Tuyết").await;
    page.end().await;
}

#[tokio::test]
async fn a_list_that_does_not_come_is_said_and_asked_for_again() {
    let page = Page::of_minh("list-fault").await;
    page.desk.rows("ALTER TABLE accounts RENAME TO accounts_aside", []).await;
    page.press("TÌM KIẾM").await;
    page.reads_in(".results", "Hệ thống gặp lỗi.").await;
    page.keep_picture("said").await;
    page.desk.rows("ALTER TABLE accounts_aside RENAME TO accounts", []).await;
    page.press("Thử lại").await;
    page.reads_in(".results", "Tìm thấy 0 kết quả").await;
    page.end().await;
}
