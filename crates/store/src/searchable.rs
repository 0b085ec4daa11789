//! How many records the index has a document of, to hold the two against each other.

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// Cases and what hangs on them, lessons of at least one case, suppliers and assets.
    COUNT = "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM actions) + (SELECT count(*) FROM reviews)
             + (SELECT count(DISTINCT lesson_id) FROM lesson_cases) + (SELECT count(*) FROM suppliers)
             + (SELECT count(*) FROM assets) AS n";
}

/// How many records can be searched for.
///
/// # Errors
/// What the database reports.
pub fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.query_one(COUNT, &[])?.get("n")
}
