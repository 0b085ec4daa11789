use jiff::Timestamp;
use jiff::civil::date;

use super::*;

mod round_trip;

fn sample() -> (Table, Vec<Vec<Cell>>) {
    let table = Table::new("Open actions")
        .with("Reference", Kind::Reference)
        .with("What", Kind::Text)
        .with("Cost (EUR)", Kind::Number)
        .with("Due", Kind::Date);
    let rows = vec![
        vec!["ACT-2026-0031".into(), "Rotate, \"all\"\nkeys".into(), 1234.5.into(), date(2026, 3, 17).into()],
        vec!["ACT-2026-0032".into(), "=1+1".into(), Cell::Number(-0.0), Cell::Empty],
        vec!["ACT-2026-0033".into(), "<b>&".into(), (-7.0).into(), date(1899, 12, 31).into()],
    ];
    (table, rows)
}

fn as_csv(table: &Table, rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    csv(table, rows.iter().cloned(), &mut bytes).unwrap();
    bytes
}

fn as_workbook(table: &Table, rows: &[Vec<Cell>], scratch: Option<&std::path::Path>) -> Vec<u8> {
    let options = Workbook { created_at: Timestamp::from_second(1_772_000_000).unwrap(), scratch };
    let mut bytes = Vec::new();
    xlsx(table, rows.iter().cloned(), &options, &mut bytes).unwrap();
    bytes
}

#[test]
fn a_table_is_written_as_csv() {
    let (table, rows) = sample();
    let text = String::from_utf8(as_csv(&table, &rows)).unwrap();
    let expected = "\u{feff}Reference,What,Cost (EUR),Due\r\n\
                    ACT-2026-0031,\"Rotate, \"\"all\"\"\nkeys\",1234.5,2026-03-17\r\n\
                    ACT-2026-0032,'=1+1,0,\r\n\
                    ACT-2026-0033,<b>&,-7,1899-12-31\r\n";
    assert_eq!(text, expected);
}

#[test]
fn a_table_is_written_as_html() {
    let (table, rows) = sample();
    insta::assert_snapshot!(html(&table, rows), @r#"
    <table class="data">
    <caption>Open actions</caption>
    <thead>
    <tr><th scope="col">Reference</th><th scope="col">What</th><th scope="col" class="number">Cost (EUR)</th><th scope="col">Due</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">ACT-2026-0031</th><td>Rotate, &quot;all&quot;
    keys</td><td class="number">1,234.5</td><td><time datetime="2026-03-17">2026-03-17</time></td></tr>
    <tr><th scope="row">ACT-2026-0032</th><td>=1+1</td><td class="number">0</td><td></td></tr>
    <tr><th scope="row">ACT-2026-0033</th><td>&lt;b&gt;&amp;</td><td class="number">-7</td><td><time datetime="1899-12-31">1899-12-31</time></td></tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn an_empty_table_has_its_header() {
    let (table, _) = sample();
    assert!(as_csv(&table, &[]).ends_with(b"Due\r\n"));
    assert!(!as_workbook(&table, &[], None).is_empty());
    let bare = Table::new("");
    assert_eq!(as_csv(&bare, &[]), "\u{feff}\"\"\r\n".as_bytes());
    assert!(!as_workbook(&bare, &[vec![]], None).is_empty());
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let (table, rows) = sample();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(as_csv(&table, &rows), as_csv(&table, &rows));
    for scratch in [None, Some(folder.path())] {
        assert_eq!(as_workbook(&table, &rows, scratch), as_workbook(&table, &rows, scratch));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file of the rows has no name");
}

#[test]
fn a_row_that_does_not_fit_is_refused() {
    let (table, _) = sample();
    let short = csv(&table, [vec![Cell::Empty]], Vec::new()).unwrap_err();
    assert_eq!(short.to_string(), "row 1 has 1 cells; expected 4, one for each column");
    let row = vec![Cell::Empty, Cell::Empty, Cell::Number(f64::NAN), Cell::Empty];
    let options = Workbook { created_at: Timestamp::UNIX_EPOCH, scratch: None };
    for error in [
        csv(&table, [row.clone()], Vec::new()).unwrap_err(),
        xlsx(&table, [row], &options, &mut Vec::new()).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "row 1, column \"Cost (EUR)\": found NaN; expected a finite number");
    }
}

#[test]
fn an_output_that_fails_is_reported() {
    let full: &mut [u8] = &mut [0; 16];
    let (table, rows) = sample();
    assert!(matches!(csv(&table, rows.clone(), &mut *full), Err(TableError::Output(_))));
    let options = Workbook { created_at: Timestamp::UNIX_EPOCH, scratch: None };
    assert!(matches!(xlsx(&table, rows, &options, &mut &mut *full), Err(TableError::Output(_))));
}

#[test]
fn a_folder_that_is_not_there_is_reported() {
    let (table, rows) = sample();
    let options = Workbook { created_at: Timestamp::UNIX_EPOCH, scratch: Some("/nowhere/at/all".as_ref()) };
    let error = xlsx(&table, rows, &options, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all"), "{error}");
}
