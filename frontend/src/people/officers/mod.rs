//! The officers of the administrator's agency: searching, authorising, and one of them in full.

mod acts;
mod create;
mod detail;
mod edit;
mod search;
mod units;

pub(crate) use self::create::NewOfficerPage;
pub(crate) use self::detail::OfficerPage;
pub(crate) use self::search::OfficersPage;

use motcua_frontend::components::{IconName, icon};
use motcua_frontend::i18n::I18n;
use motcua_openapi::officers::OfficerState;
use motcua_openapi::sessions::Role;
use yew::prelude::*;

/// What a role is called.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Officer => "role.officer",
        Role::Administrator => "role.administrator",
        Role::Auditor => "role.auditor",
    }
}

/// The roles to choose from.
fn role_options(i18n: &I18n) -> Vec<(AttrValue, AttrValue)> {
    Role::ALL.map(|one| (AttrValue::from(one.as_str()), i18n.t(role(one)))).to_vec()
}

/// The role of a choice; what no list offers is an officer, who may least.
fn role_named(text: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.as_str() == text)
}

/// Whether they may sign in, in a word.
fn state_tag(i18n: &I18n, state: OfficerState) -> Html {
    let (class, name, key) = match state {
        OfficerState::Active => ("tag tag-good", IconName::Check, "officer.active"),
        OfficerState::Suspended => ("tag tag-bad", IconName::Alert, "officer.suspended"),
    };
    html! { <span {class}>{ icon(name) }{ i18n.t(key) }</span> }
}
