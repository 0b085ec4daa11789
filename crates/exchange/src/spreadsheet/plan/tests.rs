use std::io::Cursor;

use proptest::prelude::*;

use nevertwice_domain::case::{Decision, Tag};

use super::*;
use crate::planned::{GapKind, PlannedCase, Standing};
use crate::spreadsheet::guess::{Answers, guess};
use crate::spreadsheet::reader::{Layout, Limits};
use crate::spreadsheet::survey::survey;
use crate::spreadsheet::value::words::Worst;

fn try_rows(bytes: &[u8], answers: &Answers) -> Result<Vec<PlannedRow>, String> {
    let layout = Layout::default();
    let mut sheet = Spreadsheet::open(Cursor::new(bytes.to_vec()), &layout, Limits::default())
        .map_err(|e| e.to_string())?;
    let survey = survey(&mut sheet, &layout).map_err(|e| e.to_string())?;
    let guess = guess(&survey, answers).map_err(|e| e.to_string())?;
    let plan = plan(&mut sheet, &survey, &guess).map_err(|e| e.to_string())?;
    plan.collect::<Result<_, _>>().map_err(|e| e.to_string())
}

fn rows(text: &str) -> Vec<PlannedRow> {
    try_rows(text.as_bytes(), &Answers::default()).unwrap()
}

fn case(row: &PlannedRow) -> &PlannedCase {
    match &row.outcome {
        Outcome::Case(case) => case,
        other => panic!("{other:?}"),
    }
}

fn rejection(row: &PlannedRow) -> &Rejection {
    match &row.outcome {
        Outcome::Rejected(rejection) => rejection,
        other => panic!("{other:?}"),
    }
}

fn gaps(row: &PlannedRow) -> Vec<(GapKind, &str)> {
    case(row).gaps.iter().map(|gap| (gap.kind, gap.found.as_str())).collect()
}

#[test]
fn every_row_has_an_outcome_and_its_number() {
    let rows = rows("Ref,Title,Class\n1,a,event\n,,\n2,,event\n3,b,event\n,,\n");
    let numbers: Vec<_> = rows.iter().map(|row| row.row_number).collect();
    assert_eq!(numbers, [2, 3, 4, 5]);
    assert_eq!(case(&rows[0]).title.as_str(), "a");
    assert_eq!(rows[1].outcome, Outcome::Blank);
    assert_eq!(
        rejection(&rows[2]).to_string(),
        "Title: found nothing, expected what happened; fill in the cell"
    );
    assert_eq!(rows[2].origin_reference.as_ref().unwrap().as_str(), "2");
}

#[test]
fn an_action_needs_one_named_person_and_a_day() {
    let text = "Title,Class,Actions,Owner,Due\n\
                a,event,\"1) One\n2) Two\",A. Keller,2025-03-01\n\
                b,event,Three,,2025-03-01\n\
                c,event,Four,team platform,2025-03-01\n\
                d,event,Five,A. Keller,March 2025\n\
                e,event,Six,A. Keller and B. Osei,2025-03-01\n\
                f,event,Seven,\"A. Keller, IT\",2025-03-01\n";
    let rows = rows(text);
    let actions: Vec<_> = rows.iter().map(|row| case(row).actions.len()).collect();
    assert_eq!(actions, [2, 0, 0, 0, 0, 1]);
    assert_eq!(case(&rows[0]).actions[1].text.as_str(), "Two");
    assert_eq!(case(&rows[0]).actions[1].due, jiff::civil::date(2025, 3, 1));
    let kinds: Vec<_> = rows[1..5].iter().map(|row| gaps(row)[0].0).collect();
    assert_eq!(
        kinds,
        [
            GapKind::ActionWithoutOwner,
            GapKind::ActionOwnedByTeam,
            GapKind::ActionWithoutDate,
            GapKind::ActionWithSeveralOwners
        ]
    );
    let detail = case(&rows[2]).gaps[0].detail().unwrap();
    assert_eq!(detail.as_str(), "Four (owner: team platform; due: 2025-03-01)");
    assert_eq!(case(&rows[2]).people[0].name.as_str(), "team platform");
}

#[test]
fn owners_and_dates_listed_like_the_actions_belong_to_them() {
    let text = "Title,Class,Actions,Owner,Due\n\
                a,event,\"1) One\n2) Two\",\"1) A. Keller\n2) B. Osei\",\"1) 2025-03-01\n2) 17. April 2025\"\n";
    let rows = rows(text);
    let found: Vec<_> =
        case(&rows[0]).actions.iter().map(|a| format!("{} {} {}", a.text, a.owner.name, a.due)).collect();
    assert_eq!(found, ["One A. Keller 2025-03-01", "Two B. Osei 2025-04-17"]);
}

