use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{At, Change, EntryDraft, Sealed, seal};

fn object() -> Object {
    Object { id: Uuid::from_u128(2), kind: "case".to_owned() }
}

fn sealed_as(seq: u64, outcome: Outcome, object: Object, changes: &[(&str, Value)]) -> Sealed {
    let changes =
        changes.iter().map(|(field, value)| Change { field: (*field).to_owned(), value: value.clone() });
    let draft = EntryDraft {
        at: At::from_millis(0).unwrap(),
        actor: Uuid::from_u128(1),
        action: "edit_case".to_owned(),
        object,
        revision: seq * 10,
        outcome,
        request: Uuid::from_u128(3),
        changes: changes.collect(),
    };
    let mut salt = 0;
    seal(draft, seq, &mut || {
        salt += 1;
        [salt; 16]
    })
    .unwrap()
}

fn sealed(seq: u64, changes: &[(&str, Value)]) -> Sealed {
    sealed_as(seq, Outcome::Ok, object(), changes)
}

fn disclosures(sealed: &Sealed) -> Disclosures {
    Disclosures::decode(&sealed.disclosures_json).unwrap()
}

/// The state after these entries, none of which has anything wrong with it.
fn state(entries: &[Sealed]) -> ObjectState {
    let mut state = ObjectState::new(object());
    for entry in entries {
        assert_eq!(state.apply(&entry.entry, &disclosures(entry)), Ok(vec![]));
    }
    state
}

/// A case that was reported, renamed and relieved of its owner.
fn history() -> Vec<Sealed> {
    vec![
        sealed(
            4,
            &[("title", json!("Door")), ("owner", json!("x")), ("cost", json!(100)), ("note", json!(null))],
        ),
        sealed(9, &[("title", json!("Broken door")), ("owner", json!(null))]),
    ]
}

fn field(name: &str) -> String {
    name.to_owned()
}

#[test]
fn rows_that_are_what_the_entries_made_them_have_no_mismatch() {
    let state = state(&history());
    let rows = [
        ("title", json!("Broken door")),
        ("cost", json!(100)),
        ("owner", json!(null)),
        ("other", json!(null)),
    ];
    assert_eq!(state.compare(rows), []);
    let order: Vec<_> = state.fields().map(|(field, _, seq)| (field, seq)).collect();
    assert_eq!(order, [("cost", 4), ("note", 4), ("owner", 9), ("title", 9)]);
    assert_eq!(state.revision(), Some(90));
}

#[test]
fn every_kind_of_difference_is_named_with_its_field() {
    let state = state(&history());
    let rows = [("title", json!("Door")), ("owner", json!("x")), ("extra", json!(0))];
    let expected = [
        Mismatch::Differs { field: field("title"), seq: 9 },
        Mismatch::Differs { field: field("owner"), seq: 9 },
        Mismatch::Uncommitted { field: field("extra") },
        Mismatch::MissingLive { field: field("cost"), seq: 4 },
    ];
    assert_eq!(state.compare(rows), expected);
    let shown: Vec<_> = expected.iter().map(Mismatch::to_string).collect();
    assert_eq!(
        shown,
        [
            "title: differs from what entry 9 of the trail recorded",
            "owner: differs from what entry 9 of the trail recorded",
            "extra: has a value that no entry of the trail recorded",
            "cost: is empty, but entry 4 of the trail recorded a value",
        ]
    );
}

#[test]
fn a_value_set_to_null_in_the_rows_is_missing() {
    let rows = [("title", json!("Broken door")), ("cost", json!(null))];
    assert_eq!(state(&history()).compare(rows), [Mismatch::MissingLive { field: field("cost"), seq: 4 }]);
}

#[test]
fn values_are_compared_by_content_not_by_spelling() {
    let rows = [("title", json!("Broken door")), ("cost", json!(100.0))];
    assert_eq!(state(&history()).compare(rows), []);
    for other in [json!("100"), json!(100.5), json!(u64::MAX), json!([100]), json!(false)] {
        let rows = [("title", json!("Broken door")), ("cost", other)];
        assert_eq!(state(&history()).compare(rows), [Mismatch::Differs { field: field("cost"), seq: 4 }]);
    }
}

#[test]
fn a_field_stored_twice_is_named() {
    let rows = [("title", json!("Broken door")), ("cost", json!(100)), ("cost", json!(100))];
    assert_eq!(state(&history()).compare(rows), [Mismatch::Repeated { field: field("cost") }]);
}

