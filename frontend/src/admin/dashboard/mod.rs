//! What an administrator looks at in the morning: accounts, refusals, quiet desks and failing texts. Each chart has
//! its table.

mod days;
mod tally;

use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, Page, SelectField, Tone, remote_view};
use motcua_frontend::hooks::{Remote, use_remote};
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::staff::use_workplace;
use motcua_frontend::wording;
use motcua_openapi::dashboard::{Dashboard, FailureCount, TextCounts};
use motcua_openapi::problem::ProblemCode;
use motcua_openapi::values::format_typed_date;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use self::days::{DayChart, day_table};
use crate::drawing::{count, counted_bar};
use crate::route::Route;
use motcua_frontend::administration::Table;
use motcua_frontend::administration::said::typed;

/// After how many days a desk is quiet; the first of them is the server's own choice.
const QUIET_DAYS: [u32; 4] = [7, 3, 14, 30];

/// The counts.
#[component]
pub(crate) fn DashboardPage() -> Html {
    let i18n = use_i18n();
    let workplace = use_workplace();
    let quiet_days = use_state(|| QUIET_DAYS[0].to_string());
    let unit = use_state(String::new);
    let handle = {
        let api = workplace.api.clone();
        use_remote((*quiet_days).clone(), move |days| {
            let (api, days) = (api.clone(), days.parse().unwrap_or(QUIET_DAYS[0]));
            async move { api.dashboard(days).await }
        })
    };
    let (reload, has_failed) = (handle.reload.clone(), matches!(handle.remote, Remote::Failed(_)));
    use_effect_with(workplace.offline, move |offline| {
        if has_failed && !offline {
            reload.emit(());
        }
    });
    let units = handle.remote.ready().map(|counts| unit_choice(counts)).unwrap_or_default();
    let days =
        QUIET_DAYS.map(|days| (days.to_string().into(), i18n.with("dashboard.days", &[("count", &days.to_string())])));
    html! {
        <Page title={i18n.t("dashboard.title")}>
            <div class="choices">
                <SelectField
                    id="unit" label={i18n.t("officer.unit")} none={i18n.t("officers.any")} options={units}
                    value={AttrValue::from(unit.to_string())} on_choose={typed(&unit)}
                />
                <SelectField
                    id="quiet_days" label={i18n.t("dashboard.quiet_after")} options={days.to_vec()}
                    value={AttrValue::from(quiet_days.to_string())} on_choose={typed(&quiet_days)}
                />
                <Button label={i18n.t("messages.refresh")} on_press={handle.reload.clone()} />
            </div>
            { remote_view(&handle, |counts| shown(&i18n, counts, unit.parse().ok())) }
        </Page>
    }
}

fn unit_choice(counts: &Dashboard) -> Vec<(AttrValue, AttrValue)> {
    counts.units.iter().map(|unit| (unit.id.to_string().into(), unit.name.clone().into())).collect()
}

fn shown(i18n: &I18n, counts: &Dashboard, unit: Option<Uuid>) -> Html {
    let accounts = tally::accounts_by_day(counts, unit);
    let refusals = tally::refusals_by_day(counts, unit);
    html! {
        <div class="dashboard">
            <p id="dashboard-about" role="status">{ about(i18n, counts) }</p>
            { figures(i18n, counts, &accounts, &refusals) }
            <section class="card" aria-labelledby="accounts-title">
                <h2 id="accounts-title">{ i18n.t("dashboard.accounts_by_day") }</h2>
                if tally::sum(&accounts) == 0 {
                    <p class="empty">{ i18n.t("dashboard.no_accounts") }</p>
                } else {
                    <DayChart days={accounts.clone()} name={i18n.t("dashboard.accounts_chart")} />
                    { folded(i18n, day_table(i18n, "accounts-title", &accounts)) }
                }
            </section>
            <section class="card results" aria-labelledby="units-title">
                <h2 id="units-title">{ i18n.t("dashboard.accounts_by_unit") }</h2>
                { by_unit(i18n, counts) }
            </section>
            <section class="card results" aria-labelledby="refusals-title">
                <h2 id="refusals-title">{ i18n.t("dashboard.refusals") }</h2>
                if tally::sum(&refusals) == 0 {
                    <p class="empty">{ i18n.t("dashboard.no_refusals") }</p>
                } else {
                    { by_reason(i18n, counts, unit) }
                    <DayChart days={refusals.clone()} name={i18n.t("dashboard.refusals_chart")} />
                    { folded(i18n, day_table(i18n, "refusals-title", &refusals)) }
                }
            </section>
            <section class="card results" aria-labelledby="quiet-title">
                <h2 id="quiet-title">{ i18n.with("dashboard.quiet", &[("count", &counts.quiet_days.to_string())]) }</h2>
                { quiet(i18n, counts) }
            </section>
            <section class="card results" aria-labelledby="texts-title">
                <h2 id="texts-title">{ i18n.t("dashboard.texts") }</h2>
                { texts(i18n, &counts.texts) }
            </section>
        </div>
    }
}

