//! A log of two years with everything that such logs have: title rows, mixed dates, European money, several actions in
//! a cell, teams as owners, doubled references, blank rows; once as CSV, once as a workbook.

use std::collections::BTreeMap;
use std::io::Cursor;

use nevertwice_exchange::planned::{Outcome, PlannedRow};
use nevertwice_exchange::spreadsheet::{
    Answers, DateOrder, Guess, Limits, Mapping, Preview, QuestionKind, Spreadsheet, Survey, Worst, guess,
    plan, survey,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const HEADER: [&str; 14] = [
    "No.",
    "Date reported",
    "What happened",
    "Type",
    "Severity",
    "Status",
    "Root cause",
    "Lessons learned",
    "Corrective actions",
    "Responsible",
    "Due date",
    "Closed",
    "Costs",
    "Site",
];

/// An empty row is a blank one.
fn log() -> Vec<Vec<&'static str>> {
    vec![
        vec![
            "S-1",
            "17.03.2024",
            "Laptop left in a taxi",
            "Incident",
            "high",
            "Closed",
            "No reminder to count the bags",
            "Count what you carry",
            "1) Encrypt every laptop\n2) Print a phone number on it",
            "L. Brandt",
            "30 April 2024",
            "2.5.2024",
            "€1.450,00",
            "Hamburg",
        ],
        vec![
            "S-2",
            "2024-05-06",
            "Badge reader offline",
            "WEAKNESS",
            "2",
            "in progress",
            "TBD",
            "",
            "- Replace the reader",
            "facilities team",
            "31/05/2024",
            "",
            "",
            "Hamburg",
        ],
        vec![],
        vec![
            "S-3",
            "22 May 2024",
            "Mail with salary list sent to a supplier",
            "near miss",
            "3",
            "open ",
            "n/a",
            "",
            "Recall; check the address book",
            "",
            "1.7.2024",
            "",
            "€ 12.000,5",
            "Lyon",
        ],
        vec![
            "S-2",
            "2024-06-01",
            "Badge reader offline again",
            "weakness",
            "2",
            "Open",
            "",
            "",
            "Call the vendor today",
            "M. Ortiz",
            "soon",
            "",
            "",
            "Lyon",
        ],
        vec![
            "S-4",
            "",
            "=1+1 in a ticket title",
            "Event",
            "",
            "Closed",
            "",
            "",
            "",
            "",
            "",
            "06/09/2024",
            "",
            "Hamburg",
        ],
        vec!["S-5", "30/06/2024", "", "Event", "1", "open", "", "", "", "", "", "", "", "Lyon"],
        vec![],
        vec![
            "S-6",
            "June 2024",
            "Test bucket was public",
            "incident",
            "1",
            "closed",
            "Default policy",
            "Deny by default",
            "Block public buckets by policy",
            "J. O'Neill",
            "2024-07-15",
            "14.7.2024",
            "(250,00 €)",
            "Hamburg",
        ],
    ]
}

fn csv() -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    for row in log() {
        writer.write_record((0..HEADER.len()).map(|at| row.get(at).copied().unwrap_or_default())).unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    encoding(&text)
}

