//! Receipts of reports by whoever has no account. Only the hash of each is kept.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// By the hash of its secret.
    BY_SECRET = "SELECT case_id, title FROM receipts WHERE secret_sha256 = $1";
    /// Whether there is one of a case.
    OF_CASE = "SELECT 1 AS found FROM receipts WHERE case_id = $1";
    /// A new one.
    INSERT = "INSERT INTO receipts (secret_sha256, case_id, title, created_at) VALUES ($1, $2, $3, $4)";
}

/// What a receipt is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The case.
    pub case_id: CaseId,
    /// Its title, as the reporter wrote it.
    pub title: Line,
}

/// The receipt of a secret.
///
/// # Errors
/// What the database reports.
pub fn by_secret(tx: &mut Tx, secret: &Sha256Text) -> Result<Option<Receipt>, StoreError> {
    let Some(row) = tx.query_opt(BY_SECRET, &params![secret])? else { return Ok(None) };
    Ok(Some(Receipt { case_id: row.get("case_id")?, title: row.get("title")? }))
}

/// Whether somebody holds a receipt of a case.
///
/// # Errors
/// What the database reports.
pub fn is_held(tx: &mut Tx, case: CaseId) -> Result<bool, StoreError> {
    Ok(tx.query_opt(OF_CASE, &params![case])?.is_some())
}

/// Keeps a receipt.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, secret: &Sha256Text, receipt: &Receipt, at: Timestamp) -> Result<(), StoreError> {
    tx.exec_one(INSERT, &params![secret, receipt.case_id, receipt.title, at])
}
