//! Writing a bundle as a stream.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::tally::Tally;
use super::{BundleFault, FORMAT, HASH, Header, HeaderError, LEAF, OPEN, seal_text};
use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::hash::Hash;
use crate::key::SigningKey;
use crate::note::{self, NoteError};

/// One leaf of the trail as a bundle shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BundleLeaf {
    /// In scope: the whole entry with its disclosures.
    InScope {
        /// The bytes of the leaf.
        leaf_json: Vec<u8>,
        /// The blob beside it.
        disclosures_json: Vec<u8>,
    },
    /// Out of scope: the hash of the leaf, which says nothing about it.
    OutOfScope(Hash),
}

/// A bundle cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleWriteError {
    /// Writing failed.
    #[error("writing the bundle failed: {0}")]
    Io(#[from] std::io::Error),
    /// The header cannot be written.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Header, checkpoint and key are not of one trail.
    #[error("the bundle cannot be sealed: {0}")]
    Key(NoteError),
    /// An entry is not what the trail says: a verifier would refuse the bundle.
    #[error("entry {seq} cannot go into a bundle: {fault}")]
    Entry {
        /// The place in the trail.
        seq: u64,
        /// What a verifier would say.
        #[source]
        fault: BundleFault,
    },
    /// The entries are not those of the checkpoint: a verifier would refuse the bundle.
    #[error("the bundle would not verify: {0}")]
    Root(#[source] BundleFault),
}

/// Writes a bundle leaf by leaf, checking what it writes as the verifier will.
pub struct BundleWriter<W> {
    out: W,
    digest: Sha256,
    tally: Tally,
    checkpoint: Checkpoint,
}

/// Writes a bundle from its leaves, first to last, and returns the writer, flushed.
///
/// # Errors
/// What an item of `leaves` carries, or as [`BundleWriter`].
pub fn write_bundle<W: Write, E: From<BundleWriteError>>(
    out: W,
    header: &Header,
    checkpoint: &SignedCheckpoint,
    key: &SigningKey,
    leaves: impl IntoIterator<Item = Result<BundleLeaf, E>>,
) -> Result<W, E> {
    let mut writer = BundleWriter::new(out, header, checkpoint)?;
    for leaf in leaves {
        writer.push(&leaf?)?;
    }
    Ok(writer.finish(key)?)
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle.
    ///
    /// # Errors
    /// Header and checkpoint are of different trails, or writing fails.
    pub fn new(out: W, header: &Header, checkpoint: &SignedCheckpoint) -> Result<Self, BundleWriteError> {
        let signed = checkpoint.checkpoint().clone();
        expect_same_trail(header.origin() == &signed.origin, &signed)?;
        let mut writer = Self { out, digest: Sha256::new(), tally: Tally::default(), checkpoint: signed };
        writer.write(&[FORMAT.as_bytes(), b"\n"])?;
        writer.write(&[&header.json()?, b"\n"])?;
        writer.write(&[checkpoint.note().as_bytes()])?;
        Ok(writer)
    }

    /// Adds the next leaf.
    ///
    /// # Errors
    /// The entry does not belong there or its disclosures do not fit it, or writing fails.
    pub fn push(&mut self, leaf: &BundleLeaf) -> Result<(), BundleWriteError> {
        match leaf {
            BundleLeaf::OutOfScope(hash) => {
                self.tally.hash(*hash);
                self.write(&[HASH, hash.to_string().as_bytes(), b"\n"])
            }
            BundleLeaf::InScope { leaf_json, disclosures_json } => {
                let seq = self.tally.size() + 1;
                let entry =
                    self.tally.leaf(leaf_json).map_err(|fault| BundleWriteError::Entry { seq, fault })?;
                self.tally
                    .open(&entry, disclosures_json)
                    .map_err(|fault| BundleWriteError::Entry { seq, fault })?;
                self.write(&[LEAF, leaf_json, b"\n"])?;
                self.write(&[OPEN, disclosures_json, b"\n"])
            }
        }
    }

    /// Seals the bundle with the key that signed its checkpoint and returns the writer, flushed.
    ///
    /// # Errors
    /// The leaves are not all those of the checkpoint, the key is of another trail, or writing fails.
    pub fn finish(mut self, key: &SigningKey) -> Result<W, BundleWriteError> {
        self.tally.expect_root(&self.checkpoint).map_err(BundleWriteError::Root)?;
        expect_same_trail(key.verifier_key().origin() == &self.checkpoint.origin, &self.checkpoint)?;
        let seal = note::sign(&seal_text(self.digest.clone().finalize().into()), key);
        self.out.write_all(seal.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write(&mut self, parts: &[&[u8]]) -> Result<(), BundleWriteError> {
        for part in parts {
            self.digest.update(part);
            self.out.write_all(part)?;
        }
        Ok(())
    }
}

fn expect_same_trail(same: bool, checkpoint: &Checkpoint) -> Result<(), BundleWriteError> {
    if same {
        return Ok(());
    }
    Err(BundleWriteError::Key(NoteError::OtherOrigin { expected: checkpoint.origin.clone() }))
}
