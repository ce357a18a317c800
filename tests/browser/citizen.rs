//! The citizen's pages: the account that an officer made is one that its citizen can use.

use chrono::Duration;
use motcua_openapi::citizens::{CitizenMe, DataRequestKind};
use motcua_tests::authority::Authority;
use motcua_tests::people::{id_number, phone};
use motcua_tests::phone::Text;
use motcua_tests::signatures::{Phones, Signatures};
use motcua_tests::wait;
use serde_json::json;
use thirtyfour::prelude::Key;

use crate::page::Page;
use crate::rules::{serious_violations, sideways_scroll};

const NEW_PASSWORD: &str = "bảy con vịt qua cầu buổi sáng";

/// The page of a citizen whose account was just made, and the password that was texted.
async fn with_account(name: &str) -> (Page, String) {
    let page = Page::open(name).await;
    let resident = page.desk.resident(1).await;
    page.visit("/citizen/").await;
    page.reads_in("h1", "Đăng nhập").await;
    (page, resident.texted)
}

/// Has the page calculate instead of reading a picture, which a test cannot.
async fn pass_captcha(page: &Page) {
    page.reads("Không nhìn rõ hình").await;
    if page.text_of(".captcha-proof").await.is_empty() {
        page.field("captcha-proof").await.click().await.unwrap();
    }
    page.reads_in(".captcha-proof", "Máy đã tính xong").await;
}

async fn sign_in(page: &Page, password: &str) {
    page.retype("id_number", &id_number(1)).await;
    page.retype("password", password).await;
    pass_captcha(page).await;
    page.press("ĐĂNG NHẬP").await;
}

/// The page of a citizen with a password of their own, at what is held.
async fn signed_in(name: &str) -> Page {
    let (page, texted) = with_account(name).await;
    sign_in(&page, &texted).await;
    page.reads_in("h1", "Đặt mật khẩu của ông/bà").await;
    page.type_into("current_password", &texted).await;
    page.type_into("new_password", NEW_PASSWORD).await;
    page.press("ĐẶT MẬT KHẨU").await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page
}

/// The code that a phone fills in by itself: on the last line of a text, bound to the portal's name.
async fn code_on(page: &Page, phone: &str) -> String {
    let end = phone.trim_start_matches('0');
    let bound = |text: Text| text.body.lines().last()?.strip_prefix("@dichvucong.example #").map(str::to_owned);
    let look = || async {
        let texts = page.desk.phones().texts().into_iter().filter(|text| text.to.ends_with(end));
        texts.filter_map(bound).next_back()
    };
    wait::until(&format!("a code on {phone}"), look).await
}

/// Looks at a place as a colleague with axe and a narrow screen would.
async fn examine(page: &Page, place: &str) {
    page.keep_picture(place).await;
    let mut wrong = serious_violations(page).await;
    wrong.extend(sideways_scroll(page, place).await);
    assert!(wrong.is_empty(), "{place}: {}", wrong.join("\n"));
}

#[tokio::test]
async fn a_citizen_signs_in_with_the_texted_password_and_chooses_an_own_one() {
    let (page, texted) = with_account("citizen-first").await;
    examine(&page, "sign-in").await;
    sign_in(&page, &texted).await;
    page.reads_in("h1", "Đặt mật khẩu của ông/bà").await;
    page.type_into("current_password", &texted).await;
    page.type_into("new_password", "12345678").await;
    page.reads_in(".strength", "Dễ đoán").await;
    page.press("ĐẶT MẬT KHẨU").await;
    page.refuses("new_password", "rất nhiều người dùng").await;
    examine(&page, "refused").await;
    page.retype("new_password", NEW_PASSWORD).await;
    page.reads_in(".strength", "Rất tốt").await;
    page.press("ĐẶT MẬT KHẨU").await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.reads_in(".facts", "Đặng Quang Minh, Bộ phận một cửa").await;
    page.reads_in("tbody", "Tạo tài khoản Đặng Quang Minh").await;
    examine(&page, "account").await;
    page.press("Đăng xuất").await;
    page.reads_in("h1", "Đăng nhập").await;
    sign_in(&page, &texted).await;
    page.reads_in("[role=alert]", "Số CMT/CCCD hoặc mật khẩu chưa đúng.").await;
    sign_in(&page, NEW_PASSWORD).await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.chromium.driver().refresh().await.unwrap();
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.end().await;
}

#[tokio::test]
async fn what_is_missing_and_what_is_wrong_stands_at_its_field() {
    let (page, _) = with_account("citizen-refusals").await;
    page.press("ĐĂNG NHẬP").await;
    page.refuses("id_number", "Nhập số CMND/CCCD.").await;
    page.refuses("password", "Nhập mật khẩu.").await;
    page.refuses("captcha", "Nhập mã xác thực").await;
    page.is_focused("id_number").await;
    examine(&page, "missing").await;
    page.type_into("id_number", "12345").await;
    page.press("ĐĂNG NHẬP").await;
    page.refuses("id_number", "Ông/bà đã nhập 5.").await;
    page.retype("id_number", &id_number(1)).await;
    page.type_into("password", "sai mật khẩu").await;
    page.type_into("captcha", "?????").await;
    page.press("ĐĂNG NHẬP").await;
    page.refuses("captcha", "Mã xác thực chưa đúng").await;
    page.holds("captcha", "").await;
    page.holds("password", "sai mật khẩu").await;
    page.press("Quên mật khẩu").await;
    page.press("GỬI MÃ XÁC NHẬN").await;
    page.refuses("phone", "Nhập số điện thoại.").await;
    page.end().await;
}

