//! What stays true of a segment for as long as it lives, kept so that a page of a list costs the page and not the
//! register: its documents in the order of a field, and those that fulfil the parts of filters.
//!
//! Segments never change; a document goes by being marked deleted, and that is looked at when the page is made. A write
//! adds a small segment, which alone is looked at anew.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

use crate::column::Ids;
use crate::error::IndexError;
use crate::fitting::Sets;
use crate::memo::locked;
use crate::sorted::{Key, Keys, Place, Sort};
use crate::value_set::KeptValues;

/// The documents of a segment in an order, the first first.
pub(crate) type Order = Arc<[DocId]>;

/// Orders and sets of the segments that are alive.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    orders: Mutex<HashMap<(SegmentId, Sort), Order>>,
    /// What fulfils filters.
    pub(crate) sets: Sets,
    /// What has which value.
    pub(crate) values: KeptValues,
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

    /// Forgets segments that are no more.
    pub(crate) fn keep_only(&self, alive: &HashSet<SegmentId>) {
        locked(&self.orders).retain(|(segment, _), _| alive.contains(segment));
        self.sets.keep_only(|segment| alive.contains(segment));
        self.values.keep_only(|segment| alive.contains(segment));
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
    Place::new(unknown, value, ids.id(doc), sort.descending)
}
