//! The edge where time and randomness come in; everything else takes them as arguments.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long ago some fixed moment was. It never goes back, whoever sets the time: to tell how long something took.
    fn steady(&self) -> Duration;

    /// Returns once [`Self::steady`] has reached `until`.
    fn wait_until(&self, until: Duration);
}

/// Gives randomness.
pub trait Entropy: Send + Sync {
    /// 32 bytes that nobody can guess.
    fn bytes(&self) -> [u8; 32];
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where the clock comes in")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    fn steady(&self) -> Duration {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGAN.elapsed()
    }

    fn wait_until(&self, until: Duration) {
        // A parked thread may be woken by anything.
        while let Some(left) = until.checked_sub(self.steady()).filter(|left| !left.is_zero()) {
            std::thread::park_timeout(left);
        }
    }
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where randomness comes in")]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // Without randomness there are no ids and no salts: going on would be worse than stopping.
        if let Err(error) = getrandom::fill(&mut bytes) {
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
        bytes
    }
}

/// The moment of a use case and the source of its ids: the same for every statement of a unit, also when it is retried.
#[derive(Clone)]
pub struct Moment {
    /// Now.
    pub at: Timestamp,
    seed: [u8; 32],
    entropy: Arc<dyn Entropy>,
    issued: Arc<AtomicU32>,
}

impl Moment {
    /// The present moment.
    pub fn new(clock: &dyn Clock, entropy: Arc<dyn Entropy>) -> Self {
        Self { at: clock.now(), seed: entropy.bytes(), entropy, issued: Arc::default() }
    }

    /// A new id: UUID version 7 (RFC 9562, §6.2 method 1). Ids of one moment come in the order in which they were
    /// asked for, so that what was made together is listed in the order of its references.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        random.copy_from_slice(&self.entropy.bytes()[..10]);
        // 12 bits before the variant and 14 behind it count; 48 stay random.
        let count = self.issued.fetch_add(1, Ordering::Relaxed) & 0x03FF_FFFF;
        random[..2].copy_from_slice(&(count >> 14).to_be_bytes()[2..]);
        random[2..4].copy_from_slice(&(count & 0x3FFF).to_be_bytes()[2..]);
        let millis = u64::try_from(self.at.millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
    }

    /// 32 random bytes that belong to this moment.
    pub fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// 32 more random bytes.
    pub fn secret(&self) -> [u8; 32] {
        self.entropy.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_the_machine_waits_until_then() {
        let until = SystemClock.steady() + Duration::from_millis(3);
        SystemClock.wait_until(until);
        assert!(SystemClock.steady() >= until);
        SystemClock.wait_until(Duration::ZERO);
    }

    #[test]
    fn ids_of_a_moment_are_different_and_in_order() {
        let moment = Moment::new(&SystemClock, Arc::new(SystemEntropy));
        let ids: Vec<Uuid> = (0..200_000).map(|_| moment.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert_ne!(
            ids[0].as_bytes()[10..],
            Moment::new(&SystemClock, Arc::new(SystemEntropy)).id::<Uuid>().as_bytes()[10..]
        );
    }
}
