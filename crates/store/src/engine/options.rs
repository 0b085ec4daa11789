//! How a database is opened.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Tx;
use crate::error::StoreError;

/// What an acknowledged write has survived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A power cut: SQLite `synchronous=FULL`, PostgreSQL's own `synchronous_commit`.
    #[default]
    Full,
    /// Nothing but the end of the process. For tests, benches and the control run of the power-cut proof.
    NoSync,
}

/// Settings of [`Db::open`](super::Db::open).
#[derive(Clone)]
pub struct OpenOptions {
    /// What an acknowledged write survives.
    pub durability: Durability,
    /// At most this many readers at once; at least 1.
    pub readers: usize,
    /// Whether to bring an older schema up to date; if not, an older schema is refused.
    pub migrate: bool,
    /// How long a write waits for its answer; a unit that wants to be alone waits as long as it takes.
    pub patience: Duration,
    /// Run at the end of each unit that succeeded; its error undoes the unit.
    /// This is where what the unit left in [`Tx::context`] becomes entries of the trail.
    pub after_unit: fn(&mut Tx) -> Result<(), StoreError>,
    /// Run once before the COMMIT of one or several units; its error undoes them all.
    /// This is where the entries of the trail are written.
    pub before_commit: fn(&mut Tx) -> Result<(), StoreError>,
    /// Called on the writer's thread after each COMMIT, before the units are answered. It must be quick.
    pub on_commit: Arc<dyn Fn() + Send + Sync>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            readers: 4,
            migrate: true,
            patience: Duration::from_secs(60),
            after_unit: |_| Ok(()),
            before_commit: |_| Ok(()),
            on_commit: Arc::new(|| ()),
        }
    }
}

impl fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("durability", &self.durability)
            .field("readers", &self.readers)
            .field("migrate", &self.migrate)
            .finish_non_exhaustive()
    }
}
