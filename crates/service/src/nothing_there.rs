//! When "there is none" is answered: at a time that does not tell whether something was looked at and kept back.
//!
//! To look up a record that the caller may not know of takes some microseconds longer than to find nothing, and who asks
//! thousands of times could tell the two apart (CWE-208). So either is answered at the next full [`STEP`] after it was
//! asked, by when both have long been looked up.

use std::time::Duration;

use crate::clock::Clock;
use crate::error::{Kind, ServiceError};

/// Many times what a lookup takes, and too short for anybody to notice.
const STEP: Duration = Duration::from_millis(10);

/// Waits, if the answer is that something is not there, until it may be given to somebody who asked at `asked_at`.
pub(crate) fn wait(clock: &dyn Clock, asked_at: Duration, error: &ServiceError) {
    if error.kind == Kind::NotFound {
        clock.wait_until(next(asked_at, clock.steady()));
    }
}

/// The first full step after `asked_at` that is not over yet.
fn next(asked_at: Duration, now: Duration) -> Duration {
    let steps = now.saturating_sub(asked_at).as_nanos().div_ceil(STEP.as_nanos()).max(1);
    asked_at + STEP * u32::try_from(steps).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn micros(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    #[test]
    fn what_took_less_than_a_step_takes_one_and_no_time_is_cut_short() {
        let asked_at = micros(7);
        let waited = |took: u64| next(asked_at, asked_at + micros(took)) - asked_at;
        assert_eq!([0, 1, 420, 9_999, 10_000].map(waited), [STEP; 5]);
        assert_eq!([10_001, 20_000].map(waited), [STEP * 2; 2]);
        assert_eq!(
            next(asked_at, Duration::ZERO),
            asked_at + STEP,
            "the clock cannot go back, but never panics"
        );
    }
}