#[tokio::test]
async fn the_other_two_ways_say_what_they_need_and_that_they_are_closed() {
    let (page, _) = with_account("citizen-ways").await;
    page.press("CMT/CCCD").await;
    page.keys(Key::Right).await;
    page.is_focused("way-certificate").await;
    page.reads("Thiết bị USB ký số còn hạn").await;
    page.reads("Cách đăng nhập này chưa được mở tại cổng này.").await;
    examine(&page, "certificate").await;
    page.press("Sim ký số").await;
    page.reads("SIM đã đăng ký dịch vụ ký số").await;
    page.reads("Cách đăng nhập này chưa được mở tại cổng này.").await;
    examine(&page, "phone").await;
    page.end().await;
}

#[tokio::test]
async fn a_token_that_is_not_there_is_said() {
    let page = Page::open_with("citizen-certificate", |settings| {
        settings.server.behind_proxy = true;
        settings.citizens.certificate.enabled = true;
        settings.citizens.certificate.issuers = vec!["CN=CA".into()];
    });
    let page = page.await;
    page.visit("/citizen/").await;
    page.press("Usb ký số").await;
    page.press("ĐĂNG NHẬP").await;
    page.reads_in("[role=alert]", "Không nhận được chứng thư số.").await;
    examine(&page, "missing").await;
    page.end().await;
}

