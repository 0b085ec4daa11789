//! Bundles: one canonical file that proves a part of the register to somebody who has nothing but the key.
//!
//! In this order, every line ended by one line feed: the format line; the header as JSON; the five lines of the
//! signed checkpoint; for each leaf from the first to the last either `leaf <JSON>` and `open <JSON>`, or
//! `hash <hex>` when it is out of scope; and a signed note over the SHA-256 of everything before it. The final note
//! makes the header, the choice of what is in scope and what is erased as firm as the entries themselves.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::at::{At, AtError};
use crate::canonical;
use crate::disclosure::DisclosureError;
use crate::entry::{EntryError, Standing};
use crate::hash::{Hash, HashError};
use crate::key::{Origin, OriginError};
use crate::note::NoteError;

pub use tally::{BundleReport, ErasedValue};
pub use verify::verify_bundle;
pub use write::{BundleLeaf, BundleWriteError, BundleWriter, write_bundle};

mod lines;
mod tally;
mod verify;
mod write;

/// The longest description of a scope, in bytes.
pub const MAX_SCOPE_BYTES: usize = 4096;

/// The first line: what the file is, and in which version of the format.
const FORMAT: &str = "nevertwice bundle v1";
/// The first line of the text whose signature ends the file. No origin has a space, so no checkpoint reads like it.
const SEAL: &str = "nevertwice bundle seal v1";
const LEAF: &[u8] = b"leaf ";
const OPEN: &[u8] = b"open ";
const HASH: &[u8] = b"hash ";

/// What a bundle says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    origin: Origin,
    store: Uuid,
    scope: String,
    exported_at: At,
}

/// The JSON of a header, members in the order of RFC 8785.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderJson {
    exported_at: At,
    origin: String,
    scope: String,
    store: Uuid,
}

/// A header is malformed.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// The scope is empty, too long or not one line.
    #[error(
        "expected a scope of one line and 1 to {MAX_SCOPE_BYTES} bytes, found {0} bytes or a control character"
    )]
    Scope(usize),
    /// The origin is none.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The time is none.
    #[error(transparent)]
    ExportedAt(#[from] AtError),
    /// Not JSON of the expected shape.
    #[error("the header is not one: {0}")]
    Json(#[from] serde_json::Error),
    /// Not in canonical form.
    #[error("the header is not in canonical form (RFC 8785)")]
    NotCanonical,
}

/// A bundle proves nothing, and where.
#[derive(Debug, thiserror::Error)]
#[error("the bundle is refused at line {line}: {fault}")]
pub struct BundleError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong there.
    #[source]
    pub fault: BundleFault,
}

