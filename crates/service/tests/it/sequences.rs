//! Calls in any order, by anybody: whatever the order, no case is closed with a link missing, no lesson is in use with nothing
//! to carry it, nobody approves or judges what is their own, and the first date of an action stays.

use std::collections::BTreeSet;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(no_order_of_calls_goes_around_the_loop);

/// How many orders are tried, and how many calls each has.
const ORDERS: u64 = 5;
const CALLS: usize = 90;

/// A seeded source of choices.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }

    fn of<'v>(&mut self, values: &[&'v str]) -> &'v str {
        values[self.below(values.len())]
    }
}

const PEOPLE: [&str; 5] = ["ada", "manager", "responder", "assigned", "owner"];
const LINKS: [&str; 7] = ["causes", "similar", "lessons", "actions", "effectiveness", "controls", "risks"];

fn no_order_of_calls_goes_around_the_loop(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("apart", &["manager"]);
    let risk = json!({ "title": "it happens again", "owner": "owner", "treatment": "mitigate", "likelihood": 2,
        "impact": 3, "why": "it did" });
    register.ok("ada", "new_risk", risk);
    let before = json!({ "title": "what was there before" });
    register.ok("ada", "report_case", before);
    let mut closed = 0;
    for order in 1..=ORDERS {
        let case = format!("CASE-2026-{:04}", order + 1);
        register.ok("ada", "report_case", json!({ "title": "something was lost" }));
        let mut chance = Chance(order);
        let mut rests = None;
        for _ in 0..CALLS {
            let who = chance.of(&PEOPLE);
            let (name, input) = call(&register, &mut chance, &case);
            let done = register.ask(who, name, input).is_ok();
            rests = follow(&register, &case, rests, name, done);
            closed += usize::from(done && name == "close_case");
        }
        closed += finish(&register, &case);
        // What it was closed on stays whatever is called then.
        for _ in 0..CALLS / 3 {
            let (name, input) = call(&register, &mut chance, &case);
            let done = name != "reopen_case" && register.ask(chance.of(&PEOPLE), name, input).is_ok();
            rests = follow(&register, &case, rests, name, done);
        }
        expect_rules(&register, &case);
    }
    assert!(closed > 0, "some orders lead to a closed case, or nothing is shown");
    register.expect_sound();
}

/// What three people who go on where the others stopped may call, again and again, until the case is closed or they give up.
fn finish(register: &Register, case: &str) -> usize {
    let mut chance = Chance(case.bytes().map(u64::from).sum());
    for round in 0..CALLS * 4 {
        let (name, input) = call(register, &mut chance, case);
        // Whoever had a part in something does not approve it, and both may have by now.
        let who = if name.starts_with("approve_") { "apart" } else { ["ada", "manager", "owner"][round % 3] };
        // They do not begin anything new, and decide nothing against what is there.
        let goes_on = !matches!(
            name,
            "new_review"
                | "new_lesson"
                | "new_action"
                | "not_doing_action"
                | "classify_case"
                | "retire_lesson"
                | "reopen_action"
                | "remove_declaration"
                | "reopen_case"
        );
        if goes_on && register.ask(who, name, input).is_ok() && name == "close_case" {
            Facts::read(register, case).expect_whole();
            return 1;
        }
    }
    0
}