#[test]
fn an_owner_without_an_action_is_kept_in_the_notes() {
    let rows = rows(
        "Title,Class,Actions,Owner,Due,Notes\na,event,,A. Keller,2025-03-01,n\nb,event,x y,A. Keller,2025-03-01,\n",
    );
    assert_eq!(case(&rows[0]).notes[0].as_str(), "Notes: n\n\nOwner: A. Keller\n\nDue: 2025-03-01");
    assert_eq!(case(&rows[1]).notes, []);
}

#[test]
fn an_owner_and_a_date_without_an_action_are_a_gap() {
    let text = "Title,Class,Actions,Owner,Due\n\
                a,event,,A. Keller,2025-03-01\nb,event,,A. Keller,\nc,event,,,2025-03-01\n";
    let rows = rows(text);
    assert_eq!(gaps(&rows[0]), [(GapKind::ActionWithoutText, "")]);
    let detail = case(&rows[0]).gaps[0].detail().unwrap();
    assert_eq!(detail.as_str(), "owner: A. Keller; due: 2025-03-01");
    assert_eq!((gaps(&rows[1]), gaps(&rows[2])), (vec![], vec![]), "one alone speaks of no action");
}

#[test]
fn a_numbered_row_that_is_read_in_another_way_has_another_hash() {
    let hash = |text: &str, worst| {
        let answers = Answers { severity_worst: worst, ..Answers::default() };
        try_rows(text.as_bytes(), &answers).unwrap()[0].row_hash
    };
    let numbered = "Ref,Title,Class,Severity\n1,a,event,2\n";
    assert_eq!(hash(numbered, Some(Worst::High)), hash(numbered, Some(Worst::High)));
    assert_ne!(hash(numbered, Some(Worst::High)), hash(numbered, Some(Worst::Low)));
    assert_ne!(hash(numbered, Some(Worst::High)), hash(numbered, None));
    let unnumbered = "Title,Class,Severity\na,event,2\n";
    assert_eq!(
        hash(unnumbered, Some(Worst::High)),
        hash(unnumbered, None),
        "nothing else tells which row it is"
    );
}

#[test]
fn what_a_row_does_not_say_is_told_apart_from_what_it_says() {
    let rows = rows("Title,Description,Class\na,,event\n,b,event\nc,,\nd,,no such class\n");
    let said: Vec<_> = rows.iter().map(|row| (case(row).said.title, case(row).said.class)).collect();
    assert_eq!(said, [(true, true), (false, true), (true, false), (true, false)]);
}

#[test]
fn what_cannot_be_read_is_a_gap_with_its_words() {
    let text = "Title,Class,Severity,Status,Reported,Cost,Tags,Reported by\n\
                a,event,low,open,2025-01-01,€5,one,A. Keller\n\
                b,event,low,open,2025-01-01,€5,one,A. Keller\n\
                c,,3,shelved,soon,lots,a(b),see mail 5\n\
                d,odd,nasty,open,2025-01-01,5,one,A. Keller\n";
    let rows = rows(text);
    assert_eq!(gaps(&rows[0]), []);
    assert_eq!(
        gaps(&rows[2]),
        [
            (GapKind::SeverityDirectionUnknown, "3"),
            (GapKind::StatusUnknown, "shelved"),
            (GapKind::DateUnreadable, "soon"),
            (GapKind::AmountUnreadable, "lots"),
            (GapKind::ValueUnreadable, "a(b)"),
            (GapKind::ValueUnreadable, "see mail 5"),
            (GapKind::ClassAssumed, ""),
        ]
    );
    assert_eq!(
        gaps(&rows[3]),
        [
            (GapKind::ClassUnknown, "odd"),
            (GapKind::SeverityUnknown, "nasty"),
            (GapKind::CurrencyUnknown, "5")
        ]
    );
    assert_eq!(case(&rows[3]).class, Class::Event);
}

#[test]
fn a_known_direction_makes_numbers_severities() {
    let answers = Answers { severity_worst: Some(Worst::Low), ..Answers::default() };
    let rows = try_rows(b"Title,Class,Severity\na,event,1\nb,event,4\nc,event,High\n", &answers).unwrap();
    let levels: Vec<_> = rows.iter().map(|row| case(row).severity.unwrap().level()).collect();
    assert_eq!(levels, [5, 2, 4]);
}

