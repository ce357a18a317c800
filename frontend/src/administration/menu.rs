//! The one menu of both programs: what its reader may open, in this program by a step, in the other by loading it.

use motcua_openapi::sessions::{Me, Role};
use yew::prelude::*;
use yew_router::AnyRoute;
use yew_router::prelude::*;

use crate::components::{menu_item, menu_way_out};
use crate::i18n::use_i18n;
use crate::staff::{has_role, use_workplace};

/// Who may open a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Administrators,
    Auditors,
    Everybody,
}

/// The pages in their order.
const PAGES: [(&str, &str, For); 9] = [
    ("nav.dashboard", "/admin/", For::Administrators),
    ("nav.units", "/people/units", For::Administrators),
    ("nav.officers", "/people/officers", For::Administrators),
    ("nav.import", "/people/import", For::Administrators),
    ("nav.unit_requests", "/people/unit-requests", For::Administrators),
    ("nav.data_requests", "/admin/data-requests", For::Administrators),
    ("nav.messages", "/admin/messages", For::Administrators),
    ("nav.audit", "/admin/audit", For::Auditors),
    ("nav.me", "/admin/me", For::Everybody),
];

/// What must be done before any other page opens.
pub fn asked_first(me: &Me) -> Option<&'static str> {
    if me.password_change_needed {
        Some("me.password_first")
    } else {
        me.second_factor_needed.then_some("me.factor_first")
    }
}

fn may_open(me: &Me, whom: For) -> bool {
    let is_free = !me.password_change_needed && !me.second_factor_needed;
    match whom {
        For::Administrators => is_free && has_role(me, Role::Administrator),
        For::Auditors => is_free && has_role(me, Role::Auditor),
        For::Everybody => true,
    }
}

/// Whether the address is that page or one below it.
fn is_at(page: &str, here: &str) -> bool {
    let page = page.trim_end_matches('/');
    let here = here.trim_end_matches('/');
    here == page || (page.matches('/').count() > 1 && here.strip_prefix(page).is_some_and(|rest| rest.starts_with('/')))
}

/// The menu.
#[component]
pub fn Menu() -> Html {
    let i18n = use_i18n();
    let workplace = use_workplace();
    let me = &workplace.me;
    let here = use_location().map(|location| location.path().to_owned()).unwrap_or_default();
    html! {
        <>
            for (key, path, _) in PAGES.into_iter().filter(|page| may_open(me, page.2)) {
                if path.starts_with(workplace.home) {
                    { menu_item(i18n.t(key), AnyRoute::new(path), is_at(path, &here)) }
                } else {
                    { menu_way_out(i18n.t(key), path) }
                }
            }
            if may_open(me, For::Everybody) && has_role(me, Role::Officer) && asked_first(me).is_none() {
                { menu_way_out(i18n.t("nav.to_desk"), "/") }
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_here_with_what_lies_below_it_and_the_beginning_only_itself() {
        assert!(is_at("/people/officers", "/people/officers/new") && is_at("/admin/", "/admin"));
        assert!(!is_at("/admin/", "/admin/me") && !is_at("/people/units", "/people/unit-requests"));
    }
}
