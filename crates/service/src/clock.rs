//! The edge where time and randomness come in; everything else takes them as arguments.

use std::sync::Arc;

use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
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
}

impl Moment {
    /// The present moment.
    pub fn new(clock: &dyn Clock, entropy: Arc<dyn Entropy>) -> Self {
        Self { at: clock.now(), seed: entropy.bytes(), entropy }
    }

    /// A new id: UUID version 7 (RFC 9562), time-ordered.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        random.copy_from_slice(&self.entropy.bytes()[..10]);
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
