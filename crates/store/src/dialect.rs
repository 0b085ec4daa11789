//! The little that differs between the two engines.

use std::path::{Path, PathBuf};

use crate::engine::Tx;
use crate::statement::Dialect;

pub(crate) mod archive;
pub mod backup;
pub mod health;
pub(crate) mod lock;

/// Whether one server at a time works on the database: a file of SQLite is served by one, while several may share one on
/// PostgreSQL.
pub(crate) fn is_served_alone(tx: &Tx) -> bool {
    tx.dialect() == Dialect::Sqlite
}

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

/// Removes the journal of a transaction that was to make a database file and was cut off before it did. SQLite throws it
/// away as well, but only as long as the file is empty: into one that is put there since it would be played back, which
/// takes everything out of it.
fn remove_remnant(empty: &Path) -> std::io::Result<()> {
    let [journal, ..] = beside(empty);
    match std::fs::remove_file(journal) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::left_beside;

    /// Leaves the journal of a transaction that was cut off before anything was in the file.
    pub(crate) fn leave_a_journal(file: &std::path::Path) {
        let mut header = vec![0; 512];
        // The magic number, no page yet, any checksum, a file without pages, sectors and pages in bytes
        // (<https://www.sqlite.org/fileformat2.html#the_rollback_journal>).
        header[..8].copy_from_slice(&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
        header[20..24].copy_from_slice(&512_u32.to_be_bytes());
        header[24..28].copy_from_slice(&4096_u32.to_be_bytes());
        let [journal, ..] = super::beside(file);
        std::fs::write(journal, header).unwrap();
    }

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
