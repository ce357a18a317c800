//! How the text messages fare, for administrators: how many by the hour, by gateway, and why some did not arrive.

mod chart;
mod tables;
mod tally;

use motcua_openapi::messages::MessageStatistics;
use yew::prelude::*;

use self::chart::Chart;
use self::tally::Filter;
use crate::drawing::count;
use motcua_frontend::administration::said::not_yours;
use motcua_frontend::clock;
use motcua_frontend::components::{Button, Page, SelectField, remote_view};
use motcua_frontend::hooks::{Remote, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::{is_administrator, use_workplace};

/// The periods to choose from, in hours; the server looks back a week at most.
const PERIODS: [(u32, &str); 3] = [(24, "messages.hours_24"), (48, "messages.hours_48"), (168, "messages.days_7")];

/// How the text messages fare.
#[component]
pub(crate) fn MessagesPage() -> Html {
    let i18n = use_i18n();
    let is_allowed = is_administrator(&use_workplace().me);
    html! {
        <Page title={i18n.t("messages.title")}>
            if is_allowed {
                <Statistics />
            } else {
                { not_yours(&i18n, "messages.no_permission") }
            }
        </Page>
    }
}

#[component]
fn Statistics() -> Html {
    let i18n = use_i18n();
    let workplace = use_workplace();
    let hours = use_state(|| PERIODS[0].0);
    let filter = use_state(|| Filter::None);
    let handle = use_remote(*hours, move |hours| {
        let (api, hours) = (workplace.api.clone(), *hours);
        async move { api.message_statistics(hours).await }
    });
    let (reload, has_failed) = (handle.reload.clone(), matches!(handle.remote, Remote::Failed(_)));
    use_effect_with(workplace.offline, move |offline| {
        if has_failed && !offline {
            reload.emit(());
        }
    });
    let gateways = handle.remote.ready().map(|statistics| tally::gateways(statistics)).unwrap_or_default();
    let on_period = {
        let hours = hours.setter();
        Callback::from(move |text: String| hours.set(text.parse().unwrap_or(PERIODS[0].0)))
    };
    let on_filter = {
        let (filter, gateways) = (filter.setter(), gateways.clone());
        // A gateway is chosen by its place: no name can be mistaken for "all" or for "none".
        Callback::from(move |place: String| {
            filter.set(place.parse().ok().and_then(|n: usize| gateways.get(n).cloned()));
        })
    };
    let chosen = filter.as_ref().and_then(|wanted| gateways.iter().position(|gateway| gateway == wanted));
    let options = gateways.iter().enumerate();
    let options = options.map(|(n, gateway)| (n.to_string().into(), tables::gateway(&i18n, gateway.as_ref())));
    html! {
        <>
            <div class="choices">
                <SelectField
                    id="period" label={i18n.t("messages.period")} value={hours.to_string()} on_choose={on_period}
                    options={PERIODS.map(|(hours, key)| (hours.to_string().into(), i18n.t(key))).to_vec()}
                />
                <SelectField
                    id="gateway" label={i18n.t("messages.gateway")} none={i18n.t("messages.all_gateways")}
                    value={chosen.map(|place| place.to_string()).unwrap_or_default()} on_choose={on_filter}
                    options={options.collect::<Vec<_>>()}
                />
                <Button label={i18n.t("messages.refresh")} on_press={handle.reload.clone()} />
            </div>
            { remote_view(&handle, |statistics| result(&i18n, statistics, &filter)) }
        </>
    }
}

fn result(i18n: &I18n, statistics: &MessageStatistics, filter: &Filter) -> Html {
    let hours = tally::by_hour(statistics, filter);
    let total = tally::sum(&hours).total();
    html! {
        <>
            <p id="messages-about" role="status">{ about(i18n, statistics, total) }</p>
            if total == 0 {
                <p class="empty card">{ i18n.t("messages.empty") }</p>
            } else {
                <section class="card" aria-labelledby="chart-title">
                    <h2 id="chart-title">{ i18n.t("messages.by_hour") }</h2>
                    <Chart hours={hours.clone()} described_by="messages-about" />
                </section>
                <section class="results" aria-labelledby="fates-title">
                    <h2 id="fates-title">{ i18n.t("messages.by_fate") }</h2>
                    { tables::by_fate(i18n, &tally::by_fate(statistics, filter)) }
                </section>
                <section class="results" aria-labelledby="hours-title">
                    <h2 id="hours-title">{ i18n.t("messages.table") }</h2>
                    { tables::by_hour(i18n, &hours) }
                </section>
            }
        </>
    }
}

fn about(i18n: &I18n, statistics: &MessageStatistics, total: u64) -> AttrValue {
    let (from, to) = (clock::date_time(statistics.from), clock::date_time(statistics.to));
    i18n.with("messages.about", &[("from", &from), ("to", &to), ("count", &count(i18n, total))])
}
