//! The trail itself, its head and the counters, changed by SQL.

use nevertwice_domain::case::{Case, CaseRecord};
use nevertwice_domain::text::Line;
use nevertwice_testkit::TestDatabase;
use nevertwice_trail::{Disclosures, Frontier, Hash, leaf_hash};

use super::{as_intruder, exec, findings, found_after, query, twice_written};
use crate::engine::{ToValue, Value};
use crate::record::tests::seed::{act, id, seed, seeded};
use crate::trail::verify::{Finding, verify};
use crate::trail::{self, read};
use crate::{StoreError, Tx, case};

nevertwice_testkit::on_each_engine!(
    an_untouched_store_has_nothing_to_report,
    a_changed_value_in_any_column_of_the_trail_is_found,
    swapped_entries_are_found,
    a_missing_entry_is_found_wherever_it_was,
    a_trail_cut_short_with_its_head_is_found_by_the_rows,
    a_rewritten_entry_is_found,
    a_value_erased_without_an_entry_is_found,
    a_counter_that_was_changed_is_found,
    an_entry_tells_whether_it_was_said_who_may_know_of_its_case
);

fn an_untouched_store_has_nothing_to_report(database: &TestDatabase) {
    let db = twice_written(database);
    let mut told = 0;
    let report = db.read(|tx| verify(tx, &mut |done| told = done)).unwrap();
    assert_eq!(report.findings, []);
    // Two entries more than aggregates: those of the second unit.
    assert_eq!(report.entry_count, report.object_count + 2);
    assert!(report.row_count > report.object_count && report.object_count > 10, "{report:?}");
    assert_eq!(told, report.entry_count + report.object_count);
    let (frontier, _) = db.read(read::frontier).unwrap();
    assert_eq!(report.root, Some(frontier.root()));
}

pub(super) fn places(found: &[Finding]) -> Vec<(&str, &str)> {
    found.iter().map(|f| (f.table.as_str(), f.reference.as_str())).collect()
}

pub(super) fn change(tx: &mut Tx, sql: &str, params: &[Value]) -> Result<(), StoreError> {
    let count = exec(tx, sql, params)?;
    assert!(count > 0, "{sql} changed nothing");
    Ok(())
}

fn a_changed_value_in_any_column_of_the_trail_is_found(database: &TestDatabase) {
    let later: Value =
        "2026-03-01T10:00:00.001Z".parse::<nevertwice_domain::time::Timestamp>().unwrap().to_value();
    let cases: Vec<(&str, &str, Value)> = vec![
        ("trail_entries", "seq", 4_000.to_value()),
        ("trail_entries", "at", later.clone()),
        ("trail_entries", "kind", "lesson".to_value()),
        ("trail_entries", "kind", "nonsense".to_value()),
        ("trail_entries", "object_id", id(7_777).to_value()),
        ("trail_entries", "action", "other".to_value()),
        ("trail_entries", "actor_id", id(7_777).to_value()),
        ("trail_entries", "request_id", id(7_777).to_value()),
        ("trail_entries", "leaf", "{}".to_value()),
        ("trail_entries", "leaf_hash", [7u8; 32].to_value()),
        ("trail_entries", "leaf_hash", [7u8; 5].to_value()),
        ("trail_entries", "disclosures", "{}".to_value()),
        ("trail_entries", "disclosures", "no JSON".to_value()),
        ("trail_head", "seq", 4_000.to_value()),
        ("trail_head", "frontier", [7u8; 5].to_value()),
        ("trail_head", "at", later),
        ("trail_head", "at", Value::Null),
    ];
    let columns = trail::ENTRIES.columns.iter();
    for column in columns {
        assert!(cases.iter().any(|(_, tried, _)| tried == column), "{column} is not tried");
    }
    as_intruder(database, move |tx| {
        let entries = read::sequence(tx).unwrap();
        for (table, column, value) in &cases {
            let mut tried = vec![format!("UPDATE {table} SET {column} = $1")];
            if *table == "trail_entries" {
                tried = [1, entries]
                    .map(|seq| format!("UPDATE {table} SET {column} = $1 WHERE seq = {seq}"))
                    .to_vec();
            }
            for sql in tried {
                let found = found_after(tx, |tx| change(tx, &sql, std::slice::from_ref(value)));
                let shown = places(&found);
                assert!(!shown.is_empty(), "{sql} with {value:?} was not found");
                assert!(shown.iter().any(|(t, _)| t == table), "{sql} with {value:?}: {found:?}");
            }
        }
    });
}

fn swapped_entries_are_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let found = found_after(tx, |tx| {
            change(tx, "UPDATE trail_entries SET seq = 4000 WHERE seq = 2", &[])?;
            change(tx, "UPDATE trail_entries SET seq = 2 WHERE seq = 3", &[])?;
            change(tx, "UPDATE trail_entries SET seq = 3 WHERE seq = 4000", &[])
        });
        for place in [("trail_entries", "2"), ("trail_entries", "3"), ("trail_head", "frontier")] {
            assert!(places(&found).contains(&place), "{found:?}");
        }
    });
}

fn a_missing_entry_is_found_wherever_it_was(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let last = read::sequence(tx).unwrap();
        for seq in [1, 2, last - 1, last] {
            let found = found_after(tx, |tx| {
                change(tx, &format!("DELETE FROM trail_entries WHERE seq = {seq}"), &[])
            });
            let next = (seq + 1).to_string();
            let place = if seq == last { ("trail_head", "seq") } else { ("trail_entries", next.as_str()) };
            assert!(places(&found).contains(&place), "entry {seq}: {found:?}");
        }
        let found = found_after(tx, |tx| change(tx, "DELETE FROM trail_entries", &[]));
        assert!(places(&found).contains(&("trail_head", "seq")), "{found:?}");
    });
}

