//! The Merkle tree of RFC 6962 §2.1 over the leaves of the trail.

use sha2::{Digest, Sha256};

use crate::canonical::MAX_INTEGER;
use crate::hash::Hash;

pub use proof::{ConsistencyProof, InclusionProof, ProofError};

mod proof;

/// The hash of a leaf: SHA-256 over `0x00` and the leaf's bytes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Hash::from_bytes(Sha256::new().chain_update([0]).chain_update(leaf).finalize().into())
}

/// The hash of an inner node: SHA-256 over `0x01` and the hashes of its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let digest = Sha256::new().chain_update([1]).chain_update(left.as_bytes()).chain_update(right.as_bytes());
    Hash::from_bytes(digest.finalize().into())
}

/// The right edge of the tree: the roots of its complete subtrees, largest first, as many as `size` has one bits.
/// All that is needed to append leaves and to know the root; at most 53 hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

/// Bytes are not those of a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The size is missing or beyond 2⁵³ − 1.
    #[error("the frontier of the trail: expected a size of eight bytes, at most 2^53 - 1, first")]
    Size,
    /// The number of hashes does not fit the size.
    #[error("the frontier of the trail: expected {expected} bytes for {size} entries, found {found}")]
    Length {
        /// The size given in the bytes.
        size: u64,
        /// How many bytes a frontier of this size has.
        expected: usize,
        /// How many there are.
        found: usize,
    },
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of the next leaf.
    pub fn append(&mut self, leaf_hash: Hash) {
        let mut root = leaf_hash;
        // Each trailing one bit of the size is a complete subtree that the new leaf completes to a larger one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                root = node_hash(&left, &root);
            }
        }
        self.subtrees.push(root);
        self.size += 1;
    }

    /// The root of the tree; of the empty tree, SHA-256 over nothing.
    pub fn root(&self) -> Hash {
        let smallest_first = self.subtrees.iter().rev().copied();
        smallest_first
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(|| Hash::from_bytes(Sha256::digest([]).into()))
    }

    /// The size as eight bytes big-endian, then the subtree roots, largest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for subtree in &self.subtrees {
            bytes.extend_from_slice(subtree.as_bytes());
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// The size is missing or too large, or the number of hashes does not fit it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes.split_first_chunk().ok_or(FrontierError::Size)?;
        let size = u64::from_be_bytes(*size);
        if size > MAX_INTEGER {
            return Err(FrontierError::Size);
        }
        let (subtrees, rest) = hashes.as_chunks::<32>();
        if !rest.is_empty() || u32::try_from(subtrees.len()) != Ok(size.count_ones()) {
            let expected = (0..size.count_ones()).fold(8, |sum, _| sum + 32);
            return Err(FrontierError::Length { size, expected, found: bytes.len() });
        }
        Ok(Self { size, subtrees: subtrees.iter().copied().map(Hash::from_bytes).collect() })
    }
}

#[cfg(test)]
mod tests;
