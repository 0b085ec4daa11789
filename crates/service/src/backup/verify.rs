//! Proving that a backup can be restored.

use std::collections::BTreeSet;
use std::path::Path;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_store::dialect::backup::{self as snapshot, BackupFile};
use nevertwice_store::trail::verify as trail;
use nevertwice_store::{DatabaseUrl, Db, OpenOptions, case as cases, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::manifest::{self, Manifest};
use crate::error::ServiceError;
use crate::files::{self, Scratch};
use crate::register::FindingView;
use crate::setup::default_database;

/// What the verification of a backup found.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct BackupVerification {
    /// Whether all is well.
    pub ok: bool,
    /// When the backup was made, RFC 3339.
    pub made_at: String,
    /// The id of the register.
    pub store: String,
    /// Entries of the trail.
    pub entries: u64,
    /// Files compared with their hashes.
    pub files: u64,
    /// Evidence files among them.
    pub evidence_files: u64,
    /// Whether the database was restored to a scratch place and every row compared with the trail. A database of a
    /// server cannot be restored without one: its hashes and counts are compared, and its rows after a restore.
    pub restored: bool,
    /// Rows compared with the trail.
    pub rows: u64,
    /// What is wrong.
    pub findings: Vec<FindingView>,
}

/// Verifies a backup: the hash of every file, the database's integrity, and, in a scratch place beside the backup,
/// every row against the trail.
///
/// # Errors
/// It is no backup, or the scratch place cannot be used. What is wrong with the backup is a finding.
pub fn verify(backup: &Path) -> Result<BackupVerification, ServiceError> {
    let manifest = Manifest::read(backup)?;
    let mut report = BackupVerification {
        made_at: manifest.made_at.to_string(),
        store: manifest.store.to_string(),
        entries: manifest.sequence,
        files: manifest.files.len() as u64,
        evidence_files: manifest.evidence_files,
        ..BackupVerification::default()
    };
    compare_files(backup, &manifest, &mut report)?;
    if report.findings.is_empty() {
        verify_database(backup, &manifest, &mut report)?;
    }
    report.ok = report.findings.is_empty();
    Ok(report)
}

impl BackupVerification {
    fn find(&mut self, place: &str, reference: impl std::fmt::Display, detail: impl std::fmt::Display) {
        self.findings.push(FindingView {
            table: place.to_owned(),
            reference: reference.to_string(),
            detail: detail.to_string(),
        });
    }
}

fn compare_files(
    backup: &Path,
    manifest: &Manifest,
    report: &mut BackupVerification,
) -> Result<(), ServiceError> {
    for BackupFile { path, size, sha256 } in &manifest.files {
        match files::measure(&backup.join(path)) {
            Ok((found, length)) if found == *sha256 && length == *size => {}
            Ok((_, length)) => {
                report.find("file", path, format!("was changed: expected {size} bytes with hash {sha256}, found {length} bytes with another"));
            }
            Err(error) => report.find("file", path, error.message),
        }
        let evidence = path.strip_prefix("evidence/");
        if evidence.is_some_and(|name| name != sha256.as_str()) {
            report.find("evidence file", path, "is not what its name says");
        }
    }
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for path in files::list(backup)? {
        if path != manifest::FILE && !known.contains(path.as_str()) {
            report.find("file", path, "is in the folder but not in the manifest");
        }
    }
    Ok(())
}

fn verify_database(
    backup: &Path,
    manifest: &Manifest,
    report: &mut BackupVerification,
) -> Result<(), ServiceError> {
    let database = super::database(backup);
    let described = match snapshot::check(&database) {
        Ok(described) => described,
        Err(error) => {
            report.find("database", "snapshot", error);
            return Ok(());
        }
    };
    if described.store != Some(manifest.store) || described.sequence != manifest.sequence {
        report.find("database", "snapshot", "is not of the register and the moment that the manifest names");
        return Ok(());
    }
    // One file can be opened anywhere; tables of a server need a server.
    if !described.files.iter().any(|file| file.path == "nevertwice.db") {
        return Ok(());
    }
    let name = backup.file_name().unwrap_or_default().to_string_lossy();
    let scratch = Scratch::at(backup.with_file_name(format!(".{name}.verify-{}", std::process::id())))?;
    let url = default_database(&scratch.path);
    if let Err(error) = snapshot::restore(&database, &url) {
        report.find("database", "snapshot", error);
        return Ok(());
    }
    verify_rows(&url, manifest, report)?;
    report.restored = true;
    Ok(())
}

/// Compares every row of a restored database with its trail, and the files that it refers to with those of the backup.
pub(super) fn verify_rows(
    url: &DatabaseUrl,
    manifest: &Manifest,
    report: &mut BackupVerification,
) -> Result<(), ServiceError> {
    let db: Db = nevertwice_store::open(url, OpenOptions::default())?;
    let (store, found, referred) = db.read(|tx| {
        let store = settings::identity(tx)?.map(|info| info.id);
        Ok::<_, ServiceError>((store, trail::verify(tx, &mut |_| ())?, cases::every_file(tx)?))
    })?;
    db.close();
    report.findings.extend(found.findings.iter().map(FindingView::of));
    report.rows = found.row_count;
    if store != Some(manifest.store) {
        report.find("database", "store", "is another register than the manifest names");
    }
    let root = found.root.map(|root| root.to_string()).unwrap_or_default();
    if (found.entry_count, root.as_str()) != (manifest.sequence, manifest.root.as_str()) {
        report.find(
            "database",
            "trail",
            format!(
                "expected {} entries with root {}, found {} with {root}",
                manifest.sequence, manifest.root, found.entry_count
            ),
        );
    }
    let kept: BTreeSet<&str> =
        manifest.files.iter().filter_map(|file| file.path.strip_prefix("evidence/")).collect();
    let missing = |(sha256, _): &&(Sha256Text, u64)| !kept.contains(sha256.as_str());
    for (sha256, _) in referred.iter().filter(missing) {
        report.find("evidence file", sha256, "is referred to but not in the backup");
    }
    Ok(())
}
