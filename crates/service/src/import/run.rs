//! A run: batches of rows, each one durable unit; cut off anywhere, it goes on where it was.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::RequestId;
use nevertwice_domain::import::ImportRun;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::PlannedRow;
use nevertwice_store::{counter, import as imports, settings};
use sha2::{Digest, Sha256};

use super::batch::{self, Batch};
use super::fates::Gaps;
use super::people::Known;
use super::rules::{self, Rules};
use super::source::{PlannedRows, Source};
use crate::error::ServiceError;
use crate::folder::cannot;
use crate::use_case::{Asked, Progress};

/// Rows of one unit of work. Fixed, so that a run that was cut off has the same units as one that was not.
pub(super) const BATCH: usize = 500;

/// The file of an import.
pub(super) struct ImportedFile {
    name: Line,
    sha256: Sha256Text,
}

impl ImportedFile {
    /// Name and hash of a file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn read(path: &Path) -> Result<Self, ServiceError> {
        let mut hash = Sha256::new();
        hash_file(&mut hash, path)?;
        Ok(Self { name: file_name(path)?, sha256: Sha256Text::from_digest(&hash.finalize().into()) })
    }

    /// Name of a folder and hash over the names and contents of its files.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub(super) fn read_folder(path: &Path, files: &[PathBuf]) -> Result<Self, ServiceError> {
        let mut hash = Sha256::new();
        for file in files {
            let mut own = Sha256::new();
            hash_file(&mut own, file)?;
            // Both have a fixed length, so that no two folders are written alike.
            hash.update(Sha256::digest(file.file_name().unwrap_or_default().as_encoded_bytes()));
            hash.update(own.finalize());
        }
        Ok(Self { name: file_name(path)?, sha256: Sha256Text::from_digest(&hash.finalize().into()) })
    }
}

fn file_name(path: &Path) -> Result<Line, ServiceError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Line::parse(&name).map_err(|error| ServiceError::invalid("file", "import.file_name", error))
}

fn hash_file(hash: &mut Sha256, path: &Path) -> Result<(), ServiceError> {
    let mut file = File::open(path).map_err(|error| cannot("read", path, &error))?;
    std::io::copy(&mut file, &mut Hashing(hash)).map_err(|error| cannot("read", path, &error))?;
    Ok(())
}

struct Hashing<'h>(&'h mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs an import to its end; gives its gaps too, unless a part of it was done before.
///
/// # Errors
/// A question is open, a row cannot be read at all, a run of this file was cut off that had other rules, or what the store
/// reports; what was committed before stays, and the next call goes on from there.
pub(super) fn run(
    asked: &Asked<'_>,
    source: &mut dyn Source,
    file: &ImportedFile,
    rules: &Rules,
) -> Result<(ImportRun, Option<Gaps>), ServiceError> {
    // Planning refuses for an open question; nothing is begun then.
    drop(source.rows()?);
    let columns = Arc::new(source.columns());
    let total = source.total();
    let profile = source.profile()?;
    let fields = batch::define_fields(asked, source.fields())?;
    let (begun, last_row) = begin(asked, source.name(), &profile, file, rules)?;
    let request: RequestId = asked.service.moment().id();
    let rows = source.rows()?;
    // The next rows are read while these are written; the channel holds one portion, so that reading does not run ahead.
    let (sender, portions) = mpsc::sync_channel(1);
    let written = thread::scope(|scope| {
        scope.spawn(move || send_portions(rows, last_row, &sender));
        let mut current = begun;
        let mut known = Known::default();
        let mut gaps = Gaps::default();
        // Leaving early drops the receiver, and that ends the reading.
        for portion in portions {
            let batch = Batch {
                rows: Arc::new(portion?),
                run: current,
                profile: profile.clone(),
                columns: Arc::clone(&columns),
                fields: Arc::clone(&fields),
                known,
                update: rules.update,
            };
            let done = asked
                .service
                .write_alone(asked.identity, "import_rows", request, move |unit| batch.write(unit))?;
            (current, known) = (done.value.run, done.value.known);
            gaps.merge(&done.value.gaps);
            (asked.progress)(Progress { done: current.read_count, total });
        }
        Ok::<_, ServiceError>((current, gaps))
    })?;
    let (run, gaps) = written;
    Ok((finish(asked, run)?, (last_row == 0).then_some(gaps)))
}

/// Plans the rows after `last_row` and sends them in portions; ends early when nobody takes them any more.
fn send_portions(
    rows: PlannedRows<'_>,
    last_row: u64,
    portions: &SyncSender<Result<Vec<PlannedRow>, ServiceError>>,
) {
    let mut rows = rows.skip_while(|row| row.as_ref().is_ok_and(|row| row.row_number <= last_row));
    loop {
        let portion: Result<Vec<PlannedRow>, _> = rows.by_ref().take(BATCH).collect();
        let is_last = portion.as_ref().map_or(true, |rows| rows.len() < BATCH);
        let is_empty = portion.as_ref().is_ok_and(Vec::is_empty);
        if !is_empty && portions.send(portion).is_err() || is_last {
            return;
        }
    }
}

/// Begins a run, or takes up the one of this file that was cut off; with the last row that it dealt with.
fn begin(
    asked: &Asked<'_>,
    source: &'static str,
    shape: &Line,
    file: &ImportedFile,
    rules: &Rules,
) -> Result<(ImportRun, u64), ServiceError> {
    let (shape, name, sha256) = (shape.clone(), file.name.clone(), file.sha256.clone());
    let profile = rules.profile(&shape)?;
    let done = asked.service.write(asked.identity, "begin_import", move |unit| {
        unit.caller.may(Verb::Import)?;
        let all = imports::runs(unit.tx)?;
        if let Some(cut_off) = all.iter().find(|run| rules::is_cut_off(run, &shape, &sha256)) {
            if !rules::are_same(&cut_off.profile, &profile) {
                return Err(rules::refusal(cut_off, &profile));
            }
            if let Some(unfinished) = imports::unfinished(unit.tx, &cut_off.profile, &sha256)? {
                return Ok(unfinished);
            }
        }
        let zone = settings::get(unit.tx)?.time_zone.zone();
        let run = ImportRun {
            id: unit.moment.id(),
            version: 0,
            reference: counter::next::<ImportRef>(unit.tx, unit.moment.at.date_in(&zone).year())?,
            source: Line::parse(source).map_err(ServiceError::internal)?,
            profile: profile.clone(),
            file_name: name.clone(),
            file_sha256: sha256.clone(),
            started_at: unit.moment.at,
            finished_at: None,
            started_by: unit.caller.id(),
            read_count: 0,
            created_count: 0,
            changed_count: 0,
            skipped_count: 0,
            rejected_count: 0,
            undone_reason: None,
            undone_at: None,
        };
        imports::insert_run(unit.tx, &run)?;
        Ok((run, 0))
    })?;
    Ok(done.value)
}

fn finish(asked: &Asked<'_>, run: ImportRun) -> Result<ImportRun, ServiceError> {
    let done = asked.service.write(asked.identity, "finish_import", move |unit| {
        batch::expect_running(unit, &run)?;
        let after = ImportRun { finished_at: Some(unit.moment.at), ..run.clone() };
        Ok(imports::save_run(unit.tx, &run, after)?)
    })?;
    Ok(done.value)
}
