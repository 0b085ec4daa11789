//! A restricted case full of words that are nowhere else: whoever is not on its list gets the same answers as if it were
//! not there, and never one of the words.

mod every_field;
mod narrowing;
mod questions;

use std::collections::BTreeSet;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{CALLERS, Register, Story, text};
use questions::{Answers, ask_everything};

nevertwice_testkit::on_each_engine!(
    who_is_shut_out_gets_the_answers_of_a_register_without_the_case,
    who_is_on_the_list_finds_every_word,
    a_shared_lesson_tells_nothing_of_the_restricted_case,
    a_bundle_holds_only_what_its_exporter_may_read,
    figures_of_the_whole_register_count_the_case_but_do_not_describe_it,
    an_import_does_not_tell_which_restricted_case_a_row_became,
    opening_the_case_shows_it_and_restricting_it_hides_it_again,
    an_open_part_of_a_restricted_incident_looks_like_a_case_of_its_own,
    every_part_of_a_large_incident_follows_when_it_is_restricted,
    what_stands_in_the_way_is_told_only_of_what_one_may_know,
    a_lesson_does_not_tell_of_the_actions_of_a_restricted_case,
);

/// In every word of the canary case, and nowhere else.
const MARK: &str = "canary";

/// A register with an open case, the twin of the canary in everything but its words.
struct Cage {
    register: Register,
    twin: Story,
    /// A restricted case brought in from elsewhere, full of words like the canary.
    imported: String,
}

impl Cage {
    fn new(database: &TestDatabase) -> Self {
        let register = Register::found(database);
        register.add_callers();
        register.add_person("listed", &["responder"]);
        register.ok("ada", "new_supplier", json!({ "name": "Northwind" }));
        register.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker" }));
        let region = json!({ "subject": "case", "label": "Region", "kind": "text", "choices": [] });
        register.ok("ada", "new_field", region);
        for (subject, label) in [("lesson", "Hint"), ("action", "Ticket")] {
            let field = json!({ "subject": subject, "label": label, "kind": "text", "choices": [] });
            register.ok("ada", "new_field", field);
        }
        let imported = every_field::import(&register);
        let twin = Story::tell(&register, &|what| plain(&squeezed(what)));
        link(&register, &twin, "plainregion");
        Self { register, twin, imported }
    }

    /// Tells the canary case, and restricts it to Ada and one other; and more cases that have what it does not have.
    fn add_canaries(&self) -> (Story, Vec<String>) {
        let canary = self.add_canary();
        let mut others = every_field::live_through(&self.register);
        others.push(self.imported.clone());
        (canary, others)
    }

    /// Tells the canary case, and restricts it to Ada and one other.
    fn add_canary(&self) -> Story {
        let canary = Story::tell(&self.register, &|what| format!("{} turbine gearbox", marker(what)));
        link(&self.register, &canary, &marker("region"));
        let part = json!({ "case": canary.case, "parent": self.twin.case });
        self.register.ok("ada", "part_of_case", part);
        canary.restrict_to(&self.register, &["listed"]);
        canary
    }

    fn show_twin(&self, user: &str) -> Option<Value> {
        self.register.ask(user, "show_case", json!({ "case": self.twin.case })).ok()
    }

    /// Everything that everybody is told, but for the version of the twin.
    fn everything_told(&self, canary: &Story) -> Vec<(&'static str, Answers)> {
        CALLERS
            .into_iter()
            .map(|caller| {
                let mut answers = ask_everything(&self.register, caller.user(), &self.twin, canary);
                for (_, answer) in &mut answers {
                    if let Ok(mut told) = serde_json::from_str::<Value>(answer) {
                        told.as_object_mut().map(|told| told.remove("version"));
                        *answer = told.to_string();
                    }
                }
                (caller.user(), answers)
            })
            .collect()
    }
}

/// A text of the twin. No two are of one length: which of two hits that fit equally well comes first depends on how the
/// index lies on the disk.
fn plain(what: &str) -> String {
    let length = what.bytes().fold(0, |sum, byte| (sum * 31 + usize::from(byte)) % 29);
    format!("plain{what} turbine gearbox{}", " rotor".repeat(length))
}

/// The canary word of a text.
fn marker(what: &str) -> String {
    format!("zq{}{MARK}", squeezed(what))
}

fn squeezed(what: &str) -> String {
    what.replace(' ', "")
}

fn link(register: &Register, story: &Story, region: &str) {
    let edit = json!({
        "case": story.case, "add_suppliers": ["Northwind"], "add_assets": [{ "asset": "Ranker" }],
        "fields": [["region", region]],
    });
    register.ok("ada", "edit_case", edit);
}

