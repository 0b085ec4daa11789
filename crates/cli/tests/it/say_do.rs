//! What we say and what we do, of the sample company: the figures of the program beside a count of the rows that an archive
//! holds, made here anew.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::scratch::Scratch;

/// How often something was kept, broken, is ahead and was waived.
type Figures = [u64; 4];
/// The figures by the words that tell a promise from the others.
type Told = BTreeMap<String, Figures>;

const KEPT: usize = 0;
const BROKEN: usize = 1;
const AHEAD: usize = 2;
const WAIVED: usize = 3;

#[test]
fn the_figures_of_the_sample_are_those_of_an_independent_count() {
    let scratch = Scratch::empty();
    scratch.json(&["demo"]);
    let archive = scratch.path("archive");
    scratch.ok(&["export", "archive", archive.to_str().unwrap()]);
    let rows = Rows::read(&archive);
    let mut compared = 0;
    for (number, version) in ["shipped", "PRC-0001", "PRC-0002"].into_iter().enumerate() {
        let shown = scratch.json(&["procedure", "say-do", version]);
        let today = shown["as_of"].as_str().unwrap();
        let counted = rows.counted(number as u64, today);
        let mut rule = 0;
        for promise in shown["promises"].as_array().unwrap() {
            let Some(name) = name_of(promise, &mut rule) else { continue };
            let figures = ["kept", "broken", "ahead", "waived"].map(|word| promise[word].as_u64().unwrap());
            let expected = counted.get(&name).copied().unwrap_or_default();
            assert_eq!(figures, expected, "{version}: {}", promise["text"]);
            compared += figures.iter().sum::<u64>();
        }
        let known = counted.len();
        assert!(number == 0 || known >= 10, "{version}: {known} kinds of promises were counted");
    }
    assert!(compared >= 300, "{compared} outcomes were compared");
}

/// By which words a promise is counted here; none for what the program makes sure of or does not measure.
fn name_of(promise: &Value, rule: &mut u64) -> Option<String> {
    let text = promise["text"].as_str().unwrap();
    let has = |words: &str| text.contains(words);
    let severity = || text.split("severity ").nth(1).map(|rest| rest[..1].to_owned());
    match promise["part"].as_str().unwrap() {
        "reviews" if has("working days") => {
            *rule += 1;
            Some(format!("review {rule}"))
        }
        "actions" if has("are due within") => Some(format!("due {}", severity()?)),
        "actions" if has("are completed within") => Some(format!("done {}", severity()?)),
        "actions" if has("is judged within") => Some(format!("judged {}", severity()?)),
        "targets" => {
            let targets = [
                ("whose review is due have been reviewed", "reviewed"),
                ("held by the day that they were due at first", "on time"),
                ("have a known cause", "known"),
                ("by their original due date", "kept date"),
                ("were found effective", "effective"),
                ("do not depend on people remembering", "strong"),
            ];
            targets.into_iter().find(|(words, _)| has(words)).map(|(_, name)| name.to_owned())
        }
        _ => None,
    }
}

/// What an archive holds of the records that are counted.
struct Rows {
    cases: Vec<Value>,
    reviews: Vec<Value>,
    also: Vec<Value>,
    causes: Vec<Value>,
    actions: Vec<Value>,
}

