//! Jobs: put down in the unit of the change that asks for them, claimed by whoever runs them.
//!
//! A claim is a unit of work as any other, and units are run one after another on both engines, whichever process they
//! are of (see [`crate::dialect`]): so no two claim one job, without a lock of its own.

use nevertwice_domain::id::JobId;
use nevertwice_domain::job::{CLAIM_MILLIS, JobState, TRIES};
use nevertwice_domain::time::Timestamp;

use crate::dialect::is_served_alone;
use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// A new one, unless one of its kind of thing waits already.
    INSERT = "INSERT INTO jobs (id, kind, payload, dedupe, state, due_at, attempts, created_at)
              VALUES ($1, $2, $3, $4, 'pending', $5, 0, $6) ON CONFLICT (dedupe) DO NOTHING";
    /// The one that is due first, or was claimed and not ended in time.
    DUE = "SELECT id, kind, payload, attempts, due_at FROM jobs WHERE state IN ('pending', 'running') AND due_at <= $1
           ORDER BY due_at, id LIMIT 1";
    /// When the next is due.
    NEXT = "SELECT min(due_at) AS due_at FROM jobs WHERE state IN ('pending', 'running')";
    /// Claims one.
    CLAIM = "UPDATE jobs SET state = 'running', dedupe = NULL, due_at = $2, attempts = attempts + 1 WHERE id = $1";
    /// Ends one, or lets it wait again; only by whoever claimed it last.
    SETTLE = "UPDATE jobs SET state = $3, due_at = $4, last_error = $5, ended_at = $6
              WHERE id = $1 AND attempts = $2 AND state = 'running'";
    /// Lets those that were claimed be claimed by somebody else at once.
    RELEASE = "UPDATE jobs SET due_at = $1 WHERE state = 'running'";
    /// Gives one up that was never ended.
    GIVE_UP = "UPDATE jobs SET state = 'dead', ended_at = $2, last_error = $3 WHERE id = $1";
    /// How many there are of each kind and state, and since when.
    COUNTS = "SELECT kind, state, count(*) AS n, min(due_at) AS first_due, max(last_error) AS last_error FROM jobs
              WHERE state <> 'done' GROUP BY kind, state ORDER BY kind, state";
    /// Forgets those that ended.
    FORGET = "DELETE FROM jobs WHERE state = $1 AND ended_at < $2";
}

/// What a job says that was never ended by whoever ran it.
pub const CUT_OFF: &str = "job.cut_off";

/// A job to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob<'j> {
    /// Its identity.
    pub id: JobId,
    /// What kind it is.
    pub kind: &'j str,
    /// What it is about, as JSON: ids, never what somebody wrote.
    pub payload: &'j str,
    /// What makes a second one needless while this one waits.
    pub dedupe: Option<&'j str>,
    /// When it is to run.
    pub due_at: Timestamp,
    /// Now.
    pub created_at: Timestamp,
}

/// A job that somebody runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its identity.
    pub id: JobId,
    /// What kind it is.
    pub kind: String,
    /// What it is about, as JSON.
    pub payload: String,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// How a claimed job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'e> {
    /// It is done.
    Done,
    /// It failed with a code and waits until then.
    Again(Timestamp, &'e str),
    /// It failed with a code and is given up.
    Dead(&'e str),
}

/// How many jobs there are of one kind in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub kind: String,
    /// The state; never done.
    pub state: JobState,
    /// How many.
    pub count: u64,
    /// When the first of them is or was due.
    pub first_due_at: Timestamp,
    /// The code of a failure among them.
    pub last_error: Option<String>,
}

/// Puts a job down; false if one with the same `dedupe` waits already.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, job: &NewJob<'_>) -> Result<bool, StoreError> {
    let NewJob { id, kind, payload, dedupe, due_at, created_at } = job;
    Ok(tx.exec(INSERT, &params![id, kind, payload, dedupe, due_at, created_at])? == 1)
}

/// Claims the job that is due first. One that was claimed [`TRIES`] times and never ended is given up on the way.
///
/// # Errors
/// What the database reports.
pub fn claim(tx: &mut Tx, now: Timestamp) -> Result<Option<Claimed>, StoreError> {
    loop {
        let Some(mut row) = tx.query_opt(DUE, &params![now])? else { return Ok(None) };
        let (id, attempts): (JobId, u32) = (row.get("id")?, row.get("attempts")?);
        if attempts >= TRIES {
            tx.exec_one(GIVE_UP, &params![id, now, CUT_OFF])?;
            continue;
        }
        let until = Timestamp::from_millis(now.millis() + CLAIM_MILLIS);
        tx.exec_one(CLAIM, &params![id, until])?;
        let (kind, payload) = (row.take("kind")?, row.take("payload")?);
        return Ok(Some(Claimed { id, kind, payload, attempts: attempts + 1 }));
    }
}

/// Lets the jobs of a server that was killed be run again at once, and returns how many: asked by a server when it starts.
/// Where others may serve the same database, what they claimed is theirs until the claim runs out.
///
/// # Errors
/// What the database reports.
pub fn release(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    if is_served_alone(tx) { tx.exec(RELEASE, &params![now]) } else { Ok(0) }
}

/// When the next job is due, in the past too.
///
/// # Errors
/// What the database reports.
pub fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    tx.query_one(NEXT, &[])?.get("due_at")
}

/// Ends a claimed job; false if somebody else claimed it since.
///
/// # Errors
/// What the database reports.
pub fn settle(tx: &mut Tx, job: &Claimed, ending: Ending<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let (state, due_at, error, ended_at) = match ending {
        Ending::Done => (JobState::Done, now, None, Some(now)),
        Ending::Again(at, code) => (JobState::Pending, at, Some(code), None),
        Ending::Dead(code) => (JobState::Dead, now, Some(code), Some(now)),
    };
    Ok(tx.exec(SETTLE, &params![job.id, job.attempts, state, due_at, error, ended_at])? == 1)
}

/// How many jobs wait, run and were given up.
///
/// # Errors
/// What the database reports.
pub fn counts(tx: &mut Tx) -> Result<Vec<Count>, StoreError> {
    let rows = tx.query(COUNTS, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Count {
                kind: row.get("kind")?,
                state: row.get("state")?,
                count: row.get("n")?,
                first_due_at: row.get("first_due")?,
                last_error: row.get("last_error")?,
            })
        })
        .collect()
}

/// Forgets jobs of a state that ended before a time; returns how many.
///
/// # Errors
/// What the database reports.
pub fn forget(tx: &mut Tx, state: JobState, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(FORGET, &params![state, before])
}

#[cfg(test)]
mod tests;
