//! Making a backup.

use std::path::{Path, PathBuf};

use nevertwice_domain::permission::Verb;
use nevertwice_store::dialect::backup as snapshot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::manifest::Manifest;
use crate::error::{Kind, ServiceError};
use crate::files::{self, Scratch};
use crate::folder::{Folder, cannot, make_private};
use crate::use_case::{Asked, Progress, UseCase};

/// The folders in a backup.
const FOLDERS: &[&str] = &["database", "evidence", "keys"];

/// Makes a backup. Work on the register goes on meanwhile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateBackup {
    /// The folder to make, by its absolute path; `backups/TIME` in the data folder if unsaid.
    pub out: Option<PathBuf>,
    /// Put the secret signing key in too.
    pub with_keys: bool,
}

/// A backup that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BackupView {
    /// The folder.
    pub backup: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The id of the register.
    pub store: String,
    /// Entries of the trail in it.
    pub entries: u64,
    /// The root of the tree over them, hexadecimal.
    pub root: String,
    /// Evidence files in it.
    pub evidence_files: u64,
    /// All bytes.
    pub size_bytes: u64,
    /// Whether the secret key is in it.
    pub with_keys: bool,
}

impl UseCase for CreateBackup {
    type Output = BackupView;
    const NAME: &'static str = "create_backup";

    fn run(self, asked: &Asked<'_>) -> Result<BackupView, ServiceError> {
        let service = asked.service;
        let at = service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Administer)?;
            Ok(unit.moment.at)
        })?;
        let folder = service.folder();
        let target = match self.out {
            Some(out) => out,
            None => default_place(folder, &at.to_string())?,
        };
        service.sweep()?;
        let scratch = Scratch::beside(&target, FOLDERS)?;
        // The database first: whatever evidence it refers to lies in the folder by then.
        let database = snapshot::create(service.db(), &super::database(&scratch.path))?;
        copy_evidence(folder, &scratch.path, asked.progress)?;
        copy_keys(folder, &scratch.path, self.with_keys)?;
        copy_if_there(&folder.checkpoints(), &super::checkpoints(&scratch.path))?;
        let files = files::inventory(&scratch.path)?;
        let head = (database.sequence, database.root);
        let manifest = Manifest::new(at, service.info().id, head, self.with_keys, files);
        manifest.write(&scratch.path)?;
        scratch.finish(&target, FOLDERS)?;
        Ok(view(&target, &manifest))
    }
}

fn default_place(folder: &Folder, at: &str) -> Result<PathBuf, ServiceError> {
    let backups = folder.backups();
    make_private(&backups).map_err(|error| cannot("make the folder", &backups, &error))?;
    // Colons cannot stand in names on every disk that a backup is copied to.
    Ok(backups.join(at.replace(':', "-")))
}

fn copy_evidence(
    folder: &Folder,
    backup: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(), ServiceError> {
    let kept = files::children(&folder.evidence())?;
    let total = Some(kept.len() as u64);
    for (path, done) in kept.iter().zip(1..) {
        let name = path.file_name().unwrap_or_default();
        // A dot begins what is still coming in.
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let (sha256, _) = files::copy(path, &super::evidence(backup).join(name))?;
        if name != sha256.as_str() {
            let message = format!(
                "the evidence file {} was changed: its content has another hash; put the original back from an \
                 earlier backup, or move the file away, and make the backup again",
                path.display()
            );
            return Err(ServiceError::new(Kind::Integrity, "evidence.changed", message));
        }
        progress(Progress { done, total });
    }
    Ok(())
}

fn copy_keys(folder: &Folder, backup: &Path, secret: bool) -> Result<(), ServiceError> {
    let keys = super::keys(backup);
    copy_if_there(&folder.verifier_key(), &keys.join("verifier.key"))?;
    if secret {
        files::copy(&folder.signing_key(), &keys.join("signing.key"))?;
    }
    Ok(())
}

fn copy_if_there(from: &Path, to: &Path) -> Result<(), ServiceError> {
    if from.exists() {
        files::copy(from, to)?;
    }
    Ok(())
}

fn view(target: &Path, manifest: &Manifest) -> BackupView {
    BackupView {
        backup: target.display().to_string(),
        made_at: manifest.made_at.to_string(),
        store: manifest.store.to_string(),
        entries: manifest.sequence,
        root: manifest.root.clone(),
        evidence_files: manifest.evidence_files,
        size_bytes: manifest.files.iter().map(|file| file.size).sum(),
        with_keys: manifest.with_keys,
    }
}
