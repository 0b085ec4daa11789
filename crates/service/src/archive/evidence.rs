//! The evidence files of an archive: copied out and in, each compared with the hash that is its name.

use std::fs;
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_exchange::archive::EvidenceTotals;

use super::place::damaged;
use crate::error::{Kind, ServiceError};
use crate::files;
use crate::folder::{Folder, cannot, make_private, sync_folder};

/// Copies the files that a register refers to into an archive; each stands once in the list.
///
/// # Errors
/// One is missing, or not what it was.
pub(super) fn copy_out(
    folder: &Folder,
    referred: &[(Sha256Text, u64)],
    to: &Path,
) -> Result<EvidenceTotals, ServiceError> {
    let mut totals = EvidenceTotals { files: 0, bytes: 0 };
    for (sha256, _) in referred {
        let from = folder.evidence().join(sha256.as_str());
        let copied = files::copy(&from, &to.join(sha256.as_str())).map_err(|error| match error.kind {
            Kind::NotFound => ServiceError::new(
                Kind::Integrity,
                "evidence.missing",
                format!("the evidence file {} is missing; put it back from a backup", from.display()),
            ),
            _ => error,
        })?;
        if copied.0 != *sha256 {
            let message = format!(
                "the evidence file {} was changed: its content has another hash; put the original back from a backup",
                from.display()
            );
            return Err(ServiceError::new(Kind::Integrity, "evidence.changed", message));
        }
        totals.files += 1;
        totals.bytes += copied.1;
    }
    Ok(totals)
}

/// Evidence files put in place by an import, which go again if it does not come about.
pub(super) struct Placed {
    paths: Vec<PathBuf>,
    kept: bool,
}

impl Placed {
    /// Copies the files of an archive into a data folder.
    ///
    /// # Errors
    /// One is not what its name says, or as large as its rows say; what the file system reports.
    pub(super) fn copy_in(
        folder: &Folder,
        referred: &[(Sha256Text, u64)],
        from: &Path,
    ) -> Result<Self, ServiceError> {
        let place = folder.evidence();
        make_private(&place).map_err(|error| cannot("make the folder", &place, &error))?;
        let mut placed = Self { paths: Vec::new(), kept: false };
        for (sha256, size) in referred {
            let to = place.join(sha256.as_str());
            let is_new = !to.exists();
            files::put_if(&from.join(sha256.as_str()), &place, &to, |found| {
                expect_file((sha256, *size), found)
            })?;
            // A file that was there already may be another register's too: the folder can be shared.
            if is_new {
                placed.paths.push(to);
            }
        }
        sync_folder(&place)?;
        Ok(placed)
    }

    /// Leaves them where they are.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

fn expect_file((sha256, size): (&Sha256Text, u64), found: &(Sha256Text, u64)) -> Result<(), ServiceError> {
    if (&found.0, found.1) == (sha256, size) {
        return Ok(());
    }
    let (found_hash, found_size) = found;
    Err(damaged(format!(
        "evidence/{sha256}: expected {size} bytes with this hash, found {found_size} bytes with {found_hash}"
    )))
}

impl Drop for Placed {
    fn drop(&mut self) {
        for path in self.paths.iter().filter(|_| !self.kept) {
            // What cannot be removed is swept away later: nothing refers to it.
            let _ = fs::remove_file(path);
        }
    }
}
