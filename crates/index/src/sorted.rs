//! Lists in the order of a field, continued from where the last page ended.
//!
//! The order is total: known values before unknown ones, then the value, then the id. So a continuation neither
//! repeats nor skips a record, whatever was written meanwhile.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use nevertwice_domain::query::Filter;
use roaring::RoaringBitmap;
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, TantivyError};
use thiserror::Error;
use uuid::Uuid;

use crate::access::{Access, Depth};
use crate::error::IndexError;
use crate::fitting::{Fitting, Parts};
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
    /// Whether there is no value: that sorts last.
    pub(crate) unknown: bool,
    /// The value, turned round when descending.
    pub(crate) value: u64,
    /// The record's id, turned round when descending: of equals the one entered last comes first.
    id: u128,
}

impl Place {
    /// The place of a record.
    pub(crate) fn new(unknown: bool, value: u64, id: Uuid, descending: bool) -> Self {
        let id = id.as_u128();
        Self { unknown, value, id: if descending { !id } else { id } }
    }

    /// The record there.
    pub(crate) fn id(&self, descending: bool) -> Uuid {
        Uuid::from_u128(if descending { !self.id } else { self.id })
    }
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
        let after = after.map(|cursor| cursor.place);
        let mut found: Vec<Placed> = Vec::new();
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            for (ordinal, (segment, fitting)) in (0..).zip(self.fitting(half, searcher, filter, access)?) {
                let places = self.first_of(segment, &fitting, sort, after, limit)?;
                found.extend(
                    places.into_iter().map(|(place, doc)| (place, half, DocAddress::new(ordinal, doc))),
                );
            }
        }
        found.sort_unstable_by_key(|(place, ..)| *place);
        found.truncate(limit);
        Ok(found)
    }

    /// The segments of a half, each with the documents that fulfil a filter and may be found.
    pub(crate) fn fitting<'s>(
        &self,
        half: Half,
        searcher: &'s Searcher,
        filter: &Filter,
        access: &Access,
    ) -> Result<Vec<(&'s SegmentReader, Fitting)>, IndexError> {
        let query = access.query(&self.fields, half, filter, Depth::Outline);
        let (parts, segments) = (Parts::of(&*query), searcher.segment_readers().iter());
        segments.map(|segment| Ok((segment, self.kept.sets.fitting(searcher, segment, &parts)?))).collect()
    }

    /// The segments of a half, each with the documents that fulfil a query and were not deleted.
    pub(crate) fn living<'s>(
        &self,
        searcher: &'s Searcher,
        query: &dyn Query,
    ) -> Result<Vec<(&'s SegmentReader, Fitting)>, IndexError> {
        let (parts, segments) = (Parts::of(query), searcher.segment_readers().iter());
        segments.map(|segment| Ok((segment, self.kept.sets.living(searcher, segment, &parts)?))).collect()
    }

    /// The first so many places of a segment; in no order, and perhaps more of them, where few fit.
    fn first_of(
        &self,
        segment: &SegmentReader,
        fitting: &RoaringBitmap,
        sort: Sort,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<(Place, DocId)>, IndexError> {
        let columns = self.kept.columns(segment, sort.by)?;
        let alive = |doc: &DocId| segment.alive_bitset().is_none_or(|alive| alive.is_alive(*doc));
        let placed = |doc: DocId| (columns.place(sort, doc), doc);
        let is_next = |place: &Place| after.is_none_or(|after| *place > after);
        if is_few(fitting.len(), segment.max_doc(), limit) {
            let keyed = fitting.iter().filter(alive).map(|doc| (columns.key(sort, doc), doc));
            let candidates = candidates(keyed, after.map(|after| (after.unknown, after.value)), limit);
            return Ok(candidates.into_iter().map(placed).filter(|(place, _)| is_next(place)).collect());
        }
        let order = self.kept.order(segment, sort)?;
        let start = order.partition_point(|doc| !is_next(&columns.place(sort, *doc)));
        let next = order[start..].iter().copied().filter(|doc| fitting.contains(*doc)).filter(alive);
        Ok(next.take(limit).map(placed).collect())
    }
}

