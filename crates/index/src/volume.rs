//! Exact figures: rows from columns for the pure functions of [`nevertwice_domain::measure`].

use std::collections::HashMap;

use nevertwice_domain::case::Severity;
use nevertwice_domain::measure::{DateBasis, Dimension, Row, Volume, volume};
use nevertwice_domain::query::{Compiled, Filter, TermField};
use nevertwice_domain::read_model::{DocumentKind, LeftOut};
use roaring::RoaringBitmap;
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{SegmentReader, TantivyError};

use crate::access::{Access, Depth, Scope};
use crate::column::Words;
use crate::compile::{Translator, all, without};
use crate::document::period_of;
use crate::error::{IndexError, RebuildReason};
use crate::folder::Half;
use crate::index::Index;
use crate::schema::{name, period_column};
use crate::snapshot::Snapshot;

/// Documents read from a column at once.
const BLOCK: usize = 1_024;
/// Up to so many codes there is a place for each: half a megabyte.
const FEW_CODES: usize = 1 << 16;

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
        let asked = format!("{:?} {access:?} {whole} {by:?} {basis:?}", compiled.filter);
        snapshot.volumes.get_or(asked, || {
            let rows = self.rows(&snapshot, &compiled.filter, access, whole, &Breakdown { by, basis })?;
            Ok(volume(by, rows))
        })
    }

    fn rows(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        whole: bool,
        breakdown: &Breakdown<'_>,
    ) -> Result<Vec<Row>, IndexError> {
        let cases = Filter::All(vec![
            Filter::Terms { field: TermField::Kind, values: vec![DocumentKind::Case.as_str().to_owned()] },
            filter.clone(),
        ]);
        let mut rows = Vec::new();
        for (half, searcher) in snapshot.halves() {
            let mut queries = Vec::new();
            if access.reaches(half) {
                queries.push((access.query(&self.fields, half, &cases, Depth::Full), false));
            }
            if whole {
                queries.push((self.unseen(access, half, &cases), true));
            }
            for (query, hidden) in queries {
                for (segment, living) in self.living(searcher, &*query)? {
                    rows.extend(breakdown.rows(segment, &living, hidden)?);
                }
            }
        }
        Ok(rows)
    }

    /// What fulfils a filter and may not be found.
    fn unseen(&self, access: &Access, half: Half, filter: &Filter) -> Box<dyn Query> {
        let wanted = all(vec![Translator { fields: &self.fields, half }.filter(filter)]);
        without(wanted, access.visible(&self.fields, half))
    }
}

/// What is counted apart from what.
struct Breakdown<'a> {
    by: &'a [Dimension],
    basis: DateBasis,
}

/// One column of a segment with its values as digits: none is 0, the smallest value 1.
struct Digits {
    column: Option<Column<u64>>,
    words: Option<Words>,
    smallest: u64,
    base: u64,
}

impl Breakdown<'_> {
    /// Counts some documents of a segment. What is equal in every column has the same code, so that a document costs one
    /// multiplication per column.
    fn rows(
        &self,
        segment: &SegmentReader,
        living: &RoaringBitmap,
        hidden: bool,
    ) -> Result<Vec<Row>, IndexError> {
        let mut columns = vec![Digits::of_words(segment, name::LEFT_OUT)?];
        for dimension in self.by {
            columns.push(self.open(*dimension, segment)?);
        }
        let counted = count(&columns, living)?;
        let rows: Result<Vec<Row>, TantivyError> =
            counted.into_iter().map(|(code, count)| self.row(&columns, code, hidden, count)).collect();
        Ok(rows?)
    }

    fn open(&self, dimension: Dimension, segment: &SegmentReader) -> Result<Digits, TantivyError> {
        match dimension {
            Dimension::Year | Dimension::Month => Digits::of_numbers(segment, period_column(self.basis)),
            Dimension::Severity => Digits::of_numbers(segment, name::SEVERITY),
            Dimension::Class => Digits::of_words(segment, name::CLASS),
            Dimension::Category => Digits::of_words(segment, name::CATEGORY),
            Dimension::State => Digits::of_words(segment, name::STATE),
            Dimension::Origin => Digits::of_words(segment, name::ORIGIN),
            Dimension::Decision => Digits::of_words(segment, name::DECISION),
        }
    }

    fn row(&self, columns: &[Digits], mut code: u64, hidden: bool, count: u64) -> Result<Row, TantivyError> {
        let mut row = Row {
            period: None,
            class: None,
            category: None,
            severity: None,
            state: None,
            origin: None,
            decision: None,
            left_out: None,
            hidden,
            count,
        };
        let dimensions = std::iter::once(None).chain(self.by.iter().map(Some));
        for (dimension, column) in dimensions.zip(columns) {
            let value = column.value(code % column.base);
            code /= column.base;
            let Some(value) = value else { continue };
            match dimension {
                None => row.left_out = column.word(value)?.map(|word| left_out(&word)).transpose()?,
                Some(Dimension::Year | Dimension::Month) => row.period = Some(period_of(value)),
                Some(Dimension::Severity) => {
                    row.severity = u8::try_from(value).ok().and_then(|level| Severity::new(level).ok());
                }
                Some(Dimension::Class) => row.class = column.word(value)?,
                Some(Dimension::Category) => row.category = column.word(value)?,
                Some(Dimension::State) => row.state = column.word(value)?,
                Some(Dimension::Origin) => row.origin = column.word(value)?,
                Some(Dimension::Decision) => row.decision = column.word(value)?,
            }
        }
        Ok(row)
    }
}

