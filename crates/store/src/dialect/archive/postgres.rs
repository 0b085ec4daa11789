//! PostgreSQL: only the question whether the database is empty; the rest is one transaction.

use crate::dialect::backup;
use crate::engine::Tx;
use crate::engine::session::Begin;
use crate::error::StoreError;
use crate::url::DatabaseUrl;

/// Refuses a database with tables of others or rows of ours.
pub(super) fn refuse_used(tx: &mut Tx, url: &DatabaseUrl) -> Result<(), StoreError> {
    tx.begin(Begin::Schema).map_err(|failure| failure.error)?;
    let empty = backup::refuse_used(tx, url, "an archive is imported");
    tx.rollback();
    empty
}
