//! PostgreSQL: only the question whether the database is empty, and how long the server waits; the rest is one
//! transaction.

use crate::dialect::backup;
use crate::engine::Tx;
use crate::engine::session::Begin;
use crate::error::StoreError;
use crate::url::DatabaseUrl;

/// Nobody waits for this transaction: the database is empty. It may stay idle for as long as evidence files are copied,
/// and is ended only when this program is gone, for which the server asks. References that can be looked at later are: a
/// lesson comes before what carries it.
const PATIENT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL tcp_keepalives_idle = 15; \
                       SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3; \
                       SET CONSTRAINTS ALL DEFERRED";

/// Lets the transaction stand however long it is idle.
pub(super) fn be_patient(tx: &mut Tx) -> Result<(), StoreError> {
    tx.batch("be patient", PATIENT)
}

/// Looks at the references that were left for later, before the schema is brought up to date: a table is not changed while
/// some of its rows wait to be looked at.
pub(super) fn check_references(tx: &mut Tx) -> Result<(), StoreError> {
    tx.batch("look at references", "SET CONSTRAINTS ALL IMMEDIATE")
}

/// Refuses a database with tables of others or rows of ours.
pub(super) fn refuse_used(tx: &mut Tx, url: &DatabaseUrl) -> Result<(), StoreError> {
    tx.begin(Begin::Schema).map_err(|failure| failure.error)?;
    let empty = backup::refuse_used(tx, url, "an archive is imported");
    tx.rollback();
    empty
}
