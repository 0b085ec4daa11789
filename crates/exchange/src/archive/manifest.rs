//! The manifest: which register this is, how its trail ends, and which files there must be.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ArchiveError;
use super::lines::Measured;

/// The name of the file.
pub const MANIFEST: &str = "manifest.json";

/// What the first member says.
const FORMAT: &str = "nevertwice archive";

/// The version of the format that this program writes and reads.
const VERSION: u32 = 1;

/// The largest manifest that is read, in bytes.
pub const MAX_MANIFEST_BYTES: usize = 1 << 20;

/// The manifest of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    version: u32,
    /// The step of the schema that the columns are of.
    pub schema: u32,
    /// The register.
    pub store: StoreIdentity,
    /// The end of its trail.
    pub trail: TrailEnd,
    /// Its evidence files.
    pub evidence: EvidenceTotals,
    /// Its files of rows, in the order in which they are brought back.
    pub kinds: Vec<KindOfRow>,
}

/// Which register it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreIdentity {
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// It holds invented sample data only.
    pub is_sample: bool,
}

/// How the trail ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailEnd {
    /// How many entries there are.
    pub entries: u64,
    /// The root of the tree over them (RFC 6962), hexadecimal: what a checkpoint of this size must say.
    pub root: String,
}

/// The evidence files together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTotals {
    /// How many.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A file of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindOfRow {
    /// What the rows are, such as `cases`; the file is `cases.jsonl`.
    pub kind: String,
    /// The members of each line in their order; one without a value is left out.
    pub columns: Vec<String>,
    /// Lines.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Hash.
    pub sha256: Sha256Text,
}

impl KindOfRow {
    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.jsonl", self.kind)
    }

    /// What the file must amount to.
    #[must_use]
    pub fn measured(&self) -> Measured {
        Measured { rows: self.rows, bytes: self.bytes, sha256: self.sha256.clone() }
    }
}

impl Manifest {
    /// The manifest of an archive of this program's version of the format.
    #[must_use]
    pub fn new(
        schema: u32,
        store: StoreIdentity,
        trail: TrailEnd,
        evidence: EvidenceTotals,
        kinds: Vec<KindOfRow>,
    ) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, schema, store, trail, evidence, kinds }
    }

    /// All rows of all files; at most the largest number, since a manifest may say anything.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.kinds.iter().fold(0, |sum, kind| sum.saturating_add(kind.rows))
    }

    /// Its bytes: JSON with one member a line.
    ///
    /// # Errors
    /// None that can happen: everything in it has a JSON form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArchiveError> {
        let mut text =
            serde_json::to_vec_pretty(self).map_err(|error| ArchiveError::Manifest(error.to_string()))?;
        text.push(b'\n');
        Ok(text)
    }

    /// Reads a manifest, accepting nothing but the bytes that [`Self::to_bytes`] writes.
    ///
    /// # Errors
    /// [`ArchiveError::Version`] if it is of another version, [`ArchiveError::Manifest`] if it is no manifest.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ArchiveError> {
        let wrong = |detail: String| ArchiveError::Manifest(detail);
        if bytes.len() > MAX_MANIFEST_BYTES {
            return Err(wrong(format!("expected at most {MAX_MANIFEST_BYTES} bytes, found more")));
        }
        let unreadable =
            |error: serde_json::Error| wrong(format!("it is not the manifest of an archive: {error}"));
        let Beginning { format, version } = serde_json::from_slice(bytes).map_err(unreadable)?;
        if format != FORMAT {
            return Err(wrong(format!("expected the format {FORMAT:?}, found {format:?}")));
        }
        if version != u64::from(VERSION) {
            return Err(ArchiveError::Version { known: VERSION, found: version });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        if manifest.to_bytes()? != bytes {
            return Err(wrong("the same content is written in another way than this format says".to_owned()));
        }
        Ok(manifest)
    }
}

/// What every version of the format says first, whatever else is in it.
#[derive(Deserialize)]
struct Beginning {
    format: String,
    version: u64,
}
