use std::io::{Cursor, Read as _, Write as _};

use jiff::civil::datetime;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Written};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::super::{Flaw, Layout, Spreadsheet};
use super::*;

fn open(bytes: Vec<u8>) -> Result<Spreadsheet<Cursor<Vec<u8>>>, ReadError> {
    Spreadsheet::open(Cursor::new(bytes), &Layout::default(), Limits::default())
}

fn rows(bytes: Vec<u8>) -> Result<Vec<RawRow>, ReadError> {
    open(bytes)?.rows()?.collect()
}

/// A workbook whose only sheet has this XML.
fn with_sheet(sheet: &str) -> Vec<u8> {
    let mut written = Written::new();
    written.add_worksheet().write_string(0, 0, "x").unwrap();
    let original = written.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(original)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            bytes = sheet.as_bytes().to_vec();
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn every_kind_of_cell_is_read() {
    let mut written = Written::new();
    let sheet = written.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_string(1, 0, "=text, not a formula").unwrap();
    sheet.write_number(1, 1, 46_000.75).unwrap();
    let at = ExcelDateTime::from_ymd(2025, 3, 17).unwrap().and_hms(10, 22, 0).unwrap();
    sheet.write_datetime_with_format(1, 2, &at, &date).unwrap();
    sheet.write_boolean(1, 3, true).unwrap();
    sheet.write_formula(1, 4, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_string(3, 1, "below").unwrap();
    let rows = rows(written.save_to_buffer().unwrap()).unwrap();
    assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(
        rows[1].cells,
        [
            Cell::Text("=text, not a formula".to_owned()),
            Cell::Number(46_000.75),
            Cell::Moment(datetime(2025, 3, 17, 10, 22, 0, 0)),
            Cell::Bool(true),
            Cell::Number(2.0),
        ]
    );
    assert_eq!((rows[1].formulas, rows[0].cells.len(), rows[3].cells.len()), (1, 0, 2));
}

#[test]
fn a_formula_without_a_stored_value_is_an_error_cell() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><f>1+1</f></c></row></sheetData></worksheet>";
    assert!(
        matches!(&rows(with_sheet(sheet)).unwrap()[0].cells[0], Cell::Error(text) if text.contains("stored value"))
    );
}

#[test]
fn a_dimension_of_the_whole_sheet_costs_nothing() {
    let sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"2\"><c r=\"B2\" t=\"inlineStr\">\
                 <is><t>only</t></is></c></row></sheetData></worksheet>";
    assert_eq!(rows(with_sheet(sheet)).unwrap().len(), 2);
}

#[test]
fn sheets_that_contradict_themselves_are_errors() {
    let cell = |at: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>x</t></is></c>");
    let sheets = [
        "<worksheet><dimension ref=\"B2:A1\"/><sheetData/></worksheet>".to_owned(),
        format!("<worksheet><sheetData><row>{}{}</row></sheetData></worksheet>", cell("A5"), cell("A2")),
        format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cell("ZZZZZZZZZ1")),
        "<worksheet><sheetData><row><c t=\"s\"><v>77</v></c></row></sheetData></worksheet>".to_owned(),
        "<worksheet><sheetData><row><c t=\"n\"><v>nan(</v></c></row></sheetData></worksheet>".to_owned(),
        "<worksheet><sheetData><row>".to_owned(),
        "no XML at all".to_owned(),
    ];
    for sheet in sheets {
        assert!(rows(with_sheet(&sheet)).is_err(), "{sheet}");
    }
    let far = format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cell("XFD1"));
    let error = rows(with_sheet(&far)).unwrap_err();
    assert!(matches!(error, ReadError::TooManyColumns { row: 1, found: 16_384, .. }), "{error}");
}

#[test]
fn a_cell_of_a_megabyte_is_a_flaw_of_its_row_only() {
    let long = "x".repeat(1024 * 1024);
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"B1\" t=\"str\">\
         <v>{long}</v></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>b</t></is></c></row></sheetData></worksheet>"
    );
    let rows = rows(with_sheet(&sheet)).unwrap();
    assert!(matches!(rows[0].flaw, Some(Flaw::CellTooLarge { column: 1, bytes: 1_048_576, .. })));
    assert_eq!(rows[1].flaw, None);
}

#[test]
fn a_sheet_is_chosen_by_name_and_hidden_ones_come_last() {
    let mut written = Written::new();
    written.add_worksheet().set_name("Lists").unwrap().set_hidden(true).write_string(0, 0, "x").unwrap();
    written.add_worksheet().set_name("Log").unwrap().set_active(true).write_string(0, 0, "y").unwrap();
    let bytes = written.save_to_buffer().unwrap();
    assert_eq!(open(bytes.clone()).unwrap().sheets(), ["Log", "Lists"]);
    let layout = Layout { sheet: Some("lists".to_owned()), ..Layout::default() };
    let mut sheet = Spreadsheet::open(Cursor::new(bytes.clone()), &layout, Limits::default()).unwrap();
    assert_eq!(sheet.rows().unwrap().next().unwrap().unwrap().cells[0].text(), "x");
    let layout = Layout { sheet: Some("Plan".to_owned()), ..Layout::default() };
    let error = Spreadsheet::open(Cursor::new(bytes), &layout, Limits::default()).err().unwrap();
    assert!(error.to_string().contains("it has: Log, Lists"), "{error}");
}
