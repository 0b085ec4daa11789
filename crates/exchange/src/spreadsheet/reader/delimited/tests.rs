use std::io::Cursor;

use super::*;

fn rows_with(text: &str, delimiter: Delimiter, limits: Limits) -> Result<Vec<(u64, Vec<String>)>, ReadError> {
    let mut input = Cursor::new(text.as_bytes());
    let mut rows = DelimitedRows::new(&mut input, Encoding::Utf8, delimiter, limits)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next_row()? {
        all.push((row.number, row.cells.iter().map(Cell::text).collect()));
    }
    Ok(all)
}

fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
    rows_with(text, Delimiter::Comma, Limits::default()).unwrap()
}

fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (number, cells.iter().map(|c| (*c).to_owned()).collect())
}

#[test]
fn quotes_line_breaks_and_doubled_quotes_are_read() {
    let found = rows("a,\"b, c\"\n\"line one\r\nline two\",\"say \"\"no\"\"\"\n");
    assert_eq!(found, [row(1, &["a", "b, c"]), row(2, &["line one\nline two", "say \"no\""])]);
}

#[test]
fn empty_lines_count_in_the_row_numbers_for_every_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "a,b", "\"x", "y\",c", "", "", "d,e", ""].join(end);
        let found = rows(&text);
        let numbers: Vec<_> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 3, 6], "{end:?}");
        assert_eq!(found[2].1, ["d", "e"], "{end:?}");
    }
}

#[test]
fn the_last_line_needs_no_line_end() {
    assert_eq!(rows("a,b\nc"), [row(1, &["a", "b"]), row(2, &["c"])]);
    assert_eq!(rows("a,b\nc,"), [row(1, &["a", "b"]), row(2, &["c", ""])]);
    assert_eq!(rows("a,b\n\"c\""), [row(1, &["a", "b"]), row(2, &["c"])]);
}

#[test]
fn an_open_quotation_mark_is_named_with_its_row() {
    let error = rows_with("a,b\n\nc,\"d\ne,f\n", Delimiter::Comma, Limits::default()).unwrap_err();
    assert!(matches!(error, ReadError::UnclosedQuote { row: 3 }), "{error}");
}

#[test]
fn a_record_is_bounded_in_bytes_and_columns() {
    let limits = Limits { row_bytes: 1_000, columns: 5, ..Limits::default() };
    let long = format!("a,b\n\"{}\",c\n", "x".repeat(2_000));
    let error = rows_with(&long, Delimiter::Comma, limits).unwrap_err();
    assert!(matches!(error, ReadError::RowTooLarge { row: 2, limit: 1_000 }), "{error}");
    let error = rows_with("1,2,3,4,5,6\n", Delimiter::Comma, limits).unwrap_err();
    assert!(matches!(error, ReadError::TooManyColumns { row: 1, found: 6, limit: 5 }), "{error}");
    assert_eq!(rows_with("1,2,3,4,5,,,,\n", Delimiter::Comma, limits).unwrap()[0].1.len(), 5);
}

#[test]
fn a_file_may_declare_its_delimiter() {
    assert_eq!(Delimiter::declared("sep=;\r\n"), Some(Delimiter::Semicolon));
    assert_eq!(Delimiter::declared("\"sep=\t\"\n"), Some(Delimiter::Tab));
    assert_eq!(Delimiter::declared("separator"), None);
}
