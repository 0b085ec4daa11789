use proptest::prelude::*;
use serde_json::json;

use super::*;

const SALT: &str = "000102030405060708090a0b0c0d0e0f";

fn decode(text: &str) -> Result<Disclosures, DisclosureError> {
    Disclosures::decode(text.as_bytes())
}

#[test]
fn a_blob_is_a_compact_object_of_salts_and_values() {
    let text = format!(r#"{{"note":"erased","title":["{SALT}","Door"]}}"#);
    let disclosures = decode(&text).unwrap();
    let salt = std::array::from_fn(|i| u8::try_from(i).unwrap());
    assert_eq!(disclosures.get("title"), Some(&Disclosure::Open { salt, value: json!("Door") }));
    assert_eq!(disclosures.get("note"), Some(&Disclosure::Erased));
    assert_eq!(disclosures.get("owner"), None);
    assert_eq!(disclosures.encode().unwrap(), text.as_bytes());
    assert_eq!(decode("{}").unwrap().encode().unwrap(), b"{}");
}

#[test]
fn erasing_removes_value_and_salt_but_keeps_the_field() {
    let mut disclosures = decode(&format!(r#"{{"a":["{SALT}",1],"b":["{SALT}","secret"]}}"#)).unwrap();
    disclosures.erase("b").unwrap();
    disclosures.erase("b").unwrap();
    let text = String::from_utf8(disclosures.encode().unwrap()).unwrap();
    assert_eq!(text, format!(r#"{{"a":["{SALT}",1],"b":"erased"}}"#));
    assert_eq!(disclosures.erase("c"), Err(NoSuchField("c".to_owned())));
}

#[test]
fn other_shapes_and_spellings_are_refused() {
    let upper = SALT.to_uppercase();
    for (text, reason) in [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("{} ", "canonical"),
        ("[]", "object"),
        ("null", "object"),
        (r#"{"a":null}"#, "disclosure of a"),
        (r#"{"a":"gone"}"#, "disclosure of a"),
        (r#"{"a":{"salt":""}}"#, "disclosure of a"),
        (&format!(r#"{{"a":["{SALT}"]}}"#), "disclosure of a"),
        (&format!(r#"{{"a":["{SALT}",1,2]}}"#), "disclosure of a"),
        (&format!(r#"{{"a":["{upper}",1]}}"#), "disclosure of a"),
        (&format!(r#"{{"a":["{}",1]}}"#, &SALT[2..]), "disclosure of a"),
        (&format!(r#"{{"a":["{SALT}",1.0]}}"#), "canonical"),
        (&format!(r#"{{"a":["{SALT}",-0]}}"#), "canonical"),
        (&format!(r#"{{"a":["{SALT}","\u0041"]}}"#), "canonical"),
        (&format!(r#"{{"a": ["{SALT}",1]}}"#), "canonical"),
        (&format!(r#"{{"a":["{SALT}",1],"a":["{SALT}",1]}}"#), "canonical"),
        (&format!(r#"{{"b":["{SALT}",1],"a":["{SALT}",1]}}"#), "canonical"),
        (&format!(r#"{{"a":["{SALT}",{{"x":1,"x":1}}]}}"#), "canonical"),
        (&format!(r#"{{"a":["{SALT}",9007199254740993]}}"#), "2^53"),
        (&format!(r#"{{"A":["{SALT}",1]}}"#), "field"),
        (&format!(r#"{{"":["{SALT}",1]}}"#), "field"),
    ] {
        let error = decode(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
    assert!(matches!(
        Disclosures::decode(&vec![b' '; MAX_DISCLOSURES_BYTES + 1]),
        Err(DisclosureError::TooLong(_))
    ));
    let deep = format!(r#"{{"a":["{SALT}",{}1{}]}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(decode(&deep).is_err());
}

/// Read as JSON this would fill eight hundred megabytes.
#[test]
fn more_parts_than_memory_is_for_are_refused_before_they_are_read() {
    let blob = |objects: usize| {
        let items = vec![r#"{"":0}"#; objects].join(",");
        format!(r#"{{"a":["{SALT}",[{items}]]}}"#)
    };
    // Beside the objects and the commas between them there are the blob, the pair, its comma and the array.
    assert!(decode(&blob(MAX_DISCLOSED_PARTS / 2 - 2)).is_ok());
    let found = MAX_DISCLOSED_PARTS + 1;
    let error = decode(&blob(MAX_DISCLOSED_PARTS / 2 - 1)).unwrap_err();
    assert!(matches!(error, DisclosureError::TooManyParts(parts) if parts == found), "{error}");
    assert!(matches!(decode(&blob(1_000_000)), Err(DisclosureError::TooManyParts(_))));
    // A text is one part, whatever it holds.
    let text = json!("[{,\\\"".repeat(MAX_DISCLOSED_PARTS)).to_string();
    assert!(decode(&format!(r#"{{"a":["{SALT}",{text}]}}"#)).is_ok());
}

proptest! {
    #[test]
    fn parts_are_counted_without_reading(items in proptest::collection::vec(any::<(String, bool)>(), 0..20)) {
        let value = |(text, nested): &(String, bool)| if *nested { json!([{ text: text }, []]) } else { json!(text) };
        let nested = items.iter().filter(|(_, nested)| *nested).count();
        let json = json!(items.iter().map(value).collect::<Vec<_>>()).to_string();
        let commas = items.len().saturating_sub(1);
        prop_assert_eq!(count_parts(json.as_bytes()), 1 + commas + 4 * nested);
    }

    #[test]
    fn any_values_survive_the_blob(values in proptest::collection::btree_map("[a-z_.:/-]{1,12}", any::<(Salt, Option<String>)>(), 0..8)) {
        let fields = values.into_iter().map(|(field, (salt, text))| {
            let disclosure = text.map_or(Disclosure::Erased, |text| Disclosure::Open { salt, value: json!({"t": [text, 1.5]}) });
            (field, disclosure)
        });
        let disclosures = Disclosures(fields.collect());
        prop_assert_eq!(Disclosures::decode(&disclosures.encode().unwrap()).unwrap(), disclosures);
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(disclosures) = Disclosures::decode(&bytes) {
            prop_assert_eq!(disclosures.encode().unwrap(), bytes);
        }
    }
}
