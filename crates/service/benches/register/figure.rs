//! What was measured, in the form that is printed.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::Outcome;

/// A series of measurements ends after so many, or when its time is up.
const SAMPLES: usize = 500;
const TIME: Duration = Duration::from_secs(8);
/// What a series begins with is not counted: caches are filled, statements prepared.
const WARM_UP: usize = 20;

/// Everything measured on one engine at one size.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) engine: &'static str,
    pub(crate) cases: u64,
    /// Rows that the import made: cases and all that hangs on them.
    pub(crate) records: u64,
    pub(crate) figures: Vec<Figure>,
}

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// The median of a series, or the only value.
    pub(crate) value: f64,
    /// What 99 of 100 stay within.
    pub(crate) p99: Option<f64>,
    /// The bare engine's value for the same work.
    pub(crate) bare: Option<f64>,
    pub(crate) target: Option<Target>,
}

/// What the figure should be.
#[derive(Debug, Serialize)]
pub(crate) struct Target {
    pub(crate) text: &'static str,
    pub(crate) bound: Bound,
}

/// How a target is checked; whoever shows the figure does so, because it may be the median of several runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    /// The slowest in a hundred takes less.
    P99Below(f64),
    /// The value is less.
    Below(f64),
    /// The value is no less.
    AtLeast(f64),
    /// The value is at least this share of the bare engine's.
    ShareAtLeast(f64),
}

impl Figure {
    /// A single value.
    pub(crate) fn new(name: &'static str, unit: &'static str, value: f64) -> Self {
        Self { name, unit, value, p99: None, bare: None, target: None }
    }

    /// How long something takes, in milliseconds.
    pub(crate) fn latency(name: &'static str, series: &Series) -> Self {
        Self { p99: Some(series.at(99)), ..Self::new(name, "ms", series.at(50)) }
    }

    /// The same work done by the engine alone.
    pub(crate) fn beside(self, bare: f64) -> Self {
        Self { bare: Some(bare), ..self }
    }

    /// With a target.
    pub(crate) fn target(self, text: &'static str, bound: Bound) -> Self {
        Self { target: Some(Target { text, bound }), ..self }
    }

    /// With a target for the slowest one in a hundred.
    pub(crate) fn p99_below(self, text: &'static str, limit: f64) -> Self {
        self.target(text, Bound::P99Below(limit))
    }
}

/// Durations of the same work, shortest first, in milliseconds.
#[derive(Debug)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    /// Does something again and again; `work` is told how often it was called before.
    pub(crate) fn measure(mut work: impl FnMut(usize) -> Outcome<()>) -> Outcome<Self> {
        for turn in 0..WARM_UP {
            work(turn)?;
        }
        let start = Instant::now();
        let mut taken = Vec::with_capacity(SAMPLES);
        while taken.len() < SAMPLES && (start.elapsed() < TIME || taken.len() < 10) {
            let one = Instant::now();
            work(WARM_UP + taken.len())?;
            taken.push(one.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(Self::of(taken))
    }

    /// A series of durations that were taken elsewhere.
    pub(crate) fn of(mut taken: Vec<f64>) -> Self {
        taken.sort_by(f64::total_cmp);
        Self(taken)
    }

    /// What so many of a hundred stay within.
    pub(crate) fn at(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(rank).copied().unwrap_or(f64::NAN)
    }
}

/// How long something took, in seconds, and what came of it.
pub(crate) fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(f64, T)> {
    let start = Instant::now();
    let value = work()?;
    Ok((start.elapsed().as_secs_f64(), value))
}
