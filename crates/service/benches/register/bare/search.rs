//! Tantivy without the register around it.

use std::path::Path;

use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{FuzzyTermQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Order, Searcher, TantivyDocument, Term};

use crate::Outcome;

/// The open half of a register's index, read without the register.
pub(crate) struct BareIndex {
    searcher: Searcher,
}

impl BareIndex {
    /// Opens it.
    pub(crate) fn open(folder: &Path) -> Outcome<Self> {
        let generation = std::fs::read_to_string(folder.join("CURRENT"))?;
        let index = tantivy::Index::open_in_dir(folder.join(generation.trim()).join("open"))?;
        Ok(Self { searcher: index.reader()?.searcher() })
    }

    /// The latest 50 cases and how many there are.
    pub(crate) fn page(&self) -> Outcome<()> {
        let top = TopDocs::with_limit(50).order_by_fast_field::<i64>("registered_order", Order::Desc);
        self.searcher.search(&self.cases()?, &(top, Count))?;
        Ok(())
    }

    /// The best ten documents with a word that begins so, with what is stored of them.
    pub(crate) fn prefix(&self, beginning: &str) -> Outcome<()> {
        let term = Term::from_field_text(self.field("text")?, beginning);
        let query = FuzzyTermQuery::new_prefix(term, 0, false);
        let (top, _) = self.searcher.search(&query, &(TopDocs::with_limit(10).order_by_score(), Count))?;
        for (_, address) in top {
            self.searcher.doc::<TantivyDocument>(address)?;
        }
        Ok(())
    }

    /// The values of five fields with their counts, of all cases.
    pub(crate) fn facets(&self) -> Outcome<()> {
        let wanted = ["class", "state", "category", "tag", "severity"]
            .map(|field| (field.to_owned(), serde_json::json!({ "terms": { "field": field, "size": 20 } })));
        let wanted: Aggregations =
            serde_json::from_value(wanted.into_iter().collect::<serde_json::Map<_, _>>().into())?;
        let collector = AggregationCollector::from_aggs(wanted, Default::default());
        self.searcher.search(&self.cases()?, &collector)?;
        Ok(())
    }

    fn cases(&self) -> Outcome<TermQuery> {
        Ok(TermQuery::new(Term::from_field_text(self.field("kind")?, "case"), IndexRecordOption::Basic))
    }

    fn field(&self, name: &str) -> Outcome<tantivy::schema::Field> {
        Ok(self.searcher.schema().get_field(name)?)
    }
}
