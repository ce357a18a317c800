//! The few things that the page asks of the browser itself, each as one plainly named function.
//!
//! Owns access to window, document, storage and files. Refuses the network (`api`) and time
//! (`clock`). Where the browser cannot do it, nothing happens: none of these may stop the page.

use futures_channel::oneshot;
use js_sys::{Array, Promise, Uint8Array};
use uuid::Builder;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, Url, Window};
use yew::{BaseComponent, Renderer};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// What was stored under `key`.
pub fn stored(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

/// Stores `value` under `key`. Never call it with personal data.
pub fn store(key: &str, value: &str) {
    if let Some(storage) = window().and_then(|window| window.local_storage().ok().flatten()) {
        // A full or forbidden storage only means that the choice is not remembered.
        let _ = storage.set_item(key, value);
    }
}

/// Sets `<html lang>`.
pub fn set_document_language(code: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", code);
    }
}

/// Sets the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Whether the browser believes that it has a network.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Moves the focus to the element with this id and shows it.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// The id of the element that has the focus.
pub fn focused_id() -> Option<String> {
    document()?.active_element().map(|element| element.id()).filter(|id| !id.is_empty())
}

/// Puts `text` on the clipboard. A browser has none on a page that came without TLS.
pub fn copy(text: &str) {
    if let Some(window) = window().filter(Window::is_secure_context) {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Leaves for another program of ours, in place of this one in the history.
pub fn go(path: &str) {
    if let Some(window) = window() {
        // Fails only for an address that is none.
        let _ = window.location().replace(path);
    }
}

/// A random text for an `Idempotency-Key`: a UUID version 4.
pub fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Hands `bytes` to the officer as a downloaded file.
pub fn save_file(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let url = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)?;
    let document = document().ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&url)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, holder: &JsValue) -> Result<JsValue, JsValue>;
}

/// A lock shared by all tabs of this page, free again when it is dropped.
pub struct TabLock {
    release: Option<js_sys::Function>,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits for the lock `name` among all tabs (Web Locks). Where the browser has none, holds nothing.
pub async fn lock(name: &str) -> TabLock {
    let (sender, held) = oneshot::channel();
    let mut sender = Some(sender);
    let holder = Closure::once_into_js(move || {
        Promise::new(&mut |release, _| {
            // Where nobody waits any more the lock comes back from `send`, is dropped, and is free.
            let _ = sender.take().map(|sender| sender.send(TabLock { release: Some(release) }));
        })
    });
    match request_lock(name, &holder) {
        Ok(_) => held.await.unwrap_or(TabLock { release: None }),
        Err(_) => TabLock { release: None },
    }
}

/// Draws the component into the element with this id, in place of what the page showed while it loaded.
pub fn mount<C: BaseComponent<Properties = ()>>(id: &str) {
    if let Some(root) = document().and_then(|document| document.get_element_by_id(id)) {
        root.set_inner_html("");
        Renderer::<C>::with_root(root).render();
    }
}

/// The path of the page's address.
pub fn path() -> String {
    window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}
