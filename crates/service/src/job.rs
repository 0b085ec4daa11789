//! Work that is done after a change and apart from it, such as a mail.
//!
//! A job is put down in the unit of the change that asks for it, so that there is none of a change that did not happen.
//! A [`Worker`] runs it later, again and again with growing waits if it fails, at last not any more: `doctor` tells of
//! those. Whoever runs one may die in the middle, so a job may be run twice; and what it is about may have changed since,
//! so it looks again. It holds ids, never what somebody wrote.

mod bell;
mod worker;

use nevertwice_domain::id::JobId;
use nevertwice_domain::job::JobState;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::{Tx, job as jobs};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Moment;
use crate::error::ServiceError;
use crate::mail::Mail;
use crate::service::{Service, Unit};

pub(crate) use bell::Bell;
pub use worker::Worker;

/// Jobs that were done are forgotten after seven days.
const DONE_KEPT_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Those that were given up after thirty: time enough to see them.
const DEAD_KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// One thing to be done later.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Its name in the table, snake_case; it never changes.
    const KIND: &'static str;

    /// What makes a second one needless while this one waits.
    fn dedupe(&self) -> Option<String> {
        None
    }

    /// Does it; more than once, if whoever ran it before was cut off.
    ///
    /// # Errors
    /// It is tried again later. The code is kept, the message is not.
    fn run(self, running: &Running<'_>) -> Result<(), ServiceError>;
}

/// A job that runs: of which register, and which one it is.
pub struct Running<'s> {
    /// The register.
    pub service: &'s Service,
    /// The job; the same if it is run again.
    pub id: JobId,
}

impl Running<'_> {
    /// The mail with what it is known by: one mail for one job.
    pub(crate) fn signed(&self, mail: Mail) -> Mail {
        Mail { id: self.id.to_string(), ..mail }
    }
}

/// Puts a job down; false if a like one waits already.
///
/// # Errors
/// What the store reports.
pub(crate) fn put_down<J: Job>(
    tx: &mut Tx,
    moment: &Moment,
    job: &J,
    due_at: Timestamp,
) -> Result<bool, ServiceError> {
    let payload = serde_json::to_string(job).map_err(ServiceError::internal)?;
    let dedupe = job.dedupe().map(|dedupe| format!("{} {dedupe}", J::KIND));
    let new = jobs::NewJob {
        id: moment.id(),
        kind: J::KIND,
        payload: &payload,
        dedupe: dedupe.as_deref(),
        due_at,
        created_at: moment.at,
    };
    Ok(jobs::insert(tx, &new)?)
}

impl Unit<'_> {
    /// Puts a job down with the change of this unit; false if a like one waits already.
    ///
    /// # Errors
    /// What the store reports.
    pub fn enqueue<J: Job>(&mut self, job: &J, due_at: Timestamp) -> Result<bool, ServiceError> {
        let is_new = put_down(self.tx, &self.moment, job, due_at)?;
        self.has_jobs |= is_new;
        Ok(is_new)
    }
}

impl Service {
    /// Puts a job down that no change asks for: what a server does by itself. False if a like one waits already.
    ///
    /// # Errors
    /// What the store reports.
    pub fn enqueue<J: Job + Sync>(&self, job: J, due_at: Timestamp) -> Result<bool, ServiceError> {
        let moment = self.moment();
        let is_new = self.db().write(move |tx| put_down(tx, &moment, &job, due_at))?;
        if is_new {
            self.bell().ring();
        }
        Ok(is_new)
    }

    /// As [`Self::enqueue`], all or none of them.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn enqueue_all<J: Job + Sync>(
        &self,
        all: Vec<J>,
        due_at: Timestamp,
    ) -> Result<(), ServiceError> {
        if all.is_empty() {
            return Ok(());
        }
        let moment = self.moment();
        self.db()
            .write(move |tx| all.iter().try_for_each(|job| put_down(tx, &moment, job, due_at).map(drop)))?;
        self.bell().ring();
        Ok(())
    }

    /// Forgets jobs that ended long ago.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn forget_jobs(&self) -> Result<(), ServiceError> {
        let now = self.moment().at;
        let before = move |millis| Timestamp::from_millis(now.millis() - millis);
        self.db().write(move |tx| {
            jobs::forget(tx, JobState::Done, before(DONE_KEPT_MILLIS))?;
            jobs::forget(tx, JobState::Dead, before(DEAD_KEPT_MILLIS))?;
            Ok::<_, ServiceError>(())
        })
    }
}
