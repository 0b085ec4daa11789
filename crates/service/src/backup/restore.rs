//! Bringing a backup back.

use std::fs;
use std::path::Path;

use nevertwice_domain::time::Timestamp;
use nevertwice_store::DatabaseUrl;
use nevertwice_store::dialect::backup as snapshot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::manifest::Manifest;
use super::verify::{BackupVerification, verify, verify_rows};
use crate::checkpoint;
use crate::error::{Kind, ServiceError};
use crate::files;
use crate::folder::{Folder, cannot, make_private, sync_folder};
use crate::keys::unmake;

/// A backup that was restored.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RestoreView {
    /// The data folder.
    pub data: String,
    /// When the backup was made, RFC 3339.
    pub made_at: String,
    /// The id of the register.
    pub store: String,
    /// Entries of the trail now.
    pub entries: u64,
    /// Entries that the log of checkpoints knew of beyond that, and that are lost.
    pub entries_lost: u64,
    /// Evidence files brought back.
    pub evidence_files: u64,
    /// Whether the signing key is in place.
    pub signing_key: bool,
}

/// Restores a backup, verified first, into a data folder and a database without a register.
///
/// # Errors
/// The backup does not verify, there is a register already, or the folder's log of checkpoints knows a longer
/// history and `confirm_shorter` is not set; or what files and database report.
pub fn restore(
    backup: &Path,
    folder: &Folder,
    url: &DatabaseUrl,
    confirm_shorter: bool,
    at: Timestamp,
) -> Result<RestoreView, ServiceError> {
    let manifest = Manifest::read(backup)?;
    expect_empty(url)?;
    let mut report = verify(backup)?;
    expect_well(&report, "it was not restored")?;
    let entries_lost = expect_longer(folder, &manifest, confirm_shorter)?;
    restore_files(backup, folder)?;
    forget_index(folder)?;
    // Before the database: if this is cut off, the next attempt says the same again.
    checkpoint::log_restore(&folder.checkpoints(), at, manifest.store, manifest.sequence)?;
    snapshot::restore(&super::database(backup), url)?;
    if !report.restored {
        verify_rows(url, &manifest, &mut report)?;
        expect_well(&report, "it was restored, but do not work with it")?;
    }
    Ok(RestoreView {
        data: folder.root().display().to_string(),
        made_at: manifest.made_at.to_string(),
        store: manifest.store.to_string(),
        entries: manifest.sequence,
        entries_lost,
        evidence_files: manifest.evidence_files,
        signing_key: folder.signing_key().exists(),
    })
}

/// A file must not be there yet; a server's database is looked at by the store when it is restored.
fn expect_empty(url: &DatabaseUrl) -> Result<(), ServiceError> {
    match url.file() {
        Some(file) if file.exists() => {
            let message = format!(
                "there is a register in {url} already; a backup is restored into an empty data folder: \
                 name another with --data, or move the old database away"
            );
            Err(ServiceError::new(Kind::Conflict, "restore.not_empty", message))
        }
        _ => Ok(()),
    }
}

fn expect_well(report: &BackupVerification, consequence: &str) -> Result<(), ServiceError> {
    let Some(first) = report.findings.first() else { return Ok(()) };
    let message = format!(
        "the backup does not verify, {consequence}: {} {}: {}{}",
        first.table,
        first.reference,
        first.detail,
        if report.findings.len() > 1 { " (and more; see backup verify)" } else { "" }
    );
    Err(ServiceError::new(Kind::Integrity, "restore.not_well", message))
}

/// How many entries the restore gives up, as far as the folder's log of checkpoints knows.
fn expect_longer(folder: &Folder, manifest: &Manifest, confirmed: bool) -> Result<u64, ServiceError> {
    let lost = checkpoint::known_beyond(folder, manifest.store, manifest.sequence)?;
    if lost == 0 || confirmed {
        return Ok(lost);
    }
    let message = format!(
        "this backup of {} has {} entries, but {} knows of {}: at least {lost} entries would be lost; \
         look for a later backup, or add --confirm-shorter",
        manifest.made_at,
        manifest.sequence,
        folder.checkpoints().display(),
        manifest.sequence + lost
    );
    Err(ServiceError::new(Kind::Conflict, "restore.shorter", message))
}

fn restore_files(backup: &Path, folder: &Folder) -> Result<(), ServiceError> {
    unmake(folder)?;
    for place in [folder.evidence(), folder.keys()] {
        make_private(&place).map_err(|error| cannot("make the folder", &place, &error))?;
    }
    for path in files::children(&super::evidence(backup))? {
        let name = path.file_name().unwrap_or_default();
        files::put(&path, &folder.evidence(), &folder.evidence().join(name))?;
    }
    let keys = super::keys(backup);
    // What is in the folder already stays: its keys may be all there is, its log may know more.
    for (from, to) in [
        (keys.join("verifier.key"), folder.verifier_key()),
        (keys.join("signing.key"), folder.signing_key()),
        (super::checkpoints(backup), folder.checkpoints()),
    ] {
        if from.exists() && !to.exists() {
            files::put(&from, to.parent().unwrap_or(folder.root()), &to)?;
        }
    }
    for place in [folder.evidence(), folder.keys(), folder.root().to_owned()] {
        sync_folder(&place)?;
    }
    Ok(())
}

/// The index is of another history; it is made anew when it is first needed.
///
/// # Errors
/// It cannot be removed.
pub(crate) fn forget_index(folder: &Folder) -> Result<(), ServiceError> {
    let index = folder.index();
    if !index.exists() {
        return Ok(());
    }
    fs::remove_dir_all(&index).map_err(|error| cannot("remove", &index, &error))
}
