//! How many records there are of each value.

use std::collections::BTreeMap;

use nevertwice_domain::query::{Compiled, Filter};
use nevertwice_domain::text::fold;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use crate::access::{Access, Depth};
use crate::column::Words;
use crate::document::period_of;
use crate::error::IndexError;
use crate::index::Index;
use crate::memo::question;
use crate::schema::{name, period_column};
use crate::snapshot::Snapshot;

/// What records can be counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Kind of record.
    Kind,
    /// Class.
    Class,
    /// State.
    State,
    /// Severity, `1` to `5`.
    Severity,
    /// Category.
    Category,
    /// Tag.
    Tag,
    /// Event decision.
    Decision,
    /// Where it came from.
    Origin,
    /// Year of the earliest known date.
    Year,
    /// Owner; values are ids in their usual form.
    Owner,
    /// Supplier; values are ids.
    Supplier,
    /// Asset; values are ids.
    Asset,
    /// A company-defined field of this key; values as written.
    Company(String),
}

/// The counts of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// Which facet.
    pub facet: Facet,
    /// Values with their counts, most frequent first; `None` counts the records without a value.
    pub values: Vec<(Option<String>, u64)>,
}

/// Counts by value, by the place of the facet.
type Counts = Vec<BTreeMap<Option<String>, u64>>;

impl Index {
    /// Counts what fulfils the query and may be found, by each facet; at most `limit` values each. A record with
    /// several values is counted with each of them.
    ///
    /// # Errors
    /// [`IndexError::NeedsRebuild`], or the engine fails.
    pub fn facets(
        &self,
        compiled: &Compiled,
        access: &Access,
        facets: &[Facet],
        limit: usize,
    ) -> Result<Vec<FacetCounts>, IndexError> {
        let snapshot = self.snapshot()?;
        let asked = question(&compiled.filter, access, facets, limit);
        snapshot
            .facets
            .get_or(asked, || self.count_facets(&snapshot, &compiled.filter, access, facets, limit))
    }

    fn count_facets(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        facets: &[Facet],
        limit: usize,
    ) -> Result<Vec<FacetCounts>, IndexError> {
        let mut totals: Counts = vec![BTreeMap::new(); facets.len()];
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            for depth in [Depth::Outline, Depth::Full] {
                let wanted: Vec<(usize, Facet)> =
                    facets.iter().cloned().enumerate().filter(|(_, facet)| facet.depth() == depth).collect();
                if wanted.is_empty() {
                    continue;
                }
                let query = access.query(&self.fields, half, filter, depth);
                let counted = searcher.search(&query, &Counter { facets: wanted.clone() })?;
                for ((place, _), counts) in wanted.iter().zip(counted) {
                    if let Some(total) = totals.get_mut(*place) {
                        add(total, counts);
                    }
                }
            }
        }
        let counts = facets.iter().cloned().zip(totals);
        Ok(counts.map(|(facet, values)| FacetCounts { facet, values: top(values, limit) }).collect())
    }
}

impl Facet {
    /// Class and state are known to somebody who sees only the outline of a case; the rest is not.
    fn depth(&self) -> Depth {
        match self {
            Self::Kind | Self::Class | Self::State => Depth::Outline,
            _ => Depth::Full,
        }
    }

    fn column(&self) -> &'static str {
        match self {
            Self::Kind => name::KIND,
            Self::Class => name::CLASS,
            Self::State => name::STATE,
            Self::Severity => name::SEVERITY,
            Self::Category => name::CATEGORY,
            Self::Tag => name::TAG,
            Self::Decision => name::DECISION,
            Self::Origin => name::ORIGIN,
            Self::Year => period_column(nevertwice_domain::measure::DateBasis::Earliest),
            Self::Owner => name::OWNER,
            Self::Supplier => name::SUPPLIER,
            Self::Asset => name::ASSET,
            Self::Company(_) => name::COMPANY,
        }
    }

    /// A value as it is shown; `None` when it belongs to another company field.
    fn shown(&self, word: String) -> Option<String> {
        match self {
            Self::Owner | Self::Supplier | Self::Asset => {
                Some(uuid::Uuid::try_parse(&word).map_or(word, |id| id.to_string()))
            }
            Self::Company(key) => word.strip_prefix(key.as_str())?.strip_prefix('=').map(str::to_owned),
            _ => Some(word),
        }
    }
}

/// The largest severity or month less the smallest; month 12 of the year 9999 is 999,912.
const LARGEST_SPAN: usize = 1_000_000;

struct Counter {
    facets: Vec<(usize, Facet)>,
}

struct SegmentCounter {
    tallies: Vec<Tally>,
}

/// The counts of one facet in one segment.
struct Tally {
    facet: Facet,
    source: Source,
    without: u64,
}

