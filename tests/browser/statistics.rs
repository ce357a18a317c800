//! How the text messages fare: an administrator's page, and nobody else's.

use motcua_tests::people::citizen;
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn an_administrator_sees_how_the_texts_fare() {
    let page = Page::open("statistics").await;
    page.sign_in_as_an("/").await;
    page.press("Trang quản trị").await;
    page.reads_in("h1", "Tổng quan").await;
    page.press("Tin nhắn").await;
    page.reads_in("h1", "Tin nhắn").await;
    assert_eq!(page.path().await, "/admin/messages");
    page.reads("Không có tin nhắn nào trong khoảng thời gian này.").await;
    page.keep_picture("empty").await;

    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    page.text_number(2).await;
    page.press("Cập nhật").await;
    page.reads_in("#messages-about", "2 tin nhắn.").await;
    page.reads_in(".legend", "Đã gửi: 2").await;
    page.reads_in("[aria-labelledby=fates-title] tbody", "file Đã gửi — 2").await;
    page.reads_in("[aria-labelledby=hours-title] tbody", "09:00 02/03 0 2 0 0 0 2").await;
    let bars = "return [...document.querySelectorAll('svg.bars path.fate')].filter(e => e.getAttribute('d')).length";
    assert_eq!(page.chromium.script(bars, vec![]).await, json!(1), "one fate has a part of a bar");
    page.keep_picture("day").await;

    page.type_into("period", "7").await;
    page.reads_in("#messages-about", "02/2026").await;
    page.reads_in("#messages-about", "2 tin nhắn.").await;
    page.type_into("gateway", "file").await;
    page.reads_in("#messages-about", "2 tin nhắn.").await;
    page.keep_picture("week").await;
    page.end().await;
}

#[tokio::test]
async fn an_administrator_signs_in_at_the_administration_itself() {
    let page = Page::open("statistics-sign-in").await;
    page.sign_in_as_an("/admin/messages").await;
    page.reads_in("h1", "Tin nhắn").await;
    page.visit("/admin/nowhere").await;
    page.reads_in("h1", "Không tìm thấy trang").await;
    page.press("Về trang chủ quản trị").await;
    page.reads_in("h1", "Tổng quan").await;
    assert_eq!(page.path().await, "/admin/");
    page.end().await;
}

#[tokio::test]
async fn who_is_no_administrator_is_told_so_and_led_back() {
    let page = Page::of_minh("statistics-no-permission").await;
    assert!(!page.text_of("nav.menu").await.contains("quản trị"), "the menu has no such entry");
    page.visit("/admin/messages").await;
    page.reads("Trang này dành cho quản trị viên.").await;
    page.keep_picture("said").await;
    assert_eq!(page.times_asked("/messages/statistics?hours=24").await, 0, "nothing was asked for");
    page.press("Về bàn một cửa").await;
    page.reads("Thông tin tìm kiếm").await;
    assert_eq!(page.path().await, "/");
    page.end().await;
}

#[tokio::test]
async fn numbers_that_do_not_come_are_said_and_asked_for_again() {
    let page = Page::open("statistics-fault").await;
    page.sign_in_as_an("/admin/").await;
    page.desk.rows("ALTER TABLE messages RENAME TO messages_aside", []).await;
    page.visit("/admin/messages").await;
    page.reads("Hệ thống gặp lỗi.").await;
    page.keep_picture("said").await;
    page.desk.rows("ALTER TABLE messages_aside RENAME TO messages", []).await;
    page.press("Thử lại").await;
    page.reads("Không có tin nhắn nào trong khoảng thời gian này.").await;
    page.end().await;
}
