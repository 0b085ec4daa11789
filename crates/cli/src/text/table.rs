//! Columns that line up.

use std::collections::BTreeMap;
use std::io::{self, Write};

/// Prints rows under headings, each column as wide as its widest cell; the last one is not padded.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let heading: Vec<String> = headings.iter().map(|text| (*text).to_owned()).collect();
    for row in std::iter::once(&heading).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let pad = width.saturating_sub(cell.chars().count());
            line.push_str(cell);
            line.push_str(&" ".repeat(pad + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A fact as `label: value`, if it is known.
pub(super) fn fact(label: &str, value: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Some(value) if !value.is_empty() => writeln!(out, "  {label:<18} {value}"),
        _ => Ok(()),
    }
}

/// Values by their short names, each a fact.
pub(super) fn values(values: &BTreeMap<String, String>, out: &mut dyn Write) -> io::Result<()> {
    values.iter().try_for_each(|(key, value)| fact(key, Some(value), out))
}

/// What stands under a page of a list: remarks, how many of how many, how to go on.
pub(super) fn list_end(
    notes: &[String],
    (shown, total): (usize, u64),
    next: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{shown} of {total} in your view")?;
    match next {
        Some(next) => writeln!(out, "more with --after {next}"),
        None => Ok(()),
    }
}

/// A heading between parts.
pub(super) fn heading(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{text}")
}

/// Text indented line by line.
pub(super) fn indented(text: &str, indent: usize, out: &mut dyn Write) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}
