//! The officer's whole journey, by keyboard alone; only the choice of a file is the browser's own window.

use motcua_tests::people::{id_number, phone};
use motcua_tests::{documents, wait};
use thirtyfour::prelude::Key;

use crate::page::Page;

#[tokio::test]
async fn an_officer_makes_an_account_by_keyboard_alone() {
    let page = Page::open("journey").await;
    page.is_focused("username").await;
    page.keep_picture("sign-in").await;
    page.write("minh").await;
    page.tab_to("password").await;
    page.write(page.desk.password()).await;
    page.keys(Key::Enter).await;
    page.reads("Không tìm thấy tài khoản thỏa mãn các tiêu chí trên").await;
    page.keep_picture("empty-list").await;

    page.keys(Key::F2).await;
    page.is_focused("id_number").await;
    page.keep_picture("empty-form").await;
    page.write(&id_number(1)).await;
    page.reads("Chưa có tài khoản. CCCD 079 190 000 001 · Nữ · sinh năm 1990").await;
    page.is_open().await;
    page.tab_to("full_name").await;
    page.write("Nguyễn Thị Ánh").await;
    page.tab_to("birth_date").await;
    page.write("01021990").await;
    assert_eq!(page.value("birth_date").await, "01/02/1990", "the separators are filled in");
    page.tab_to("phone").await;
    page.write(&phone(1)).await;
    page.tab_to("email").await;
    page.write("anh@example.vn").await;
    page.tab_to("scan").await;
    let card = documents::pdf("the card");
    page.choose(&page.chromium.file(&card.name, &card.content)).await;
    page.reads("the-can-cuoc.pdf").await;
    page.tab_to("unit_id").await;
    let minh = page.minh().await;
    assert_eq!(page.value("unit_id").await, minh.unit().await.to_string(), "the only unit is chosen already");
    page.is_saved().await;
    page.keep_picture("filled-in").await;

    page.tab_to("TẢI XUỐNG").await;
    page.keys(Key::Enter).await;
    let (name, form) = page.chromium.download().await;
    assert!(name.ends_with(".pdf") && form.starts_with(b"%PDF-"), "{name}");
    page.reads("Đã tải lúc 09:00, mã trên giấy").await;
    page.tab_to("GỬI MÃ OTP").await;
    page.keys(Key::Space).await;
    page.reads("Mã còn hiệu lực").await;
    page.reads("Đã gửi").await;
    page.keep_picture("code-sent").await;
    let text = page.text_number(1).await;
    assert_eq!(text.to, "+84905000001");

    page.tab_to("otp").await;
    page.write(&text.code()).await;
    page.tab_to("TẠO TÀI KHOẢN").await;
    page.keep_picture("code-typed").await;
    page.keys(Key::Enter).await;
    page.reads_in("h1", "Đã tạo tài khoản").await;
    page.reads("Nguyễn Thị Ánh, số 079 190 000 001, đã có tài khoản.").await;
    page.reads("Tạo lúc 09:00 02/03/2026 tại Bộ phận một cửa UBND thành phố Nha Trang").await;
    page.reads("Tin nhắn có mật khẩu đăng nhập lần đầu, gửi tới số 0905 000 001.").await;
    page.reads("Gửi lúc 09:00. Mật khẩu dùng được đến 09:00 09/03/2026.").await;
    page.reads("Tên đăng nhập là số CMND/CCCD: 079 190 000 001.").await;
    page.keep_picture("result").await;
    let password = the_password(&page).await;
    let source = page.chromium.driver().source().await.unwrap();
    assert!(!source.contains(&password), "the password is the citizen's alone");

    page.tab_to("Về danh sách").await;
    page.keys(Key::Enter).await;
    page.reads("Tìm thấy 1 kết quả").await;
    page.tab_to("search_name").await;
    page.write("thi anh").await;
    page.keys(Key::Enter).await;
    page.reads_in("table", "Nguyễn Thị Ánh").await;
    let row = page.text_of("tbody").await;
    assert!(row.contains("0001") && !row.contains("079190000001"), "the list shows four digits: {row}");
    page.keep_picture("found").await;
    page.tab_to("Xem").await;
    page.keys(Key::Enter).await;
    page.reads_in("h1", "Nguyễn Thị Ánh").await;
    page.reads("079 190 000 001").await;
    page.reads("Mật khẩu đăng nhập lần đầu").await;
    page.keep_picture("account").await;
    page.end().await;
}

async fn the_password(page: &Page) -> String {
    wait::until("the password on the citizen's phone", || async {
        page.desk.phones().texts().into_iter().find(|text| text.body.contains("Mat khau")).map(|text| text.password())
    })
    .await
}

#[tokio::test]
async fn what_a_search_does_not_find_is_said() {
    let page = Page::of_minh("search").await;
    let minh = page.minh().await;
    minh.account(&page.desk, &motcua_tests::people::citizen(1)).await;
    page.type_into("search_name", "Trần").await;
    page.keys(Key::F8).await;
    page.reads("Tìm thấy 0 kết quả").await;
    page.reads("Không tìm thấy tài khoản thỏa mãn các tiêu chí trên").await;
    page.retype("search_name", "").await;
    page.type_into("search_from", "02032026").await;
    page.type_into("search_to", "01/03/2026").await;
    page.press("TÌM KIẾM").await;
    page.reads("Đến ngày không thể trước Từ ngày.").await;
    page.keep_picture("dates-reversed").await;
    page.retype("search_to", "2/3/2026").await;
    page.press("TÌM KIẾM").await;
    page.reads_in("tbody", "Nguyễn Thị Ánh").await;
    page.end().await;
}
