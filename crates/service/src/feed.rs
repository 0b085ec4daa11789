//! The index follows the trail: whatever was entered since its last commit is looked at again.

mod documents;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nevertwice_domain::id::{ActionId, AssetId, CaseId, ControlId, LessonId, RiskId, SupplierId};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::read_model::{Document, asks_for_rebuild};
use nevertwice_index::{Change, Index, Opened, Position, StoreIdentity};
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::trail::read::{self as trail, Changed};
use nevertwice_store::{
    Db, Tx, action as actions, case as cases, catalogue, lesson as lessons, review as reviews, risk as risks,
};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::use_case::Progress;

pub(crate) use documents::Gathered;

/// Entries followed at once, and cases read at once.
const PORTION: u32 = 512;
/// Cases whose documents are made at once.
const CASES: usize = PORTION as usize;

/// Keeps the index behind the store. Opened when it is first needed: a command that only writes never touches it.
pub(crate) struct Feed {
    db: Db,
    path: PathBuf,
    identity: StoreIdentity,
    index: Mutex<Option<Arc<Index>>>,
}

impl Feed {
    /// A feed into the folder `path`.
    pub(crate) fn new(db: Db, path: &Path, store_id: Uuid) -> Self {
        Self { db, path: path.to_owned(), identity: StoreIdentity { store_id }, index: Mutex::new(None) }
    }

    /// The index, after everything that was written until now is in it; made anew if it does not fit the store.
    ///
    /// # Errors
    /// What the store or the index reports.
    pub(crate) fn caught_up(&self) -> Result<Arc<Index>, ServiceError> {
        let mut slot = self.slot();
        if slot.is_none() {
            *slot = Some(self.open()?);
        }
        let Some(index) = slot.as_ref() else {
            return Err(ServiceError::internal("the index was not opened"));
        };
        if !self.follow(index)? {
            rebuild(&self.db, index, &|_| ())?;
        }
        index.finish_narrowing()?;
        Ok(Arc::clone(index))
    }

    /// Follows what narrowed somebody's access, before that is acknowledged. An index that has to be made anew is left to
    /// the next search: until then nothing is answered from it.
    ///
    /// # Errors
    /// What the store or the index reports; then the next search is refused until the index has followed.
    pub(crate) fn narrow(&self) -> Result<(), ServiceError> {
        let mut slot = self.slot();
        if slot.is_none()
            && let Opened::Ready(index) = Index::open(&self.path, self.identity)?
        {
            *slot = Some(Arc::new(index));
        }
        if let Some(index) = slot.as_ref()
            && self.follow(index)?
        {
            index.finish_narrowing()?;
        }
        Ok(())
    }