impl Digits {
    fn of_numbers(segment: &SegmentReader, name: &str) -> Result<Self, TantivyError> {
        let column = segment.fast_fields().u64(name)?;
        let (smallest, largest) = (column.min_value(), column.max_value());
        Ok(Self { column: Some(column), words: None, smallest, base: largest.saturating_sub(smallest) + 2 })
    }

    fn of_words(segment: &SegmentReader, name: &str) -> Result<Self, TantivyError> {
        let words = Words::open(segment, name)?;
        let base = words.len() as u64 + 1;
        Ok(Self { column: words.column().cloned(), words: Some(words), smallest: 0, base })
    }

    /// What a digit stands for.
    fn value(&self, digit: u64) -> Option<u64> {
        Some(digit.checked_sub(1)? + self.smallest)
    }

    fn word(&self, value: u64) -> Result<Option<String>, TantivyError> {
        self.words.as_ref().map(|words| words.word(value)).transpose()
    }
}

/// How many documents have each code: the digits of all columns, those of the first column counting least.
fn count(columns: &[Digits], documents: &RoaringBitmap) -> Result<HashMap<u64, u64>, IndexError> {
    let codes = columns.iter().try_fold(1_u64, |codes, column| codes.checked_mul(column.base));
    let Some(codes) = codes else {
        let detail = "the columns of a segment have more combinations than can be counted".to_owned();
        return Err(IndexError::NeedsRebuild(RebuildReason::Corrupt(detail)));
    };
    let mut counts = Counts::of(codes);
    let (mut docs, mut values, mut coded) = ([0; BLOCK], [None; BLOCK], [0; BLOCK]);
    let mut rest = documents.iter();
    loop {
        let docs = &*rest.next_many(&mut docs);
        if docs.is_empty() {
            return Ok(counts.found());
        }
        let (values, coded) = (&mut values[..docs.len()], &mut coded[..docs.len()]);
        coded.fill(0);
        let mut weight = 1;
        for digits in columns {
            if let Some(column) = &digits.column {
                // The column writes over the values that it has, and leaves the others.
                values.fill(None);
                column.first_vals(docs, values);
                for (code, value) in coded.iter_mut().zip(&*values) {
                    *code += weight * value.map_or(0, |value| value - digits.smallest + 1);
                }
            }
            weight *= digits.base;
        }
        counts.add(coded);
    }
}

/// How often each code occurs.
enum Counts {
    /// A place for each code that there may be.
    Few(Vec<u64>),
    /// Those that occur.
    Many(HashMap<u64, u64>),
}

impl Counts {
    fn of(codes: u64) -> Self {
        match usize::try_from(codes) {
            Ok(codes) if codes <= FEW_CODES => Self::Few(vec![0; codes]),
            _ => Self::Many(HashMap::new()),
        }
    }

    fn add(&mut self, coded: &[u64]) {
        match self {
            Self::Few(counts) => {
                for code in coded {
                    // Every code is below the number of codes.
                    if let Some(count) = usize::try_from(*code).ok().and_then(|code| counts.get_mut(code)) {
                        *count += 1;
                    }
                }
            }
            Self::Many(counts) => {
                for code in coded {
                    *counts.entry(*code).or_default() += 1;
                }
            }
        }
    }

    fn found(self) -> HashMap<u64, u64> {
        match self {
            Self::Few(counts) => (0..).zip(counts).filter(|(_, count)| *count > 0).collect(),
            Self::Many(counts) => counts,
        }
    }
}

fn left_out(word: &str) -> Result<LeftOut, TantivyError> {
    word.parse()
        .map_err(|error: <LeftOut as std::str::FromStr>::Err| TantivyError::InternalError(error.to_string()))
}
