//! What a search sees: both halves at one moment.

use std::collections::HashSet;

use nevertwice_domain::measure::Volume;
use tantivy::index::SegmentId;
use tantivy::{IndexReader, ReloadPolicy, Searcher, TantivyError};

use crate::error::{IndexError, RebuildReason};
use crate::facet::FacetCounts;
use crate::folder::{Folder, Half};
use crate::memo::Memo;
use crate::payload::{Payloads, StoreIdentity};
use crate::schema::{Fields, VERSION};

/// How often a reader tries to see both halves between two commits of another process.
const ATTEMPTS: usize = 20;

/// Decompressed blocks of stored text kept in memory per half: a few pages of hits.
const CACHED_BLOCKS: usize = 20;

/// Both engine indexes of one generation, open for reading.
pub(crate) struct Halves {
    /// The generation's number.
    pub(crate) generation: u64,
    /// What everybody who sees the register may find.
    pub(crate) open: tantivy::Index,
    /// What only the people listed may find.
    pub(crate) restricted: tantivy::Index,
    open_reader: IndexReader,
    restricted_reader: IndexReader,
}

/// Both halves at one moment.
pub(crate) struct Snapshot {
    /// What everybody who sees the register may find.
    pub(crate) open: Searcher,
    /// What only the people listed may find; left out while the halves are torn.
    pub(crate) restricted: Option<Searcher>,
    /// What the halves say about themselves.
    pub(crate) payloads: Payloads,
    /// How many records fulfil a filter.
    pub(crate) totals: Memo<u64>,
    /// How many there are of each value.
    pub(crate) facets: Memo<Vec<FacetCounts>>,
    /// Figures.
    pub(crate) volumes: Memo<Volume>,
}

impl Halves {
    /// Opens a generation for reading.
    pub(crate) fn open(folder: &Folder, generation: u64, fields: &Fields) -> Result<Self, RebuildReason> {
        let open = folder.engine(generation, Half::Open, fields, false).map_err(corrupt)?;
        let restricted = folder.engine(generation, Half::Restricted, fields, false).map_err(corrupt)?;
        if open.schema() != fields.schema || restricted.schema() != fields.schema {
            return Err(RebuildReason::OtherVersion { found: 0, expected: VERSION });
        }
        let (open_reader, restricted_reader) =
            (reader(&open).map_err(corrupt)?, reader(&restricted).map_err(corrupt)?);
        Ok(Self { generation, open, restricted, open_reader, restricted_reader })
    }

    /// The payloads of the latest commits.
    pub(crate) fn payloads(&self, identity: StoreIdentity) -> Result<Payloads, RebuildReason> {
        let open = self.open.load_metas().map_err(corrupt)?;
        let restricted = self.restricted.load_metas().map_err(corrupt)?;
        Payloads::read(open.payload.as_deref(), restricted.payload.as_deref(), identity)
    }

    /// Both halves at one moment; another process may be committing meanwhile.
    pub(crate) fn snapshot(&self, identity: StoreIdentity) -> Result<Snapshot, IndexError> {
        let mut before = self.payloads(identity).map_err(IndexError::NeedsRebuild)?;
        for _ in 0..ATTEMPTS {
            self.open_reader.reload()?;
            self.restricted_reader.reload()?;
            let after = self.payloads(identity).map_err(IndexError::NeedsRebuild)?;
            if after == before {
                break;
            }
            before = after;
        }
        let restricted = (!before.is_torn()).then(|| self.restricted_reader.searcher());
        Ok(Snapshot {
            open: self.open_reader.searcher(),
            restricted,
            payloads: before,
            totals: Memo::default(),
            facets: Memo::default(),
            volumes: Memo::default(),
        })
    }

    /// The restricted half as last committed, torn or not: for the writer.
    pub(crate) fn restricted_searcher(&self) -> Searcher {
        self.restricted_reader.searcher()
    }
}

impl Snapshot {
    /// The halves that exist for searching.
    pub(crate) fn halves(&self) -> impl Iterator<Item = (Half, &Searcher)> {
        let restricted = self.restricted.as_ref().map(|searcher| (Half::Restricted, searcher));
        std::iter::once((Half::Open, &self.open)).chain(restricted)
    }

    /// The segments of both halves.
    pub(crate) fn segments(&self) -> HashSet<SegmentId> {
        let readers = self.halves().flat_map(|(_, searcher)| searcher.segment_readers());
        readers.map(tantivy::SegmentReader::segment_id).collect()
    }

    /// The searcher of a half.
    pub(crate) fn searcher(&self, half: Half) -> &Searcher {
        match (half, &self.restricted) {
            (Half::Restricted, Some(searcher)) => searcher,
            _ => &self.open,
        }
    }
}

fn reader(index: &tantivy::Index) -> Result<IndexReader, TantivyError> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .doc_store_cache_num_blocks(CACHED_BLOCKS)
        .try_into()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn corrupt(error: TantivyError) -> RebuildReason {
    RebuildReason::Corrupt(error.to_string())
}
