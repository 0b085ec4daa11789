//! The little that differs between the two engines.

use std::path::{Path, PathBuf};

pub(crate) mod archive;
pub mod backup;
pub mod health;
pub(crate) mod lock;

/// What SQLite keeps beside a database file while it is open. Left there, it is read with the file.
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The files of SQLite beside a database file.
fn beside(path: &Path) -> [PathBuf; 3] {
    BESIDE.map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        name.into()
    })
}

/// The first file that SQLite left beside a closed database file, which should hold everything alone. SQLite does not say
/// when it cannot remove one.
fn left_beside(path: &Path) -> Option<PathBuf> {
    beside(path).into_iter().find(|file| file.symlink_metadata().is_ok())
}

#[cfg(test)]
mod tests {
    use super::left_beside;

    #[test]
    fn what_sqlite_leaves_beside_a_file_is_seen() {
        let folder = nevertwice_testkit::TestDatabase::sqlite();
        let file = folder.folder().join("copy.db");
        std::fs::write(&file, "").unwrap();
        assert_eq!(left_beside(&file), None);
        for ending in ["-journal", "-wal", "-shm"] {
            let left = folder.folder().join(format!("copy.db{ending}"));
            std::fs::write(&left, "").unwrap();
            assert_eq!(left_beside(&file), Some(left.clone()));
            std::fs::remove_file(left).unwrap();
        }
    }
}
