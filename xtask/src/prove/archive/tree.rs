//! The files of an archive, to be compared with those of another.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context as _, bail};
use sha2::{Digest, Sha256};

/// The files below a folder by their paths: length and SHA-256 of each.
pub(super) struct Tree(BTreeMap<String, (u64, [u8; 32])>);

impl Tree {
    /// Reads every file below `root`.
    ///
    /// # Errors
    /// What the file system reports.
    pub(super) fn of(root: &Path) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let mut hash = Hashing(Sha256::new());
                let size = io::copy(&mut File::open(&path)?, &mut hash)?;
                let name = path.strip_prefix(root).context("a file outside its folder")?;
                files.insert(name.to_string_lossy().into_owned(), (size, hash.0.finalize().into()));
            }
        }
        Ok(Self(files))
    }

    /// How many files there are.
    pub(super) fn files(&self) -> usize {
        self.0.len()
    }

    /// Their bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.0.values().map(|(size, _)| size).sum()
    }

    /// Compares every file with `other`'s.
    ///
    /// # Errors
    /// When one differs, or is in one of them only; `at` says where the other comes from.
    pub(super) fn expect_same(&self, other: &Self, at: &str) -> anyhow::Result<()> {
        for path in self.0.keys().chain(other.0.keys()) {
            if self.0.get(path) != other.0.get(path) {
                bail!("the archive from {at} differs from the first one in {path}");
            }
        }
        Ok(())
    }
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