#[test]
fn a_false_positive_is_decided_and_a_closing_date_closes() {
    let rows =
        rows("Title,Class,Status,Closed\na,event,False positive,\nb,incident,,2025-01-01\nc,event,open,\n");
    assert_eq!(
        (case(&rows[0]).decision, case(&rows[0]).standing),
        (Decision::NotAnIncident, Some(Standing::Closed))
    );
    assert_eq!(
        (case(&rows[1]).decision, case(&rows[1]).standing),
        (Decision::Incident, Some(Standing::Closed))
    );
    assert_eq!(
        (case(&rows[2]).decision, case(&rows[2]).standing),
        (Decision::Undecided, Some(Standing::Open))
    );
}

#[test]
fn a_long_title_is_shortened_and_kept_whole() {
    let long = "word ".repeat(100);
    let rows =
        rows(&format!("Title,Description,Class\n{long},more,event\n\"one\ntwo\",,event\n,only,event\n"));
    let first = case(&rows[0]);
    assert!(first.title.as_str().ends_with("word…") && first.title.as_str().chars().count() <= 300);
    assert_eq!(first.description.as_ref().unwrap().as_str(), format!("{}\n\nmore", long.trim()));
    assert_eq!(case(&rows[1]).title.as_str(), "one");
    assert_eq!(case(&rows[1]).description.as_ref().unwrap().as_str(), "one\ntwo");
    assert_eq!((case(&rows[2]).title.as_str(), &case(&rows[2]).description), ("only", &None));
}

#[test]
fn a_row_that_cannot_be_kept_says_which_cell_and_how_to_mend_it() {
    let text = format!(
        "Title,Class,Category\na,event,{}\nb,event,x,surplus\nc\u{1},event,\nd,event,x\n",
        "y".repeat(301)
    );
    let rows = rows(&text);
    assert!(
        rejection(&rows[0]).to_string().starts_with("Category: found a text that has 301 characters"),
        "{:?}",
        rows[0].outcome
    );
    assert!(rejection(&rows[1]).to_string().contains("quotation marks"));
    assert!(rejection(&rows[2]).to_string().contains("U+0001"));
    case(&rows[3]);
}

#[test]
fn a_cell_of_a_megabyte_rejects_its_row_only() {
    let text = format!("Title,Class,Notes\na,event,{}\nb,event,x\n", "y".repeat(1024 * 1024));
    let rows = rows(&text);
    assert!(rejection(&rows[0]).to_string().starts_with("Notes: found a text of 1048576 bytes"));
    case(&rows[1]);
}

#[test]
fn the_row_hash_depends_on_the_content_alone() {
    let hash = |text: &str| rows(text)[0].row_hash;
    let original = hash("Ref,Title,Class\n1,a,event\n");
    assert_eq!(hash("Class;Ref;Title\nevent; 1 ;a\n"), original);
    assert_eq!(hash("Ref,Title,Class,Empty,import_reason\n1,a,event,,because\n"), original);
    assert_ne!(hash("Ref,Title,Class\n1,b,event\n"), original);
    assert_ne!(hash("Ref,Title,Notes\n1,a,event\n"), original);
}

#[test]
fn fields_suppliers_and_tags_are_read() {
    let text = "Title,Class,Supplier,Tags,Region\na,event,\"Acme; acme; Bolt\",\"x, #y;x\",EMEA\n";
    let rows = rows(text);
    let found = case(&rows[0]);
    assert_eq!(found.suppliers.iter().map(Line::as_str).collect::<Vec<_>>(), ["Acme", "Bolt"]);
    assert_eq!(found.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!((found.fields[0].key.as_str(), found.fields[0].value.as_str()), ("region", "EMEA"));
}

#[test]
fn open_questions_stop_the_plan() {
    let error = try_rows(b"Title,Reported\na,03/04/2025\n", &Answers::default()).unwrap_err();
    assert!(error.contains("--date-order"), "{error}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = try_rows(&bytes, &Answers::default());
    }

    #[test]
    fn no_table_makes_it_panic(cells in proptest::collection::vec("[\\PC\n]{0,12}", 0..60)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["Ref", "Title", "Date", "Severity", "Actions", "Owner", "Due", "Cost", "Tags", "Other"]).unwrap();
        for row in cells.chunks_exact(10) {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let answers = Answers { date_order: Some(crate::spreadsheet::value::date::DateOrder::Dmy), ..Answers::default() };
        let _ = try_rows(&bytes, &answers);
    }
}
