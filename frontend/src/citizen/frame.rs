//! The frame around the citizen's pages, and a page in it.

use yew::prelude::*;
use yew_router::prelude::*;

use motcua_frontend::browser;
use motcua_frontend::components::{Button, ButtonKind, IconName, TitleBar, icon, offline_banner};
use motcua_frontend::hooks::use_title;
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::{use_offline, use_opened};

use crate::route::Route;
use crate::session::Doors;

/// What a [`Frame`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct FrameProps {
    /// The citizen's name, where one is signed in.
    pub(crate) name: Option<AttrValue>,
    /// The way out.
    pub(crate) doors: Doors,
    /// The page.
    pub(crate) children: Html,
}

/// The frame around every page.
#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let (i18n, opened) = (use_i18n(), use_opened());
    let offline = use_offline(&opened.api);
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    });
    let leave = {
        let doors = props.doors.clone();
        Callback::from(move |()| doors.leave())
    };
    let desk = opened.desk;
    html! {
        <div class="shell">
            <a class="skip" href="#main" onclick={skip}>{ i18n.t("app.skip") }</a>
            <TitleBar name={desk.portal_name.clone()} motto={desk.portal_motto.clone()} demo={desk.demo}>
                if let Some(name) = &props.name {
                    <p class="officer">{ icon(IconName::User) }{ name }</p>
                    <Button kind={ButtonKind::Quiet} label={i18n.t("app.sign_out")} on_press={leave} />
                }
            </TitleBar>
            { offline_banner(&i18n, offline) }
            <main id="main" tabindex="-1" class="citizen">{ props.children.clone() }</main>
        </div>
    }
}

/// What a [`Page`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct PageProps {
    /// The heading, also the window's title.
    pub(crate) title: AttrValue,
    /// Whether a way back to the account stands above it.
    #[prop_or(true)]
    pub(crate) way_back: bool,
    /// The page.
    pub(crate) children: Html,
}

/// A page with its heading.
#[component]
pub(crate) fn Page(props: &PageProps) -> Html {
    let i18n = use_i18n();
    use_title(&props.title);
    html! {
        <>
            if props.way_back {
                <nav class="breadcrumb" aria-label={i18n.t("nav.breadcrumb")}>
                    <ol>
                        <li><Link<Route> to={Route::Me}>{ i18n.t("me.title") }</Link<Route>></li>
                        <li><span aria-current="page">{ &props.title }</span></li>
                    </ol>
                </nav>
            }
            <h1>{ &props.title }</h1>
            { props.children.clone() }
        </>
    }
}

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFoundPage() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={i18n.t("not_found.title")} way_back=false>
            <p>{ i18n.t("not_found.about") }</p>
            <p><Link<Route> to={Route::Me} classes="button button-secondary">{ i18n.t("citizen.home") }</Link<Route>></p>
        </Page>
    }
}
