//! While access is narrowed: readers who ask all the time, a second process on the same database, and an index that
//! lags behind.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use nevertwice_index::{Index, StoreIdentity, contents};
use nevertwice_service::error::Kind;
use nevertwice_service::setup;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{Cage, marker};
use crate::fixture::{Register, Story, hold, text};

nevertwice_testkit::on_each_engine!(
    no_answer_begun_after_a_narrowing_tells_of_the_case,
    a_second_process_knows_of_a_narrowing_at_once,
    a_search_is_refused_while_its_index_cannot_follow,
    a_search_ends_while_others_write_without_pause,
    a_narrowing_is_answered_once_the_index_has_it,
    a_narrowing_that_the_index_cannot_follow_is_written_all_the_same,
);

/// How often the case is opened and narrowed again while people read.
const ROUNDS: u64 = 12;
/// Those who read, one for each role that reads anything of cases.
const READERS: [&str; 6] = ["responder", "manager", "auditor", "board", "reporter", "sales"];

/// The same register, opened by a second process: its own data folder, and so its own index.
fn second_process(register: &Register, name: &str) -> Register {
    let folder = hold(&register.beside(name));
    register.with_service(setup::open(folder, register.url(), register.edge()).unwrap())
}

/// What lists, searches, counts and compares, about the words of the case and about everything.
fn questions(story: &Story, twin: &Story) -> Vec<(&'static str, Value)> {
    let mut questions = Vec::new();
    for query in [marker("title"), "zq*".to_owned(), "turbine".to_owned(), String::new()] {
        for list in ["list_cases", "list_actions", "list_lessons", "list_reviews"] {
            questions.push((list, json!({ "query": query, "limit": 50 })));
        }
        questions.push(("search", json!({ "query": query, "limit": 50, "offset": 0 })));
        questions.push(("facets", json!({ "query": query, "limit": 50 })));
        let by = ["class", "category", "month"];
        questions.push((
            "measure_volume",
            json!({ "query": query, "by": by, "date": "earliest", "register": false }),
        ));
    }
    questions.push(("find_similar", json!({ "case": twin.case, "limit": 10 })));
    questions.push(("show_case", json!({ "case": story.case })));
    questions.push(("show_review", json!({ "review": story.review })));
    questions.push(("show_lesson", json!({ "lesson": story.lesson })));
    questions.push(("show_action", json!({ "action": story.action })));
    questions
}

