use proptest::prelude::*;

use super::*;

const LEAF: &str = concat!(
    r#"{"action":"complete_action","actor":"00000000-0000-0000-0000-00000000000a","at":"2026-03-01T10:00:00.000Z","#,
    r#""object":{"id":"00000000-0000-0000-0000-00000000000b","kind":"action"},"#,
    r#""request":"00000000-0000-0000-0000-00000000000c","result":"ok","revision":3,"seq":7,"values":["#,
    r#"{"commitment":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","field":"completed_at"},"#,
    r#"{"commitment":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","field":"state"}]}"#
);

fn refused(leaf: &str) -> String {
    Entry::parse(leaf.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_leaf_reads_back_what_it_writes() {
    let entry = Entry::parse(LEAF.as_bytes()).unwrap();
    assert_eq!(entry.seq(), 7);
    assert_eq!(entry.at().to_string(), "2026-03-01T10:00:00.000Z");
    assert_eq!(entry.actor(), Uuid::from_u128(10));
    assert_eq!(entry.action(), "complete_action");
    assert_eq!(entry.object(), &Object { id: Uuid::from_u128(11), kind: "action".to_owned() });
    assert_eq!(entry.request(), Uuid::from_u128(12));
    assert_eq!(entry.revision(), 3);
    assert_eq!(entry.outcome(), Outcome::Ok);
    let fields: Vec<_> = entry.values().iter().map(|value| value.field.as_str()).collect();
    assert_eq!(fields, ["completed_at", "state"]);
    assert_eq!(entry.leaf_json().unwrap(), LEAF.as_bytes());
}

#[test]
fn a_leaf_is_canonical_json() {
    let general: serde_json::Value = serde_json::from_str(LEAF).unwrap();
    assert_eq!(serde_json_canonicalizer::to_string(&general).unwrap(), LEAF);
}

#[test]
fn what_breaks_a_rule_is_refused() {
    for (from, to, reason) in [
        ("\"seq\":7", "\"seq\":0", "sequence number from 1"),
        ("\"seq\":7", "\"seq\":9007199254740992", "sequence number from 1"),
        ("\"seq\":7", "\"seq\":-7", "not an entry"),
        ("\"seq\":7", "\"seq\":7.0", "not an entry"),
        ("\"seq\":7", "\"seq\":\"7\"", "not an entry"),
        ("\"seq\":7,", "", "missing field"),
        ("\"seq\":7,", "\"seq\":7,\"seq\":7,", "duplicate field"),
        ("\"seq\":7", "\"seq\":7,\"title\":\"x\"", "unknown field"),
        ("\"kind\":\"action\"", "\"kind\":\"action\",\"name\":\"x\"", "unknown field"),
        ("\"field\":\"state\"", "\"field\":\"state\",\"value\":1", "unknown field"),
        ("\"revision\":3", "\"revision\":9007199254740992", "revision"),
        ("\"revision\":3", "\"revision\":3e0", "not an entry"),
        ("complete_action", "Complete_action", "snake_case"),
        ("complete_action", "", "snake_case"),
        ("complete_action", "_x", "snake_case"),
        ("complete_action", "a b", "snake_case"),
        ("\"kind\":\"action\"", "\"kind\":\"Åction\"", "snake_case"),
        ("\"state\"", "\"State\"", "field name"),
        ("\"state\"", "\"\"", "field name"),
        ("\"state\"", "\"the state\"", "field name"),
        ("\"state\"", "\"completed_at\"", "ascending"),
        ("\"state\"", "\"a\"", "ascending"),
        ("\"ok\"", "\"Ok\"", "not an entry"),
        ("\"ok\"", "\"maybe\"", "not an entry"),
        ("10:00:00.000Z", "10:00:00Z", "not an entry"),
        ("10:00:00.000Z", "10:00:00.000+00:00", "not an entry"),
        ("-00000000000a\"", "-00000000000A\"", "canonical"),
        ("00000000-0000-0000-0000-00000000000c", "0000000000000000000000000000000c", "canonical"),
        ("00000000-0000-0000-0000-00000000000c", "nobody", "not an entry"),
        (&"b".repeat(64), &"B".repeat(64), "not an entry"),
        (&"b".repeat(64), &"b".repeat(63), "not an entry"),
        ("\"state\"", "\"st\\u0061te\"", "canonical"),
        (",\"seq\"", ", \"seq\"", "canonical"),
        ("}]}", "}]}\n", "canonical"),
        ("}]}", "}]}\r", "canonical"),
        ("}]}", "}]}{}", "trailing"),
        ("\"revision\":3,\"seq\":7", "\"seq\":7,\"revision\":3", "canonical"),
    ] {
        let changed = LEAF.replacen(from, to, 1);
        assert_ne!(changed, LEAF, "{from} is not in the leaf");
        let error = refused(&changed);
        assert!(error.contains(reason), "{from} -> {to}: {error}");
    }
    for other in ["", "null", "[]", "{}", "\u{feff}{}", &LEAF[..LEAF.len() - 1]] {
        refused(other);
    }
    assert!(refused(&" ".repeat(MAX_LEAF_BYTES + 1)).contains("at most"));
}

#[test]
fn errors_stay_short_whatever_the_input() {
    let long = LEAF.replacen("state", &"ä".repeat(100_000), 1);
    assert!(refused(&long).len() < 300);
}

proptest! {
    #[test]
    fn no_bytes_make_parsing_panic(bytes in any::<Vec<u8>>()) {
        prop_assert!(Entry::parse(&bytes).is_err());
    }

    #[test]
    fn a_changed_byte_is_refused_or_reads_as_itself(place in 0..LEAF.len(), byte in any::<u8>()) {
        let mut leaf = LEAF.as_bytes().to_vec();
        leaf[place] = byte;
        if let Ok(entry) = Entry::parse(&leaf) {
            prop_assert_eq!(entry.leaf_json().unwrap(), leaf);
        }
    }
}
