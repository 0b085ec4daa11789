//! Files that are broken or made to do harm: a clear error each, never a panic.

use std::io::Cursor;

use nevertwice_exchange::spreadsheet::{
    Answers, DateOrder, Layout, Limits, Spreadsheet, guess, plan, survey,
};
use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};

/// Everything that an import does with a file, up to the plan.
fn imported(bytes: &[u8]) -> Result<usize, String> {
    let layout = Layout::default();
    let mut sheet = Spreadsheet::open(Cursor::new(bytes.to_vec()), &layout, Limits::default())
        .map_err(|e| e.to_string())?;
    let survey = survey(&mut sheet, &layout).map_err(|e| e.to_string())?;
    let answers = Answers { date_order: Some(DateOrder::Dmy), ..Answers::default() };
    let guess = guess(&survey, &answers).map_err(|e| e.to_string())?;
    let rows = plan(&mut sheet, &survey, &guess).map_err(|e| e.to_string())?;
    rows.collect::<Result<Vec<_>, _>>().map(|rows| rows.len()).map_err(|e| e.to_string())
}

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["Ref", "Title", "Date", "Actions"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    for row in 1..20 {
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_string(row, 1, format!("case {row}")).unwrap();
        sheet.write_string(row, 2, format!("{row:02}.03.2025")).unwrap();
        sheet.write_formula(row, 3, Formula::new("=1+1").set_result("2")).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn each_broken_file_has_its_own_message() {
    let cases: [(&[u8], &str); 9] = [
        (b"", "the file is empty"),
        (b";;;\n;;\n", "the file is empty"),
        (b"1;2;3\n4;5;6\n", "no header row"),
        (b"Ref,Title\n1,\"open\n2,b\n", "row 2 opens a quotation mark"),
        ("Ref,Title\n1,ä ö ü ß é è\n2,".as_bytes(), ""),
        (b"Ref,Title\n1,\xc3\xa4\xc3\xb6\n2,\xff\n", "line 3, byte offset 19 is not valid utf-8"),
        (b"%PDF-1.4", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel 97-2003"),
        (b"PK\x03\x04rubbish", "damaged"),
    ];
    for (bytes, expected) in cases {
        match imported(bytes) {
            Ok(_) => assert_eq!(expected, ""),
            Err(message) => {
                assert!(message.contains(expected) && !expected.is_empty(), "{expected}: {message}");
            }
        }
    }
}

#[test]
fn a_workbook_cut_off_anywhere_is_an_error() {
    let whole = book();
    assert_eq!(imported(&whole), Ok(19));
    for length in (0..whole.len()).step_by(97) {
        assert!(imported(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
}

#[test]
fn a_csv_file_cut_off_anywhere_is_read_or_an_error() {
    let whole = "Ref;Titel;Datum\n1;\"Tür; offen\nnoch\";31.12.2024\n2;Müll;01.02.2025\n".as_bytes();
    for length in 0..whole.len() {
        let _ = imported(&whole[..length]);
    }
    assert_eq!(imported(whole), Ok(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bytes_of_a_workbook_make_it_panic(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = book();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = imported(&bytes);
    }
}
