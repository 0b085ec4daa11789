//! Results in the order of how well they fit the words.
//!
//! What fits is known as a set, put together from what is kept of the filter's parts. So only the words are left to the
//! engine, and with nothing but words to go through it leaves out whole blocks that cannot get among the best.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use nevertwice_domain::query::Filter;
use roaring::RoaringBitmap;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, EmptyQuery, EnableScoring, Query, Weight};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use crate::access::{Access, Depth, Reach};
use crate::compile::{Translator, all, spelled_out};
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::search::has_words;
use crate::snapshot::Snapshot;

/// How far ranked results go.
pub(crate) const OFFSET_LIMIT: usize = 1_000;

/// Of so many documents one has to fit, or else scoring those that do is quicker than going through the words.
const SPARSE: u64 = 64;

/// A document and how well it fits. The score never leaves this crate.
pub(crate) type Ranked = (Score, Half, DocAddress);

impl Index {
    /// The best `limit` results after the first `offset`.
    pub(crate) fn ranked(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Ranked>, IndexError> {
        let mut found = Vec::new();
        for (half, _) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let fitting = access.query(&self.fields, half, filter, Depth::Outline);
            let words = match words(Translator { fields: &self.fields, half }, filter) {
                Some(words) if access.cases != Reach::Outline => words,
                _ => access.query(&self.fields, half, filter, Depth::Outline),
            };
            found.extend(self.best(snapshot, half, &*words, &*fitting, offset + limit)?);
        }
        in_order(&mut found);
        Ok(found.into_iter().skip(offset).take(limit).collect())
    }

    /// The best of those documents of one half that fulfil `fitting`, by how well they fit `words`.
    /// Both halves are ranked by the term statistics of the open one, so that their scores compare and restricted words
    /// weigh on nobody's order.
    fn best(
        &self,
        snapshot: &Snapshot,
        half: Half,
        words: &dyn Query,
        fitting: &dyn Query,
        limit: usize,
    ) -> Result<Vec<Ranked>, IndexError> {
        let searcher = snapshot.searcher(half);
        let statistics = Statistics(&snapshot.open);
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
        let weight = words.weight(scoring)?;
        let mut found = Vec::new();
        for (ordinal, (segment, living)) in (0..).zip(self.living(searcher, fitting)?) {
            let best = best_of(&*weight, segment, &living, limit.max(1))?;
            let placed = |best: Scored| (best.score, half, DocAddress::new(ordinal, best.doc));
            found.extend(best.into_iter().map(placed));
        }
        in_order(&mut found);
        found.truncate(limit);
        Ok(found)
    }
}

/// Best first; equals in a fixed order.
pub(crate) fn in_order(found: &mut [Ranked]) {
    found.sort_by(|(a, a_half, a_at), (b, b_half, b_at)| {
        let halves = (*a_half == Half::Restricted).cmp(&(*b_half == Half::Restricted));
        b.total_cmp(a).then(halves).then(a_at.cmp(b_at))
    });
}

/// The words of a filter as the query that ranks by them: all conditions left out, and beginnings of words where they are
/// spelled out, since the rest of them counts alike for every document that fits. `None` where words are joined
/// otherwise than by "and".
fn words(translator: Translator<'_>, filter: &Filter) -> Option<Box<dyn Query>> {
    let parts = match filter {
        Filter::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Filter::Text { scope, text, prefix } => {
                let (query, every) = spelled_out(translator.fields.scope(*scope), text, *prefix);
                if every { required.push(query) } else { optional.push(query) }
            }
            // A condition, or words that are excluded.
            other if !has_words(other) => {}
            _ => return None,
        }
    }
    Some(match (required.is_empty(), optional.is_empty()) {
        (true, true) => Box::new(EmptyQuery),
        (false, true) => all(required),
        // Every document that fits has the required words, so that the sum is the same.
        _ => Box::new(BooleanQuery::union(required.into_iter().chain(optional).collect())),
    })
}

/// A document of a segment and its score; the greatest is the worst, which goes first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scored {
    score: Score,
    doc: DocId,
}

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.doc.cmp(&other.doc))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best documents of a segment.
fn best_of(
    weight: &dyn Weight,
    segment: &SegmentReader,
    living: &RoaringBitmap,
    limit: usize,
) -> Result<BinaryHeap<Scored>, TantivyError> {
    let mut best = BinaryHeap::with_capacity(limit + 1);
    if living.len() * SPARSE < u64::from(segment.max_doc()) {
        let mut scorer = weight.scorer(segment, 1.0)?;
        for doc in living {
            let here = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
            let score = if here == doc && here != TERMINATED { scorer.score() } else { 0.0 };
            keep(&mut best, Scored { score, doc }, limit);
        }
        return Ok(best);
    }
    weight.for_each_pruning(Score::MIN, segment, &mut |doc, score| {
        if living.contains(doc) {
            keep(&mut best, Scored { score, doc }, limit);
        }
        if best.len() < limit { Score::MIN } else { best.peek().map_or(Score::MIN, |worst| worst.score) }
    })?;
    fill_up(&mut best, living.iter(), limit);
    Ok(best)
}

fn keep(best: &mut BinaryHeap<Scored>, scored: Scored, limit: usize) {
    best.push(scored);
    if best.len() > limit {
        best.pop();
    }
}

/// Documents that fit without having a word spelled out come after those that have, in their own order.
fn fill_up(best: &mut BinaryHeap<Scored>, fitting: impl Iterator<Item = DocId>, limit: usize) {
    let missing = limit.saturating_sub(best.len());
    if missing == 0 {
        return;
    }
    let known: HashSet<DocId> = best.iter().map(|scored| scored.doc).collect();
    let rest = fitting.filter(|doc| !known.contains(doc)).take(missing);
    best.extend(rest.map(|doc| Scored { score: 0.0, doc }).collect::<Vec<_>>());
}

/// The open half's statistics; never zero, because the engine divides by them.
pub(crate) struct Statistics<'a>(pub(crate) &'a Searcher);

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> Result<u64, TantivyError> {
        Ok(self.0.total_num_tokens(field)?.max(1))
    }

    fn total_num_docs(&self) -> Result<u64, TantivyError> {
        Ok(self.0.total_num_docs()?.max(1))
    }

    fn doc_freq(&self, term: &Term) -> Result<u64, TantivyError> {
        self.0.doc_freq(term)
    }
}
