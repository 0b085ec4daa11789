//! Exact figures: rows from columns for the pure functions of [`nevertwice_domain::measure`].

use std::collections::HashMap;

use nevertwice_domain::case::Severity;
use nevertwice_domain::measure::{DateBasis, Dimension, Row, Volume, volume};
use nevertwice_domain::query::{Compiled, Filter, TermField};
use nevertwice_domain::read_model::{DocumentKind, LeftOut};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::access::{Access, Depth, Scope};
use crate::column::Words;
use crate::compile::{Translator, all, without};
use crate::document::period_of;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::schema::{name, period_column};

impl Index {
    /// Counts cases by the dimensions; void ones and parts of others are left out and counted apart.
    ///
    /// In [`Scope::Register`] cases that the viewer may not find are counted as hidden rows, but only when the query
    /// tests nothing but what figures are broken down by: otherwise a figure would answer what a search does not.
    ///
    /// # Errors
    /// [`IndexError::NeedsRebuild`], or the engine fails.
    pub fn volume(
        &self,
        compiled: &Compiled,
        access: &Access,
        scope: Scope,
        by: &[Dimension],
        basis: DateBasis,
    ) -> Result<Volume, IndexError> {
        let snapshot = self.snapshot()?;
        let whole = scope == Scope::Register && compiled.filter.is_structural();
        let cases = Filter::All(vec![
            Filter::Terms { field: TermField::Kind, values: vec![DocumentKind::Case.as_str().to_owned()] },
            compiled.filter.clone(),
        ]);
        let mut rows = Vec::new();
        for (half, searcher) in snapshot.halves() {
            let rows_of = |query: Box<dyn Query>, hidden| -> Result<Vec<Row>, TantivyError> {
                searcher.search(&query, &Rows { by: by.to_vec(), basis, hidden })
            };
            if access.reaches(half) {
                rows.extend(rows_of(access.query(&self.fields, half, &cases, Depth::Full), false)?);
            }
            if whole {
                rows.extend(rows_of(self.unseen(access, half, &cases), true)?);
            }
        }
        Ok(volume(by, rows))
    }

    /// What fulfils a filter and may not be found.
    fn unseen(&self, access: &Access, half: Half, filter: &Filter) -> Box<dyn Query> {
        let wanted = all(vec![Translator { fields: &self.fields, half }.filter(filter)]);
        without(wanted, access.visible(&self.fields, half))
    }
}

/// Collects the rows of a query.
struct Rows {
    by: Vec<Dimension>,
    basis: DateBasis,
    hidden: bool,
}

struct SegmentRows {
    columns: Vec<(Dimension, Source)>,
    left_out: Words,
    hidden: bool,
    groups: HashMap<Vec<Option<u64>>, u64>,
    key: Vec<Option<u64>>,
}

/// Where the value of a dimension comes from.
enum Source {
    Number(Column<u64>),
    Word(Words),
}

impl Collector for Rows {
    type Fruit = Vec<Row>;
    type Child = SegmentRows;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> Result<SegmentRows, TantivyError> {
        let columns: Result<Vec<_>, TantivyError> = self
            .by
            .iter()
            .map(|dimension| Ok((*dimension, Source::open(*dimension, self.basis, reader)?)))
            .collect();
        Ok(SegmentRows {
            columns: columns?,
            left_out: Words::open(reader, name::LEFT_OUT)?,
            hidden: self.hidden,
            groups: HashMap::new(),
            key: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Result<Vec<Row>, TantivyError>>) -> Result<Vec<Row>, TantivyError> {
        let rows: Result<Vec<Vec<Row>>, TantivyError> = segments.into_iter().collect();
        Ok(rows?.into_iter().flatten().collect())
    }
}

impl SegmentCollector for SegmentRows {
    type Fruit = Result<Vec<Row>, TantivyError>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.key.clear();
        self.key.push(self.left_out.numbers(doc).next());
        self.key.extend(self.columns.iter().map(|(_, source)| source.value(doc)));
        match self.groups.get_mut(&self.key) {
            Some(count) => *count += 1,
            None => {
                self.groups.insert(self.key.clone(), 1);
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.groups.iter().map(|(key, count)| self.row(key, *count)).collect()
    }
}

impl SegmentRows {
    fn row(&self, key: &[Option<u64>], count: u64) -> Result<Row, TantivyError> {
        let mut row = Row {
            period: None,
            class: None,
            category: None,
            severity: None,
            state: None,
            origin: None,
            decision: None,
            left_out: None,
            hidden: self.hidden,
            count,
        };
        let mut values = key.iter().copied();
        if let Some(reason) = values.next().flatten() {
            let word = self.left_out.word(reason)?;
            let reason = word.parse::<LeftOut>();
            row.left_out = Some(reason.map_err(|error| TantivyError::InternalError(error.to_string()))?);
        }
        for ((dimension, source), value) in self.columns.iter().zip(values) {
            let Some(value) = value else { continue };
            match dimension {
                Dimension::Year | Dimension::Month => row.period = Some(period_of(value)),
                Dimension::Severity => {
                    row.severity = u8::try_from(value).ok().and_then(|level| Severity::new(level).ok());
                }
                Dimension::Class => row.class = source.word(value)?,
                Dimension::Category => row.category = source.word(value)?,
                Dimension::State => row.state = source.word(value)?,
                Dimension::Origin => row.origin = source.word(value)?,
                Dimension::Decision => row.decision = source.word(value)?,
            }
        }
        Ok(row)
    }
}

impl Source {
    fn open(dimension: Dimension, basis: DateBasis, reader: &SegmentReader) -> Result<Self, TantivyError> {
        let fast = reader.fast_fields();
        let words = |name| Words::open(reader, name).map(Self::Word);
        match dimension {
            Dimension::Year | Dimension::Month => Ok(Self::Number(fast.u64(period_column(basis))?)),
            Dimension::Severity => Ok(Self::Number(fast.u64(name::SEVERITY)?)),
            Dimension::Class => words(name::CLASS),
            Dimension::Category => words(name::CATEGORY),
            Dimension::State => words(name::STATE),
            Dimension::Origin => words(name::ORIGIN),
            Dimension::Decision => words(name::DECISION),
        }
    }

    fn value(&self, doc: DocId) -> Option<u64> {
        match self {
            Self::Number(column) => column.first(doc),
            Self::Word(words) => words.numbers(doc).next(),
        }
    }

    fn word(&self, number: u64) -> Result<Option<String>, TantivyError> {
        match self {
            Self::Word(words) => words.word(number).map(Some),
            Self::Number(_) => Ok(None),
        }
    }
}
