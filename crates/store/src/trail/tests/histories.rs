//! Rows and entries exchanged, doubled, put back, made anew: what is found, and what only a checkpoint kept outside
//! tells.

use nevertwice_domain::case::{Case, CaseRecord};
use nevertwice_domain::text::Line;
use nevertwice_testkit::TestDatabase;
use nevertwice_trail::Frontier;

use super::entries::{change, places, rewrite_head};
use super::{as_intruder, exec, findings, found_after, intrude, only, query, rows_of};
use crate::engine::{ToValue, Value};
use crate::inventory::RECORDS;
use crate::record::RecordDef;
use crate::record::tests::seed::{act, id, seed, seeded, seeded_in};
use crate::trail::{self, read};
use crate::{Db, StoreError, Tx, case, settings};

nevertwice_testkit::on_each_engine!(
    two_cases_in_each_others_place_are_found,
    a_row_moved_to_another_record_is_found,
    an_entry_written_twice_is_found,
    a_head_moved_back_is_found,
    values_and_salts_that_were_changed_are_found,
    the_trail_of_another_store_is_found,
    a_whole_store_put_back_is_found_by_a_checkpoint_alone,
    a_trail_made_anew_for_the_same_rows_is_found_by_a_checkpoint_alone
);

fn two_cases_in_each_others_place_are_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let (one, other) = (seed().cases[0].clone(), seed().cases[1].clone());
        let (first, second) = (one.id.uuid().to_value(), other.id.uuid().to_value());
        let found = found_after(tx, |tx| {
            for (from, to) in
                [(&first, &id(7_777).to_value()), (&second, &first), (&id(7_777).to_value(), &second)]
            {
                change(tx, "UPDATE cases SET id = $2 WHERE id = $1", &[from.clone(), to.clone()])?;
            }
            Ok(())
        });
        for case in [one, other] {
            let reference = case.reference.to_string();
            assert!(places(&found).contains(&("cases", reference.as_str())), "{reference}: {found:?}");
        }
    });
}

/// Every table whose rows belong to a record: one of them comes to belong to another.
fn a_row_moved_to_another_record_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let mut tried = 0;
        for def in RECORDS.iter().filter(|def| !def.key.is_empty()) {
            let row = rows_of(tx, def).remove(0);
            let (condition, identity) = only(def, &row, 2);
            let sql = format!("UPDATE {} SET {} = $1 WHERE {condition}", def.table.name, def.object);
            let Some(other) = another_record(tx, def, &row) else { continue };
            let params: Vec<Value> = std::iter::once(other).chain(identity).collect();
            let found = found_after(tx, |tx| change(tx, &sql, &params));
            let of_table = places(&found).iter().filter(|(table, _)| *table == def.table.name).count();
            // It is missing in one place and too much in another.
            assert!(of_table >= 2, "{}: {found:?}", def.table.name);
            tried += 1;
        }
        assert!(tried > 5, "{tried} tables");
    });
}

/// Another record of the kind that a row belongs to, one to whose rows this one can be added.
fn another_record(tx: &mut Tx, def: &RecordDef, row: &[Value]) -> Option<Value> {
    let main = RECORDS.iter().find(|main| main.kind == def.kind && main.key.is_empty())?;
    let own = def.object_id(row).unwrap();
    let all = rows_of(tx, main);
    all.iter().map(|row| main.object_id(row).unwrap()).find(|id| *id != own).map(|id| id.to_value())
}

fn an_entry_written_twice_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let next = read::sequence(tx).unwrap() + 1;
        let rest = trail::ENTRIES.columns[1..].join(", ");
        for seq in [1, 2, next - 1] {
            let sql = format!(
                "INSERT INTO trail_entries (seq, {rest}) SELECT {next}, {rest} FROM trail_entries WHERE seq = {seq}"
            );
            let found = found_after(tx, |tx| {
                change(tx, &sql, &[])?;
                rewrite_head(tx)
            });
            let place = next.to_string();
            assert!(places(&found).contains(&("trail_entries", place.as_str())), "entry {seq}: {found:?}");
        }
    });
}

