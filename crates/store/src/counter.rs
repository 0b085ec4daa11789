//! Gapless numbers: the counter is a row, read and written in the transaction that uses the number, so one that is rolled
//! back leaves no gap.

use std::collections::BTreeMap;

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
/// What the database reports, or there are no numbers left.
pub fn reserve<R: Reference>(tx: &mut Tx, year: i16, count: u32) -> Result<Vec<R>, StoreError> {
    // Kinds without a year count under 0.
    let year = R::from_parts(year, 1).year();
    let counter = (R::PREFIX, year);
    let last = match tx.kept::<Counters>().as_mut().and_then(|known| known.get_mut(&counter)) {
        Some(known) => {
            known.given = known.given.checked_add(count).ok_or_else(|| used_up(R::PREFIX))?;
            known.given
        }
        None => {
            let given = more(tx, counter, count)?;
            let known = tx.kept::<Counters>().get_or_insert_default();
            known.insert(counter, Given { given, written: given });
            given
        }
    };
    // From here on a failure undoes the transaction, and with it what was given out.
    tx.touch();
    Ok((last - count + 1..=last).map(|number| R::from_parts(year, number)).collect())
}

/// Writes the counters that were only counted on. Run before COMMIT, and before counters are read.
pub(crate) fn settle(tx: &mut Tx) -> Result<(), StoreError> {
    let Some(known) = tx.kept::<Counters>() else { return Ok(()) };
    let behind: Vec<_> =
        known.iter().filter(|(_, of)| of.given > of.written).map(|(c, of)| (*c, *of)).collect();
    for (counter, Given { given, written }) in behind {
        let found = more(tx, counter, given - written)?;
        if found != given {
            return Err(StoreError::Driver {
                statement: "counter".to_owned(),
                detail: format!("{} stands at {found}, expected {given}", counter.0),
            });
        }
        if let Some(of) = tx.kept::<Counters>().as_mut().and_then(|known| known.get_mut(&counter)) {
            of.written = given;
        }
    }
    Ok(())
}

/// A prefix and a year.
type Counter = (&'static str, i16);

/// How far the counters are that a transaction took numbers of. The first is taken in the database, the others are counted
/// on from it, so that the numbers of all units of a transaction cost two statements.
type Counters = BTreeMap<Counter, Given>;

#[derive(Debug, Clone, Copy)]
struct Given {
    given: u32,
    /// As the database has it.
    written: u32,
}

fn more(tx: &mut Tx, (prefix, year): Counter, count: u32) -> Result<u32, StoreError> {
    tx.query_one(MORE, &params![prefix, year, count])?.get("last_number")
}

fn used_up(prefix: &str) -> StoreError {
    let detail = format!("no number is left for {prefix}");
    StoreError::Driver { statement: "counter".to_owned(), detail }
}

#[cfg(test)]
mod tests;
