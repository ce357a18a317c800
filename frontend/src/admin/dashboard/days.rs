//! Bars by day, and the same as a table.

use chrono::{Datelike, NaiveDate};
use motcua_frontend::hooks::use_width;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_openapi::values::format_typed_date;
use yew::prelude::*;

use super::tally::Day;
use crate::drawing::{count, counted_bar, height_of, text, top_of_scale};
use motcua_frontend::administration::Table;

const HEIGHT: usize = 200;
/// Room for the numbers of the scale.
const LEFT: usize = 48;
const TOP: usize = 12;
/// Room for the days.
const BOTTOM: usize = 28;
/// Between two written days.
const LABEL_WIDTH: usize = 56;

/// What a [`DayChart`] takes.
#[derive(Properties, PartialEq)]
pub(super) struct DayChartProps {
    /// Every day.
    pub days: Vec<Day>,
    /// What it shows.
    pub name: AttrValue,
}

/// The bars.
#[component]
pub(super) fn DayChart(props: &DayChartProps) -> Html {
    let i18n = use_i18n();
    let node = use_node_ref();
    let width = use_width(node.clone());
    html! {
        <div ref={node} class="chart-place day-chart">
            if width > LEFT {
                <svg
                    class="bars" width={width.to_string()} height={HEIGHT.to_string()} role="img"
                    aria-label={props.name.clone()}
                >
                    { drawn(&i18n, &props.days, width) }
                </svg>
            }
        </div>
    }
}

fn drawn(i18n: &I18n, days: &[Day], width: usize) -> Html {
    let (plot, tall) = (width - LEFT, HEIGHT - TOP - BOTTOM);
    let top = top_of_scale(days.iter().map(|day| day.count).max().unwrap_or_default());
    let in_all = days.len().max(1);
    let every = (LABEL_WIDTH * in_all).div_ceil(plot).max(1);
    let rungs = [0, top / 2, top].map(|value| (value, TOP + tall - height_of(value, top, tall)));
    // Counted from the last day, which is today and is always written.
    let written = days.iter().enumerate().rev().step_by(every);
    html! {
        <>
            <path class="rungs" d={rungs.map(|(_, y)| format!("M{LEFT} {y}H{width}")).concat()} />
            for (value, y) in rungs {
                { text(LEFT - 8, y + 4, "end", count(i18n, value)) }
            }
            <path class="day-bars" d={outline(days, plot, top, tall)} />
            for (index, day) in written {
                { text(LEFT + (index + 1) * plot / in_all, HEIGHT - 8, "end", short(day.date)) }
            }
        </>
    }
}

/// `16/11`
fn short(date: NaiveDate) -> String {
    format!("{:02}/{:02}", date.day(), date.month())
}

/// All bars in one path. However few: what is there is seen.
fn outline(days: &[Day], plot: usize, top: u64, tall: usize) -> String {
    let in_all = days.len().max(1);
    let wide = (plot / in_all).saturating_sub((plot / in_all / 5).max(1)).max(1);
    let mut outline = String::new();
    for (index, day) in days.iter().enumerate().filter(|(_, day)| day.count > 0) {
        let high = height_of(day.count, top, tall).max(2);
        outline.push_str(&format!("M{} {}h{wide}v{high}h-{wide}z", LEFT + index * plot / in_all, TOP + tall - high));
    }
    outline
}

/// The days that had any, newest first.
pub(super) fn day_table(i18n: &I18n, title: &'static str, days: &[Day]) -> Html {
    let labels = [i18n.t("dashboard.day"), i18n.t("dashboard.times")];
    let table = Table { title, labels: &labels, numbers: 1, empty: AttrValue::default() };
    let most = days.iter().map(|day| day.count).max().unwrap_or_default();
    let rows = days.iter().rev().filter(|day| day.count > 0);
    table.of(rows.map(|day| vec![html! { format_typed_date(day.date) }, counted_bar(i18n, day.count, most)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_one_among_many_is_seen_and_a_day_without_any_is_not() {
        let day = |date: &str, count| Day { date: date.parse().unwrap(), count };
        let days = [day("2026-03-01", 1_000), day("2026-03-02", 0), day("2026-03-03", 1)];
        assert_eq!(outline(&days, 300, 1_000, 160), "M48 12h80v160h-80zM248 170h80v2h-80z");
        assert_eq!(short(days[2].date), "03/03");
    }
}
