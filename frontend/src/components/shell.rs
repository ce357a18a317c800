//! The frame around every page: title bar, menu, breadcrumb, the page's heading.

use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

use super::{Banner, Button, ButtonKind, IconName, Tone, icon};
use crate::hooks::use_title;
use crate::i18n::{I18n, Language, use_i18n, use_language_choice};
use crate::staff::use_workplace;

/// What a [`TitleBar`] takes.
#[derive(Properties, PartialEq)]
pub struct TitleBarProps {
    /// The portal's name.
    pub name: AttrValue,
    /// The portal's motto.
    pub motto: AttrValue,
    /// Whether this is a demonstration.
    pub demo: bool,
    /// Who is signed in, and how to leave, at the right end.
    #[prop_or_default]
    pub children: Html,
}

/// The bar on top of every page.
#[component]
pub fn TitleBar(props: &TitleBarProps) -> Html {
    let i18n = use_i18n();
    html! {
        <header class="title-bar">
            <div class="title-bar-inner">
                <span class="mark">{ icon(IconName::Door) }</span>
                <div class="portal">
                    <p class="portal-name">{ &props.name }</p>
                    <p class="portal-motto">{ &props.motto }</p>
                </div>
                <LanguageSwitch />
                { props.children.clone() }
            </div>
            if props.demo {
                <p class="demo-note">{ i18n.t("app.demo") }</p>
            }
        </header>
    }
}

#[component]
fn LanguageSwitch() -> Html {
    let (i18n, choose) = (use_i18n(), use_language_choice());
    html! {
        <div class="languages" role="group" aria-label={i18n.t("app.language")}>
            for language in Language::ALL {
                <button
                    type="button"
                    lang={language.code()}
                    aria-pressed={if i18n.language() == language { "true" } else { "false" }}
                    onclick={choose.reform(move |_: MouseEvent| language)}
                >
                    { language.name() }
                </button>
            }
        </div>
    }
}

/// What a [`Shell`] takes.
#[derive(Properties, PartialEq)]
pub struct ShellProps {
    /// The portal's name.
    pub name: AttrValue,
    /// The portal's motto.
    pub motto: AttrValue,
    /// Whether this is a demonstration.
    pub demo: bool,
    /// The officer's name.
    pub officer: AttrValue,
    /// The items of the menu, see [`menu_item`].
    pub menu: Html,
    /// Whether the server cannot be reached.
    pub offline: bool,
    /// The officer leaves.
    pub on_sign_out: Callback<()>,
    /// The page.
    pub children: Html,
}

/// The frame of a signed-in officer's pages.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let i18n = use_i18n();
    html! {
        <div class="shell">
            <a class="skip" href="#main" onclick={skip()}>{ i18n.t("app.skip") }</a>
            <TitleBar name={props.name.clone()} motto={props.motto.clone()} demo={props.demo}>
                <a class="officer" href="/admin/me">{ icon(IconName::User) }<span>{ &props.officer }</span></a>
                <Button kind={ButtonKind::Quiet} label={i18n.t("app.sign_out")} on_press={props.on_sign_out.clone()} />
            </TitleBar>
            { offline_banner(&i18n, props.offline) }
            <div class="columns">
                <nav class="menu" aria-label={i18n.t("nav.label")}>
                    <p class="menu-group">{ i18n.t("nav.administration") }</p>
                    <ul>{ props.menu.clone() }</ul>
                </nav>
                <main id="main" tabindex="-1">{ props.children.clone() }</main>
            </div>
        </div>
    }
}

/// Moves the focus itself: a fragment in the address would be a new page to the router.
fn skip() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        event.prevent_default();
        crate::browser::focus("main");
    })
}

/// An item of the menu: another page of the same program.
pub fn menu_item<R: Routable + 'static>(name: AttrValue, to: R, is_here: bool) -> Html {
    html! {
        <li aria-current={is_here.then_some("page")}>
            <Link<R> {to} classes={classes!("menu-item", is_here.then_some("menu-here"))}>{ name }</Link<R>>
        </li>
    }
}

/// An item of the menu that leads to another program, which the browser loads anew.
pub fn menu_way_out(name: AttrValue, to: &'static str) -> Html {
    html! { <li><a class="menu-item" href={to}>{ name }</a></li> }
}

/// Says that the line is lost, and that nothing typed is. Stands in the page and again in a dialog
/// over it, which makes the page inert.
pub fn offline_banner(i18n: &I18n, offline: bool) -> Html {
    html! {
        if offline {
            <Banner tone={Tone::Warning} icon={IconName::Offline}><p>{ i18n.t("app.offline") }</p></Banner>
        }
    }
}

/// One step of the breadcrumb; the last is the page itself and has no link.
#[derive(Clone, Debug, PartialEq)]
pub struct Crumb {
    /// Its name.
    pub name: AttrValue,
    /// Where it leads.
    pub to: Option<AnyRoute>,
}

impl Crumb {
    /// A step that leads to another page of the same program.
    pub fn to(name: AttrValue, route: &impl Routable) -> Self {
        Self { name, to: Some(AnyRoute::new(route.to_path())) }
    }
}

/// What a [`Page`] takes.
#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// The heading, also the window's title.
    pub title: AttrValue,
    /// Between home and this page.
    #[prop_or_default]
    pub crumbs: Vec<Crumb>,
    /// The page.
    pub children: Html,
}

/// A page with its breadcrumb and heading.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let i18n = use_i18n();
    use_title(&props.title);
    let home = Crumb { name: i18n.t("nav.home"), to: Some(AnyRoute::new(use_workplace().home)) };
    let here = Crumb { name: props.title.clone(), to: None };
    let crumbs: Vec<Crumb> = std::iter::once(home).chain(props.crumbs.clone()).chain([here]).collect();
    html! {
        <>
            <nav class="breadcrumb" aria-label={i18n.t("nav.breadcrumb")}>
                <ol>
                    for crumb in crumbs {
                        <li>
                            if let Some(to) = crumb.to {
                                <Link<AnyRoute> {to}>{ crumb.name }</Link<AnyRoute>>
                            } else {
                                <span aria-current="page">{ crumb.name }</span>
                            }
                        </li>
                    }
                </ol>
            </nav>
            <h1>{ &props.title }</h1>
            { props.children.clone() }
        </>
    }
}
