//! Results in the order of how well they fit the words.

use nevertwice_domain::query::Filter;
use tantivy::collector::TopDocs;
use tantivy::query::{Bm25StatisticsProvider, Query};
use tantivy::schema::Field;
use tantivy::{DocAddress, Searcher, TantivyError, Term};

use crate::access::{Access, Depth};
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::snapshot::Snapshot;

/// How far ranked results go.
pub(crate) const OFFSET_LIMIT: usize = 1_000;

/// A document and how well it fits. The score never leaves this crate.
pub(crate) type Ranked = (f32, Half, DocAddress);

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
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let query = access.query(&self.fields, half, filter, Depth::Outline);
            found.extend(best(snapshot, half, searcher, &query, offset + limit)?);
        }
        in_order(&mut found);
        Ok(found.into_iter().skip(offset).take(limit).collect())
    }
}

/// The best results of one half. Both halves are ranked by the term statistics of the open one, so that their
/// scores compare and restricted words weigh on nobody's order.
pub(crate) fn best(
    snapshot: &Snapshot,
    half: Half,
    searcher: &Searcher,
    query: &dyn Query,
    limit: usize,
) -> Result<Vec<Ranked>, TantivyError> {
    let collector = TopDocs::with_limit(limit.max(1)).order_by_score();
    let top = searcher.search_with_statistics_provider(query, &collector, &Statistics(&snapshot.open))?;
    Ok(top.into_iter().take(limit).map(|(score, at)| (score, half, at)).collect())
}

/// Best first; equals in a fixed order.
pub(crate) fn in_order(found: &mut [Ranked]) {
    found.sort_by(|(a, a_half, a_at), (b, b_half, b_at)| {
        let halves = (*a_half == Half::Restricted).cmp(&(*b_half == Half::Restricted));
        b.total_cmp(a).then(halves).then(a_at.cmp(b_at))
    });
}

/// The open half's statistics; never zero, because the engine divides by them.
struct Statistics<'a>(&'a Searcher);

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
