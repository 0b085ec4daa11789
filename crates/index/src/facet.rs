//! How many records there are of each value.

use std::collections::BTreeMap;

use nevertwice_domain::query::{Compiled, Filter};
use nevertwice_domain::text::fold;
use roaring::RoaringBitmap;
use tantivy::SegmentReader;

use crate::access::{Access, Depth};
use crate::error::IndexError;
use crate::index::Index;
use crate::memo::question;
use crate::schema::{name, period_column};
use crate::snapshot::Snapshot;
use crate::value_set::FacetColumn;

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
    /// Link of the loop that is in place.
    Loop,
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

/// Counts by value; `None` is no value.
type Values = BTreeMap<Option<String>, u64>;

/// Counts by the place of the facet.
type Counts = Vec<Values>;

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
                let wanted = facets.iter().zip(&mut totals).filter(|(facet, _)| facet.depth() == depth);
                let mut wanted: Vec<_> = wanted.collect();
                if wanted.is_empty() {
                    continue;
                }
                let query = access.query(&self.fields, half, filter, depth);
                for (segment, living) in self.living(searcher, &*query)? {
                    for (facet, total) in &mut wanted {
                        self.count_facet(facet, segment, &living, total)?;
                    }
                }
            }
        }
        let counts = facets.iter().cloned().zip(totals);
        Ok(counts.map(|(facet, values)| FacetCounts { facet, values: top(values, limit) }).collect())
    }

    /// Adds the counts of some documents of a segment.
    fn count_facet(
        &self,
        facet: &Facet,
        segment: &SegmentReader,
        living: &RoaringBitmap,
        total: &mut Values,
    ) -> Result<(), IndexError> {
        let column = FacetColumn::open(facet, segment)?;
        let sets = self.kept.values.of(segment, facet.column(), &column)?;
        let counts = match sets {
            Some(sets) if sets.is_quicker(living.len()) => {
                sets.count(living, |key| column.is_own(facet, key))?
            }
            _ => column.walk(living, |key| column.is_own(facet, key))?,
        };
        if counts.without > 0 {
            *total.entry(None).or_default() += counts.without;
        }
        for (key, count) in counts.of_keys {
            if let Some(shown) = column.shown(facet, key)? {
                *total.entry(Some(shown)).or_default() += count;
            }
        }
        Ok(())
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

    /// The column that holds its values.
    pub(crate) fn column(&self) -> &'static str {
        match self {
            Self::Kind => name::KIND,
            Self::Class => name::CLASS,
            Self::State => name::STATE,
            Self::Severity => name::SEVERITY,
            Self::Category => name::CATEGORY,
            Self::Tag => name::TAG,
            Self::Decision => name::DECISION,
            Self::Origin => name::ORIGIN,
            Self::Loop => name::LOOP,
            Self::Year => period_column(nevertwice_domain::measure::DateBasis::Earliest),
            Self::Owner => name::OWNER,
            Self::Supplier => name::SUPPLIER,
            Self::Asset => name::ASSET,
            Self::Company(_) => name::COMPANY,
        }
    }

    /// A word as it is shown; `None` when it belongs to another company field.
    pub(crate) fn shown(&self, word: String) -> Option<String> {
        match self {
            Self::Owner | Self::Supplier | Self::Asset => {
                Some(uuid::Uuid::try_parse(&word).map_or(word, |id| id.to_string()))
            }
            Self::Company(key) => word.strip_prefix(key.as_str())?.strip_prefix('=').map(str::to_owned),
            _ => Some(word),
        }
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
