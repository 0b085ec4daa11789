//! Writing an archive.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::permission::Verb;
use nevertwice_exchange::archive::{
    EVIDENCE, KindOfRow, LineWriter, MANIFEST, Manifest, Measured, SUMS, StoreIdentity, TrailEnd, VIEWS, sums,
};
use nevertwice_store::archive::{self as store, Table};
use nevertwice_store::case as cases;
use nevertwice_store::trail::read as trail;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{evidence, views};
use crate::checkpoint;
use crate::error::ServiceError;
use crate::files::Scratch;
use crate::folder::{cannot, create_private};
use crate::service::Unit;
use crate::use_case::{Asked, Progress, UseCase};

/// The folders in an archive.
const FOLDERS: &[&str] = &[EVIDENCE];

/// How many rows are written between two tellings.
const TELL_EVERY: u64 = 1_000;

/// Writes an archive. Work on the register goes on meanwhile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportArchive {
    /// The folder to make, by its absolute path.
    pub out: PathBuf,
    /// Write pages and sheets for people too: a file for each case.
    pub views: bool,
}

/// An archive that was written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ArchiveView {
    /// The folder.
    pub archive: String,
    /// The id of the register.
    pub store: String,
    /// Entries of the trail in it.
    pub entries: u64,
    /// The root of the tree over them, hexadecimal.
    pub root: String,
    /// Rows in it, entries of the trail among them.
    pub rows: u64,
    /// Evidence files in it.
    pub evidence_files: u64,
    /// Bytes of rows and evidence.
    pub size_bytes: u64,
    /// SHA-256 of its list of sums, which has the sum of every file but the views: whoever keeps it can tell this archive
    /// from every other.
    pub sha256: String,
    /// Whether pages and sheets for people are in it.
    pub views: bool,
}

impl UseCase for ExportArchive {
    type Output = ArchiveView;
    const NAME: &'static str = "export_archive";

    fn run(self, asked: &Asked<'_>) -> Result<ArchiveView, ServiceError> {
        let service = asked.service;
        let folder = service.folder();
        let (scratch, manifest, archive, at, by) = service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Administer)?;
            let scratch = Scratch::beside(&self.out, FOLDERS)?;
            let (manifest, files) = write_rows(unit, asked, &scratch.path)?;
            let archive = write_sums(&scratch.path, &manifest, &files)?;
            drop(files);
            if self.views {
                views::write(unit.tx, &scratch.path.join(VIEWS), &manifest, asked.progress)?;
                sync_all_of(&scratch.path)?;
            }
            Ok((scratch, manifest, archive, unit.moment.at, unit.caller.id().uuid()))
        })?;
        scratch.finish(&self.out, FOLDERS)?;
        checkpoint::log_export(folder, at, by, manifest.trail.entries, archive.clone())?;
        Ok(view(&self, &manifest, &archive))
    }
}

/// The files that a register refers to, with their sizes, in the order of their hashes.
type Files = Vec<(Sha256Text, u64)>;

/// Every file of rows, the evidence, and the manifest.
fn write_rows(
    unit: &mut Unit<'_>,
    asked: &Asked<'_>,
    archive: &Path,
) -> Result<(Manifest, Files), ServiceError> {
    // The first statement takes the snapshot that everything after it sees.
    let (frontier, _) = trail::frontier(unit.tx)?;
    let mut kinds = Vec::new();
    let mut done = 0;
    for table in store::tables() {
        let measured = write_table(unit, table, archive, &mut done, asked.progress)?;
        kinds.push(KindOfRow {
            kind: table.name().to_owned(),
            columns: table.columns().names().iter().map(|name| (*name).to_owned()).collect(),
            rows: measured.rows,
            bytes: measured.bytes,
            sha256: measured.sha256,
        });
    }
    let info = asked.service.info();
    let identity = StoreIdentity { id: info.id, created_at: info.created_at, is_sample: info.is_sample };
    let end = TrailEnd { entries: frontier.size(), root: frontier.root().to_string() };
    let mut files = cases::every_file(unit.tx)?;
    // Two rows that differ on a size name one file all the same.
    files.dedup_by(|next, before| next.0 == before.0);
    let totals = evidence::copy_out(asked.service.folder(), &files, &archive.join(EVIDENCE))?;
    Ok((Manifest::new(store::schema(), identity, end, totals, kinds), files))
}

fn write_table(
    unit: &mut Unit<'_>,
    table: &Table,
    archive: &Path,
    done: &mut u64,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Measured, ServiceError> {
    let path = archive.join(format!("{}.jsonl", table.name()));
    let mut writer = LineWriter::new(BufWriter::with_capacity(1 << 16, create_private(&path)?));
    table.each_row(unit.tx, |object| {
        *done += 1;
        if done.is_multiple_of(TELL_EVERY) {
            progress(Progress { done: *done, total: None });
        }
        writer.write(object).map_err(|error| cannot("write", &path, &error))
    })?;
    let (out, measured) = writer.finish().map_err(|error| cannot("write", &path, &error))?;
    out.get_ref().sync_all().map_err(|error| cannot("write", &path, &error))?;
    Ok(measured)
}

/// Manifest and list of sums; gives the hash of the latter.
fn write_sums(
    archive: &Path,
    manifest: &Manifest,
    files: &[(Sha256Text, u64)],
) -> Result<Sha256Text, ServiceError> {
    let bytes = manifest.to_bytes()?;
    let list = sums(&bytes, manifest, files.iter().map(|(sha256, _)| sha256));
    for (name, content) in [(MANIFEST, bytes.as_slice()), (SUMS, list.as_bytes())] {
        let path = archive.join(name);
        let mut file = create_private(&path)?;
        file.write_all(content)
            .and_then(|()| file.sync_all())
            .map_err(|error| cannot("write", &path, &error))?;
    }
    Ok(Sha256Text::from_digest(&Sha256::digest(list.as_bytes()).into()))
}

/// Puts all that was written to the disk at once: to wait for each of a million pages would take hours.
fn sync_all_of(archive: &Path) -> Result<(), ServiceError> {
    let folder = File::open(archive).map_err(|error| cannot("sync", archive, &error))?;
    rustix::fs::syncfs(&folder).map_err(|error| cannot("sync", archive, &error.into()))
}

fn view(export: &ExportArchive, manifest: &Manifest, archive: &Sha256Text) -> ArchiveView {
    ArchiveView {
        archive: export.out.display().to_string(),
        store: manifest.store.id.to_string(),
        entries: manifest.trail.entries,
        root: manifest.trail.root.clone(),
        rows: manifest.rows(),
        evidence_files: manifest.evidence.files,
        size_bytes: manifest.kinds.iter().map(|kind| kind.bytes).sum::<u64>() + manifest.evidence.bytes,
        sha256: archive.to_string(),
        views: export.views,
    }
}
