//! What stays true of a segment for as long as it lives, kept so that a page of a list costs the page and not the
//! register: its documents in the order of a field, and those that fulfil a filter.
//!
//! Segments never change; a document goes by being marked deleted, and that is looked at when the page is made. A write
//! adds a small segment, which alone is looked at anew.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::column::Ids;
use crate::error::IndexError;
use crate::sorted::{Key, Keys, Place, Sort};

/// Filters kept at most per segment; then all are dropped, which costs one look each.
const FILTERS: usize = 64;

/// The documents of a segment in an order, the first first.
pub(crate) type Order = Arc<[DocId]>;

/// The documents of a segment that fulfil a filter, deleted ones too: one bit each.
pub(crate) type Fitting = Arc<Bits>;

/// One bit for each document of a segment.
#[derive(Debug)]
pub(crate) struct Bits {
    words: Vec<u64>,
    count: usize,
}

/// Orders and filters of the segments that are alive.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    orders: Mutex<HashMap<(SegmentId, Sort), Order>>,
    filters: Mutex<HashMap<(SegmentId, Arc<str>), Fitting>>,
}

impl Kept {
    /// The documents of a segment in an order.
    pub(crate) fn order(&self, segment: &SegmentReader, sort: Sort) -> Result<Order, IndexError> {
        let key = (segment.segment_id(), sort);
        if let Some(order) = locked(&self.orders).get(&key) {
            return Ok(Arc::clone(order));
        }
        let order = in_order(segment, sort)?;
        locked(&self.orders).insert(key, Arc::clone(&order));
        Ok(order)
    }

    /// The documents of a segment that fulfil `query`, of which `question` says everything that it depends on.
    pub(crate) fn fitting(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        query: &dyn Query,
        question: &Arc<str>,
    ) -> Result<Fitting, IndexError> {
        let key = (segment.segment_id(), Arc::clone(question));
        if let Some(bits) = locked(&self.filters).get(&key) {
            return Ok(Arc::clone(bits));
        }
        let bits = Arc::new(fulfilling(searcher, segment, query)?);
        let mut filters = locked(&self.filters);
        if filters.keys().filter(|(id, _)| *id == key.0).count() >= FILTERS {
            filters.retain(|(id, _), _| *id != key.0);
        }
        filters.insert(key, Arc::clone(&bits));
        Ok(bits)
    }

    /// Forgets segments that are no more.
    pub(crate) fn keep_only(&self, alive: &HashSet<SegmentId>) {
        retain(&self.orders, alive);
        retain(&self.filters, alive);
    }
}

impl Bits {
    fn none(size: DocId) -> Self {
        Self { words: vec![0; (size as usize).div_ceil(64)], count: 0 }
    }

    fn set(&mut self, doc: DocId) {
        self.words[doc as usize / 64] |= 1 << (doc % 64);
        self.count += 1;
    }

    /// Whether the document fulfils the filter.
    pub(crate) fn has(&self, doc: DocId) -> bool {
        self.words[doc as usize / 64] & (1 << (doc % 64)) != 0
    }

    /// How many do, deleted ones too.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// How many do, without those that were deleted from the segment.
    pub(crate) fn alive(&self, segment: &SegmentReader) -> usize {
        match segment.alive_bitset() {
            Some(alive) => self.iter().filter(|doc| alive.is_alive(*doc)).count(),
            None => self.count,
        }
    }

    /// Each of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        (0..).zip(&self.words).flat_map(|(at, word): (u32, &u64)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

fn in_order(segment: &SegmentReader, sort: Sort) -> Result<Order, IndexError> {
    let (keys, ids) = (Keys::open(segment, sort.by)?, Ids::open(segment)?);
    let mut places: Vec<(Place, DocId)> =
        (0..segment.max_doc()).map(|doc| (place(&keys, &ids, sort, doc), doc)).collect();
    // Documents mostly lie in the order of registration: a sort that finds runs is the quick one here.
    places.sort_by_key(|(place, _)| *place);
    Ok(places.into_iter().map(|(_, doc)| doc).collect())
}

/// The place of a document in an order.
pub(crate) fn place(keys: &Keys, ids: &Ids, sort: Sort, doc: DocId) -> Place {
    let (unknown, value): Key = keys.key(doc, sort.descending);
    Place { unknown, value, id: ids.id(doc) }
}

fn fulfilling(searcher: &Searcher, segment: &SegmentReader, query: &dyn Query) -> Result<Bits, IndexError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut bits = Bits::none(segment.max_doc());
    weight.for_each_no_score(segment, &mut |docs| docs.iter().for_each(|doc| bits.set(*doc)))?;
    Ok(bits)
}

fn retain<K: Hash + Eq, V>(kept: &Mutex<HashMap<(SegmentId, K), V>>, alive: &HashSet<SegmentId>) {
    locked(kept).retain(|(segment, _), _| alive.contains(segment));
}

fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere leaves whole answers only.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_what_was_set() {
        let mut bits = Bits::none(200);
        for doc in [0, 63, 64, 127, 199] {
            bits.set(doc);
        }
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 63, 64, 127, 199]);
        assert_eq!(bits.count(), 5);
        assert!(bits.has(64) && !bits.has(65));
    }
}
