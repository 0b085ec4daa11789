//! How long things took.

use std::time::Duration;

/// Times of the same thing done again and again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Adds those of somebody else.
    pub(crate) fn extend(&mut self, others: Times) {
        self.0.extend(others.0);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The one that so many of a hundred do not exceed, by nearest rank: of 100 of 100 the longest. In milliseconds, 0 if
    /// there are none.
    pub(crate) fn at(&self, percent: u32) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent as usize).div_ceil(100).clamp(1, sorted.len().max(1));
        sorted.get(rank - 1).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// So many in that time, as a number a second; 0 if no time went by.
#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
pub(crate) fn rate(count: u64, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { count as f64 / time.as_secs_f64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(milliseconds: impl IntoIterator<Item = u64>) -> Times {
        let mut times = Times::default();
        milliseconds.into_iter().for_each(|time| times.add(Duration::from_millis(time)));
        times
    }

    #[test]
    fn a_percentile_is_one_of_the_times_by_nearest_rank() {
        let hundred = times((1..=100).rev());
        let at = [1, 50, 90, 99, 100].map(|percent| hundred.at(percent));
        assert!(
            at.iter().zip([1.0, 50.0, 90.0, 99.0, 100.0]).all(|(is, should)| (is - should).abs() < 1e-9),
            "{at:?}"
        );
        let three = times([30, 10, 20]);
        let at = [0, 33, 34, 50, 67, 99].map(|percent| three.at(percent));
        let should = [10.0, 10.0, 20.0, 20.0, 30.0, 30.0];
        assert!(at.iter().zip(should).all(|(is, should)| (is - should).abs() < 1e-9), "{at:?}");
    }

    #[test]
    fn nothing_took_no_time() {
        assert!(Times::default().at(99).abs() < f64::EPSILON);
        assert!(rate(5, Duration::ZERO).abs() < f64::EPSILON);
    }

    #[test]
    fn a_rate_is_by_the_second() {
        assert!((rate(3_000, Duration::from_millis(1_500)) - 2_000.0).abs() < 1e-9);
    }

    #[test]
    fn times_of_several_are_put_together() {
        let mut all = times([1, 2]);
        all.extend(times([3]));
        assert_eq!(all.count(), 3);
        assert!((all.at(100) - 3.0).abs() < 1e-9);
    }
}
