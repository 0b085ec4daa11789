use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::planned::{Outcome, PlannedRow};
use crate::spreadsheet::guess::{Answers, guess};
use crate::spreadsheet::plan::plan;
use crate::spreadsheet::reader::{Layout, Limits, Spreadsheet};
use crate::spreadsheet::survey::{Survey, survey};

fn read(bytes: &[u8]) -> (Survey, Vec<PlannedRow>) {
    let layout = Layout::default();
    let mut sheet = Spreadsheet::open(Cursor::new(bytes.to_vec()), &layout, Limits::default()).unwrap();
    let survey = survey(&mut sheet, &layout).unwrap();
    let guess = guess(&survey, &Answers::default()).unwrap();
    let rows = plan(&mut sheet, &survey, &guess).unwrap().map(Result::unwrap).collect();
    (survey, rows)
}

fn written(survey: &Survey, rows: &[PlannedRow]) -> Vec<u8> {
    let mut writer = RejectedWriter::new(Vec::new(), &survey.header, survey.layout.delimiter);
    for row in rows {
        if let Outcome::Rejected(reason) = &row.outcome {
            writer.write(row.original.cells(), &reason.to_string()).unwrap();
        }
    }
    writer.finish().unwrap()
}

#[test]
fn rejected_rows_come_back_with_the_same_cells_and_hashes() {
    let text = "Ref;What happened?;Status;Notes\n\
                =1+1;;Open;\"=HYPERLINK(\"\"x\"\")\"\n\
                2;fine;Open;\n\
                '-3;;open;\"line one\nline; two\"\n";
    let (survey, rows) = read(text.as_bytes());
    let bytes = written(&survey, &rows);
    let file = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        file.starts_with("\u{feff}Ref;What happened?;Status;Notes;import_reason\n'=1+1;;Open;"),
        "{file}"
    );
    let (again, reread) = read(&bytes);
    assert_eq!(again.header.fingerprint(), survey.header.fingerprint());
    let rejected: Vec<_> = rows.iter().filter(|row| matches!(row.outcome, Outcome::Rejected(_))).collect();
    assert_eq!(reread.len(), 2);
    for (before, after) in rejected.iter().zip(&reread) {
        assert_eq!(before.original.cells(), &after.original.cells()[..4]);
        assert_eq!(before.row_hash, after.row_hash);
    }
    assert_eq!(written(&again, &reread), bytes, "rejected once more, the file is the same");
}

#[test]
fn a_mended_row_is_accepted() {
    let (survey, rows) = read(b"Ref,Title,Status\n1,,Open\n");
    let file = String::from_utf8(written(&survey, &rows)).unwrap();
    let (_, mended) = read(file.replace("1,,Open", "1,now it has one,Open").as_bytes());
    assert!(matches!(&mended[0].outcome, Outcome::Case(case) if case.title.as_str() == "now it has one"));
}

#[test]
fn cells_beyond_the_header_are_kept_behind_the_reason() {
    let (survey, rows) = read(b"Ref,Title,Status\n1,a,b,c\n");
    let file = String::from_utf8(written(&survey, &rows)).unwrap();
    assert!(file.ends_with(",c\n") && file.contains("1,a,b,\"(column 4):"), "{file}");
}

#[test]
fn nothing_rejected_writes_nothing() {
    let (survey, rows) = read(b"Ref,Title,Status\n1,a,Open\n");
    assert_eq!(written(&survey, &rows), b"");
}

proptest! {
    #[test]
    fn any_cells_come_back(cells in proptest::collection::vec("['=+@\"a-d;, \n-]{0,10}", 3)) {
        let header = Header { row: 1, cells: ["Ref", "Title", "Notes"].map(str::to_owned).to_vec() };
        let cells: Vec<String> = cells.iter().map(|cell| nevertwice_domain::formula::unguard(cell.trim()).to_owned()).collect();
        prop_assume!(cells.iter().any(|cell| !cell.is_empty()) && cells.iter().all(|cell| cell.trim() == cell));
        let mut writer = RejectedWriter::new(Vec::new(), &header, None);
        writer.write(&cells, "why").unwrap();
        let bytes = writer.finish().unwrap();
        let layout = Layout { delimiter: Some(Delimiter::Comma), header_row: Some(1), ..Layout::default() };
        let mut sheet = Spreadsheet::open(Cursor::new(bytes), &layout, Limits::default()).unwrap();
        let row = sheet.rows().unwrap().last().unwrap().unwrap();
        let read: Vec<String> = row.cells.iter().take(3).map(crate::spreadsheet::reader::Cell::text).collect();
        prop_assert_eq!(read, cells);
    }
}
