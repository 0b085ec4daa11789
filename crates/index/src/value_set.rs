//! Which documents of a segment have which value, as sets: counting by value is then a few set operations and not a walk
//! through the register. Where a column has very many values, or only few documents are counted, the walk is quicker.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use roaring::{MultiOps, RoaringBitmap};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader, TantivyError};

use crate::column::Words;
use crate::error::IndexError;
use crate::facet::Facet;
use crate::memo::locked;

/// Columns of more values are walked: their sets would hold little each, and there would be many to go through.
const MOST_VALUES: usize = 4_096;

/// How many documents can be walked in the time that it takes to count one value among 65,536 documents.
const WALKED_MEANWHILE: u64 = 48;

/// A period is `year * 100 + month`.
const MONTHS: u64 = 100;

/// The sets of the segments that are alive, by column.
#[derive(Debug, Default)]
pub(crate) struct KeptValues(Mutex<HashMap<(SegmentId, &'static str), Found>>);

/// The sets of a column; `None` where it has too many values.
type Found = Option<Arc<ValueSets>>;

/// The documents of a segment by value.
#[derive(Debug)]
pub(crate) struct ValueSets {
    sets: Vec<(u64, RoaringBitmap)>,
    any: RoaringBitmap,
    blocks: u64,
}

/// How many documents have each value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyCounts {
    pub(crate) of_keys: BTreeMap<u64, u64>,
    /// Documents that have none of the values.
    pub(crate) without: u64,
}

/// The column of a facet in a segment. A key is the number that stands for a word, a severity, or a year.
pub(crate) struct FacetColumn {
    numbers: Option<Column<u64>>,
    words: Option<Words>,
    divisor: u64,
}

impl KeptValues {
    /// The sets of a column; `None` where it has too many values.
    pub(crate) fn of(
        &self,
        segment: &SegmentReader,
        name: &'static str,
        column: &FacetColumn,
    ) -> Result<Found, IndexError> {
        let key = (segment.segment_id(), name);
        if let Some(known) = locked(&self.0).get(&key) {
            return Ok(known.clone());
        }
        let found = ValueSets::of(column, segment.max_doc()).map(Arc::new);
        locked(&self.0).insert(key, found.clone());
        Ok(found)
    }

    /// Forgets the segments of which `alive` does not hold.
    pub(crate) fn keep_only(&self, alive: impl Fn(&SegmentId) -> bool) {
        locked(&self.0).retain(|(segment, _), _| alive(segment));
    }
}

impl ValueSets {
    /// The sets of a column of a segment of so many documents.
    pub(crate) fn of(column: &FacetColumn, documents: DocId) -> Option<Self> {
        let mut sets: BTreeMap<u64, RoaringBitmap> = BTreeMap::new();
        for doc in 0..documents {
            for key in column.keys(doc) {
                sets.entry(key).or_default().insert(doc);
            }
            if sets.len() > MOST_VALUES {
                return None;
            }
        }
        let any = sets.values().union();
        Some(Self { sets: sets.into_iter().collect(), any, blocks: u64::from(documents >> 16) + 1 })
    }

    /// Whether so many documents are counted sooner with the sets than one by one.
    pub(crate) fn is_quicker(&self, documents: u64) -> bool {
        documents > self.sets.len() as u64 * self.blocks * WALKED_MEANWHILE
    }

    /// Counts documents by those values of which `is_own` holds.
    pub(crate) fn count(
        &self,
        documents: &RoaringBitmap,
        is_own: impl Fn(u64) -> Result<bool, TantivyError>,
    ) -> Result<KeyCounts, TantivyError> {
        let mut counts = KeyCounts::default();
        let mut own = Vec::with_capacity(self.sets.len());
        for (key, set) in &self.sets {
            if !is_own(*key)? {
                continue;
            }
            own.push(set);
            let count = documents.intersection_len(set);
            if count > 0 {
                counts.of_keys.insert(*key, count);
            }
        }
        let with = if own.len() == self.sets.len() {
            documents.intersection_len(&self.any)
        } else {
            documents.intersection_len(&own.into_iter().union())
        };
        counts.without = documents.len() - with;
        Ok(counts)
    }
}

impl FacetColumn {
    /// Of a segment; empty where no document has a value.
    pub(crate) fn open(facet: &Facet, segment: &SegmentReader) -> Result<Self, TantivyError> {
        let column = facet.column();
        if matches!(facet, Facet::Severity | Facet::Year) {
            let divisor = if *facet == Facet::Year { MONTHS } else { 1 };
            return Ok(Self { numbers: Some(segment.fast_fields().u64(column)?), words: None, divisor });
        }
        let words = Words::open(segment, column)?;
        Ok(Self { numbers: words.column().cloned(), words: Some(words), divisor: 1 })
    }

    /// Counts documents one by one, by those values of which `is_own` holds.
    pub(crate) fn walk(
        &self,
        documents: &RoaringBitmap,
        is_own: impl Fn(u64) -> Result<bool, TantivyError>,
    ) -> Result<KeyCounts, TantivyError> {
        let mut counted: HashMap<u64, (bool, u64)> = HashMap::new();
        let mut without = 0;
        for doc in documents {
            let mut any = false;
            for key in self.keys(doc) {
                let (own, count) = match counted.get_mut(&key) {
                    Some(known) => known,
                    None => counted.entry(key).or_insert((is_own(key)?, 0)),
                };
                any |= *own;
                *count += 1;
            }
            without += u64::from(!any);
        }
        let own = counted.into_iter().filter(|(_, (own, _))| *own);
        Ok(KeyCounts { of_keys: own.map(|(key, (_, count))| (key, count)).collect(), without })
    }

    /// Whether a value belongs to the facet: company fields share a column.
    pub(crate) fn is_own(&self, facet: &Facet, key: u64) -> Result<bool, TantivyError> {
        if !matches!(facet, Facet::Company(_)) {
            return Ok(true);
        }
        Ok(self.shown(facet, key)?.is_some())
    }

    /// A value as it is shown; `None` when it belongs to another company field.
    pub(crate) fn shown(&self, facet: &Facet, key: u64) -> Result<Option<String>, TantivyError> {
        match &self.words {
            Some(words) => Ok(facet.shown(words.word(key)?)),
            None => Ok(Some(key.to_string())),
        }
    }

    fn keys(&self, doc: DocId) -> impl Iterator<Item = u64> + '_ {
        let values = self.numbers.iter().flat_map(move |column| column.values_for_doc(doc));
        values.map(|value| value / self.divisor)
    }
}
