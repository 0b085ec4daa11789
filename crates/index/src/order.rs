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
use crate::sorted::{Key, Keys, Place, Sort, SortBy};
use crate::value_set::KeptValues;

/// The documents of a segment in an order, the first first.
pub(crate) type Order = Arc<[DocId]>;

/// The columns that an order reads of a segment.
pub(crate) struct Columns {
    keys: Keys,
    ids: Ids,
}

/// Orders and sets of the segments that are alive.
#[derive(Default)]
pub(crate) struct Kept {
    orders: Mutex<HashMap<(SegmentId, Sort), Order>>,
    columns: Mutex<HashMap<(SegmentId, SortBy), Arc<Columns>>>,
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
        let order = in_order(&*self.columns(segment, sort.by)?, segment.max_doc(), sort);
        locked(&self.orders).insert(key, Arc::clone(&order));
        Ok(order)
    }

    /// What an order reads of a segment. To open its columns takes longer than to read a page's worth of them.
    pub(crate) fn columns(&self, segment: &SegmentReader, by: SortBy) -> Result<Arc<Columns>, IndexError> {
        let key = (segment.segment_id(), by);
        if let Some(columns) = locked(&self.columns).get(&key) {
            return Ok(Arc::clone(columns));
        }
        let columns = Arc::new(Columns { keys: Keys::open(segment, by)?, ids: Ids::open(segment)? });
        locked(&self.columns).insert(key, Arc::clone(&columns));
        Ok(columns)
    }

    /// Forgets segments that are no more.
    pub(crate) fn keep_only(&self, alive: &HashSet<SegmentId>) {
        locked(&self.orders).retain(|(segment, _), _| alive.contains(segment));
        locked(&self.columns).retain(|(segment, _), _| alive.contains(segment));
        self.sets.keep_only(|segment| alive.contains(segment));
        self.values.keep_only(|segment| alive.contains(segment));
    }
}

impl Columns {
    /// What decides the place of a document first.
    pub(crate) fn key(&self, sort: Sort, doc: DocId) -> Key {
        self.keys.key(doc, sort.descending)
    }

    /// The place of a document in an order.
    pub(crate) fn place(&self, sort: Sort, doc: DocId) -> Place {
        let (unknown, value) = self.key(sort, doc);
        Place::new(unknown, value, self.ids.id(doc), sort.descending)
    }
}

fn in_order(columns: &Columns, documents: DocId, sort: Sort) -> Order {
    let mut places: Vec<(Place, DocId)> = (0..documents).map(|doc| (columns.place(sort, doc), doc)).collect();
    // Documents mostly lie in the order of registration: a sort that finds runs is the quick one here.
    places.sort_by_key(|(place, _)| *place);
    places.into_iter().map(|(_, doc)| doc).collect()
}
