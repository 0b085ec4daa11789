//! Evidence files: content-addressed, written durably before the unit that refers to them.

mod claimed;
mod sweep;

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Kind, ServiceError};
use crate::folder::{Folder, cannot, make_private, sync_folder};

pub(crate) use sweep::sweep;

/// Largest file kept as evidence: 1 GiB.
pub(crate) const FILE_LIMIT: u64 = 1 << 30;

/// What a file is held against before it is kept.
pub(crate) struct Rules<'r> {
    /// The field that names it, for what is wrong.
    pub(crate) field: &'static str,
    /// What it is called by whoever gives it.
    pub(crate) name: &'r str,
    /// Most bytes.
    pub(crate) limit: u64,
}

/// A file that lies in the evidence folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    /// Hash of its bytes, and its name in the folder.
    pub(crate) sha256: Sha256Text,
    /// Its size.
    pub(crate) size_bytes: u64,
}

/// Copies a file into the evidence folder: written under a temporary name, synced, renamed, and the folder synced, so
/// that after a power cut it is there whole or not at all.
///
/// # Errors
/// It cannot be read, is not a regular file, is too large, is not what its name says, or the disk is full.
pub(crate) fn keep(folder: &Folder, path: &Path, rules: &Rules<'_>) -> Result<StoredFile, ServiceError> {
    let mut source = look(path, rules)?;
    let target = folder.evidence();
    make_private(&target).map_err(|error| cannot("make the folder", &target, &error))?;
    let temporary = Temporary::in_folder(&target)?;
    let stored = copy(&mut source, path, &temporary, rules)?;
    let place = target.join(stored.sha256.as_str());
    fs::rename(&temporary.path, &place).map_err(|error| cannot("rename to", &place, &error))?;
    sync_folder(&target)?;
    Ok(stored)
}

/// Opens a file that may be kept.
///
/// # Errors
/// It cannot be read, is not a regular file, is too large, or is not what its name says.
pub(crate) fn look(path: &Path, rules: &Rules<'_>) -> Result<File, ServiceError> {
    let mut source = File::open(path).map_err(|error| cannot("read", path, &error))?;
    let metadata = source.metadata().map_err(|error| cannot("read", path, &error))?;
    if !metadata.is_file() {
        let message = format!("{} is not a regular file", path.display());
        return Err(ServiceError::invalid(rules.field, "evidence.not_a_file", message));
    }
    claimed::check(&mut source, path, rules)?;
    if metadata.len() > rules.limit {
        return Err(too_large(rules));
    }
    Ok(source)
}

fn too_large(rules: &Rules<'_>) -> ServiceError {
    let message =
        format!("{:?} is larger than {} bytes; keep it elsewhere and add a link", rules.name, rules.limit);
    ServiceError::invalid(rules.field, "evidence.too_large", message)
}

/// A file that is removed again unless it was renamed.
struct Temporary {
    path: PathBuf,
    file: File,
}

impl Temporary {
    fn in_folder(folder: &Path) -> Result<Self, ServiceError> {
        // Threads are told apart by their ids. Servers on other machines that share the folder may have the same
        // process id, so a name that is taken is left alone.
        let thread = format!("{:?}", std::thread::current().id());
        let number: String = thread.chars().filter(char::is_ascii_digit).collect();
        let mut again = 0u32;
        loop {
            let path = folder.join(format!(".incoming-{}-{number}-{again}", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
                Ok(file) => return Ok(Self { path, file }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => again += 1,
                Err(error) => return Err(cannot("write", &path, &error)),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename there is nothing under this name; before it, what is left is only a part of a file.
        let _ = fs::remove_file(&self.path);
    }
}

fn copy(
    source: &mut File,
    path: &Path,
    target: &Temporary,
    rules: &Rules<'_>,
) -> Result<StoredFile, ServiceError> {
    let mut hash = Sha256::new();
    let mut size_bytes = 0u64;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = source.read(&mut buffer).map_err(|error| cannot("read", path, &error))?;
        if read == 0 {
            break;
        }
        size_bytes += read as u64;
        if size_bytes > rules.limit {
            return Err(too_large(rules));
        }
        hash.update(&buffer[..read]);
        (&target.file).write_all(&buffer[..read]).map_err(|error| cannot("write", &target.path, &error))?;
    }
    target.file.sync_all().map_err(|error| cannot("write", &target.path, &error))?;
    Ok(StoredFile { sha256: Sha256Text::from_digest(&hash.finalize().into()), size_bytes })
}

/// Compares a kept file with its hash.
///
/// # Errors
/// It cannot be read, or is not what its name says.
pub(crate) fn check(folder: &Path, sha256: &Sha256Text) -> Result<(), ServiceError> {
    let path = folder.join(sha256.as_str());
    let mut file = File::open(&path).map_err(|error| cannot("read", &path, &error))?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut Hashing(&mut hash)).map_err(|error| cannot("read", &path, &error))?;
    if Sha256Text::from_digest(&hash.finalize().into()) == *sha256 {
        return Ok(());
    }
    let message = format!("the evidence file {} was changed: its content has another hash", path.display());
    Err(ServiceError::new(Kind::Integrity, "evidence.changed", message))
}

struct Hashing<'h>(&'h mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
