//! Lines from left to right.

use super::drawing::Drawing;
use super::frame::Frame;
use super::{Chart, series_class};

/// Draws the lines; returns the height of the drawing.
pub(super) fn draw(drawing: &mut Drawing, chart: &Chart) -> f64 {
    let places = 0..chart.labels.len();
    let known = chart.series.iter().flat_map(|series| places.clone().filter_map(|at| series.value(at)));
    let frame = Frame::draw(drawing, chart, known);
    for (number, series) in chart.series.iter().enumerate() {
        let class = series_class(number);
        let mut run = Vec::new();
        let mut points = Vec::new();
        for at in places.clone() {
            let Some(value) = series.value(at) else {
                path(drawing, &class, &mut run);
                continue;
            };
            run.push((frame.x(at), frame.y(value)));
            points.push(((frame.x(at), frame.y(value)), chart.tip(at, series, value)));
        }
        path(drawing, &class, &mut run);
        for (at, tip) in points {
            drawing.point(&format!("chart-point {class}"), at, &tip);
        }
    }
    frame.finish(drawing)
}

/// Draws a run of known values and begins the next one; a single value is a point without a line.
fn path(drawing: &mut Drawing, class: &str, run: &mut Vec<(f64, f64)>) {
    if run.len() > 1 {
        drawing.path(&format!("chart-path {class}"), run);
    }
    run.clear();
}
