//! One entry of the trail: who did what to which object, and commitments to the values that changed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::at::At;
use crate::canonical::{self, MAX_INTEGER};
use crate::commitment;
use crate::disclosure::{Disclosure, Disclosures};
use crate::hash::Hash;
use name::NameError;

pub(crate) mod name;

/// The longest leaf, in bytes.
pub const MAX_LEAF_BYTES: usize = 1 << 20;

/// An entry that keeps every rule of the format: names are well formed, fields ascend without repetition, numbers
/// are exact in a double. It comes from [`Entry::parse`] or [`seal`](crate::seal) only.
///
/// Nothing personal is in it: the actor is a random id, values are commitments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry(Leaf);

/// The JSON of a leaf. Members stand in the order of RFC 8785, and all are strings or exact integers, so the plain
/// serialiser writes canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaf {
    pub(crate) action: String,
    pub(crate) actor: Uuid,
    pub(crate) at: At,
    pub(crate) object: Object,
    pub(crate) request: Uuid,
    pub(crate) result: Outcome,
    pub(crate) revision: u64,
    pub(crate) seq: u64,
    pub(crate) values: Vec<FieldCommitment>,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The object's id.
    pub id: Uuid,
    /// The object's kind, a snake_case word such as `case`.
    pub kind: String,
}

/// Whether the action took place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It did.
    Ok,
    /// It was refused; the object is as it was.
    Refused,
}

/// The commitment to one field's new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldCommitment {
    /// See [`commit`](crate::commit).
    pub commitment: Hash,
    /// The field's name.
    pub field: String,
}

/// How a field of an entry stands against the disclosures beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The disclosed value and salt give the commitment.
    Proved,
    /// Value and salt were erased; there is nothing left to prove.
    Erased,
    /// The disclosed value or salt is not the committed one.
    Wrong,
    /// The field is committed, but the disclosures do not have it, not even as erased.
    Missing,
    /// The disclosures have the field, but the entry does not commit to it.
    Surplus,
}

/// A leaf breaks a rule of the format.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The leaf is longer than [`MAX_LEAF_BYTES`].
    #[error("expected a leaf of at most {MAX_LEAF_BYTES} bytes, found {0}")]
    TooLong(usize),
    /// The leaf is not JSON of the expected shape.
    #[error("the leaf is not an entry: {0}")]
    Json(#[from] serde_json::Error),
    /// The leaf is not in canonical form.
    #[error("the leaf is not in canonical form (RFC 8785): the same entry is written differently")]
    NotCanonical,
    /// The sequence number is out of range.
    #[error("expected a sequence number from 1 to 2^53 - 1, found {0}")]
    Seq(u64),
    /// The revision is out of range.
    #[error("expected a revision of at most 2^53 - 1, found {0}")]
    Revision(u64),
    /// An action, kind or field is not a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The values are not in strictly ascending order of their fields.
    #[error("expected every field once and in ascending order, found {0} out of place or twice")]
    FieldOrder(String),
}

impl Entry {
    /// Reads the bytes of a leaf, accepting nothing but the one canonical form.
    ///
    /// # Errors
    /// The bytes are too many, not JSON, have unknown, missing or malformed members, or are not canonical.
    pub fn parse(leaf_json: &[u8]) -> Result<Self, EntryError> {
        if leaf_json.len() > MAX_LEAF_BYTES {
            return Err(EntryError::TooLong(leaf_json.len()));
        }
        let entry = Self::new(serde_json::from_slice(leaf_json)?)?;
        if entry.leaf_json()? == leaf_json { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }

    /// Accepts a leaf that keeps the rules.
    pub(crate) fn new(leaf: Leaf) -> Result<Self, EntryError> {
        if !(1..=MAX_INTEGER).contains(&leaf.seq) {
            return Err(EntryError::Seq(leaf.seq));
        }
        if leaf.revision > MAX_INTEGER {
            return Err(EntryError::Revision(leaf.revision));
        }
        name::check_word(&leaf.action)?;
        name::check_word(&leaf.object.kind)?;
        for value in &leaf.values {
            name::check_field(&value.field)?;
        }
        if let Some(pair) = leaf.values.windows(2).find(|pair| pair[0].field >= pair[1].field) {
            return Err(EntryError::FieldOrder(pair[1].field.clone()));
        }
        Ok(Self(leaf))
    }

    /// The bytes of the leaf.
    pub(crate) fn leaf_json(&self) -> Result<Vec<u8>, EntryError> {
        let mut out = Vec::with_capacity(400 + 120 * self.0.values.len());
        canonical::write_plain(&self.0, &mut out)?;
        if out.len() > MAX_LEAF_BYTES { Err(EntryError::TooLong(out.len())) } else { Ok(out) }
    }

    /// The place in the trail: 1 for the first entry, without gaps.
    pub fn seq(&self) -> u64 {
        self.0.seq
    }

    /// When the entry was written. It never decreases along the trail.
    pub fn at(&self) -> At {
        self.0.at
    }

    /// The random id of who acted.
    pub fn actor(&self) -> Uuid {
        self.0.actor
    }

    /// What was done, a snake_case word.
    pub fn action(&self) -> &str {
        &self.0.action
    }

    /// What it was done to.
    pub fn object(&self) -> &Object {
        &self.0.object
    }

    /// The object's revision after the action.
    pub fn revision(&self) -> u64 {
        self.0.revision
    }

    /// Whether it took place.
    pub fn outcome(&self) -> Outcome {
        self.0.result
    }

    /// The request that caused it; entries of one request share it.
    pub fn request(&self) -> Uuid {
        self.0.request
    }

    /// Commitments to the changed values, in ascending order of fields.
    pub fn values(&self) -> &[FieldCommitment] {
        &self.0.values
    }

    /// Holds the disclosures beside an entry against its commitments: the standing of every field of either.
    pub fn check<'a>(&'a self, disclosures: &'a Disclosures) -> Vec<(&'a str, Standing)> {
        let mut standings: Vec<_> =
            self.0.values.iter().map(|value| (value.field.as_str(), standing(value, disclosures))).collect();
        let committed =
            |field: &str| self.0.values.binary_search_by(|value| value.field.as_str().cmp(field)).is_ok();
        let surplus = disclosures.iter().map(|(field, _)| field).filter(|field| !committed(field));
        standings.extend(surplus.map(|field| (field, Standing::Surplus)));
        standings
    }
}

fn standing(value: &FieldCommitment, disclosures: &Disclosures) -> Standing {
    match disclosures.get(&value.field) {
        None => Standing::Missing,
        Some(Disclosure::Erased) => Standing::Erased,
        Some(Disclosure::Open { salt, value: disclosed }) => {
            // A value without canonical form cannot have been committed to.
            match commitment::commit(&value.field, salt, disclosed) {
                Ok(commitment) if commitment == value.commitment => Standing::Proved,
                _ => Standing::Wrong,
            }
        }
    }
}

#[cfg(test)]
mod tests;
