//! Many strikes, side by side.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::prove::chance::Chance;
use crate::prove::shim::Blow;

/// How many strikes are done side by side.
const HANDS: usize = 2;

/// One strike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    /// What happens.
    pub(crate) blow: Blow,
    /// At which of the calls that change files, from 1.
    pub(crate) call: u32,
}

/// What came of the strikes.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The command succeeded all the same.
    pub(crate) done: u32,
    /// The command failed with a clear error.
    pub(crate) refused: u32,
    /// The command was killed.
    pub(crate) killed: u32,
    /// Nothing was struck: the command made fewer calls this time, or a full disk was asked to remove something.
    pub(crate) missed: u32,
    /// What is not as it should be.
    pub(crate) failures: Vec<String>,
}

/// Numbers of calls from 1 to `total`: all of them, or one drawn from each of `at_most` equal parts.
pub(crate) fn sample(total: u32, at_most: u32, chance: &mut Chance) -> Vec<u32> {
    if total <= at_most {
        return (1..=total).collect();
    }
    let (total, at_most) = (total as usize, at_most as usize);
    let parts = (0..at_most).map(|part| (part * total / at_most, (part + 1) * total / at_most));
    let drawn = parts.map(|(from, to)| 1 + from + chance.below(to - from));
    drawn.filter_map(|call| u32::try_from(call).ok()).collect()
}

/// Does every job, each with its number; `strike` notes in the tally what came of it.
pub(crate) fn side_by_side(
    jobs: &[Job],
    strike: impl Fn(usize, Job) -> anyhow::Result<Counted> + Sync,
) -> Tally {
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(number) else { return };
                    let came = strike(number, *job);
                    tally.lock().unwrap_or_else(PoisonError::into_inner).count(*job, came);
                }
            });
        }
    });
    let mut tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    tally.expect_struck(jobs.len());
    tally
}

/// How the command of a strike ended, when everything is as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// With success.
    Done,
    /// With a clear error.
    Refused,
    /// It was killed.
    Killed,
    /// It was not struck.
    Missed,
}

impl Tally {
    /// A proof in which most blows fell on nothing proves nothing.
    fn expect_struck(&mut self, jobs: usize) {
        let missed = self.missed as usize;
        if missed * 2 > jobs {
            self.failures.push(format!("{missed} of {jobs} blows fell on nothing"));
        }
    }

    fn count(&mut self, job: Job, came: anyhow::Result<Counted>) {
        match came {
            Ok(Counted::Done) => self.done += 1,
            Ok(Counted::Refused) => self.refused += 1,
            Ok(Counted::Killed) => self.killed += 1,
            Ok(Counted::Missed) => self.missed += 1,
            Err(error) => self.failures.push(format!("{} at call {}: {error:#}", job.blow, job.call)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Blow, Chance, Counted, Job, sample, side_by_side};

    #[test]
    fn few_calls_are_all_struck() {
        assert_eq!(sample(3, 5, &mut Chance::new(1)), [1, 2, 3]);
    }

    #[test]
    fn blows_that_mostly_fall_on_nothing_are_a_failure() {
        let jobs = [1, 2, 3, 4].map(|call| Job { blow: Blow::Kill, call });
        let tally = |hits: u32| {
            side_by_side(&jobs, |_, job| Ok(if job.call <= hits { Counted::Killed } else { Counted::Missed }))
        };
        assert_eq!((tally(2).missed, tally(2).failures), (2, vec![]));
        assert_eq!(tally(1).failures, ["3 of 4 blows fell on nothing"]);
    }

    #[test]
    fn of_many_calls_one_of_each_part_is_struck() {
        let drawn = sample(100, 4, &mut Chance::new(1));
        assert_eq!(drawn.iter().map(|call| (call - 1) / 25).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
