//! Reading the trail: for the index that follows it, for the activity of a record, for bundles.

use std::collections::BTreeSet;

use nevertwice_domain::id::{PersonId, RequestId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::time::Timestamp;
use nevertwice_trail::{Disclosure, Disclosures, Entry, Frontier};
use uuid::Uuid;

use crate::engine::{Row, ToValue, Tx, Value};
use crate::error::StoreError;

statements! {
    /// What changed after a sequence. A leaf holds names of fields, and nothing that anybody wrote.
    CHANGED = r#"SELECT seq, kind, object_id,
                 (leaf LIKE '%"cases/restricted"%' OR leaf LIKE '%"cases/readers"%') AS access
                 FROM trail_entries WHERE seq > $1 ORDER BY seq LIMIT $2"#;
    /// The hash of an entry.
    HASH = "SELECT leaf_hash FROM trail_entries WHERE seq = $1";
    /// The entries of a record, the last first, without what was written.
    ACTIVITY = "SELECT seq, at, action, actor_id, leaf FROM trail_entries
                WHERE object_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    /// Of every case that a case was ever a part of, the entry that said so.
    PARENTS = r#"SELECT seq, disclosures FROM trail_entries
                 WHERE object_id = $1 AND leaf LIKE '%"cases/part_of"%' ORDER BY seq"#;
    /// Who changed what of some records.
    HANDS = "SELECT object_id, actor_id, leaf, disclosures FROM trail_entries WHERE object_id IN ($*) ORDER BY seq";
    /// The same of the words of lessons alone.
    LESSON_HANDS = r#"SELECT object_id, actor_id, leaf, disclosures FROM trail_entries WHERE object_id IN ($*)
                      AND (leaf LIKE '%"lessons/statement"%' OR leaf LIKE '%"lessons/detail"%') ORDER BY seq"#;
    /// The same of the owners of actions alone.
    OWNER_HANDS = r#"SELECT object_id, actor_id, leaf, disclosures FROM trail_entries WHERE object_id IN ($*)
                     AND leaf LIKE '%"actions/owner_id"%' ORDER BY seq"#;
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

/// What was done to a record, without the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The place of the entry, from 1.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: PersonId,
    /// Table and column of every value that changed.
    pub fields: BTreeSet<(String, String)>,
}

/// One entry as far as it tells who had a hand in a record.
#[derive(Debug, Clone)]
pub struct Hand {
    /// The record.
    pub object_id: Uuid,
    /// Who made the change.
    pub actor: PersonId,
    /// Table and column of every value that changed.
    pub fields: BTreeSet<(String, String)>,
    values: Disclosures,
}

impl Hand {
    /// Whether a column of a table changed, of whichever row.
    #[must_use]
    pub fn changed(&self, table: &str, column: &str) -> bool {
        self.fields.iter().any(|(its_table, its_column)| its_table == table && its_column == column)
    }

    /// Whether anything of a table changed.
    #[must_use]
    pub fn touched(&self, table: &str) -> bool {
        self.fields.iter().any(|(its_table, _)| its_table == table)
    }

    /// The person who was written into a field such as `actions/owner_id`, unless that was erased.
    #[must_use]
    pub fn person(&self, field: &str) -> Option<PersonId> {
        match self.values.get(field)? {
            Disclosure::Open { value: serde_json::Value::String(id), .. } => id.parse().ok(),
            _ => None,
        }
    }
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
/// What the database reports; [`StoreError::Corrupt`] for a leaf that this program never wrote.
pub fn activity(tx: &mut Tx, object: Uuid, before: u64, limit: u32) -> Result<Vec<Activity>, StoreError> {
    // One more than any sequence fits the column.
    let before = before.min(1 << 53);
    super::settle(tx)?;
    tx.query(ACTIVITY, &params![object, before, limit])?.iter().map(activity_of).collect()
}

fn activity_of(row: &Row) -> Result<Activity, StoreError> {
    Ok(Activity {
        sequence: row.get("seq")?,
        at: row.get("at")?,
        action: row.get("action")?,
        actor: row.get("actor_id")?,
        fields: changed_fields(row)?,
    })
}

fn changed_fields(row: &Row) -> Result<BTreeSet<(String, String)>, StoreError> {
    let leaf: String = row.get("leaf")?;
    let entry = Entry::parse(leaf.as_bytes()).map_err(|error| row.corrupt("leaf", error))?;
    Ok(entry.values().iter().filter_map(|value| changed_field(&value.field)).collect())
}

/// Table and column of a field's name; the keys between them say which row, and perhaps of which other record.
fn changed_field(field: &str) -> Option<(String, String)> {
    let (table, rest) = field.split_once('/')?;
    let column = rest.rsplit('/').next()?;
    Some((table.to_owned(), column.to_owned()))
}

/// Every case that a case was ever a part of, as far as that was not erased.
///
/// # Errors
/// As [`activity`].
pub fn parents_ever(tx: &mut Tx, case: Uuid) -> Result<Vec<Uuid>, StoreError> {
    super::settle(tx)?;
    let mut parents = Vec::new();
    for row in tx.query(PARENTS, &params![case])? {
        let text: String = row.get("disclosures")?;
        let disclosed =
            Disclosures::decode(text.as_bytes()).map_err(|error| row.corrupt("disclosures", error))?;
        if let Some(Disclosure::Open { value: serde_json::Value::String(id), .. }) =
            disclosed.get("cases/part_of")
        {
            parents.push(id.parse().map_err(|error| row.corrupt("disclosures", error))?);
        }
    }
    Ok(parents)
}

/// Which entries [`hands`] gives: reading those that tell nothing costs more than finding out that they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandsOn {
    /// All of them.
    Everything,
    /// Those with `lessons/statement` or `lessons/detail`.
    LessonWords,
    /// Those with `actions/owner_id`.
    ActionOwners,
}

/// Who changed what of some records, of each the earliest first.
///
/// # Errors
/// As [`activity`].
pub fn hands(tx: &mut Tx, on: HandsOn, objects: &[Uuid]) -> Result<Vec<Hand>, StoreError> {
    entries_on(tx, on, objects)?.iter().map(hand_of).collect()
}

/// Those of [`hands`] that a person did or is named in: taking the others apart is most of the work.
///
/// # Errors
/// As [`activity`].
pub fn hands_of(
    tx: &mut Tx,
    on: HandsOn,
    person: PersonId,
    objects: &[Uuid],
) -> Result<Vec<Hand>, StoreError> {
    let name = person.to_string();
    let mut hands = Vec::new();
    for row in entries_on(tx, on, objects)? {
        if row.get::<PersonId>("actor_id")? == person || row.get::<String>("disclosures")?.contains(&name) {
            hands.push(hand_of(&row)?);
        }
    }
    Ok(hands)
}

fn entries_on(tx: &mut Tx, on: HandsOn, objects: &[Uuid]) -> Result<Vec<Row>, StoreError> {
    super::settle(tx)?;
    let list: Vec<Value> = objects.iter().map(ToValue::to_value).collect();
    let statement = match on {
        HandsOn::Everything => HANDS,
        HandsOn::LessonWords => LESSON_HANDS,
        HandsOn::ActionOwners => OWNER_HANDS,
    };
    tx.query_list(statement, &list)
}

fn hand_of(row: &Row) -> Result<Hand, StoreError> {
    let text: String = row.get("disclosures")?;
    let values = Disclosures::decode(text.as_bytes()).map_err(|error| row.corrupt("disclosures", error))?;
    Ok(Hand {
        object_id: row.get("object_id")?,
        actor: row.get("actor_id")?,
        fields: changed_fields(row)?,
        values,
    })
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
