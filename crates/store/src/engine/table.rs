//! Tables as bulk inserts know them, and the sizes in which lists are sent.

use crate::statement::Dialect;

/// How many rows or list elements one statement takes. Fixed, so that few texts fill the statement caches.
pub(crate) const CHUNKS: [usize; 3] = [64, 8, 1];

/// How many rows are brought to the engine at once, which may need several statements for them.
pub(crate) const ROWS_AT_ONCE: usize = 512;

/// A table with its columns, for [`Tx::insert_rows`](super::Tx::insert_rows).
#[derive(Debug)]
pub struct TableDef {
    /// The table's name.
    pub name: &'static str,
    /// Its columns; at most 500, so that 64 rows stay within SQLite's 32,766 parameters.
    pub columns: &'static [&'static str],
}

impl TableDef {
    /// The text that inserts `rows` rows with these columns.
    pub(crate) fn insert_text(&self, dialect: Dialect, columns: &[&str], rows: usize) -> String {
        let mut text = format!("INSERT INTO {} ({}) VALUES ", self.name, columns.join(", "));
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            push_parameters(&mut text, dialect, row * columns.len(), columns.len());
            text.push(')');
        }
        text
    }
}

/// `sql` with `$*` replaced by `count` parameters.
pub(crate) fn list_text(sql: &str, dialect: Dialect, count: usize) -> String {
    let mut parameters = String::new();
    push_parameters(&mut parameters, dialect, 0, count);
    sql.replace("$*", &parameters)
}

/// The largest chunk that `left` elements fill.
pub(crate) fn chunk(left: usize) -> usize {
    CHUNKS.into_iter().find(|&size| size <= left).unwrap_or(1)
}

fn push_parameters(text: &mut String, dialect: Dialect, before: usize, count: usize) {
    let sign = match dialect {
        Dialect::Sqlite => '?',
        Dialect::Postgres => '$',
    };
    for index in 1..=count {
        if index > 1 {
            text.push_str(", ");
        }
        text.push(sign);
        text.push_str(&(before + index).to_string());
    }
}
