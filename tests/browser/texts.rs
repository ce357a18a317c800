//! Text messages at the page: each state as it comes, why one does not arrive, and what to do then.

use std::collections::BTreeMap;

use chrono::Duration;
use motcua::settings::Settings;
use motcua_openapi::messages::TextLanguage;
use motcua_tests::gateway::report::Said;
use motcua_tests::gateway::{Behaviour, REPORT_URL, Scripted};
use motcua_tests::people::{citizen, phone};
use motcua_tests::wait;
use serde_json::json;
use thirtyfour::prelude::Key;
use uuid::Uuid;

use crate::page::Page;
use crate::rules::{serious_violations, sideways_scroll};

/// Sends through a gateway that reports, and waits for it as long as a look through a browser may take.
fn reporting(gateway: &Scripted) -> impl FnOnce(&mut Settings) + use<> {
    let (name, how) = (gateway.name.to_owned(), gateway.settings(20));
    move |settings| {
        settings.messages.order = vec![name.clone()];
        settings.messages.gateways = BTreeMap::from([(name, how)]);
        settings.messages.report_url = REPORT_URL.into();
    }
}

/// A page at a complete draft, and the draft.
async fn at_a_draft(name: &str, change: impl FnOnce(&mut Settings)) -> (Page, Uuid) {
    let page = Page::of_minh_with(name, change).await;
    let draft = page.minh().await.draft(&citizen(1)).await;
    page.visit_draft(draft.id).await;
    (page, draft.id)
}

async fn report(page: &Page, gateway: &Scripted, attempt: usize, said: Said) {
    let report = gateway.report(&gateway.attempt(attempt).await, said);
    page.desk.visitor().deliver(&report).await.bytes(200);
}

/// Presses GỬI MÃ OTP and waits until its text has come and another press would be taken; then a moment passes.
async fn send_code(page: &Page, number: usize) {
    page.press("GỬI MÃ OTP").await;
    page.text_number(number).await;
    wait::until("the press to come to its end", || async {
        let busy = page.chromium.script("return document.querySelector('[aria-busy]') !== null", vec![]).await;
        (busy == json!(false)).then_some(())
    })
    .await;
    page.desk.advance(Duration::seconds(2));
}

/// Marks the page, and says whether it is still the one that was marked.
async fn marked(page: &Page) {
    page.chromium.script("window.stayed = true", vec![]).await;
}

async fn has_stayed(page: &Page) {
    let stayed = page.chromium.script("return window.stayed === true", vec![]).await;
    assert_eq!(stayed, json!(true), "the page was not loaded anew");
}

#[tokio::test]
async fn each_state_of_a_code_appears_as_it_comes() {
    let gateway = Scripted::twilio(Behaviour::Hold).await;
    let (page, _) = at_a_draft("code-live", reporting(&gateway)).await;
    marked(&page).await;
    page.press("GỬI MÃ OTP").await;
    page.reads_in(".otp-status", "Đang chờ gửi 09:00:00").await;
    page.keep_picture("queued").await;
    gateway.attempt(1).await;
    page.desk.advance(Duration::seconds(1));
    gateway.release();
    page.reads_in(".otp-status", "Đã gửi 09:00:01 qua twilio").await;
    page.keep_picture("sent").await;
    page.desk.advance(Duration::seconds(4));
    report(&page, &gateway, 1, Said::Delivered).await;
    page.reads_in(".otp-status", "Đang chờ gửi 09:00:00 Đã gửi 09:00:01 qua twilio Máy đã nhận 09:00:05").await;
    page.keep_picture("delivered").await;
    has_stayed(&page).await;
    assert_eq!(page.times_asked("/messages").await, 0, "the server told; the page did not ask");
    page.end().await;
}

#[tokio::test]
async fn a_code_that_does_not_arrive_says_why_and_what_to_do() {
    let gateway = Scripted::twilio(Behaviour::Accept).await;
    let (page, _) = at_a_draft("code-failed", reporting(&gateway)).await;
    page.press("GỬI MÃ OTP").await;
    page.reads_in(".otp-status", "Đã gửi 09:00:00 qua twilio").await;
    page.desk.advance(Duration::seconds(7));
    report(&page, &gateway, 1, Said::Failed("30003")).await;
    page.reads_in(".otp-status", "Không tới được máy 09:00:07").await;
    let words = "Máy đang tắt hoặc ngoài vùng phủ sóng. Anh/chị đề nghị công dân bật máy, chờ có sóng, rồi gửi lại.";
    page.reads_in(".otp-status", words).await;
    page.keep_picture("said").await;
    page.end().await;
}

#[tokio::test]
async fn after_three_codes_that_did_not_arrive_the_guides_advice_comes_in_its_order() {
    let (page, draft) = at_a_draft("advice", |settings| settings.otp.resend_seconds = 1).await;
    // The folder of the `file` gateway reports nothing: a code counts once a newer one was asked for.
    for number in 1..=4 {
        assert_eq!(page.text_of(".advice").await, "");
        send_code(&page, number).await;
    }
    page.reads_in(".advice h4", "Ba mã gần nhất chưa tới máy công dân. Anh/chị làm lần lượt:").await;
    let advice = page.text_of(".advice").await;
    let order = ["Đọc lại số điện thoại với công dân: 0905 000 001", "Gửi lại mã tới số", "tắt máy rồi bật lại"];
    let places = order.map(|words| advice.find(words).unwrap_or_else(|| panic!("{words} in {advice}")));
    assert!(places.is_sorted(), "{advice}");
    page.keep_picture("due").await;
    assert_eq!(serious_violations(&page).await, Vec::<String>::new());
    assert_eq!(sideways_scroll(&page, "advice").await, None);

    page.retype("advice_phone", "090500").await;
    page.press("Lưu số").await;
    page.refuses("advice_phone", "Số di động có 10 chữ số và bắt đầu bằng 0. Anh/chị đã nhập 6.").await;
    page.retype("advice_phone", &phone(2)).await;
    page.press("Lưu số").await;
    page.reads_in(".advice", "Đã lưu số 0905 000 002. Anh/chị gửi mã mới.").await;
    page.holds("phone", &phone(2)).await;
    page.keep_picture("number-mended").await;
    let saved = page.minh().await.registration(draft).await.details.phone;
    assert_eq!(saved.map(|phone| phone.national()), Some(phone(2)), "the draft has it");
    page.press("Gửi lại mã OTP").await;
    assert_eq!(page.text_number(5).await.to, "+84905000002");
    page.end().await;
}

