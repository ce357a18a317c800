//! A draft is the server's: it survives a reload and is picked up from the list.

use motcua_tests::documents;
use motcua_tests::people::{id_number, phone};
use thirtyfour::prelude::Key;

use crate::page::Page;

#[tokio::test]
async fn a_draft_survives_a_reload_and_is_picked_up_from_the_list() {
    let page = Page::of_minh("draft").await;
    page.begin(&id_number(1)).await;
    page.type_into("full_name", "Nguyễn Thị Ánh").await;
    page.type_into("birth_date", "01021990").await;
    page.type_into("phone", &phone(1)).await;
    let card = documents::pdf("the card");
    page.choose(&page.chromium.file(&card.name, &card.content)).await;
    page.reads_in(".attached", "the-can-cuoc.pdf").await;
    page.is_saved().await;

    page.chromium.driver().refresh().await.unwrap();
    page.is_open().await;
    has_everything(&page).await;
    page.keep_picture("after-reload").await;

    page.keys(Key::Escape).await;
    page.reads("Hồ sơ chưa hoàn tất (1)").await;
    page.reads_in(".drafts", "Nguyễn Thị Ánh").await;
    page.keep_picture("in-the-list").await;
    page.press("Tiếp tục").await;
    page.is_open().await;
    has_everything(&page).await;
    page.end().await;
}

async fn has_everything(page: &Page) {
    page.holds("id_number", &id_number(1)).await;
    page.holds("full_name", "Nguyễn Thị Ánh").await;
    page.holds("birth_date", "01/02/1990").await;
    page.holds("phone", &phone(1)).await;
    page.reads_in(".attached", "the-can-cuoc.pdf").await;
}

#[tokio::test]
async fn a_draft_is_given_up_after_one_question_and_is_gone() {
    let page = Page::of_minh("give-up").await;
    page.begin(&id_number(1)).await;
    page.press("HỦY").await;
    page.reads_in("[role=alertdialog]", "Thông tin đã nhập, bản quét và mã OTP sẽ bị xóa, không lấy lại được.").await;
    page.keep_picture("question").await;
    page.press("Không hủy").await;
    page.reads_no_more("Hủy hồ sơ này?").await;
    page.is_focused("HỦY").await;
    page.press("HỦY").await;
    page.press("Hủy hồ sơ").await;
    // The list stands under the form all the time: only the form's going says that it is done.
    page.reads_no_more("Thông tin công dân").await;
    page.reads("Tìm thấy 0 kết quả").await;
    assert_eq!(page.path().await, "/");
    assert!(page.minh().await.registrations().await.items.is_empty());
    page.end().await;
}
