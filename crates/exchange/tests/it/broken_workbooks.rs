//! Workbooks that are broken or made to do harm: a clear error each, never a panic, memory bounded.

use std::io::{Cursor, Read as _, Write as _};

use nevertwice_exchange::planned::{GapKind, Outcome};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::steps::{imported, planned, refused};

const SHEET: &str = "xl/worksheets/sheet1.xml";

type Parts = Vec<(String, Vec<u8>)>;

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in ["Ref", "Title", "Date", "Actions", "Cost"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), name).unwrap();
    }
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for row in 1..20 {
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_string(row, 1, format!("case {row}")).unwrap();
        let day = ExcelDateTime::from_ymd(2025, 3, u8::try_from(row).unwrap()).unwrap();
        sheet.write_datetime_with_format(row, 2, &day, &date).unwrap();
        sheet.write_formula(row, 3, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_string(row, 4, "€1.200,50").unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn parts(book: Vec<u8>) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut parts = Parts::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((part.name().unwrap().into_owned(), bytes));
    }
    parts
}

fn zipped(parts: &Parts) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook whose only sheet has this XML.
fn with_sheet(xml: &[u8]) -> Vec<u8> {
    let mut parts = parts(book());
    parts.iter_mut().find(|(name, _)| name == SHEET).unwrap().1 = xml.to_vec();
    zipped(&parts)
}

fn text_cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// Changes the entry of a part in the directory, or in front of its data.
fn forged(mut bytes: Vec<u8>, in_directory: bool, name: &str, at: usize, value: &[u8]) -> Vec<u8> {
    let (signature, name_at) = if in_directory { (b"PK\x01\x02", 46) } else { (b"PK\x03\x04", 30) };
    let entry = (0..bytes.len() - name_at)
        .find(|at| bytes[*at..].starts_with(signature) && bytes[at + name_at..].starts_with(name.as_bytes()))
        .unwrap();
    bytes[entry + at..entry + at + value.len()].copy_from_slice(value);
    bytes
}

#[test]
fn a_claim_of_two_gigabytes_is_refused_with_the_limit() {
    let claim = forged(book(), true, SHEET, 24, &2_000_000_000u32.to_le_bytes());
    let message = refused(&claim);
    for part in ["2000000000 bytes", SHEET, "expected at most 1073741824", "save it as CSV"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let table = forged(book(), true, "xl/sharedStrings.xml", 24, &300_000_000u32.to_le_bytes());
    assert!(refused(&table).contains("expected at most 268435456"), "{}", refused(&table));
}

#[test]
fn a_bomb_is_refused_while_it_unpacks_whatever_its_directory_says() {
    let blanks = vec![b' '; 20 * 1024 * 1024];
    let bomb = with_sheet(&[b"<worksheet><sheetData><row>".as_slice(), &blanks].concat());
    assert!(bomb.len() < 100_000, "{} bytes", bomb.len());
    let honest = refused(&bomb);
    for part in [SHEET, "more than 300 times its size", "decompression bomb", "save it as CSV"] {
        assert!(honest.contains(part), "{part}: {honest}");
    }
    let small = 1_000u32.to_le_bytes();
    let lying = forged(forged(bomb, true, SHEET, 24, &small), false, SHEET, 22, &small);
    let message = refused(&lying);
    assert!(message.contains("decompression bomb") || message.contains("damaged"), "{message}");
}

#[test]
fn an_encrypted_part_and_an_unknown_compression_are_named() {
    let encrypted = forged(forged(book(), true, SHEET, 8, &[1, 0]), false, SHEET, 6, &[1, 0]);
    assert_eq!(
        refused(&encrypted),
        "the workbook is encrypted; open it with its password and save a copy without one"
    );
    let method = 99u16.to_le_bytes();
    let odd = forged(forged(book(), true, SHEET, 10, &method), false, SHEET, 8, &method);
    assert!(refused(&odd).contains("the workbook is damaged"), "{}", refused(&odd));
}

#[test]
fn parts_that_share_their_bytes_are_refused() {
    let offset = |bytes: &[u8], name: &str| {
        let entry =
            bytes.windows(4).enumerate().filter(|(_, window)| window == b"PK\x01\x02").map(|(at, _)| at);
        let at = entry.into_iter().find(|at| bytes[at + 46..].starts_with(name.as_bytes())).unwrap();
        <[u8; 4]>::try_from(&bytes[at + 42..at + 46]).unwrap()
    };
    let bytes = book();
    let of_sheet = offset(&bytes, SHEET);
    let message = refused(&forged(bytes, true, "xl/styles.xml", 42, &of_sheet));
    assert!(message.contains("the workbook is damaged"), "{message}");
}

#[test]
fn a_dimension_of_the_whole_sheet_with_two_cells_costs_nothing() {
    let sheet = |second: &str| {
        format!(
            "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row><row>{}</row></sheetData></worksheet>",
            text_cell("A1", "Title"),
            text_cell(second, "x"),
        )
    };
    assert_eq!(imported(&with_sheet(sheet("A2").as_bytes())), Ok(1));
    let message = refused(&with_sheet(sheet("A1048576").as_bytes()));
    assert!(message.contains("row 1048576 holds something below 1048574 blank rows"), "{message}");
    let message = refused(&with_sheet(sheet("XFD2").as_bytes()));
    assert!(message.contains("row 2 reaches column 16384; expected at most 512"), "{message}");
}

#[test]
fn a_megabyte_in_a_cell_rejects_its_row_only() {
    let long = "y".repeat(1024 * 1024);
    let row = |number: u32, notes: &str| {
        format!(
            "<row>{}{}</row>",
            text_cell(&format!("A{number}"), "t"),
            text_cell(&format!("B{number}"), notes)
        )
    };
    let sheet = format!(
        "<worksheet><sheetData><row>{}{}</row>{}{}</sheetData></worksheet>",
        text_cell("A1", "Title"),
        text_cell("B1", "Notes"),
        row(2, &long),
        row(3, "fine")
    );
    let found = planned(Cursor::new(with_sheet(sheet.as_bytes()))).unwrap();
    let [(row, reason)] = found.rejections()[..] else { panic!("{}", found.rejections().len()) };
    assert_eq!((row.row_number, reason.column.as_str()), (2, "Notes"));
    assert_eq!(row.original.cells()[1], long, "nothing is lost");
}

#[test]
fn formulas_give_their_stored_values_and_those_without_are_said() {
    let sheet = format!(
        "<worksheet><sheetData><row>{}{}{}</row>{}{}{}</sheetData></worksheet>",
        text_cell("A1", "Ref"),
        text_cell("B1", "Title"),
        text_cell("C1", "Notes"),
        "<row><c r=\"A2\"><f>1+1</f><v>2</v></c><c r=\"B2\" t=\"str\"><f>A1</f><v>door</v></c><c r=\"C2\"><f>NOW()</f></c></row>",
        "<row><c r=\"A3\"><f>1+2</f></c><c r=\"B3\" t=\"str\"><f>A1</f><v>lock</v></c></row>",
        "<row><c r=\"B4\"><f>A1</f></c><c r=\"C4\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>",
    );
    let found = planned(Cursor::new(with_sheet(sheet.as_bytes()))).unwrap();
    let case = |index: usize| match &found.rows[index].outcome {
        Outcome::Case(case) => case,
        other => panic!("{other:?}"),
    };
    assert_eq!((found.rows[0].original.cells()[0].as_str(), case(0).title.as_str()), ("2", "door"));
    assert_eq!(case(0).gaps[0].kind, GapKind::CellError);
    assert_eq!((&found.rows[1].origin_reference, case(1).title.as_str()), (&None, "lock"));
    assert_eq!(
        found.rejections()[0].1.to_string(),
        "Title: found formula without a stored value, expected what happened; fill in the cell"
    );
    let notes: Vec<_> = found.guess.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes[0], "7 cells hold formulas; their stored values are used.");
    let said = "1 cells hold an error value and 1 cells hold a formula whose value was never stored, the first in row 2";
    assert!(
        notes.iter().any(|note| note.starts_with(said) && note.contains("save the file there")),
        "{notes:?}"
    );
}