fn answer(register: &Register, user: &str, (name, input): &(&'static str, Value)) -> String {
    match register.ask(user, name, input.clone()) {
        Ok(outcome) => outcome.to_string(),
        Err(error) => serde_json::to_string(&error).unwrap(),
    }
}

fn answers(register: &Register, user: &str, questions: &[(&'static str, Value)]) -> Vec<String> {
    questions.iter().map(|question| answer(register, user, question)).collect()
}

fn restrict(register: &Register, case: &str, readers: &Value) {
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": readers }));
}

fn no_answer_begun_after_a_narrowing_tells_of_the_case(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let other = second_process(&cage.register, "second");
    let questions = questions(&canary, &cage.twin);
    let expected: Vec<Vec<String>> =
        READERS.iter().map(|user| answers(&cage.register, user, &questions)).collect();

    // Odd while the case is or may be open, even from the moment that a narrowing was acknowledged.
    let phase = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    let compared: u64 = std::thread::scope(|scope| {
        let readers: Vec<_> = READERS
            .iter()
            .zip(&expected)
            .flat_map(|reader| [(&cage.register, reader), (&other, reader)])
            .map(|(register, (user, expected))| {
                let (phase, done, questions) = (&phase, &done, &questions);
                scope.spawn(move || {
                    let mut compared = 0;
                    while !done.load(Ordering::SeqCst) {
                        for (question, expected) in questions.iter().zip(expected) {
                            let before = phase.load(Ordering::SeqCst);
                            let told = answer(register, user, question);
                            let narrow = before.is_multiple_of(2) && phase.load(Ordering::SeqCst) == before;
                            if narrow {
                                assert_eq!(&told, expected, "{user}, {question:?}, round {before}");
                                compared += 1;
                            }
                        }
                    }
                    compared
                })
            })
            .collect();
        let stopping = Stop(&done);
        for _ in 0..ROUNDS {
            phase.fetch_add(1, Ordering::SeqCst);
            restrict(&cage.register, &canary.case, &Value::Null);
            restrict(&cage.register, &canary.case, &json!(["listed"]));
            let narrowed = phase.fetch_add(1, Ordering::SeqCst) + 1;
            // Somebody reads in every round.
            answers(&other, "auditor", &questions[..8]);
            assert_eq!(phase.load(Ordering::SeqCst), narrowed);
        }
        drop(stopping);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert!(compared > 500, "only {compared} answers were begun after a narrowing");
}

/// Lets the readers end, also when the writer fails.
struct Stop<'d>(&'d AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn a_second_process_knows_of_a_narrowing_at_once(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let other = second_process(&cage.register, "second");
    let questions = questions(&canary, &cage.twin);
    let expected = answers(&other, "auditor", &questions);
    restrict(&cage.register, &canary.case, &Value::Null);
    assert_ne!(answers(&other, "auditor", &questions), expected, "an open case is found there");
    restrict(&cage.register, &canary.case, &json!(["listed"]));
    assert_eq!(answers(&other, "auditor", &questions), expected, "its first answer already");

    // A process that has never looked: its index is as old as its folder.
    let fresh = second_process(&cage.register, "third");
    assert_eq!(answers(&fresh, "auditor", &questions), expected);
}

fn a_search_is_refused_while_its_index_cannot_follow(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let other = second_process(&cage.register, "second");
    let questions = questions(&canary, &cage.twin);
    let expected = answers(&other, "auditor", &questions);
    restrict(&cage.register, &canary.case, &Value::Null);
    let open = answers(&other, "auditor", &questions);
    assert_ne!(open, expected);

    // From here on nobody can write to the second process's index: somebody else holds its lock.
    let held = second_process(&cage.register, "third");
    answers(&held, "auditor", &questions[..1]);
    let folder = cage.register.beside("third").join("index");
    let identity = StoreIdentity { store_id: held.service.info().id };
    let holder = Index::open(&folder, identity).unwrap().into_index();
    holder.apply(&[], holder.position().unwrap()).unwrap();
    restrict(&cage.register, &canary.case, &json!(["listed"]));

    for (name, input) in &questions {
        let error = match held.ask("auditor", name, input.clone()) {
            Ok(outcome) => panic!("{name} is answered by an index that is behind: {outcome}"),
            Err(error) => error,
        };
        let kind = if name.starts_with("show") { Kind::NotFound } else { Kind::Unavailable };
        assert_eq!(error.kind, kind, "{name}: {}", error.message);
        let said = serde_json::to_string(&error).unwrap();
        assert!(!said.contains(super::MARK), "{said}");
    }
    holder.release_writer();
    assert_eq!(answers(&held, "auditor", &questions), expected, "once it has caught up");
}

fn a_search_ends_while_others_write_without_pause(database: &TestDatabase) {
    /// So many that the search would have to wait very long for all of them.
    const MANY: u64 = 3_000;
    let register = Register::found(database);
    let case = json!({ "title": "somebody looks at it all the time" });
    let case = text(&register.ok("ada", "report_case", case), "reference");
    let (written, done) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) && written.load(Ordering::SeqCst) < MANY {
                let summary = format!("seen {} times", written.fetch_add(1, Ordering::SeqCst));
                let edit = json!({ "case": case, "summary": { "to": summary } });
                register.ok("ada", "edit_case", edit);
            }
        });
        let stopping = Stop(&done);
        while written.load(Ordering::SeqCst) < 10 {
            std::thread::yield_now();
        }
        let query = json!({ "query": "somebody", "limit": 5, "offset": 0 });
        for _ in 0..3 {
            assert_eq!(register.ok("ada", "search", query.clone())["total"], 1);
        }
        assert!(written.load(Ordering::SeqCst) < MANY, "the search waited for everything that was written");
        drop(stopping);
    });
}

/// Whether the words of the canary lie in the files of the index that everybody is answered from.
fn is_in_the_open(register: &Register) -> bool {
    let mut found = false;
    let folder = register.service.folder().index();
    contents(&folder, false, &mut |text| found |= text.to_lowercase().contains(super::MARK)).unwrap();
    found
}

fn a_narrowing_is_answered_once_the_index_has_it(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    restrict(&cage.register, &canary.case, &Value::Null);
    cage.register.ok("ada", "search", json!({ "query": "", "limit": 1, "offset": 0 }));
    assert!(is_in_the_open(&cage.register), "this way of looking finds an open case");
    restrict(&cage.register, &canary.case, &json!(["listed"]));
    assert!(!is_in_the_open(&cage.register), "nobody has searched since");

    let found = |user: &str| {
        let query = json!({ "query": "owner:me", "limit": 5 });
        cage.register.ok(user, "list_actions", query)["total"].as_u64().unwrap()
    };
    let before = (found("owner"), found("responder"));
    let hand_over = json!({ "action": cage.twin.action, "owner": "responder" });
    cage.register.ok("ada", "hand_over_action", hand_over);
    assert_eq!((found("owner"), found("responder")), (before.0 - 1, before.1 + 1));
}

fn a_narrowing_that_the_index_cannot_follow_is_written_all_the_same(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    restrict(&cage.register, &canary.case, &Value::Null);
    let held = second_process(&cage.register, "second");
    let query = json!({ "query": marker("title"), "limit": 5, "offset": 0 });
    assert_eq!(held.ok("auditor", "search", query.clone())["total"], 1);
    // That process lets go of its index and another one takes it.
    let held = held.reopened_after(|_| ());
    let identity = StoreIdentity { store_id: held.service.info().id };
    let holder = Index::open(&held.service.folder().index(), identity).unwrap().into_index();
    holder.apply(&[], holder.position().unwrap()).unwrap();
    restrict(&held, &canary.case, &json!(["listed"]));
    assert_eq!(held.refused("auditor", "search", query.clone()).kind, Kind::Unavailable);
    holder.release_writer();
    assert_eq!(held.ok("auditor", "search", query)["total"], 0);
}