#[test]
fn entries_without_rows_are_a_mismatch() {
    let fields = vec![field("cost"), field("title")];
    assert_eq!(state(&history()).compare_without_rows(), Some(Mismatch::NoRows { fields }));
}

#[test]
fn an_object_whose_fields_were_all_removed_needs_no_rows() {
    let mut history = history();
    history.push(sealed(12, &[("title", json!(null)), ("cost", json!(null))]));
    let state = state(&history);
    assert_eq!(state.compare_without_rows(), None);
    assert_eq!(
        state.compare([("title", json!("x"))]),
        [Mismatch::Differs { field: field("title"), seq: 12 }]
    );
}

#[test]
fn rows_without_entries_are_a_mismatch() {
    let expected = Mismatch::NoEntries { fields: vec![field("title")] };
    assert_eq!(
        ObjectState::new(object()).compare([("title", json!("x")), ("note", json!(null))]),
        std::slice::from_ref(&expected)
    );
    let refused = sealed_as(1, Outcome::Refused, object(), &[("title", json!("x"))]);
    assert_eq!(state(&[refused]).compare([("title", json!("x"))]), [expected]);
    assert_eq!(ObjectState::new(object()).compare_without_rows(), None);
}

#[test]
fn a_refused_entry_changes_nothing() {
    let mut history = history();
    history.push(sealed_as(
        11,
        Outcome::Refused,
        object(),
        &[("title", json!("Window")), ("cost", json!(null))],
    ));
    let state = state(&history);
    assert_eq!(state.compare([("title", json!("Broken door")), ("cost", json!(100))]), []);
    assert_eq!(state.revision(), Some(90));
}

#[test]
fn an_erased_value_is_listed_and_must_not_be_in_the_rows() {
    let entry = sealed(4, &[("title", json!("Door")), ("note", json!("secret"))]);
    let mut open = disclosures(&entry);
    open.erase("note").unwrap();
    let mut state = ObjectState::new(object());
    assert_eq!(state.apply(&entry.entry, &open), Ok(vec![]));
    assert_eq!(state.erased(), [(field("note"), 4)]);
    assert_eq!(state.compare([("title", json!("Door"))]), []);
    assert_eq!(
        state.compare([("title", json!("Door")), ("note", json!("secret"))]),
        [Mismatch::ErasedButLive { field: field("note"), seq: 4 }]
    );
    let later = sealed(5, &[("note", json!("[erased]"))]);
    state.apply(&later.entry, &disclosures(&later)).unwrap();
    assert_eq!(state.compare([("title", json!("Door")), ("note", json!("[erased]"))]), []);
    assert_eq!(state.erased(), [(field("note"), 4)]);
}

#[test]
fn disclosures_that_do_not_fit_are_named_once() {
    let entry = sealed(4, &[("a", json!(1)), ("b", json!(2))]);
    let text = String::from_utf8(entry.disclosures_json.clone()).unwrap();
    let tampered = text.replace("\"b\":", "\"c\":").replace(",1]", ",3]");
    let mut state = ObjectState::new(object());
    let mismatches = state.apply(&entry.entry, &Disclosures::decode(tampered.as_bytes()).unwrap()).unwrap();
    let expected = [("a", Standing::Wrong), ("b", Standing::Missing), ("c", Standing::Surplus)]
        .map(|(name, standing)| Mismatch::Disclosure { field: field(name), seq: 4, standing });
    assert_eq!(mismatches, expected);
    assert_eq!(state.compare([("a", json!(3)), ("b", json!(2))]), []);
    let fields: Vec<_> = mismatches.iter().flat_map(Mismatch::fields).collect();
    assert_eq!(fields, ["a", "b", "c"]);
}

#[test]
fn entries_of_other_objects_or_out_of_order_are_refused() {
    let mut state = state(&history());
    let early = sealed(9, &[]);
    assert_eq!(state.apply(&early.entry, &disclosures(&early)), Err(FoldError::Order { seq: 9, last: 9 }));
    let other = Object { kind: "action".to_owned(), ..object() };
    let foreign = sealed_as(20, Outcome::Ok, other, &[]);
    let expected = FoldError::OtherObject { seq: 20, object: object() };
    assert_eq!(state.apply(&foreign.entry, &disclosures(&foreign)), Err(expected));
}
