//! Making writers serial.

/// The first statement of every write transaction on PostgreSQL: whoever holds this row is the only writer, in
/// whichever process, so the order of sequence numbers is the order of commits. SQLite has `BEGIN IMMEDIATE`.
pub(crate) const LOCK_TRAIL_HEAD: &str = "SELECT seq FROM trail_head WHERE id = 1 FOR UPDATE";