/// Whoever can also rewrite the head is still betrayed by the rows that the lost entries wrote.
fn a_trail_cut_short_with_its_head_is_found_by_the_rows(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let last = read::sequence(tx).unwrap();
        for kept in [0, 1, last - 2, last - 1] {
            let found = found_after(tx, |tx| {
                change(tx, &format!("DELETE FROM trail_entries WHERE seq > {kept}"), &[])?;
                rewrite_head(tx)
            });
            assert!(!found.is_empty(), "{kept} of {last} entries were kept");
            let of_trail = places(&found).iter().filter(|(table, _)| table.starts_with("trail_")).count();
            assert_eq!(of_trail, 0, "{found:?}");
        }
    });
}

/// Makes the head fit the entries again.
pub(super) fn rewrite_head(tx: &mut Tx) -> Result<(), StoreError> {
    let mut frontier = Frontier::new();
    for hash in read::hashes(tx)? {
        frontier.append(Hash::from_bytes(hash));
    }
    let (seq, bytes) = (frontier.size().to_value(), frontier.to_bytes().to_value());
    change(
        tx,
        "UPDATE trail_head SET seq = $1, frontier = $2, at = (SELECT max(at) FROM trail_entries)",
        &[seq, bytes],
    )
}

/// The leaf changed together with its hash: then the tree has another root than the head says.
fn a_rewritten_entry_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let rows = query(tx, "SELECT leaf FROM trail_entries WHERE seq = 2", &[]).unwrap();
        let leaf = rows[0].get::<String>("leaf").unwrap().replace("\"seed\"", "\"reed\"");
        let hash = leaf_hash(leaf.as_bytes()).as_bytes().to_value();
        let params = [leaf.to_value(), hash, "reed".to_value()];
        let found = found_after(tx, |tx| {
            let sql = "UPDATE trail_entries SET leaf = $1, leaf_hash = $2, action = $3 WHERE seq = 2";
            change(tx, sql, &params)
        });
        assert_eq!(places(&found), [("trail_head", "frontier")], "{found:?}");
    });
}

/// A destroyed value cannot be told from one never known, so the trail has to say who destroyed it and why.
fn a_value_erased_without_an_entry_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let sql = "SELECT disclosures FROM trail_entries WHERE kind = 'action' ORDER BY seq LIMIT 1";
        let blob: String = query(tx, sql, &[]).unwrap()[0].get("disclosures").unwrap();
        let mut disclosures = Disclosures::decode(blob.as_bytes()).unwrap();
        disclosures.erase("actions/description").unwrap();
        let erased = String::from_utf8(disclosures.encode().unwrap()).unwrap();
        let sql = "UPDATE trail_entries SET disclosures = $1
                   WHERE seq = (SELECT min(seq) FROM trail_entries WHERE kind = 'action')";
        let found = found_after(tx, |tx| {
            change(tx, sql, &[erased.to_value()])?;
            change(tx, "UPDATE actions SET description = NULL", &[])
        });
        assert_eq!(places(&found), [("trail_entries", "ACT-2026-0001")], "{found:?}");
        assert!(found[0].detail.contains("no entry records an erasure"), "{found:?}");
    });
}

fn a_counter_that_was_changed_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        for sql in [
            "UPDATE counters SET last_number = last_number + 1 WHERE prefix = 'CASE'",
            "UPDATE counters SET last_number = 0 WHERE prefix = 'CASE'",
            "UPDATE counters SET last_number = -1 WHERE prefix = 'CASE'",
            "UPDATE counters SET year = 2025 WHERE prefix = 'CASE'",
            "UPDATE counters SET prefix = 'CASF' WHERE prefix = 'CASE'",
            "DELETE FROM counters WHERE prefix = 'CASE'",
            "INSERT INTO counters (prefix, year, last_number) VALUES ('CASE', 2020, 1)",
        ] {
            let found = found_after(tx, |tx| change(tx, sql, &[]));
            assert!(places(&found).iter().any(|(table, _)| *table == "counters"), "{sql}: {found:?}");
        }
        assert_eq!(findings(tx), []);
    });
}

fn an_entry_tells_whether_it_was_said_who_may_know_of_its_case(database: &TestDatabase) {
    let db = seeded(database);
    let first = seed().cases[0].clone();
    let edited = |case: &Case, edit: fn(&mut CaseRecord)| {
        let mut record: CaseRecord = (**case).clone();
        edit(&mut record);
        Case::restore(record)
    };
    let renamed = edited(&first, |case| case.title = Line::parse("another title").unwrap());
    let opened = edited(&renamed, |case| (case.restricted, case.readers) = (!case.restricted, [].into()));
    let before = db.read(read::sequence).unwrap();
    let mut saved = first;
    for (nth, after) in [(2, renamed), (3, opened)] {
        saved = db
            .write(move |tx| -> Result<Case, StoreError> {
                trail::begin(tx, act(nth));
                case::save(tx, &saved, &after)
            })
            .unwrap();
    }
    let changed = db.read(|tx| read::changed_after(tx, before, 10)).unwrap();
    assert_eq!(changed.iter().map(|entry| entry.access).collect::<Vec<_>>(), [false, true]);
}