/// Fails if a text tells anything of the canary.
#[track_caller]
fn expect_silence(told: &str, canary: &Story, who: &str) {
    expect_none_of(told, &canary.references(), who);
}

/// Fails if a text tells anything of restricted cases with these references.
#[track_caller]
fn expect_none_of(told: &str, references: &[&str], who: &str) {
    for word in references.iter().copied().chain([MARK]) {
        assert!(!told.to_lowercase().contains(&word.to_lowercase()), "{who} is told {word}: {told}");
    }
}

fn who_is_shut_out_gets_the_answers_of_a_register_without_the_case(database: &TestDatabase) {
    let cage = Cage::new(database);
    // References are gapless, so those of the canary can be asked for before it is there.
    let expected = cage.twin.next();
    let viewers = || CALLERS.into_iter().map(|caller| caller.user());
    let before: Vec<(&str, Answers, Option<Value>)> = viewers()
        .map(|user| (user, ask_everything(&cage.register, user, &cage.twin, &expected), cage.show_twin(user)))
        .collect();
    let (canary, others) = cage.add_canaries();
    assert_eq!(canary.references(), expected.references());
    let mut references: Vec<&str> = canary.references().to_vec();
    references.extend(others.iter().map(String::as_str));

    let mut asked: BTreeSet<String> = BTreeSet::new();
    for (user, before, twin) in before {
        let after = ask_everything(&cage.register, user, &cage.twin, &canary);
        for ((question, before), (_, after)) in before.iter().zip(&after) {
            assert_eq!(after, before, "{user} sees a difference in {question}");
            if !question.contains(MARK) && !canary.references().iter().any(|r| question.contains(r)) {
                expect_none_of(after, &references, user);
            }
        }
        asked.extend(before.iter().filter_map(|(question, _)| question.split(' ').next()).map(str::to_owned));
        for (question, answer) in questions::ask_what_counts(&cage.register, user) {
            asked.insert(question.clone());
            expect_none_of(&answer, &references, &format!("{user}, asking {question},"));
        }
        assert_eq!(cage.show_twin(user), twin, "{user} sees a difference in the twin");
    }
    let unasked = questions::unasked(&asked);
    assert!(unasked.is_empty(), "nobody asks {unasked:?}");
}

fn who_is_on_the_list_finds_every_word(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    for user in ["ada", "listed"] {
        let shown = cage.register.ok(user, "show_case", json!({ "case": canary.case })).to_string();
        for what in [
            "title", "summary", "category", "tag", "method", "timeline", "source", "cost", "comment",
            "evidence", "custody", "problem", "why 1", "why 3", "lesson", "action", "region",
        ] {
            assert!(shown.contains(&marker(what)), "{user} does not see {what}: {shown}");
        }
        for what in ["title", "summary", "timeline", "comment", "evidence", "why 2", "lesson", "action"] {
            let found = cage.register.ok(
                user,
                "search",
                json!({
                    "query": format!("kind:case {}", marker(what)), "limit": 5, "offset": 0,
                }),
            );
            assert_eq!(found["total"], 1, "{user} does not find {what}");
            assert_eq!(text(&found["items"][0], "reference"), canary.case);
        }
        let answers = ask_everything(&cage.register, user, &cage.twin, &canary);
        let told = answers.iter().filter(|(_, answer)| answer.contains(MARK)).count();
        assert!(told > 20, "only {told} answers to {user} tell of the case");
        let shown = cage.show_twin(user).unwrap();
        assert_eq!(shown["parts"], json!([canary.case]));
    }
}

fn a_shared_lesson_tells_nothing_of_the_restricted_case(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let lesson = &cage.twin.lesson;
    cage.register.ok("ada", "link_lesson", json!({ "lesson": lesson, "case": canary.case }));
    let action = cage.register.ok(
        "ada",
        "new_action",
        json!({
            "case": canary.case, "lesson": lesson, "title": marker("second action"), "purpose": "corrective",
            "kind": "technical", "owner": "listed", "due_on": "2026-04-10",
        }),
    );
    let action = text(&action, "reference");
    for caller in CALLERS {
        let user = caller.user();
        let Ok(shown) = cage.register.ask(user, "show_lesson", json!({ "lesson": lesson })) else { continue };
        expect_silence(&shown.to_string(), &canary, user);
        assert!(!shown.to_string().contains(&action), "{user} is told of {action}: {shown}");
    }
    let shown = cage.register.ok("listed", "show_lesson", json!({ "lesson": lesson })).to_string();
    assert!(shown.contains(&canary.case) && shown.contains(&action), "who is on the list sees both: {shown}");
}

