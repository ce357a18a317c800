//! A walk past every page and every state of it that an officer can come to.

use motcua_tests::documents;
use motcua_tests::people::{citizen, id_number, named};
use thirtyfour::prelude::Key;
use uuid::Uuid;

use crate::page::Page;

/// Every page and its quiet states; `look` is called at each with its name.
pub async fn past_every_page(page: &Page, look: impl AsyncFn(&Page, &str)) {
    page.reads("Đăng nhập").await;
    look(page, "sign-in").await;
    page.sign_in().await;
    page.reads("Không tìm thấy tài khoản").await;
    look(page, "empty-list").await;
    let minh = page.minh().await;
    let long_name = "Công Tằng Tôn Nữ Hoàng Diễm Phương Thùy Ánh Nguyệt Minh Châu";
    let account = minh.account(&page.desk, &named(1, long_name)).await;
    minh.draft(&citizen(2)).await;
    page.visit("/").await;
    page.reads_in(".drafts", "Nguyễn Thị Ánh").await;
    page.reads_in("tbody", long_name).await;
    look(page, "list").await;
    page.visit(&format!("/accounts/{}/created", account.id)).await;
    page.reads("Mật khẩu dùng được đến").await;
    look(page, "result").await;
    page.visit(&format!("/accounts/{}", account.id)).await;
    page.reads_in("h1", long_name).await;
    page.reads("Tin nhắn đã gửi cho công dân").await;
    look(page, "account").await;
    page.press("Gửi lại mật khẩu").await;
    page.reads_in("[role=alertdialog]", "Gửi mật khẩu mới cho công dân?").await;
    look(page, "resend-question").await;
    page.press("Không gửi").await;
    page.visit("/nowhere").await;
    page.reads("Không tìm thấy trang").await;
    look(page, "not-found").await;
    page.visit(&format!("/accounts/{}", Uuid::nil())).await;
    page.reads("Không tìm thấy, hoặc anh/chị không có quyền xem.").await;
    look(page, "no-permission").await;
    page.visit("/admin/messages").await;
    page.reads("Trang này dành cho quản trị viên.").await;
    look(page, "messages-no-permission").await;
    page.press("Về bàn một cửa").await;
    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;
    page.sign_in_as_an("/admin/messages").await;
    page.reads_in(".legend", "Đã gửi").await;
    look(page, "messages").await;
}

/// Screen 2 from its opening to a code that counts down.
pub async fn through_the_form(page: &Page, look: impl AsyncFn(&Page, &str)) {
    page.sign_in().await;
    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    page.press("THÊM MỚI").await;
    page.is_focused("id_number").await;
    look(page, "closed-form").await;
    page.write(&id_number(1)).await;
    page.reads("đã có tài khoản, tạo ngày").await;
    look(page, "number-taken").await;
    page.retype("id_number", &id_number(2)).await;
    page.is_open().await;
    page.is_saved().await;
    look(page, "open-form").await;
    page.type_into("birth_date", "01021991").await;
    page.press("TẠO TÀI KHOẢN").await;
    page.is_focused("error-summary").await;
    look(page, "errors").await;
    page.keys(Key::Escape).await;
    page.reads("Còn phần chưa lưu").await;
    look(page, "question").await;
    page.press("Đóng, bỏ phần chưa lưu").await;
    let draft = minh.draft(&citizen(3)).await;
    page.visit_draft(draft.id).await;
    page.press("Không thấy đơn vị của anh/chị?").await;
    page.press("TẢI XUỐNG").await;
    page.reads("Đã tải lúc").await;
    page.press("GỬI MÃ OTP").await;
    page.reads("Mã còn hiệu lực").await;
    look(page, "code-sent").await;
    page.type_into("otp", "12345").await;
    page.keys(Key::Tab).await;
    page.reads("Mã OTP có 6 chữ số.").await;
    let card = documents::doc();
    page.choose(&page.chromium.file(&card.name, &card.content)).await;
    page.reads_in(".attached", "the-can-cuoc.doc").await;
    look(page, "code-wrong").await;
}

/// What comes between.
pub async fn through_trouble(page: &mut Page, look: impl AsyncFn(&Page, &str)) {
    page.type_into("username", "minh").await;
    page.type_into("password", "khong-phai").await;
    page.keys(Key::Enter).await;
    page.reads("Tên đăng nhập hoặc mật khẩu chưa đúng.").await;
    look(page, "sign-in-refused").await;
    page.write(page.desk.password()).await;
    page.keys(Key::Enter).await;
    page.reads("Thông tin tìm kiếm").await;
    let minh = page.minh().await;
    let draft = minh.draft(&citizen(1)).await;
    page.visit_draft(draft.id).await;
    let theirs = motcua_openapi::registrations::DetailsInput {
        full_name: Some("Nguyễn Thị Anh".into()),
        ..Default::default()
    };
    minh.update_registration(draft.id, draft.version, theirs).await.bytes(200);
    page.retype("full_name", "Nguyễn Thị Ánh Tuyết").await;
    page.reads_in("#conflict", "vừa sửa hồ sơ này").await;
    look(page, "conflict").await;
    page.press("Giữ và lưu phần tôi nhập").await;
    page.is_saved().await;
    page.desk.advance(chrono::Duration::hours(13));
    page.type_into("email", "anh@example.vn").await;
    page.reads("Phiên làm việc đã hết").await;
    look(page, "session-ended").await;
    page.write(page.desk.password()).await;
    page.keys(Key::Enter).await;
    page.is_saved().await;
    page.desk.stop().await;
    page.retype("full_name", "Nguyễn Thị Ánh").await;
    page.reads_in("dialog", "Mất kết nối.").await;
    look(page, "offline").await;
}