fn a_head_moved_back_is_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let mut frontier = Frontier::new();
        for hash in read::hashes(tx).unwrap() {
            let (seq, bytes) = (frontier.size().to_value(), frontier.to_bytes().to_value());
            let found = found_after(tx, |tx| {
                change(tx, "UPDATE trail_head SET seq = $1, frontier = $2", &[seq.clone(), bytes.clone()])
            });
            assert_eq!(places(&found), [("trail_head", "seq")], "moved back to {seq:?}");
            frontier.append(nevertwice_trail::Hash::from_bytes(hash));
        }
    });
}

/// What stands beside the entries: exchanged, or changed together with the row.
fn values_and_salts_that_were_changed_are_found(database: &TestDatabase) {
    as_intruder(database, |tx| {
        let case = seed().cases[0].clone();
        let (title, id) = (case.title.to_string(), case.id.uuid().to_value());
        let sql = "SELECT seq, disclosures FROM trail_entries WHERE object_id = $1 ORDER BY seq LIMIT 1";
        let row = query(tx, sql, std::slice::from_ref(&id)).unwrap().remove(0);
        let (seq, blob): (u64, String) = (row.get("seq").unwrap(), row.get("disclosures").unwrap());
        let salt = blob.split('"').find(|part| part.len() == 32).unwrap().to_owned();
        let forged = |from: &str, to: &str| {
            assert!(blob.contains(from), "{from} is not in {blob}");
            blob.replacen(from, to, 1).to_value()
        };
        let of_value = forged(&format!("\"{title}\""), "\"Nothing happened\"");
        let of_salt = forged(&salt, &"0".repeat(32));
        for (what, blob) in [("value", of_value), ("salt", of_salt)] {
            let found = found_after(tx, |tx| {
                let sql = format!("UPDATE trail_entries SET disclosures = $1 WHERE seq = {seq}");
                change(tx, &sql, std::slice::from_ref(&blob))?;
                change(
                    tx,
                    "UPDATE cases SET title = 'Nothing happened' WHERE id = $1",
                    std::slice::from_ref(&id),
                )
            });
            let place = seq.to_string();
            assert!(places(&found).contains(&("trail_entries", place.as_str())), "{what}: {found:?}");
        }
        let found = found_after(tx, |tx| {
            let sql = "SELECT disclosures FROM trail_entries WHERE seq IN (2, 3) ORDER BY seq";
            let kept: Vec<Value> =
                query(tx, sql, &[])?.iter().filter_map(|row| row.values().first().cloned()).collect();
            for (seq, other) in [2, 3].into_iter().zip(kept.into_iter().rev()) {
                let sql = format!("UPDATE trail_entries SET disclosures = $1 WHERE seq = {seq}");
                change(tx, &sql, &[other])?;
            }
            Ok(())
        });
        for place in [("trail_entries", "2"), ("trail_entries", "3")] {
            assert!(places(&found).contains(&place), "{found:?}");
        }
    });
}

/// Everything that a store's trail consists of.
struct Trail {
    entries: Vec<Vec<Value>>,
    frontier: Frontier,
}

impl Trail {
    fn of(tx: &mut Tx) -> Self {
        let sql = format!("SELECT {} FROM trail_entries ORDER BY seq", trail::ENTRIES.columns.join(", "));
        let entries = query(tx, &sql, &[]).unwrap().iter().map(|row| row.values().to_vec()).collect();
        Self { entries, frontier: read::frontier(tx).unwrap().0 }
    }

    /// Puts it in the place of the trail that is there, the head made to fit.
    fn put(&self, tx: &mut Tx) {
        exec(tx, "DELETE FROM trail_entries", &[]).unwrap();
        tx.insert_rows(&trail::ENTRIES, trail::ENTRIES.columns, self.entries.iter().cloned()).unwrap();
        rewrite_head(tx).unwrap();
    }
}

fn trail_of(db: &Db) -> Trail {
    db.read(|tx| Ok::<_, StoreError>(Trail::of(tx))).unwrap()
}

