//! Passwords and second factors of the staff: what is asked first, enrolling, signing in with them, and removing.

use motcua_openapi::officers::{CreateOfficer, Officer};
use motcua_openapi::sessions::Role;
use motcua_tests::authenticator::App;
use thirtyfour::prelude::Key;

use crate::page::Page;

/// Begins to enrol an app at the page; the app that was shown.
async fn begin_app(page: &Page) -> App {
    page.press("Thêm ứng dụng xác thực").await;
    page.type_into("factor_password", page.desk.password()).await;
    page.press("Tiếp tục").await;
    page.reads_in(".enrol", "quét hình này").await;
    page.is_focused("totp").await;
    let secret = page.text_of(".secret .number").await.replace(' ', "");
    App::of(&secret)
}

#[tokio::test]
async fn an_administrator_enrols_an_app_before_anything_else_and_signs_in_with_it() {
    let page = Page::open("own-app").await;
    page.visit("/people/units").await;
    page.type_name_and_password("an").await;
    page.reads("Quản trị viên cần có bước xác thực thứ hai.").await;
    assert!(!page.text_of("nav.menu").await.contains("Đơn vị"), "nothing else is open");
    page.keep_picture("asked-first").await;
    page.press("Thêm ứng dụng xác thực").await;
    page.type_into("factor_password", "khong-phai").await;
    page.keys(Key::Enter).await;
    page.refuses("factor_password", "Mật khẩu hiện tại chưa đúng.").await;
    page.press("Hủy").await;

    let app = begin_app(&page).await;
    page.keep_picture("picture").await;
    page.write("000000").await;
    page.keys(Key::Enter).await;
    page.reads("Chưa đăng ký được; thử lại.").await;
    page.retype("totp", &app.code_at(page.desk.now())).await;
    page.keys(Key::Enter).await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.press("Đơn vị").await;
    page.reads_in("h1", "Đơn vị").await;
    assert_eq!(page.path().await, "/people/units");

    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;
    page.type_name_and_password("an").await;
    page.is_focused("totp").await;
    page.keep_picture("second-step").await;
    page.keys(Key::Enter).await;
    page.refuses("totp", "Nhập 6 chữ số").await;
    page.write(&app.code_at(page.desk.now())).await;
    page.keys(Key::Enter).await;
    page.reads("Mã xác thực chưa đúng hoặc đã dùng rồi.").await;
    page.is_focused("totp").await;
    page.desk.advance(chrono::Duration::seconds(30));
    page.write(&app.code_at(page.desk.now())).await;
    page.keys(Key::Enter).await;
    page.reads_in("h1", "Đơn vị").await;
    page.end().await;
}

#[tokio::test]
async fn a_passkey_is_enrolled_signed_in_with_and_removed() {
    let page = Page::open("own-passkey").await;
    page.chromium.plug_in_security_key().await;
    page.visit_at_localhost("/admin/").await;
    page.type_name_and_password("an").await;
    page.press("Thêm khóa bảo mật (passkey)").await;
    page.retype("factor_name", "Khóa của An").await;
    page.type_into("factor_password", page.desk.password()).await;
    page.press("Tiếp tục").await;
    page.reads_in("h1", "Tổng quan").await;

    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;
    page.type_name_and_password("an").await;
    page.reads("Anh/chị xác nhận thêm một bước nữa.").await;
    assert!(!page.text_of("main").await.contains("Mã của ứng dụng xác thực"), "she has no app");
    page.keep_picture("second-step").await;
    page.press("Dùng khóa bảo mật").await;
    page.reads_in("h1", "Tổng quan").await;

    page.press("Tài khoản của tôi").await;
    page.reads_in("tbody", "Khóa của An").await;
    page.press("Xóa Khóa của An").await;
    page.reads_in("[role=alertdialog]", "không đăng nhập bằng cách này được nữa").await;
    page.press("Xóa").await;
    page.reads("Quản trị viên cần đăng ký bước xác thực thứ hai").await;
    page.keep_picture("the-last-stays").await;
    let app = begin_app(&page).await;
    page.write(&app.code_at(page.desk.now())).await;
    page.keys(Key::Enter).await;
    page.reads("Đã đăng ký.").await;
    page.press("Xóa Khóa của An").await;
    page.reads_in("[role=alertdialog]", "Khóa của An").await;
    page.press("Xóa").await;
    page.reads("Đã xóa.").await;
    page.reads_no_more("Khóa của An").await;
    page.end().await;
}

#[tokio::test]
async fn an_officer_chooses_a_password_of_their_own_before_the_desk_opens() {
    let page = Page::open("own-password").await;
    let an = page.desk.sign_in("an").await;
    let ward = an.unit_named("Bộ phận một cửa phường Vĩnh Hải").await;
    let new = CreateOfficer {
        username: "lan".into(),
        full_name: "Phạm Ngọc Lan".into(),
        phone: "0905437188".into(),
        role: Role::Officer,
        agency_id: None,
        units: vec![ward.id],
    };
    an.create_officer(&new).await.json::<Officer>(201);
    let texted = page.text_number(1).await.password();
    page.type_into("username", "lan").await;
    page.type_into("password", &texted).await;
    page.keys(Key::Enter).await;
    page.reads("Đặt mật khẩu của riêng mình").await;
    assert_eq!(page.path().await, "/admin/");
    page.keep_picture("asked-first").await;

    page.type_into("current_password", &texted).await;
    page.type_into("new_password", "12345678").await;
    page.reads_in(".strength", "yếu").await;
    page.keys(Key::Enter).await;
    page.refuses("new_password", "rất nhiều người dùng").await;
    page.retype("new_password", "bốn con mèo đen ngủ trên mái").await;
    page.reads_in(".strength", "rất tốt").await;
    page.retype("current_password", "khong-phai").await;
    page.press("Đổi mật khẩu").await;
    page.refuses("current_password", "Mật khẩu hiện tại chưa đúng.").await;
    page.keep_picture("refused").await;
    page.retype("current_password", &texted).await;
    page.press("Đổi mật khẩu").await;
    page.reads("Thông tin tìm kiếm").await;
    assert_eq!(page.path().await, "/", "the desk is open");

    page.press("Phạm Ngọc Lan").await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.press("Về bàn một cửa").await;
    page.reads("Thông tin tìm kiếm").await;
    page.end().await;
}

#[tokio::test]
async fn an_auditor_has_no_desk_and_comes_to_the_administration() {
    let page = Page::open("own-auditor").await;
    page.type_name_and_password("binh").await;
    page.reads("Ngô Thanh Bình").await;
    page.reads_in("nav.menu", "Tài khoản của tôi").await;
    assert!(page.path().await.starts_with("/admin/"));
    assert!(!page.text_of("nav.menu").await.contains("Cán bộ"), "nothing to change");
    page.visit("/people/officers").await;
    page.reads("Trang này dành cho quản trị viên.").await;
    assert_eq!(page.times_asked("/officers/search").await, 0, "nothing was asked for");
    page.end().await;
}
