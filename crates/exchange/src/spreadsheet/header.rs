//! Finding the row with the column names, and naming the columns.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{Read, Seek};

use sha2::{Digest as _, Sha256};

use super::reader::{Cell, RawRow, ReadError, Spreadsheet};
use super::synonyms::{self, REASON_COLUMN};
use super::target::Target;

/// How many rows are looked at to find the header row.
pub const LOOKED_AT: u32 = 50;

/// Longer column names are cut, in characters.
const LONGEST_NAME: usize = 120;

/// The header row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its row, from 1.
    pub row: u64,
    /// The cells of the row as text; a column without a name has an empty one.
    pub cells: Vec<String>,
}

impl Header {
    /// One distinct name per column: the cell in one line of at most 120 characters, `Notes (2)` for the second of that
    /// name, `(column 4)` for none.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let named = self.cells.iter().enumerate().map(|(index, cell)| {
            let words = cell.split(|c: char| c.is_whitespace() || c.is_control());
            let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            let plain = line.chars().take(LONGEST_NAME).collect::<String>().trim_end().to_owned();
            let base = if plain.is_empty() { format!("(column {})", index + 1) } else { plain };
            let mut name = base.clone();
            let mut count = 1;
            while !seen.insert(synonyms::key(&name)) {
                count += 1;
                name = format!("{base} ({count})");
            }
            name
        });
        named.collect()
    }

    /// The fingerprint under which a mapping is remembered: SHA-256 in hexadecimal over the folded column names in
    /// their order, without the column of reasons that a file of rejected rows adds and nameless columns at the end.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut keys: Vec<String> =
            self.cells.iter().filter(|cell| *cell != REASON_COLUMN).map(|cell| synonyms::key(cell)).collect();
        while keys.last().is_some_and(String::is_empty) {
            keys.pop();
        }
        let mut hash = Sha256::new();
        for key in keys {
            hash.update(key);
            hash.update([0]);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// How many distinct targets the cells of a row name.
pub(super) fn recognised<'a>(cells: impl Iterator<Item = Cow<'a, str>>) -> usize {
    let targets: HashSet<Target> = cells
        .filter(|cell| cell.len() <= 80)
        .filter_map(|cell| synonyms::target_of(cell.trim()))
        .map(|(target, _)| target)
        .collect();
    targets.len()
}

/// Finds the header row on the current sheet, or takes the row that was named.
///
/// The header is the row that names most targets; among equals the one that is most like a header (texts only), then
/// the first. Title rows above it are left out.
///
/// # Errors
/// No row names a column, the named row is empty, or the file cannot be read.
pub fn find<R: Read + Seek>(sheet: &mut Spreadsheet<R>, named_row: Option<u64>) -> Result<Header, ReadError> {
    let mut best: Option<(i64, Header)> = None;
    let mut first = None;
    let mut looked = 0;
    for row in sheet.rows()? {
        let row = row?;
        if named_row.map_or(row.number > u64::from(LOOKED_AT), |named| row.number > named) {
            break;
        }
        looked = row.number;
        if row.cells.is_empty() || named_row.is_some_and(|named| row.number < named) {
            continue;
        }
        if named_row.is_some() {
            return Ok(header(&row));
        }
        let candidate = header(&row);
        first.get_or_insert_with(|| candidate.cells.join(" | "));
        if let Some(score) = score(&row, &candidate)
            && best.as_ref().is_none_or(|(highest, _)| score > *highest)
        {
            best = Some((score, candidate));
        }
    }
    match (best, named_row, first) {
        (Some((_, header)), _, _) => Ok(header),
        (None, Some(row), _) => Err(ReadError::EmptyHeader { row }),
        (None, None, None) => Err(ReadError::Empty),
        (None, None, Some(found)) => {
            Err(ReadError::NoHeader { looked, found: found.chars().take(120).collect() })
        }
    }
}

fn header(row: &RawRow) -> Header {
    Header { row: row.number, cells: row.cells.iter().map(Cell::text).collect() }
}

/// `None` for a row that cannot be a header.
fn score(row: &RawRow, header: &Header) -> Option<i64> {
    let recognised = recognised(header.cells.iter().map(|cell| Cow::Borrowed(cell.as_str())));
    if recognised == 0 {
        return None;
    }
    let value_like = |cell: &Cell| match cell {
        Cell::Empty => false,
        Cell::Text(text) => text.len() > 80 || text.trim().starts_with(|c: char| c.is_ascii_digit()),
        _ => true,
    };
    let values = row.cells.iter().filter(|cell| value_like(cell)).count();
    let filled = header.cells.iter().filter(|cell| !cell.is_empty()).count();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 100);
    Some(number(recognised) * 10 + number(filled) - number(values) * 8)
}

#[cfg(test)]
mod tests;
