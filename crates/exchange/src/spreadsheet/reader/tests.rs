use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn open(bytes: &[u8]) -> Result<Spreadsheet<Cursor<Vec<u8>>>, ReadError> {
    Spreadsheet::open(Cursor::new(bytes.to_vec()), &Layout::default(), Limits::default())
}

fn rows(bytes: &[u8]) -> Result<Vec<RawRow>, ReadError> {
    open(bytes)?.rows()?.collect()
}

#[test]
fn blank_rows_are_kept_between_rows_and_dropped_at_the_end() {
    let rows = rows(b"Ref,Title\n,\n\n1,a\n , \n\n").unwrap();
    let blank: Vec<_> = rows.iter().map(|row| (row.number, row.cells.is_empty())).collect();
    assert_eq!(blank, [(1, false), (2, true), (3, true), (4, false)]);
}

#[test]
fn a_declared_delimiter_line_is_no_row() {
    let rows = rows(b"sep=;\r\nRef;Title\r\n1;a\r\n").unwrap();
    assert_eq!(rows[0], RawRow { number: 1, cells: Vec::new(), formulas: 0, flaw: None });
    assert_eq!(rows[1].cells.len(), 2);
}

#[test]
fn a_megabyte_cell_and_a_control_character_are_flaws_of_their_rows() {
    let text = format!("Ref,Title\n1,{}\n2,a\u{0}b\n3,ok\n", "x".repeat(1024 * 1024));
    let flaws: Vec<_> = rows(text.as_bytes()).unwrap().into_iter().map(|row| row.flaw).collect();
    assert_eq!(flaws[1], Some(Flaw::CellTooLarge { column: 1, bytes: 1_048_576, limit: PROSE_LIMIT }));
    assert_eq!(flaws[2], Some(Flaw::ControlCharacter { column: 1, code: 0 }));
    assert_eq!(flaws[3], None);
}

#[test]
fn more_rows_than_the_limit_are_an_error() {
    let limits = Limits { rows: 3, ..Limits::default() };
    let mut sheet =
        Spreadsheet::open(Cursor::new(b"a,b\n1,2\n3,4\n5,6\n".to_vec()), &Layout::default(), limits).unwrap();
    let last = sheet.rows().unwrap().last().unwrap();
    assert!(matches!(last, Err(ReadError::TooManyRows { limit: 3 })));
}

#[test]
fn a_named_encoding_wins_over_the_guess() {
    let layout = Layout { encoding: Some(Encoding::Windows1252), ..Layout::default() };
    let bytes = "Titel\nTür\n".as_bytes().to_vec();
    let mut sheet = Spreadsheet::open(Cursor::new(bytes), &layout, Limits::default()).unwrap();
    assert_eq!(sheet.rows().unwrap().last().unwrap().unwrap().cells[0].text(), "TÃ¼r");
}

#[test]
fn rows_can_be_read_several_times() {
    let mut sheet = open(b"a,b\n1,2\n").unwrap();
    for _ in 0..3 {
        assert_eq!(sheet.rows().unwrap().count(), 2);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = rows(&bytes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-z;,\"\r\n\t|=\u{0}ü]{0,200}") {
        let _ = rows(text.as_bytes());
    }

    #[test]
    fn what_is_written_as_csv_is_read_back(
        table in proptest::collection::vec(proptest::collection::vec("[a-z,;\"\r\n ü]{1,8}", 2..5), 2..6)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for cells in &table {
            writer.write_record(cells).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let layout = Layout { delimiter: Some(Delimiter::Comma), ..Layout::default() };
        let mut sheet = Spreadsheet::open(Cursor::new(bytes), &layout, Limits::default()).unwrap();
        let read: Vec<_> = sheet.rows().unwrap().map(Result::unwrap).collect();
        for row in read {
            let index = usize::try_from(row.number).unwrap() - 1;
            if row.cells.is_empty() {
                prop_assert!(table[index].iter().all(|cell| cell.trim().is_empty()));
                continue;
            }
            let raw: Vec<_> = row.cells.iter().map(|c| match c { Cell::Text(t) => t.clone(), _ => String::new() }).collect();
            prop_assert_eq!(&raw, &table[index]);
        }
    }
}
