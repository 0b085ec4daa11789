//! Lists in the order of a field, continued from where the last page ended.
//!
//! The order is total: known values before unknown ones, then the value, then the id. So a continuation neither
//! repeats nor skips a record, whatever was written meanwhile.

use std::collections::BinaryHeap;
use std::fmt;
use std::str::FromStr;

use nevertwice_domain::query::Filter;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};
use thiserror::Error;
use uuid::Uuid;

use crate::access::{Access, Depth};
use crate::column::Ids;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::schema::name;
use crate::snapshot::Snapshot;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Whether the largest comes first. Unknown values come last either way.
    pub descending: bool,
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// How well it fits the words; `descending` does not matter.
    Relevance,
    /// Its reference: kind, year, number.
    Reference,
    /// When it entered this register.
    Registered,
    /// When it was reported.
    Reported,
    /// Its severity.
    Severity,
    /// Its due date.
    Due,
}

/// Where a list continues. Its text is opaque and belongs to one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    sort: Sort,
    place: Place,
}

/// A text that is no continuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the continuation is damaged; expected the text that the last page gave, or start from the first page"
)]
pub struct CursorError;

/// A record's place in an order; smaller comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// `None` sorts last: the value, turned round when descending.
    unknown: bool,
    value: u64,
    id: Uuid,
}

/// A record and where it is.
pub(crate) type Placed = (Place, Half, DocAddress);

impl Index {
    /// The first so many places after `after`.
    pub(crate) fn sorted(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        sort: Sort,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Placed>, IndexError> {
        if after.is_some_and(|cursor| cursor.sort != sort) {
            return Err(IndexError::Cursor);
        }
        let mut found: Vec<Placed> = Vec::new();
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let query = access.query(&self.fields, half, filter, Depth::Outline);
            let first = First { sort, after: after.map(|cursor| cursor.place), limit };
            let places = searcher.search(&query, &first)?;
            found.extend(places.into_iter().map(|(place, at)| (place, half, at)));
        }
        found.sort_unstable_by_key(|(place, ..)| *place);
        found.truncate(limit);
        Ok(found)
    }
}

impl Cursor {
    /// After a place of a list.
    pub(crate) fn after(sort: Sort, place: Place) -> Self {
        Self { sort, place }
    }
}

/// Collects the first places of an order.
struct First {
    sort: Sort,
    after: Option<Place>,
    limit: usize,
}

struct SegmentFirst {
    segment: SegmentOrdinal,
    keys: Keys,
    ids: Ids,
    descending: bool,
    after: Option<Place>,
    limit: usize,
    /// The largest of the places found is on top and goes first.
    heap: BinaryHeap<(Place, DocId)>,
}

/// The column that an order reads.
struct Keys(Option<Column<u64>>);

impl Collector for First {
    type Fruit = Vec<(Place, DocAddress)>;
    type Child = SegmentFirst;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<SegmentFirst, TantivyError> {
        Ok(SegmentFirst {
            segment,
            keys: Keys::open(reader, self.sort.by)?,
            ids: Ids::open(reader)?,
            descending: self.sort.descending,
            after: self.after,
            limit: self.limit,
            heap: BinaryHeap::with_capacity(self.limit.min(1_000) + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Self::Fruit>) -> Result<Self::Fruit, TantivyError> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for SegmentFirst {
    type Fruit = Vec<(Place, DocAddress)>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        let value = self.keys.value(doc);
        let turned = if self.descending { value.map(|value| !value) } else { value };
        let (unknown, value) = (turned.is_none(), turned.unwrap_or(0));
        let worst = self.heap.peek().filter(|_| self.heap.len() >= self.limit);
        // Most documents are decided by the value alone; the id is read only for the rest.
        if worst.is_some_and(|(place, _)| (unknown, value) > (place.unknown, place.value)) {
            return;
        }
        let place = Place { unknown, value, id: self.ids.id(doc) };
        if self.after.is_some_and(|after| place <= after) || worst.is_some_and(|(worst, _)| place > *worst) {
            return;
        }
        self.heap.push((place, doc));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn harvest(self) -> Self::Fruit {
        let segment = self.segment;
        self.heap.into_iter().map(|(place, doc)| (place, DocAddress::new(segment, doc))).collect()
    }
}

impl Keys {
    fn open(reader: &SegmentReader, by: SortBy) -> Result<Self, TantivyError> {
        let fast = reader.fast_fields();
        // Signed columns are read in the unsigned form that keeps their order.
        let signed = |name: &str| fast.i64(name).map(Column::to_u64_monotonic);
        Ok(Self(match by {
            SortBy::Relevance => None,
            SortBy::Reference => Some(fast.u64(name::REFERENCE_ORDER)?),
            SortBy::Severity => Some(fast.u64(name::SEVERITY)?),
            SortBy::Registered => Some(signed(name::REGISTERED_ORDER)?),
            SortBy::Reported => Some(signed(name::REPORTED_ORDER)?),
            SortBy::Due => Some(signed(name::DUE)?),
        }))
    }

    fn value(&self, doc: DocId) -> Option<u64> {
        self.0.as_ref().and_then(|column| column.first(doc))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.sort.descending { 'd' } else { 'a' };
        let known = if self.place.unknown { 'u' } else { 'k' };
        write!(f, "{}{direction}{known}{:016x}", letter(self.sort.by), self.place.value)?;
        write!(f, "{}", self.place.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let part = |range: std::ops::Range<usize>| text.get(range).ok_or(CursorError);
        let head = part(0..3)?;
        let by = ORDERS.iter().copied().find(|by| head.starts_with(letter(*by))).ok_or(CursorError)?;
        let (descending, unknown) = match head.get(1..) {
            Some("ak") => (false, false),
            Some("au") => (false, true),
            Some("dk") => (true, false),
            Some("du") => (true, true),
            _ => return Err(CursorError),
        };
        let value = u64::from_str_radix(part(3..19)?, 16).map_err(|_| CursorError)?;
        let id = Uuid::try_parse(part(19..text.len())?).map_err(|_| CursorError)?;
        Ok(Self { sort: Sort { by, descending }, place: Place { unknown, value, id } })
    }
}

const ORDERS: &[SortBy] =
    &[SortBy::Reference, SortBy::Registered, SortBy::Reported, SortBy::Severity, SortBy::Due];

fn letter(by: SortBy) -> char {
    match by {
        SortBy::Relevance => 'w',
        SortBy::Reference => 'n',
        SortBy::Registered => 'r',
        SortBy::Reported => 'p',
        SortBy::Severity => 's',
        SortBy::Due => 'd',
    }
}
