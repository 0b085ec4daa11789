//! Places that a command of this process is writing to. Only one process serves a register, so that two commands that
//! export to one place at once are two threads of it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

static CLAIMED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A place that nobody else writes to until this is dropped.
#[derive(Debug)]
pub(crate) struct Claim(PathBuf);

impl Claim {
    /// Of a file or folder that is to be made.
    ///
    /// # Errors
    /// Somebody else is writing there.
    pub(crate) fn of(target: &Path) -> Result<Self, ServiceError> {
        let place = place(target).map_err(|error| cannot("find the place of", target, &error))?;
        if claimed().insert(place.clone()) {
            return Ok(Self(place));
        }
        let message = format!(
            "another command is writing to {} at this moment; wait for it, or name another place",
            target.display()
        );
        Err(ServiceError::new(Kind::Conflict, "place.in_use", message))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claimed().remove(&self.0);
    }
}

/// The target by one spelling. Its folder has to be there before it can be made.
fn place(target: &Path) -> io::Result<PathBuf> {
    let target = std::path::absolute(target)?;
    match (target.parent().map(Path::canonicalize), target.file_name()) {
        (Some(Ok(folder)), Some(name)) => Ok(folder.join(name)),
        _ => Ok(target),
    }
}

fn claimed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_to_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("archive");
        let first = Claim::of(&target).unwrap();
        let again = folder.path().join("..").join(folder.path().file_name().unwrap()).join("./archive");
        let refused = Claim::of(&again).unwrap_err();
        assert_eq!((refused.kind, refused.code.as_str()), (Kind::Conflict, "place.in_use"));
        assert!(Claim::of(&folder.path().join("other")).is_ok());
        drop(first);
        assert!(Claim::of(&target).is_ok());
    }
}
