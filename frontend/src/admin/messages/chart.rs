//! Bars by hour, stacked by what became of the messages. Each fate has a pattern beside its colour.
//!
//! The chart is a picture with a name; what it shows stands in the table below it, for who cannot see it.

use motcua_openapi::messages::MessageState;
use yew::prelude::*;

use super::tally::{Counts, FATES, Hours, grouped, hours_a_bar, sum};
use crate::drawing::{count, height_of, text, top_of_scale};
use motcua_frontend::clock;
use motcua_frontend::hooks::use_width;
use motcua_frontend::i18n::{I18n, use_i18n};
use motcua_frontend::wording;

const HEIGHT: usize = 240;
/// Room for the numbers of the scale.
const LEFT: usize = 48;
const TOP: usize = 12;
/// Room for the hours.
const BOTTOM: usize = 32;
/// Between two written hours.
const HOUR_LABEL_WIDTH: usize = 96;
/// A bar need not be wider.
const WIDEST_BAR: usize = 40;
const PATTERN: usize = 8;

/// What a [`Chart`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct ChartProps {
    /// Every hour.
    pub hours: Vec<Hours>,
    /// The id of the text that says what it shows.
    pub described_by: AttrValue,
}

/// The chart and what its patterns mean.
#[component]
pub(crate) fn Chart(props: &ChartProps) -> Html {
    let i18n = use_i18n();
    let node = use_node_ref();
    let width = use_width(node.clone());
    let size = hours_a_bar(props.hours.len(), width.saturating_sub(LEFT));
    let bars = grouped(&props.hours, size);
    html! {
        <figure class="chart">
            <div ref={node} class="chart-place">
                if width > LEFT {
                    <svg
                        class="bars" width={width.to_string()} height={HEIGHT.to_string()} role="img"
                        aria-label={i18n.t("messages.chart")} aria-describedby={props.described_by.clone()}
                    >
                        <defs>{ for FATES.into_iter().map(pattern) }</defs>
                        { drawn(&i18n, &bars, width) }
                    </svg>
                }
            </div>
            <figcaption>
                { legend(&i18n, &sum(&props.hours)) }
                if size > 1 {
                    <p class="hint">{ i18n.with("messages.hours_a_bar", &[("count", &size.to_string())]) }</p>
                }
            </figcaption>
        </figure>
    }
}

/// A fate's name in ids and classes.
fn name(fate: MessageState) -> &'static str {
    match fate {
        MessageState::Queued => "queued",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Failed => "failed",
        MessageState::Dropped => "dropped",
    }
}

fn fill(fate: MessageState) -> String {
    format!("url(#fate-{})", name(fate))
}

/// Plain, slanting, dotted, crossed, level: told apart without any colour.
fn pattern(fate: MessageState) -> Html {
    let lines = match fate {
        MessageState::Delivered => "",
        MessageState::Sent => "M-2 10 10 -2M-2 2 2 -2M6 10 10 6",
        MessageState::Queued => "M2 2h2v2h-2zM6 6h2v2h-2z",
        MessageState::Failed => "M0 0 8 8M8 0 0 8",
        MessageState::Dropped => "M0 2h8M0 6h8",
    };
    let side = PATTERN.to_string();
    html! {
        <pattern
            id={format!("fate-{}", name(fate))} class={format!("fate-{}", name(fate))}
            width={side.clone()} height={side.clone()} patternUnits="userSpaceOnUse"
        >
            <rect width={side.clone()} height={side} />
            <path d={lines} />
        </pattern>
    }
}

fn drawn(i18n: &I18n, bars: &[Hours], width: usize) -> Html {
    let (plot, tall) = (width - LEFT, HEIGHT - TOP - BOTTOM);
    let most = bars.iter().map(|bar| bar.counts.total()).max().unwrap_or_default();
    let top = top_of_scale(most);
    let in_all = bars.len().max(1);
    let left_of = |index: usize| LEFT + index * plot / in_all;
    let every = (HOUR_LABEL_WIDTH * in_all).div_ceil(plot).max(1);
    let rungs = [0, top / 2, top].map(|value| (value, TOP + tall - height_of(value, top, tall)));
    let hours = (0..in_all).step_by(every).map(left_of).filter(|left| left + HOUR_LABEL_WIDTH <= width);
    html! {
        <>
            <path class="rungs" d={rungs.map(|(_, y)| format!("M{LEFT} {y}H{width}")).concat()} />
            for (value, y) in rungs {
                { text(LEFT - 8, y + 4, "end", count(i18n, value)) }
            }
            for (fate, outline) in FATES.into_iter().zip(outlines(bars, plot, top, tall)) {
                <path class="fate" fill={fill(fate)} d={outline} />
            }
            for (left, bar) in hours.zip(bars.iter().step_by(every)) {
                { text(left, HEIGHT - 8, "start", clock::hour(bar.from)) }
            }
        </>
    }
}

/// The outline of each fate's parts of all bars, in the order of [`FATES`].
fn outlines(bars: &[Hours], plot: usize, top: u64, tall: usize) -> [String; 5] {
    let in_all = bars.len().max(1);
    let gap = (plot / in_all / 5).max(1);
    let wide = (plot / in_all).saturating_sub(gap).clamp(1, WIDEST_BAR);
    let mut outlines = <[String; 5]>::default();
    for (index, bar) in bars.iter().enumerate() {
        let (left, mut below) = (LEFT + index * plot / in_all, 0);
        for (outline, number) in outlines.iter_mut().zip(bar.counts.0).filter(|(_, number)| *number > 0) {
            let start = height_of(below, top, tall);
            below += number;
            // However few among many: what is there is seen.
            let high = (height_of(below, top, tall) - start).max(2);
            outline.push_str(&format!("M{left} {}h{wide}v{high}h-{wide}z", TOP + tall - start - high));
        }
    }
    outlines
}

fn legend(i18n: &I18n, counts: &Counts) -> Html {
    html! {
        <ul class="legend">
            for (fate, number) in FATES.into_iter().zip(counts.0) {
                <li>
                    <svg width="24" height="16" aria-hidden="true" focusable="false">
                        <rect class="fate" fill={fill(fate)} width="24" height="16" />
                    </svg>
                    { i18n.t(wording::message_state(fate)) }{ ": " }<strong class="number">{ count(i18n, number) }</strong>
                </li>
            }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_bar_stand_on_each_other_and_the_smallest_is_seen() {
        let bar = Hours { from: "2026-11-24T03:00:00Z".parse().unwrap(), counts: Counts([500, 0, 0, 1, 0]) };
        let [delivered, sent, _, failed, _] = outlines(&[bar], 100, 1_000, 196);
        assert_eq!(delivered, "M48 110h40v98h-40z");
        assert_eq!((sent.as_str(), failed.as_str()), ("", "M48 108h40v2h-40z"));
    }
}