fn about(i18n: &I18n, counts: &Dashboard) -> AttrValue {
    let (from, to) = (format_typed_date(counts.from), format_typed_date(counts.to));
    i18n.with("dashboard.about", &[("from", &from), ("to", &to), ("time", &clock::date_time(counts.counted_at))])
}

/// The four numbers that are looked at first.
fn figures(i18n: &I18n, counts: &Dashboard, accounts: &[tally::Day], refusals: &[tally::Day]) -> Html {
    let today = accounts.last().map_or(0, |day| day.count);
    let figure = |key, value: u64, more: AttrValue| {
        html! {
            <li class="card figure">
                <p>{ i18n.t(key) }</p>
                <p class="figure-value number">{ count(i18n, value) }</p>
                <p class="hint">{ more }</p>
            </li>
        }
    };
    let quiet = u64::try_from(counts.quiet_desks.len()).unwrap_or(u64::MAX);
    html! {
        <ul class="figures">
            { figure("dashboard.accounts", tally::sum(accounts), i18n.with("dashboard.today", &[("count", &count(i18n, today))])) }
            { figure("dashboard.refusals", tally::sum(refusals), i18n.t("dashboard.in_30_days")) }
            { figure("dashboard.quiet_desks", quiet, i18n.with("dashboard.no_account_in", &[("count", &counts.quiet_days.to_string())])) }
            { figure("dashboard.failing", counts.texts.failing, i18n.with("dashboard.of_texts", &[("count", &count(i18n, counts.texts.total))])) }
        </ul>
    }
}

fn folded(i18n: &I18n, table: Html) -> Html {
    html! { <details class="results"><summary>{ i18n.t("dashboard.numbers") }</summary>{ table }</details> }
}

fn by_unit(i18n: &I18n, counts: &Dashboard) -> Html {
    let labels = [i18n.t("officer.unit"), i18n.t("dashboard.accounts")];
    let table = Table { title: "units-title", labels: &labels, numbers: 1, empty: i18n.t("dashboard.no_accounts") };
    let units = tally::accounts_by_unit(counts);
    let most = units.first().map_or(0, |unit| unit.1);
    table.of(units.into_iter().map(|(name, value)| vec![html! { name }, counted_bar(i18n, value, most)]))
}

fn by_reason(i18n: &I18n, counts: &Dashboard, unit: Option<Uuid>) -> Html {
    let labels = [i18n.t("messages.reason"), i18n.t("dashboard.times")];
    let table = Table { title: "refusals-title", labels: &labels, numbers: 1, empty: i18n.t("dashboard.no_refusals") };
    let reasons = tally::refusals_by_reason(counts, unit);
    let most = reasons.first().map_or(0, |reason| reason.1);
    table
        .of(reasons.into_iter().map(|(code, value)| vec![html! { reason(i18n, code) }, counted_bar(i18n, value, most)]))
}

/// A reason in few words; one that a desk does not meet every day by its code's title.
fn reason(i18n: &I18n, code: ProblemCode) -> AttrValue {
    let key = format!("refusal.{}", code.as_str());
    if i18n.has(&key) { i18n.t(&key) } else { code.title().into() }
}

fn quiet(i18n: &I18n, counts: &Dashboard) -> Html {
    let labels = [i18n.t("officer.unit"), i18n.t("dashboard.last_account")];
    let table = Table { title: "quiet-title", labels: &labels, numbers: 2, empty: i18n.t("dashboard.none_quiet") };
    table.of(counts.quiet_desks.iter().map(|desk| {
        let last = desk.last_created_at.map_or_else(|| i18n.t("dashboard.never"), |at| clock::date_time(at).into());
        vec![html! { &desk.unit.name }, html! { last }]
    }))
}

fn texts(i18n: &I18n, texts: &TextCounts) -> Html {
    let keys = ["messages.gateway", "dashboard.purpose", "messages.reason", "messages.count"];
    let labels = keys.map(|key| i18n.t(key));
    let table = Table { title: "texts-title", labels: &labels, numbers: 3, empty: i18n.t("dashboard.none_failing") };
    let most = texts.failures.first().map_or(0, |failure| failure.count);
    let row = |failure: &FailureCount| {
        let gateway = failure.gateway.clone().map_or_else(|| i18n.t("messages.no_gateway"), AttrValue::from);
        let reason = failure.reason.map_or_else(|| "—".into(), |reason| i18n.t(wording::message_reason(reason)));
        vec![
            html! { gateway },
            html! { i18n.t(wording::message_purpose(failure.purpose)) },
            html! { reason },
            counted_bar(i18n, failure.count, most),
        ]
    };
    html! {
        <>
            if texts.failing > 0 {
                <Banner tone={Tone::Warning}>
                    <p>{ i18n.with("dashboard.failing_of", &[("failing", &count(i18n, texts.failing)), ("count", &count(i18n, texts.total))]) }</p>
                </Banner>
            }
            { table.of(texts.failures.iter().map(row)) }
            <p><Link<Route> to={Route::Messages}>{ i18n.t("dashboard.to_messages") }</Link<Route>></p>
        </>
    }
}
