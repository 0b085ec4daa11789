//! Lists in the order of a field, continued from where the last page ended.
//!
//! The order is total: known values before unknown ones, then the value, then the id. So a continuation neither
//! repeats nor skips a record, whatever was written meanwhile.

use std::cmp::Ordering;
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

/// So many candidates are kept at least before they are cut.
const SPARE: usize = 256;

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
    /// What may be among the first. It grows beyond the limit and is cut from time to time, which costs less than keeping
    /// it in order: documents lie in the order of registration, so that in a list with the newest first each one is
    /// better than all before.
    candidates: Vec<Candidate>,
    /// Nothing that comes after this key is among the first.
    last: Option<Key>,
}

/// What decides the order first: unknown values last, then the value.
type Key = (bool, u64);

/// A document by its key; its id, which decides between equal keys, is read only where it has to.
type Candidate = (Key, DocId);

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
            candidates: Vec::with_capacity(2 * self.limit.clamp(SPARE, 1_000)),
            last: None,
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
        let key = (turned.is_none(), turned.unwrap_or(0));
        if self.last.is_some_and(|last| key > last)
            || self.after.is_some_and(|after| self.is_before(key, doc, after))
        {
            return;
        }
        self.candidates.push((key, doc));
        if self.candidates.len() >= 2 * self.limit.max(SPARE) {
            self.cut();
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        self.cut();
        let place = |(key, doc): Candidate| (self.place(key, doc), DocAddress::new(self.segment, doc));
        self.candidates.iter().map(|candidate| place(*candidate)).collect()
    }
}

impl SegmentFirst {
    fn place(&self, (unknown, value): Key, doc: DocId) -> Place {
        Place { unknown, value, id: self.ids.id(doc) }
    }

    /// Whether a document stood on an earlier page.
    fn is_before(&self, key: Key, doc: DocId, after: Place) -> bool {
        match key.cmp(&(after.unknown, after.value)) {
            Ordering::Less => true,
            Ordering::Equal => self.ids.id(doc) <= after.id,
            Ordering::Greater => false,
        }
    }

    /// Keeps the first ones of the candidates; in no order.
    fn cut(&mut self) {
        if self.candidates.len() <= self.limit {
            return;
        }
        let Some(index) = self.limit.checked_sub(1) else { return self.candidates.clear() };
        let (_, (last, _), _) = self.candidates.select_nth_unstable_by_key(index, |(key, _)| *key);
        let last = *last;
        let mut tied: Vec<Candidate> =
            self.candidates.iter().copied().filter(|(key, _)| *key == last).collect();
        self.candidates.retain(|(key, _)| *key < last);
        let missing = self.limit - self.candidates.len();
        if tied.len() > missing {
            tied.sort_by_cached_key(|(_, doc)| self.ids.id(*doc));
            tied.truncate(missing);
        }
        self.candidates.extend(tied);
        self.last = Some(last);
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