/// A call that may or may not make sense now.
fn call(register: &Register, chance: &mut Chance, case: &str) -> (&'static str, Value) {
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let mut any = |list: &str| {
        let all = shown[list].as_array().cloned().unwrap_or_default();
        let at = chance.below(all.len().max(1));
        all.get(at).map_or(json!("NONE"), |one| one["reference"].clone())
    };
    let (review, lesson, action) = (any("reviews"), any("lessons"), any("actions"));
    let link = chance.of(&LINKS);
    let title = chance.of(&["Fit a new lock", "Train everybody on locks", "Alert when a door stands open"]);
    let class = chance.of(&["weakness", "incident", "near_miss"]);
    let level = 1 + chance.below(5);
    match chance.below(36) {
        0 => ("classify_case", json!({ "case": case, "class": class, "severity": level })),
        1 => ("respond_to_case", json!({ "case": case, "responder": "assigned" })),
        2 => ("resolve_case", json!({ "case": case })),
        3 => ("new_review", json!({ "case": case, "participants": ["board", "sales"] })),
        4 => (
            "add_why",
            json!({ "review": review, "statement": "The lock was old", "of_problem": true, "kind": "control",
            "confidence": "likely" }),
        ),
        5 => (
            "edit_why",
            json!({ "review": review, "number": "1",
            "end": { "to": { "changeable": true, "note": "a new one" } } }),
        ),
        6 => ("hold_review", json!({ "review": review })),
        7 => ("evaluate_review", json!({ "review": review, "went_well": "the alarm", "followed": "yes" })),
        8 => ("record_similar", json!({ "review": review, "hits": [], "finding": "none" })),
        9 => ("submit_review", json!({ "review": review })),
        10 | 11 => ("approve_review", json!({ "review": review })),
        12 => ("new_lesson", json!({ "case": case, "statement": "Locks age", "tags": [] })),
        13 => (
            "new_action",
            json!({ "case": case, "lesson": lesson, "title": title, "purpose": "corrective",
            "kind": "physical", "owner": "owner", "check_measure": "break-ins" }),
        ),
        14 | 15 => ("approve_lesson", json!({ "lesson": lesson })),
        16 => ("complete_action", json!({ "action": action, "evidence": "it is there" })),
        17 => (
            "check_action",
            json!({ "action": action, "outcome": chance.of(&["effective", "not_effective"]),
            "evidence": "seen",
            "early_reason": (level > 2).then_some("it was tried") }),
        ),
        18 => {
            let due = chance.of(&["2026-08-01", "2026-09-01", "2026-10-01"]);
            ("move_action", json!({ "action": action, "due_on": due, "reason": "the smith is ill" }))
        }
        19 => ("not_doing_action", json!({ "action": action, "reason": "too dear", "until": "2027-01-01" })),
        20 => (
            "cover_lesson",
            json!({ "lesson": lesson, "kind": "accepted_risk", "covered_by": "RSK-0001", "reason": "a guard" }),
        ),
        21 => ("approve_coverage", json!({ "lesson": lesson })),
        22 => ("declare_not_needed", json!({ "case": case, "link": link, "reason": "it was a test" })),
        23 => ("approve_declaration", json!({ "case": case, "link": link })),
        24 => match chance.below(3) {
            0 => ("waive_review", json!({ "review": review, "reason": "a test" })),
            1 => ("link_risk", json!({ "risk": "RSK-0001", "case": case })),
            _ => (
                "assess_risk",
                json!({ "risk": "RSK-0001", "likelihood": 2, "impact": 3, "why": "as it was", "case": case }),
            ),
        },
        25 => undoing(chance, case, link, &lesson, &action),
        26 => ("accept_risk", json!({ "risk": "RSK-0001" })),
        27 => (
            "cover_lesson",
            match chance.below(3) {
                0 => {
                    json!({ "lesson": lesson, "kind": "control_change", "covered_by": "A.5.27", "reason": "none" })
                }
                1 => {
                    json!({ "lesson": lesson, "kind": "control_change", "covered_by": "banana", "reason": "x" })
                }
                _ => {
                    json!({ "lesson": lesson, "kind": "existing_action", "covered_by": action, "reason": "x" })
                }
            },
        ),
        28 => ("link_lesson", json!({ "lesson": lesson, "case": "CASE-2026-0001" })),
        29 => ("edit_lesson", json!({ "lesson": lesson, "statement": "Locks age by use" })),
        30 => ("hand_over_action", json!({ "action": action, "owner": chance.of(&["owner", "assigned"]) })),
        _ => ("close_case", json!({ "case": case })),
    }
}

/// A call that would take a link back.
fn undoing(
    chance: &mut Chance,
    case: &str,
    link: &str,
    lesson: &Value,
    action: &Value,
) -> (&'static str, Value) {
    match chance.below(7) {
        0 => ("retire_lesson", json!({ "lesson": lesson, "reason": "no longer true" })),
        1 => ("unlink_lesson", json!({ "lesson": lesson, "case": case })),
        2 => ("reopen_action", json!({ "action": action })),
        3 => ("remove_declaration", json!({ "case": case, "link": link })),
        4 => ("not_doing_action", json!({ "action": action, "reason": "too dear", "until": "2020-01-01" })),
        5 => ("take_up_action", json!({ "action": action, "reason": "there is money now" })),
        _ => ("reopen_case", json!({ "case": case, "to_response": false, "reason": "it came back" })),
    }
}

/// What a case rests on while it is closed.
type Rests = Option<BTreeSet<String>>;

/// Looks at a case after a call: when it is closed everything is there, and as long as it is nothing of that goes.
fn follow(register: &Register, case: &str, rests: Rests, name: &str, done: bool) -> Rests {
    if !done {
        return rests;
    }
    let facts = Facts::read(register, case);
    if facts.case["state"] != "closed" {
        return None;
    }
    if name == "close_case" {
        facts.expect_whole();
        return Some(facts.rests());
    }
    if let Some(before) = &rests {
        let now = facts.rests();
        assert!(before.is_subset(&now), "{name} took {:?} from {case}", before.difference(&now));
    }
    rests.or_else(|| Some(facts.rests()))
}

