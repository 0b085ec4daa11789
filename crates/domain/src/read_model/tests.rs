use jiff::civil::date;

use super::*;
use crate::object::ObjectKind;
use crate::query::DateField;
use crate::word::Word;

fn common(state: &'static str, open: bool) -> Common {
    Common {
        id: Uuid::from_u128(1),
        reference: "CASE-2026-0001".into(),
        origin_reference: None,
        links: Vec::new(),
        title: "Lost laptop".into(),
        state,
        open,
        registered_at: Timestamp::from_millis(0),
        registered_local: date(1970, 1, 1).at(1, 0, 0, 0),
        access: DocumentAccess::Open { named: Vec::new() },
        tags: vec!["phishing".into()],
        fields: Vec::new(),
        passages: Vec::new(),
    }
}

fn case() -> CaseDocument {
    CaseDocument {
        common: common("reported", true),
        class: Class::Incident,
        severity: Severity::new(4).ok(),
        category: None,
        decision: Decision::Undecided,
        origin: Origin::Native,
        reported: Some("2026-03".parse().unwrap()),
        occurred: None,
        detected: None,
        closed: None,
        responders: Vec::new(),
        reporter: Some(PersonId::new(Uuid::from_u128(7))),
        suppliers: vec![SupplierId::new(Uuid::from_u128(8))],
        assets: Vec::new(),
        part_of: None,
        open_due: Some(date(2026, 4, 1)),
        counts: Counts { lessons: 2, ..Counts::default() },
        gaps: Vec::new(),
        learning: Learning::default(),
    }
}

#[test]
fn a_case_has_what_its_records_show() {
    let facts = Document::Case(case()).facts();
    assert_eq!(
        facts.has.into_iter().collect::<Vec<_>>(),
        ["due", "lesson", "reported", "reporter", "severity", "supplier", "tag"]
    );
    let fields: Vec<_> = facts.dates.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, [DateField::Reported, DateField::Due, DateField::OpenDue, DateField::Registered]);
}

#[test]
fn void_cases_and_parts_are_left_out_of_figures() {
    assert_eq!(Document::Case(case()).facts().left_out, None);
    let part = CaseDocument { part_of: Some(CaseId::new(Uuid::from_u128(2))), ..case() };
    assert_eq!(Document::Case(part.clone()).facts().left_out, Some(LeftOut::PartOf));
    let void = CaseDocument { common: common("void", false), ..part };
    assert_eq!(Document::Case(void).facts().left_out, Some(LeftOut::Void));
}

#[test]
fn a_finished_action_is_due_but_not_overdue() {
    let action = |open| {
        Document::Action(ActionDocument {
            common: common(if open { "open" } else { "done" }, open),
            owner: PersonId::new(Uuid::from_u128(7)),
            due: date(2026, 4, 1),
            check_on: None,
            evidence_count: 1,
            check_count: 0,
            class: None,
            severity: None,
        })
    };
    let has = |document: &Document, field| document.facts().dates.iter().any(|(f, _)| *f == field);
    assert!(has(&action(true), DateField::OpenDue) && has(&action(true), DateField::Due));
    assert!(!has(&action(false), DateField::OpenDue) && has(&action(false), DateField::Due));
}

#[test]
fn references_compare_as_they_are_written() {
    assert_eq!(reference_key("case-2026-42"), "case-2026-0042");
    assert_eq!(reference_key("CASE-2026-0042"), "case-2026-0042");
    assert_eq!(reference_key("IR-2023-1"), "ir-2023-1");
    assert_eq!(reference_key("sup-4"), "sup-0004");
}

#[test]
fn values_are_read_by_their_type() {
    assert_eq!(FieldValue::read(FieldType::Number, "-0.5"), FieldValue::Number(-0.5));
    assert_eq!(FieldValue::read(FieldType::Date, "2026-03"), FieldValue::Date("2026-03".parse().unwrap()));
    assert_eq!(FieldValue::read(FieldType::Number, "many"), FieldValue::Text("many".into()));
    assert_eq!(FieldValue::read(FieldType::Choice, "7"), FieldValue::Text("7".into()));
}

#[test]
fn a_changed_record_with_a_document_refreshes_that_document() {
    for changed in ObjectKind::ALL {
        let own = DocumentKind::ALL.iter().find(|kind| kind.as_str() == changed.as_str());
        assert!(own.is_none_or(|kind| refreshes(*changed).contains(kind)), "{changed}");
    }
    assert!(asks_for_rebuild(ObjectKind::Settings) && !asks_for_rebuild(ObjectKind::Case));
}