/// What is wrong with a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleFault {
    /// Reading failed.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// A line is longer than any of its kind may be.
    #[error("expected a line of at most {0} bytes, found a longer one")]
    LineTooLong(usize),
    /// The file ends inside, or without a line feed.
    #[error("expected more, found the end of the file: it is cut off")]
    CutOff,
    /// The first line names no format that this program knows.
    #[error("expected the line \"{FORMAT}\", found another: not a bundle, or of a later format")]
    Format,
    /// The header is malformed.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The checkpoint is malformed or not signed by the given key.
    #[error("the checkpoint: {0}")]
    Checkpoint(NoteError),
    /// Header and checkpoint name different trails.
    #[error("expected the header to name the trail {expected}, found {found}")]
    OtherTrail {
        /// The origin of the key.
        expected: Origin,
        /// The origin found.
        found: Origin,
    },
    /// The checkpoint known from outside covers more entries.
    #[error("the bundle has {size} entries, but a checkpoint over {trusted} is known: entries were cut off")]
    Truncated {
        /// The size of the bundle.
        size: u64,
        /// The size of the checkpoint known from outside.
        trusted: u64,
    },
    /// The checkpoint known from outside is not of this history.
    #[error(
        "the first {trusted} entries are not those of the known checkpoint: expected root {expected}, found {found}"
    )]
    Forked {
        /// The size of the checkpoint known from outside.
        trusted: u64,
        /// Its root.
        expected: Hash,
        /// The root over as many entries of the bundle.
        found: Hash,
    },
    /// A line is none of those that may stand there.
    #[error("expected a line that begins with {0}, found another")]
    Line(&'static str),
    /// The hash of an entry out of scope is malformed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A leaf is malformed.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// An entry stands in another's place.
    #[error("expected entry {expected}, found entry {found}")]
    Seq {
        /// The number of the place.
        expected: u64,
        /// The entry's own number.
        found: u64,
    },
    /// An entry is older than one before it.
    #[error("expected entry {seq} to be no older than the one before it ({before}), found {at}")]
    TimeWentBack {
        /// The entry.
        seq: u64,
        /// The time of the last entry in scope before it.
        before: At,
        /// Its own time.
        at: At,
    },
    /// The disclosures of an entry are malformed.
    #[error(transparent)]
    Disclosures(#[from] DisclosureError),
    /// A disclosed value is not the committed one.
    #[error("the value of {field} in entry {seq} is {}", describe(*standing))]
    Value {
        /// The entry.
        seq: u64,
        /// The field.
        field: String,
        /// How it stands.
        standing: Standing,
    },
    /// The leaves are not those that the checkpoint was signed over.
    #[error(
        "the entries are not those of the checkpoint: expected {expected_size} with root {expected}, found {size} with root {found}"
    )]
    Root {
        /// The size in the checkpoint.
        expected_size: u64,
        /// The root in the checkpoint.
        expected: Hash,
        /// The number of leaves.
        size: u64,
        /// The root over the leaves.
        found: Hash,
    },
    /// The final note is malformed or not signed by the given key.
    #[error("the seal at the end: {0}")]
    Seal(NoteError),
    /// The final note is over another file.
    #[error("the seal at the end is over other bytes: the file was changed after it was sealed")]
    SealDigest,
    /// Something follows the final note.
    #[error("expected the end of the file, found more")]
    Trailing,
}

impl Header {
    /// A header.
    ///
    /// # Errors
    /// The scope is empty, longer than [`MAX_SCOPE_BYTES`], or has a control character such as a line feed.
    pub fn new(origin: Origin, store: Uuid, scope: String, exported_at: At) -> Result<Self, HeaderError> {
        if scope.is_empty() || scope.len() > MAX_SCOPE_BYTES || scope.contains(char::is_control) {
            return Err(HeaderError::Scope(scope.len()));
        }
        Ok(Self { origin, store, scope, exported_at })
    }

    /// The trail.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The id of the store that it came from.
    pub fn store(&self) -> Uuid {
        self.store
    }

    /// What is in scope, in the exporter's words.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// When it was exported.
    pub fn exported_at(&self) -> At {
        self.exported_at
    }

    fn parse(line: &[u8]) -> Result<Self, HeaderError> {
        let HeaderJson { exported_at, origin, scope, store } = serde_json::from_slice(line)?;
        let header = Self::new(origin.parse()?, store, scope, exported_at)?;
        if header.json()? == line { Ok(header) } else { Err(HeaderError::NotCanonical) }
    }

    fn json(&self) -> Result<Vec<u8>, HeaderError> {
        let Self { origin, store, scope, exported_at } = self.clone();
        let json = HeaderJson { exported_at, origin: origin.to_string(), scope, store };
        let mut out = Vec::new();
        canonical::write_plain(&json, &mut out)?;
        Ok(out)
    }
}

/// The two lines that the final note signs.
fn seal_text(digest: [u8; 32]) -> String {
    use base64::Engine as _;
    format!("{SEAL}\n{}\n", base64::engine::general_purpose::STANDARD.encode(digest))
}

fn describe(standing: Standing) -> &'static str {
    match standing {
        Standing::Proved => "proved",
        Standing::Erased => "erased",
        Standing::Wrong => "not the one that the entry commits to",
        Standing::Missing => "missing: expected it or the marker of its erasure",
        Standing::Surplus => "disclosed but not committed to",
    }
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