enum Source {
    /// Counts by the number that stands for a word.
    Words(Words, Vec<u64>),
    /// Counts by the number less the column's smallest. Severities and months span little.
    Numbers(Column<u64>, Vec<u64>),
    /// As words, but of a company field: numbers of other fields do not count. With the numbers of this field.
    Company(Words, Vec<u64>, Vec<bool>),
}

impl Collector for Counter {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> Result<SegmentCounter, TantivyError> {
        let tallies: Result<Vec<Tally>, TantivyError> =
            self.facets.iter().map(|(_, facet)| Tally::open(facet, reader)).collect();
        Ok(SegmentCounter { tallies: tallies? })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Result<Counts, TantivyError>>) -> Result<Counts, TantivyError> {
        let mut totals: Counts = vec![BTreeMap::new(); self.facets.len()];
        for segment in segments {
            for (total, counts) in totals.iter_mut().zip(segment?) {
                add(total, counts);
            }
        }
        Ok(totals)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Result<Counts, TantivyError>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.collect_block(&[doc]);
    }

    /// One column after the other: the next documents' values lie beside this one's.
    fn collect_block(&mut self, docs: &[DocId]) {
        for tally in &mut self.tallies {
            tally.count(docs);
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.tallies.into_iter().map(Tally::totals).collect()
    }
}

impl Tally {
    fn open(facet: &Facet, reader: &SegmentReader) -> Result<Self, TantivyError> {
        let column = facet.column();
        let source = if matches!(facet, Facet::Severity | Facet::Year) {
            let column = reader.fast_fields().u64(column)?;
            let span = column.max_value().saturating_sub(column.min_value());
            let counts = vec![0; usize::try_from(span).map_or(0, |span| span.min(LARGEST_SPAN) + 1)];
            Source::Numbers(column, counts)
        } else {
            let words = Words::open(reader, column)?;
            let counts = vec![0; words.len()];
            if matches!(facet, Facet::Company(_)) {
                let own: Result<Vec<bool>, TantivyError> =
                    (0..words.len() as u64).map(|n| Ok(facet.shown(words.word(n)?).is_some())).collect();
                Source::Company(words, counts, own?)
            } else {
                Source::Words(words, counts)
            }
        };
        Ok(Self { facet: facet.clone(), source, without: 0 })
    }

    fn count(&mut self, docs: &[DocId]) {
        let Self { source, without, .. } = self;
        match source {
            Source::Words(words, counts) => {
                for doc in docs {
                    let mut any = false;
                    for number in words.numbers(*doc) {
                        any = true;
                        increase(counts, number);
                    }
                    *without += u64::from(!any);
                }
            }
            Source::Numbers(column, counts) => {
                let smallest = column.min_value();
                for doc in docs {
                    match column.first(*doc) {
                        Some(value) => increase(counts, value - smallest),
                        None => *without += 1,
                    }
                }
            }
            Source::Company(words, counts, own) => {
                for doc in docs {
                    let mut any = false;
                    for number in words.numbers(*doc).filter(|number| is_set(own, *number)) {
                        any = true;
                        increase(counts, number);
                    }
                    *without += u64::from(!any);
                }
            }
        }
    }

    fn totals(self) -> Result<BTreeMap<Option<String>, u64>, TantivyError> {
        let mut totals = BTreeMap::new();
        if self.without > 0 {
            totals.insert(None, self.without);
        }
        match self.source {
            Source::Numbers(column, counts) => {
                for (value, count) in (column.min_value()..).zip(counts).filter(|(_, count)| *count > 0) {
                    let shown = if self.facet == Facet::Year {
                        period_of(value).year.to_string()
                    } else {
                        value.to_string()
                    };
                    *totals.entry(Some(shown)).or_default() += count;
                }
            }
            Source::Words(words, counts) | Source::Company(words, counts, _) => {
                for (number, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
                    if let Some(shown) = self.facet.shown(words.word(number)?) {
                        *totals.entry(Some(shown)).or_default() += count;
                    }
                }
            }
        }
        Ok(totals)
    }
}

fn increase(counts: &mut [u64], number: u64) {
    if let Some(count) = usize::try_from(number).ok().and_then(|number| counts.get_mut(number)) {
        *count += 1;
    }
}

fn is_set(flags: &[bool], number: u64) -> bool {
    usize::try_from(number).ok().and_then(|number| flags.get(number)).copied().unwrap_or(false)
}

fn add(total: &mut BTreeMap<Option<String>, u64>, counts: BTreeMap<Option<String>, u64>) {
    for (value, count) in counts {
        *total.entry(value).or_default() += count;
    }
}

/// The most frequent values; equals by their folded text, without a value last.
fn top(values: BTreeMap<Option<String>, u64>, limit: usize) -> Vec<(Option<String>, u64)> {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by_cached_key(|(value, count)| {
        (std::cmp::Reverse(*count), value.is_none(), value.as_deref().map(fold))
    });
    values.truncate(limit);
    values
}
