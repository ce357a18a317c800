//! The citizen's pages, below `/citizen/`.

use motcua_frontend::api::Sessions;
use motcua_frontend::browser;
use motcua_frontend::components::TitleBar;
use motcua_frontend::i18n::{Words, speak, use_i18n};
use motcua_frontend::opening::{Opening, use_opened};
use yew::prelude::*;

const WORDS: Words = Words {
    vi: include_str!("../../translations/citizen/vi.json"),
    en: include_str!("../../translations/citizen/en.json"),
};

fn main() {
    speak(WORDS);
    browser::mount::<Citizen>("app");
}

#[component]
fn Citizen() -> Html {
    html! { <Opening sessions={Sessions::OfCitizens}><Page /></Opening> }
}

#[component]
fn Page() -> Html {
    let (i18n, opened) = (use_i18n(), use_opened());
    html! {
        <div class="shell">
            <TitleBar
                name={opened.desk.portal_name.clone()} motto={opened.desk.portal_motto.clone()} demo={opened.desk.demo}
            />
            <main id="main">
                <h1>{ i18n.t("citizen.title") }</h1>
                <p>{ i18n.t("citizen.not_yet") }</p>
            </main>
        </div>
    }
}
