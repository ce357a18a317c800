//! The officers at the page of an administrator: authorise, find, change, assign, suspend, reset.

use motcua_openapi::problem::ProblemCode;

use crate::page::Page;

#[tokio::test]
async fn an_officer_is_authorised_with_every_wrong_field_told_at_once() {
    let page = Page::open("officers-new").await;
    page.sign_in_as_an("/people/officers").await;
    page.reads_in("h2", "Tìm thấy 4 kết quả").await;
    page.keep_picture("list").await;
    page.press("Cấp quyền cán bộ").await;
    page.reads("Mật khẩu dùng lần đầu được nhắn tới").await;
    page.type_into("username", "Có Dấu").await;
    page.press("CẤP QUYỀN").await;
    page.is_focused("error-summary").await;
    page.refuses("full_name", "Họ và tên có từ 2 đến 100 ký tự").await;
    page.refuses("username", "Tên đăng nhập có 2 đến 64 ký tự").await;
    page.refuses("phone", "Số di động có 10 chữ số").await;
    page.keep_picture("errors").await;
    page.type_into("full_name", "Phạm Ngọc Lan").await;
    page.retype("username", "minh").await;
    page.type_into("phone", "0905 437 188").await;
    page.press("CẤP QUYỀN").await;
    page.reads("Tên đăng nhập này đã có người dùng.").await;
    page.retype("username", "lan").await;
    page.tick("Bộ phận một cửa phường Vĩnh Hải").await;
    page.press("CẤP QUYỀN").await;
    page.reads_in("h1", "Phạm Ngọc Lan").await;
    page.reads("0905 437 188").await;
    page.keep_picture("authorised").await;
    let text = page.text_number(1).await;
    assert_eq!(text.to, "+84905437188");
    page.desk.visitor().create_session("lan", &text.password()).await.bytes(201);
    let lan = page.desk.sign_in("an").await.officer("lan").await;
    assert_eq!(lan.units.len(), 1, "the one that was ticked");
    page.end().await;
}

#[tokio::test]
async fn officers_are_found_by_name_role_and_state() {
    let page = Page::open("officers-search").await;
    page.sign_in_as_an("/people/officers").await;
    page.reads_in("h2", "Tìm thấy 4 kết quả").await;
    page.type_into("name", "quang minh").await;
    page.press("Tìm kiếm").await;
    page.reads_in("h2", "Tìm thấy 1 kết quả").await;
    page.reads_in("tbody", "Đặng Quang Minh").await;
    page.retype("name", "").await;
    page.type_into("role", "Kiểm").await;
    page.press("Tìm kiếm").await;
    page.reads_in("tbody", "Ngô Thanh Bình").await;
    page.type_into("state", "Đang tạm").await;
    page.press("Tìm kiếm").await;
    page.reads_in("tbody", "Không tìm thấy cán bộ nào như vậy.").await;
    page.end().await;
}

#[tokio::test]
async fn an_officer_is_changed_assigned_suspended_resumed_and_reset() {
    let page = Page::open("officers-one").await;
    let minh = page.minh().await;
    minh.enrolled_app(page.desk.password(), page.desk.now()).await;
    page.sign_in_as_an("/people/officers").await;
    page.press("Mở Đặng Quang Minh").await;
    page.reads_in("h1", "Đặng Quang Minh").await;
    page.reads("0905 437 123").await;
    page.keep_picture("one").await;

    page.retype("full_name", "Đặng Quang Minh Tuấn").await;
    page.retype("phone", "12").await;
    page.press("Lưu").await;
    page.refuses("phone", "Số di động có 10 chữ số").await;
    page.retype("phone", "0905437129").await;
    page.press("Lưu").await;
    page.reads_in("h1", "Đặng Quang Minh Tuấn").await;
    page.reads("Đã lưu.").await;
    page.tick("Bộ phận một cửa phường Vĩnh Hải").await;
    page.press("Lưu đơn vị").await;
    page.reads_in("[aria-labelledby=units-title]", "Đã lưu.").await;
    assert_eq!(minh.me().await.units.len(), 2);

    page.press("Đặt lại bước xác thực thứ hai").await;
    page.reads_in("[role=alertdialog]", "mất thiết bị").await;
    page.press("Đặt lại bước xác thực thứ hai").await;
    page.reads("Đã xóa bước xác thực thứ hai của Đặng Quang Minh Tuấn.").await;
    page.press("Gửi mật khẩu mới").await;
    page.reads_in("[role=alertdialog]", "Mật khẩu cũ hết tác dụng").await;
    page.press("Gửi mật khẩu mới").await;
    page.reads("Đang gửi mật khẩu mới").await;
    assert_eq!(page.text_number(1).await.to, "+84905437129");
    page.press("Tạm khóa").await;
    page.reads_in("[role=alertdialog]", "Mọi phiên đăng nhập kết thúc ngay").await;
    page.keep_picture("suspend-question").await;
    page.press("Tạm khóa").await;
    page.reads("Đã tạm khóa Đặng Quang Minh Tuấn.").await;
    minh.look_up("079090001234").await.refused(ProblemCode::Unauthenticated);
    page.press("Mở khóa").await;
    page.reads_in("[role=alertdialog]", "đăng nhập lại được").await;
    page.press("Mở khóa").await;
    page.reads("Đã mở khóa").await;
    page.end().await;
}

#[tokio::test]
async fn nobody_suspends_themselves_and_an_officer_of_another_agency_is_not_there() {
    let page = Page::open("officers-beyond").await;
    page.sign_in_as_an("/people/officers").await;
    page.press("Mở Phạm Thị An").await;
    page.reads("Đây là tài khoản của anh/chị.").await;
    assert!(!page.text_of("main").await.contains("Tạm khóa"));
    let nam = page.desk.rows("SELECT id FROM officers WHERE username = 'nam'", []).await;
    let nam: uuid::Uuid = nam[0].try_get("", "id").unwrap();
    page.visit(&format!("/people/officers/{nam}")).await;
    page.reads("Không tìm thấy, hoặc anh/chị không có quyền xem.").await;
    page.end().await;
}
