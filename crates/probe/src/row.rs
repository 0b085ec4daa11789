//! Rows of an archive: what is read is one value for each column, and written as the same bytes.

use nevertwice_store::archive::{Columns, tables};

use crate::text;

pub(crate) fn run(bytes: &[u8]) {
    let Some((columns, object)) = of(bytes) else { return };
    match columns.read(object) {
        Err(said) => assert!(!said.is_empty()),
        Ok(values) => {
            assert_eq!(values.len(), columns.names().len());
            let mut again = Vec::new();
            assert_eq!(columns.write(&values, &mut again), Ok(()));
            assert_eq!(again, object, "{}", text(object));
        }
    }
}

/// The first byte says of which table, the others are the object of a row.
pub(crate) fn of(bytes: &[u8]) -> Option<(Columns, &[u8])> {
    let (which, object) = bytes.split_first()?;
    let table = tables().get(usize::from(*which) % tables().len())?;
    Some((table.columns(), object))
}

/// Rows of every type of column, and some that are no rows.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const ID: &str = "01955000-0000-7000-8000-000000000001";
    const AT: &str = "2026-03-01T10:00:00.000Z";
    let entry = r#""leaf_hash":"00ff","disclosures":"{\"a\":[1]}""#;
    [
        ("people", format!(r#"{{"id":"{ID}","name":"Ada \"Ü\" \u0001 🦀"}}"#)),
        ("people", format!(r#"{{"name":"Ada","id":"{ID}"}}"#)),
        ("cases", format!(r#"{{"id":"{ID}","title":"Tür","severity":4}}"#)),
        ("comments", format!(r#"{{"id":"{ID}","text":"a"}}"#)),
        ("actions", format!(r#"{{"id":"{ID}","due_on":"2024-02-29"}}"#)),
        ("due_moves", r#"{"number":-9007199254740991}"#.to_owned()),
        ("evidence", format!(r#"{{"id":"{ID}","legal_hold":true}}"#)),
        ("import_profiles", format!(r#"{{"profile":"b","mapping":"[x]\na = 1","saved_at":"{AT}"}}"#)),
        ("counters", r#"{"prefix":"CASE","year":2026,"last_number":3}"#.to_owned()),
        ("counters", r#"{"prefix":"CASE","year":2026.0,"last_number":1e3}"#.to_owned()),
        ("trail_entries", format!(r#"{{"seq":1,"at":"{AT}",{entry}}}"#)),
        ("trail_entries", "{}".to_owned()),
        ("trail_entries", String::new()),
    ]
    .iter()
    .filter_map(|(table, object)| {
        let which = tables().iter().position(|known| known.name() == *table)?;
        Some([&[u8::try_from(which).ok()?], object.as_bytes()].concat())
    })
    .collect()
}
