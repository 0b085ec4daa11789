//! The index as the service holds it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::error::{IndexError, RebuildReason};
use crate::folder::Folder;
use crate::order::Kept;
use crate::payload::{Position, StoreIdentity};
use crate::rebuild::Rebuild;
use crate::schema::Fields;
use crate::snapshot::{Halves, Snapshot};
use crate::writer::{Change, Writer, open_for_writing};

/// A search index in a folder, for one store. Shared between threads; readers never wait for the writer.
pub struct Index {
    pub(crate) folder: Folder,
    pub(crate) identity: StoreIdentity,
    pub(crate) fields: Fields,
    pub(crate) kept: Kept,
    seen: RwLock<Result<Arc<Snapshot>, RebuildReason>>,
    work: Mutex<Work>,
    generation: AtomicU64,
}

/// What only one thread at a time may touch.
#[derive(Default)]
pub(crate) struct Work {
    pub(crate) halves: Option<Halves>,
    pub(crate) writer: Option<Writer>,
}

/// An index after opening.
pub enum Opened {
    /// It can be searched; it continues at [`Index::position`].
    Ready(Index),
    /// It has to be filled by [`Index::start_rebuild`] before it can be searched.
    NeedsRebuild(Index, RebuildReason),
}

impl Opened {
    /// The index, whatever it needs.
    #[must_use]
    pub fn into_index(self) -> Index {
        match self {
            Self::Ready(index) | Self::NeedsRebuild(index, _) => index,
        }
    }
}

impl Index {
    /// Opens the index in a folder, which is created if it is missing. Takes no lock: any number of processes may
    /// read while one writes.
    ///
    /// # Errors
    /// The folder cannot be made or read. An index that is missing, unreadable, of another store or of another
    /// version is no error but [`Opened::NeedsRebuild`].
    pub fn open(folder: &Path, identity: StoreIdentity) -> Result<Opened, IndexError> {
        let index = Self {
            folder: Folder::open(folder)?,
            identity,
            fields: Fields::new(),
            kept: Kept::default(),
            seen: RwLock::new(Err(RebuildReason::Empty)),
            work: Mutex::new(Work::default()),
            generation: AtomicU64::new(0),
        };
        let loaded = index.load(&mut index.work());
        let reason = match loaded {
            Ok(()) => return Ok(Opened::Ready(index)),
            Err(IndexError::NeedsRebuild(reason)) => reason,
            Err(IndexError::Engine(error)) => RebuildReason::Corrupt(error.to_string()),
            Err(error) => return Err(error),
        };
        index.see(Err(reason.clone()));
        Ok(Opened::NeedsRebuild(index, reason))
    }

