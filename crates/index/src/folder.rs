//! The index folder: generations of two engine indexes, and which of them is current.
//!
//! ```text
//! index/  CURRENT        the name of the current generation
//!         write.lock     held by the process that writes
//!         g1/open/       the engine's files
//!         g1/restricted/
//! ```
//!
//! A rebuild fills a new generation and then replaces `CURRENT` in one rename, so a reader sees the old index or the
//! new one and a crash leaves the old one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, DirectoryLock, Lock, MmapDirectory};

use crate::error::IndexError;
use crate::schema::Fields;
use crate::tokenizer::tokenizers;

/// The folder of an index.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Which half of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Half {
    /// What everybody who sees the register may find.
    Open,
    /// What only the people listed may find.
    Restricted,
}

impl Folder {
    /// The folder at a path; created if it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self, IndexError> {
        fs::create_dir_all(path).map_err(IndexError::file(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The number of the current generation; `None` when there is none.
    pub(crate) fn current(&self) -> Result<Option<u64>, IndexError> {
        let path = self.path.join("CURRENT");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().strip_prefix('g').and_then(|number| number.parse().ok())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(IndexError::file(&path)(error)),
        }
    }

    /// Makes a generation the current one, durably and in one step.
    pub(crate) fn make_current(&self, generation: u64) -> Result<(), IndexError> {
        let (new, path) = (self.path.join("CURRENT.new"), self.path.join("CURRENT"));
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create(&new)?;
            writeln!(file, "g{generation}")?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            fs::File::open(&self.path)?.sync_all()
        };
        write().map_err(IndexError::file(&path))
    }

    /// Makes the folders of a new generation, empty.
    pub(crate) fn create(&self, generation: u64) -> Result<(), IndexError> {
        self.remove(generation)?;
        for half in [Half::Open, Half::Restricted] {
            let path = self.half(generation, half);
            fs::create_dir_all(&path).map_err(IndexError::file(&path))?;
        }
        Ok(())
    }

    /// Removes a generation if it is there.
    pub(crate) fn remove(&self, generation: u64) -> Result<(), IndexError> {
        let path = self.path.join(format!("g{generation}"));
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(IndexError::file(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Removes every generation but one: what a crash during a rebuild left behind. Only for the writer.
    pub(crate) fn remove_others(&self, keep: u64) -> Result<(), IndexError> {
        let entries = fs::read_dir(&self.path).map_err(IndexError::file(&self.path))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix('g')?.parse::<u64>().ok());
            if let Some(number) = number.filter(|number| *number != keep) {
                self.remove(number)?;
            }
        }
        Ok(())
    }

    /// Opens or creates the engine index of one half.
    pub(crate) fn engine(
        &self,
        generation: u64,
        half: Half,
        fields: &Fields,
        create: bool,
    ) -> Result<tantivy::Index, tantivy::TantivyError> {
        let directory = MmapDirectory::open(self.half(generation, half))?;
        let mut index = if create {
            tantivy::Index::open_or_create(directory, fields.schema.clone())?
        } else {
            tantivy::Index::open(directory)?
        };
        index.set_tokenizers(tokenizers());
        index.set_fast_field_tokenizers(tokenizers());
        Ok(index)
    }

    /// Takes the right to write; whoever holds it loses it only with its process.
    pub(crate) fn lock(&self) -> Result<DirectoryLock, IndexError> {
        let directory = MmapDirectory::open(&self.path).map_err(tantivy::TantivyError::from)?;
        let lock = Lock { filepath: PathBuf::from("write.lock"), is_blocking: false };
        directory.acquire_lock(&lock).map_err(|_| self.busy())
    }

    /// Another process writes here.
    pub(crate) fn busy(&self) -> IndexError {
        IndexError::Busy { path: self.path.clone() }
    }

    fn half(&self, generation: u64, half: Half) -> PathBuf {
        let name = match half {
            Half::Open => "open",
            Half::Restricted => "restricted",
        };
        self.path.join(format!("g{generation}")).join(name)
    }
}
