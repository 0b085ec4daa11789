//! Folding an object's entries into what its rows should be, and comparing.
//!
//! A refused entry changes nothing. Any other entry sets the fields that it names and leaves the rest; a field set to
//! null is empty, and one that is null in the rows, or not there, is empty too. An object all of whose fields are
//! empty may have no rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::commitment::{self, Salt};
use crate::disclosure::{Disclosure, Disclosures};
use crate::entry::{Entry, Object, Outcome, Standing};
use crate::hash::Hash;

/// The current state of one object according to the trail.
#[derive(Debug, Clone)]
pub struct ObjectState {
    object: Object,
    fields: BTreeMap<String, Latest>,
    last_seq: u64,
    revision: Option<u64>,
    erased: Vec<(String, u64)>,
}

/// The latest commitment to a field.
#[derive(Debug, Clone)]
struct Latest {
    seq: u64,
    commitment: Hash,
    known: Known,
}

/// What the disclosures tell about a commitment.
#[derive(Debug, Clone, Copy)]
enum Known {
    Empty,
    Filled(Salt),
    Erased,
    /// Missing or wrong, as reported when the entry was applied.
    Lost,
}

/// A difference between the trail and what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The rows have a value that no entry committed to.
    Uncommitted {
        /// The field.
        field: String,
    },
    /// An entry committed to a value that the rows do not have.
    MissingLive {
        /// The field.
        field: String,
        /// The entry that set it last.
        seq: u64,
    },
    /// The rows have another value than the one committed to.
    Differs {
        /// The field.
        field: String,
        /// The entry that set it last.
        seq: u64,
    },
    /// The value was erased from the trail, but the rows have one.
    ErasedButLive {
        /// The field.
        field: String,
        /// The entry that set it last.
        seq: u64,
    },
    /// The rows give the same field twice.
    Repeated {
        /// The field.
        field: String,
    },
    /// The disclosures beside an entry do not fit it.
    Disclosure {
        /// The field.
        field: String,
        /// The entry.
        seq: u64,
        /// [`Standing::Wrong`], [`Standing::Missing`] or [`Standing::Surplus`].
        standing: Standing,
    },
    /// The trail has values for the object, but there are no rows.
    NoRows {
        /// The fields that the trail has values for.
        fields: Vec<String>,
    },
    /// There are rows, but the trail knows nothing of the object.
    NoEntries {
        /// The fields that the rows have values for.
        fields: Vec<String>,
    },
}

/// An entry was applied to the wrong state: a mistake of the caller, not of the trail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The entry is about another object.
    #[error("entry {seq} is about another object than the {kind} {id} that it was applied to", kind = .object.kind, id = .object.id)]
    OtherObject {
        /// The entry.
        seq: u64,
        /// The object of the state.
        object: Object,
    },
    /// The entry is not later than the one before.
    #[error("entry {seq} was applied after entry {last}: expected ascending numbers")]
    Order {
        /// The entry.
        seq: u64,
        /// The entry applied before.
        last: u64,
    },
}

impl ObjectState {
    /// The state of an object before its first entry.
    pub fn new(object: Object) -> Self {
        Self { object, fields: BTreeMap::new(), last_seq: 0, revision: None, erased: Vec::new() }
    }

    /// The object.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The revision in the latest entry that was not refused.
    pub fn revision(&self) -> Option<u64> {
        self.revision
    }