/// Windows-1252, as spreadsheet programs in Europe wrote CSV for decades.
fn encoding(text: &str) -> Vec<u8> {
    text.chars().map(|c| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect()
}

/// Two title rows above the header, a second sheet, a real date, a real number.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").unwrap().write_string(0, 0, "Ask the security lead").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Log 2024").unwrap().write_string(0, 0, "Security log, internal").unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (row, cells) in [HEADER.to_vec()].into_iter().chain(log()).enumerate() {
        let row = u32::try_from(row).unwrap() + 2;
        for (column, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let column = u16::try_from(column).unwrap();
            match (cell, cell.parse::<f64>()) {
                ("2024-05-06", _) => {
                    let at = ExcelDateTime::from_ymd(2024, 5, 6).unwrap();
                    sheet.write_datetime_with_format(row, column, &at, &date).unwrap();
                }
                (_, Ok(number)) => {
                    sheet.write_number(row, column, number).unwrap();
                }
                _ => {
                    sheet.write_string(row, column, cell).unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn opened(bytes: Vec<u8>, answers: &Answers) -> (Spreadsheet<Cursor<Vec<u8>>>, Survey, Guess) {
    let layout = answers.mapping.as_ref().map(|mapping| mapping.layout.clone()).unwrap_or_default();
    let mut sheet = Spreadsheet::open(Cursor::new(bytes), &layout, Limits::default()).unwrap();
    let survey = survey(&mut sheet, &layout).unwrap();
    let guess = guess(&survey, answers).unwrap();
    (sheet, survey, guess)
}

fn planned(bytes: Vec<u8>, answers: &Answers) -> Vec<PlannedRow> {
    let (mut sheet, survey, guess) = opened(bytes, answers);
    plan(&mut sheet, &survey, &guess).unwrap().map(Result::unwrap).collect()
}

fn preview(bytes: Vec<u8>, answers: &Answers) -> Preview {
    let (mut sheet, survey, guess) = opened(bytes, answers);
    Preview::new(&mut sheet, &survey, &guess, 2).unwrap()
}

#[test]
fn the_layout_is_found_in_both_formats() {
    let (_, csv, _) = opened(csv(), &Answers::default());
    let found = serde_json::to_value(&csv.layout).unwrap();
    assert_eq!(found, serde_json::json!({ "header_row": 1, "delimiter": ";", "encoding": "windows-1252" }));
    let (_, book, _) = opened(workbook(), &Answers::default());
    let found = serde_json::to_value(&book.layout).unwrap();
    assert_eq!(found, serde_json::json!({ "sheet": "Log 2024", "header_row": 3 }));
    assert_eq!(book.other_sheets, ["Read me"]);
    assert_eq!(csv.header.fingerprint(), book.header.fingerprint());
}

#[test]
fn a_row_that_stands_there_twice_is_counted_once() {
    let mut twice = csv();
    let last = twice.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap().to_vec();
    let once = preview(twice.clone(), &Answers::default()).counts.unwrap();
    twice.extend(last);
    twice.push(b'\n');
    let counts = preview(twice, &Answers::default()).counts.unwrap();
    assert_eq!((counts.repeated_rows, counts.cases), (once.repeated_rows + 1, once.cases));
    assert_eq!((counts.actions, counts.gaps, counts.costs), (once.actions, once.gaps, once.costs));
}

#[test]
fn every_row_is_accounted_for() {
    for bytes in [csv(), workbook()] {
        let preview = preview(bytes, &Answers::default());
        let counts = preview.counts.unwrap();
        assert_eq!((counts.cases, counts.blank, counts.rejected), (6, 2, 1));
        assert_eq!((counts.actions, counts.duplicate_references, counts.repeated_rows), (3, 1, 0));
        let by = |counted: &[(&str, u64)]| counted.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect();
        assert_eq!(counts.classes, by(&[("event", 1), ("incident", 2), ("near_miss", 1), ("weakness", 2)]));
        assert_eq!((counts.years, counts.undated), (by(&[("2024", 5)]), 1));
        assert_eq!(counts.costs, BTreeMap::from([("EUR".to_owned(), 1_320_050)]));
        let gaps = [
            ("action_owned_by_team", 1),
            ("action_without_date", 1),
            ("action_without_owner", 1),
            ("date_unreadable", 0),
            ("severity_direction_unknown", 4),
        ];
        let expected: BTreeMap<_, _> = gaps
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| (kind.to_owned(), count))
            .collect();
        assert_eq!(counts.gaps, expected);
        assert_eq!(preview.unmapped, ["Site"]);
        assert_eq!(preview.questions.len(), 1, "{:?}", preview.questions);
        assert_eq!(preview.questions[0].kind, QuestionKind::SeverityDirection);
        assert!(preview.rejections[0].reason.to_string().starts_with("What happened: found nothing"));
        assert_eq!(preview.cases.len(), 2);
    }
}

#[test]
fn both_formats_give_the_same_cases() {
    let answers = Answers { severity_worst: Some(Worst::High), ..Answers::default() };
    let (from_csv, from_book) = (planned(csv(), &answers), planned(workbook(), &answers));
    assert_eq!(from_csv.len(), from_book.len());
    for (a, b) in from_csv.iter().zip(&from_book) {
        assert_eq!(a.row_number + 2, b.row_number);
        assert_eq!(a.row_hash, b.row_hash, "row {}", a.row_number);
        assert_eq!(a.outcome, b.outcome, "row {}", a.row_number);
    }
}

#[test]
fn facts_are_kept_as_they_were_written() {
    let answers = Answers { severity_worst: Some(Worst::High), ..Answers::default() };
    let rows = planned(csv(), &answers);
    let cases: Vec<_> = rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Case(case) => Some(case),
            _ => None,
        })
        .collect();
    let reported: Vec<_> =
        cases.iter().map(|case| case.moments.reported.map(|when| when.to_string())).collect();
    let expected = ["2024-03-17", "2024-05-06", "2024-05-22", "2024-06-01", "", "2024-06"];
    assert_eq!(reported.iter().map(|when| when.as_deref().unwrap_or_default()).collect::<Vec<_>>(), expected);
    let cost: i64 = cases.iter().flat_map(|case| &case.costs).map(|cost| cost.amount.minor).sum();
    assert_eq!(cost, 145_000 + 1_200_050 - 25_000);
    let severities: Vec<_> = cases.iter().map(|case| case.severity.map(|s| s.level())).collect();
    assert_eq!(severities, [Some(4), Some(2), Some(3), Some(2), None, Some(1)]);
    assert_eq!(cases[4].title.as_str(), "=1+1 in a ticket title");
    assert_eq!(cases[2].gaps[0].found, "Recall; check the address book");
    assert_eq!(cases[1].cause, None);
}

#[test]
fn the_mapping_that_was_guessed_gives_the_same_plan_when_it_is_given() {
    let first =
        Answers { severity_worst: Some(Worst::Low), date_order: Some(DateOrder::Dmy), ..Answers::default() };
    let (_, _, guessed) = opened(csv(), &first);
    let mapping = Mapping::from_toml(&guessed.mapping.to_toml().unwrap()).unwrap();
    let given = Answers { mapping: Some(mapping.clone()), ..Answers::default() };
    assert_eq!(planned(csv(), &given), planned(csv(), &first));
    let remembered = Answers { remembered: Some(mapping.without_layout()), ..Answers::default() };
    let hashes = |rows: Vec<PlannedRow>| rows.into_iter().map(|row| row.row_hash).collect::<Vec<_>>();
    assert_eq!(hashes(planned(workbook(), &remembered)), hashes(planned(csv(), &first)));
}
