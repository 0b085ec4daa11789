//! Links that were given to somebody: to choose a password, or to sign in. Each is good once and for a while.

use nevertwice_domain::account::LinkPurpose;
use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// By the hash of its secret.
    BY_SECRET = "SELECT secret_sha256, person_id, purpose, created_at, expires_at FROM sign_in_links
                 WHERE secret_sha256 = $1";
    /// A new one.
    INSERT = "INSERT INTO sign_in_links (secret_sha256, person_id, purpose, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5)";
    /// Uses one up.
    USE = "DELETE FROM sign_in_links WHERE secret_sha256 = $1";
    /// Ends those of a person.
    END_OF_PERSON = "DELETE FROM sign_in_links WHERE person_id = $1";
    /// Ends those of a purpose.
    END_OF_PURPOSE = "DELETE FROM sign_in_links WHERE purpose = $1";
    /// Forgets those whose time is over.
    FORGET = "DELETE FROM sign_in_links WHERE expires_at < $1";
}

/// A link. Only the hash of its secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// SHA-256 of its secret.
    pub secret_sha256: Sha256Text,
    /// For whom it is.
    pub person_id: PersonId,
    /// What it is good for.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// The link of a secret.
///
/// # Errors
/// What the database reports.
pub fn by_secret(tx: &mut Tx, secret: &Sha256Text) -> Result<Option<Link>, StoreError> {
    let Some(row) = tx.query_opt(BY_SECRET, &params![secret])? else { return Ok(None) };
    Ok(Some(Link {
        secret_sha256: row.get("secret_sha256")?,
        person_id: row.get("person_id")?,
        purpose: row.get("purpose")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    }))
}

/// Adds a link.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, link: &Link) -> Result<(), StoreError> {
    let Link { secret_sha256, person_id, purpose, created_at, expires_at } = link;
    tx.exec_one(INSERT, &params![secret_sha256, person_id, purpose, created_at, expires_at])
}

/// Uses a link up; false if it is not there any more.
///
/// # Errors
/// What the database reports.
pub fn use_up(tx: &mut Tx, secret: &Sha256Text) -> Result<bool, StoreError> {
    Ok(tx.exec(USE, &params![secret])? == 1)
}

/// Ends every link of a person.
///
/// # Errors
/// What the database reports.
pub fn end_of_person(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    tx.exec(END_OF_PERSON, &params![person])
}

/// Ends every link of a purpose, whoever it is for.
///
/// # Errors
/// What the database reports.
pub fn end_of_purpose(tx: &mut Tx, purpose: LinkPurpose) -> Result<u64, StoreError> {
    tx.exec(END_OF_PURPOSE, &params![purpose])
}

/// Forgets links whose time was over before `before`; returns how many.
///
/// # Errors
/// What the database reports.
pub fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(FORGET, &params![before])
}
