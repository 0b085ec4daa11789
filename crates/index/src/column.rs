//! Reading what documents hold in columns.

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, TantivyError};
use uuid::Uuid;

use crate::schema::name;

/// The ids of a segment's documents.
pub(crate) struct Ids {
    high: Column<u64>,
    low: Column<u64>,
}

/// A column of words of a segment.
pub(crate) struct Words {
    column: Option<StrColumn>,
}

impl Ids {
    /// Of a segment.
    pub(crate) fn open(segment: &SegmentReader) -> Result<Self, TantivyError> {
        let fast = segment.fast_fields();
        Ok(Self { high: fast.u64(name::ID_HIGH)?, low: fast.u64(name::ID_LOW)? })
    }

    /// The id of a document.
    pub(crate) fn id(&self, doc: DocId) -> Uuid {
        let half = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        Uuid::from_u64_pair(half(&self.high), half(&self.low))
    }
}

impl Words {
    /// A column of a segment; empty where no document has a value.
    pub(crate) fn open(segment: &SegmentReader, name: &str) -> Result<Self, TantivyError> {
        Ok(Self { column: segment.fast_fields().str(name)? })
    }

    /// The numbers that stand for words, as a column.
    pub(crate) fn column(&self) -> Option<&Column<u64>> {
        self.column.as_ref().map(|column| column.ords())
    }

    /// The numbers that stand for a document's words in this segment.
    pub(crate) fn numbers(&self, doc: DocId) -> impl Iterator<Item = u64> + '_ {
        self.column.iter().flat_map(move |column| column.term_ords(doc))
    }

    /// How many different words the segment has.
    pub(crate) fn len(&self) -> usize {
        self.column.as_ref().map_or(0, |column| column.dictionary().num_terms())
    }

    /// The word that a number stands for.
    pub(crate) fn word(&self, number: u64) -> Result<String, TantivyError> {
        let mut word = String::new();
        if let Some(column) = &self.column {
            column.ord_to_str(number, &mut word)?;
        }
        Ok(word)
    }
}

/// The words that one document has in a column.
pub(crate) fn words_of(searcher: &Searcher, at: DocAddress, name: &str) -> Result<Vec<String>, TantivyError> {
    let words = Words::open(searcher.segment_reader(at.segment_ord), name)?;
    let found: Result<Vec<String>, TantivyError> =
        words.numbers(at.doc_id).map(|number| words.word(number)).collect();
    found
}

/// The id of one document.
pub(crate) fn id_of(searcher: &Searcher, at: DocAddress) -> Result<Uuid, TantivyError> {
    Ok(Ids::open(searcher.segment_reader(at.segment_ord))?.id(at.doc_id))
}
