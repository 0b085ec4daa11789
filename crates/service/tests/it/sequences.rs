//! Calls in any order, by anybody: whatever the order, no case is closed with a link missing, no lesson is in use with nothing
//! to carry it, nobody approves or judges what is their own, and the first date of an action stays.

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::Register;

nevertwice_testkit::on_each_engine!(no_order_of_calls_goes_around_the_loop);

/// How many orders are tried, and how many calls each has.
const ORDERS: u64 = 5;
const CALLS: usize = 70;

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
    let mut closed = 0;
    for order in 1..=ORDERS {
        let case = format!("CASE-2026-{order:04}");
        register.ok("ada", "report_case", json!({ "title": "something was lost" }));
        let mut chance = Chance(order);
        for _ in 0..CALLS {
            let who = chance.of(&PEOPLE);
            let (name, input) = call(&register, &mut chance, &case);
            let done = register.ask(who, name, input).is_ok();
            if done && name == "close_case" {
                closed += 1;
                expect_whole(&register, &case);
            }
        }
        closed += finish(&register, &case);
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
            "new_review" | "new_lesson" | "new_action" | "not_doing_action" | "classify_case"
        );
        if goes_on && register.ask(who, name, input).is_ok() && name == "close_case" {
            expect_whole(register, case);
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
    match chance.below(26) {
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
            "evidence": "seen" }),
        ),
        18 => {
            ("move_action", json!({ "action": action, "due_on": "2026-09-01", "reason": "the smith is ill" }))
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
        _ => ("close_case", json!({ "case": case })),
    }
}

/// Every link that a case needs to be closed is there, or two people agreed that it is not needed.
fn expect_whole(register: &Register, case: &str) {
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    for line in &shown["checklist"]["lines"].as_array().unwrap()[..6] {
        assert!(line["state"] == "done" || line["state"] == "not_needed", "{case} is closed, but {line}");
    }
    for one in shown["declarations"].as_array().unwrap() {
        assert_ne!(one["declared_by"], one["approved_by"], "{one}");
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
        assert!(lesson["state"] == "draft" || is_carried, "{lesson}");
        assert_ne!(lesson["author"], lesson["approved_by"], "{lesson}");
    }
    for one in all("actions") {
        let action = register.ok("ada", "show_action", json!({ "action": one["reference"] }));
        assert!(action["owner"] == "owner" && action["due_on"].is_string(), "{action}");
        if action["moves"].as_array().is_some_and(|moves| !moves.is_empty()) {
            assert_ne!(action["original_due_on"], action["due_on"], "{action}");
        } else {
            assert_eq!(action["original_due_on"], action["due_on"], "{action}");
        }
        for check in action["checks"].as_array().unwrap() {
            assert_ne!(check["judged_by"], "owner", "{action}");
        }
    }
    for one in all("reviews") {
        let review = register.ok("ada", "show_review", json!({ "review": one["reference"] }));
        assert_ne!(review["approved_by"], review["facilitator"], "{review}");
    }
}
