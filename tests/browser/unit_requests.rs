//! A unit that is missing at the desk: one press there, mended by the answer here.

use thirtyfour::prelude::Key;

use crate::page::Page;

#[tokio::test]
async fn an_officer_asks_for_a_unit_at_the_desk_and_chooses_it_once_an_administrator_has_answered() {
    let page = Page::of_minh("request").await;
    page.keys(Key::F2).await;
    page.is_focused("id_number").await;
    page.press("Không thấy đơn vị của anh/chị?").await;
    page.press("Đề nghị quản trị viên mở đơn vị này: Văn phòng tiếp dân phường Phước Long").await;
    page.reads("Đã gửi. Khi quản trị viên trả lời").await;
    page.press("Đề nghị quản trị viên mở đơn vị này: Bộ phận một cửa phường Vĩnh Hải").await;
    page.reads_no_more("Đề nghị quản trị viên mở đơn vị này").await;
    page.keep_picture("asked").await;
    page.visit("/").await;
    page.reads("Thông tin tìm kiếm").await;
    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;

    page.sign_in_as_an("/people/unit-requests").await;
    page.reads_in("h2", "Đang chờ (2)").await;
    page.reads("Đặng Quang Minh gửi lúc 09:00 02/03/2026").await;
    page.keep_picture("waiting").await;
    let by_reason = "const [words, label] = arguments;
        const one = [...document.querySelectorAll('.request')].find(e => e.innerText.includes(words));
        [...one.querySelectorAll('button')].at(-1).click()";
    page.chromium.script(by_reason, vec!["chưa được gán".into()]).await;
    page.reads_in("h2", "Đang chờ (1)").await;
    page.reads("Đã trả lời Đặng Quang Minh.").await;
    page.press("Trả lời").await;
    page.reads_in("h2", "Đang chờ (0)").await;
    page.reads("Không có đề nghị nào đang chờ.").await;
    page.reads_in("tbody", "Đã đổi tên").await;
    page.keep_picture("answered").await;
    let units: Vec<String> = page.minh().await.me().await.units.into_iter().map(|unit| unit.name).collect();
    assert_eq!(units.len(), 3, "{units:?}");
    assert!(units.contains(&"Bộ phận một cửa Văn phòng tiếp dân phường Phước Long".to_owned()), "{units:?}");
    page.end().await;
}

#[tokio::test]
async fn a_unit_that_is_on_no_list_is_asked_for_by_name_and_declined_with_words() {
    let page = Page::of_minh("request-by-name").await;
    page.press("Đặng Quang Minh").await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.press("Gửi đề nghị").await;
    page.refuses("unit_name", "Mục này là bắt buộc.").await;
    page.type_into("unit_name", "Phường Lộc Thọ").await;
    page.type_into("why", "Tôi được điều về đây").await;
    page.press("Gửi đề nghị").await;
    page.reads("Đã gửi đề nghị tới quản trị viên.").await;
    page.reads_in("[aria-labelledby=requests-title] tbody", "Đang chờ").await;
    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;

    page.sign_in_as_an("/people/unit-requests").await;
    page.reads("“Phường Lộc Thọ” (chưa có trong danh sách)").await;
    page.reads("Tôi được điều về đây").await;
    page.press("Trả lời").await;
    page.reads("Chọn đơn vị.").await;
    page.keep_picture("which-unit").await;
    let choose = "const choice = document.querySelector('[id^=choice-]');
        choice.value = 'declined';
        choice.dispatchEvent(new Event('change', {bubbles: true}))";
    page.chromium.script(choose, vec![]).await;
    page.reads_no_more("Đơn vị nào?").await;
    page.press("Trả lời").await;
    page.reads("Mục này là bắt buộc.").await;
    page.write("Phường này thuộc cơ quan khác.").await;
    page.press("Trả lời").await;
    page.reads_in("tbody", "Phường này thuộc cơ quan khác.").await;
    assert_eq!(page.minh().await.unit_requests().await[0].answer, "Phường này thuộc cơ quan khác.");
    page.end().await;
}
