//! Comparing the live store with its trail: a row changed behind the program's back is named with table and reference.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_trail::{Disclosure, Disclosures, Entry, Frontier, Hash, ObjectState, leaf_hash};
use serde_json::Value as Json;
use uuid::Uuid;

use super::read::{self, StoredEntry};
use crate::archive::is_withheld;
use crate::engine::{Row, ToValue, Tx, Value};
use crate::error::StoreError;
use crate::inventory::RECORDS;
use crate::record::RecordDef;

statements! {
    /// The next entries, those of one aggregate after the other. They are walked in the order of an index: a list of
    /// aggregates to look up would have the database plan anew, and read more, for each portion.
    BY_OBJECT = "SELECT seq, at, kind, object_id, action, actor_id, request_id, leaf, leaf_hash, disclosures
                 FROM trail_entries WHERE (object_id, seq) > ($1, $2) ORDER BY object_id, seq LIMIT $3";
}

/// Entries read at once.
const PORTION: u32 = 2_048;

/// One thing that is not as the trail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table, or `trail_entries` for the trail itself.
    pub table: String,
    /// The record's reference, or its id where it has none.
    pub reference: String,
    /// What is wrong.
    pub detail: String,
}

/// What a verification looked at and found.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// Entries of the trail.
    pub entry_count: u64,
    /// Aggregates compared.
    pub object_count: u64,
    /// Rows compared.
    pub row_count: u64,
    /// Values that were erased from the trail.
    pub erased_count: u64,
    /// The root of the tree, recomputed.
    pub root: Option<Hash>,
    /// What is wrong; empty when all is well.
    pub findings: Vec<Finding>,
}

/// Verifies the whole trail and every row of every trailed table against it. `progress` is told how many entries and
/// aggregates are done.
///
/// # Errors
/// What the database reports; what is wrong with the contents is a finding, not an error.
pub fn verify(tx: &mut Tx, progress: &mut dyn FnMut(u64)) -> Result<Verification, StoreError> {
    crate::settle(tx)?;
    let mut report = Verification::default();
    let part = verify_entries(tx, &mut report, progress);
    report.unless_corrupt("trail_entries", part)?;
    let part = verify_objects(tx, &mut report, progress);
    report.unless_corrupt("trail_entries", part)?;
    let part = verify_orphans(tx, &mut report);
    report.unless_corrupt("trail_entries", part)?;
    let part = verify_numbers(tx, &mut report);
    report.unless_corrupt("counters", part)?;
    Ok(report)
}

impl Verification {
    fn find(&mut self, table: &str, reference: impl std::fmt::Display, detail: impl std::fmt::Display) {
        self.findings.push(Finding {
            table: table.to_owned(),
            reference: reference.to_string(),
            detail: detail.to_string(),
        });
    }

    /// What the program never wrote is a finding too; the part of the verification that met it ends there.
    fn unless_corrupt(&mut self, table: &str, part: Result<(), StoreError>) -> Result<(), StoreError> {
        match part {
            Err(StoreError::Corrupt { place, detail }) => {
                self.find(table, place, detail);
                Ok(())
            }
            other => other,
        }
    }
}

