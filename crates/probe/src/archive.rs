//! Files of an archive: a manifest and lines have one spelling for one content, and sums are compared whatever they are.

use nevertwice_exchange::archive::{LineReader, LineWriter, Manifest, SUMS, compare_sums, sums};

use crate::text;

pub(crate) fn run(bytes: &[u8]) {
    if let Ok(manifest) = Manifest::from_bytes(bytes) {
        assert_eq!(manifest.to_bytes().ok().as_deref(), Some(bytes), "{SUMS} would say otherwise");
        let _ = manifest.rows();
        let list = sums(bytes, &manifest, []);
        assert!(compare_sums(&list, &list).is_ok());
        assert!(compare_sums(&list, &format!("{list}{list}")).is_err());
    }
    let _ = compare_sums(&text(bytes), "0  manifest.json\n");
    lines(bytes);
}

/// What is read is written as it was.
fn lines(bytes: &[u8]) {
    let mut reader = LineReader::new("cases.jsonl", bytes);
    let mut writer = LineWriter::new(Vec::new());
    let is_whole = loop {
        match reader.next_object() {
            Ok(Some(object)) => assert!(writer.write(&mut object.to_vec()).is_ok()),
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    let Ok((again, measured)) = writer.finish() else { return };
    assert!(bytes.starts_with(&again), "{}", text(&again));
    assert_eq!(reader.finish(&measured).is_ok(), is_whole);
    assert_eq!(again.len() == bytes.len(), is_whole);
}

/// A manifest, lines as they are written, and both in part.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let objects = [r#"{"id":1}"#, r#"{"id":2,"title":"Tür \" ,\"sum\":\"00000000\"}"}"#, r#"{"a":[{}]}"#];
    let mut writer = LineWriter::new(Vec::new());
    for object in objects {
        let _ = writer.write(&mut object.as_bytes().to_vec());
    }
    let lines = writer.finish().map(|(lines, _)| lines).unwrap_or_default();
    let kind = |name: &str, rows: u64| {
        let sha256 = "037c9214".repeat(8);
        format!(
            "    {{\n      \"kind\": \"{name}\",\n      \"columns\": [\n        \"id\"\n      ],\n      \"rows\": {rows},\n      \"bytes\": 5,\n      \"sha256\": \"{sha256}\"\n    }}"
        )
    };
    let manifest = |kinds: &[String]| {
        let kinds = kinds.join(",\n");
        let (id, root) = ("01955000-0000-7000-8000-000000000001", "ab".repeat(32));
        format!(
            "{{\n  \"format\": \"nevertwice archive\",\n  \"version\": 1,\n  \"schema\": 2,\n  \"store\": {{\n    \"id\": \"{id}\",\n    \"created_at\": \"2026-03-01T10:00:00.000Z\",\n    \"is_sample\": true\n  }},\n  \"trail\": {{\n    \"entries\": 3,\n    \"root\": \"{root}\"\n  }},\n  \"evidence\": {{\n    \"files\": 1,\n    \"bytes\": 5\n  }},\n  \"kinds\": [\n{kinds}\n  ]\n}}\n"
        )
        .into_bytes()
    };
    let manifests =
        [manifest(&[kind("cases", 3)]), manifest(&[kind("cases", u64::MAX), kind("lessons", u64::MAX)])];
    let half = lines[..lines.len() / 2].to_vec();
    [lines, half, Vec::new(), b"{\"a\":1}\n".to_vec()].into_iter().chain(manifests).collect()
}
