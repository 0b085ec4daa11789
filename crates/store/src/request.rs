//! Requests that named a key, with what was answered: by them a request that is sent again is known.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// The request of a person and a key.
    FIND = "SELECT fingerprint, answer FROM requests WHERE person_id = $1 AND key_sha256 = $2";
    /// A new one.
    INSERT = "INSERT INTO requests (person_id, key_sha256, fingerprint, answer, created_at) VALUES ($1, $2, $3, $4, $5)";
    /// Forgets every answer; that it was given stays known.
    FORGET_ANSWERS = "UPDATE requests SET answer = NULL WHERE answer IS NOT NULL";
    /// The same of one person.
    FORGET_ANSWERS_OF = "UPDATE requests SET answer = NULL WHERE person_id = $1 AND answer IS NOT NULL";
    /// Forgets the old ones.
    FORGET = "DELETE FROM requests WHERE created_at < $1";
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// SHA-256 of what was asked.
    pub fingerprint: Sha256Text,
    /// The answer as JSON, unless it was forgotten.
    pub answer: Option<String>,
}

/// What was answered to a person's request of a key.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, person: PersonId, key: &Sha256Text) -> Result<Option<Answered>, StoreError> {
    let Some(row) = tx.query_opt(FIND, &params![person, key])? else { return Ok(None) };
    Ok(Some(Answered { fingerprint: row.get("fingerprint")?, answer: row.get("answer")? }))
}

/// Keeps what was answered.
///
/// # Errors
/// What the database reports.
pub fn insert(
    tx: &mut Tx,
    person: PersonId,
    key: &Sha256Text,
    answered: &Answered,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.exec_one(INSERT, &params![person, key, answered.fingerprint, answered.answer, at])
}

/// Forgets every answer, as what somebody may know of has changed.
///
/// # Errors
/// What the database reports.
pub fn forget_answers(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.exec(FORGET_ANSWERS, &[])
}

/// Forgets the answers to one person.
///
/// # Errors
/// What the database reports.
pub fn forget_answers_of(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    tx.exec(FORGET_ANSWERS_OF, &params![person])
}

/// Forgets requests from before a time; returns how many.
///
/// # Errors
/// What the database reports.
pub fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(FORGET, &params![before])
}
