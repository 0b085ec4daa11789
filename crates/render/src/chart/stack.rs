//! Values on each other.

use super::Chart;

/// A part of a bar or column: the value of one series, on top of those before it.
pub(super) struct Part {
    /// The series, from 0.
    pub(super) series: usize,
    pub(super) value: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Chart {
    /// The parts of a bar: those above zero on each other, and those below zero under each other.
    pub(super) fn stack(&self, at: usize) -> Vec<Part> {
        let (mut above, mut below) = (0.0, 0.0);
        let mut parts = Vec::new();
        for (series, values) in self.series.iter().enumerate() {
            let Some(value) = values.value(at) else { continue };
            let end = if value < 0.0 { &mut below } else { &mut above };
            let from = *end;
            *end += value;
            parts.push(Part { series, value, from, to: *end });
        }
        parts
    }

    /// How far a bar reaches below and above zero.
    pub(super) fn reach(&self, at: usize) -> [f64; 2] {
        let ends = self.stack(at).into_iter().map(|part| part.to);
        ends.fold([0.0, 0.0], |[low, high], end| [end.min(low), end.max(high)])
    }

    /// Whether anything is known of a label.
    pub(super) fn is_known(&self, at: usize) -> bool {
        self.series.iter().any(|series| series.value(at).is_some())
    }
}