/// What the records of a case say, each asked for by itself. Nothing here comes from the checklist that it is to check.
struct Facts {
    case: Value,
    reviews: Vec<Value>,
    lessons: Vec<Value>,
    actions: Vec<Value>,
    risk: Value,
    /// The actions that cover a lesson.
    covering: Vec<Value>,
}

impl Facts {
    fn read(register: &Register, case: &str) -> Self {
        let shown = register.ok("ada", "show_case", json!({ "case": case }));
        let each = |list: &str, name: &str, field: &str| -> Vec<Value> {
            let all = shown[list].as_array().unwrap();
            all.iter().map(|one| register.ok("ada", name, json!({ field: one["reference"] }))).collect()
        };
        let lessons = each("lessons", "show_lesson", "lesson");
        let said = lessons.iter().flat_map(|lesson| lesson["coverages"].as_array().unwrap());
        let by_action = said.filter(|one| one["kind"] == "existing_action");
        let covering = by_action
            .map(|one| register.ok("ada", "show_action", json!({ "action": one["covered_by"] })))
            .collect();
        Self {
            reviews: each("reviews", "show_review", "review"),
            actions: each("actions", "show_action", "action"),
            risk: register.ok("ada", "show_risk", json!({ "risk": "RSK-0001" })),
            case: shown,
            covering,
            lessons,
        }
    }

    /// Whether two people agreed that a link is not needed.
    fn agreed(&self, link: &str) -> bool {
        let all = self.case["declarations"].as_array().unwrap();
        all.iter().any(|one| {
            one["link"] == link && !one["approved_by"].is_null() && one["approved_by"] != one["declared_by"]
        })
    }

    /// Whether something covers a lesson now that somebody else approved.
    fn is_covered(&self, lesson: &Value) -> bool {
        lesson["coverages"].as_array().unwrap().iter().any(|one| {
            let holds = match one["kind"].as_str().unwrap() {
                "accepted_risk" => self.risk["state"] == "open" && !self.risk["accepted_by"].is_null(),
                "existing_action" => self.covering.iter().any(|action| {
                    action["reference"] == one["covered_by"]
                        && action["state"] != "not_doing"
                        && action["state"] != "not_effective"
                }),
                // None is ever recorded here.
                _ => false,
            };
            holds && !one["approved_by"].is_null() && one["approved_by"] != one["declared_by"]
        })
    }

    /// Lessons but those that were withdrawn as drafts.
    fn learned(&self) -> Vec<&Value> {
        let is_withdrawn = |one: &&Value| one["state"] == "retired" && one["approved_by"].is_null();
        self.lessons.iter().filter(|one| !is_withdrawn(one)).collect()
    }

    /// Every link that a case needs to be closed is there, or two people agreed that it is not needed.
    fn expect_whole(&self) {
        let case = &self.case["reference"];
        assert!(!self.reviews.is_empty(), "{case} has no review");
        for review in &self.reviews {
            let is_waived = review["state"] == "waived";
            assert!(is_waived || review["state"] == "approved", "{case}: {review}");
            assert!(is_waived || review["approved_by"] != review["facilitator"], "{case}: {review}");
            let is_looked = review["kind"] == "light" || review["similar"].is_object();
            assert!(is_waived || is_looked || self.agreed("similar"), "{case}: {review}");
        }
        self.expect_deep_enough();
        let has_cause = self.reviews.iter().any(|one| !one["causes"].as_array().unwrap().is_empty());
        assert!(has_cause || self.agreed("causes"), "{case} has no cause");
        let learned = self.learned();
        if !self.agreed("lessons") {
            assert!(!learned.is_empty(), "{case} has no lesson");
            let unapproved = learned.iter().find(|one| one["approved_by"].is_null());
            assert!(unapproved.is_none(), "{case}: {unapproved:?}");
        }
        if !self.agreed("actions") {
            self.expect_answered(&learned);
        }
        for risk in self.case["risks"].as_array().unwrap() {
            let looks = self.case["risk_assessments"].as_array().unwrap();
            let is_looked_at = looks.iter().any(|look| look["risk"] == risk["reference"]);
            assert!(is_looked_at || self.agreed("risks") || risk["state"] != "open", "{case}: {risk}");
        }
    }

    /// An incident was responded to, and one review at least is as deep as what the case turned out to be asks for, by the
    /// table of the procedure that comes with the program.
    fn expect_deep_enough(&self) {
        let case = &self.case;
        let level = case["severity"].as_u64().unwrap_or(3);
        let is = |class: &str| case["class"] == class;
        assert!(!is("incident") || case["resolved"].is_string(), "nobody resolved it: {case}");
        let wanted: &[&str] = match level {
            4.. if is("incident") => &["full"],
            _ if is("incident") => &["full", "five_whys"],
            4.. if is("near_miss") || is("weakness") => &["full", "five_whys"],
            _ => &["full", "five_whys", "light"],
        };
        let is_deep = |one: &Value| wanted.iter().any(|kind| one["kind"] == *kind);
        assert!(self.reviews.iter().any(is_deep), "no review is deep enough: {case}");
    }

