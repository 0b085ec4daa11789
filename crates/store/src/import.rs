//! Import runs, the fates of their rows, and remembered mappings.

use std::cmp::Reverse;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::CostLine;
use nevertwice_domain::id::{CaseId, ImportRunId, PersonId};
use nevertwice_domain::import::{Fate, ImportRow, ImportRun};
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Timestamp;

use crate::engine::{Row, TableDef, ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record;

statements! {
    /// Every run, the last first.
    RUNS = "SELECT id, version, reference, source, profile, file_name, file_sha256, started_at, finished_at,
            started_by, read_count, created_count, changed_count, skipped_count, rejected_count, undone_reason,
            undone_at FROM import_runs ORDER BY reference DESC";
    /// One run.
    RUN = "SELECT id, version, reference, source, profile, file_name, file_sha256, started_at, finished_at,
           started_by, read_count, created_count, changed_count, skipped_count, rejected_count, undone_reason,
           undone_at FROM import_runs WHERE reference = $1";
    /// The run of a file that was cut off.
    UNFINISHED = "SELECT id, version, reference, source, profile, file_name, file_sha256, started_at, finished_at,
                  started_by, read_count, created_count, changed_count, skipped_count, rejected_count, undone_reason,
                  undone_at FROM import_runs
                  WHERE profile = $1 AND file_sha256 = $2 AND finished_at IS NULL AND undone_at IS NULL
                  ORDER BY reference DESC LIMIT 1";
    /// The last row that a run dealt with.
    LAST_ROW = "SELECT max(row_number) AS row_number FROM import_rows WHERE run_id = $1";
    /// The rows of a run.
    ROWS = "SELECT run_id, row_number, origin_reference, row_hash, fate, reason, case_id
            FROM import_rows WHERE run_id = $1 ORDER BY row_number";
    /// Earlier rows of some contents whose cases are not void.
    BY_HASHES = "SELECT r.run_id, r.row_number, r.profile, r.origin_reference, r.row_hash, r.fate, r.reason, r.case_id
                 FROM import_rows r WHERE r.row_hash IN ($*) AND r.case_id IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM cases c WHERE c.id = r.case_id AND c.state = 'void')";
    /// Earlier rows of some original references whose cases are not void.
    BY_REFERENCES = "SELECT r.run_id, r.row_number, r.profile, r.origin_reference, r.row_hash, r.fate, r.reason,
                     r.case_id FROM import_rows r WHERE r.origin_reference IN ($*) AND r.case_id IS NOT NULL
                     AND r.fate IN ('created', 'changed') AND NOT EXISTS
                     (SELECT 1 FROM cases c WHERE c.id = r.case_id AND c.state = 'void')";
    /// The next rows of a run after one.
    ROWS_AFTER = "SELECT run_id, row_number, origin_reference, row_hash, fate, reason, case_id
                  FROM import_rows WHERE run_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3";
    /// The next rows of a run that became cases.
    CREATED_AFTER = "SELECT row_number, case_id FROM import_rows
                     WHERE run_id = $1 AND fate = 'created' AND row_number > $2 ORDER BY row_number LIMIT $3";
    /// A remembered mapping.
    MAPPING = "SELECT mapping FROM import_profiles WHERE profile = $1";
    /// Remembers a mapping.
    REMEMBER = "INSERT INTO import_profiles (profile, mapping, saved_at) VALUES ($1, $2, $3)
                ON CONFLICT (profile) DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at";
}

record!(ImportRun as "import_runs" of ImportRun by id [] {
    id: ImportRunId, version: u64, reference: ImportRef, source: Line, profile: Line, file_name: Line,
    file_sha256: Sha256Text, started_at: Timestamp, finished_at: Option<Timestamp>, started_by: PersonId,
    read_count: u64, created_count: u64, changed_count: u64, skipped_count: u64, rejected_count: u64,
    undone_reason: Option<Prose>, undone_at: Option<Timestamp>,
});

/// The fates of rows.
pub(crate) static ROW_TABLE: TableDef = TableDef {
    name: "import_rows",
    columns: &[
        "run_id",
        "row_number",
        "profile",
        "origin_reference",
        "row_hash",
        "fate",
        "reason",
        "case_id",
    ],
};

/// Every run, the last first.
///
/// # Errors
/// What the database reports.
pub fn runs(tx: &mut Tx) -> Result<Vec<ImportRun>, StoreError> {
    record::select(tx, RUNS, &[])
}

/// A run by reference.
///
/// # Errors
/// What the database reports.
pub fn run(tx: &mut Tx, reference: ImportRef) -> Result<Option<ImportRun>, StoreError> {
    record::select_opt(tx, RUN, &params![reference])
}

/// The run of the same file that was cut off, with the last row that it dealt with.
///
/// # Errors
/// What the database reports.
pub fn unfinished(
    tx: &mut Tx,
    profile: &Line,
    file: &Sha256Text,
) -> Result<Option<(ImportRun, u64)>, StoreError> {
    let Some(run) = record::select_opt::<ImportRun>(tx, UNFINISHED, &params![profile, file])? else {
        return Ok(None);
    };
    let last: Option<u64> = tx.query_one(LAST_ROW, &params![run.id])?.get("row_number")?;
    Ok(Some((run, last.unwrap_or(0))))
}

