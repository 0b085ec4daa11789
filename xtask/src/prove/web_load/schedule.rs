//! When each request is due. A request that waits for the one before it is late, and its lateness counts: a slow server must
//! not be spared by being asked less.

use std::time::Duration;

/// The requests of all users, evenly spread over the time and over the users.
#[derive(Debug)]
pub(super) struct Schedule {
    users: u64,
    rate: u64,
    requests: u64,
}

impl Schedule {
    /// So many minutes of so many requests a second.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "minutes are checked to be above 0 and a day at most"
    )]
    pub(super) fn of(minutes: f64, users: u32, rate: u32) -> Schedule {
        let requests = (minutes * 60.0 * f64::from(rate)).ceil() as u64;
        Schedule { users: users.into(), rate: rate.into(), requests }
    }

    /// How many there are.
    pub(super) fn requests(&self) -> u64 {
        self.requests
    }

    /// How long they take to become due.
    pub(super) fn length(&self) -> Duration {
        self.due(self.requests)
    }

    /// The requests of a user: their numbers, and when they are due.
    pub(super) fn of_user(&self, user: u64) -> impl Iterator<Item = (u64, Duration)> {
        let numbers = (user..self.requests).step_by(usize::try_from(self.users).unwrap_or(usize::MAX));
        numbers.map(|number| (number, self.due(number)))
    }

    fn due(&self, number: u64) -> Duration {
        Duration::from_nanos(number.saturating_mul(1_000_000_000) / self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_due_once_and_evenly() {
        let schedule = Schedule::of(0.1, 7, 200);
        assert_eq!((schedule.requests(), schedule.length()), (1_200, Duration::from_secs(6)));
        let mut all: Vec<_> = (0..7).flat_map(|user| schedule.of_user(user)).collect();
        all.sort_unstable();
        assert!(all.iter().map(|(number, _)| *number).eq(0..1_200));
        assert!(all.windows(2).all(|two| two[1].1 - two[0].1 == Duration::from_millis(5)));
    }

    #[test]
    fn a_user_asks_at_even_intervals() {
        let schedule = Schedule::of(1.0, 100, 200);
        let due: Vec<_> = schedule.of_user(3).map(|(_, due)| due).take(3).collect();
        assert_eq!(due, [15, 515, 1_015].map(Duration::from_millis));
    }
}
