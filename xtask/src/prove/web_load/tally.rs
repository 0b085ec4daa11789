//! What came of the requests, by what was asked.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::mix::Part;
use crate::web::Times;

/// Failures that are told in full.
const TOLD: usize = 20;

/// Times and failures.
#[derive(Debug, Default)]
pub(super) struct Tally {
    parts: BTreeMap<Part, Times>,
    /// How much later than due requests were sent.
    late: Times,
    failed: u64,
    told: Vec<String>,
}

impl Tally {
    /// Counts a request that was answered, or not.
    pub(super) fn count_one(
        &mut self,
        part: Part,
        late: Duration,
        took: Duration,
        outcome: &anyhow::Result<()>,
    ) {
        self.parts.entry(part).or_default().add(took);
        self.late.add(late);
        if let Err(error) = outcome {
            self.failed += 1;
            if self.told.len() < TOLD {
                self.told.push(format!("{error:#}"));
            }
        }
    }

    /// Adds those of somebody else.
    pub(super) fn add(&mut self, other: Tally) {
        for (part, times) in other.parts {
            self.parts.entry(part).or_default().extend(times);
        }
        self.late.extend(other.late);
        self.failed += other.failed;
        let room = TOLD.saturating_sub(self.told.len());
        self.told.extend(other.told.into_iter().take(room));
    }

    /// How many were sent.
    pub(super) fn count(&self) -> u64 {
        self.late.count() as u64
    }

    /// How many were not answered as they have to be.
    pub(super) fn failures(&self) -> u64 {
        self.failed
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = Times::default();
        for times in self.parts.values() {
            all.extend(times.clone());
        }
        let mut line = |name: &str, times: &Times| {
            let [half, most, nearly, longest] = [50, 90, 99, 100].map(|percent| times.at(percent));
            let count = times.count();
            writeln!(f, "{name:<34} {count:>8} {half:>9.1} {most:>9.1} {nearly:>9.1} {longest:>9.1}")
        };
        line("all requests, from when due", &all)?;
        for (part, times) in &self.parts {
            line(&format!("  {part}"), times)?;
        }
        line("sent later than due by", &self.late)?;
        writeln!(f, "(count; p50, p90, p99 and longest in ms)")?;
        for told in &self.told {
            writeln!(f, "FAILED: {told}")?;
        }
        write!(f, "{} failed", self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_several_users_are_put_together() {
        let one = |failed: bool| {
            let mut tally = Tally::default();
            let outcome = if failed { Err(anyhow::anyhow!("status 500")) } else { Ok(()) };
            tally.count_one(Part::Pages, Duration::ZERO, Duration::from_millis(3), &outcome);
            tally
        };
        let mut all = one(false);
        all.add(one(true));
        assert_eq!((all.count(), all.failures()), (2, 1));
        let text = all.to_string();
        assert!(text.contains("pages and lists") && text.ends_with("FAILED: status 500\n1 failed"), "{text}");
    }

    #[test]
    fn many_failures_are_counted_and_the_first_told() {
        let mut tally = Tally::default();
        for _ in 0..100 {
            tally.count_one(Part::Writes, Duration::ZERO, Duration::ZERO, &Err(anyhow::anyhow!("no")));
        }
        assert_eq!((tally.failures(), tally.told.len()), (100, TOLD));
    }
}