#[test]
fn a_sheet_with_nothing_below_its_header_names_the_other_sheets() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Log").unwrap().write_row(0, 0, ["Ref", "Title", "Date"]).unwrap();
    book.add_worksheet().set_name("Old").unwrap().write_row(0, 0, ["Ref", "Colour"]).unwrap();
    let message = refused(&book.save_to_buffer().unwrap());
    assert!(message.contains("row 1 holds the column names (Ref, Title, Date)"), "{message}");
    assert!(message.ends_with("which --sheet names: Old"), "{message}");
    let mut empty = Workbook::new();
    empty.add_worksheet();
    assert!(refused(&empty.save_to_buffer().unwrap()).contains("the file is empty"));
}

#[test]
fn a_workbook_cut_off_anywhere_is_an_error() {
    let whole = book();
    assert_eq!(imported(&whole), Ok(19));
    for length in (0..whole.len()).step_by(97) {
        assert!(imported(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
}

type Flips = Vec<(prop::sample::Index, u8)>;

fn flip(bytes: &mut [u8], flips: Flips) {
    for (index, byte) in flips {
        let at = index.index(bytes.len());
        bytes[at] = byte;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_flipped_bytes_of_a_workbook_make_it_panic(flips in proptest::collection::vec(any::<(prop::sample::Index, u8)>(), 1..8)) {
        let mut bytes = book();
        flip(&mut bytes, flips);
        let _ = imported(&bytes);
    }

    /// With sound checksums, so that the damage reaches the readers behind the archive.
    #[test]
    fn no_flipped_bytes_of_a_part_make_it_panic(
        part in any::<prop::sample::Index>(),
        flips in proptest::collection::vec(any::<(prop::sample::Index, u8)>(), 1..8),
    ) {
        let mut parts = parts(book());
        let at = part.index(parts.len());
        flip(&mut parts[at].1, flips);
        let _ = imported(&zipped(&parts));
    }

    #[test]
    fn no_text_as_a_sheet_makes_it_panic(text in "(<(row|c|v|f|is|t|/row|/c|/v)( r=\"[A-Z]{0,4}[0-9]{0,12}\"| t=\"[a-z]{1,2}\"| s=\"[0-9]{1,3}\")?/?>|[0-9.eE+-]{0,9}|&[a-z#0-9]{0,4};){0,40}") {
        let _ = imported(&with_sheet(format!("<worksheet><sheetData>{text}").as_bytes()));
    }
}
