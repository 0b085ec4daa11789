//! The format by itself: what is written is read, and nothing else is.

use std::io::Read;

use nevertwice_domain::asset::Sha256Text;

use super::*;

fn written(objects: &[&str]) -> (Vec<u8>, Measured) {
    let mut writer = LineWriter::new(Vec::new());
    for object in objects {
        writer.write(&mut object.as_bytes().to_vec()).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: &[u8], expected: &Measured) -> Result<Vec<String>, String> {
    let mut reader = LineReader::new("cases.jsonl", bytes);
    let mut objects = Vec::new();
    while let Some(object) = reader.next_object().map_err(|error| error.to_string())? {
        objects.push(String::from_utf8(object.to_vec()).unwrap());
    }
    reader.finish(expected).map_err(|error| error.to_string())?;
    Ok(objects)
}

const OBJECTS: [&str; 3] =
    [r#"{"id":1}"#, r#"{"id":2,"title":"Tür \" ,\"sum\":\"00000000\"}"}"#, r#"{"a":"x"}"#];

#[test]
fn lines_read_back_what_was_written() {
    let (bytes, measured) = written(&OBJECTS);
    assert_eq!(read(&bytes, &measured).unwrap(), OBJECTS);
    assert_eq!((measured.rows, measured.bytes), (3, bytes.len() as u64));
    insta::assert_snapshot!(String::from_utf8_lossy(&bytes), @r#"
    {"id":1,"sum":"037c9214"}
    {"id":2,"title":"Tür \" ,\"sum\":\"00000000\"}","sum":"76f106e5"}
    {"a":"x","sum":"bac82bca"}
    "#);
    assert_eq!(read(&[], &written(&[]).1).unwrap(), Vec::<String>::new());
}

#[test]
fn every_changed_byte_is_refused_with_its_line() {
    let (bytes, measured) = written(&OBJECTS);
    let mut line = 1;
    for at in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let error = read(&changed, &measured).unwrap_err();
            assert!(error.starts_with(&format!("cases.jsonl line {line}: ")), "byte {at}: {error}");
        }
        line += usize::from(bytes[at] == b'\n');
    }
}

#[test]
fn lines_that_were_added_taken_away_or_exchanged_are_refused() {
    let (bytes, measured) = written(&OBJECTS);
    for others in [&OBJECTS[..2], &[OBJECTS[0], OBJECTS[2], OBJECTS[1]], &[OBJECTS[0]; 3], &[]] {
        let error = read(&written(others).0, &measured).unwrap_err();
        assert!(error.starts_with("cases.jsonl: expected 3 lines, "), "{error}");
    }
    for end in (0..bytes.len()).filter(|end| *end == 0 || bytes[end - 1] != b'\n').skip(1) {
        let error = read(&bytes[..end], &measured).unwrap_err();
        assert!(error.contains("the file was cut off"), "{end}: {error}");
    }
}

#[test]
fn a_line_without_end_does_not_fill_the_memory() {
    let endless = std::io::repeat(b'[').take(1 << 40);
    let mut reader = LineReader::new("cases.jsonl", endless);
    let error = reader.next_object().unwrap_err().to_string();
    assert!(error.contains("line 1: expected at most 67108864 bytes"), "{error}");
}

fn manifest() -> Manifest {
    let (_, measured) = written(&OBJECTS);
    let kind = KindOfRow {
        kind: "cases".to_owned(),
        columns: vec!["id".to_owned()],
        rows: measured.rows,
        bytes: measured.bytes,
        sha256: measured.sha256,
    };
    let store = StoreIdentity {
        id: "01955000-0000-7000-8000-000000000001".parse().unwrap(),
        created_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        is_sample: true,
    };
    let trail = TrailEnd { entries: 3, root: "ab".repeat(32) };
    Manifest::new(2, store, trail, EvidenceTotals { files: 1, bytes: 5 }, vec![kind])
}

#[test]
fn a_manifest_reads_back_and_nothing_else_does() {
    let bytes = manifest().to_bytes().unwrap();
    assert_eq!(Manifest::from_bytes(&bytes).unwrap(), manifest());
    let text = String::from_utf8(bytes).unwrap();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (bad, said) in [
        (String::new(), "not the manifest"),
        (deep, "not the manifest"),
        (text.replace("\"version\": 1", "\"version\": 2"), "expected version 1"),
        (text.replace("nevertwice archive", "another archive"), "expected the format"),
        (text.replace("\"schema\": 2", "\"schema\": 2,\n  \"more\": 1"), "unknown field"),
        (text.replace("\"schema\": 2", "\"schema\":2"), "another way"),
        (text.replace("10:00:00.000Z", "10:00:00Z"), "another way"),
        (text.replace("\"rows\": 3", "\"rows\": -3"), "not the manifest"),
        (format!("{text} "), "another way"),
        (" ".repeat(2 << 20), "at most"),
    ] {
        let error = Manifest::from_bytes(bad.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("manifest.json: ") && error.contains(said), "{said}: {error}");
    }
}

#[test]
fn sums_are_compared_line_by_line() {
    let manifest = manifest();
    let file = Sha256Text::parse(&"cd".repeat(32)).unwrap();
    let list = sums(&manifest.to_bytes().unwrap(), &manifest, [&file]);
    assert_eq!(list.lines().count(), 3);
    assert!(list.ends_with(&format!("{file}  evidence/{file}\n")), "{list}");
    compare_sums(&list, &list).unwrap();
    for (bad, line) in [
        (list.replace("cases", "casez"), 2),
        (list.trim_end().to_owned(), 3),
        (format!("{list}{file}  more\n"), 4),
        (String::new(), 1),
    ] {
        let error = compare_sums(&list, &bad).unwrap_err().to_string();
        assert!(error.starts_with(&format!("SHA256SUMS line {line}: expected ")), "{error}");
    }
}

#[test]
fn a_page_shows_texts_and_never_obeys_them() {
    let hostile = "<script>|x|*b*\n# heading [a](javascript:x)";
    let page = Page {
        title: hostile.to_owned(),
        facts: vec![("Class".to_owned(), hostile.to_owned())],
        sections: vec![
            Section::Prose { heading: "Summary".to_owned(), text: hostile.to_owned() },
            Section::Table {
                heading: "Rows".to_owned(),
                columns: &["A", "B"],
                rows: vec![vec![hostile.to_owned(), "2".to_owned()]],
            },
            Section::Table { heading: "None".to_owned(), columns: &["A"], rows: Vec::new() },
        ],
    };
    insta::assert_snapshot!(page.markdown(), @r"
    # \<script>\|x\|\*b\* # heading \[a\](javascript:x)

    - Class: \<script>\|x\|\*b\* # heading \[a\](javascript:x)

    ## Summary

    > &lt;script>|x|*b*
    > # heading [a](javascript:x)

    ## Rows

    | A | B |
    |---|---|
    | \<script>\|x\|\*b\* # heading \[a\](javascript:x) | 2 |
    ");
}

#[test]
fn no_cell_of_a_sheet_is_a_formula() {
    let mut sheet = Sheet::new(Vec::new(), &["reference", "title"]).unwrap();
    sheet.write(&["CASE-2026-0001".to_owned(), "=HYPERLINK(\"x\")".to_owned()]).unwrap();
    sheet.write(&["-1".to_owned(), "a, \"b\"\nc".to_owned()]).unwrap();
    let text = String::from_utf8(sheet.finish().unwrap()).unwrap();
    insta::assert_snapshot!(text.trim_start_matches('\u{feff}'), @r#"
    reference,title
    CASE-2026-0001,"'=HYPERLINK(""x"")"
    '-1,"a, ""b""
    c"
    "#);
    assert!(text.starts_with('\u{feff}'));
}
