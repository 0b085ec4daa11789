//! How often somebody may try: a bucket of attempts that fills again with time.
//!
//! The generic cell rate algorithm: a bucket is one instant, the one at which it will be full again.

use crate::time::Timestamp;

/// How many attempts a full bucket holds, and how long one takes to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Attempts in a full bucket; at least one.
    pub attempts: u32,
    /// Milliseconds until one more is there.
    pub refill_millis: i64,
}

/// The attempts that are left. A new bucket is full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it is full again, in milliseconds since 1970; in the past, it is full.
    full_at: i64,
}

impl Bucket {
    /// Milliseconds until an attempt is there; none if one is there now.
    #[must_use]
    pub fn wait(&self, budget: Budget, now: Timestamp) -> Option<i64> {
        let wait = self.after_one(budget, now) - now.millis() - budget.capacity_millis();
        (wait > 0).then_some(wait)
    }

    /// Takes an attempt. Whoever takes one that is not there waits longer for the next.
    pub fn take(&mut self, budget: Budget, now: Timestamp) {
        self.full_at = self.after_one(budget, now);
    }

    /// Puts an attempt back that turned out to be none.
    pub fn give_back(&mut self, budget: Budget) {
        self.full_at = self.full_at.saturating_sub(budget.refill_millis);
    }

    /// When it is full again: with nothing to remember from then on.
    #[must_use]
    pub fn full_at(&self) -> Timestamp {
        Timestamp::from_millis(self.full_at)
    }

    fn after_one(self, budget: Budget, now: Timestamp) -> i64 {
        self.full_at.max(now.millis()).saturating_add(budget.refill_millis)
    }
}

impl Budget {
    fn capacity_millis(self) -> i64 {
        self.refill_millis.saturating_mul(i64::from(self.attempts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { attempts: 3, refill_millis: 1_000 };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_full_bucket_has_as_many_attempts_as_its_budget_and_gets_one_back_at_a_time() {
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert_eq!(bucket.wait(BUDGET, at(50_000)), None);
            bucket.take(BUDGET, at(50_000));
        }
        assert_eq!(bucket.wait(BUDGET, at(50_000)), Some(1_000));
        assert_eq!(bucket.wait(BUDGET, at(50_999)), Some(1));
        assert_eq!(bucket.wait(BUDGET, at(51_000)), None);
        bucket.take(BUDGET, at(51_000));
        assert_eq!(bucket.wait(BUDGET, at(51_000)), Some(1_000));
        assert_eq!(bucket.full_at(), at(54_000));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let mut bucket = Bucket::default();
        (0..3).for_each(|_| bucket.take(BUDGET, at(0)));
        bucket.give_back(BUDGET);
        assert_eq!(bucket.wait(BUDGET, at(0)), None);
        bucket.take(BUDGET, at(0));
        assert!(bucket.wait(BUDGET, at(0)).is_some());
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_budget() {
        let mut bucket = Bucket::default();
        bucket.give_back(BUDGET);
        bucket.take(BUDGET, at(1_000_000));
        (0..2).for_each(|_| bucket.take(BUDGET, at(1_000_000)));
        assert_eq!(bucket.wait(BUDGET, at(1_000_000)), Some(1_000), "time alone makes no more of them");
    }
}
