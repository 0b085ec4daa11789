//! Who wants no mail.

use nevertwice_domain::id::PersonId;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// Of one person.
    IS_OFF = "SELECT is_off FROM mail_preferences WHERE person_id = $1";
    /// Keeps it.
    KEEP = "INSERT INTO mail_preferences (person_id, is_off) VALUES ($1, $2)
            ON CONFLICT (person_id) DO UPDATE SET is_off = excluded.is_off";
}

/// Whether a person wants no mail; whoever never said wants them.
///
/// # Errors
/// What the database reports.
pub fn is_off(tx: &mut Tx, person: PersonId) -> Result<bool, StoreError> {
    tx.query_opt(IS_OFF, &params![person])?.map_or(Ok(false), |row| row.get("is_off"))
}

/// Keeps whether a person wants no mail.
///
/// # Errors
/// What the database reports.
pub fn keep(tx: &mut Tx, person: PersonId, is_off: bool) -> Result<(), StoreError> {
    tx.exec_one(KEEP, &params![person, is_off])
}