/// Adds a run.
///
/// # Errors
/// What the database reports.
pub fn insert_run(tx: &mut Tx, run: &ImportRun) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(run), run.version)
}

/// Changes a run.
///
/// # Errors
/// [`StoreError::Conflict`] if it is not any more what it was; what the database reports.
pub fn save_run(tx: &mut Tx, before: &ImportRun, mut after: ImportRun) -> Result<ImportRun, StoreError> {
    // A run lasts for many units, and between two of them somebody may take it back.
    if run(tx, before.reference)?.is_none_or(|now| now.version != before.version) {
        return Err(StoreError::Conflict { what: before.reference.to_string() });
    }
    after.version = before.version + 1;
    record::update(tx, before, &after, after.version)?;
    Ok(after)
}

/// Notes the fates of rows.
///
/// # Errors
/// What the database reports.
pub fn add_rows(tx: &mut Tx, profile: &Line, rows: &[ImportRow]) -> Result<(), StoreError> {
    let values = rows.iter().map(|row| {
        vec![
            row.run_id.to_value(),
            row.row_number.to_value(),
            profile.to_value(),
            row.origin_reference.to_value(),
            row.row_hash.to_value(),
            row.fate.to_value(),
            row.reason.to_value(),
            row.case_id.to_value(),
        ]
    });
    tx.insert_rows(&ROW_TABLE, ROW_TABLE.columns, values.collect::<Vec<Vec<Value>>>()).map(drop)
}

/// The fates of a run's rows, handed over one by one.
///
/// # Errors
/// What the database or `each` reports.
pub fn rows<E: From<StoreError>>(
    tx: &mut Tx,
    run: ImportRunId,
    mut each: impl FnMut(ImportRow) -> Result<(), E>,
) -> Result<(), E> {
    tx.for_each(ROWS, &params![run], |row| each(import_row(&row)?))
}

/// Earlier rows of the same contents whose cases are not void, the last first.
///
/// # Errors
/// What the database reports.
pub fn rows_by_hashes(
    tx: &mut Tx,
    profile: &Line,
    hashes: &[Sha256Text],
) -> Result<Vec<ImportRow>, StoreError> {
    let list: Vec<Value> = hashes.iter().map(ToValue::to_value).collect();
    of_profile(&tx.query_list(BY_HASHES, &list)?, profile)
}

/// Earlier rows of the same original references that became or changed a case which is not void, the last first. What a
/// run changed stays changed when the run is taken back, so its rows count; the cases that it created are void then.
///
/// # Errors
/// What the database reports.
pub fn rows_by_references(
    tx: &mut Tx,
    profile: &Line,
    references: &[String],
) -> Result<Vec<ImportRow>, StoreError> {
    let list: Vec<Value> = references.iter().map(ToValue::to_value).collect();
    of_profile(&tx.query_list(BY_REFERENCES, &list)?, profile)
}

/// Rows of one shape of file, the last first. The list is the statement's only parameter, so the profile is compared here;
/// and a statement that had to put rows in order might be answered by walking through all of them in that order.
fn of_profile(rows: &[Row], profile: &Line) -> Result<Vec<ImportRow>, StoreError> {
    let mut own = Vec::with_capacity(rows.len());
    for row in rows {
        if row.get::<String>("profile")? == profile.as_str() {
            own.push(import_row(row)?);
        }
    }
    own.sort_unstable_by_key(|row| Reverse((row.run_id, row.row_number)));
    Ok(own)
}

/// The next rows of a run after row `after`, at most `limit`, in order.
///
/// # Errors
/// What the database reports.
pub fn rows_after(
    tx: &mut Tx,
    run: ImportRunId,
    after: u64,
    limit: u32,
) -> Result<Vec<ImportRow>, StoreError> {
    tx.query(ROWS_AFTER, &params![run, after, limit])?.iter().map(import_row).collect()
}

/// The cases that a run created of rows after row `after`, at most `limit`, each with its row, in order.
///
/// # Errors
/// What the database reports.
pub fn cases_created_after(
    tx: &mut Tx,
    run: ImportRunId,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, CaseId)>, StoreError> {
    let rows = tx.query(CREATED_AFTER, &params![run, after, limit])?;
    rows.iter().map(|row| Ok((row.get("row_number")?, row.get("case_id")?))).collect()
}

/// Changes a cost line that an import made.
///
/// # Errors
/// What the database reports.
pub fn save_cost(tx: &mut Tx, before: &CostLine, after: &CostLine, revision: u64) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)
}

/// The mapping remembered for a profile.
///
/// # Errors
/// What the database reports.
pub fn mapping(tx: &mut Tx, profile: &Line) -> Result<Option<String>, StoreError> {
    tx.query_opt(MAPPING, &params![profile])?.map(|row| row.get("mapping")).transpose()
}

/// Remembers the mapping of a profile.
///
/// # Errors
/// What the database reports.
pub fn remember_mapping(tx: &mut Tx, profile: &Line, mapping: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.exec_one(REMEMBER, &params![profile, mapping, at])
}

fn import_row(row: &Row) -> Result<ImportRow, StoreError> {
    Ok(ImportRow {
        run_id: row.get("run_id")?,
        row_number: row.get("row_number")?,
        origin_reference: row.get("origin_reference")?,
        row_hash: row.get("row_hash")?,
        fate: row.get::<Fate>("fate")?,
        reason: row.get("reason")?,
        case_id: row.get("case_id")?,
    })
}
