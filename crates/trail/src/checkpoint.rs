//! Checkpoints: what a trail was at a size, signed (C2SP tlog-checkpoint).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::hash::Hash;
use crate::key::{Origin, SigningKey, VerifierKey};
use crate::note::{self, NoteError};

/// The size and root of a trail at one moment. Whoever keeps one outside can tell later that the trail still begins
/// with the same entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The trail.
    pub origin: Origin,
    /// How many entries it has.
    pub size: u64,
    /// The RFC 6962 root over them.
    pub root: Hash,
}

/// A checkpoint with a signature that was made or verified in this process; there is no other way to get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: String,
}

impl Checkpoint {
    /// Signs the checkpoint.
    ///
    /// # Errors
    /// The key belongs to another origin.
    pub fn sign(self, key: &SigningKey) -> Result<SignedCheckpoint, NoteError> {
        expect_origin(&self.origin, key.verifier_key())?;
        let note = note::sign(&self.to_string(), key);
        Ok(SignedCheckpoint { checkpoint: self, note })
    }

    /// Reads the three lines; only the exact text that `Display` writes is accepted.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = STANDARD.decode(root).ok()?.try_into().map(Hash::from_bytes).ok()?;
        let checkpoint = Self { origin: origin.parse().ok()?, size: size.parse().ok()?, root };
        (checkpoint.to_string() == text).then_some(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    /// The text that is signed: origin, size in decimal and root in base64, each on a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }
}

impl SignedCheckpoint {
    /// Reads a checkpoint and verifies that the key, and no other, signed it.
    ///
    /// # Errors
    /// The note is malformed, signed by another key, by more than one, is no checkpoint, or is of another trail.
    pub fn verify(note: &[u8], key: &VerifierKey) -> Result<Self, NoteError> {
        let text = note::open(note, key)?;
        let checkpoint = Checkpoint::parse(text).ok_or(NoteError::NotACheckpoint)?;
        expect_origin(&checkpoint.origin, key)?;
        let note = String::from_utf8_lossy(note).into_owned();
        Ok(Self { checkpoint, note })
    }

    /// What was signed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The signed note, as it is stored, printed and mailed.
    pub fn note(&self) -> &str {
        &self.note
    }
}

fn expect_origin(origin: &Origin, key: &VerifierKey) -> Result<(), NoteError> {
    if origin == key.origin() {
        Ok(())
    } else {
        Err(NoteError::OtherOrigin { expected: key.origin().clone() })
    }
}

#[cfg(test)]
mod tests;
