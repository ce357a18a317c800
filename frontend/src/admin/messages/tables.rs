//! The same numbers as tables: by hour, and by gateway and reason.

use yew::prelude::*;

use super::tally::{FATES, Fate, Hours};
use crate::drawing::count;
use motcua_frontend::administration::Table;
use motcua_frontend::clock;
use motcua_frontend::components::message_tag;
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// The hours that had a message, newest first.
pub(super) fn by_hour(i18n: &I18n, hours: &[Hours]) -> Html {
    let states = FATES.map(|fate| i18n.t(wording::message_state(fate)));
    let labels: Vec<AttrValue> =
        [i18n.t("messages.hour")].into_iter().chain(states).chain([i18n.t("messages.total")]).collect();
    let numbers = |hour: &Hours| {
        let counts = hour.counts.0.iter().copied().chain([hour.counts.total()]);
        [html! { clock::hour(hour.from) }].into_iter().chain(counts.map(|n| html! { count(i18n, n) })).collect()
    };
    let rows = hours.iter().rev().filter(|hour| hour.counts.total() > 0).map(numbers);
    Table { title: "hours-title", labels: &labels, numbers: 1, empty: AttrValue::default() }.of(rows)
}

/// The messages by gateway and reason.
pub(super) fn by_fate(i18n: &I18n, fates: &[Fate]) -> Html {
    let keys = ["messages.gateway", "messages.state", "messages.reason", "messages.count"];
    let labels = keys.map(|key| i18n.t(key));
    let row = |fate: &Fate| {
        let reason = fate.reason.map(|reason| i18n.t(wording::message_reason(reason)));
        vec![
            html! { gateway(i18n, fate.gateway.as_ref()) },
            message_tag(i18n, fate.state),
            html! { reason.unwrap_or_else(|| "—".into()) },
            html! { count(i18n, fate.count) },
        ]
    };
    Table { title: "fates-title", labels: &labels, numbers: 3, empty: AttrValue::default() }.of(fates.iter().map(row))
}

/// A gateway by its name, and what no gateway was tried for.
pub(super) fn gateway(i18n: &I18n, gateway: Option<&String>) -> AttrValue {
    gateway.map_or_else(|| i18n.t("messages.no_gateway"), |name| AttrValue::from(name.clone()))
}
