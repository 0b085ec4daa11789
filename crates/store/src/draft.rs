//! What people began to write and have not sent.

use nevertwice_domain::id::PersonId;
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;

use crate::engine::{Row, Tx};
use crate::error::StoreError;

statements! {
    /// Of one person and page.
    FIND = "SELECT address, title, record, fields, saved_at FROM drafts WHERE person_id = $1 AND address = $2";
    /// Of one person, the latest first.
    OF_PERSON = "SELECT address, title, record, saved_at FROM drafts WHERE person_id = $1
                 ORDER BY saved_at DESC, address";
    /// Keeps one.
    KEEP = "INSERT INTO drafts (person_id, address, title, record, fields, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (person_id, address) DO UPDATE
            SET title = excluded.title, record = excluded.record, fields = excluded.fields, saved_at = excluded.saved_at";
    /// Drops one.
    DROP = "DELETE FROM drafts WHERE person_id = $1 AND address = $2";
    /// Drops those of one person that are older than so many.
    DROP_BEYOND = "DELETE FROM drafts WHERE person_id = $1 AND address NOT IN
                   (SELECT address FROM drafts WHERE person_id = $1 ORDER BY saved_at DESC, address LIMIT $2)";
    /// Drops all of one person.
    DROP_ALL_OF = "DELETE FROM drafts WHERE person_id = $1";
    /// Drops the old ones.
    FORGET = "DELETE FROM drafts WHERE saved_at < $1";
}

/// What somebody began to write on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The page.
    pub address: String,
    /// What the page is about.
    pub title: Line,
    /// The reference of the record that it is about, if it is about one.
    pub record: Option<String>,
    /// The fields in their order, as JSON.
    pub fields: String,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

/// A draft without what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The page.
    pub address: String,
    /// What the page is about.
    pub title: Line,
    /// The reference of the record that it is about, if it is about one.
    pub record: Option<String>,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

/// What a person began to write on a page.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, person: PersonId, address: &str) -> Result<Option<Draft>, StoreError> {
    tx.query_opt(FIND, &params![person, address])?.as_ref().map(draft).transpose()
}

/// Everything that a person began to write, the latest first.
///
/// # Errors
/// What the database reports.
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Head>, StoreError> {
    let head = |row: &Row| {
        Ok(Head {
            address: row.get("address")?,
            title: row.get("title")?,
            record: row.get("record")?,
            saved_at: row.get("saved_at")?,
        })
    };
    tx.query(OF_PERSON, &params![person])?.iter().map(head).collect()
}

/// Drops the oldest drafts of a person beyond so many; returns how many went.
///
/// # Errors
/// What the database reports.
pub fn drop_beyond(tx: &mut Tx, person: PersonId, most: u32) -> Result<u64, StoreError> {
    tx.exec(DROP_BEYOND, &params![person, i64::from(most)])
}

/// Keeps a draft in the place of the one before.
///
/// # Errors
/// What the database reports.
pub fn keep(tx: &mut Tx, person: PersonId, draft: &Draft) -> Result<(), StoreError> {
    let Draft { address, title, record, fields, saved_at } = draft;
    tx.exec_one(KEEP, &params![person, address, title, record, fields, *saved_at])
}

/// Drops a draft; whether there was one.
///
/// # Errors
/// What the database reports.
pub fn drop(tx: &mut Tx, person: PersonId, address: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(DROP, &params![person, address])? > 0)
}

/// Drops every draft of a person; returns how many.
///
/// # Errors
/// What the database reports.
pub fn drop_all_of(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    tx.exec(DROP_ALL_OF, &params![person])
}

/// Drops drafts from before a time; returns how many.
///
/// # Errors
/// What the database reports.
pub fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(FORGET, &params![before])
}

fn draft(row: &Row) -> Result<Draft, StoreError> {
    Ok(Draft {
        address: row.get("address")?,
        title: row.get("title")?,
        record: row.get("record")?,
        fields: row.get("fields")?,
        saved_at: row.get("saved_at")?,
    })
}
