//! CSV files that are broken or made to do harm: a clear error each, never a panic, nothing lost.

use std::io::Cursor;

use nevertwice_exchange::planned::Outcome;
use proptest::prelude::*;

use crate::steps::{imported, planned, refused};

#[test]
fn each_broken_file_is_refused_with_what_where_and_what_to_do() {
    let cases: [(&[u8], &[&str]); 11] = [
        (b"", &["the file is empty", "expected a header row and at least one row below it"]),
        (b"\xef\xbb\xbf", &["the file is empty"]),
        (b";;;\n;;\n", &["the file is empty"]),
        (b"Ref;Title\n\n;\n", &["row 1 holds the column names (Ref, Title)", "expected at least one row"]),
        (
            b"1;2;3\n4;5;6\n",
            &["no header row among the first 2 rows", "1 | 2 | 3", "header_row in a mapping file"],
        ),
        (b"Ref,Title\n1,\"open\n2,b\n", &["row 2 opens a quotation mark", "close it"]),
        (
            b"Ref,Title\n1,\xc3\xa4\xc3\xb6\n2,\xff\n",
            &["line 3, byte offset 19 is not valid utf-8", "[layout]"],
        ),
        (
            b"\xff\xfeR\x00e\x00f\x00\n\x00\x00\xd8x\x00",
            &["byte offset 10 is not valid utf-16le", "windows-1252"],
        ),
        (b"%PDF-1.4", &["a PDF document", "expected CSV or a workbook", "as .xlsx or CSV"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &["Excel 97-2003", "save it as .xlsx"]),
        (b"PK\x03\x04rubbish", &["damaged", "save it again"]),
    ];
    for (bytes, expected) in cases {
        let message = refused(bytes);
        for part in expected {
            assert!(message.contains(part), "{part:?} in {message:?}");
        }
    }
}

#[test]
fn a_hundred_thousand_columns_are_refused_with_the_limit() {
    let names: Vec<String> = (0..100_000).map(|n| format!("Title {n}")).collect();
    let message = refused(format!("{}\n1,a\n", names.join(",")).as_bytes());
    assert!(message.contains("row 1 reaches column 513; expected at most 512 columns"), "{message}");
    let message = refused(format!("Ref,Title\n1,a\n2,b{}\n", ",x".repeat(100_000)).as_bytes());
    assert!(message.contains("row 3 reaches column 513"), "{message}");
    assert_eq!(imported(format!("Ref,Title\n1,a{}\n", ",".repeat(100_000)).as_bytes()), Ok(1), "empty ones");
}

#[test]
fn a_row_that_never_ends_is_refused_before_it_fills_the_memory() {
    let message = refused(format!("Ref,Title\n1,\"{}", "x".repeat(20_000_000)).as_bytes());
    assert!(
        message.contains("row 2 has more than 16777216 bytes") && message.contains("quotation mark"),
        "{message}"
    );
}

#[test]
fn a_cell_of_a_megabyte_rejects_its_row_and_comes_back_whole() {
    let long = "long ".repeat(200_000);
    let text = format!("Ref,Title,Notes\n1,a,{long}\n2,b,fine\n");
    let first = planned(Cursor::new(text.as_bytes())).unwrap();
    let [(row, reason)] = first.rejections()[..] else { panic!("{:?}", first.rejections().len()) };
    assert_eq!((row.row_number, reason.column.as_str()), (2, "Notes"));
    assert_eq!(
        reason.to_string(),
        "Notes: found a text of 1000000 bytes, expected at most 65536 bytes; shorten it and keep the whole text as evidence"
    );
    assert!(matches!(first.rows[1].outcome, Outcome::Case(_)));
    let again = planned(Cursor::new(first.rejected_file())).unwrap();
    assert_eq!(&again.rows[0].original.cells()[..3], row.original.cells());
    assert_eq!(again.rows[0].row_hash, row.row_hash);
    assert_eq!(again.rows[0].original.cells()[2], long.trim());
}

#[test]
fn column_names_of_any_kind_are_usable() {
    let text = format!("Title,Ref,Re\u{1}gi\u{0}on,{},\"two\nlines\"\na,1,b,c,d\n", "n".repeat(1_000_000));
    let found = planned(Cursor::new(text)).unwrap();
    let names: Vec<_> = found.guess.mapping.columns.iter().map(|column| column.source.clone()).collect();
    assert_eq!(names[2..], ["Re gi on", "n".repeat(120).as_str(), "two lines"]);
}

#[test]
fn error_values_are_gaps_and_number_no_case() {
    let text = "Ref,Title,Notes\n#REF!,a,x\n#REF!,b,y\nn/a,c,\nn/a,d,#N/A\n5,#NAME?,z\n";
    let found = planned(Cursor::new(text)).unwrap();
    let references: Vec<_> =
        found.rows.iter().map(|row| row.origin_reference.as_ref().map(ToString::to_string)).collect();
    assert_eq!(references, [None, None, None, None, Some("5".to_owned())]);
    let said: Vec<_> = found.guess.notes.iter().filter(|note| note.text.contains("error value")).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].text.contains("2 cells hold an error value, the first in row 2 (#REF!)"), "{said:?}");
    let [(row, reason)] = found.rejections()[..] else { panic!("{:?}", found.rejections()) };
    assert_eq!(row.row_number, 6);
    assert_eq!(reason.to_string(), "Title: found #NAME?, expected what happened; fill in the cell");
}

#[test]
fn a_row_far_below_the_others_is_no_part_of_the_table() {
    let text = |blank: usize| format!("Ref,Title\n1,a\n{}2,b\n", "\n".repeat(blank));
    assert_eq!(imported(text(10_000).as_bytes()), Ok(10_002));
    let message = refused(text(10_001).as_bytes());
    assert!(message.contains("row 10004 holds something below 10001 blank rows"), "{message}");
}

#[test]
fn a_file_cut_off_anywhere_is_read_or_an_error() {
    let whole = "Ref;Titel;Datum\n1;\"Tür; offen\nnoch\";31.12.2024\n2;Müll;01.02.2025\n".as_bytes();
    for length in 0..whole.len() {
        let _ = imported(&whole[..length]);
    }
    assert_eq!(imported(whole), Ok(2));
}

/// Cells of every kind that logs hold, quotation marks, line breaks and delimiters among them.
const CELL: &str = "[=+@'\"a-c0-9;,.\n €ä/:()-]{0,14}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_an_import_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = imported(&bytes);
        let _ = imported(&[b"Ref;Title;Date;Actions\n", bytes.as_slice()].concat());
    }

    #[test]
    fn rejected_rows_read_back_are_the_same_rows(
        table in proptest::collection::vec(proptest::collection::vec(CELL, 4), 1..8)
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(["Ref", "What happened", "Status", "Notes"]).unwrap();
        for cells in &table {
            writer.write_record([cells[0].as_str(), "", cells[2].as_str(), cells[3].as_str()]).unwrap();
        }
        let Ok(first) = planned(Cursor::new(writer.into_inner().unwrap())) else { return Ok(()) };
        let rejected = first.rejections();
        prop_assume!(!rejected.is_empty());
        let again = planned(Cursor::new(first.rejected_file())).unwrap();
        prop_assert_eq!(again.rows.len(), rejected.len());
        for ((before, _), after) in rejected.iter().zip(&again.rows) {
            prop_assert_eq!(before.original.cells(), &after.original.cells()[..before.original.cells().len()]);
            prop_assert_eq!(before.row_hash, after.row_hash);
            prop_assert_eq!(&before.origin_reference, &after.origin_reference);
        }
    }
}
