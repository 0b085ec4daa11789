//! Inclusion and consistency proofs: RFC 6962 §2.1.1 and §2.1.2, verified as in RFC 9162 §2.1.3.2 and §2.1.4.2.

use super::{Frontier, node_hash};
use crate::hash::Hash;

/// Proves that a leaf is in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's place, from 0.
    pub index: u64,
    /// How many leaves the tree has.
    pub size: u64,
    /// Hashes of the siblings on the way from the leaf to the root.
    pub path: Vec<Hash>,
}

/// Proves that a tree grew out of an earlier one by appending alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// How many leaves the earlier tree has.
    pub old_size: u64,
    /// How many leaves the later tree has.
    pub new_size: u64,
    /// Hashes of the nodes from which both roots follow.
    pub path: Vec<Hash>,
}

/// A proof cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf or the earlier tree lies outside the tree.
    #[error("a proof about position {inner} of a tree of {size} entries: expected it to lie inside the tree")]
    OutOfRange {
        /// The index of the leaf, or the size of the earlier tree.
        inner: u64,
        /// How many leaves the tree has.
        size: u64,
    },
    /// The path has too few or too many hashes.
    #[error("the proof has a wrong number of hashes")]
    Length,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the expected root")]
    Root,
}

impl InclusionProof {
    /// Makes the proof from the leaf hashes of a tree of `size` leaves; `leaf(i)` is asked once for every place
    /// from 0 but `index`.
    ///
    /// # Errors
    /// `index` is not below `size`, or what `leaf` answers with.
    pub fn make<E: From<ProofError>>(
        index: u64,
        size: u64,
        mut leaf: impl FnMut(u64) -> Result<Hash, E>,
    ) -> Result<Self, E> {
        if index >= size {
            return Err(ProofError::OutOfRange { inner: index, size }.into());
        }
        let (mut low, mut high) = (0, size);
        let mut path = Vec::new();
        while high - low > 1 {
            let middle = low + split(high - low);
            let sibling = if index < middle { (middle, high) } else { (low, middle) };
            path.push(subtree(sibling, &mut leaf)?);
            (low, high) = if index < middle { (low, middle) } else { (middle, high) };
        }
        path.reverse();
        Ok(Self { index, size, path })
    }

    /// Verifies that the leaf with this hash is in the tree with this root.
    ///
    /// # Errors
    /// The proof is malformed or leads to another root.
    pub fn verify(&self, leaf_hash: Hash, root: Hash) -> Result<(), ProofError> {
        if self.index >= self.size {
            return Err(ProofError::OutOfRange { inner: self.index, size: self.size });
        }
        let (mut place, mut last) = (self.index, self.size - 1);
        let mut hash = leaf_hash;
        for sibling in &self.path {
            if last == 0 {
                return Err(ProofError::Length);
            }
            if place & 1 == 1 || place == last {
                hash = node_hash(sibling, &hash);
                skip_lone_levels(&mut place, &mut last);
            } else {
                hash = node_hash(&hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        finish(last, &[(hash, root)])
    }
}

impl ConsistencyProof {
    /// Makes the proof from the leaf hashes of the later tree; `leaf(i)` is asked at most once for every place.
    ///
    /// # Errors
    /// `old_size` is above `new_size`, or what `leaf` answers with.
    pub fn make<E: From<ProofError>>(
        old_size: u64,
        new_size: u64,
        mut leaf: impl FnMut(u64) -> Result<Hash, E>,
    ) -> Result<Self, E> {
        if old_size > new_size {
            return Err(ProofError::OutOfRange { inner: old_size, size: new_size }.into());
        }
        let mut path = Vec::new();
        let (mut low, mut high) = (0, new_size);
        while old_size != high && old_size > 0 {
            let middle = low + split(high - low);
            let sibling = if old_size <= middle { (middle, high) } else { (low, middle) };
            path.push(subtree(sibling, &mut leaf)?);
            (low, high) = if old_size <= middle { (low, middle) } else { (middle, high) };
        }
        // The verifier knows the old root already; any other common node has to be told.
        if low > 0 {
            path.push(subtree((low, high), &mut leaf)?);
        }
        path.reverse();
        Ok(Self { old_size, new_size, path })
    }

    /// Verifies that the tree with the new root begins with the tree with the old root.
    ///
    /// # Errors
    /// The proof is malformed or leads to other roots.
    pub fn verify(&self, old_root: Hash, new_root: Hash) -> Result<(), ProofError> {
        let Self { old_size, new_size, .. } = *self;
        if old_size > new_size {
            return Err(ProofError::OutOfRange { inner: old_size, size: new_size });
        }
        if old_size == 0 || old_size == new_size {
            let expected = if old_size == 0 { Frontier::new().root() } else { new_root };
            return if !self.path.is_empty() {
                Err(ProofError::Length)
            } else if old_root == expected {
                Ok(())
            } else {
                Err(ProofError::Root)
            };
        }
        // A complete old tree is itself the common node, and the proof leaves it out.
        let (first, path) = if old_size.is_power_of_two() {
            (old_root, self.path.as_slice())
        } else {
            self.path.split_first().map(|(first, rest)| (*first, rest)).ok_or(ProofError::Length)?
        };
        let (mut place, mut last) = (old_size - 1, new_size - 1);
        let complete_levels = place.trailing_ones();
        place >>= complete_levels;
        last >>= complete_levels;
        let (mut old, mut new) = (first, first);
        for sibling in path {
            if last == 0 {
                return Err(ProofError::Length);
            }
            if place & 1 == 1 || place == last {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
                skip_lone_levels(&mut place, &mut last);
            } else {
                new = node_hash(&new, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        finish(last, &[(old, old_root), (new, new_root)])
    }
}

/// A last node without a sibling stands unchanged on the levels above, up to where it is a right child.
fn skip_lone_levels(place: &mut u64, last: &mut u64) {
    while *place & 1 == 0 && *place != 0 {
        *place >>= 1;
        *last >>= 1;
    }
}

/// The way is complete when nothing of the tree is left above it, and then every hash must be its root.
fn finish(last: u64, roots: &[(Hash, Hash)]) -> Result<(), ProofError> {
    if last != 0 {
        return Err(ProofError::Length);
    }
    if roots.iter().all(|(found, expected)| found == expected) { Ok(()) } else { Err(ProofError::Root) }
}

/// The largest power of two below `size`, which is at least 2: how many leaves stand left of the root.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The root over the leaves `low..high`.
fn subtree<E>((low, high): (u64, u64), leaf: &mut impl FnMut(u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut frontier = Frontier::new();
    for place in low..high {
        frontier.append(leaf(place)?);
    }
    Ok(frontier.root())
}
