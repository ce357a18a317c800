//! What an officer does at the page and sees on it, one short verb each.
//!
//! Owns finding what is meant by its label or field, and waiting until it is there. Refuses to judge.

use std::path::Path;

use motcua::settings::Settings;
use motcua_tests::browser::{Chromium, page_folder};
use motcua_tests::{Client, Desk, Engine, wait};
use serde_json::{Value, json};
use thirtyfour::prelude::{By, Key, WebDriverError, WebElement};
use uuid::Uuid;

/// An officer's page, and the server behind it.
pub struct Page {
    /// The server.
    pub desk: Desk,
    /// The browser.
    pub chromium: Chromium,
}

impl Page {
    /// The page as somebody opens it who is not signed in. `name` is that of its screenshots.
    pub async fn open(name: &str) -> Self {
        Self::open_with(name, |_| {}).await
    }

    /// The same with other settings of the server.
    pub async fn open_with(name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let spa = page_folder();
        let desk = Desk::open_with(Engine::Sqlite, |settings| {
            settings.server.spa_dir = Some(spa);
            change(settings);
        });
        let (desk, chromium) = (desk.await.unwrap(), Chromium::open(name).await);
        let page = Self { desk, chromium };
        page.visit("/").await;
        page
    }

    /// The page with Đặng Quang Minh signed in, at the list.
    pub async fn of_minh(name: &str) -> Self {
        Self::of_minh_with(name, |_| {}).await
    }

    /// The same with other settings of the server.
    pub async fn of_minh_with(name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let page = Self::open_with(name, change).await;
        page.sign_in().await;
        page
    }

    /// Đặng Quang Minh at the API, beside the page.
    pub async fn minh(&self) -> Client {
        self.desk.sign_in("minh").await
    }

    /// Opens an address of the page by the name for which passkeys are made.
    pub async fn visit_at_localhost(&self, path: &str) {
        let base = self.desk.base().replace("127.0.0.1", "localhost");
        self.chromium.driver().goto(format!("{base}{path}")).await.unwrap();
    }

    /// Opens an address of the page.
    pub async fn visit(&self, path: &str) {
        self.chromium.driver().goto(format!("{}{path}", self.desk.base())).await.unwrap();
    }

    /// Opens a draft by its address.
    pub async fn visit_draft(&self, id: Uuid) {
        self.visit(&format!("/registrations/{id}")).await;
        self.reads("Thông tin cán bộ").await;
        self.is_open().await;
    }

    /// The path of the address.
    pub async fn path(&self) -> String {
        self.chromium.driver().current_url().await.unwrap().path().to_owned()
    }

    /// Signs Đặng Quang Minh in.
    pub async fn sign_in(&self) {
        self.sign_in_as("minh", "Đặng Quang Minh").await;
    }

    /// Signs an officer in by name and password.
    pub async fn sign_in_as(&self, username: &str, full_name: &str) {
        self.type_into("username", username).await;
        self.type_into("password", self.desk.password()).await;
        self.keys(Key::Enter).await;
        self.reads(full_name).await;
        self.reads("Thông tin tìm kiếm").await;
    }

    /// Types the common password of the demo's staff beside a name, and sends both.
    pub async fn type_name_and_password(&self, username: &str) {
        self.type_into("username", username).await;
        self.type_into("password", self.desk.password()).await;
        self.keys(Key::Enter).await;
    }

    /// Signs Phạm Thị An in at an address of the administration, by the app that she enrolled before.
    pub async fn sign_in_as_an(&self, path: &str) {
        self.desk.sign_in("an").await;
        self.visit(path).await;
        self.type_name_and_password("an").await;
        self.reads("Mã của ứng dụng xác thực").await;
        self.type_into("totp", &self.desk.app_code("an").await).await;
        self.keys(Key::Enter).await;
        self.reads("Phạm Thị An").await;
    }

    /// Opens screen 2 and has a number looked up that is free.
    pub async fn begin(&self, id_number: &str) {
        self.keys(Key::F2).await;
        self.is_focused("id_number").await;
        self.write(id_number).await;
        self.is_open().await;
        self.is_saved().await;
    }

