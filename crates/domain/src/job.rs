//! Work that is done after a change and apart from it: when it is tried again, and when it is given up.

use crate::time::Timestamp;

words! {
    /// How far a job is.
    JobState("state of a job") {
        /// It waits until it is due.
        Pending = "pending",
        /// Somebody runs it; if they do not end it in time, somebody else does.
        Running = "running",
        /// It is done.
        Done = "done",
        /// It failed as often as it may.
        Dead = "dead",
    }
}

/// How often a job is tried: with [`next_try`] over a day and a half.
pub const TRIES: u32 = 14;
/// How long whoever runs a job has for it before somebody else takes it: five minutes.
pub const CLAIM_MILLIS: i64 = 5 * 60 * 1000;
/// The wait after the first failure: half a minute. It doubles with each.
const FIRST_WAIT_MILLIS: i64 = 30 * 1000;
/// The longest wait: six hours.
const LONGEST_WAIT_MILLIS: i64 = 6 * 60 * 60 * 1000;

/// When a job that has failed `failures` times is tried again; never if that was the last time.
#[must_use]
pub fn next_try(failures: u32, now: Timestamp) -> Option<Timestamp> {
    if failures >= TRIES {
        return None;
    }
    let doubled = FIRST_WAIT_MILLIS.checked_shl(failures.saturating_sub(1)).unwrap_or(LONGEST_WAIT_MILLIS);
    Some(Timestamp::from_millis(now.millis().saturating_add(doubled.min(LONGEST_WAIT_MILLIS))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours_and_ends() {
        let now = Timestamp::from_millis(0);
        let wait = |failures| next_try(failures, now).map(|at| at.millis() / 1000);
        assert_eq!([1, 2, 3, 10].map(wait), [30, 60, 120, 15_360].map(Some));
        assert_eq!([11, TRIES - 1].map(wait), [Some(21_600); 2]);
        assert_eq!([TRIES, TRIES + 1, u32::MAX].map(wait), [None; 3]);
        let all: i64 = (1..TRIES).filter_map(wait).sum();
        assert!((24 * 3_600..48 * 3_600).contains(&all), "{all}");
    }
}
