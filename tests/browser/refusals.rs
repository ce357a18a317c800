//! A refusal for each step of entering: who you are, the number, the fields, the file, the press.

use motcua_tests::documents;
use motcua_tests::people::{citizen, id_number};
use thirtyfour::prelude::Key;

use crate::page::Page;

#[tokio::test]
async fn a_wrong_password_is_said_and_the_name_stays() {
    let page = Page::open("wrong-password").await;
    page.type_into("username", "minh").await;
    page.type_into("password", "khong-phai-mat-khau").await;
    page.press("ĐĂNG NHẬP").await;
    page.reads_in("[role=alert]", "Tên đăng nhập hoặc mật khẩu chưa đúng.").await;
    page.is_focused("password").await;
    page.holds("password", "").await;
    assert_eq!(page.value("username").await, "minh");
    page.keep_picture("refused").await;
    page.write(page.desk.password()).await;
    page.keys(Key::Enter).await;
    page.reads("Thông tin tìm kiếm").await;
    page.end().await;
}

#[tokio::test]
async fn a_name_or_a_password_left_empty_is_asked_for() {
    let page = Page::open("nobody").await;
    page.press("ĐĂNG NHẬP").await;
    page.refuses("username", "Nhập tên đăng nhập.").await;
    page.is_focused("username").await;
    page.refuses("password", "Nhập mật khẩu.").await;
    page.end().await;
}

#[tokio::test]
async fn a_number_that_has_an_account_keeps_the_rest_closed_and_says_when_and_where() {
    let page = Page::of_minh("number-taken").await;
    let minh = page.minh().await;
    minh.account(&page.desk, &citizen(1)).await;
    page.keys(Key::F2).await;
    page.is_focused("id_number").await;
    page.write("079 190 000 001").await;
    page.reads("Số 079 190 000 001 đã có tài khoản, tạo ngày 02/03/2026 tại Bộ phận một cửa UBND thành phố Nha Trang.")
        .await;
    page.reads("Anh/chị thông báo cho công dân; hệ thống không tạo thêm.").await;
    for field in ["full_name", "birth_date", "phone", "email", "scan", "unit_id", "otp"] {
        assert!(!page.field(field).await.is_enabled().await.unwrap(), "{field} stays closed");
    }
    page.keep_picture("closed").await;
    assert!(minh.registrations().await.items.is_empty(), "nothing is begun");
    page.retype("id_number", &id_number(2)).await;
    page.is_open().await;
    page.end().await;
}

#[tokio::test]
async fn a_number_too_short_and_one_with_a_letter_are_said() {
    let page = Page::of_minh("number-wrong").await;
    page.press("THÊM MỚI").await;
    page.is_focused("id_number").await;
    page.write("0791900000").await;
    page.keys(Key::Enter).await;
    page.refuses("id_number", "Số CCCD có 12 chữ số, số CMND có 9 chữ số. Anh/chị đã nhập 10.").await;
    page.write("O").await;
    page.refuses("id_number", "Số CMND/CCCD chỉ gồm chữ số.").await;
    page.keep_picture("letter").await;
    page.end().await;
}

#[tokio::test]
async fn a_birth_date_that_disagrees_with_the_number_is_said_with_both_years() {
    let page = Page::of_minh("birth-date").await;
    page.begin(&id_number(1)).await;
    page.type_into("birth_date", "01021991").await;
    let words = "Theo số CCCD, công dân sinh năm 1990; ngày sinh đã nhập là 01/02/1991. Kiểm tra lại cả hai.";
    page.refuses("birth_date", words).await;
    page.keep_picture("disagrees").await;
    page.retype("birth_date", "1/2/1990").await;
    page.reads_no_more(words).await;
    page.keys(Key::Tab).await;
    page.holds("birth_date", "01/02/1990").await;
    page.end().await;
}

