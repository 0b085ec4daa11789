use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn records(bytes: &[u8], limit: usize) -> Vec<RawRecord> {
    let limits = Limits { record_bytes: limit };
    Records::new(Cursor::new(bytes), None, 1, limits).map(|record| record.unwrap()).collect()
}

/// Place, and text or what is wrong.
fn read(text: &str) -> Vec<(String, String)> {
    let told = |record: RawRecord| match record.value() {
        Ok(value) => (record.place, value.to_string()),
        Err(flaw) => (record.place, format!("! {}", flaw.found)),
    };
    records(text.as_bytes(), 1000).into_iter().map(told).collect()
}

fn good(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(place, text)| ((*place).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_list_lines_and_a_single_object_are_read_alike() {
    let expected = [("line 1", r#"{"a":1}"#), ("line 2", r#"{"a":[2,"}"]}"#)];
    assert_eq!(read("[{\"a\":1},\n{\"a\" : [2,\"}\"]}]\n"), good(&expected));
    assert_eq!(read("{\"a\":1}\r\n{\"a\" : [2,\"}\"]}"), good(&expected));
    let single = "{\n  \"a\": [\n    {\"b\": \"{\"}\n  ]\n}\n\n{\n \"a\": 2 }\n";
    assert_eq!(read(single), good(&[("line 1", r#"{"a":[{"b":"{"}]}"#), ("line 7", r#"{"a":2}"#)]));
    assert_eq!(read("\u{feff}\n [ ]\n"), []);
}

#[test]
fn an_object_goes_on_behind_a_first_line_that_closes_only_a_part_of_it() {
    for (text, expected) in [
        (
            "{\"a\":{}\n,\"b\":[]}\n{\"a\":\n2}",
            vec![("line 1", r#"{"a":{},"b":[]}"#), ("line 3", r#"{"a":2}"#)],
        ),
        ("{\"a\":{ \"b\" : {} } \r\n}\n", vec![("line 1", r#"{"a":{"b":{}}}"#)]),
        ("{\"a\":{\"b\":\"}\"}\n}\n", vec![("line 1", r#"{"a":{"b":"}"}}"#)]),
    ] {
        assert_eq!(read(text), good(&expected), "{text}");
    }
    // Broken, and not only begun: nothing further down would mend it.
    for first in ["{\"a\":[1}", "{\"a\":tru}", "{\"a\":\"x}", "{\"a\":1}}", "{\"a\":1} }", "{a:{}"] {
        let lines = read(&format!("{first}\n7\n{{\"a\":2}}\n"));
        let is_broken: Vec<bool> = lines.iter().map(|(_, text)| text.starts_with('!')).collect();
        assert_eq!(is_broken, [true, true, false], "{first}: {lines:?}");
    }
}

#[test]
fn an_empty_file_is_a_record_that_is_none() {
    for (text, name, place) in [
        ("", None, "line 1"),
        (" \n\n", None, "line 1"),
        ("\u{feff}", None, "line 1"),
        ("", Some("c.json".to_owned()), "c.json, line 1"),
    ] {
        let read: Vec<RawRecord> = Records::new(Cursor::new(text), name, 9, Limits::default())
            .map(|record| record.unwrap())
            .collect();
        assert_eq!((read.len(), read[0].number, read[0].place.as_str()), (1, 9, place));
        let flaw = read[0].flaw.as_ref().unwrap();
        assert_eq!((flaw.found.as_str(), flaw.expected), ("an empty file", "a record"));
    }
}

#[test]
fn a_member_that_stands_twice_is_a_flaw_with_its_path() {
    for (text, found) in [
        (r#"{"action":{"error":{}},"a":1,"action":{}}"#, "action more than once"),
        (r#"{"plus":{"x":[{},{"y":1,"y":1}]}}"#, "plus.x[1].y more than once"),
        (r#"{"a":1,"a":2,"a":3,"b":1,"b":1}"#, "a, a, b more than once"),
    ] {
        assert_eq!(read(text), [("line 1".to_owned(), format!("! {found}"))]);
    }
    assert_eq!(read(r#"{"_id":1,"_id":2,"a":1}"#).len(), 1, "what does not count loses nothing");
}

#[test]
fn a_broken_record_does_not_take_the_others_with_it() {
    let lines = read("{\"a\":1\n\n{\"a\":2}\nnonsense\n{\"a\":3}\n7\n");
    let places: Vec<&str> = lines.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["line 1", "line 3", "line 4", "line 5", "line 6"]);
    let is_broken: Vec<bool> = lines.iter().map(|(_, text)| text.starts_with('!')).collect();
    assert_eq!(is_broken, [true, false, true, false, true]);
    assert!(lines[4].1.contains("found") || lines[4].1.contains('7'), "{lines:?}");

    let list = read("[{\"a\":tru},\n{\"a\":2},\n \"x\", {\"a\":3}");
    assert!(list[0].1.starts_with("! text that is no JSON"), "{list:?}");
    assert_eq!(list[1], ("line 2".to_owned(), r#"{"a":2}"#.to_owned()));
    assert_eq!(list[2].1, r#"! "x""#);
    assert_eq!(list[4], ("line 3".to_owned(), "! the end of the file".to_owned()));
}

#[test]
fn a_record_that_is_too_large_too_deep_or_no_text_is_rejected() {
    let long = format!("{{\"a\":\"{}\"}}\n{{\"a\":1}}\n", "x".repeat(2000));
    let read_long = read(&long);
    assert_eq!(read_long[0].1, "! a record of 2008 bytes");
    assert_eq!(read_long[1].1, r#"{"a":1}"#);
    let deep = format!("{{\"a\":{}{}}}\n", "[".repeat(200), "]".repeat(200));
    assert!(read(&deep)[0].1.contains("recursion limit"), "{:?}", read(&deep));
    let bytes = records(b"{\"a\":\"\xff\"}\n{}\n", 1000);
    assert_eq!(bytes[0].flaw.as_ref().unwrap().found, "bytes that are no UTF-8 behind the first 6");
    assert_eq!(bytes[1].flaw, None);
    let behind = read("[{}] {}");
    assert_eq!(behind[1].1, "! text behind the list");
}

#[test]
fn records_of_a_file_in_a_folder_go_on_counting_and_name_it() {
    let name = Some("b.json".to_owned());
    let read: Vec<RawRecord> =
        Records::new(Cursor::new(b"{}"), name, 8, Limits::default()).map(|record| record.unwrap()).collect();
    assert_eq!((read[0].number, read[0].place.as_str()), (8, "b.json, line 1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Reading ends, and every byte that is no space or comma belongs to a record.
    #[test]
    fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(prop_oneof![
        Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b'\\'), Just(b'\n'), Just(b','),
        Just(b':'), Just(b'1'), any::<u8>(),
    ], 0..300), limit in 1usize..200) {
        let read = records(&bytes, limit);
        let numbers: Vec<u64> = read.iter().map(|record| record.number).collect();
        prop_assert_eq!(numbers, (1..=u64::try_from(read.len()).unwrap()).collect::<Vec<_>>());
        for record in read {
            let _ = record.value();
        }
    }

    /// What was written as a list or as lines is read back.
    #[test]
    fn what_was_written_is_read(texts in proptest::collection::vec(any::<String>(), 1..8)) {
        let values: Vec<serde_json::Value> = texts.iter().map(|text| serde_json::json!({ "a": [text, { "b": text }] })).collect();
        let list = serde_json::to_vec_pretty(&values).unwrap();
        let lines: String = values.iter().map(|value| format!("{value}\n")).collect();
        for bytes in [list.as_slice(), lines.as_bytes()] {
            let read: Vec<serde_json::Value> = records(bytes, 1 << 20).iter().map(|record| record.value().unwrap()).collect();
            prop_assert_eq!(&read, &values);
        }
    }
}