    // Doing.

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, key: Key) {
        self.write(&key.value().to_string()).await;
    }

    /// Types a text wherever the focus is.
    pub async fn write(&self, text: &str) {
        self.chromium.driver().action_chain().send_keys(text).perform().await.unwrap();
    }

    /// Goes on by Tab until the focus is there: on a field's id, or on what begins with these words.
    pub async fn tab_to(&self, place: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            let focus = self.focus().await;
            if focus.is(place) {
                return;
            }
            passed.push(focus);
            self.keys(Key::Tab).await;
        }
        panic!("Tab does not come to {place}; it came past {passed:#?}");
    }

    /// Types into a field, after what is in it.
    pub async fn type_into(&self, field: &str, text: &str) {
        let input = self.field(field).await;
        wait::until_ok(&format!("{field} to take a text"), async || input.send_keys(text).await).await;
    }

    /// Types into a field in place of what is in it.
    pub async fn retype(&self, field: &str, text: &str) {
        let [control, release, delete] = [Key::Control, Key::Null, Key::Delete].map(|key| key.value());
        self.type_into(field, &format!("{control}a{release}{delete}{text}")).await;
    }

    /// Clicks the button or the link that is called so.
    pub async fn press(&self, name: &str) {
        let press = async || self.called(name).await?.click().await;
        wait::until_ok(&format!("{name} to be there to press"), press).await;
    }

    /// The same by a double click, as who is used to icons does.
    pub async fn press_twice(&self, name: &str) {
        let press = async || {
            let button = self.called(name).await?;
            self.chromium.driver().action_chain().double_click_element(&button).perform().await
        };
        wait::until_ok(&format!("{name} to be there to press"), press).await;
    }

    /// Ticks the box that is labelled so.
    pub async fn tick(&self, label: &str) {
        let tick = "const [label] = arguments;
            const one = [...document.querySelectorAll('label.check')].find(e => e.innerText.trim() === label);
            one?.click();
            return !!one";
        let press = async || {
            (self.chromium.script(tick, vec![json!(label)]).await == json!(true)).then_some(()).ok_or("no such box")
        };
        wait::until_ok(&format!("a box {label} to tick"), press).await;
    }

    /// Chooses a file as the scan.
    pub async fn choose(&self, file: &Path) {
        self.type_into("scan", file.to_str().unwrap()).await;
    }

    // Seeing.

    /// Waits until the page reads so somewhere, line ends and spaces aside.
    pub async fn reads(&self, text: &str) {
        self.reads_in("body", text).await;
    }

    /// The same in one place of the page.
    pub async fn reads_in(&self, place: &str, text: &str) {
        let look = async || {
            let read = self.text_of(place).await;
            if read.contains(text) { Ok(()) } else { Err(format!("{place} reads: {read}")) }
        };
        wait::until_ok(&format!("“{text}” in {place}"), look).await;
    }

    /// Waits until the page no longer reads so anywhere.
    pub async fn reads_no_more(&self, text: &str) {
        let look = async || {
            let read = self.text_of("body").await;
            if read.contains(text) { Err(format!("the page reads: {read}")) } else { Ok(()) }
        };
        wait::until_ok(&format!("“{text}” to go"), look).await;
    }

    /// What a place of the page reads now, each run of spaces and line ends as one space.
    pub async fn text_of(&self, place: &str) -> String {
        let read = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join(' ')";
        let text = self.chromium.script(read, vec![json!(place)]).await;
        text.as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until a field's error reads so.
    pub async fn refuses(&self, field: &str, text: &str) {
        self.reads_in(&format!("#{field}-error"), text).await;
        let input = self.field(field).await;
        assert_eq!(input.attr("aria-invalid").await.unwrap().as_deref(), Some("true"), "{field} says it is wrong");
        let described_by = input.attr("aria-describedby").await.unwrap().unwrap_or_default();
        assert!(described_by.contains(&format!("{field}-error")), "{field} is described by {described_by}");
        input.scroll_into_view().await.unwrap();
    }

    /// Waits until the middle of a place is what stands there before the officer's eyes.
    pub async fn is_in_view(&self, place: &str) {
        let script = "const place = document.querySelector(arguments[0]);
            if (!place) return 'it is not there';
            const {x, y, width, height} = place.getBoundingClientRect();
            const seen = document.elementFromPoint(x + width / 2, y + height / 2);
            return place.contains(seen) ? '' : `it stands at ${x}, ${y}; seen there is ${seen?.outerHTML.slice(0, 80)}`";
        let look = async || match self.chromium.script(script, vec![json!(place)]).await.as_str().unwrap() {
            "" => Ok(()),
            why => Err(why.to_owned()),
        };
        wait::until_ok(&format!("{place} to be in view"), look).await;
    }

    /// What stands in a field.
    pub async fn value(&self, field: &str) -> String {
        self.field(field).await.value().await.unwrap().unwrap_or_default()
    }

    /// Waits until this stands in a field.
    pub async fn holds(&self, field: &str, text: &str) {
        let look = async || {
            let value = self.value(field).await;
            if value == text { Ok(()) } else { Err(format!("it holds “{value}”")) }
        };
        wait::until_ok(&format!("{field} to hold “{text}”"), look).await;
    }

    /// Waits until the rest of screen 2 is open.
    pub async fn is_open(&self) {
        let look = async || match self.field("full_name").await.is_enabled().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it is closed".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        wait::until_ok("the rest of the form to open", look).await;
    }

    /// Waits until everything typed is with the server.
    pub async fn is_saved(&self) {
        self.reads_in(".save-status", "Đã lưu").await;
    }

    /// Waits until the focus is there, see [`Page::tab_to`].
    pub async fn is_focused(&self, place: &str) {
        let look = async || {
            let focus = self.focus().await;
            if focus.is(place) { Ok(()) } else { Err(format!("the focus is on {focus:?}")) }
        };
        wait::until_ok(&format!("the focus on {place}"), look).await;
    }

    /// Where the focus is.
    pub async fn focus(&self) -> Focus {
        let script = "const e = document.activeElement; return [e.tagName, e.id, e.innerText.trim().slice(0, 80)]";
        let [tag, id, text] = serde_json::from_value(self.chromium.script(script, vec![]).await).unwrap();
        Focus { tag, id, text }
    }

    /// Waits for a number of texts on phones; the newest.
    pub async fn text_number(&self, number: usize) -> motcua_tests::phone::Text {
        let look = || async { (self.desk.phones().texts().len() >= number).then_some(()) };
        wait::until(&format!("text number {number}"), look).await;
        self.desk.phones().texts().pop().unwrap()
    }

    /// How often the page has asked the server for an address that ends so.
    pub async fn times_asked(&self, end: &str) -> u64 {
        let count = "return performance.getEntriesByType('resource').filter(e => e.name.endsWith(arguments[0])).length";
        self.chromium.script(count, vec![json!(end)]).await.as_u64().unwrap()
    }

    /// Keeps a picture of what is seen.
    pub async fn keep_picture(&self, step: &str) {
        self.chromium.keep_picture(step).await;
    }

    /// Ends the test: the console must hold nothing but the refusals of the API, which a browser always
    /// notes.
    pub async fn end(self) {
        self.console_is_clean().await;
    }

    /// The console holds nothing but the refusals of the API.
    pub async fn console_is_clean(&self) {
        let is_refusal = |text: &str| text.contains("/api/v1/") && text.contains("Failed to load resource");
        let entries = self.chromium.console().await;
        let (severe, rest): (Vec<_>, Vec<_>) = entries
            .into_iter()
            .filter(|entry| !is_refusal(&entry.message))
            .map(|entry| (entry.level, entry.message))
            .partition(|(level, _)| level == "SEVERE");
        for (level, message) in rest {
            eprintln!("the console, {level}: {message}");
        }
        assert!(severe.is_empty(), "the console holds errors: {severe:#?}");
    }

    /// The control with this id.
    pub async fn field(&self, id: &str) -> WebElement {
        wait::until_ok(&format!("the field {id}"), async || self.chromium.driver().find(By::Id(id)).await).await
    }

    /// The last visible button, link or fold of this name: what lies over the page comes after it.
    async fn called(&self, name: &str) -> Result<WebElement, WebDriverError> {
        let find = "const [name] = arguments;
            const words = e => (e.getAttribute('aria-label') ?? e.innerText).replace(/\\s+/g, ' ').trim();
            const all = [...document.querySelectorAll('button, a, summary')];
            return all.findLast(e => e.checkVisibility() && !e.disabled && words(e).startsWith(name)) ?? null";
        self.chromium.driver().execute(find, vec![Value::from(name)]).await?.element()
    }
}

/// Where the focus is.
#[derive(Debug)]
pub struct Focus {
    tag: String,
    id: String,
    text: String,
}

impl Focus {
    fn is(&self, place: &str) -> bool {
        self.id == place || (self.tag != "BODY" && self.text.starts_with(place)) || self.tag == place
    }
}
