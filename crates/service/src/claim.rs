//! Places that a command of this process is writing to. Only one process at a time serves a data folder, so that two
//! commands that export to one place at once are two threads of it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

static CLAIMED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Places that nobody else writes to until this is dropped.
#[derive(Debug)]
pub(crate) struct Claim(Vec<PathBuf>);

impl Claim {
    /// Of a file or folder that is to be made, and of what it is called until then.
    ///
    /// # Errors
    /// Somebody else is writing to one of them.
    pub(crate) fn of(target: &Path, partial: &Path) -> Result<Self, ServiceError> {
        let place = |path| place(path).map_err(|error| cannot("find the place of", path, &error));
        let places = vec![place(target)?, place(partial)?];
        let mut claimed = claimed();
        if places.iter().any(|place| claimed.contains(place)) {
            let message = format!(
                "another command is writing to {} at this moment; wait for it, or name another place",
                target.display()
            );
            return Err(ServiceError::new(Kind::Conflict, "place.in_use", message));
        }
        claimed.extend(places.iter().cloned());
        Ok(Self(places))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = claimed();
        for place in &self.0 {
            claimed.remove(place);
        }
    }
}

/// A path by one spelling, as far as it is there already.
fn place(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let there = path.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    Ok(match there.map(|(folder, real)| (path.strip_prefix(folder), real)) {
        Some((Ok(rest), real)) => real.join(rest),
        _ => path,
    })
}

fn claimed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(target: &Path) -> Result<Claim, ServiceError> {
        Claim::of(target, &target.with_extension("partial"))
    }

    fn is_in_use(refused: Result<Claim, ServiceError>) -> bool {
        refused.is_err_and(|error| (error.kind, error.code.as_str()) == (Kind::Conflict, "place.in_use"))
    }

    #[test]
    fn a_place_is_written_to_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("archive");
        let first = claim(&target).unwrap();
        let spelled = folder.path().join("..").join(folder.path().file_name().unwrap()).join("./archive");
        assert!(is_in_use(claim(&spelled)));
        assert!(
            is_in_use(claim(&folder.path().join("archive.partial"))),
            "what it is called until it is whole"
        );
        assert!(claim(&folder.path().join("other")).is_ok());
        drop(first);
        assert!(claim(&target).is_ok());
    }

    #[test]
    fn a_place_is_known_before_its_folder_is_there() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("link")).unwrap();
        let (one, other) = (folder.path().join("new/archive"), folder.path().join("link/new/archive"));
        let first = claim(&one).unwrap();
        assert!(is_in_use(claim(&other)));
        std::fs::create_dir(folder.path().join("new")).unwrap();
        assert!(is_in_use(claim(&other)) && is_in_use(claim(&one)));
        drop(first);
        assert!(claim(&other).is_ok());
    }
}