/// The trail by itself: gapless, canonical, hashed as its head says.
fn verify_entries(
    tx: &mut Tx,
    report: &mut Verification,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let mut frontier = Frontier::new();
    let mut last_at = None;
    tx.for_each(read::EVERY, &[], |row| {
        let expected = report.entry_count + 1;
        let sequence: u64 = row.get("seq")?;
        if sequence != expected {
            let detail = format!("expected entry {expected}: one or more are missing");
            report.find("trail_entries", sequence, detail);
        }
        match read::stored(row) {
            Ok(entry) => {
                verify_entry(&entry, report);
                last_at = Some(entry.at);
                frontier.append(Hash::from_bytes(entry.leaf_hash));
            }
            Err(StoreError::Corrupt { detail, .. }) => report.find("trail_entries", sequence, detail),
            Err(error) => return Err(error),
        }
        report.entry_count = sequence;
        if report.entry_count.is_multiple_of(1_000) {
            progress(report.entry_count);
        }
        Ok::<_, StoreError>(())
    })?;
    report.root = Some(frontier.root());
    match super::head(tx) {
        Ok(head) if head.sequence != report.entry_count => {
            report.find(
                "trail_head",
                "seq",
                format!("says {}, found {} entries", head.sequence, report.entry_count),
            );
        }
        Ok(head) if head.frontier != frontier => {
            report.find("trail_head", "frontier", "is not the one that the entries give");
        }
        Ok(head) if head.at != last_at => {
            report.find("trail_head", "at", "is not the time of the last entry");
        }
        Ok(_) => {}
        Err(StoreError::Corrupt { place, detail }) => report.find("trail_head", place, detail),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn verify_entry(entry: &StoredEntry, report: &mut Verification) {
    let sequence = entry.sequence;
    if *leaf_hash(entry.leaf.as_bytes()).as_bytes() != entry.leaf_hash {
        report.find("trail_entries", sequence, "leaf_hash is not the hash of the leaf");
    }
    let leaf = match Entry::parse(entry.leaf.as_bytes()) {
        Ok(leaf) => leaf,
        Err(error) => return report.find("trail_entries", sequence, error),
    };
    let same = [
        ("seq", leaf.seq() == sequence),
        ("at", leaf.at().millis() == entry.at.millis()),
        ("kind", leaf.object().kind == entry.kind.as_str()),
        ("object_id", leaf.object().id == entry.object_id),
        ("action", leaf.action() == entry.action),
        ("actor_id", leaf.actor() == entry.actor.uuid()),
        ("request_id", leaf.request() == entry.request.uuid()),
    ];
    for (column, _) in same.iter().filter(|(_, same)| !same) {
        report.find("trail_entries", sequence, format!("{column} is not what the leaf says"));
    }
}

/// Every aggregate that the trail knows, in portions.
fn verify_objects(
    tx: &mut Tx,
    report: &mut Verification,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let mut walk = Walk { after: (Uuid::nil(), 0), unfinished: None };
    while let Some(portion) = walk.next(tx, report)? {
        let live = live_rows(tx, &portion, report)?;
        for told in &portion {
            report.object_count += 1;
            let Some(state) = &told.state else { continue };
            report.erased_count += state.erased().len() as u64;
            // Nothing in this program erases a value yet but an archive, which withholds those of tokens; whoever
            // did went behind its back.
            for (field, sequence) in state.erased().iter().filter(|(field, _)| !is_withheld(field)) {
                let detail =
                    format!("{field} in entry {sequence} was erased, but no entry records an erasure");
                report.find("trail_entries", &told.reference, detail);
            }
            compare(state, &told.reference, &told.kind, live.get(&told.id), report);
        }
        progress(report.entry_count + report.object_count);
    }
    Ok(())
}

/// What the trail says of one aggregate.
struct Told {
    id: Uuid,
    kind: String,
    /// Nothing when every entry of it is malformed.
    state: Option<ObjectState>,
    /// By which people know it.
    reference: String,
}

/// The trail, one aggregate after the other.
struct Walk {
    /// The aggregate and entry that were read last.
    after: (Uuid, u64),
    /// The aggregate whose entries may go on.
    unfinished: Option<Told>,
}

impl Walk {
    /// The next aggregates whose entries were all read; `None` at the end.
    fn next(&mut self, tx: &mut Tx, report: &mut Verification) -> Result<Option<Vec<Told>>, StoreError> {
        loop {
            let rows = tx.query(BY_OBJECT, &params![self.after.0, self.after.1, PORTION])?;
            if rows.is_empty() {
                return Ok(self.unfinished.take().map(|last| vec![last]));
            }
            let mut finished = Vec::new();
            for row in rows {
                let id: Uuid = row.get("object_id")?;
                self.after = (id, row.get("seq")?);
                let told = match self.unfinished.take() {
                    Some(told) if told.id == id => told,
                    other => {
                        finished.extend(other);
                        Told { id, kind: row.get("kind")?, state: None, reference: id.to_string() }
                    }
                };
                self.unfinished.insert(told).hear(row, report);
            }
            if !finished.is_empty() {
                return Ok(Some(finished));
            }
        }
    }
}

impl Told {
    /// Takes in the next entry. A malformed one was found by `verify_entries`.
    fn hear(&mut self, row: Row, report: &mut Verification) {
        let Ok(stored) = read::stored(row) else { return };
        let Ok(entry) = Entry::parse(stored.leaf.as_bytes()) else { return };
        let disclosures = match Disclosures::decode(stored.disclosures.as_bytes()) {
            Ok(disclosures) => disclosures,
            Err(error) => {
                return report.find("trail_entries", stored.sequence, format!("disclosures: {error}"));
            }
        };
        if let Some(known) = reference_in(&disclosures) {
            self.reference = known;
        }
        let state = self.state.get_or_insert_with(|| ObjectState::new(entry.object().clone()));
        match state.apply(&entry, &disclosures) {
            Ok(mismatches) => {
                for mismatch in mismatches {
                    report.find("trail_entries", stored.sequence, mismatch);
                }
            }
            Err(error) => report.find("trail_entries", stored.sequence, error),
        }
    }
}

/// The reference or name among the values of an entry.
fn reference_in(disclosures: &Disclosures) -> Option<String> {
    let of_column = |column: &str| {
        disclosures.iter().find_map(|(field, disclosure)| match disclosure {
            Disclosure::Open { value: Json::String(text), .. } if field.split_once('/')?.1 == column => {
                Some(text.clone())
            }
            _ => None,
        })
    };
    of_column("reference").or_else(|| of_column("name")).or_else(|| of_column("key"))
}

type Live = BTreeMap<Uuid, Vec<(String, Json)>>;

/// The rows of the aggregates as they are, as fields and values.
fn live_rows(tx: &mut Tx, portion: &[Told], report: &mut Verification) -> Result<Live, StoreError> {
    let ids: Vec<Value> = portion.iter().map(|told| told.id.to_value()).collect();
    let kinds: BTreeSet<&str> = portion.iter().map(|told| told.kind.as_str()).collect();
    let mut live = Live::new();
    for def in RECORDS.iter().filter(|def| kinds.contains(def.kind.as_str())) {
        for row in tx.query_list(&def.statements().of_objects, &ids)? {
            report.row_count += 1;
            let id = def.object_id(row.values())?;
            match def.commit_forms(row.values()) {
                Ok(fields) => live.entry(id).or_default().extend(fields),
                Err(error) => report.find(def.table.name, id, error),
            }
        }
    }
    Ok(live)
}

fn compare(
    state: &ObjectState,
    reference: &str,
    kind: &str,
    rows: Option<&Vec<(String, Json)>>,
    report: &mut Verification,
) {
    let Some(rows) = rows else {
        if let Some(mismatch) = state.compare_without_rows() {
            report.find(main_table(kind), reference, mismatch);
        }
        return;
    };
    let mismatches = state.compare(rows.iter().map(|(field, value)| (field.as_str(), value.clone())));
    let table = main_table(kind);
    if mismatches.is_empty()
        && let Some((_, version)) = rows.iter().find(|(field, _)| *field == format!("{table}/version"))
        && version.as_u64() != state.revision()
    {
        let revision = state.revision().unwrap_or_default();
        report.find(
            table,
            reference,
            format!("version is {version}, but the last entry has revision {revision}"),
        );
    }
    for mismatch in mismatches {
        let field = mismatch.fields().first().map_or("", String::as_str);
        let table = field.split('/').next().unwrap_or(kind).to_owned();
        report.find(&table, reference, mismatch);
    }
}

/// Rows of aggregates that the trail has never heard of.
fn verify_orphans(tx: &mut Tx, report: &mut Verification) -> Result<(), StoreError> {
    for def in RECORDS {
        for row in tx.query(&def.statements().orphans, &[])? {
            let reference = row.get::<String>("reference").unwrap_or_else(|_| def.key_of(row.values()));
            report.find(def.table.name, reference, "is stored, but no entry of the trail recorded it");
        }
    }
    Ok(())
}

/// References are gapless: as many rows as the counters gave out numbers, in each year and in all.
fn verify_numbers(tx: &mut Tx, report: &mut Verification) -> Result<(), StoreError> {
    let mut given: BTreeMap<&str, u64> = BTreeMap::new();
    for row in tx.query(crate::counter::COUNTERS, &[])? {
        let (prefix, year, last): (String, i64, u64) =
            (row.get("prefix")?, row.get("year")?, row.get("last_number")?);
        let start = if year == 0 { format!("{prefix}-") } else { format!("{prefix}-{year:04}-") };
        let Some(def) = RECORDS.iter().find(|def| def.prefix() == Some(prefix.as_str())) else {
            report.find("counters", prefix, "counts a kind of reference that this program does not know");
            continue;
        };
        *given.entry(def.table.name).or_default() += last;
        let found = count_references(tx, def, &start)?;
        if found != last {
            report.find(
                "counters",
                start,
                format!("gave out {last} numbers, found {found} records in {}", def.table.name),
            );
        }
    }
    for (def, prefix) in RECORDS.iter().filter_map(|def| Some((def, def.prefix()?))) {
        let given = given.get(def.table.name).copied().unwrap_or(0);
        // Of controls only the company's own are counted; those of the standard have its numbers.
        let found = count_references(tx, def, &format!("{prefix}-"))?;
        if found != given {
            report.find(
                "counters",
                prefix,
                format!("gave out {given} numbers in all, found {found} records in {}", def.table.name),
            );
        }
    }
    Ok(())
}

fn count_references(tx: &mut Tx, def: &RecordDef, start: &str) -> Result<u64, StoreError> {
    tx.query_one(&def.statements().count_references, &params![format!("{start}%")])?.get("n")
}

fn main_table(kind: &str) -> &'static str {
    RECORDS
        .iter()
        .find(|def: &&&RecordDef| def.key.is_empty() && def.kind.as_str() == kind)
        .map_or("trail_entries", |def| def.table.name)
}
