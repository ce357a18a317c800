//! The officer's page: a single-page application that talks to the API and to nothing else.
//!
//! `pages` draw screens from `components`, ask the server by `api`, and keep what they know in
//! pure states. Words come from `i18n`, the words for the contract's codes from `wording`.

mod api;
mod app;
mod browser;
mod clock;
mod components;
mod hooks;
mod i18n;
mod pages;
mod route;
mod session;
mod wording;

fn main() {
    browser::mount::<app::App>("app");
}
