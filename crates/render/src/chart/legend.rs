//! The names of several series, above the drawing.

use super::drawing::{Anchor, Drawing};
use super::{Chart, WIDTH, series_class};

/// Height of a line of names.
const LINE: f64 = 20.0;
const SWATCH: f64 = 12.0;
const GAP: f64 = 6.0;

/// Characters of a name that are shown.
const NAME_LIMIT: usize = 24;

/// Width of a character of 12 units, generously; the drawing does not know its font.
pub(super) const CHARACTER: f64 = 7.0;

/// Draws the names where there are several series; returns the height that they take.
pub(super) fn draw(drawing: &mut Drawing, chart: &Chart) -> f64 {
    if chart.series.len() < 2 {
        return 0.0;
    }
    let (mut x, mut y) = (0.0, 0.0);
    for (at, series) in chart.series.iter().enumerate() {
        let width = SWATCH + GAP + room(&series.name, NAME_LIMIT) + 2.0 * GAP;
        if x > 0.0 && x + width > WIDTH {
            (x, y) = (0.0, y + LINE);
        }
        let swatch = format!("chart-swatch {}", series_class(at));
        drawing.rectangle(&swatch, (x, y + 2.0), (x + SWATCH, y + 2.0 + SWATCH), None);
        let place = (x + SWATCH + GAP, y + SWATCH);
        drawing.short_words("chart-legend", Anchor::Start, place, &series.name, NAME_LIMIT);
        x += width;
    }
    y + LINE + GAP
}

/// The width that words of at most so many characters take.
pub(super) fn room(words: &str, limit: usize) -> f64 {
    let count = words.chars().count().min(limit);
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * CHARACTER
}