/// Somebody's changes in a second unit.
fn changed(db: &Db, title: &str) {
    let title = Line::parse(title).unwrap();
    db.write(move |tx| -> Result<(), StoreError> {
        trail::begin(tx, act(3));
        let old = seed();
        let record = CaseRecord { title: title.clone(), ..(*old.cases[0]).clone() };
        case::save(tx, &old.cases[0], &Case::restore(record))?;
        settings::save(tx, &old.settings, old.settings.clone()).map(drop)
    })
    .unwrap();
}

fn the_trail_of_another_store_is_found(database: &TestDatabase) {
    let elsewhere = database.engine().database();
    let (own, other) = (seeded(database), seeded_in(&elsewhere, 5));
    changed(&own, "As it was here");
    changed(&other, "As it was elsewhere");
    let (own_trail, foreign) = (trail_of(&own), trail_of(&other));
    assert_eq!(own_trail.frontier.size(), foreign.frontier.size());
    intrude(&own, database, move |tx| {
        // The whole of it, its end behind our beginning, and its beginning before our end.
        for from in [0, own_trail.entries.len() - 2] {
            let (beginning, _) = own_trail.entries.split_at(from);
            let entries = [beginning, &foreign.entries[from..]].concat();
            Trail { entries, frontier: Frontier::new() }.put(tx);
            let found = findings(tx);
            assert!(places(&found).contains(&("cases", "CASE-2026-0002")), "from entry {from}: {found:?}");
        }
        let end = own_trail.entries.len() - 2;
        let entries = [&foreign.entries[..end], &own_trail.entries[end..]].concat();
        Trail { entries, frontier: Frontier::new() }.put(tx);
        // Its beginning is about the same rows, so that they fit; the tree tells the one from the other.
        assert_ne!(read::frontier(tx).unwrap().0.root(), own_trail.frontier.root());
    });
}

/// The rows as they were, with the trail as it was: nothing in the store says that there was more.
fn a_whole_store_put_back_is_found_by_a_checkpoint_alone(database: &TestDatabase) {
    let db = seeded(database);
    let tables = |tx: &mut Tx| -> Vec<_> { RECORDS.iter().map(|def| (*def, rows_of(tx, def))).collect() };
    let (rows, trail) = db.read(|tx| Ok::<_, StoreError>((tables(tx), Trail::of(tx)))).unwrap();
    changed(&db, "What nobody shall know");
    let checkpoint = trail_of(&db).frontier;
    intrude(&db, database, move |tx| {
        for (def, rows) in &rows {
            exec(tx, &format!("DELETE FROM {}", def.table.name), &[]).unwrap();
            tx.insert_rows(&def.table, def.table.columns, rows.iter().map(|row| typed(def, row))).unwrap();
        }
        trail.put(tx);
        assert_eq!(findings(tx), [], "by itself the store is sound");
        let now = read::frontier(tx).unwrap().0;
        assert!(
            now.size() < checkpoint.size(),
            "a checkpoint over {} entries says otherwise",
            checkpoint.size()
        );
    });
}

/// The values as a column's type has them; SQLite hands out numbers for truth values.
fn typed(def: &RecordDef, row: &[Value]) -> Vec<Value> {
    def.types.iter().zip(row).map(|(kind, value)| super::rows::typed(*kind, value)).collect()
}

/// Whoever can write to the database can write another trail for the rows, with salts of their own; only who knows
/// the old root can tell.
fn a_trail_made_anew_for_the_same_rows_is_found_by_a_checkpoint_alone(database: &TestDatabase) {
    let elsewhere = database.engine().database();
    let (own, other) = (seeded(database), seeded_in(&elsewhere, 5));
    let (checkpoint, made_anew) = (trail_of(&own).frontier, trail_of(&other));
    intrude(&own, database, move |tx| {
        made_anew.put(tx);
        assert_eq!(findings(tx), [], "by itself the store is sound");
        let now = read::frontier(tx).unwrap().0;
        assert_eq!(now.size(), checkpoint.size());
        assert_ne!(now.root(), checkpoint.root(), "a checkpoint over as many entries says otherwise");
    });
}