    /// The latest commitment of every field, with the entry that made it, by field.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Hash, u64)> {
        self.fields.iter().map(|(field, latest)| (field.as_str(), &latest.commitment, latest.seq))
    }

    /// Every erased value so far: its field and the entry that recorded it, in the order of entries. Each of them has
    /// to be covered by an erasure that the trail records; without one, somebody destroyed the value.
    pub fn erased(&self) -> &[(String, u64)] {
        &self.erased
    }

    /// Applies the object's next entry and returns how the disclosures beside it fail to fit; none is the rule.
    ///
    /// # Errors
    /// The entry is about another object, or not later than the one before.
    pub fn apply(&mut self, entry: &Entry, disclosures: &Disclosures) -> Result<Vec<Mismatch>, FoldError> {
        let seq = entry.seq();
        if *entry.object() != self.object {
            return Err(FoldError::OtherObject { seq, object: self.object.clone() });
        }
        if seq <= self.last_seq {
            return Err(FoldError::Order { seq, last: self.last_seq });
        }
        self.last_seq = seq;
        let standings = entry.check(disclosures);
        if entry.outcome() == Outcome::Ok {
            self.revision = Some(entry.revision());
            for (value, (field, standing)) in entry.values().iter().zip(&standings) {
                let known = known(*standing, disclosures.get(field));
                let latest = Latest { seq, commitment: value.commitment, known };
                self.fields.insert(value.field.clone(), latest);
            }
        }
        let erased = standings.iter().filter(|(_, standing)| *standing == Standing::Erased);
        self.erased.extend(erased.map(|(field, _)| ((*field).to_owned(), seq)));
        let unfit = standings
            .into_iter()
            .filter(|(_, standing)| !matches!(standing, Standing::Proved | Standing::Erased));
        Ok(unfit
            .map(|(field, standing)| Mismatch::Disclosure { field: field.to_owned(), seq, standing })
            .collect())
    }

    /// Compares the object's rows, as fields and values, with the latest commitments. A field that cannot be compared
    /// because its disclosure does not fit was reported by [`ObjectState::apply`] and is not reported again.
    pub fn compare<F: AsRef<str>>(&self, current: impl IntoIterator<Item = (F, Value)>) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        let mut seen = BTreeSet::new();
        for (field, value) in current {
            let field = field.as_ref();
            mismatches.extend(self.compare_field(field, &value));
            if !seen.insert(field.to_owned()) {
                mismatches.push(Mismatch::Repeated { field: field.to_owned() });
            }
        }
        if self.revision.is_none() {
            let fields = mismatches.into_iter().filter_map(|mismatch| match mismatch {
                Mismatch::Uncommitted { field } => Some(field),
                _ => None,
            });
            return vec![Mismatch::NoEntries { fields: fields.collect() }];
        }
        let absent = self.filled().filter(|(field, _)| !seen.contains(*field));
        mismatches.extend(absent.map(|(field, seq)| Mismatch::MissingLive { field: field.to_owned(), seq }));
        mismatches
    }

    /// What is wrong with the object having no rows: nothing if the trail has no values for it (any more).
    pub fn compare_without_rows(&self) -> Option<Mismatch> {
        let fields: Vec<_> = self.filled().map(|(field, _)| field.to_owned()).collect();
        (!fields.is_empty()).then_some(Mismatch::NoRows { fields })
    }

    fn compare_field(&self, field: &str, value: &Value) -> Option<Mismatch> {
        let Some(Latest { seq, commitment, known }) = self.fields.get(field) else {
            return (!value.is_null()).then(|| Mismatch::Uncommitted { field: field.to_owned() });
        };
        let (seq, field) = (*seq, field.to_owned());
        match (known, value) {
            (Known::Lost, _) | (Known::Empty | Known::Erased, Value::Null) => None,
            (Known::Filled(_), Value::Null) => Some(Mismatch::MissingLive { field, seq }),
            (Known::Empty, _) => Some(Mismatch::Differs { field, seq }),
            (Known::Erased, _) => Some(Mismatch::ErasedButLive { field, seq }),
            (Known::Filled(salt), value) => {
                // A value without canonical form cannot have been committed to.
                let same = commitment::commit(&field, salt, value).is_ok_and(|live| live == *commitment);
                (!same).then_some(Mismatch::Differs { field, seq })
            }
        }
    }

    /// The fields that the trail has values for, with the entries that set them.
    fn filled(&self) -> impl Iterator<Item = (&str, u64)> {
        let filled = |latest: &Latest| matches!(latest.known, Known::Filled(_));
        self.fields
            .iter()
            .filter(move |(_, latest)| filled(latest))
            .map(|(field, latest)| (field.as_str(), latest.seq))
    }
}

impl Mismatch {
    /// The fields concerned.
    pub fn fields(&self) -> &[String] {
        match self {
            Self::Uncommitted { field }
            | Self::MissingLive { field, .. }
            | Self::Differs { field, .. }
            | Self::ErasedButLive { field, .. }
            | Self::Repeated { field }
            | Self::Disclosure { field, .. } => std::slice::from_ref(field),
            Self::NoRows { fields } | Self::NoEntries { fields } => fields,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uncommitted { field } => {
                write!(f, "{field}: has a value that no entry of the trail recorded")
            }
            Self::MissingLive { field, seq } => {
                write!(f, "{field}: is empty, but entry {seq} of the trail recorded a value")
            }
            Self::Differs { field, seq } => {
                write!(f, "{field}: differs from what entry {seq} of the trail recorded")
            }
            Self::ErasedButLive { field, seq } => {
                write!(
                    f,
                    "{field}: has a value, but the one that entry {seq} of the trail recorded was erased"
                )
            }
            Self::Repeated { field } => write!(f, "{field}: is stored twice"),
            Self::Disclosure { field, seq, standing } => {
                let what = match standing {
                    Standing::Missing => "is missing",
                    Standing::Surplus => "is there, but the entry did not record one",
                    _ => "is not the recorded one",
                };
                write!(f, "{field}: the value kept beside entry {seq} of the trail {what}")
            }
            Self::NoRows { fields } => {
                write!(f, "is not stored, but the trail recorded it ({})", fields.join(", "))
            }
            Self::NoEntries { fields } => {
                write!(f, "is stored, but no entry of the trail recorded it ({})", fields.join(", "))
            }
        }
    }
}

fn known(standing: Standing, disclosure: Option<&Disclosure>) -> Known {
    match (standing, disclosure) {
        (Standing::Proved, Some(Disclosure::Open { value: Value::Null, .. })) => Known::Empty,
        (Standing::Proved, Some(Disclosure::Open { salt, .. })) => Known::Filled(*salt),
        (Standing::Erased, _) => Known::Erased,
        _ => Known::Lost,
    }
}

#[cfg(test)]
mod tests;
