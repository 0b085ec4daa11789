//! Durations are computed from the dates, never typed.

use serde::{Deserialize, Serialize};

use super::CaseRecord;
use crate::when::{Precision, When};

words! {
    /// Which two moments a duration lies between.
    DurationKind("duration") {
        /// Occurred to detected.
        ToDetect = "to_detect",
        /// Reported to acknowledged.
        ToAcknowledge = "to_acknowledge",
        /// Detected to contained.
        ToContain = "to_contain",
        /// Detected to resolved.
        ToResolve = "to_resolve",
        /// Reported to closed.
        ToClose = "to_close",
    }
}

/// One duration of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// Between which moments.
    pub kind: DurationKind,
    /// Seconds; days are exact to the day only. Negative when the two dates are out of order: a data error.
    pub seconds: i64,
    /// Whether both dates are known to the minute; otherwise only whole days mean anything.
    pub to_the_minute: bool,
}

/// The durations that a case's dates allow. A missing or too vague date leaves its duration out.
#[must_use]
pub fn durations(case: &CaseRecord) -> Vec<Duration> {
    let pairs = [
        (DurationKind::ToDetect, case.occurred, case.detected),
        (DurationKind::ToAcknowledge, case.reported, case.acknowledged),
        (DurationKind::ToContain, case.detected, case.contained),
        (DurationKind::ToResolve, case.detected, case.resolved),
        (DurationKind::ToClose, case.reported, case.closed),
    ];
    pairs.into_iter().filter_map(|(kind, from, to)| between(kind, from?, to?)).collect()
}

fn between(kind: DurationKind, from: When, to: When) -> Option<Duration> {
    if let Some(seconds) = from.seconds_until(&to, Precision::Minute) {
        return Some(Duration { kind, seconds, to_the_minute: true });
    }
    let (from, to) = (When::day(from.date()?), When::day(to.date()?));
    from.seconds_until(&to, Precision::Day).map(|seconds| Duration { kind, seconds, to_the_minute: false })
}
