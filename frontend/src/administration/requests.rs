//! A request for a unit, as its officer and the administrators see it.

use motcua_openapi::unit_requests::{UnitRequest, UnitRequestState};
use yew::prelude::*;

use crate::components::{IconName, icon};
use crate::i18n::I18n;

/// Which unit is meant: by its name now, or in the officer's words.
pub fn requested_unit(i18n: &I18n, request: &UnitRequest) -> AttrValue {
    match (&request.unit, &request.unit_name) {
        (Some(unit), _) => unit.name.clone().into(),
        (None, Some(name)) => i18n.with("request.in_words", &[("unit", name)]),
        (None, None) => "—".into(),
    }
}

/// How far it is, in a word.
pub fn request_tag(i18n: &I18n, state: UnitRequestState) -> Html {
    let (class, name, key) = match state {
        UnitRequestState::Open => ("tag tag-waiting", IconName::Clock, "request.open"),
        UnitRequestState::Assigned => ("tag tag-good", IconName::Check, "request.assigned"),
        UnitRequestState::Renamed => ("tag tag-good", IconName::Check, "request.renamed"),
        UnitRequestState::Declined => ("tag tag-over", IconName::Close, "request.declined"),
    };
    html! { <span {class}>{ icon(name) }{ i18n.t(key) }</span> }
}
