//! What a backup says about itself.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use nevertwice_domain::time::Timestamp;
use nevertwice_store::dialect::backup::BackupFile;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

/// The file that makes a folder a backup.
pub(super) const FILE: &str = "manifest.json";
/// The form that this program writes and reads.
const FORMAT: u32 = 1;

/// The manifest of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// When it was made.
    pub(super) made_at: Timestamp,
    /// The program that made it.
    program: String,
    /// The register.
    pub(super) store: Uuid,
    /// Entries of its trail.
    pub(super) sequence: u64,
    /// The root of the tree over them, hexadecimal.
    pub(super) root: String,
    /// Whether the secret key is in it.
    pub(super) with_keys: bool,
    /// Evidence files in it.
    pub(super) evidence_files: u64,
    /// Every file but this one.
    pub(super) files: Vec<BackupFile>,
}

impl Manifest {
    /// The manifest of a backup that is complete but for it.
    pub(super) fn new(
        made_at: Timestamp,
        store: Uuid,
        head: (u64, String),
        with_keys: bool,
        files: Vec<BackupFile>,
    ) -> Self {
        let evidence = files.iter().filter(|file| file.path.starts_with("evidence/"));
        Self {
            format: FORMAT,
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            store,
            sequence: head.0,
            root: head.1,
            with_keys,
            evidence_files: evidence.count() as u64,
            files,
        }
    }

    /// Writes it into the backup.
    pub(super) fn write(&self, backup: &Path) -> Result<(), ServiceError> {
        let path = backup.join(FILE);
        let text = serde_json::to_vec_pretty(self).map_err(ServiceError::internal)?;
        let mut file = File::create_new(&path).map_err(|error| cannot("write", &path, &error))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| cannot("write", &path, &error))
    }

    /// Reads the manifest of a backup.
    ///
    /// # Errors
    /// The folder is no backup, or one of a later program.
    pub(super) fn read(backup: &Path) -> Result<Self, ServiceError> {
        let path = backup.join(FILE);
        let text = fs::read(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                let message = format!("{} is no backup: it has no {FILE}", backup.display());
                ServiceError::new(Kind::NotFound, "backup.none", message)
            }
            _ => cannot("read", &path, &error),
        })?;
        let refused = |detail: &dyn std::fmt::Display| {
            let message = format!("{} cannot be read: {detail}", path.display());
            ServiceError::new(Kind::Integrity, "backup.manifest", message)
        };
        let manifest: Self = serde_json::from_slice(&text).map_err(|error| refused(&error))?;
        if manifest.format != FORMAT {
            return Err(refused(&format_args!("expected form {FORMAT}, found {}", manifest.format)));
        }
        Ok(manifest)
    }
}

/// When the backup in a folder was made; none if it is no backup.
pub(crate) fn made_at(backup: &Path) -> Option<Timestamp> {
    Manifest::read(backup).ok().map(|manifest| manifest.made_at)
}