impl Rows {
    fn read(archive: &Path) -> Rows {
        let table = |name: &str| -> Vec<Value> {
            let text = std::fs::read_to_string(archive.join(format!("{name}.jsonl"))).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        Rows {
            cases: table("cases"),
            reviews: table("reviews"),
            also: table("review_cases"),
            causes: table("causes"),
            actions: table("actions"),
        }
    }

    fn counted(&self, procedure: u64, today: &str) -> Told {
        let mut told = Told::new();
        for action in self.of(&self.actions, procedure) {
            let severity = &action["procedure_severity"];
            let (due, check) = (day(action, "latest_due_on"), day(action, "latest_check_on"));
            let (done, judged) = (day(action, "completed_on"), day(action, "judged_on"));
            let is_waived = action["state"] == "not_doing";
            let mut add = |name: String, outcome: usize| {
                told.entry(name).or_default()[if is_waived { WAIVED } else { outcome }] += 1;
            };
            let is_late = day(action, "due_on") > due;
            add(format!("due {severity}"), if is_late { BROKEN } else { KEPT });
            add(format!("done {severity}"), by(done, due, today));
            add(format!("judged {severity}"), by(judged, check, today));
            add("kept date".to_owned(), by(done, day(action, "original_due_on"), today));
            let effect = match action["state"].as_str().unwrap() {
                "effective" => KEPT,
                "not_effective" => BROKEN,
                _ => AHEAD,
            };
            add("effective".to_owned(), effect);
            let is_weak = ["train", "procedure"].iter().any(|weak| action["strength"] == *weak);
            add("strong".to_owned(), if is_weak { BROKEN } else { KEPT });
        }
        for review in self.of(&self.reviews, procedure) {
            let held = by(day(review, "held_on"), day(review, "due_on"), today);
            let outcome = if review["state"] == "waived" { WAIVED } else { held };
            // What began by hand under a version began under none of its rules.
            let rule = review["procedure_rule"].as_u64().unwrap_or_default();
            // "Incidents: a review within 15 days of being resolved" says nothing of a trend of several cases.
            if review["scope"] != "trend" {
                told.entry(format!("review {rule}")).or_default()[outcome] += 1;
            }
            told.entry("on time".to_owned()).or_default()[outcome] += 1;
        }
        self.of_cases(procedure, today, &mut told);
        told
    }

    /// A case is as good as the worst of its reviews.
    fn of_cases(&self, procedure: u64, today: &str, told: &mut Told) {
        for case in self.cases.iter().filter(|case| case["state"] != "void") {
            let is_of = |review: &Value| {
                let joined =
                    |link: &&Value| link["review_id"] == review["id"] && link["case_id"] == case["id"];
                review["case_id"] == case["id"] || self.also.iter().any(|link| joined(&link))
            };
            let asked: Vec<&Value> = self
                .reviews
                .iter()
                .filter(|one| one["procedure_number"] == procedure && one["scope"] != "trend" && is_of(one))
                .collect();
            if asked.is_empty() {
                continue;
            }
            let open = |one: &&&Value| one["state"] != "approved" && one["state"] != "waived";
            let is_over = |one: &&Value| day(one, "due_on").is_some_and(|due| due < today);
            let outcome = match asked.iter().filter(open).map(is_over).max() {
                None => KEPT,
                Some(false) => AHEAD,
                Some(true) => BROKEN,
            };
            told.entry("reviewed".to_owned()).or_default()[outcome] += 1;
            let approved: Vec<_> = asked.into_iter().filter(|one| one["state"] == "approved").collect();
            if !approved.is_empty() {
                let sure =
                    |cause: &&Value| cause["confidence"] == "confirmed" || cause["confidence"] == "likely";
                let is_known = self
                    .causes
                    .iter()
                    .filter(sure)
                    .any(|cause| approved.iter().any(|review| review["id"] == cause["review_id"]));
                told.entry("known".to_owned()).or_default()[if is_known { KEPT } else { BROKEN }] += 1;
            }
        }
    }

    /// Those of a version whose case is not void.
    fn of<'r>(&'r self, records: &'r [Value], procedure: u64) -> impl Iterator<Item = &'r Value> {
        let is_void = |record: &Value| {
            self.cases.iter().any(|case| case["id"] == record["case_id"] && case["state"] == "void")
        };
        records.iter().filter(move |one| one["procedure_number"] == procedure && !is_void(one))
    }
}

fn day<'r>(record: &'r Value, field: &str) -> Option<&'r str> {
    record[field].as_str()
}

/// Whether something was done by a day.
fn by(done: Option<&str>, last: Option<&str>, today: &str) -> usize {
    let last = last.expect("what was promised has a day");
    match done {
        Some(done) if done <= last => KEPT,
        None if last >= today => AHEAD,
        _ => BROKEN,
    }
}
