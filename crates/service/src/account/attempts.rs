//! How many attempts at a sign-in are taken, and from where.
//!
//! Whoever guesses is slowed down by where they come from and by whom they try. A stranger who keeps trying somebody's
//! address uses up what strangers have for it, and nothing of what the owner has: from where they signed in before,
//! they have attempts of their own. Nothing is ever locked.

use std::collections::HashMap;
use std::net::IpAddr;

use nevertwice_domain::account::attempts::{Bucket, Budget};
use nevertwice_domain::time::Timestamp;

use crate::error::{Kind, ServiceError};

/// How much is remembered: some megabytes at most.
const LIMIT: usize = 20_000;

/// What an attempt takes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Door {
    /// Everybody at one place of the network.
    Place(String),
    /// Everybody who tries one account from where its owner never signed in.
    Stranger(String),
    /// Whoever tries one account from where its owner signed in before.
    Known(String, String),
    /// Codes of the second factor, behind a right password; whether from where its owner signed in before.
    Code(String, bool),
    /// Somebody signed in who says their password once more.
    Again(String),
    /// Reports without an account, and answers, from one place.
    Open(String),
    /// Receipts that are shown from one place.
    Receipt(String),
}

impl Door {
    fn budget(&self) -> Budget {
        let second = 1_000;
        match self {
            Self::Place(_) => Budget { attempts: 30, refill_millis: 6 * second },
            Self::Stranger(_) => Budget { attempts: 10, refill_millis: 30 * second },
            Self::Known(..) | Self::Again(_) => Budget { attempts: 10, refill_millis: 20 * second },
            Self::Open(_) => Budget { attempts: 10, refill_millis: 60 * second },
            Self::Receipt(_) => Budget { attempts: 30, refill_millis: 20 * second },
            Self::Code(..) => Budget { attempts: 5, refill_millis: 120 * second },
        }
    }
}

/// The place of a network address: of IPv6 the first 64 bits, for whoever has one has all that begin so.
pub(crate) fn place_of(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.chars().take(64).collect(),
    }
}

/// The attempts that are left, by door. It is forgotten with the process.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    buckets: HashMap<Door, Bucket>,
}

impl Attempts {
    /// Takes an attempt at every door, or at none.
    ///
    /// # Errors
    /// One of them has none left: with how long to wait.
    pub(super) fn take(&mut self, doors: &[Door], now: Timestamp) -> Result<(), ServiceError> {
        let wait = doors.iter().filter_map(|door| self.buckets.get(door)?.wait(door.budget(), now)).max();
        if let Some(millis) = wait {
            return Err(slow_down(millis));
        }
        for door in doors {
            self.make_room(now);
            self.buckets.entry(door.clone()).or_default().take(door.budget(), now);
        }
        Ok(())
    }

    /// Puts back what turned out to be no guess.
    pub(super) fn give_back(&mut self, doors: &[Door]) {
        for door in doors {
            if let Some(bucket) = self.buckets.get_mut(door) {
                bucket.give_back(door.budget());
            }
        }
    }

    /// Forgets what is full again; if that is not enough, whatever is so soonest.
    fn make_room(&mut self, now: Timestamp) {
        if self.buckets.len() < LIMIT {
            return;
        }
        self.buckets.retain(|_, bucket| bucket.full_at() > now);
        if self.buckets.len() >= LIMIT
            && let Some(soonest) = self.buckets.iter().min_by_key(|(_, bucket)| bucket.full_at())
        {
            let door = soonest.0.clone();
            self.buckets.remove(&door);
        }
    }
}

/// Too much at once: with how many seconds to wait.
pub(super) fn slow_down(millis: i64) -> ServiceError {
    let seconds = millis.max(1).unsigned_abs().div_ceil(1_000);
    let message = format!("too many attempts; try again in {seconds} seconds");
    let refused = ServiceError::new(Kind::Unavailable, "sign_in.slow_down", message);
    ServiceError { retry_after_seconds: Some(seconds), ..refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn a_door_without_attempts_takes_nothing_from_the_others() {
        let mut attempts = Attempts::default();
        let (place, account) =
            (Door::Place(place_of("192.0.2.1")), Door::Stranger("ada@example.org".to_owned()));
        let both = [place.clone(), account.clone()];
        for _ in 0..10 {
            attempts.take(&both, at(0)).unwrap();
        }
        for _ in 0..100 {
            let refused = attempts.take(&both, at(0)).unwrap_err();
            assert_eq!((refused.kind, refused.code.as_str()), (Kind::Unavailable, "sign_in.slow_down"));
            assert!(refused.message.contains("30 seconds"), "{}", refused.message);
        }
        for _ in 0..20 {
            attempts.take(std::slice::from_ref(&place), at(0)).unwrap();
        }
        attempts.take(&[place], at(0)).unwrap_err();
        attempts.take(&[account], at(30)).unwrap();
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut attempts = Attempts::default();
        let door = |number: usize| Door::Stranger(number.to_string());
        for number in 0..LIMIT + 50 {
            attempts.take(&[door(number)], at(0)).unwrap();
        }
        assert_eq!(attempts.buckets.len(), LIMIT);
        attempts.take(&[door(LIMIT + 50)], at(60)).unwrap();
        assert_eq!(attempts.buckets.len(), 1, "the others are full again");
    }

    #[test]
    fn addresses_of_one_network_are_one_place() {
        let same = [("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1"), ("192.0.2.7", "::ffff:192.0.2.7")];
        for (one, other) in same {
            assert_eq!(place_of(one), place_of(other));
        }
        assert_ne!(place_of("2001:db8:1:2::1"), place_of("2001:db8:1:3::1"));
        assert_ne!(place_of("192.0.2.7"), place_of("192.0.2.8"));
    }
}
