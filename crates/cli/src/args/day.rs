//! Days as they are typed.

use nevertwice_domain::time::Date;

/// Reads a day, such as 2026-03-17.
///
/// # Errors
/// It is no day of the calendar; what was typed is named by whoever reports it.
pub(super) fn day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| "expected a day of the calendar such as 2026-03-17".to_owned())
}
