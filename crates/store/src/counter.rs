//! Gapless numbers: the counter is a row, read and written in the unit that uses the number, so a unit that is rolled
//! back leaves no gap.

use nevertwice_domain::reference::Reference;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// Gives out so many numbers more, and tells the last one.
    MORE = "INSERT INTO counters (prefix, year, last_number) VALUES ($1, $2, $3)
            ON CONFLICT (prefix, year) DO UPDATE SET last_number = counters.last_number + excluded.last_number
            RETURNING last_number";
    /// Every counter.
    pub(crate) COUNTERS = "SELECT prefix, year, last_number FROM counters ORDER BY prefix, year";
}

/// The next reference of a kind; `year` is the year of registration in the company's time zone.
///
/// # Errors
/// What the database reports.
pub fn next<R: Reference>(tx: &mut Tx, year: i16) -> Result<R, StoreError> {
    Ok(reserve::<R>(tx, year, 1)?[0])
}

/// The next `count` references of a kind.
///
/// # Errors
/// What the database reports.
pub fn reserve<R: Reference>(tx: &mut Tx, year: i16, count: u32) -> Result<Vec<R>, StoreError> {
    // Kinds without a year count under 0.
    let year = R::from_parts(year, 1).year();
    let last: u32 = tx.query_one(MORE, &params![R::PREFIX, year, count])?.get("last_number")?;
    Ok((last - count + 1..=last).map(|number| R::from_parts(year, number)).collect())
}
