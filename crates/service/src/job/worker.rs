//! Whoever runs jobs: one thread of a server.

use std::time::Duration;

use nevertwice_domain::job::next_try;
use nevertwice_store::job::{self as jobs, Claimed, Ending};

use super::{Job, Running};
use crate::error::{Kind, ServiceError};
use crate::mail::{Digest, News, Notice, Remind};
use crate::review::LookForTrend;
use crate::service::Service;

/// The longest wait before it looks again: another process may have put a job down.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The wait after the database could not be asked.
const AFTER_TROUBLE: Duration = Duration::from_secs(5);

/// Runs a job whose payload came as JSON.
type Runner = fn(&str, &Running<'_>) -> Result<(), ServiceError>;

/// Runs the jobs of a register, one after another. Several may work on one register.
pub struct Worker {
    service: Service,
    kinds: Vec<(&'static str, Runner)>,
}

fn run_json<J: Job>(payload: &str, running: &Running<'_>) -> Result<(), ServiceError> {
    let job: J = serde_json::from_str(payload).map_err(|error| {
        ServiceError::new(Kind::Internal, "job.unreadable", format!("a {} cannot be read: {error}", J::KIND))
    })?;
    job.run(running)
}

impl Worker {
    /// Of a register, for every kind of job that there is.
    #[must_use]
    pub fn new(service: Service) -> Self {
        let none = Self { service, kinds: Vec::new() };
        none.with::<Notice>().with::<News>().with::<Remind>().with::<Digest>().with::<LookForTrend>()
    }

    /// The same for one more kind.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        self.kinds.push((J::KIND, run_json::<J>));
        self
    }

    /// Runs the job that is due first; false if none is.
    ///
    /// # Errors
    /// What the store reports; how the job went is kept with it.
    pub fn run_next(&self) -> Result<bool, ServiceError> {
        let now = self.service.moment().at;
        let claimed = self.service.db().write(move |tx| Ok::<_, ServiceError>(jobs::claim(tx, now)?))?;
        let Some(job) = claimed else { return Ok(false) };
        let outcome = match self.kinds.iter().find(|(kind, _)| *kind == job.kind) {
            Some((_, run)) => run(&job.payload, &Running { service: &self.service, id: job.id }),
            None => Err(ServiceError::new(
                Kind::Internal,
                "job.unknown_kind",
                "of another version than this program",
            )),
        };
        self.settle(job, outcome)?;
        Ok(true)
    }

    fn settle(&self, job: Claimed, outcome: Result<(), ServiceError>) -> Result<(), ServiceError> {
        let now = self.service.moment().at;
        let id = job.id;
        let is_ours = self.service.db().write(move |tx| {
            let ending = match &outcome {
                Ok(()) => Ending::Done,
                Err(error) => match next_try(job.attempts, now) {
                    Some(at) => Ending::Again(at, &error.code),
                    None => Ending::Dead(&error.code),
                },
            };
            if let Err(error) = &outcome {
                tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, code = error.code, "a job failed");
            }
            Ok::<_, ServiceError>(jobs::settle(tx, &job, ending, now)?)
        })?;
        if !is_ours {
            tracing::warn!(job = %id, "a job took longer than its claim, and somebody else took it");
        }
        Ok(())
    }

    /// Runs jobs until [`Service::stop_work`].
    pub fn run(&self) {
        if let Err(error) = self.take_up() {
            tracing::warn!(code = error.code, "jobs of before wait until their claims run out");
        }
        let bell = self.service.bell();
        while !bell.is_closed() {
            let heard = bell.count();
            let wait = match self.run_next() {
                Ok(true) => continue,
                Ok(false) => self.until_next_due(),
                Err(error) => Err(error),
            };
            let wait = wait.unwrap_or_else(|error| {
                tracing::warn!(code = error.code, "jobs cannot be looked for");
                AFTER_TROUBLE
            });
            bell.wait(heard, wait);
        }
    }

    /// What a server that was killed left in the middle need not wait for its claim, if nobody else runs jobs.
    fn take_up(&self) -> Result<(), ServiceError> {
        let now = self.service.moment().at;
        let released = self.service.db().write(move |tx| Ok::<_, ServiceError>(jobs::release(tx, now)?))?;
        if released > 0 {
            tracing::info!(jobs = released, "jobs that were cut off are run again");
        }
        Ok(())
    }

    fn until_next_due(&self) -> Result<Duration, ServiceError> {
        let due = self.service.db().read(|tx| Ok::<_, ServiceError>(jobs::next_due(tx)?))?;
        let Some(due) = due else { return Ok(LOOK_EVERY) };
        let millis = due.millis() - self.service.moment().at.millis();
        Ok(Duration::from_millis(u64::try_from(millis).unwrap_or(0)).min(LOOK_EVERY))
    }
}

impl Service {
    /// Lets every [`Worker::run`] of this register come to its end.
    pub fn stop_work(&self) {
        self.bell().close();
    }
}
