//! Standing columns.

use super::drawing::Drawing;
use super::frame::Frame;
use super::{Chart, series_class};

/// Part of its place that a column takes, and its greatest width.
const SHARE: f64 = 0.7;
const WIDEST: f64 = 48.0;

/// Draws the columns; returns the height of the drawing.
pub(super) fn draw(drawing: &mut Drawing, chart: &Chart) -> f64 {
    let frame = Frame::draw(drawing, chart, (0..chart.labels.len()).flat_map(|at| chart.reach(at)));
    let half = (frame.band * SHARE).min(WIDEST) / 2.0;
    for at in 0..chart.labels.len() {
        for part in chart.stack(at) {
            let class = format!("chart-bar {}", series_class(part.series));
            let tip = chart.tip(at, &chart.series[part.series], part.value);
            let (foot, head) = (frame.y(part.from), frame.y(part.to));
            drawing.rectangle(&class, (frame.x(at) - half, foot), (frame.x(at) + half, head), Some(&tip));
        }
    }
    frame.finish(drawing)
}