fn a_bundle_holds_only_what_its_exporter_may_read(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let export = |user: &str, cases: Value| {
        let out = cage.register.beside(&format!("{user}-{}.bundle", cases.as_array().unwrap().len()));
        let made = cage.register.ok(user, "export_bundle", json!({ "cases": cases, "out": out }));
        (made.to_string(), std::fs::read_to_string(&out).unwrap())
    };
    for user in ["manager", "auditor"] {
        for cases in [json!([]), json!([cage.twin.case])] {
            let (told, bundle) = export(user, cases);
            assert!(bundle.contains("plaintitle"), "the bundle holds the twin");
            expect_silence(&told, &canary, user);
            expect_silence(&bundle, &canary, user);
        }
    }
    // An administrator exports the trail, but reads no case by that role.
    let (_, bundle) = export("administrator", json!([]));
    assert!(!bundle.contains("plaintitle"), "an administrator reads a case");
    let (_, bundle) = export("ada", json!([]));
    assert!(bundle.contains(&marker("title")) && bundle.contains(&canary.case));
}

fn figures_of_the_whole_register_count_the_case_but_do_not_describe_it(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    cage.register.ok("ada", "part_of_case", json!({ "case": canary.case, "parent": null }));
    let volume = |user: &str, by: &str| {
        let figures = json!({ "by": [by], "date": "earliest", "query": "", "register": true });
        cage.register.ok(user, "measure_volume", figures)
    };
    for by in ["category", "class", "severity", "state", "year"] {
        let found = volume("auditor", by);
        assert_eq!(found["n"], 3, "every case is counted");
        assert_eq!(found["withheld"], 2, "a group of fewer than three gives the case away");
        expect_silence(&found.to_string(), &canary, "the auditor");
    }
    assert!(volume("ada", "category").to_string().contains(MARK), "who is on the list sees its group");
}

fn an_import_does_not_tell_which_restricted_case_a_row_became(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let log = register.beside("log.csv");
    std::fs::write(&log, "Ticket,Title,Reported\nT-1,One,2024-05-17\nT-2,Two,2024-05-18\n").unwrap();
    let import = || json!({ "file": log, "update": false, "dry_run": false });
    register.ok("ada", "import_spreadsheet", import());
    register.ok("ada", "restrict_case", json!({ "case": "CASE-2026-0002", "readers": [] }));

    let fates = |user: &str| {
        let again = register.ok(user, "import_spreadsheet", import());
        std::fs::read_to_string(text(&again, "fates_file")).unwrap()
    };
    let told = fates("manager");
    assert!(told.contains("CASE-2026-0001"), "{told}");
    assert!(!told.contains("CASE-2026-0002"), "{told}");
    assert!(fates("ada").contains("CASE-2026-0002"));
}

fn opening_the_case_shows_it_and_restricting_it_hides_it_again(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let found = || {
        let query = json!({ "query": marker("why 1"), "limit": 5, "offset": 0 });
        cage.register.ok("auditor", "search", query)["total"].as_u64().unwrap()
    };
    let restrict = |readers: Value| {
        cage.register.ok("ada", "restrict_case", json!({ "case": canary.case, "readers": readers }));
    };
    assert_eq!(found(), 0);
    restrict(Value::Null);
    assert!(found() > 0, "an open case is found");
    restrict(json!(["auditor"]));
    assert!(found() > 0, "who is on the list finds it");
    restrict(json!(["listed"]));
    assert_eq!(found(), 0);
}

/// Left out of figures as a part, it would tell that there is something behind it.
fn an_open_part_of_a_restricted_incident_looks_like_a_case_of_its_own(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    cage.register.ok("ada", "part_of_case", json!({ "case": canary.case, "parent": null }));
    let before = cage.everything_told(&canary);
    let part = json!({ "case": cage.twin.case, "parent": canary.case });
    cage.register.ok("ada", "part_of_case", part);
    for ((user, before), (_, after)) in before.iter().zip(cage.everything_told(&canary)) {
        for ((question, before), (_, after)) in before.iter().zip(after) {
            assert_eq!(&after, before, "{user} sees a difference in {question}");
        }
    }
    let left_out = || {
        let figures = json!({ "by": ["class"], "date": "earliest", "query": "", "register": false });
        let counted = cage.register.ok("auditor", "measure_volume", figures);
        counted["left_out"]["part_of"].as_u64().unwrap_or(0)
    };
    assert_eq!(left_out(), 0);
    cage.register.ok("ada", "restrict_case", json!({ "case": canary.case, "readers": null }));
    assert_eq!(left_out(), 1, "a part of an open incident is left out");
    canary.restrict_to(&cage.register, &["listed"]);
    assert_eq!(left_out(), 0, "the part is looked at again when the incident is restricted");
}

