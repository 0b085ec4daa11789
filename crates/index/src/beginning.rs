//! Documents with a word that begins in some way.
//!
//! The first letters of a word stand for very many words and nearly all documents, and are asked for with every word that
//! somebody types. So the documents of these words are put together as bits, without looking at any of them again.

use std::ops::Bound;

use roaring::RoaringBitmap;
use tantivy::query::{ConstScoreQuery, EnableScoring, InvertedIndexRangeQuery, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, TantivyError, Term};

/// Documents with a term of a field that begins so.
#[derive(Debug, Clone)]
pub(crate) struct Beginning {
    field: Field,
    first: Term,
    /// Terms are UTF-8, and no character sorts after the last one.
    last: Term,
    /// What such a document counts for.
    score: f32,
}

impl Beginning {
    /// Of a beginning that does not count for ranking.
    pub(crate) fn new(field: Field, prefix: &str) -> Self {
        let last = Term::from_field_text(field, &format!("{prefix}{}", char::MAX));
        Self { field, first: Term::from_field_text(field, prefix), last, score: 0.0 }
    }

    /// The same, each document counting for `score`.
    pub(crate) fn scored(self, score: f32) -> Self {
        Self { score, ..self }
    }

    /// The documents of a segment, deleted ones too.
    pub(crate) fn documents(&self, segment: &SegmentReader) -> Result<RoaringBitmap, TantivyError> {
        let index = segment.inverted_index(self.field)?;
        let range = index.terms().range().ge(self.first.serialized_value_bytes());
        let mut terms = range.le(self.last.serialized_value_bytes()).into_stream()?;
        let mut found = Bits::new(segment.max_doc());
        while terms.advance() {
            let mut postings =
                index.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
            while !postings.docs().is_empty() {
                found.insert(postings.docs());
                postings.advance();
            }
        }
        Ok(found.into_set())
    }
}

impl Query for Beginning {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        let (first, last) = (Bound::Included(self.first.clone()), Bound::Included(self.last.clone()));
        let range = InvertedIndexRangeQuery::new(first, last);
        ConstScoreQuery::new(Box::new(range), self.score).weight(scoring)
    }
}

/// A bit per document.
struct Bits(Vec<u8>);

impl Bits {
    fn new(documents: DocId) -> Self {
        Self(vec![0; documents.div_ceil(u8::BITS) as usize])
    }

    fn insert(&mut self, documents: &[DocId]) {
        for document in documents {
            // A damaged file may name documents that are not there.
            if let Some(byte) = self.0.get_mut((document / u8::BITS) as usize) {
                *byte |= 1 << (document % u8::BITS);
            }
        }
    }

    fn into_set(self) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(0, &self.0)
    }
}
