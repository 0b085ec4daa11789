//! What columns and lines stand in: values upwards, labels from left to right.

use super::drawing::{Anchor, Drawing};
use super::scale::Scale;
use super::{Chart, WIDTH, legend};
use crate::number::grouped;

/// Height of the part in which values stand.
const PLOT: f64 = 220.0;

/// Room above it for what is counted, and below it for the labels.
const HEAD: f64 = 26.0;
const FOOT: f64 = 30.0;

/// Characters of a label that are shown.
const LABEL_LIMIT: usize = 12;

/// Where things stand.
pub(super) struct Frame {
    scale: Scale,
    left: f64,
    top: f64,
    bottom: f64,
    /// Width that belongs to one label.
    pub(super) band: f64,
}

impl Frame {
    /// Draws the frame for values that reach so far.
    pub(super) fn draw(drawing: &mut Drawing, chart: &Chart, values: impl IntoIterator<Item = f64>) -> Self {
        let top = legend::draw(drawing, chart) + HEAD;
        let scale = Scale::of(values);
        let ticks = scale.ticks().iter().map(|tick| legend::room(&grouped(*tick), usize::MAX));
        let left = (ticks.fold(0.0, f64::max) + 14.0).min(WIDTH / 3.0);
        let count = u32::try_from(chart.labels.len().max(1)).unwrap_or(u32::MAX);
        let band = (WIDTH - left) / f64::from(count);
        let frame = Self { scale, left, top, bottom: top + PLOT, band };
        drawing.words("chart-unit", Anchor::Start, (0.0, top - 12.0), &chart.value_title);
        for &tick in frame.scale.ticks() {
            let y = frame.y(tick);
            drawing.line("chart-grid", (left, y), (WIDTH, y));
            drawing.words("chart-tick", Anchor::End, (left - 6.0, y + 4.0), &grouped(tick));
        }
        frame.labels(drawing, chart);
        frame
    }

    /// The middle of the place of a label.
    pub(super) fn x(&self, at: usize) -> f64 {
        self.left + (f64::from(u32::try_from(at).unwrap_or(u32::MAX)) + 0.5) * self.band
    }

    /// The height of a value.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.scale.place(value, self.bottom, self.top)
    }

    /// Draws the line at zero over what stands on it; returns the height of the drawing.
    pub(super) fn finish(&self, drawing: &mut Drawing) -> f64 {
        drawing.line("chart-axis", (self.left, self.y(0.0)), (WIDTH, self.y(0.0)));
        self.bottom + FOOT
    }

    /// As many labels as there is room for, at equal distances from the first on.
    fn labels(&self, drawing: &mut Drawing, chart: &Chart) {
        let widest = chart.labels.iter().map(|label| legend::room(label, LABEL_LIMIT)).fold(0.0, f64::max);
        let every = (1..chart.labels.len()).find(|&every| {
            self.band * f64::from(u32::try_from(every).unwrap_or(u32::MAX)) >= widest + legend::CHARACTER
        });
        let every = every.unwrap_or(chart.labels.len()).max(1);
        for (at, label) in chart.labels.iter().enumerate().step_by(every) {
            let place = (self.x(at), self.bottom + 18.0);
            drawing.short_words("chart-label", Anchor::Middle, place, label, LABEL_LIMIT);
        }
    }
}
