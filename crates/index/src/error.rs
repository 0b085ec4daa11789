//! What can go wrong, and why an index has to be built anew.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// A failure of the index. Nothing in it is lost: the store is the truth.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The search engine failed.
    #[error("the search index failed: {}; `index rebuild` makes a new one", told(.0))]
    Engine(#[from] tantivy::TantivyError),
    /// A file or folder could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system said.
        error: std::io::Error,
    },
    /// Another process is writing to the index.
    #[error("another process is writing to the search index in {path}; try again when it has finished")]
    Busy {
        /// The index folder.
        path: PathBuf,
    },
    /// The index cannot be used until it is rebuilt.
    #[error("the search index has to be rebuilt: {0}")]
    NeedsRebuild(RebuildReason),
    /// A page further on than ranked results go.
    #[error("offset {offset} is beyond the first {limit} results; narrow the query or sort by a field")]
    Offset {
        /// What was asked for.
        offset: usize,
        /// How far ranked results go.
        limit: usize,
    },
    /// A continuation of another list.
    #[error("the continuation belongs to a list in another order; start again from the first page")]
    Cursor,
}

/// What the engine says; of its own threads it does not say why they ended.
fn told(error: &tantivy::TantivyError) -> String {
    match error {
        tantivy::TantivyError::ErrorInThread(_) => {
            "a file of it could not be written; look whether the disk is full or failing".to_owned()
        }
        other => other.to_string(),
    }
}

/// Why an index has to be built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// There is none yet.
    Empty,
    /// It belongs to another store.
    OtherStore,
    /// It was written by a version of the program with other documents.
    OtherVersion {
        /// The version found.
        found: u32,
        /// The version expected.
        expected: u32,
    },
    /// It cannot be read.
    Corrupt(String),
}

impl fmt::Display for RebuildReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is none yet"),
            Self::OtherStore => f.write_str("it belongs to another database"),
            Self::OtherVersion { found, expected } => {
                write!(f, "it has format {found}, expected format {expected}")
            }
            Self::Corrupt(what) => write!(f, "it cannot be read ({what})"),
        }
    }
}

impl IndexError {
    /// Remembers which path an operation was about.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }

    /// What the engine could not read of its own files.
    pub(crate) fn engine(error: std::io::Error) -> Self {
        Self::Engine(error.into())
    }
}
