//! Fetching candidates: the rarest words go through every case that has them, the others are looked up in the best of those.
//! So the cost depends on how many cases share something rare, not on how many there are.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use tantivy::query::{BoostQuery, EnableScoring, Query, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::{CANDIDATES, Source, Word, cases};
use crate::access::{Access, Depth};
use crate::error::IndexError;
use crate::index::Index;
use crate::ranked::{Ranked, Statistics, in_order};
use crate::snapshot::Snapshot;

/// Cases gone through for all words together, by the statistics of the open half. The rarest word is always gone through.
const FETCHED: u64 = 20_000;

/// The best of what was fetched, in which the more common words are looked up.
const LOOKED_UP: usize = 600;

impl Index {
    /// The cases most like a source by their words, the best first. Both halves are ranked by the statistics of the open
    /// one, as in a search.
    pub(super) fn candidates(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        source: &Source,
    ) -> Result<Vec<Ranked>, IndexError> {
        let (fetching, others) = parted(&source.words);
        let mut found = Vec::new();
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let fitting = access.query(&self.fields, half, &cases(), Depth::Full);
            let weights = |words: &[&Word]| -> Result<Vec<Box<dyn Weight>>, TantivyError> {
                words.iter().map(|word| self.weight(snapshot, searcher, word)).collect()
            };
            let (fetching, others) = (weights(&fetching)?, weights(&others)?);
            let own = source.own.filter(|(home, _)| *home == half).map(|(_, at)| at);
            let mut here: Vec<Ranked> = Vec::new();
            for (ordinal, (segment, living)) in (0..).zip(self.living(searcher, &*fitting)?) {
                let scores = fetched(&fetching, segment, &living)?.into_iter();
                let placed = scores.map(|(doc, score)| (score, half, DocAddress::new(ordinal, doc)));
                here.extend(placed.filter(|(.., at)| Some(*at) != own));
            }
            in_order(&mut here);
            here.truncate(LOOKED_UP);
            look_up(&others, searcher, &mut here)?;
            found.extend(here);
        }
        in_order(&mut found);
        found.truncate(CANDIDATES);
        Ok(found)
    }

    fn weight(
        &self,
        snapshot: &Snapshot,
        searcher: &Searcher,
        word: &Word,
    ) -> Result<Box<dyn Weight>, TantivyError> {
        let term = Term::from_field_text(self.fields.text, &word.text);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        let statistics = Statistics(&snapshot.open);
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
        BoostQuery::new(Box::new(query), word.weight).weight(scoring)
    }
}

/// The words that fetch, and the others.
fn parted(words: &[Word]) -> (Vec<&Word>, Vec<&Word>) {
    let mut words: Vec<&Word> = words.iter().collect();
    words.sort_by_key(|word| word.seen);
    let mut fetched = 0;
    let fetching = words.iter().take_while(|word| {
        let is_first = fetched == 0;
        fetched += word.seen.max(1);
        is_first || fetched <= FETCHED
    });
    let others = words.split_off(fetching.count());
    (words, others)
}

/// The documents of a segment that have any of the words, with what the words count for together.
fn fetched(
    words: &[Box<dyn Weight>],
    segment: &SegmentReader,
    living: &RoaringBitmap,
) -> Result<HashMap<DocId, Score>, TantivyError> {
    let mut scores = HashMap::new();
    for word in words {
        let mut scorer = word.scorer(segment, 1.0)?;
        while scorer.doc() != TERMINATED {
            if living.contains(scorer.doc()) {
                *scores.entry(scorer.doc()).or_insert(0.0) += scorer.score();
            }
            scorer.advance();
        }
    }
    Ok(scores)
}

/// Adds what more words count for.
fn look_up(words: &[Box<dyn Weight>], searcher: &Searcher, found: &mut [Ranked]) -> Result<(), TantivyError> {
    found.sort_unstable_by_key(|(.., at)| *at);
    for places in found.chunk_by_mut(|(.., a), (.., b)| a.segment_ord == b.segment_ord) {
        let Some(ordinal) = places.first().map(|(.., at)| at.segment_ord) else { continue };
        for word in words {
            let mut scorer = word.scorer(searcher.segment_reader(ordinal), 1.0)?;
            for (score, _, at) in places.iter_mut() {
                let here = if scorer.doc() < at.doc_id { scorer.seek(at.doc_id) } else { scorer.doc() };
                if here == at.doc_id {
                    *score += scorer.score();
                }
            }
        }
    }
    Ok(())
}
