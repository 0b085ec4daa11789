//! Writing the trail: what a unit of work touched becomes one entry per aggregate, in the unit's own transaction.

use nevertwice_domain::id::{PersonId, RequestId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::time::Timestamp;
use nevertwice_trail::{At, Change, EntryDraft, Frontier, Object, Outcome, Salt, seal};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::engine::{JsonText, TableDef, ToValue, Tx, Value};
use crate::error::StoreError;

pub mod read;
pub mod verify;

statements! {
    /// The head: how many entries there are and the right edge of their tree.
    pub(crate) HEAD = "SELECT seq, frontier, at FROM trail_head WHERE id = 1";
    /// Moves the head.
    MOVE_HEAD = "UPDATE trail_head SET seq = $1, frontier = $2, at = $3 WHERE id = 1";
}

/// The entries, with what the index and a case's activity look them up by.
pub(crate) static ENTRIES: TableDef = TableDef {
    name: "trail_entries",
    columns: &[
        "seq",
        "at",
        "kind",
        "object_id",
        "action",
        "actor_id",
        "request_id",
        "leaf",
        "leaf_hash",
        "disclosures",
    ],
};

/// How far the clock may lie behind the last entry: one clock of several servers may be a little late.
const CLOCK_TOLERANCE_MILLIS: i64 = 5_000;

/// Who does what and when: what every entry of a unit says.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who acts.
    pub actor: PersonId,
    /// What is done, a snake_case word such as `complete_action`.
    pub action: &'static str,
    /// Now.
    pub at: Timestamp,
    /// The request that caused it.
    pub request: RequestId,
    /// 32 random bytes that the unit's salts are made of; never kept.
    pub seed: [u8; 32],
}

/// The last entry that a unit wrote: if it is in the trail, so is everything that was committed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    sequence: u64,
    leaf_hash: [u8; 32],
}

/// What a unit touched so far. Kept with the transaction; [`write`] turns it into entries when the unit is through.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    act: Option<Act>,
    objects: Vec<TouchedObject>,
    last: Option<Mark>,
}

#[derive(Debug)]
struct TouchedObject {
    kind: ObjectKind,
    id: Uuid,
    revision: u64,
    changes: Vec<Change>,
}

impl Touched {
    /// Adds the changes of a row to its aggregate's entry; a field set twice keeps its last value.
    pub(crate) fn record(
        tx: &mut Tx,
        kind: ObjectKind,
        id: Uuid,
        revision: u64,
        changes: impl IntoIterator<Item = Change>,
    ) {
        let touched = tx.context::<Self>();
        // Rows of one aggregate come one after another, and an import touches thousands: look at the last ones only
        // before making a new object; `merged` joins what was missed.
        let recent = touched.objects.len().saturating_sub(4);
        let found = touched.objects[recent..].iter().position(|o| o.id == id && o.kind == kind);
        let index = match found {
            Some(index) => recent + index,
            None => {
                touched.objects.push(TouchedObject { kind, id, revision, changes: Vec::new() });
                touched.objects.len() - 1
            }
        };
        let object = &mut touched.objects[index];
        object.revision = object.revision.max(revision);
        object.changes.extend(changes);
    }
}

/// Says who acts in this unit; everything that the unit changes is entered under this.
pub fn begin(tx: &mut Tx, act: Act) {
    tx.context::<Touched>().act = Some(act);
}

/// The sequence of the last entry that the unit wrote so far, or of the last one before it.
///
/// # Errors
/// What the database reports, or a change without an [`Act`].
pub fn flush(tx: &mut Tx) -> Result<u64, StoreError> {
    write(tx)?;
    match mark(tx) {
        Some(written) => Ok(written.sequence),
        None => Ok(head(tx)?.sequence),
    }
}

/// The last entry that the unit wrote so far, if it wrote one.
pub(crate) fn mark(tx: &mut Tx) -> Option<Mark> {
    tx.context::<Touched>().last
}

/// Whether the trail holds the entry of a mark.
///
/// # Errors
/// What the database reports.
pub(crate) fn holds(tx: &mut Tx, mark: Mark) -> Result<bool, StoreError> {
    Ok(read::entry_hash(tx, mark.sequence)? == Some(mark.leaf_hash))
}

/// Makes the entries of what was touched. Run at the end of every unit. They wait for [`settle`], so that the entries of
/// all units of a transaction cost one statement, and its head another.
pub(crate) fn write(tx: &mut Tx) -> Result<(), StoreError> {
    let touched = tx.context::<Touched>();
    if touched.objects.is_empty() {
        return Ok(());
    }
    let objects = merged(std::mem::take(&mut touched.objects));
    let Some(act) = touched.act.clone() else {
        return Err(broken("a trailed row was changed without saying who acts"));
    };
    // From here on a failure undoes the transaction: the entries of the units before are in our hands.
    tx.touch();
    let mut waiting = match tx.kept::<Waiting>().take() {
        Some(waiting) => waiting,
        None => Waiting { head: head(tx)?, rows: Vec::with_capacity(objects.len()) },
    };
    let at = not_before(act.at, waiting.head.at)?;
    waiting.head.at = Some(at);
    let mut salts = Salts { seed: act.seed, counter: waiting.head.sequence << 16 };
    let mut last = None;
    for object in objects {
        let (row, mark) = entry_row(&act, at, object, &mut waiting.head, &mut salts)?;
        waiting.rows.push(row);
        last = Some(mark);
    }
    *tx.kept() = Some(waiting);
    tx.context::<Touched>().last = last;
    Ok(())
}

