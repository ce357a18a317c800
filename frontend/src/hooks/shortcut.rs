//! Keys that act wherever the focus is.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Calls back when `key` (e.g. `F2`) is pressed alone, while `enabled`; the browser's own use of
/// the key is kept from happening.
#[hook]
pub fn use_shortcut(key: &'static str, enabled: bool, callback: Callback<()>) {
    use_effect_with((enabled, callback), move |(enabled, callback)| {
        let callback = callback.clone();
        let listener = enabled.then(web_sys::window).flatten().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                let alone = !(event.ctrl_key() || event.alt_key() || event.shift_key() || event.meta_key());
                if event.key() == key && alone {
                    event.prevent_default();
                    callback.emit(());
                }
            })
        });
        move || drop(listener)
    });
}