    /// Makes the index anew.
    ///
    /// # Errors
    /// What the store or the index reports.
    pub(crate) fn rebuild(&self, progress: &dyn Fn(Progress)) -> Result<u64, ServiceError> {
        let mut slot = self.slot();
        let index = match slot.take() {
            Some(index) => index,
            None => match Index::open(&self.path, self.identity)? {
                Opened::Ready(index) | Opened::NeedsRebuild(index, _) => Arc::new(index),
            },
        };
        let count = rebuild(&self.db, &index, progress)?;
        *slot = Some(index);
        Ok(count)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Index>>> {
        // A panic elsewhere leaves the index as its last commit says.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<Arc<Index>, ServiceError> {
        let index = match Index::open(&self.path, self.identity)? {
            Opened::Ready(index) => Arc::new(index),
            Opened::NeedsRebuild(index, reason) => {
                tracing::info!(?reason, "the index is made anew");
                let index = Arc::new(index);
                rebuild(&self.db, &index, &|_| ())?;
                index
            }
        };
        Ok(index)
    }

    /// Puts what changed since its last commit into the index; false if only making it anew helps.
    fn follow(&self, index: &Index) -> Result<bool, ServiceError> {
        // Not beyond what is there now: while others write without pause, the end of the trail is never reached.
        let wanted = self.db.read(trail::sequence)?;
        loop {
            let Some(at) = index.position() else { return Ok(false) };
            match self.db.read(|tx| portion(tx, at))? {
                Portion::UpToDate => return Ok(true),
                Portion::Foreign => return Ok(false),
                Portion::Stale(stale, position) => {
                    self.refresh(index, &stale, at, position)?;
                    if position.sequence >= wanted {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Makes documents again, those of a bounded number of cases at once: an incident may have any number of parts. The
    /// index moves on from `at` with the last of them; cut off before, all are made once more.
    fn refresh(
        &self,
        index: &Index,
        stale: &Stale,
        at: Position,
        position: Position,
    ) -> Result<(), ServiceError> {
        let cases: Vec<CaseId> = stale.cases.iter().copied().collect();
        let (before, last) = cases.split_at(cases.len().saturating_sub(CASES));
        for portion in before.chunks(CASES) {
            let made = self.db.read(|tx| {
                let context = documents::Context::read(tx)?;
                documents::of_cases(tx, &context, portion)
            })?;
            index.apply(&upserts(made), at)?;
        }
        let made = self.db.read(|tx| stale.last_documents(tx, last))?;
        Ok(index.apply(&upserts(made), position)?)
    }
}

enum Portion {
    UpToDate,
    /// The index belongs to another history, or everything is stale.
    Foreign,
    Stale(Stale, Position),
}

fn portion(tx: &mut Tx, at: Position) -> Result<Portion, ServiceError> {
    if at.sequence > 0 && trail::entry_hash(tx, at.sequence)? != Some(at.entry_hash) {
        return Ok(Portion::Foreign);
    }
    let changed = trail::changed_after(tx, at.sequence, PORTION)?;
    let Some(last) = changed.last() else { return Ok(Portion::UpToDate) };
    // The settings of a new register are its first entry; there is nothing yet that they could make stale.
    if changed.iter().any(|change| asks_for_rebuild(change.kind) && change.sequence > 1) {
        return Ok(Portion::Foreign);
    }
    let entry_hash = trail::entry_hash(tx, last.sequence)?.unwrap_or_default();
    Ok(Portion::Stale(Stale::of(tx, &changed)?, Position { sequence: last.sequence, entry_hash }))
}

/// The records whose documents have to be made again.
#[derive(Default)]
struct Stale {
    cases: BTreeSet<CaseId>,
    suppliers: BTreeSet<SupplierId>,
    assets: BTreeSet<AssetId>,
}

impl Stale {
    /// A case and all that hangs on it are made again together: restriction, class and severity of the case show in
    /// everything, and its lessons and actions are searched with it.
    fn of(tx: &mut Tx, changed: &[Changed]) -> Result<Self, ServiceError> {
        let ids = |kind: ObjectKind| -> Vec<Uuid> {
            let of_kind = changed.iter().filter(|change| change.kind == kind);
            of_kind.map(|change| change.object_id).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let mut stale = Self::default();
        let changed_cases: Vec<CaseId> = ids(ObjectKind::Case).into_iter().map(CaseId::from).collect();
        // Whether a part counts as a part depends on who may know of the whole.
        let access = changed.iter().filter(|change| change.kind == ObjectKind::Case && change.access);
        let wholes: BTreeSet<CaseId> = access.map(|change| CaseId::from(change.object_id)).collect();
        stale.cases.extend(cases::parts_of_several(tx, &wholes.into_iter().collect::<Vec<_>>())?);
        stale.cases.extend(changed_cases.iter().copied());
        let owned: Vec<ActionId> = ids(ObjectKind::Action).into_iter().map(Into::into).collect();
        let actions = actions::several(tx, &owned)?;
        stale.cases.extend(actions.iter().map(|action| action.case_id));
        let held: Vec<_> = ids(ObjectKind::Review).into_iter().map(Into::into).collect();
        stale.cases.extend(reviews::several(tx, &held)?.iter().flat_map(ReviewWithCauses::cases));
        let weighed: Vec<RiskId> = ids(ObjectKind::Risk).into_iter().map(Into::into).collect();
        let controls: Vec<ControlId> = ids(ObjectKind::Control).into_iter().map(Into::into).collect();
        // What puts a lesson to work shows in every case that it was learned from.
        let mut learned: BTreeSet<LessonId> = ids(ObjectKind::Lesson).into_iter().map(Into::into).collect();
        learned.extend(actions.iter().filter_map(|action| action.lesson_id));
        learned.extend(lessons::covered_by(tx, &owned, &weighed, &controls, &changed_cases)?);
        for lesson in lessons::several(tx, &learned.into_iter().collect::<Vec<_>>())? {
            stale.cases.extend(lesson.cases.iter().copied());
        }
        for risk in risks::several(tx, &weighed)? {
            stale.cases.extend(risk.cases.iter().copied());
            stale.cases.extend(risk.assessments().filter_map(|look| look.case_id));
        }
        stale.suppliers.extend(ids(ObjectKind::Supplier).into_iter().map(SupplierId::from));
        stale.assets.extend(ids(ObjectKind::Asset).into_iter().map(AssetId::from));
        Ok(stale)
    }

    /// The documents of some of its cases, and of everything else.
    fn last_documents(&self, tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Document>, ServiceError> {
        let context = documents::Context::read(tx)?;
        let mut made = documents::of_cases(tx, &context, cases)?;
        for id in &self.suppliers {
            made.extend(
                catalogue::supplier(tx, *id)?.map(|supplier| documents::of_supplier(&context, &supplier)),
            );
        }
        for id in &self.assets {
            made.extend(catalogue::asset(tx, *id)?.map(|asset| documents::of_asset(&context, &asset)));
        }
        Ok(made)
    }
}

fn upserts(documents: Vec<Document>) -> Vec<Change> {
    documents.into_iter().map(|document| Change::Upsert(Box::new(document))).collect()
}

/// Makes every document anew, in one snapshot of the store, beside the old index, then swaps.
fn rebuild(db: &Db, index: &Index, progress: &dyn Fn(Progress)) -> Result<u64, ServiceError> {
    db.read(|tx| {
        let sequence = trail::sequence(tx)?;
        let entry_hash = trail::entry_hash(tx, sequence)?.unwrap_or_default();
        let total = Some(cases::count(tx)?);
        let context = documents::Context::read(tx)?;
        let mut rebuild = index.start_rebuild()?;
        let mut after = CaseId::new(Uuid::nil());
        let mut done = 0;
        loop {
            let ids = cases::ids_after(tx, after, PORTION)?;
            let Some(last) = ids.last() else { break };
            after = *last;
            for document in documents::of_cases(tx, &context, &ids)? {
                rebuild.add(&document)?;
            }
            done += ids.len() as u64;
            progress(Progress { done, total });
        }
        for supplier in catalogue::suppliers(tx)? {
            rebuild.add(&documents::of_supplier(&context, &supplier))?;
        }
        for asset in catalogue::assets(tx)? {
            rebuild.add(&documents::of_asset(&context, &asset))?;
        }
        let count = rebuild.added();
        rebuild.finish(Position { sequence, entry_hash })?;
        Ok(count)
    })
}
