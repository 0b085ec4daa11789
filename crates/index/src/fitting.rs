//! Which documents of a segment fulfil a filter, as sets that are put together from the sets of its parts.
//!
//! What a filter says (a class, a severity, a word, all three together) stays true of a segment for as long as it lives,
//! so each part is looked up once and kept, and so is what was put together. A filter that nobody asked before then costs
//! a few set operations and the words that are new, not a walk through the register; the next page of one that was asked
//! costs neither.

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

/// Sets kept per segment. The parts of a common filter bar are about thirty, every letter that somebody types is one, and
/// so is each way in which they are put together.
const KEPT: NonZeroUsize = NonZeroUsize::new(192).expect("192 is not zero");

/// The documents of a segment that fulfil a filter, deleted ones too.
pub(crate) type Fitting = Arc<RoaringBitmap>;

/// A query taken apart, once for all segments.
pub(crate) enum Parts<'q> {
    Everything,
    Nothing,
    /// What is put together, and what the result is kept under.
    Together {
        clauses: Vec<(Occur, Parts<'q>)>,
        asked: String,
    },
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
                Self::together(clauses.map(|(occur, clause)| (*occur, Self::of(&**clause))).collect())
            }
            // The engine writes out fields, terms and bounds, which is all that the answer depends on.
            None => Self::One { query, asked: format!("{query:?}") },
        }
    }

    fn together(clauses: Vec<(Occur, Self)>) -> Self {
        let parts = clauses.iter().map(|(occur, part)| format!("{occur:?} {}", part.asked()));
        let asked = format!("({})", parts.collect::<Vec<_>>().join(", "));
        Self::Together { clauses, asked }
    }

    fn asked(&self) -> &str {
        match self {
            Self::Everything => "everything",
            Self::Nothing => "nothing",
            Self::Together { asked, .. } | Self::One { asked, .. } => asked,
        }
    }
}

/// The sets of the segments that are alive.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    fitting: Mutex<HashMap<SegmentId, LruCache<String, Fitting>>>,
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
            Parts::Together { clauses, asked } => {
                self.kept(segment, asked, || self.together(searcher, segment, clauses))
            }
            Parts::One { query, asked } => {
                self.kept(segment, asked, || match query.downcast_ref::<Beginning>() {
                    Some(beginning) => Ok(beginning.documents(segment)?),
                    None => looked_up(searcher, segment, *query),
                })
            }
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
        locked(&self.fitting).retain(|segment, _| alive(segment));
        locked(&self.deleted).retain(|segment, _| alive(segment));
    }

    /// What was found in a segment before, or what `find` finds now.
    fn kept(
        &self,
        segment: &SegmentReader,
        asked: &str,
        find: impl FnOnce() -> Result<RoaringBitmap, IndexError>,
    ) -> Result<Fitting, IndexError> {
        let id = segment.segment_id();
        if let Some(known) = locked(&self.fitting).get_mut(&id).and_then(|kept| kept.get(asked)) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(find()?);
        let mut fitting = locked(&self.fitting);
        let kept = fitting.entry(id).or_insert_with(|| LruCache::new(KEPT));
        kept.put(asked.to_owned(), Arc::clone(&found));
        Ok(found)
    }

    fn together(
        &self,
        searcher: &Searcher,
        segment: &SegmentReader,
        clauses: &[(Occur, Parts<'_>)],
    ) -> Result<RoaringBitmap, IndexError> {
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
