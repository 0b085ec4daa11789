//! Files of backups and archives: copied durably, hashed on the way, in a folder that gets its name when it is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_store::dialect::backup::BackupFile;
use sha2::{Digest, Sha256};

use crate::claim::Claim;
use crate::error::{Kind, ServiceError};
use crate::folder::{cannot, create_private, make_private, sync_folder};

/// Copies a file, for its owner only, and syncs it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(Sha256Text, u64), ServiceError> {
    let mut source = File::open(from).map_err(|error| cannot("read", from, &error))?;
    let target = create_private(to)?;
    let mut tee = Tee { out: &target, hash: Sha256::new(), size: 0 };
    io::copy(&mut source, &mut tee)
        .and_then(|_| target.sync_all())
        .map_err(|error| cannot("write", to, &error))?;
    Ok((Sha256Text::from_digest(&tee.hash.finalize().into()), tee.size))
}

/// Copies a file into a folder under another name, then gives it its own.
pub(crate) fn put(from: &Path, folder: &Path, to: &Path) -> Result<(), ServiceError> {
    put_if(from, folder, to, |_| Ok(()))
}

/// As [`put`], if `accept` takes the hash and size of what was copied; otherwise nothing is left of it.
pub(crate) fn put_if(
    from: &Path,
    folder: &Path,
    to: &Path,
    accept: impl FnOnce(&(Sha256Text, u64)) -> Result<(), ServiceError>,
) -> Result<(), ServiceError> {
    let incoming = folder.join(".incoming-restore");
    if let Err(refused) = copy(from, &incoming).and_then(|copied| accept(&copied)) {
        // What cannot be removed is written over by the next file.
        let _ = fs::remove_file(&incoming);
        return Err(refused);
    }
    fs::rename(&incoming, to).map_err(|error| cannot("rename to", to, &error))
}

/// The hash and size of a file.
pub(crate) fn measure(path: &Path) -> Result<(Sha256Text, u64), ServiceError> {
    let mut file = File::open(path).map_err(|error| cannot("read", path, &error))?;
    let mut tee = Tee { out: io::sink(), hash: Sha256::new(), size: 0 };
    io::copy(&mut file, &mut tee).map_err(|error| cannot("read", path, &error))?;
    Ok((Sha256Text::from_digest(&tee.hash.finalize().into()), tee.size))
}

/// Every file below a folder, by its path from there, sorted; folders themselves are not listed.
pub(crate) fn list(root: &Path) -> Result<Vec<String>, ServiceError> {
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
pub(crate) fn children(folder: &Path) -> Result<Vec<PathBuf>, ServiceError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| cannot("list", folder, &error))?;
    let paths: Result<Vec<PathBuf>, io::Error> = entries.map(|entry| Ok(entry?.path())).collect();
    paths.map_err(|error| cannot("list", folder, &error))
}

/// Measures the files of a folder for its manifest.
pub(crate) fn inventory(root: &Path) -> Result<Vec<BackupFile>, ServiceError> {
    let measured = |path: String| {
        let (sha256, size) = measure(&root.join(&path))?;
        Ok(BackupFile { path, size, sha256 })
    };
    list(root)?.into_iter().map(measured).collect()
}

/// A folder that goes again, with all that is in it, unless it was renamed.
pub(crate) struct Scratch {
    pub(crate) path: PathBuf,
    _claim: Claim,
}

impl Scratch {
    /// A folder beside `target`, to be filled, with these folders in it.
    ///
    /// # Errors
    /// There is something under the target's name already, another command is about to put something there, or the
    /// folder cannot be made.
    pub(crate) fn beside(target: &Path, folders: &[&str]) -> Result<Self, ServiceError> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = target.with_file_name(format!(".{name}.partial"));
        let claim = Claim::of(target, &path)?;
        if target.exists() {
            let message = format!("{} is there already; name another folder", target.display());
            return Err(ServiceError::new(Kind::Conflict, "folder.exists", message));
        }
        if path.exists() {
            // Left by a command that was cut off: none of this process is writing there.
            fs::remove_dir_all(&path).map_err(|error| cannot("remove", &path, &error))?;
        }
        let scratch = Self::make(path, claim)?;
        for folder in folders.iter().map(|folder| scratch.path.join(folder)) {
            make_private(&folder).map_err(|error| cannot("make the folder", &folder, &error))?;
        }
        Ok(scratch)
    }

    /// A folder of this name.
    ///
    /// # Errors
    /// Another command uses it, or it cannot be made.
    pub(crate) fn at(path: PathBuf) -> Result<Self, ServiceError> {
        let claim = Claim::of(&path, &path)?;
        Self::make(path, claim)
    }

    fn make(path: PathBuf, claim: Claim) -> Result<Self, ServiceError> {
        let scratch = Self { path, _claim: claim };
        make_private(&scratch.path).map_err(|error| cannot("make the folder", &scratch.path, &error))?;
        Ok(scratch)
    }

    /// Gives the folder its name once everything in it, and in these folders of it, is on the disk.
    ///
    /// # Errors
    /// What the file system reports.
    pub(crate) fn finish(&self, target: &Path, folders: &[&str]) -> Result<(), ServiceError> {
        for folder in folders {
            sync_folder(&self.path.join(folder))?;
        }
        sync_folder(&self.path)?;
        fs::rename(&self.path, target).map_err(|error| cannot("rename to", target, &error))?;
        target.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever is left has a name that nothing takes for a backup.
        let _ = fs::remove_dir_all(&self.path);
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