#[tokio::test]
async fn a_phone_signs_its_owner_in() {
    let (provider, authority) = (Signatures::open().await, Authority::named("CA cong cong"));
    let folder = tempfile::tempdir().unwrap();
    let issuers = folder.path().join("issuers.pem");
    std::fs::write(&issuers, &authority.pem).unwrap();
    let page = Page::open_with("citizen-sim", provider.through(issuers)).await;
    let resident = page.desk.resident(1).await;
    resident.settled(&page.desk).await;
    page.visit("/citizen/").await;
    page.press("Sim ký số").await;
    page.type_into("phone", &resident.phone).await;
    pass_captcha(&page).await;
    page.press("ĐĂNG NHẬP").await;
    page.reads("chỉ ký khi mã hiện ra trùng với mã này").await;
    let asked = wait::until("the phone to be asked", || async { provider.asked().pop() }).await;
    page.reads_in(".verification-code", &asked.verification_code).await;
    examine(&page, "waiting").await;
    provider.will(Phones::Sign(authority.issue(&resident.number)));
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.press("Đăng xuất").await;
    page.press("Sim ký số").await;
    page.type_into("phone", &resident.phone).await;
    pass_captcha(&page).await;
    provider.will(Phones::Refuse);
    page.press("ĐĂNG NHẬP").await;
    page.reads("Điện thoại không ký").await;
    page.press("Thử lại").await;
    page.reads_in("label", "Số điện thoại").await;
    page.end().await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_the_code_of_a_text() {
    let page = signed_in("citizen-forgotten").await;
    page.press("Đăng xuất").await;
    page.press("Quên mật khẩu").await;
    page.reads_in("h1", "Quên mật khẩu").await;
    page.type_into("id_number", &id_number(1)).await;
    page.type_into("phone", &phone(1)).await;
    pass_captcha(&page).await;
    examine(&page, "ask").await;
    page.press("GỬI MÃ XÁC NHẬN").await;
    page.reads("Nếu hai số đúng, mã gồm 6 số đang được gửi").await;
    page.type_into("code", &code_on(&page, &phone(1)).await).await;
    page.type_into("new_password", "một câu khác hẳn câu cũ").await;
    examine(&page, "complete").await;
    page.press("ĐẶT MẬT KHẨU").await;
    page.reads("Đã đặt mật khẩu mới.").await;
    page.press("Đăng nhập").await;
    sign_in(&page, "một câu khác hẳn câu cũ").await;
    page.reads_in("h1", "Tài khoản của tôi").await;
    page.reads_in("tbody", "Đặt lại mật khẩu bằng mã").await;
    page.end().await;
}

#[tokio::test]
async fn whoever_asks_for_a_stranger_sees_the_same_and_nobody_gets_a_text() {
    let (page, _) = with_account("citizen-stranger").await;
    page.press("Quên mật khẩu").await;
    page.type_into("id_number", &id_number(77)).await;
    page.type_into("phone", &phone(77)).await;
    pass_captcha(&page).await;
    let before = page.desk.phones().texts().len();
    page.press("GỬI MÃ XÁC NHẬN").await;
    page.reads("Nếu hai số đúng, mã gồm 6 số đang được gửi").await;
    page.type_into("code", "123456").await;
    page.type_into("new_password", NEW_PASSWORD).await;
    page.press("ĐẶT MẬT KHẨU").await;
    page.reads_in("[role=alert]", "Mã chưa đúng, hoặc không phải mã mới nhất.").await;
    assert_eq!(page.desk.phones().texts().len(), before);
    page.end().await;
}

#[tokio::test]
async fn the_email_is_changed_and_taken_away() {
    let page = signed_in("citizen-email").await;
    page.visit("/citizen/email").await;
    page.type_into("email", "không phải email").await;
    page.press("LƯU").await;
    page.refuses("email", "Email chưa đúng").await;
    examine(&page, "email").await;
    page.retype("email", "anh@example.vn").await;
    page.press("LƯU").await;
    page.reads("Đã lưu email.").await;
    page.press("Tài khoản của tôi").await;
    page.reads_in(".facts", "anh@example.vn").await;
    page.reads_in("tbody", "Đổi email Ông/bà").await;
    page.end().await;
}

#[tokio::test]
async fn the_phone_is_changed_by_a_code_on_each_of_the_two() {
    let page = signed_in("citizen-phone").await;
    page.visit("/citizen/phone").await;
    page.type_into("phone", &phone(2)).await;
    page.press("GỬI HAI MÃ").await;
    page.reads("Hai mã khác nhau đang được gửi tới hai máy.").await;
    page.type_into("current_phone_code", &code_on(&page, &phone(1)).await).await;
    page.type_into("new_phone_code", &code_on(&page, &phone(2)).await).await;
    examine(&page, "codes").await;
    page.press("ĐỔI SỐ").await;
    page.reads("Đã đổi số điện thoại.").await;
    page.press("Tài khoản của tôi").await;
    page.reads_in(".facts", "0905 000 002").await;
    page.end().await;
}

#[tokio::test]
async fn a_request_about_the_data_is_asked_once_more_sent_and_shown_with_its_day() {
    let page = signed_in("citizen-request").await;
    page.press("Gửi yêu cầu về dữ liệu").await;
    page.field("kind-close").await.click().await.unwrap();
    page.type_into("words", "Tôi chuyển ra nước ngoài.").await;
    examine(&page, "request").await;
    page.press("GỬI YÊU CẦU").await;
    page.reads_in("[role=alertdialog]", "tài khoản bị đóng").await;
    examine(&page, "question").await;
    page.press("GỬI").await;
    page.reads("Đã gửi yêu cầu.").await;
    page.press("Tài khoản của tôi").await;
    // Asked on Monday 2 March 2026: due on Wednesday.
    page.reads_in(".requests", "Đóng tài khoản").await;
    page.reads_in(".requests", "chậm nhất ngày 04/03/2026").await;
    page.end().await;
}

#[tokio::test]
async fn everything_is_downloaded_as_one_file() {
    let page = signed_in("citizen-export").await;
    // What the page hands to the browser is kept for the test to read.
    let keep = "const make = URL.createObjectURL; window.kept = [];
        URL.createObjectURL = blob => { window.kept.push(blob.text()); return make(blob); }";
    page.chromium.script(keep, vec![]).await;
    page.press("Tải xuống tất cả").await;
    let count = || async { page.chromium.script("return window.kept.length", vec![]).await == json!(1) };
    wait::until("the file", || async { count().await.then_some(()) }).await;
    let read = "const done = arguments[0]; window.kept[0].then(done)";
    let file = page.chromium.driver().execute_async(read, vec![]).await.unwrap();
    let me: CitizenMe = serde_json::from_str(file.json().as_str().unwrap()).unwrap();
    assert_eq!(me.id_number.as_str(), id_number(1));
    assert!(me.requests.iter().all(|request| request.kind != DataRequestKind::CloseAccount));
    page.end().await;
}

#[tokio::test]
async fn a_session_that_has_ended_is_said_and_begins_again() {
    let page = signed_in("citizen-ended").await;
    page.desk.advance(Duration::hours(3));
    page.visit("/citizen/email").await;
    page.reads_in("h1", "Đăng nhập").await;
    sign_in(&page, NEW_PASSWORD).await;
    page.reads_in("h1", "Đổi email").await;
    page.desk.advance(Duration::hours(3));
    page.type_into("email", "anh@example.vn").await;
    page.press("LƯU").await;
    page.reads("Phiên làm việc đã hết. Ông/bà đăng nhập lại để tiếp tục.").await;
    page.end().await;
}

#[tokio::test]
async fn the_pages_speak_english_where_that_is_chosen() {
    let (page, _) = with_account("citizen-english").await;
    page.press("English").await;
    page.reads_in("h1", "Sign in").await;
    page.press("SIGN IN").await;
    page.refuses("password", "Enter the password.").await;
    page.press("Forgotten password").await;
    page.reads_in("h1", "Forgotten password").await;
    page.end().await;
}