/// More parts than the index takes up at once.
fn every_part_of_a_large_incident_follows_when_it_is_restricted(database: &TestDatabase) {
    const PARTS: u64 = 600;
    let register = Register::found(database);
    let incident = text(&register.ok("ada", "report_case", json!({ "title": "the whole" })), "reference");
    let log = register.beside("log.csv");
    let rows: String = (1..=PARTS).map(|number| format!("T-{number},Part {number},2024-05-17\n")).collect();
    std::fs::write(&log, format!("Ticket,Title,Reported\n{rows}")).unwrap();
    register.ok("ada", "import_spreadsheet", json!({ "file": log, "update": false, "dry_run": false }));
    for number in 2..PARTS + 2 {
        let part = json!({ "case": format!("CASE-2026-{number:04}"), "parent": incident });
        register.ok("ada", "part_of_case", part);
    }
    let left_out = || {
        let figures = json!({ "by": ["class"], "date": "earliest", "query": "", "register": false });
        register.ok("ada", "measure_volume", figures)["left_out"]["part_of"].as_u64().unwrap_or(0)
    };
    for (readers, expected) in [(json!([]), 0), (Value::Null, PARTS)] {
        assert_eq!(left_out(), PARTS - expected);
        register.ok("ada", "restrict_case", json!({ "case": incident, "readers": readers }));
        register.ok("ada", "edit_case", json!({ "case": incident, "summary": { "to": "looked at again" } }));
        assert_eq!(left_out(), expected);
    }
}

fn what_stands_in_the_way_is_told_only_of_what_one_may_know(database: &TestDatabase) {
    let cage = Cage::new(database);
    // The canary becomes a part of the twin: the twin cannot become a part of another for those who know that.
    let canary = cage.add_canary();
    let report =
        |title: &str| text(&cage.register.ok("ada", "report_case", json!({ "title": title })), "reference");
    let (other, third) = (report("another"), report("a third"));
    let part = json!({ "case": cage.twin.case, "parent": other });
    let told = cage.register.refused("ada", "part_of_case", part.clone());
    assert_eq!(told.code, "case.has_parts");
    let shown = cage.register.ok("manager", "part_of_case", part);
    assert_eq!((&shown["part_of"], &shown["parts"]), (&json!(other), &json!([])));

    // The third becomes a part of the canary: only those who know that are told to name the canary.
    cage.register.ok("ada", "part_of_case", json!({ "case": canary.case, "parent": null }));
    cage.register.ok("ada", "part_of_case", json!({ "case": third, "parent": canary.case }));
    let part = json!({ "case": report("a fourth"), "parent": third });
    let told = cage.register.refused("ada", "part_of_case", part.clone());
    assert_eq!(told.code, "case.parent_is_part");
    cage.register.ok("manager", "part_of_case", part);
}

fn a_lesson_does_not_tell_of_the_actions_of_a_restricted_case(database: &TestDatabase) {
    let cage = Cage::new(database);
    let canary = cage.add_canary();
    let lesson = text(
        &cage.register.ok(
            "assigned",
            "new_lesson",
            json!({ "case": cage.twin.case, "statement": "a lesson without actions", "tags": [] }),
        ),
        "reference",
    );
    cage.register.ok("ada", "link_lesson", json!({ "lesson": lesson, "case": canary.case }));
    let found = |user: &str| {
        let query = json!({ "query": "without has:action", "limit": 5 });
        cage.register.ok(user, "list_lessons", query)["total"].as_u64().unwrap()
    };
    let plan = json!({
        "case": canary.case, "lesson": lesson, "title": marker("third action"), "purpose": "corrective",
        "kind": "technical", "owner": "listed", "due_on": "2026-04-10",
    });
    cage.register.ok("ada", "new_action", plan);
    for user in ["auditor", "manager", "responder"] {
        assert_eq!(found(user), 0, "{user}");
    }
    let plan = json!({
        "case": cage.twin.case, "lesson": lesson, "title": "in the open", "purpose": "corrective",
        "kind": "technical", "owner": "owner", "due_on": "2026-04-10",
    });
    cage.register.ok("ada", "new_action", plan);
    assert_eq!(found("auditor"), 1, "an action of an open case is told");
}
