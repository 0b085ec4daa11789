use std::io::Cursor;

use super::*;
use crate::spreadsheet::reader::{Layout, Limits};

fn found(text: &str, named_row: Option<u64>) -> Result<Header, ReadError> {
    let mut sheet =
        Spreadsheet::open(Cursor::new(text.as_bytes().to_vec()), &Layout::default(), Limits::default())?;
    find(&mut sheet, named_row)
}

#[test]
fn title_rows_above_the_header_are_left_out() {
    let text =
        "Incident log;;;\nprinted 2025-03-01;;;\n\nRef;Date;Title;Status\n1;2025-01-01;Closed door;Closed\n";
    let header = found(text, None).unwrap();
    assert_eq!((header.row, header.cells.len()), (4, 4));
}

#[test]
fn a_row_of_values_is_no_header() {
    let error = found("1;2025-01-01;a\n2;2025-01-02;b\n", None).unwrap_err();
    assert!(
        matches!(error, ReadError::NoHeader { looked: 2, ref found } if found == "1 | 2025-01-01 | a"),
        "{error}"
    );
}

#[test]
fn a_named_row_is_taken_as_it_is() {
    assert_eq!(found("alpha;beta\n1;2\n", Some(1)).unwrap().cells, ["alpha", "beta"]);
    assert!(matches!(found("alpha;beta\n\n1;2\n", Some(2)), Err(ReadError::EmptyHeader { row: 2 })));
    assert!(matches!(found("alpha;beta\n", Some(9)), Err(ReadError::EmptyHeader { row: 9 })));
}

#[test]
fn a_file_of_blank_cells_is_empty() {
    assert!(matches!(found(";;;\n;;;\n", None), Err(ReadError::Empty)));
}

#[test]
fn columns_get_distinct_names() {
    let header =
        Header { row: 1, cells: ["Notes", "", "notes", "Notes", "a\nb"].map(str::to_owned).to_vec() };
    assert_eq!(header.names(), ["Notes", "(column 2)", "notes (2)", "Notes (3)", "a b"]);
}

#[test]
fn the_fingerprint_ignores_case_punctuation_and_the_reasons() {
    let header = |cells: &[&str]| Header { row: 1, cells: cells.iter().map(|c| (*c).to_owned()).collect() };
    let original = header(&["Ref", "What happened?"]).fingerprint();
    assert_eq!(header(&["REF", "what  happened", "import_reason"]).fingerprint(), original);
    assert_ne!(header(&["What happened?", "Ref"]).fingerprint(), original);
    assert_eq!(original.len(), 64);
}
