//! What each commit says about itself: which store, how far along its trail, and whether both halves belong together.
//!
//! The open half is committed first, the restricted half second, so that a record that becomes restricted is gone
//! from the open half before it appears anywhere else. A crash between the two leaves the halves *torn*: their pair
//! numbers differ. A torn index is usable: the restricted half is left out and the feed resumes where the batch began;
//! it stays torn until the feed has passed the batch that was interrupted, because only then is every record of that
//! batch in its right half.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::RebuildReason;
use crate::schema::VERSION;

/// Which store an index belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreIdentity {
    /// The store's own random id; a restored backup or another database has another one or another trail.
    pub store_id: Uuid,
}

/// A place in the store's trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Sequence of the last entry that the index has seen; 0 before the first.
    pub sequence: u64,
    /// Hash of that entry (SHA-256): the same sequence with another hash is another history.
    pub entry_hash: [u8; 32],
}

/// The payload of a commit of the open half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenPayload {
    version: u32,
    store: Uuid,
    /// Where the feed resumes if the halves belong together.
    at: WrittenPosition,
    /// Where it resumes if they are torn.
    before: WrittenPosition,
    /// The pair number that the restricted half must carry.
    pair: u64,
    /// While torn: the sequence that has to be reached before the halves may be paired again.
    torn_until: u64,
    /// Words of records that were restricted may still stand in files of the open half.
    #[serde(default)]
    unpurged: bool,
}

/// The payload of a commit of the restricted half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RestrictedPayload {
    version: u32,
    store: Uuid,
    pair: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct WrittenPosition {
    sequence: u64,
    hash: [u8; 32],
}

/// Both payloads as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payloads {
    open: OpenPayload,
    restricted: RestrictedPayload,
}

/// The payloads to write for a batch, and in which order.
pub(crate) struct Plan {
    /// Payload of the open half.
    pub(crate) open: OpenPayload,
    /// Payload of the restricted half, if it is to be committed.
    pub(crate) restricted: Option<RestrictedPayload>,
    /// Whether the restricted half goes first.
    pub(crate) restricted_first: bool,
}

impl Payloads {
    /// Of a new index whose halves belong together.
    pub(crate) fn new(identity: StoreIdentity, at: Position) -> Self {
        let (version, store, at) = (VERSION, identity.store_id, at.into());
        Self {
            open: OpenPayload { version, store, at, before: at, pair: 0, torn_until: 0, unpurged: false },
            restricted: RestrictedPayload { version, store, pair: 0 },
        }
    }

    /// Reads and checks the payloads of both halves.
    pub(crate) fn read(
        open: Option<&str>,
        restricted: Option<&str>,
        identity: StoreIdentity,
    ) -> Result<Self, RebuildReason> {
        let open: OpenPayload = decode(open)?;
        let restricted: RestrictedPayload = decode(restricted)?;
        if open.store != identity.store_id || restricted.store != identity.store_id {
            return Err(RebuildReason::OtherStore);
        }
        Ok(Self { open, restricted })
    }

    /// Whether a crash left the halves at different batches.
    pub(crate) fn is_torn(&self) -> bool {
        self.open.pair != self.restricted.pair
    }

    /// Where the feed resumes.
    pub(crate) fn position(&self) -> Position {
        if self.is_torn() { self.open.before.into() } else { self.open.at.into() }
    }

    /// Whether words of records that were restricted may still stand in files of the open half.
    pub(crate) fn is_unpurged(&self) -> bool {
        self.open.unpurged
    }

    /// The payload of the open half once nothing of restricted records is left in it.
    pub(crate) fn purged(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&OpenPayload { unpurged: false, ..self.open.clone() })
    }

    /// What to write for a batch that ends at `at`; `touches_restricted` says whether it changes the restricted half.
    pub(crate) fn plan(&self, at: Position, touches_restricted: bool) -> Plan {
        let torn = self.is_torn();
        let still_torn = torn && at.sequence < self.open.torn_until;
        if still_torn {
            // Nobody searches the restricted half yet; it goes first so that `before` may move on with the open half.
            let open = OpenPayload { at: at.into(), before: at.into(), ..self.open.clone() };
            let restricted = touches_restricted.then(|| self.restricted.clone());
            return Plan { open, restricted, restricted_first: true };
        }
        if !torn && !touches_restricted {
            let open = OpenPayload { at: at.into(), before: at.into(), ..self.open.clone() };
            return Plan { open, restricted: None, restricted_first: false };
        }
        // Of a batch that is applied in several portions only the last moves on: cut off before, all of them come again.
        let moves_on = at.sequence > self.position().sequence;
        let pair = at.sequence.max(self.restricted.pair + 1);
        let open = OpenPayload {
            at: at.into(),
            before: self.position().into(),
            pair,
            torn_until: if moves_on { at.sequence } else { at.sequence + 1 },
            ..self.open.clone()
        };
        let restricted = RestrictedPayload { pair, ..self.restricted.clone() };
        Plan { open, restricted: Some(restricted), restricted_first: false }
    }

    /// The payloads once a plan is carried out; `narrowed` says whether a record leaves the open half for the other.
    pub(crate) fn after(&self, plan: &Plan, narrowed: bool) -> Self {
        let restricted = plan.restricted.clone().unwrap_or_else(|| self.restricted.clone());
        Self {
            open: OpenPayload { unpurged: self.open.unpurged || narrowed, ..plan.open.clone() },
            restricted,
        }
    }

    /// As texts for the commits: open, restricted.
    pub(crate) fn encode(&self) -> Result<(String, String), serde_json::Error> {
        Ok((serde_json::to_string(&self.open)?, serde_json::to_string(&self.restricted)?))
    }
}

/// Reads a payload; its version comes first, because the rest may have changed with it.
fn decode<T: for<'de> Deserialize<'de>>(text: Option<&str>) -> Result<T, RebuildReason> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let text = text.ok_or_else(|| RebuildReason::Corrupt("a commit without payload".to_owned()))?;
    let unreadable = |error: serde_json::Error| RebuildReason::Corrupt(format!("payload: {error}"));
    let Versioned { version } = serde_json::from_str(text).map_err(unreadable)?;
    if version != VERSION {
        return Err(RebuildReason::OtherVersion { found: version, expected: VERSION });
    }
    serde_json::from_str(text).map_err(unreadable)
}

impl From<Position> for WrittenPosition {
    fn from(position: Position) -> Self {
        Self { sequence: position.sequence, hash: position.entry_hash }
    }
}

impl From<WrittenPosition> for Position {
    fn from(position: WrittenPosition) -> Self {
        Self { sequence: position.sequence, entry_hash: position.hash }
    }
}
