//! References, the facts of the standard, and what may be said of a control.

use super::*;
use crate::id::ControlChangeId;

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

fn at() -> Timestamp {
    "2026-03-17T10:22:00Z".parse().unwrap()
}

fn of_the_standard(reference: &str) -> Control {
    let of = reference.parse::<ControlRef>().unwrap().of_the_standard().unwrap();
    Control::of_the_standard(ControlId::new(uuid::Uuid::from_u128(1)), of, at())
}

fn own() -> Control {
    let title = Line::parse("Two people release weights").unwrap();
    Control::own(ControlId::new(uuid::Uuid::from_u128(2)), "C-12".parse().unwrap(), title, at())
}

#[test]
fn annex_a_has_its_controls_in_order_and_none_twice() {
    let all = annex_a();
    assert_eq!(all.len(), 93);
    assert!(all.windows(2).all(|pair| pair[0].reference < pair[1].reference));
    let count = |theme| all.iter().filter(|control| control.reference.theme() == theme).count();
    let counts = [Theme::Organizational, Theme::People, Theme::Physical, Theme::Technological].map(count);
    assert_eq!(counts, [37, 8, 14, 34]);
    let lesson = "A.5.27".parse::<ControlRef>().unwrap().of_the_standard().unwrap();
    assert_eq!(lesson.title.as_str(), "Learning from information security incidents");
}

#[test]
fn references_are_written_as_they_were_read() {
    for (typed, kept) in [("a.8.9", "A.8.9"), (" A.5.01 ", "A.5.1"), ("c-12", "C-12"), ("C-0007", "C-7")] {
        let reference: ControlRef = typed.parse().unwrap();
        assert_eq!(reference.to_string(), kept);
        assert_eq!(kept.parse::<ControlRef>(), Ok(reference));
    }
    let mut sorted: Vec<ControlRef> = ["C-2", "A.8.10", "A.8.9", "C-10"].map(|r| r.parse().unwrap()).into();
    sorted.sort();
    assert_eq!(
        sorted.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["A.8.9", "A.8.10", "C-2", "C-10"]
    );
}

#[test]
fn what_names_no_control_is_refused_with_examples() {
    for text in [
        "", "A", "A.5", "A.5.38", "A.9.1", "A.5.1.2", "A.5.+1", "B.5.1", "C", "C-", "C-0", "C-x", "8.9",
        "é.5.1",
    ] {
        let error = text.parse::<ControlRef>().unwrap_err();
        assert!(error.to_string().contains("A.8.9") && error.to_string().contains("C-12"), "{text}: {error}");
    }
}

#[test]
fn not_applicable_needs_a_justification() {
    let not = ControlEdit { applicable: Some(false), ..ControlEdit::default() };
    assert_eq!(of_the_standard("A.7.1").edit(not.clone()), Err(ControlError::JustificationMissing));
    let why = ControlEdit { justification: Some(Some(prose("no premises"))), ..not };
    let control = of_the_standard("A.7.1").edit(why).unwrap();
    assert!(!control.applicable);
    let forgotten = ControlEdit { justification: Some(None), ..ControlEdit::default() };
    assert_eq!(control.clone().edit(forgotten.clone()), Err(ControlError::JustificationMissing));
    let again = ControlEdit { applicable: Some(true), ..forgotten };
    assert!(control.edit(again).unwrap().justification.is_none(), "an applicable one may do without");
}

#[test]
fn the_standard_keeps_its_titles_and_its_controls() {
    let title =
        |text: &str| ControlEdit { title: Some(Line::parse(text).unwrap()), ..ControlEdit::default() };
    let control = of_the_standard("A.8.9");
    assert!(control.clone().edit(title("Configuration management")).is_ok(), "its own title is no change");
    let refused = control.clone().edit(title("Setting things up")).unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("control.title_of_the_standard", Some("title")));
    let refused = control.retire(prose("unused"), at()).unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("control.stays_in_the_standard", None));
}

#[test]
fn a_retired_control_of_the_companys_own_stays_as_it_is() {
    let control =
        own().edit(ControlEdit { title: Some(Line::parse("Two people").unwrap()), ..ControlEdit::default() });
    let retired = control.unwrap().retire(prose("A.8.4 covers it"), at()).unwrap();
    assert!(retired.is_retired());
    assert_eq!(retired.clone().edit(ControlEdit::default()).unwrap_err().code(), "control.retired");
    assert_eq!(retired.clone().retire(prose("again"), at()).unwrap_err().code(), "control.retired");
    assert!(retired.in_use().is_err());
}

#[test]
fn a_change_is_one_and_has_happened() {
    let id = uuid::Uuid::from_u128(1);
    let change = |before: &str, after: &str, on: &str| ControlChange {
        id: ControlChangeId::new(id),
        case_id: crate::id::CaseId::new(id),
        control_id: ControlId::new(id),
        lesson_id: None,
        action_id: None,
        before: prose(before),
        after: prose(after),
        changed_on: on.parse().unwrap(),
        recorded_by: PersonId::new(id),
        recorded_at: at(),
    };
    let today = "2026-03-17".parse().unwrap();
    assert!(change("open by default", "closed by default", "2026-03-17").checked(today).is_ok());
    let same = change("closed", " closed ", "2026-03-17").checked(today).unwrap_err();
    assert_eq!((same.code(), same.field()), ("control.nothing_changed", Some("after")));
    let early = change("open", "closed", "2026-03-18").checked(today).unwrap_err();
    assert_eq!((early.code(), early.field()), ("control.not_yet", Some("changed_on")));
}
