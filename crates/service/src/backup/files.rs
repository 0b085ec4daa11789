//! Files of a backup: copied durably, hashed on the way.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_store::dialect::backup::BackupFile;
use sha2::{Digest, Sha256};

use crate::error::ServiceError;
use crate::folder::{cannot, create_private};

/// Copies a file, for its owner only, and syncs it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(Sha256Text, u64), ServiceError> {
    let mut source = File::open(from).map_err(|error| cannot("read", from, &error))?;
    let target = create_private(to)?;
    let mut tee = Tee { out: &target, hash: Sha256::new(), size: 0 };
    io::copy(&mut source, &mut tee)
        .and_then(|_| target.sync_all())
        .map_err(|error| cannot("write", to, &error))?;
    Ok((Sha256Text::from_digest(&tee.hash.finalize().into()), tee.size))
}

/// The hash and size of a file.
pub(super) fn measure(path: &Path) -> Result<(Sha256Text, u64), ServiceError> {
    let mut file = File::open(path).map_err(|error| cannot("read", path, &error))?;
    let mut tee = Tee { out: io::sink(), hash: Sha256::new(), size: 0 };
    io::copy(&mut file, &mut tee).map_err(|error| cannot("read", path, &error))?;
    Ok((Sha256Text::from_digest(&tee.hash.finalize().into()), tee.size))
}

/// Every file below a folder, by its path from there, sorted; folders themselves are not listed.
pub(super) fn list(root: &Path) -> Result<Vec<String>, ServiceError> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What lies in a folder; nothing if there is no such folder.
pub(super) fn children(folder: &Path) -> Result<Vec<PathBuf>, ServiceError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| cannot("list", folder, &error))?;
    let paths: Result<Vec<PathBuf>, io::Error> = entries.map(|entry| Ok(entry?.path())).collect();
    paths.map_err(|error| cannot("list", folder, &error))
}

/// Measures the files of a folder for its manifest.
pub(super) fn inventory(root: &Path) -> Result<Vec<BackupFile>, ServiceError> {
    let measured = |path: String| {
        let (sha256, size) = measure(&root.join(&path))?;
        Ok(BackupFile { path, size, sha256 })
    };
    list(root)?.into_iter().map(measured).collect()
}

/// A folder that goes again, with all that is in it, unless it was renamed.
pub(super) struct Scratch(pub(super) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever is left has a name that nothing takes for a backup.
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Tee<W> {
    out: W,
    hash: Sha256,
    size: u64,
}

impl<W: Write> Write for Tee<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