impl Cursor {
    /// After a place of a list.
    pub(crate) fn after(sort: Sort, place: Place) -> Self {
        Self { sort, place }
    }
}

/// Whether it is quicker to look at the key of each document that fits than to look for a page of them in the order of the
/// whole segment, where as many documents are passed as it has for each that fits.
fn is_few(fitting: u64, documents: DocId, limit: usize) -> bool {
    let passed = u64::from(documents) * limit as u64 / fitting.max(1);
    fitting <= 2 * limit as u64 || fitting <= passed * KEYS_PER_PASSED
}

/// Of documents with their keys, those among which the first `limit` behind a key are. A key is one column to read, a place
/// three, so that most documents are told by their keys alone.
fn candidates(keyed: impl Iterator<Item = (Key, DocId)>, after: Option<Key>, limit: usize) -> Vec<DocId> {
    let (mut tied, mut beyond) = (Vec::new(), Vec::new());
    for (key, doc) in keyed {
        match after.map(|after| key.cmp(&after)) {
            Some(Ordering::Less) => {}
            // Whether it comes before or behind is told by its place.
            Some(Ordering::Equal) => tied.push(doc),
            Some(Ordering::Greater) | None => beyond.push((key, doc)),
        }
    }
    if let Some(last) = limit.checked_sub(1).filter(|last| *last < beyond.len()) {
        let (_, (key, _), _) = beyond.select_nth_unstable_by_key(last, |(key, _)| *key);
        let key = *key;
        beyond.retain(|(other, _)| *other <= key);
    }
    tied.extend(beyond.into_iter().map(|(_, doc)| doc));
    tied
}

/// Keys read in the time in which one document is passed over.
const KEYS_PER_PASSED: u64 = 2;

/// What decides the order first: unknown values last, then the value.
pub(crate) type Key = (bool, u64);

/// The column that an order reads.
pub(crate) struct Keys(Option<Column<u64>>);

impl Keys {
    /// Of a segment.
    pub(crate) fn open(reader: &SegmentReader, by: SortBy) -> Result<Self, TantivyError> {
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

    /// What decides the place of a document, turned round if the largest comes first.
    pub(crate) fn key(&self, doc: DocId, descending: bool) -> Key {
        let value = self.0.as_ref().and_then(|column| column.first(doc));
        let turned = if descending { value.map(|value| !value) } else { value };
        (turned.is_none(), turned.unwrap_or(0))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.sort.descending { 'd' } else { 'a' };
        let known = if self.place.unknown { 'u' } else { 'k' };
        write!(f, "{}{direction}{known}{:016x}", letter(self.sort.by), self.place.value)?;
        write!(f, "{:032x}", self.place.id)
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
        let id = u128::from_str_radix(part(19..51)?, 16).map_err(|_| CursorError)?;
        if text.len() != 51 {
            return Err(CursorError);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidates_are_the_first_ones_with_all_that_are_tied_with_the_last() {
        let keys = [5u64, 3, 9, 3, 1, 7, 3];
        let keyed = || keys.iter().zip(0..).map(|(value, doc)| ((false, *value), doc));
        let found = |after: Option<u64>, limit| {
            let mut found = candidates(keyed(), after.map(|value| (false, value)), limit);
            found.sort_unstable();
            found
        };
        assert_eq!(found(None, 2), [1, 3, 4, 6], "1, and the three that may be second");
        assert_eq!(found(None, 5), [0, 1, 3, 4, 6]);
        assert_eq!(found(None, 100).len(), keys.len());
        assert_eq!(found(Some(3), 1), [0, 1, 3, 6], "those tied with the last page, and the next one");
        assert_eq!(found(Some(9), 3), [2]);
        assert_eq!(found(None, 0).len(), keys.len(), "no limit cuts nothing off");
    }
}
