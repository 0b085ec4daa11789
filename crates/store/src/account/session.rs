//! Sessions. Those that ended stay for a while: by them it is known from where somebody signs in.

use nevertwice_domain::account::{IDLE_LIMIT_MILLIS, SEEN_EVERY_MILLIS, Session};
use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::{PersonId, SessionId};
use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

use crate::engine::{Row, Tx};
use crate::error::StoreError;

statements! {
    /// By the hash of its secret.
    BY_SECRET = "SELECT id, person_id, secret_sha256, how, created_at, last_seen_at, expires_at, ended_at, address, place, agent
                 FROM sessions WHERE secret_sha256 = $1";
    /// Those of a person that nobody has ended, the oldest first.
    OPEN = "SELECT id, person_id, secret_sha256, how, created_at, last_seen_at, expires_at, ended_at, address, place, agent
            FROM sessions WHERE person_id = $1 AND ended_at IS NULL ORDER BY created_at, id";
    /// A new one.
    BEGIN = "INSERT INTO sessions (id, person_id, secret_sha256, how, created_at, last_seen_at, expires_at, address, place,
                                   agent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Ends one of a person.
    END = "UPDATE sessions SET ended_at = $3 WHERE id = $2 AND person_id = $1 AND ended_at IS NULL";
    /// Ends those of a person but one.
    END_OTHERS = "UPDATE sessions SET ended_at = $3 WHERE person_id = $1 AND id <> $2 AND ended_at IS NULL";
    /// Moves when it was seen, unless that is known nearly enough, or it ended as idle: it does not begin again.
    SEEN = "UPDATE sessions SET last_seen_at = $2
            WHERE secret_sha256 = $1 AND ended_at IS NULL AND last_seen_at <= $3 AND last_seen_at > $4";
    /// Forgets those that could not hold after a time.
    FORGET = "DELETE FROM sessions WHERE expires_at < $1";
}

fn of(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        secret_sha256: row.get("secret_sha256")?,
        how: row.get("how")?,
        created_at: row.get("created_at")?,
        last_seen_at: row.get("last_seen_at")?,
        expires_at: row.get("expires_at")?,
        ended_at: row.get("ended_at")?,
        address: row.get("address")?,
        place: row.get("place")?,
        agent: row.get("agent")?,
    })
}

/// The session of a secret.
///
/// # Errors
/// What the database reports.
pub fn by_secret(tx: &mut Tx, secret: &Sha256Text) -> Result<Option<Session>, StoreError> {
    tx.query_opt(BY_SECRET, &params![secret])?.map(|row| of(&row)).transpose()
}

/// A person's sessions that nobody has ended; some may be too old to hold.
///
/// # Errors
/// What the database reports.
pub fn open(tx: &mut Tx, person: PersonId) -> Result<Vec<Session>, StoreError> {
    tx.query(OPEN, &params![person])?.iter().map(of).collect()
}

/// Begins a session.
///
/// # Errors
/// What the database reports.
pub fn begin(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let values = params![
        session.id,
        session.person_id,
        session.secret_sha256,
        session.how,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.address,
        session.place,
        session.agent,
    ];
    tx.exec_one(BEGIN, &values)
}

/// Ends a session of a person; false if there is none such, or it was ended before.
///
/// # Errors
/// What the database reports.
pub fn end(tx: &mut Tx, person: PersonId, session: SessionId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(END, &params![person, session, at])? == 1)
}

/// Ends every session of a person but one; returns how many.
///
/// # Errors
/// What the database reports.
pub fn end_others(
    tx: &mut Tx,
    person: PersonId,
    but: Option<SessionId>,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let but = but.map_or(Uuid::nil(), SessionId::uuid);
    tx.exec(END_OTHERS, &params![person, but, at])
}

/// Says that a session was seen, unless that is known to the minute already, or it was idle for too long; whether it
/// said so.
///
/// # Errors
/// What the database reports.
pub fn seen(tx: &mut Tx, secret: &Sha256Text, at: Timestamp) -> Result<bool, StoreError> {
    let before = |millis| Timestamp::from_millis(at.millis() - millis);
    Ok(tx.exec(SEEN, &params![secret, at, before(SEEN_EVERY_MILLIS), before(IDLE_LIMIT_MILLIS)])? == 1)
}

/// Forgets sessions whose time was over before `before`; returns how many.
///
/// # Errors
/// What the database reports.
pub fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(FORGET, &params![before])
}