#[tokio::test]
async fn a_wrong_phone_is_said_when_its_field_is_left() {
    let page = Page::of_minh("phone").await;
    page.begin(&id_number(1)).await;
    page.type_into("phone", "090512").await;
    page.keys(Key::Tab).await;
    page.refuses("phone", "Số di động có 10 chữ số và bắt đầu bằng 0. Anh/chị đã nhập 6.").await;
    page.keep_picture("refused").await;
    page.type_into("phone", "3456").await;
    page.reads_no_more("Số di động có 10 chữ số").await;
    page.reads("Mã gồm 6 số gửi tới 0905 123 456.").await;
    page.end().await;
}

#[tokio::test]
async fn a_file_too_large_or_of_another_type_is_refused_before_anything_is_sent() {
    let page = Page::of_minh("scan").await;
    page.begin(&id_number(1)).await;
    let large = documents::pdf_of_size(6 * 1024 * 1024);
    page.choose(&page.chromium.file("the-can-cuoc-600dpi.pdf", &large.content)).await;
    let words = "Tệp the-can-cuoc-600dpi.pdf nặng 6 MB, tối đa 5 MB. Quét lại ở 200 dpi, đen trắng hoặc xám.";
    page.refuses("scan", words).await;
    page.keep_picture("too-large").await;
    page.choose(&page.chromium.file("the-can-cuoc.png", b"\x89PNG\r\n\x1a\n")).await;
    page.refuses("scan", "Chỉ nhận tệp .pdf, .doc, .docx. Tệp the-can-cuoc.png thuộc loại khác.").await;
    page.keep_picture("another-type").await;
    assert_eq!(page.times_asked("/scan").await, 0, "nothing was sent");

    // What only the content tells, the server says.
    page.choose(&page.chromium.file("the-can-cuoc.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")).await;
    page.refuses("scan", "Chỉ nhận tệp .pdf, .doc, .docx. Nội dung của tệp là").await;
    page.keep_picture("disguised").await;
    assert_eq!(page.times_asked("/scan").await, 1);
    let card = documents::docx("the card");
    page.choose(&page.chromium.file(&card.name, &card.content)).await;
    page.reads_in(".attached", "the-can-cuoc.docx").await;
    page.reads_no_more("Chỉ nhận tệp").await;
    page.end().await;
}

#[tokio::test]
async fn an_incomplete_form_is_answered_by_a_summary_that_leads_to_each_field() {
    let page = Page::of_minh("incomplete").await;
    page.begin(&id_number(1)).await;
    page.type_into("phone", "090512").await;
    page.press("TẠO TÀI KHOẢN").await;
    page.is_focused("error-summary").await;
    let summary = page.text_of("#error-summary").await;
    for words in [
        "Anh/chị kiểm tra lại các mục sau",
        "Nhập họ và tên như trên thẻ.",
        "Nhập ngày sinh.",
        "Số di động có 10 chữ số và bắt đầu bằng 0. Anh/chị đã nhập 6.",
        "Đính kèm bản quét 2 mặt CCCD/CMND.",
        "Nhập mã OTP do công dân đọc.",
    ] {
        assert!(summary.contains(words), "{words} in {summary}");
    }
    page.refuses("full_name", "Nhập họ và tên như trên thẻ.").await;
    page.keep_picture("summary").await;
    for (words, field) in [("Nhập ngày sinh.", "birth_date"), ("Đính kèm", "scan"), ("Nhập mã OTP", "otp")] {
        page.press(words).await;
        page.is_focused(field).await;
    }
    page.keep_picture("at-the-field").await;
    page.type_into("full_name", "Nguyễn Thị Ánh").await;
    page.reads_no_more("Nhập họ và tên như trên thẻ.").await;
    // The next press finds less, and its summary takes the focus again.
    page.press("GỬI MÃ OTP").await;
    page.is_focused("error-summary").await;
    assert_eq!(page.desk.phones().texts(), [], "nothing was texted");
    page.end().await;
}
