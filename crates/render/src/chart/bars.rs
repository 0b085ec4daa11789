//! Lying bars.

use super::drawing::{Anchor, Drawing};
use super::scale::Scale;
use super::{Chart, WIDTH, legend, series_class};
use crate::number::grouped;

/// Room for the labels, and how many characters fit into it.
const LABELS: f64 = 190.0;
const LABEL_LIMIT: usize = 26;

/// Room for the sums behind the bars.
const SUMS: f64 = 80.0;

const ROW: f64 = 28.0;
const BAR: f64 = 18.0;

/// Room below for the ticks and for what is counted.
const FOOT: f64 = 42.0;

/// Draws the bars; returns the height of the drawing.
pub(super) fn draw(drawing: &mut Drawing, chart: &Chart) -> f64 {
    let top = legend::draw(drawing, chart);
    let scale = Scale::of((0..chart.labels.len()).flat_map(|at| chart.reach(at)));
    let rows = f64::from(u32::try_from(chart.labels.len()).unwrap_or(u32::MAX));
    let bottom = top + rows * ROW;
    let place = |value| scale.place(value, LABELS, WIDTH - SUMS);
    for &tick in scale.ticks() {
        drawing.line("chart-grid", (place(tick), top), (place(tick), bottom));
        drawing.words("chart-tick", Anchor::Middle, (place(tick), bottom + 16.0), &grouped(tick));
    }
    let mut y = top;
    for (at, label) in chart.labels.iter().enumerate() {
        let base = y + ROW / 2.0 + 4.0;
        drawing.short_words("chart-label", Anchor::End, (LABELS - 8.0, base), label, LABEL_LIMIT);
        let edge = (y + (ROW - BAR) / 2.0, y + (ROW + BAR) / 2.0);
        for part in chart.stack(at) {
            let class = format!("chart-bar {}", series_class(part.series));
            let tip = chart.tip(at, &chart.series[part.series], part.value);
            drawing.rectangle(&class, (place(part.from), edge.0), (place(part.to), edge.1), Some(&tip));
        }
        let [_, end] = chart.reach(at);
        let sum = if chart.is_known(at) { grouped(chart.sum(at)) } else { "–".to_owned() };
        drawing.words("chart-value", Anchor::Start, (place(end) + 6.0, base), &sum);
        y += ROW;
    }
    drawing.line("chart-axis", (place(0.0), top), (place(0.0), bottom));
    drawing.words("chart-unit", Anchor::End, (WIDTH - SUMS, bottom + 34.0), &chart.value_title);
    bottom + FOOT
}
