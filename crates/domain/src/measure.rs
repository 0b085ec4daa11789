//! Measures: pure functions from rows to figures. The index feeds them, a test feeds them from the store, and both
//! must agree.

mod statistic;
#[cfg(test)]
mod tests;
mod volume;

pub use statistic::{median, percentile};
pub use volume::{Group, KeyValue, Volume, volume};

use crate::case::Severity;
use crate::read_model::LeftOut;
use crate::when::{Precision, When};

words! {
    /// What figures can be broken down by.
    Dimension("dimension") {
        /// Calendar year.
        Year = "year",
        /// Calendar month; unknown where only the year is known.
        Month = "month",
        /// Class.
        Class = "class",
        /// Category.
        Category = "category",
        /// Severity.
        Severity = "severity",
        /// State.
        State = "state",
        /// Where the case came from.
        Origin = "origin",
        /// Event decision.
        Decision = "decision",
    }
}

words! {
    /// Which date puts a case into a year or month.
    DateBasis("date") {
        /// The earliest known of reported, detected and occurred: the default.
        Earliest = "earliest",
        /// When it was reported.
        Reported = "reported",
        /// When it happened.
        Occurred = "occurred",
        /// When it was noticed.
        Detected = "detected",
        /// When it entered this register, in the company's time zone.
        Registered = "registered",
    }
}

/// A stretch of the calendar that a case falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12, where it is known.
    pub month: Option<i8>,
}

/// Cases that are alike in every dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Year and month by the chosen date.
    pub period: Option<Period>,
    /// Class.
    pub class: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Severity.
    pub severity: Option<Severity>,
    /// State.
    pub state: Option<String>,
    /// Where they came from.
    pub origin: Option<String>,
    /// Event decision.
    pub decision: Option<String>,
    /// Why they are not counted.
    pub left_out: Option<LeftOut>,
    /// Whether they are restricted and whoever asks is not on their lists.
    pub hidden: bool,
    /// How many they are.
    pub count: u64,
}

impl Period {
    /// The period of a date, at the date's own precision.
    #[must_use]
    pub fn of(when: When) -> Self {
        let month = (when.precision() >= Precision::Month).then(|| when.start().month());
        Self { year: when.year(), month }
    }
}

/// The date that puts a case into a period unless another one is asked for: the earliest known.
#[must_use]
pub fn earliest(reported: Option<When>, detected: Option<When>, occurred: Option<When>) -> Option<When> {
    [reported, detected, occurred].into_iter().flatten().min()
}