    /// Something was done about it or covers all that was learned, and nothing that was learned lies idle.
    fn expect_answered(&self, learned: &[&Value]) {
        let case = &self.case["reference"];
        let is = |one: &Value, states: &[&str]| states.iter().any(|state| one["state"] == *state);
        let unfinished = self.actions.iter().find(|one| is(one, &["open", "in_progress"]));
        assert!(unfinished.is_none(), "{case}: {unfinished:?}");
        for one in self.actions.iter().filter(|one| is(one, &["not_doing"])) {
            assert!(one["not_doing_until"].as_str() > Some("2026-03-02"), "{case}: {one}");
        }
        let is_done = self.actions.iter().any(|one| is(one, &["done", "effective", "not_effective"]));
        let all_covered = !learned.is_empty() && learned.iter().all(|lesson| self.is_covered(lesson));
        assert!(is_done || all_covered, "{case} changed nothing: {:?}", self.actions);
        for lesson in learned.iter().filter(|one| !is(one, &["draft", "retired"])) {
            let own = lesson["actions"].as_array().unwrap();
            let is_acted_on = own.iter().any(|action| action["state"] != "not_doing");
            assert!(is_acted_on || self.is_covered(lesson), "{case}: {lesson}");
        }
        let wanted: Vec<&Value> = self.actions.iter().filter(|one| !is(one, &["not_doing"])).collect();
        let only_training = !wanted.is_empty() && wanted.iter().all(|one| one["strength"] == "train");
        let is_serious = self.case["severity"].as_u64().is_none_or(|level| level >= 4);
        assert!(!(is_serious && only_training), "{case} is answered by training alone");
    }

    /// What it was closed on.
    fn rests(&self) -> BTreeSet<String> {
        let of = |all: &[Value], states: &[&str]| -> Vec<String> {
            let kept = all.iter().filter(|one| states.iter().any(|state| one["state"] == *state));
            kept.map(|one| one["reference"].to_string()).collect()
        };
        let mut rests = BTreeSet::new();
        rests.extend(of(&self.reviews, &["approved", "waived"]));
        let learned = self.lessons.iter().filter(|one| !one["approved_by"].is_null());
        rests.extend(learned.map(|one| one["reference"].to_string()));
        rests.extend(of(&self.actions, &["done", "effective", "not_effective", "not_doing"]));
        let declared = self.case["declarations"].as_array().unwrap().iter();
        rests.extend(declared.filter(|one| !one["approved_by"].is_null()).map(|one| one["link"].to_string()));
        rests
    }
}

/// What holds of every lesson, action and review, whatever was called.
fn expect_rules(register: &Register, case: &str) {
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let all = |list: &str| shown[list].as_array().unwrap().clone();
    for one in all("lessons") {
        let lesson = register.ok("ada", "show_lesson", json!({ "lesson": one["reference"] }));
        let is_carried = !lesson["actions"].as_array().unwrap().is_empty()
            || lesson["coverages"].as_array().unwrap().iter().any(|one| !one["approved_by"].is_null());
        let was_approved = !lesson["approved_by"].is_null();
        assert!(!was_approved || is_carried, "{lesson}");
        assert!(was_approved || lesson["state"] == "draft" || lesson["state"] == "retired", "{lesson}");
        assert_ne!(lesson["author"], lesson["approved_by"], "{lesson}");
    }
    for one in all("actions") {
        let action = register.ok("ada", "show_action", json!({ "action": one["reference"] }));
        assert!(action["owner"].is_string() && action["due_on"].is_string(), "{action}");
        // What the first move moved it from is kept apart from what the action says of itself.
        let first = action["moves"].as_array().and_then(|moves| moves.first());
        let planned = first.map_or(&action["due_on"], |first| &first["from_on"]);
        assert_eq!(&action["original_due_on"], planned, "{action}");
        for check in action["checks"].as_array().unwrap() {
            assert_ne!(check["judged_by"], action["owner"], "{action}");
            let was_time = || text(check, "judged_at") >= text(check, "planned_on");
            let in_time = check["outcome"] != "effective" || check["early_reason"].is_string() || was_time();
            assert!(in_time, "found effective before anybody could tell: {action}");
        }
    }
    for one in all("reviews") {
        let review = register.ok("ada", "show_review", json!({ "review": one["reference"] }));
        assert_ne!(review["approved_by"], review["facilitator"], "{review}");
    }
}
