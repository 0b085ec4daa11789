//! Reading the trail: for the index that follows it, for the activity of a record, for bundles.

use nevertwice_domain::id::{PersonId, RequestId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::time::Timestamp;
use nevertwice_trail::Frontier;
use uuid::Uuid;

use crate::engine::{Row, Tx};
use crate::error::StoreError;

statements! {
    /// What changed after a sequence. A leaf holds names of fields, and nothing that anybody wrote.
    CHANGED = r#"SELECT seq, kind, object_id,
                 (leaf LIKE '%"cases/restricted"%' OR leaf LIKE '%"cases/readers"%') AS access
                 FROM trail_entries WHERE seq > $1 ORDER BY seq LIMIT $2"#;
    /// The hash of an entry.
    HASH = "SELECT leaf_hash FROM trail_entries WHERE seq = $1";
    /// The entries of a record, the last first.
    ACTIVITY = "SELECT seq, at, kind, object_id, action, actor_id, request_id, leaf, leaf_hash, disclosures
                FROM trail_entries WHERE object_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    /// Every entry, in order.
    pub(crate) EVERY = "SELECT seq, at, kind, object_id, action, actor_id, request_id, leaf, leaf_hash, disclosures
             FROM trail_entries ORDER BY seq";
    /// Every hash, in order.
    HASHES = "SELECT leaf_hash FROM trail_entries ORDER BY seq";
}

/// A stored entry.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// Its place, from 1.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of aggregate.
    pub kind: ObjectKind,
    /// The aggregate.
    pub object_id: Uuid,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: PersonId,
    /// The request that caused it.
    pub request: RequestId,
    /// The leaf's bytes: canonical JSON.
    pub leaf: String,
    /// The leaf's RFC 6962 hash.
    pub leaf_hash: [u8; 32],
    /// The values and salts beside it.
    pub disclosures: String,
}

/// What the index has to look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The entry.
    pub sequence: u64,
    /// The kind of aggregate that changed.
    pub kind: ObjectKind,
    /// The aggregate that changed.
    pub object_id: Uuid,
    /// Whether it was said who may know of it.
    pub access: bool,
}

/// How many entries there are.
///
/// # Errors
/// What the database reports.
pub fn sequence(tx: &mut Tx) -> Result<u64, StoreError> {
    Ok(super::head(tx)?.sequence)
}

/// The right edge of the tree and the time of the last entry.
///
/// # Errors
/// What the database reports.
pub fn frontier(tx: &mut Tx) -> Result<(Frontier, Option<Timestamp>), StoreError> {
    let head = super::head(tx)?;
    Ok((head.frontier, head.at))
}

/// The next changes after a sequence, at most `limit`.
///
/// # Errors
/// What the database reports.
pub fn changed_after(tx: &mut Tx, sequence: u64, limit: u32) -> Result<Vec<Changed>, StoreError> {
    super::settle(tx)?;
    let rows = tx.query(CHANGED, &params![sequence, limit])?;
    rows.iter()
        .map(|row| {
            Ok(Changed {
                sequence: row.get("seq")?,
                kind: kind_of(row)?,
                object_id: row.get("object_id")?,
                access: row.get("access")?,
            })
        })
        .collect()
}

/// The hash of an entry, if there is one.
///
/// # Errors
/// What the database reports.
pub fn entry_hash(tx: &mut Tx, sequence: u64) -> Result<Option<[u8; 32]>, StoreError> {
    super::settle(tx)?;
    tx.query_opt(HASH, &params![sequence])?.map(|row| row.get("leaf_hash")).transpose()
}

/// The entries of a record before a sequence, the last first.
///
/// # Errors
/// What the database reports.
pub fn activity(tx: &mut Tx, object: Uuid, before: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
    // One more than any sequence fits the column.
    let before = before.min(1 << 53);
    super::settle(tx)?;
    tx.query(ACTIVITY, &params![object, before, limit])?.into_iter().map(stored).collect()
}

/// Every entry, handed over one by one.
///
/// # Errors
/// What the database or `each` reports.
pub fn every<E: From<StoreError>>(
    tx: &mut Tx,
    mut each: impl FnMut(StoredEntry) -> Result<(), E>,
) -> Result<(), E> {
    super::settle(tx)?;
    tx.for_each(EVERY, &[], |row| each(stored(row)?))
}

/// Every leaf hash, in order: 32 bytes an entry.
///
/// # Errors
/// What the database reports.
pub fn hashes(tx: &mut Tx) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut hashes = Vec::new();
    super::settle(tx)?;
    tx.for_each(HASHES, &[], |row| {
        hashes.push(row.get("leaf_hash")?);
        Ok::<_, StoreError>(())
    })?;
    Ok(hashes)
}

pub(super) fn stored(mut row: Row) -> Result<StoredEntry, StoreError> {
    Ok(StoredEntry {
        sequence: row.get("seq")?,
        at: row.get("at")?,
        kind: kind_of(&row)?,
        object_id: row.get("object_id")?,
        action: row.take("action")?,
        actor: row.get("actor_id")?,
        request: row.get("request_id")?,
        leaf: row.take("leaf")?,
        leaf_hash: row.get("leaf_hash")?,
        disclosures: row.take("disclosures")?,
    })
}

fn kind_of(row: &Row) -> Result<ObjectKind, StoreError> {
    row.get::<String>("kind")?.parse().map_err(|error| row.corrupt("kind", error))
}
