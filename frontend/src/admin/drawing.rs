//! What the charts of the administration draw alike: scales, heights, texts, and the bar beside a number in a table.
//!
//! Owns no chart. A chart is a picture with a name; what it shows stands in a table too, for who cannot see it.

use motcua_frontend::i18n::I18n;
use yew::prelude::*;

/// The widest bar in a table, in the units of its drawing.
const WHOLE: u64 = 100;

/// No count comes near the number at which this would overflow: a chart's height is some hundreds.
pub(crate) fn height_of(value: u64, top: u64, tall: usize) -> usize {
    let share = value.saturating_mul(tall as u64) / top.max(1);
    usize::try_from(share).unwrap_or_default().min(tall)
}

/// The top of a scale for bars up to `most`: even, so that its middle is a whole number.
pub(crate) fn top_of_scale(most: u64) -> u64 {
    let tens = std::iter::successors(Some(1_u64), |ten| ten.checked_mul(10));
    let mut tops = tens.flat_map(|ten| [2, 4, 10].map(|top| ten.saturating_mul(top)));
    tops.find(|top| *top >= most).unwrap_or(u64::MAX)
}

/// A text in a chart.
pub(crate) fn text(x: usize, y: usize, anchor: &'static str, what: String) -> Html {
    html! { <text class="chart-text" text-anchor={anchor} x={x.to_string()} y={y.to_string()}>{ what }</text> }
}

/// A count as it reads.
pub(crate) fn count(i18n: &I18n, count: u64) -> String {
    i18n.count(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A number with its bar: the table is its own chart. The number says it all, so the bar is passed over in reading.
pub(crate) fn counted_bar(i18n: &I18n, value: u64, most: u64) -> Html {
    let wide = height_of(value, most, 100).max(1).to_string();
    html! {
        <span class="counted">
            <span class="number">{ count(i18n, value) }</span>
            <svg
                class="row-bar" viewBox={format!("0 0 {WHOLE} 10")} preserveAspectRatio="none" aria-hidden="true"
                focusable="false"
            >
                <rect width={wide} height="10" />
            </svg>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_share_and_never_higher_than_the_chart() {
        assert_eq!([0, 5, 10, 20].map(|value| height_of(value, 10, 196)), [0, 98, 196, 196]);
        assert_eq!(height_of(1_000_000, 1_000_000, 196), 196);
    }

    #[test]
    fn a_scale_ends_on_a_round_number() {
        assert_eq!([0, 1, 3, 7, 12, 99, 401].map(top_of_scale), [2, 2, 4, 10, 20, 100, 1000]);
    }
}
