//! Making an entry: from what happened to leaf bytes, leaf hash and disclosures.

use serde_json::Value;
use uuid::Uuid;

use crate::at::At;
use crate::canonical::ValueError;
use crate::commitment::{self, Salt};
use crate::disclosure::{self, MAX_DISCLOSED_PARTS, MAX_DISCLOSURES_BYTES, Writer};
use crate::entry::name::{self, NameError};
use crate::entry::{Entry, EntryError, FieldCommitment, Leaf, Object, Outcome};
use crate::hash::Hash;
use crate::merkle;

/// What happened, before it has its place in the trail.
#[derive(Debug, Clone)]
pub struct EntryDraft {
    /// When. The writer of the trail sees to it that this never decreases.
    pub at: At,
    /// The random id of who acted.
    pub actor: Uuid,
    /// What was done, a snake_case word such as `complete_action`.
    pub action: String,
    /// What it was done to.
    pub object: Object,
    /// The object's revision after the action.
    pub revision: u64,
    /// Whether it took place.
    pub outcome: Outcome,
    /// The request that caused it.
    pub request: Uuid,
    /// The changed values, in any order, each field once.
    pub changes: Vec<Change>,
}

/// A field's new value.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The field: 1 to 200 characters of `a-z 0-9 _ . : / -`.
    pub field: String,
    /// The value; null says that the field was emptied.
    pub value: Value,
}

/// An entry with its place in the trail, ready to be stored.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// The canonical JSON that is the Merkle leaf.
    pub leaf_json: Vec<u8>,
    /// The RFC 6962 hash of the leaf.
    pub leaf_hash: Hash,
    /// The blob to be stored beside the leaf; [`Disclosures::decode`](crate::Disclosures::decode) reads it.
    pub disclosures_json: Vec<u8>,
}

/// A draft cannot become an entry.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A field is not a field name.
    #[error(transparent)]
    Field(#[from] NameError),
    /// A value has no canonical form.
    #[error("the value of {field}: {source}")]
    Value {
        /// The field.
        field: String,
        /// What is wrong with the value.
        source: ValueError,
    },
    /// The values together are too long.
    #[error(
        "expected at most {MAX_DISCLOSURES_BYTES} bytes of values in one entry, found {0}: split the change"
    )]
    TooLong(usize),
    /// The values together have too many parts.
    #[error(
        "expected at most {MAX_DISCLOSED_PARTS} values and parts of values in one entry, found {0}: split the change"
    )]
    TooManyParts(usize),
    /// The rest of the draft breaks a rule of the format.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// Gives a draft its place in the trail. `salts` is asked once per change, in ascending order of fields, for 16
/// random bytes that were never used before.
///
/// # Errors
/// A name is malformed, a field occurs twice, a value has no canonical form, `seq` is not in 1..2⁵³, or the
/// entry is larger than a verifier accepts.
pub fn seal(draft: EntryDraft, seq: u64, salts: &mut dyn FnMut() -> Salt) -> Result<Sealed, SealError> {
    let EntryDraft { at, actor, action, object, revision, outcome, request, mut changes } = draft;
    changes.sort_unstable_by(|one, other| one.field.cmp(&other.field));
    let mut disclosures = Writer::with_capacity(80 * changes.len());
    let mut values = Vec::with_capacity(changes.len());
    for Change { field, value } in changes {
        name::check_field(&field)?;
        let salt = salts();
        match disclosures.open(&field, &salt, &value) {
            Ok(json) => values
                .push(FieldCommitment { commitment: commitment::commit_json(&field, &salt, json), field }),
            Err(source) => return Err(SealError::Value { field, source }),
        }
    }
    let disclosures_json = disclosures.finish();
    if disclosures_json.len() > MAX_DISCLOSURES_BYTES {
        return Err(SealError::TooLong(disclosures_json.len()));
    }
    let parts = disclosure::count_parts(&disclosures_json);
    if parts > MAX_DISCLOSED_PARTS {
        return Err(SealError::TooManyParts(parts));
    }
    let entry =
        Entry::new(Leaf { action, actor, at, object, request, result: outcome, revision, seq, values })?;
    let leaf_json = entry.leaf_json()?;
    let leaf_hash = merkle::leaf_hash(&leaf_json);
    Ok(Sealed { entry, leaf_json, leaf_hash, disclosures_json })
}

#[cfg(test)]
mod tests;
