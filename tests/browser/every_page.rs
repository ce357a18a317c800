//! What holds on every page and in every state: axe's rules, 320 pixels, the policy of the page, two languages.

use std::cell::RefCell;

use serde_json::json;

use crate::page::Page;
use crate::rules::{serious_violations, sideways_scroll};
use crate::walk;

/// Looks at each place as a colleague with axe and a narrow screen would, and lists what is wrong.
#[derive(Default)]
pub struct Examiner {
    findings: RefCell<Vec<String>>,
}

impl Examiner {
    pub async fn look(&self, page: &Page, place: &str) {
        page.keep_picture(place).await;
        let mut wrong = serious_violations(page).await;
        wrong.extend(sideways_scroll(page, place).await);
        self.findings.borrow_mut().extend(wrong.into_iter().map(|wrong| format!("{place}: {wrong}")));
    }

    pub fn end(self) {
        let findings = self.findings.into_inner();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}

#[tokio::test]
async fn every_page_is_accessible_and_fits_320_pixels() {
    let (page, examiner) = (Page::open("pages").await, Examiner::default());
    walk::past_every_page(&page, async |page, place| examiner.look(page, place).await).await;
    examiner.end();
    page.end().await;
}

#[tokio::test]
async fn every_state_of_the_form_is_accessible_and_fits_320_pixels() {
    let (page, examiner) = (Page::open("form").await, Examiner::default());
    walk::through_the_form(&page, async |page, place| examiner.look(page, place).await).await;
    examiner.end();
    page.end().await;
}

#[tokio::test]
async fn every_trouble_is_accessible_and_fits_320_pixels() {
    let (mut page, examiner) = (Page::open("trouble").await, Examiner::default());
    walk::through_trouble(&mut page, async |page, place| examiner.look(page, place).await).await;
    examiner.end();
    page.end().await;
}

#[tokio::test]
async fn the_page_speaks_english_where_that_is_chosen_and_remembers_it() {
    let page = Page::open("english").await;
    let language = "return document.documentElement.lang";
    assert_eq!(page.chromium.script(language, vec![]).await, json!("vi"));
    page.press("English").await;
    page.reads_in("h1", "Sign in").await;
    assert_eq!(page.chromium.script(language, vec![]).await, json!("en"));
    page.keep_picture("sign-in").await;
    page.type_into("username", "minh").await;
    page.type_into("password", page.desk.password()).await;
    page.press("SIGN IN").await;
    page.reads_in("h1", "Create a citizen's account").await;
    page.keep_picture("list").await;
    page.chromium.driver().refresh().await.unwrap();
    page.reads_in("h1", "Create a citizen's account").await;
    assert_eq!(page.chromium.script(language, vec![]).await, json!("en"));
    page.press("Tiếng Việt").await;
    page.reads_in("h1", "Tạo tài khoản công dân").await;
    assert_eq!(page.chromium.script(language, vec![]).await, json!("vi"));
    page.end().await;
}

#[tokio::test]
async fn the_policy_of_the_page_keeps_out_what_is_not_its_own() {
    let page = Page::open("policy").await;
    page.reads("Đăng nhập").await;
    page.console_is_clean().await;
    let intrude = "const script = document.createElement('script');
        script.textContent = 'window.intruded = true';
        document.head.append(script);
        return window.intruded === true";
    assert_eq!(page.chromium.script(intrude, vec![]).await, json!(false));
    let console = page.chromium.console().await;
    assert!(console.iter().any(|entry| entry.message.contains("Content Security Policy")), "{console:?}");
}
