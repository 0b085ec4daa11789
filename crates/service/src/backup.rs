//! Backups: the database first, the evidence second, and a manifest with the hash of every file last.
//!
//! A backup is a folder: `manifest.json`, `database/` (the store's own form), `evidence/`, `keys/` (the public key;
//! the secret one only if asked for) and `checkpoints.log`. It is filled under another name and renamed when it is
//! whole, so that half a backup is never taken for one.

mod create;
mod manifest;
mod restore;
mod verify;

pub use create::{BackupView, CreateBackup};
pub use restore::{RestoreView, restore};
pub use verify::{BackupVerification, verify};

pub(crate) use manifest::made_at;
pub(crate) use restore::forget_index;

use std::path::{Path, PathBuf};

/// The store's part.
fn database(backup: &Path) -> PathBuf {
    backup.join("database")
}

/// The evidence files.
fn evidence(backup: &Path) -> PathBuf {
    backup.join("evidence")
}

/// The keys.
fn keys(backup: &Path) -> PathBuf {
    backup.join("keys")
}

/// The log of checkpoints.
fn checkpoints(backup: &Path) -> PathBuf {
    backup.join("checkpoints.log")
}