#[tokio::test]
async fn a_full_cap_says_which_it_is_and_when_it_opens() {
    let (page, _) = at_a_draft("cap", |settings| {
        settings.otp.resend_seconds = 1;
        settings.otp.per_registration_hour = 1;
    })
    .await;
    send_code(&page, 1).await;
    // With the two seconds before, 49 minutes and a half are left. The page's own clock goes on from where the
    // server's stood, so that what it says is 09:00, some seconds, and these.
    page.desk.advance(Duration::seconds(628));
    page.press("GỬI MÃ OTP").await;
    let words = "Hồ sơ này đã dùng hết số mã của một giờ. Gửi tiếp được từ 09:49 02/03/2026.";
    page.reads_in(".form-acts", words).await;
    page.keep_picture("said").await;
    page.end().await;
}

#[tokio::test]
async fn the_language_of_the_texts_is_kept_with_the_draft() {
    let (page, draft) = at_a_draft("language", |_| {}).await;
    assert_eq!(page.value("language").await, "vi");
    page.type_into("language", "English").await;
    page.keys(Key::Tab).await;
    let minh = page.minh().await;
    wait::until("the language at the server", || async {
        (minh.registration(draft).await.details.language == TextLanguage::En).then_some(())
    })
    .await;
    page.chromium.driver().refresh().await.unwrap();
    page.is_open().await;
    assert_eq!(page.value("language").await, "en");
    page.end().await;
}

#[tokio::test]
async fn another_password_is_sent_after_one_question_and_not_at_once_again() {
    let page = Page::of_minh("resend").await;
    let account = page.minh().await.account(&page.desk, &citizen(1)).await;
    page.text_number(2).await;
    page.desk.advance(Duration::seconds(31));
    page.visit(&format!("/accounts/{}", account.id)).await;
    page.reads_in(".messages", "Đã gửi 09:00:00 qua file").await;
    marked(&page).await;
    page.press("Gửi lại mật khẩu").await;
    let words = "Mật khẩu mới được gửi tới ••••••0001. Mật khẩu đã gửi trước đó không còn dùng được.";
    page.reads_in("[role=alertdialog]", words).await;
    page.keep_picture("question").await;
    page.press("Không gửi").await;
    page.is_focused("Gửi lại mật khẩu").await;
    page.press("Gửi lại mật khẩu").await;
    page.press("Gửi mật khẩu mới").await;
    page.reads("Mật khẩu mới đang được gửi tới ••••••0001.").await;
    page.text_number(3).await;
    page.reads_in(".messages", "Đã gửi 09:00:31 qua file").await;
    page.keep_picture("sent").await;
    page.press("Gửi lại mật khẩu").await;
    page.press("Gửi mật khẩu mới").await;
    page.reads_in("[role=alert]", "Vừa gửi một tin. Anh/chị chờ rồi gửi lại sau 0:30.").await;
    assert_eq!(page.desk.phones().texts().len(), 3);
    has_stayed(&page).await;
    page.end().await;
}

#[tokio::test]
async fn who_has_signed_in_is_sent_no_password_from_the_desk() {
    let page = Page::of_minh("in-use").await;
    let account = page.minh().await.account(&page.desk, &citizen(1)).await;
    let signed_in = "UPDATE accounts SET first_signed_in_at = created_at WHERE id = $1";
    page.desk.rows(signed_in, [account.id.into()]).await;
    page.visit(&format!("/accounts/{}", account.id)).await;
    page.reads("Công dân đã đăng nhập lần đầu lúc 09:00 02/03/2026").await;
    assert!(!page.text_of("main").await.contains("Gửi lại mật khẩu"), "there is no button for it");
    page.keep_picture("said").await;
    page.end().await;
}

#[tokio::test]
async fn the_list_says_what_became_of_each_password() {
    let gateway = Scripted::twilio(Behaviour::Accept).await;
    let page = Page::of_minh_with("list-password", reporting(&gateway)).await;
    let minh = page.minh().await;
    // By hand: `account` reads the code from the `file` gateway's folder.
    let draft = minh.draft(&citizen(1)).await;
    minh.sent_otp(draft.id).await;
    let code = motcua_tests::phone::code_in(&gateway.attempt(1).await.text.body);
    minh.verify_otp(draft.id, &code).await.bytes(200);
    minh.create_account(draft.id).await.bytes(201);
    gateway.attempt(2).await;
    page.press("TÌM KIẾM").await;
    page.reads_in("tbody", "Mật khẩu: Đã gửi").await;
    report(&page, &gateway, 2, Said::Failed("30003")).await;
    page.press("TÌM KIẾM").await;
    page.reads_in("tbody", "Mật khẩu: Không tới được máy Máy đang tắt hoặc ngoài vùng phủ sóng.").await;
    page.keep_picture("failed").await;
    assert_eq!(sideways_scroll(&page, "list").await, None);
    page.end().await;
}
