//! The register, opened: its database, its index, its clock.

use std::path::Path;
use std::sync::Arc;

use nevertwice_domain::id::RequestId;
use nevertwice_domain::settings::Settings;
use nevertwice_store::settings::StoreInfo;
use nevertwice_store::trail::{self, Act};
use nevertwice_store::{Db, StoreError, Tx};

use crate::account::Gate;
use crate::caller::{Caller, Identity};
use crate::clock::{Clock, Entropy, Moment};
use crate::error::ServiceError;
use crate::evidence;
use crate::feed::Feed;
use crate::folder::Folder;
use crate::job::Bell;
use crate::mail::Outbox;

/// The register. Each use case is a blocking method that opens its own unit of work; cloning shares everything.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    folder: Folder,
    info: StoreInfo,
    feed: Feed,
    gate: Gate,
    bell: Bell,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

/// What a use case did, with the trail sequence that it ended at: whoever reads the index can wait for it.
#[derive(Debug, Clone)]
pub struct Done<T> {
    /// The outcome.
    pub value: T,
    /// The last entry of the trail that it wrote, or the last one there was.
    pub sequence: u64,
    /// Whether it put a job down.
    has_jobs: bool,
}

/// What a unit of work knows of its surroundings.
pub struct Unit<'t> {
    /// The transaction.
    pub(crate) tx: &'t mut Tx,
    /// Who acts.
    pub(crate) caller: Caller,
    /// When, and new ids.
    pub(crate) moment: Moment,
    /// Whether a job was put down.
    pub(crate) has_jobs: bool,
    /// Whether mails are sent at all.
    pub(crate) sends_mails: bool,
}

impl Service {
    /// Puts the register together from its parts.
    pub(crate) fn assemble(
        db: Db,
        folder: Folder,
        info: StoreInfo,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let feed = Feed::new(db.clone(), &folder.index(), info.id);
        Self {
            inner: Arc::new(Inner {
                db,
                folder,
                info,
                feed,
                gate: Gate::default(),
                bell: Bell::default(),
                outbox: Outbox::default(),
                clock,
                entropy,
            }),
        }
    }

    /// The store's identity.
    #[must_use]
    pub fn info(&self) -> StoreInfo {
        self.inner.info
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.inner.folder
    }

    /// Where the data folder lies.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.inner.folder.root()
    }

    /// How long ago some fixed moment was, by a clock that never goes back: to tell how long something took.
    #[must_use]
    pub fn steady(&self) -> std::time::Duration {
        self.inner.clock.steady()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// Whether this register sends mails.
    #[must_use]
    pub fn sends_mails(&self) -> bool {
        self.outbox().is_wanted()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    /// Removes what commands that were cut off left behind, and sessions, links, jobs, drafts and keys of requests that are long over; gives the number
    /// of files removed. A server does this now and then; it changes nothing that any record tells of.
    ///
    /// # Errors
    /// What the store or the file system reports.
    pub fn sweep(&self) -> Result<u64, ServiceError> {
        self.forget_sign_ins()?;
        self.forget_requests()?;
        self.forget_jobs()?;
        self.forget_drafts()?;
        evidence::sweep(&self.inner.db, &self.inner.folder, self.moment().at)
    }

    /// Where passwords are looked at, and attempts are counted.
    pub(crate) fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    /// Whether and how mails are sent.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.inner.outbox
    }

    /// By which whoever runs jobs is woken.
    pub(crate) fn bell(&self) -> &Bell {
        &self.inner.bell
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.inner.feed
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment::new(&*self.inner.clock, Arc::clone(&self.inner.entropy))
    }

    /// The company's settings.
    ///
    /// # Errors
    /// What the store reports.
    pub fn settings(&self) -> Result<Settings, ServiceError> {
        self.inner.db.read(|tx| Ok(nevertwice_store::settings::get(tx)?))
    }

    /// Runs a reading unit on behalf of a caller, on one consistent snapshot.
    pub(crate) fn read<T>(
        &self,
        identity: &Identity,
        unit: impl FnOnce(&mut Unit<'_>) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let moment = self.moment();
        self.inner.db.read(|tx| {
            let caller = Caller::resolve(tx, identity, moment.at)?;
            unit(&mut Unit { tx, caller, moment, has_jobs: false, sends_mails: self.outbox().is_wanted() })
        })
    }

    /// Runs a writing unit on behalf of a caller; everything it changes is entered in the trail as `action`.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        identity: &Identity,
        action: &'static str,
        unit: impl Fn(&mut Unit<'_>) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<Done<T>, ServiceError> {
        let identity = identity.clone();
        self.write_as(action, move |tx, moment| Caller::resolve(tx, &identity, moment.at), unit)
    }

    /// As [`Self::write`], on behalf of whoever `who` finds: for those who prove in this very call who they are.
    pub(crate) fn write_as<T: Send + 'static>(
        &self,
        action: &'static str,
        who: impl Fn(&mut Tx, &Moment) -> Result<Caller, ServiceError> + Send + 'static,
        unit: impl Fn(&mut Unit<'_>) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<Done<T>, ServiceError> {
        let moment = self.moment();
        let request: RequestId = moment.id();
        let sends_mails = self.outbox().is_wanted();
        let done = self.inner.db.write(move |tx| {
            let caller = who(tx, &moment)?;
            run(tx, caller, (action, request), &moment, sends_mails, &unit)
        });
        self.rung(done)
    }

    /// As [`Self::write`], in a transaction of its own: for batches of an import.
    pub(crate) fn write_alone<T: Send + 'static>(
        &self,
        identity: &Identity,
        action: &'static str,
        request: RequestId,
        unit: impl Fn(&mut Unit<'_>) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<Done<T>, ServiceError> {
        let moment = self.moment();
        let identity = identity.clone();
        let sends_mails = self.outbox().is_wanted();
        let done = self.inner.db.write_alone(move |tx| {
            let caller = Caller::resolve(tx, &identity, moment.at)?;
            run(tx, caller, (action, request), &moment, sends_mails, &unit)
        });
        self.rung(done)
    }

    /// Wakes whoever runs jobs, if what was done put one down.
    fn rung<T>(&self, done: Result<Done<T>, ServiceError>) -> Result<Done<T>, ServiceError> {
        done.inspect(|done| {
            if done.has_jobs {
                self.inner.bell.ring();
            }
        })
    }
}

fn run<T>(
    tx: &mut Tx,
    caller: Caller,
    (action, request): (&'static str, RequestId),
    moment: &Moment,
    sends_mails: bool,
    unit: &impl Fn(&mut Unit<'_>) -> Result<T, ServiceError>,
) -> Result<Done<T>, ServiceError> {
    trail::begin(tx, Act { actor: caller.id(), action, at: moment.at, request, seed: moment.seed() });
    let mut unit_of_work = Unit { tx, caller, moment: moment.clone(), has_jobs: false, sends_mails };
    let value = unit(&mut unit_of_work)?;
    let has_jobs = unit_of_work.has_jobs;
    let sequence = trail::flush(tx).map_err(|error: StoreError| ServiceError::from(error))?;
    Ok(Done { value, sequence, has_jobs })
}
