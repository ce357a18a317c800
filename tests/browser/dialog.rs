//! Screen 2 as a dialog: what Esc does, where the focus goes.

use motcua_tests::people::id_number;
use thirtyfour::prelude::Key;

use crate::page::Page;

#[tokio::test]
async fn esc_closes_an_empty_form_and_the_focus_goes_back_to_its_button() {
    let page = Page::of_minh("esc-empty").await;
    page.tab_to("THÊM MỚI").await;
    page.keys(Key::Enter).await;
    page.is_focused("id_number").await;
    page.keys(Key::Escape).await;
    page.is_focused("THÊM MỚI").await;
    assert_eq!((page.path().await, page.text_of("dialog").await), ("/".into(), String::new()));
    page.end().await;
}

#[tokio::test]
async fn esc_closes_what_is_saved_at_once() {
    let page = Page::of_minh("esc-saved").await;
    page.begin(&id_number(1)).await;
    page.type_into("full_name", "Nguyễn Thị Ánh").await;
    // Not waiting for the save: leaving saves first.
    page.keys(Key::Escape).await;
    page.reads_in(".drafts", "Nguyễn Thị Ánh").await;
    assert_eq!(page.path().await, "/");
    page.press("Tiếp tục").await;
    page.is_open().await;
    page.keys(Key::Escape).await;
    page.reads_no_more("Thông tin công dân").await;
    page.is_focused("Tiếp tục").await;
    page.end().await;
}

#[tokio::test]
async fn esc_asks_before_anything_is_lost_and_asks_once() {
    let page = Page::of_minh("esc-unsaved").await;
    page.begin(&id_number(1)).await;
    page.type_into("phone", "0905").await;
    page.keys(Key::Escape).await;
    page.reads_in("[role=alertdialog]", "Những ô đang báo lỗi hoặc chưa gửi được sẽ mất.").await;
    page.is_focused("Ở lại").await;
    page.keep_picture("question").await;
    page.keys(Key::Escape).await;
    page.reads_no_more("Còn phần chưa lưu").await;
    page.is_focused("phone").await;
    assert_eq!(page.value("phone").await, "0905");
    page.keys(Key::Escape).await;
    page.press("Đóng, bỏ phần chưa lưu").await;
    page.reads("Hồ sơ chưa hoàn tất (1)").await;
    assert_eq!(page.path().await, "/");
    page.end().await;
}

#[tokio::test]
async fn the_focus_stays_in_the_dialog_however_far_tab_goes() {
    let page = Page::of_minh("focus-trap").await;
    page.begin(&id_number(1)).await;
    let inside = "return document.activeElement === document.body || document.activeElement.closest('dialog') !== null";
    for _ in 0..40 {
        page.keys(Key::Tab).await;
        assert_eq!(page.chromium.script(inside, vec![]).await, true, "{:?}", page.focus().await);
    }
    page.end().await;
}