/// Writes the entries that wait and moves the head. Run before COMMIT, and before the trail is read.
pub(crate) fn settle(tx: &mut Tx) -> Result<(), StoreError> {
    let Some(Waiting { head, rows }) = tx.kept::<Waiting>() else { return Ok(()) };
    let (head, rows) = (head.clone(), std::mem::take(rows));
    if rows.is_empty() {
        return Ok(());
    }
    tx.insert_rows(&ENTRIES, ENTRIES.columns, rows)?;
    tx.exec_one(MOVE_HEAD, &params![head.sequence, head.frontier.to_bytes(), head.at])
}

fn entry_row(
    act: &Act,
    at: Timestamp,
    object: TouchedObject,
    head: &mut Head,
    salts: &mut Salts,
) -> Result<(Vec<Value>, Mark), StoreError> {
    let TouchedObject { kind, id, revision, changes } = object;
    let sequence = head.sequence + 1;
    let draft = EntryDraft {
        at: At::from_millis(at.millis()).map_err(broken)?,
        actor: act.actor.uuid(),
        action: act.action.to_owned(),
        object: Object { kind: kind.as_str().to_owned(), id },
        revision,
        outcome: Outcome::Ok,
        request: act.request.uuid(),
        changes,
    };
    let sealed = seal(draft, sequence, &mut || salts.next()).map_err(broken)?;
    head.frontier.append(sealed.leaf_hash);
    head.sequence = sequence;
    let mark = Mark { sequence, leaf_hash: *sealed.leaf_hash.as_bytes() };
    let row = vec![
        sequence.to_value(),
        at.to_value(),
        kind.as_str().to_value(),
        id.to_value(),
        act.action.to_value(),
        act.actor.uuid().to_value(),
        act.request.uuid().to_value(),
        text(sealed.leaf_json)?.to_value(),
        sealed.leaf_hash.as_bytes().to_value(),
        JsonText(text(sealed.disclosures_json)?).0.to_value(),
    ];
    Ok((row, mark))
}

/// Entries of a transaction that are not in the table yet, and the head of the trail behind them.
struct Waiting {
    head: Head,
    rows: Vec<Vec<Value>>,
}

/// The head of the trail.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) sequence: u64,
    pub(crate) frontier: Frontier,
    pub(crate) at: Option<Timestamp>,
}

pub(crate) fn head(tx: &mut Tx) -> Result<Head, StoreError> {
    if let Some(waiting) = tx.kept::<Waiting>() {
        return Ok(waiting.head.clone());
    }
    let row = tx.query_one(HEAD, &[])?;
    let bytes: Vec<u8> = row.get("frontier")?;
    let frontier = if bytes.is_empty() {
        Frontier::new()
    } else {
        Frontier::from_bytes(&bytes).map_err(|error| row.corrupt("frontier", error))?
    };
    let sequence: u64 = row.get("seq")?;
    if frontier.size() != sequence {
        return Err(
            row.corrupt("frontier", format!("expected {sequence} entries, found {}", frontier.size()))
        );
    }
    Ok(Head { sequence, frontier, at: row.get("at")? })
}

/// Sets the head of a trail whose entries were brought back.
pub(crate) fn set_head(tx: &mut Tx, frontier: &Frontier, at: Option<Timestamp>) -> Result<(), StoreError> {
    *tx.kept::<Waiting>() = None;
    tx.exec_one(MOVE_HEAD, &params![frontier.size(), frontier.to_bytes(), at])
}

/// The time of the next entry: never before the last one.
fn not_before(now: Timestamp, last: Option<Timestamp>) -> Result<Timestamp, StoreError> {
    let Some(last) = last else { return Ok(now) };
    if last.millis() - now.millis() > CLOCK_TOLERANCE_MILLIS {
        return Err(StoreError::Unavailable {
            detail: format!(
                "the clock shows {now}, more than five seconds before the last entry of the trail at {last}; \
                 set the clock of this machine"
            ),
        });
    }
    Ok(now.max(last))
}

/// Joins what was recorded for one aggregate in several places, in order of first appearance.
fn merged(objects: Vec<TouchedObject>) -> Vec<TouchedObject> {
    let mut place = std::collections::HashMap::with_capacity(objects.len());
    let mut joined: Vec<TouchedObject> = Vec::with_capacity(objects.len());
    for object in objects {
        match place.entry((object.kind, object.id)) {
            std::collections::hash_map::Entry::Vacant(vacant) => {
                vacant.insert(joined.len());
                joined.push(object);
            }
            std::collections::hash_map::Entry::Occupied(occupied) => {
                let earlier = &mut joined[*occupied.get()];
                earlier.revision = earlier.revision.max(object.revision);
                earlier.changes.extend(object.changes);
            }
        }
    }
    for object in &mut joined {
        last_values(&mut object.changes);
    }
    joined
}

/// Keeps the last value of each field.
fn last_values(changes: &mut Vec<Change>) {
    changes.reverse();
    changes.sort_by(|one, other| one.field.cmp(&other.field));
    changes.dedup_by(|later, earlier| later.field == earlier.field);
}

/// Salts of a unit: SHA-256 over the unit's random seed and a counter, cut to 16 bytes. A unit that runs again makes
/// the same salts, so a retry writes the same bytes.
struct Salts {
    seed: [u8; 32],
    counter: u64,
}

impl Salts {
    fn next(&mut self) -> Salt {
        self.counter += 1;
        let digest =
            Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes()).finalize();
        let mut salt = [0; 16];
        salt.copy_from_slice(&digest[..16]);
        salt
    }
}

fn text(bytes: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(bytes).map_err(broken)
}

fn broken(detail: impl std::fmt::Display) -> StoreError {
    StoreError::Driver { statement: "trail".to_owned(), detail: detail.to_string() }
}

#[cfg(test)]
mod tests;
