//! AI assets: what models are made of and run on. Versions with their hashes are the nodes of the lineage graph.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::field::FieldValues;
use crate::id::{AssetId, AssetVersionId, PersonId, SupplierId};
use crate::reference::AssetRef;
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::Timestamp;
use crate::when::When;

words! {
    /// What an AI asset is.
    AssetKind("kind of asset") {
        /// A dataset.
        Dataset = "dataset",
        /// A model.
        Model = "model",
        /// A checkpoint of a model.
        Checkpoint = "checkpoint",
        /// An adapter on a model.
        Adapter = "adapter",
        /// A retrieval index.
        Index = "index",
        /// A prompt.
        Prompt = "prompt",
        /// A tool that an agent calls.
        Tool = "tool",
        /// An agent.
        Agent = "agent",
        /// A pipeline.
        Pipeline = "pipeline",
        /// A service.
        Service = "service",
    }
}

/// What is written down about an AI asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Identity.
    pub id: AssetId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: AssetRef,
    /// What it is.
    pub kind: AssetKind,
    /// The name.
    pub name: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Who answers for it.
    pub owner_id: Option<PersonId>,
    /// Who supplies it.
    pub supplier_id: Option<SupplierId>,
    /// When it became known to the register.
    pub created_at: Timestamp,
    /// Values of the company's own fields.
    pub fields: FieldValues,
}

/// One version of an asset; never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetVersion {
    /// Identity.
    pub id: AssetVersionId,
    /// The asset.
    pub asset_id: AssetId,
    /// Its label, such as `2.3` or `2026-03-01`.
    pub label: Line,
    /// Hash of its content.
    pub sha256: Option<Sha256Text>,
    /// When it came into use.
    pub released: Option<When>,
    /// Anything worth knowing about it.
    pub note: Option<Prose>,
}

/// A SHA-256 hash as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Sha256Text(String);

/// A text that is not a SHA-256 hash.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a SHA-256 hash; expected 64 hexadecimal digits")]
pub struct Sha256Error {
    /// What was found.
    pub found: String,
}

impl Refusal for Sha256Error {
    fn code(&self) -> &'static str {
        "hash.unreadable"
    }

    fn field(&self) -> Option<&'static str> {
        Some("sha256")
    }
}

impl Sha256Text {
    /// Reads a hash; upper-case digits are accepted.
    ///
    /// # Errors
    /// Not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Sha256Error> {
        let hash = text.trim().to_ascii_lowercase();
        if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Self(hash));
        }
        Err(Sha256Error { found: text.to_owned() })
    }

    /// From the 32 bytes of a digest.
    #[must_use]
    pub fn from_digest(digest: &[u8; 32]) -> Self {
        use std::fmt::Write;
        let mut text = String::with_capacity(64);
        for byte in digest {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Sha256Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Sha256Text {
    type Err = Sha256Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Sha256Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
