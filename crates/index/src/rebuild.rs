//! Filling a new index beside the current one.

use std::sync::MutexGuard;

use nevertwice_domain::read_model::Document;
use tantivy::directory::DirectoryLock;
use tantivy::{IndexWriter, TantivyError};

use crate::document::convert;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::{Index, Work};
use crate::payload::{Payloads, Position};
use crate::writer::{commit, engine_writer, unwritable};

/// Memory for documents not yet written out: larger than for batches, so that fewer segments have to be merged.
const REBUILD_MEMORY: usize = 60_000_000;
/// The restricted half is small.
const RESTRICTED_MEMORY: usize = 20_000_000;

/// A new index being filled. Dropped before [`Rebuild::finish`], nothing has happened.
pub struct Rebuild<'a> {
    index: &'a Index,
    work: MutexGuard<'a, Work>,
    generation: u64,
    writers: Option<(IndexWriter, IndexWriter)>,
    added: u64,
    /// Kept until the new index is in place.
    _lock: DirectoryLock,
}

impl<'a> Rebuild<'a> {
    pub(crate) fn start(index: &'a Index, work: MutexGuard<'a, Work>) -> Result<Self, IndexError> {
        let lock = index.folder.lock()?;
        let current = index.folder.current()?;
        let generation = current.unwrap_or(0) + 1;
        index.folder.remove_others(current.unwrap_or(0))?;
        index.folder.create(generation)?;
        let open = index.folder.engine(generation, Half::Open, &index.fields, true)?;
        let restricted = index.folder.engine(generation, Half::Restricted, &index.fields, true)?;
        let writers = (
            engine_writer(&open, REBUILD_MEMORY, threads())?,
            engine_writer(&restricted, RESTRICTED_MEMORY, 1)?,
        );
        Ok(Self { index, work, generation, writers: Some(writers), added: 0, _lock: lock })
    }

    /// Adds the document of a record; each record once.
    ///
    /// # Errors
    /// The engine fails, such as on a full disk.
    pub fn add(&mut self, document: &Document) -> Result<(), IndexError> {
        let Some((open, restricted)) = &self.writers else { return Ok(()) };
        let writer = if document.common().is_restricted() { restricted } else { open };
        writer.add_document(convert(&self.index.fields, document))?;
        self.added += 1;
        Ok(())
    }

    /// How many documents have been added.
    #[must_use]
    pub fn added(&self) -> u64 {
        self.added
    }

    /// Puts the new index in the place of the current one; the feed continues at `at`, the place in the trail at
    /// which the reading of the store began.
    ///
    /// # Errors
    /// The engine fails or the folder cannot be written; the current index stays.
    pub fn finish(mut self, at: Position) -> Result<(), IndexError> {
        let payloads = Payloads::new(self.index.identity, at);
        let (open_payload, restricted_payload) = payloads.encode().map_err(unwritable)?;
        if let Some((mut open, mut restricted)) = self.writers.take() {
            commit(&mut open, &open_payload)?;
            commit(&mut restricted, &restricted_payload)?;
            settle(open)?;
            settle(restricted)?;
        }
        self.index.folder.make_current(self.generation)?;
        let generation = std::mem::replace(&mut self.generation, 0);
        let work = &mut *self.work;
        work.halves = None;
        self.index.load(work)?;
        self.index.folder.remove_others(generation)
    }
}

impl Drop for Rebuild<'_> {
    fn drop(&mut self) {
        self.writers = None;
        if self.generation > 0
            && let Err(error) = self.index.folder.remove(self.generation)
        {
            tracing::warn!(%error, "an unfinished rebuild could not be removed; the next one will");
        }
    }
}

/// Waits for the merges that are under way, so that no file is left half-merged.
fn settle(writer: IndexWriter) -> Result<(), TantivyError> {
    writer.wait_merging_threads()
}

/// One thread per processor up to four; the engine's own threads come on top.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(4))
}