    /// Where the feed resumes; `None` while the index has to be rebuilt. If the store's entry of that sequence has
    /// another hash, the index is of another history and has to be rebuilt.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.snapshot().ok().map(|snapshot| snapshot.payloads.position())
    }

    /// How many documents searches see, and where in the trail; `None` while the index has to be rebuilt.
    #[must_use]
    pub fn document_count(&self) -> Option<(Position, u64)> {
        let snapshot = self.snapshot().ok()?;
        let count = snapshot.halves().map(|(_, searcher)| searcher.num_docs()).sum();
        Some((snapshot.payloads.position(), count))
    }

    /// Changes whenever searches may see something else: part of the key of whatever is cached.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Picks up what another process has written. Cheap when nothing has changed.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn refresh(&self) -> Result<Option<Position>, IndexError> {
        let mut work = self.work();
        if work.writer.is_none() {
            self.reload(&mut work)?;
        }
        drop(work);
        Ok(self.position())
    }

    /// Writes a batch of changes and moves on to `at`. When it returns, the batch is durable and searches see it as
    /// a whole. An empty batch moves on only.
    ///
    /// # Errors
    /// [`IndexError::Busy`] when another process writes, [`IndexError::NeedsRebuild`], or the engine fails; after a
    /// failure the same batch can be applied again.
    pub fn apply(&self, changes: &[Change], at: Position) -> Result<(), IndexError> {
        let mut work = self.work();
        self.writer(&mut work)?;
        let snapshot = self.snapshot()?;
        let Work { halves: Some(halves), writer: Some(writer) } = &mut *work else {
            return Err(IndexError::NeedsRebuild(RebuildReason::Empty));
        };
        let applied = writer.apply(halves, &self.fields, &snapshot.payloads, changes, at, &snapshot.open);
        if let Err(error) = applied {
            // Whatever the engine had buffered is dropped with its writer.
            work.writer = None;
            self.load(&mut work)?;
            return Err(error);
        }
        self.load(&mut work)?;
        self.purge(&mut work)
    }

    /// Goes on with what a narrowing has left to do: the words of a record that became restricted are dropped from the
    /// files of the open half. Cheap when there is nothing left.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn finish_narrowing(&self) -> Result<(), IndexError> {
        if !self.snapshot()?.payloads.is_unpurged() {
            return Ok(());
        }
        let mut work = self.work();
        self.writer(&mut work)?;
        self.purge(&mut work)
    }

    /// Whether nothing of a restricted record is left in the files of the open half.
    #[must_use]
    pub fn is_purged(&self) -> bool {
        self.snapshot().is_ok_and(|snapshot| !snapshot.payloads.is_unpurged())
    }

    /// Lets another process write.
    pub fn release_writer(&self) {
        self.work().writer = None;
    }

    /// Rewrites every file that still holds something of a deleted document: the last step of an erasure.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn purge_deleted(&self) -> Result<(), IndexError> {
        let position = self.position().ok_or(IndexError::NeedsRebuild(RebuildReason::Empty))?;
        self.apply(&[], position)?;
        let mut work = self.work();
        if let Work { halves: Some(halves), writer: Some(writer) } = &mut *work {
            writer.purge(halves)?;
        }
        self.load(&mut work)
    }

    /// Begins to fill a new index beside the current one, which stays searchable until [`Rebuild::finish`].
    ///
    /// # Errors
    /// [`IndexError::Busy`] when another process writes, or the folder cannot be written.
    pub fn start_rebuild(&self) -> Result<Rebuild<'_>, IndexError> {
        let mut work = self.work();
        work.writer = None;
        Rebuild::start(self, work)
    }

    /// The files of the index whose content is not what was written: for a health check, reads everything.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<std::path::PathBuf>, IndexError> {
        let work = self.work();
        let halves = work.halves.as_ref().ok_or(IndexError::NeedsRebuild(RebuildReason::Empty))?;
        let mut damaged: Vec<_> = halves.open.validate_checksum()?.into_iter().collect();
        damaged.extend(halves.restricted.validate_checksum()?);
        damaged.sort();
        Ok(damaged)
    }

    /// Takes the right to write, unless this process has it.
    fn writer(&self, work: &mut Work) -> Result<(), IndexError> {
        if work.writer.is_some() {
            return Ok(());
        }
        self.reload(work)?;
        let halves = work.halves.as_ref().ok_or(IndexError::NeedsRebuild(RebuildReason::Empty))?;
        let writer = open_for_writing(&self.folder, halves)?;
        if self.folder.current()? != Some(halves.generation) {
            // Between the reload and the lock another process made the index anew.
            drop(writer);
            self.load(work)?;
            return Err(self.folder.busy());
        }
        self.folder.remove_others(halves.generation)?;
        work.writer = Some(writer);
        // Between the reload and the lock another process may have committed.
        self.load(work)
    }

    fn purge(&self, work: &mut Work) -> Result<(), IndexError> {
        let snapshot = self.snapshot()?;
        let changed = match &mut work.writer {
            Some(writer) if snapshot.payloads.is_unpurged() => writer.purge_narrowed(&snapshot.payloads)?,
            _ => false,
        };
        // A large segment may be waited for during many searches: what they have counted stays known meanwhile.
        if changed { self.load(work) } else { Ok(()) }
    }

    /// What searches see now.
    pub(crate) fn snapshot(&self) -> Result<Arc<Snapshot>, IndexError> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.clone().map_err(IndexError::NeedsRebuild)
    }

    /// Loads the current generation if something has changed since it was last looked at.
    fn reload(&self, work: &mut Work) -> Result<(), IndexError> {
        let current = self.folder.current()?;
        let unchanged = work.halves.as_ref().is_some_and(|halves| {
            let seen = self.snapshot().ok();
            current == Some(halves.generation)
                && seen.is_some_and(|seen| halves.payloads(self.identity).as_ref() == Ok(&seen.payloads))
        });
        if unchanged { Ok(()) } else { self.load(work) }
    }

    /// Loads the current generation.
    pub(crate) fn load(&self, work: &mut Work) -> Result<(), IndexError> {
        let current = self.folder.current()?.ok_or(IndexError::NeedsRebuild(RebuildReason::Empty))?;
        let halves = match work.halves.take() {
            Some(halves) if halves.generation == current => halves,
            _ => Halves::open(&self.folder, current, &self.fields).map_err(IndexError::NeedsRebuild)?,
        };
        let snapshot = halves.snapshot(self.identity);
        work.halves = Some(halves);
        self.see(Ok(Arc::new(snapshot?)));
        Ok(())
    }

    fn see(&self, what: Result<Arc<Snapshot>, RebuildReason>) {
        if let Ok(snapshot) = &what {
            self.kept.keep_only(&snapshot.segments());
        }
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = what;
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
