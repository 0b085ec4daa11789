use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Disclosure, Disclosures, MAX_INTEGER, Standing, leaf_hash};

fn draft(changes: Vec<Change>) -> EntryDraft {
    EntryDraft {
        at: At::from_millis(1_772_359_200_000).unwrap(),
        actor: Uuid::from_u128(1),
        action: "report_case".to_owned(),
        object: Object { id: Uuid::from_u128(2), kind: "case".to_owned() },
        revision: 1,
        outcome: Outcome::Ok,
        request: Uuid::from_u128(3),
        changes,
    }
}

fn change(field: &str, value: Value) -> Change {
    Change { field: field.to_owned(), value }
}

fn counting() -> impl FnMut() -> Salt {
    let mut next = 0;
    move || {
        next += 1;
        [next; 16]
    }
}

#[test]
fn sealing_gives_the_documented_bytes() {
    let changes =
        vec![change("title", json!("Door")), change("severity", json!(3)), change("note", Value::Null)];
    let sealed = seal(draft(changes), 1, &mut counting()).unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&sealed.leaf_json), @r#"{"action":"report_case","actor":"00000000-0000-0000-0000-000000000001","at":"2026-03-01T10:00:00.000Z","object":{"id":"00000000-0000-0000-0000-000000000002","kind":"case"},"request":"00000000-0000-0000-0000-000000000003","result":"ok","revision":1,"seq":1,"values":[{"commitment":"e478cacf16813ebc4b761b0e1be21fd8c3db280697e64f13a8c5e3255dd926d0","field":"note"},{"commitment":"44a32381e8b5afb6a5f2dbbb36d65b53bbfbd7626d40d8c39c2a6a772fdace06","field":"severity"},{"commitment":"a74fefb66d26a77fad330726c13c28377005066e0f4319a58a376cde7fcd093d","field":"title"}]}"#);
    insta::assert_snapshot!(String::from_utf8_lossy(&sealed.disclosures_json), @r#"{"note":["01010101010101010101010101010101",null],"severity":["02020202020202020202020202020202",3],"title":["03030303030303030303030303030303","Door"]}"#);
    assert_eq!(sealed.leaf_hash, leaf_hash(&sealed.leaf_json));
    assert_eq!(Entry::parse(&sealed.leaf_json).unwrap(), sealed.entry);
}

#[test]
fn a_leaf_tells_nothing_of_its_values() {
    let sealed = seal(draft(vec![change("title", json!("Quicksilver"))]), 1, &mut counting()).unwrap();
    assert!(!String::from_utf8_lossy(&sealed.leaf_json).contains("Quicksilver"));
}

#[test]
fn a_draft_that_breaks_a_rule_is_refused() {
    let attempt = |draft, seq| seal(draft, seq, &mut counting()).unwrap_err().to_string();
    let twice = vec![change("a", json!(1)), change("b", json!(1)), change("a", json!(2))];
    assert!(attempt(draft(twice), 1).contains("found a out of place or twice"));
    assert!(attempt(draft(vec![change("Title", json!(1))]), 1).contains("field name"));
    assert!(
        attempt(draft(vec![change("a", json!(MAX_INTEGER + 1))]), 1)
            .contains("the value of a: expected numbers")
    );
    assert!(attempt(draft(vec![]), 0).contains("sequence number"));
    assert!(attempt(draft(vec![]), MAX_INTEGER + 1).contains("sequence number"));
    assert!(attempt(EntryDraft { action: "Report".to_owned(), ..draft(vec![]) }, 1).contains("snake_case"));
    assert!(attempt(EntryDraft { revision: u64::MAX, ..draft(vec![]) }, 1).contains("revision"));
}

#[test]
fn an_entry_too_large_for_a_verifier_is_refused() {
    let large = vec![change("a", json!("x".repeat(MAX_DISCLOSURES_BYTES)))];
    assert!(matches!(seal(draft(large), 1, &mut counting()), Err(SealError::TooLong(_))));
    let parts = vec![change("a", json!(vec![0; MAX_DISCLOSED_PARTS]))];
    assert!(matches!(seal(draft(parts), 1, &mut counting()), Err(SealError::TooManyParts(_))));
    let many = (0..20_000).map(|i| change(&format!("f{i}"), Value::Null)).collect();
    let mut salts = || [0; 16];
    assert!(matches!(seal(draft(many), 1, &mut salts), Err(SealError::Entry(EntryError::TooLong(_)))));
}

#[test]
fn erased_missing_wrong_and_surplus_disclosures_are_told_apart() {
    let changes = ["a", "b", "c", "d"].map(|field| change(field, json!(field))).to_vec();
    let sealed = seal(draft(changes), 1, &mut counting()).unwrap();
    let text = String::from_utf8(sealed.disclosures_json).unwrap();
    let salt = |n: u8| format!("{n:02x}").repeat(16);
    let tampered = text
        .replace(&format!(r#""b":["{}","b"]"#, salt(2)), r#""b":"erased""#)
        .replace(&format!(r#","c":["{}","c"]"#, salt(3)), "")
        .replace(
            &format!(r#"["{}","d"]}}"#, salt(4)),
            &format!(r#"["{}","x"],"e":["{}",1]}}"#, salt(4), salt(5)),
        );
    let disclosures = Disclosures::decode(tampered.as_bytes()).unwrap();
    assert_eq!(
        sealed.entry.check(&disclosures),
        [
            ("a", Standing::Proved),
            ("b", Standing::Erased),
            ("c", Standing::Missing),
            ("d", Standing::Wrong),
            ("e", Standing::Surplus)
        ]
    );
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        (-1e15..1e15_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_sealed_verifies(
        values in proptest::collection::btree_map("[a-z0-9_.:/-]{1,20}", (value(), any::<Salt>()), 0..6),
        seq in 1..=MAX_INTEGER,
    ) {
        let changes: Vec<_> = values.iter().map(|(field, (value, _))| change(field, value.clone())).collect();
        let mut salts = values.values().map(|(_, salt)| *salt);
        let sealed = seal(draft(changes), seq, &mut || salts.next().unwrap()).unwrap();
        prop_assert_eq!(&Entry::parse(&sealed.leaf_json).unwrap(), &sealed.entry);
        let disclosures = Disclosures::decode(&sealed.disclosures_json).unwrap();
        let standings = sealed.entry.check(&disclosures);
        prop_assert_eq!(standings.len(), values.len());
        prop_assert!(standings.iter().all(|(_, standing)| *standing == Standing::Proved));
        for (field, (_, expected)) in &values {
            let open = matches!(disclosures.get(field), Some(Disclosure::Open { salt, .. }) if salt == expected);
            prop_assert!(open, "{}", field);
        }
    }
}
