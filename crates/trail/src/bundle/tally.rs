//! What writer and verifier keep count of, leaf by leaf. Both refuse the same things.

use std::collections::BTreeSet;

use super::{BundleFault, Header};
use crate::at::At;
use crate::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::disclosure::Disclosures;
use crate::entry::{Entry, Object, Standing};
use crate::hash::Hash;
use crate::merkle::{self, Frontier};

/// What an accepted bundle proves: that the holder of the key recorded these entries, and these only, and that the
/// disclosed values are the recorded ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleReport {
    /// What the bundle says about itself.
    pub header: Header,
    /// The signed size and root.
    pub checkpoint: SignedCheckpoint,
    /// How many entries are there in full. The rest of the checkpoint's size is there as hashes only.
    pub in_scope: u64,
    /// What the entries in scope are about.
    pub objects: BTreeSet<Object>,
    /// How many values are disclosed and proved.
    pub proved: u64,
    /// The values that were erased, in the order of entries.
    pub erased: Vec<ErasedValue>,
}

/// A value that was erased: its commitment is proved, its content is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedValue {
    /// The entry.
    pub seq: u64,
    /// The field.
    pub field: String,
}

/// The leaves so far.
#[derive(Default)]
pub(super) struct Tally {
    frontier: Frontier,
    last_at: Option<At>,
    in_scope: u64,
    objects: BTreeSet<Object>,
    proved: u64,
    erased: Vec<ErasedValue>,
}

impl Tally {
    /// How many leaves there were.
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Counts an entry that is out of scope.
    pub(super) fn hash(&mut self, leaf_hash: Hash) {
        self.frontier.append(leaf_hash);
    }

    /// Counts an entry that is in scope, whose disclosures follow.
    pub(super) fn leaf(&mut self, leaf_json: &[u8]) -> Result<Entry, BundleFault> {
        let entry = Entry::parse(leaf_json)?;
        let (expected, found) = (self.frontier.size() + 1, entry.seq());
        if found != expected {
            return Err(BundleFault::Seq { expected, found });
        }
        if let Some(before) = self.last_at.filter(|before| entry.at() < *before) {
            return Err(BundleFault::TimeWentBack { seq: found, before, at: entry.at() });
        }
        self.last_at = Some(entry.at());
        self.frontier.append(merkle::leaf_hash(leaf_json));
        self.in_scope += 1;
        if !self.objects.contains(entry.object()) {
            self.objects.insert(entry.object().clone());
        }
        Ok(entry)
    }

    /// Counts the disclosures of the entry before.
    pub(super) fn open(&mut self, entry: &Entry, disclosures_json: &[u8]) -> Result<(), BundleFault> {
        let disclosures = Disclosures::decode(disclosures_json)?;
        for (field, standing) in entry.check(&disclosures) {
            let (seq, field) = (entry.seq(), field.to_owned());
            match standing {
                Standing::Proved => self.proved += 1,
                Standing::Erased => self.erased.push(ErasedValue { seq, field }),
                Standing::Wrong | Standing::Missing | Standing::Surplus => {
                    return Err(BundleFault::Value { seq, field, standing });
                }
            }
        }
        Ok(())
    }

    /// Holds the leaves so far against a checkpoint known from outside, once there are as many as it covers.
    pub(super) fn expect_history(&self, trusted: Option<&Checkpoint>) -> Result<(), BundleFault> {
        let Some(trusted) = trusted.filter(|trusted| trusted.size == self.size()) else { return Ok(()) };
        let found = self.frontier.root();
        if found == trusted.root {
            return Ok(());
        }
        Err(BundleFault::Forked { trusted: trusted.size, expected: trusted.root, found })
    }

    /// Demands that the leaves are all those of the checkpoint.
    pub(super) fn expect_root(&self, checkpoint: &Checkpoint) -> Result<(), BundleFault> {
        let (size, found) = (self.size(), self.frontier.root());
        if size == checkpoint.size && found == checkpoint.root {
            return Ok(());
        }
        Err(BundleFault::Root { expected_size: checkpoint.size, expected: checkpoint.root, size, found })
    }

    /// The result.
    pub(super) fn report(self, header: Header, checkpoint: SignedCheckpoint) -> BundleReport {
        let Self { in_scope, objects, proved, erased, .. } = self;
        BundleReport { header, checkpoint, in_scope, objects, proved, erased }
    }
}
