//! Writing: batches of changes, each durable and visible as a whole.

use std::collections::BTreeMap;

use nevertwice_domain::read_model::Document;
use tantivy::directory::DirectoryLock;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexWriter, Searcher, TantivyError, Term};
use uuid::Uuid;

use crate::document::{convert, id_term};
use crate::error::IndexError;
use crate::folder::{Folder, Half};
use crate::payload::{Payloads, Position};
use crate::purge::Purge;
use crate::schema::Fields;
use crate::snapshot::Halves;

/// Memory for documents not yet written out, per half: a batch is small, and a command line must stay lean.
const BATCH_MEMORY: usize = 20_000_000;

/// Segments with more than this share of deleted documents are merged although they are large enough.
const DELETED_SHARE: f32 = 0.3;

/// A change to the index.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The document as it is now; replaces an earlier one of the same record in whichever half it was.
    Upsert(Box<Document>),
    /// The record is gone.
    Delete(Uuid),
}

impl Change {
    fn id(&self) -> Uuid {
        match self {
            Self::Upsert(document) => document.common().id,
            Self::Delete(id) => *id,
        }
    }

    /// The half that the document belongs to from now on.
    fn target(&self) -> Option<Half> {
        match self {
            Self::Upsert(document) if document.common().is_restricted() => Some(Half::Restricted),
            Self::Upsert(_) => Some(Half::Open),
            Self::Delete(_) => None,
        }
    }
}

/// What a batch touches.
#[derive(Clone, Copy)]
struct Touched {
    /// Whether the restricted half changes.
    restricted: bool,
    /// Whether a record leaves the open half for the restricted one.
    narrowed: bool,
}

/// The right to write, and the engine's writers. The restricted half is opened when it is first touched.
pub(crate) struct Writer {
    open: IndexWriter,
    restricted: Option<IndexWriter>,
    purge: Purge,
    /// Kept for as long as this process writes.
    _lock: DirectoryLock,
}

impl Writer {
    /// Opens the writer of a generation; `lock` is the folder's.
    pub(crate) fn open(halves: &Halves, lock: DirectoryLock) -> Result<Self, IndexError> {
        let open = engine_writer(&halves.open, BATCH_MEMORY, 1)?;
        Ok(Self { open, restricted: None, purge: Purge::default(), _lock: lock })
    }

    /// Writes a batch; afterwards both halves are durable and belong together.
    pub(crate) fn apply(
        &mut self,
        halves: &Halves,
        fields: &Fields,
        payloads: &Payloads,
        changes: &[Change],
        at: Position,
        open_searcher: &Searcher,
    ) -> Result<(), IndexError> {
        // The last change of a record is the one that counts.
        let latest: BTreeMap<Uuid, &Change> = changes.iter().map(|change| (change.id(), change)).collect();
        let restricted_searcher = halves.restricted_searcher();
        let (mut touches_restricted, mut narrowed) = (false, false);
        for (id, change) in latest {
            let term = Term::from_field_text(fields.id, &id_term(id));
            let target = change.target();
            if open_searcher.doc_freq(&term)? > 0 {
                self.open.delete_term(term.clone());
                if target == Some(Half::Restricted) {
                    self.purge.leaves(open_searcher, &term, payloads.is_unpurged())?;
                    narrowed = true;
                }
            }
            if target == Some(Half::Restricted) || restricted_searcher.doc_freq(&term)? > 0 {
                self.restricted(halves)?.delete_term(term);
                touches_restricted = true;
            }
            if let (Change::Upsert(document), Some(half)) = (change, target) {
                let document = convert(fields, document);
                match half {
                    Half::Open => self.open.add_document(document)?,
                    Half::Restricted => self.restricted(halves)?.add_document(document)?,
                };
            }
        }
        self.commit(halves, payloads, at, Touched { restricted: touches_restricted, narrowed })
    }

    /// Drops the words of restricted records from the files of the open half, and says so in its payload when the last
    /// is gone. Until a segment is rewritten its word statistics still count them. True if searches would see something
    /// else than before.
    pub(crate) fn purge_narrowed(&mut self, payloads: &Payloads) -> Result<bool, IndexError> {
        #[cfg(test)]
        crate::tests::crash::before_the_purge()?;
        let progress = self.purge.run(&mut self.open)?;
        if progress.finished {
            let payload = payloads.purged().map_err(unwritable)?;
            commit(&mut self.open, &payload)?;
        }
        Ok(progress.rewrote || progress.finished)
    }

    /// Merges every segment that has deleted documents, so that nothing of them is left in a file.
    pub(crate) fn purge(&mut self, halves: &Halves) -> Result<(), IndexError> {
        self.restricted(halves)?;
        for writer in std::iter::once(&mut self.open).chain(self.restricted.as_mut()) {
            let segments = writer.index().searchable_segment_metas()?;
            for segment in segments.iter().filter(|segment| segment.has_deletes()) {
                writer.merge(&[segment.id()]).wait()?;
            }
            writer.garbage_collect_files().wait()?;
        }
        Ok(())
    }

    fn commit(
        &mut self,
        halves: &Halves,
        payloads: &Payloads,
        at: Position,
        touched: Touched,
    ) -> Result<(), IndexError> {
        let plan = payloads.plan(at, touched.restricted);
        let after = payloads.after(&plan, touched.narrowed);
        let (open, restricted) = after.encode().map_err(unwritable)?;
        let commit_restricted = plan.restricted.is_some();
        if commit_restricted && plan.restricted_first {
            commit(self.restricted(halves)?, &restricted)?;
        }
        commit(&mut self.open, &open)?;
        #[cfg(test)]
        crate::tests::crash::between_the_commits()?;
        if commit_restricted && !plan.restricted_first {
            commit(self.restricted(halves)?, &restricted)?;
        }
        Ok(())
    }

    fn restricted(&mut self, halves: &Halves) -> Result<&mut IndexWriter, IndexError> {
        match &mut self.restricted {
            Some(writer) => Ok(writer),
            none => Ok(none.insert(engine_writer(&halves.restricted, BATCH_MEMORY, 1)?)),
        }
    }
}

/// A writer of the engine; its merges run in the background and end with it.
pub(crate) fn engine_writer(
    index: &tantivy::Index,
    memory: usize,
    threads: usize,
) -> Result<IndexWriter, TantivyError> {
    let options = IndexWriterOptions::builder()
        .memory_budget_per_thread(memory)
        .num_worker_threads(threads)
        .num_merge_threads(1)
        .build();
    let writer: IndexWriter = index.writer_with_options(options)?;
    // The engine gives the first operation after an opening the stamp of the last commit. A merge up to that commit would
    // take a deletion of that stamp for done in every segment, also in one that did not look at it: an old document would
    // live on beside the new one. So that stamp is given to nothing.
    writer.run([])?;
    // A commit that was cut off leaves files under names that this writer gives again.
    writer.garbage_collect_files().wait()?;
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// Commits with a payload.
pub(crate) fn commit(writer: &mut IndexWriter, payload: &str) -> Result<(), TantivyError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(payload);
    prepared.commit()?;
    Ok(())
}

/// Takes the folder's lock and opens its current generation for writing.
pub(crate) fn open_for_writing(folder: &Folder, halves: &Halves) -> Result<Writer, IndexError> {
    Writer::open(halves, folder.lock()?)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
pub(crate) fn unwritable(error: serde_json::Error) -> IndexError {
    IndexError::Engine(TantivyError::InternalError(format!("payload: {error}")))
}
