//! Which documents of a segment fulfil a filter, as sets that are put together from the sets of its parts.
//!
//! What a part of a filter says (a class, a severity, a word) stays true of a segment for as long as it lives, so each
//! part is looked up once and kept. A filter that nobody asked before then costs a few set operations and the words
//! that are new, not a walk through the register.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use lru::LruCache;
use roaring::{MultiOps, RoaringBitmap};
use tantivy::index::SegmentId;
use tantivy::query::{AllQuery, BooleanQuery, EmptyQuery, EnableScoring, Occur, Query};
use tantivy::{Searcher, SegmentReader};

use crate::beginning::Beginning;
use crate::error::IndexError;
use crate::memo::locked;

/// Parts kept per segment. Those of a common filter bar are about thirty, and every letter that somebody types is one.
const PARTS: NonZeroUsize = NonZeroUsize::new(128).expect("128 is not zero");

/// The documents of a segment that fulfil a filter, deleted ones too.
pub(crate) type Fitting = Arc<RoaringBitmap>;

/// A query taken apart, once for all segments.
pub(crate) enum Parts<'q> {
    Everything,
    Nothing,
    Together(Vec<(Occur, Parts<'q>)>),
    /// What is looked up as a whole, and what it is kept under.
    One {
        query: &'q dyn Query,
        asked: String,
    },
}

impl<'q> Parts<'q> {
    /// Of a query.
    pub(crate) fn of(query: &'q dyn Query) -> Self {
        if query.is::<AllQuery>() {
            return Self::Everything;
        }
        if query.is::<EmptyQuery>() {
            return Self::Nothing;
        }
        match query.downcast_ref::<BooleanQuery>() {
            Some(query) => {
                let clauses = query.clauses().iter();
                Self::Together(clauses.map(|(occur, clause)| (*occur, Self::of(&**clause))).collect())
            }
            // The engine writes out fields, terms and bounds, which is all that the answer depends on.
            None => Self::One { query, asked: format!("{query:?}") },
        }
    }
}

/// The sets of the segments that are alive.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    parts: Mutex<HashMap<SegmentId, LruCache<String, Fitting>>>,
    deleted: Mutex<HashMap<SegmentId, Fitting>>,
}

impl Sets {
    /// The documents of a segment that fulfil a query, deleted ones too.
    pub(crate) fn fitting(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        query: &Parts<'_>,
    ) -> Result<Fitting, IndexError> {
        match query {
            Parts::Everything => Ok(Arc::new(everything(segment))),
            Parts::Nothing => Ok(Fitting::default()),
            Parts::Together(clauses) => self.together(searcher, segment, clauses),
            Parts::One { query, asked } => self.part(searcher, segment, *query, asked),
        }
    }

    /// The documents of a segment that fulfil a query and were not deleted.
    pub(crate) fn living(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        query: &Parts<'_>,
    ) -> Result<Fitting, IndexError> {
        let fitting = self.fitting(searcher, segment, query)?;
        let deleted = self.deleted(segment);
        Ok(if deleted.is_empty() { fitting } else { Arc::new(&*fitting - &*deleted) })
    }

    /// How many of these documents were not deleted from the segment.
    pub(crate) fn alive(&self, segment: &SegmentReader, fitting: &RoaringBitmap) -> u64 {
        fitting.len() - fitting.intersection_len(&self.deleted(segment))
    }

    /// Forgets the segments of which `alive` does not hold.
    pub(crate) fn keep_only(&self, alive: impl Fn(&SegmentId) -> bool) {
        locked(&self.parts).retain(|segment, _| alive(segment));
        locked(&self.deleted).retain(|segment, _| alive(segment));
    }

    fn together(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        clauses: &[(Occur, Parts<'_>)],
    ) -> Result<Fitting, IndexError> {
        let sets = |wanted: Occur| -> Result<Vec<Fitting>, IndexError> {
            let clauses = clauses.iter().filter(|(occur, _)| *occur == wanted);
            clauses.map(|(_, clause)| self.fitting(searcher, segment, clause)).collect()
        };
        let required = sets(Occur::Must)?;
        // Beside required clauses the engine takes the others for ranking alone.
        let mut found = if required.is_empty() {
            sets(Occur::Should)?.iter().map(|set| &**set).union()
        } else {
            required.iter().map(|set| &**set).intersection()
        };
        for excluded in sets(Occur::MustNot)? {
            found -= &*excluded;
        }
        Ok(Arc::new(found))
    }

    fn part(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        query: &dyn Query,
        asked: &str,
    ) -> Result<Fitting, IndexError> {
        let id = segment.segment_id();
        if let Some(known) = locked(&self.parts).get_mut(&id).and_then(|kept| kept.get(asked)) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(match query.downcast_ref::<Beginning>() {
            Some(beginning) => beginning.documents(segment)?,
            None => looked_up(searcher, segment, query)?,
        });
        let mut parts = locked(&self.parts);
        let kept = parts.entry(id).or_insert_with(|| LruCache::new(PARTS));
        kept.put(asked.to_owned(), Arc::clone(&found));
        Ok(found)
    }

    fn deleted(&self, segment: &SegmentReader) -> Fitting {
        let Some(alive) = segment.alive_bitset() else { return Fitting::default() };
        let id = segment.segment_id();
        // Documents are never undeleted, so that the same number means the same documents.
        if let Some(known) = locked(&self.deleted).get(&id)
            && known.len() == u64::from(segment.num_deleted_docs())
        {
            return Arc::clone(known);
        }
        let alive: RoaringBitmap = alive.iter_alive().collect();
        let deleted = Arc::new(everything(segment) - alive);
        locked(&self.deleted).insert(id, Arc::clone(&deleted));
        deleted
    }
}

fn everything(segment: &SegmentReader) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    all.insert_range(0..segment.max_doc());
    all
}

fn looked_up(
    searcher: &Searcher,
    segment: &SegmentReader,
    query: &dyn Query,
) -> Result<RoaringBitmap, IndexError> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut found = RoaringBitmap::new();
    weight.for_each_no_score(segment, &mut |docs| {
        // Documents come in order, and those are appended several times as fast as any are added.
        if found.append(docs.iter().copied()).is_err() {
            found.extend(docs.iter().copied());
        }
    })?;
    Ok(found)
}
