//! What counts as a link of a case's loop: only what somebody else agreed to and what is in force.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_draft_that_was_retired_is_withdrawn_and_one_that_was_approved_was_learned,
    what_covers_a_lesson_is_a_change_that_was_recorded_or_a_risk_that_was_accepted,
    what_covers_a_lesson_is_as_hidden_as_the_case_that_it_hangs_on,
    a_coverage_lasts_as_long_as_what_it_names,
    a_case_of_which_nothing_planned_is_done_is_not_closed,
    a_decision_not_to_do_something_ends_on_its_day,
    a_lesson_that_comes_up_again_is_covered_by_what_was_done_for_it,
    one_lesson_covered_beside_one_acted_on_is_an_exception,
    what_a_closed_case_rests_on_stays_until_it_is_opened_again,
);

/// A weakness with a light review, approved, its lesson and its action.
struct Light {
    case: String,
    lesson: String,
    action: String,
}

impl Light {
    fn tell(register: &Register, title: &str) -> Self {
        let report = json!({ "title": title, "class": "weakness" });
        let case = text(&register.ok("own-reporter", "report_case", report), "reference");
        register.ok("ada", "classify_case", json!({ "case": case, "class": "weakness", "severity": 1 }));
        let review = text(&shown(register, &case)["reviews"][0], "reference");
        let light = json!({ "review": review, "cause": format!("{title} is older than its warranty"),
            "lesson": format!("{title}: it is changed before it breaks"), "action": format!("Fit a new one: {title}"),
            "action_kind": "physical", "owner": "owner" });
        register.ok("ada", "write_light_review", light);
        register.ok("manager", "approve_review", json!({ "review": review }));
        let told = shown(register, &case);
        let (lesson, action) =
            (text(&told["lessons"][0], "reference"), text(&told["actions"][0], "reference"));
        Self { case, lesson, action }
    }

    fn approve(&self, register: &Register) {
        register.ok("manager", "approve_lesson", json!({ "lesson": self.lesson }));
    }

    fn complete(&self, register: &Register) {
        register.ok("owner", "complete_action", json!({ "action": self.action, "evidence": "it is there" }));
    }

    fn not_doing(&self, register: &Register) {
        let put_off = json!({ "action": self.action, "reason": "too dear", "until": "2026-06-01" });
        register.ok("manager", "not_doing_action", put_off);
    }

    fn close(&self, register: &Register) -> Value {
        register.ok("manager", "close_case", json!({ "case": self.case }))
    }
}

fn begun(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_callers();
    register
}

fn shown(register: &Register, case: &str) -> Value {
    register.ok("ada", "show_case", json!({ "case": case }))
}

/// The codes of what stands between a case and *closed*.
fn missing(register: &Register, case: &str) -> Vec<String> {
    let shown = shown(register, case);
    shown["missing"].as_array().unwrap().iter().map(|one| text(one, "code")).collect()
}

fn is_exception(register: &Register, case: &str) -> bool {
    shown(register, case)["checklist"]["exception"] == true
}

fn orphans(register: &Register) -> Vec<String> {
    let list = register.ok("ada", "list_lesson_gaps", json!({ "gap": "orphan", "limit": 20 }));
    list["items"].as_array().unwrap().iter().map(|row| text(row, "reference")).collect()
}

fn draft(register: &Register, case: &str) -> String {
    let draft = json!({ "case": case, "statement": "a door that nobody watches is open", "tags": [] });
    text(&register.ok("ada", "new_lesson", draft), "reference")
}

fn cover(lesson: &str, kind: &str, by: &str) -> Value {
    json!({ "lesson": lesson, "kind": kind, "covered_by": by, "reason": "it does the same" })
}

/// Covers a lesson, has that approved, and the lesson too.
fn covered(register: &Register, lesson: &str, kind: &str, by: &str) {
    register.ok("ada", "cover_lesson", cover(lesson, kind, by));
    register.ok("manager", "approve_coverage", json!({ "lesson": lesson }));
    if text(&register.ok("ada", "show_lesson", json!({ "lesson": lesson })), "state") == "draft" {
        register.ok("manager", "approve_lesson", json!({ "lesson": lesson }));
    }
}

fn new_risk(register: &Register) -> String {
    let risk = json!({ "title": "the lock gives way", "owner": "owner", "treatment": "accept", "likelihood": 2,
        "impact": 3, "why": "it is old" });
    text(&register.ok("manager", "new_risk", risk), "reference")
}

fn a_draft_that_was_retired_is_withdrawn_and_one_that_was_approved_was_learned(database: &TestDatabase) {
    let register = begun(database);
    let lock = Light::tell(&register, "The lock");
    lock.complete(&register);
    let retire = |lesson: &str| {
        register.ok("manager", "retire_lesson", json!({ "lesson": lesson, "reason": "not needed" }));
    };
    retire(&lock.lesson);
    assert_eq!(missing(&register, &lock.case), ["lesson.missing"], "nobody ever approved it");
    let refused = register.refused("manager", "close_case", json!({ "case": lock.case }));
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "case.loop_incomplete"));

    let bell = Light::tell(&register, "The bell");
    bell.approve(&register);
    bell.complete(&register);
    let beside = draft(&register, &bell.case);
    assert_eq!(missing(&register, &bell.case), ["lesson.not_approved"]);
    retire(&beside);
    retire(&bell.lesson);
    assert_eq!(text(&bell.close(&register), "state"), "closed", "two people agreed that it was learned");
    register.expect_sound();
}

fn what_covers_a_lesson_is_a_change_that_was_recorded_or_a_risk_that_was_accepted(database: &TestDatabase) {
    let register = begun(database);
    let lock = Light::tell(&register, "The lock");
    let bare = draft(&register, &lock.case);
    let refused = |kind: &str, by: &str| {
        let error = register.refused("ada", "cover_lesson", cover(&bare, kind, by));
        assert_eq!(error.kind, Kind::Invalid, "{error:?}");
        error.code
    };
    assert_eq!(refused("control_change", "banana"), "coverage.no_control_change");
    assert_eq!(
        refused("control_change", "A.5.27"),
        "coverage.no_control_change",
        "nothing was changed in it"
    );
    assert_eq!(refused("accepted_risk", "banana"), "coverage.no_risk");
    assert_eq!(refused("accepted_risk", "RSK-0003"), "coverage.no_risk");
    let risk = new_risk(&register);
    assert_eq!(refused("accepted_risk", &risk), "coverage.risk_not_accepted");
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    register.ok("ada", "cover_lesson", cover(&bare, "accepted_risk", &risk));
    let again = json!({ "risk": risk, "likelihood": 4, "impact": 3, "why": "it gave way" });
    register.ok("manager", "assess_risk", again);
    let late = register.refused("manager", "approve_coverage", json!({ "lesson": bare }));
    assert_eq!(late.code, "coverage.risk_not_accepted", "what was accepted is not what it is now");
    register.ok("manager", "close_risk", json!({ "risk": risk, "reason": "the house is sold" }));
    assert_eq!(refused("accepted_risk", &risk), "coverage.risk_closed");

    register.ok("ada", "new_control", json!({ "title": "Two people enter" }));
    let change = |control: &str| {
        let change = json!({ "case": lock.case, "control": control, "before": "one", "after": "two" });
        text(&register.ok("ada", "new_control_change", change), "id")
    };
    change("C-1");
    let by_id = change("A.7.2");
    register.ok("ada", "cover_lesson", cover(&bare, "control_change", &by_id));
    let told = register.ok("ada", "show_lesson", json!({ "lesson": bare }));
    assert_eq!(told["coverages"][1]["covered_by"], "A.7.2", "{told}");
    register.ok("ada", "cover_lesson", cover(&bare, "control_change", "C-1"));
    register.ok("ada", "retire_control", json!({ "control": "C-1", "reason": "nobody enters" }));
    assert_eq!(refused("control_change", "C-1"), "coverage.control_not_used");
    register.expect_sound();
}

fn what_covers_a_lesson_is_as_hidden_as_the_case_that_it_hangs_on(database: &TestDatabase) {
    let register = begun(database);
    let (lock, bell) = (Light::tell(&register, "The lock"), Light::tell(&register, "The bell"));
    let change = json!({ "case": lock.case, "control": "A.7.2", "before": "one", "after": "two" });
    register.ok("ada", "new_control_change", change);
    register.ok("ada", "restrict_case", json!({ "case": lock.case, "readers": [] }));
    let bare = draft(&register, &bell.case);
    let hidden = register.refused("manager", "cover_lesson", cover(&bare, "control_change", "A.7.2"));
    assert_eq!(hidden.code, "coverage.no_control_change", "as if nothing had been changed");
    register.ok("ada", "cover_lesson", cover(&bare, "control_change", "A.7.2"));
    let seen = register.ok("manager", "show_lesson", json!({ "lesson": bare }));
    assert_eq!(seen["coverages"], json!([]));
    let blind = register.refused("manager", "approve_coverage", json!({ "lesson": bare }));
    assert_eq!(blind.code, "coverage.none_waits", "nobody approves what they may not know of");
    register.expect_sound();
}

fn a_coverage_lasts_as_long_as_what_it_names(database: &TestDatabase) {
    let register = begun(database);
    let risk = new_risk(&register);
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    register.ok("ada", "new_control", json!({ "title": "Two people enter" }));
    let other = Light::tell(&register, "The lock");
    let change = json!({ "case": other.case, "control": "C-1", "before": "one", "after": "two" });
    register.ok("ada", "new_control_change", change);
    let cases: Vec<(Light, &str, &str)> = vec![
        (Light::tell(&register, "The bell"), "existing_action", &other.action),
        (Light::tell(&register, "The fence"), "accepted_risk", &risk),
        (Light::tell(&register, "The gate"), "control_change", "C-1"),
    ];
    for (light, kind, by) in &cases {
        light.not_doing(&register);
        covered(&register, &light.lesson, kind, by);
        assert_eq!(missing(&register, &light.case), Vec::<String>::new(), "{kind}");
        light.close(&register);
        assert!(is_exception(&register, &light.case), "{kind}");
    }
    assert_eq!(orphans(&register), Vec::<String>::new());
    other.not_doing(&register);
    let again = json!({ "risk": risk, "likelihood": 4, "impact": 3, "why": "it gave way" });
    register.ok("manager", "assess_risk", again);
    register.ok("ada", "retire_control", json!({ "control": "C-1", "reason": "nobody enters" }));
    let mut idle: Vec<String> = cases.iter().map(|(light, ..)| light.lesson.clone()).collect();
    idle.insert(0, other.lesson);
    assert_eq!(orphans(&register), idle);
    for (light, kind, _) in &cases {
        let now = shown(&register, &light.case);
        let line = |link: &str| {
            let lines = now["checklist"]["lines"].as_array().unwrap();
            lines.iter().find(|line| line["link"] == link).unwrap().clone()
        };
        let codes: Vec<String> =
            line("actions")["missing"].as_array().unwrap().iter().map(|one| text(one, "code")).collect();
        assert_eq!(codes, ["action.none_carried_out", "lesson.not_at_work"], "{kind}: {now}");
        assert_ne!(line("effectiveness")["state"], "done", "{kind}");
        let lesson = register.ok("ada", "show_lesson", json!({ "lesson": light.lesson }));
        assert!(lesson["coverages"][0]["no_longer"].is_string(), "{kind}: {lesson}");
        let found = register.ok("ada", "list_cases", json!({ "query": "loop:actions", "limit": 9 }));
        assert!(!found.to_string().contains(&light.case), "{kind}: it is found no more as in place");
    }
    register.expect_sound();
}

fn a_case_of_which_nothing_planned_is_done_is_not_closed(database: &TestDatabase) {
    let register = begun(database);
    let lock = Light::tell(&register, "The lock");
    lock.approve(&register);
    lock.not_doing(&register);
    assert_eq!(missing(&register, &lock.case), ["action.none_carried_out", "lesson.not_at_work"]);
    let declare = json!({ "case": lock.case, "link": "actions", "reason": "the house is sold" });
    register.ok("ada", "declare_not_needed", declare);
    register.ok("manager", "approve_declaration", json!({ "case": lock.case, "link": "actions" }));
    lock.close(&register);
    assert!(is_exception(&register, &lock.case), "two people agreed");

    let bell = Light::tell(&register, "The bell");
    bell.not_doing(&register);
    let nothing = register.refused("manager", "approve_lesson", json!({ "lesson": bell.lesson }));
    assert_eq!(nothing.code, "lesson.no_action", "what is not done carries no lesson");
    register.expect_sound();
}

fn a_decision_not_to_do_something_ends_on_its_day(database: &TestDatabase) {
    let register = begun(database);
    let lock = Light::tell(&register, "The lock");
    let past = json!({ "action": lock.action, "reason": "too dear", "until": "2020-01-01" });
    let refused = register.refused("manager", "not_doing_action", past);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "action.until_not_ahead"));
    lock.approve(&register);
    lock.complete(&register);
    let more = json!({ "case": lock.case, "lesson": lock.lesson, "title": "Fit a camera", "purpose": "corrective",
        "kind": "technical", "owner": "owner", "check_measure": "break-ins" });
    let more = text(&register.ok("ada", "new_action", more), "reference");
    let put_off = json!({ "action": more, "reason": "too dear", "until": "2026-06-01" });
    register.ok("manager", "not_doing_action", put_off);
    assert_eq!(missing(&register, &lock.case), Vec::<String>::new());
    assert!(is_exception(&register, &lock.case), "something planned is not done");
    let view = shown(&register, &lock.case);
    let camera =
        view["actions"].as_array().unwrap().iter().find(|one| one["reference"] == more.as_str()).unwrap();
    let why = ["not_doing_reason", "not_doing_by", "not_doing_until"].map(|field| text(camera, field));
    assert_eq!(why, ["too dear", "manager", "2026-06-01"], "the case says why");
    register.clock.forward_days(92);
    assert_eq!(missing(&register, &lock.case), ["action.decide_again"]);
    let refused = register.refused("manager", "close_case", json!({ "case": lock.case }));
    assert!(refused.message.contains(&more), "{}", refused.message);
    register.ok(
        "manager",
        "renew_not_doing",
        json!({ "action": more, "reason": "still", "until": "2027-06-01" }),
    );
    lock.close(&register);
    register.expect_sound();
}

fn a_lesson_that_comes_up_again_is_covered_by_what_was_done_for_it(database: &TestDatabase) {
    let register = begun(database);
    let lock = Light::tell(&register, "The lock");
    lock.approve(&register);
    let bell = Light::tell(&register, "The bell");
    register.ok("ada", "link_lesson", json!({ "lesson": lock.lesson, "case": bell.case }));
    bell.not_doing(&register);
    register.ok(
        "manager",
        "retire_lesson",
        json!({ "lesson": bell.lesson, "reason": "it is there already" }),
    );
    assert_eq!(
        missing(&register, &bell.case),
        ["action.none_carried_out"],
        "it is at work, but not for this"
    );
    let own = cover(&lock.lesson, "existing_action", &lock.action);
    let unfinished = register.refused("ada", "cover_lesson", own.clone());
    assert_eq!(unfinished.code, "coverage.own_action_unfinished");
    lock.complete(&register);
    let plan = json!({ "action": lock.action, "measure": "break-ins", "planned_on": "2026-03-02" });
    let unsaid = register.refused("ada", "plan_check", plan);
    assert_eq!(kind_and_code(&unsaid), (Kind::Invalid, "check.pulled_forward"), "no delay is skipped unsaid");
    let plan = json!({ "action": lock.action, "measure": "break-ins", "planned_on": "2026-03-02",
        "reason": "a locksmith tried it today" });
    register.ok("ada", "plan_check", plan);
    let judge = json!({ "action": lock.action, "outcome": "effective", "evidence": "nobody came in" });
    register.ok("manager", "check_action", judge);
    register.ok("ada", "cover_lesson", own);
    assert_eq!(missing(&register, &bell.case), ["action.none_carried_out"], "nobody approved it yet");
    register.ok("manager", "approve_coverage", json!({ "lesson": lock.lesson }));
    bell.close(&register);
    assert!(is_exception(&register, &bell.case), "somebody decided that it is enough");
    lock.close(&register);
    assert!(!is_exception(&register, &lock.case), "where the action was planned it is none");
    register.expect_sound();
}

fn one_lesson_covered_beside_one_acted_on_is_an_exception(database: &TestDatabase) {
    let register = begun(database);
    let (other, lock) = (Light::tell(&register, "The bell"), Light::tell(&register, "The lock"));
    lock.approve(&register);
    lock.complete(&register);
    assert!(!is_exception(&register, &lock.case));
    let bare = draft(&register, &lock.case);
    covered(&register, &bare, "existing_action", &other.action);
    lock.close(&register);
    assert!(is_exception(&register, &lock.case));
    let found = register.ok("ada", "list_cases", json!({ "query": "loop:exception", "limit": 5 }));
    assert_eq!(found["items"][0]["reference"], json!(lock.case), "{found}");
    register.expect_sound();
}

fn what_a_closed_case_rests_on_stays_until_it_is_opened_again(database: &TestDatabase) {
    let register = begun(database);
    let (lock, bell) = (Light::tell(&register, "The lock"), Light::tell(&register, "The bell"));
    for light in [&lock, &bell] {
        light.approve(&register);
        light.complete(&register);
    }
    register.ok("ada", "link_lesson", json!({ "lesson": bell.lesson, "case": lock.case }));
    let put_off = json!({ "case": lock.case, "title": "Fit a camera", "purpose": "corrective", "kind": "technical",
        "owner": "owner", "check_measure": "break-ins" });
    let put_off = text(&register.ok("ada", "new_action", put_off), "reference");
    let decide = json!({ "action": put_off, "reason": "too dear", "until": "2027-01-01" });
    register.ok("manager", "not_doing_action", decide);
    let worked = json!({ "case": lock.case, "control": "A.7.2", "performance": "failed" });
    register.ok("ada", "add_performance", worked);
    for link in ["risks", "effectiveness"] {
        register.ok(
            "ada",
            "declare_not_needed",
            json!({ "case": lock.case, "link": link, "reason": "none" }),
        );
    }
    register.ok("manager", "approve_declaration", json!({ "case": lock.case, "link": "risks" }));
    lock.close(&register);

    let undoing = [
        ("owner", "reopen_action", json!({ "action": lock.action })),
        ("manager", "take_up_action", json!({ "action": put_off, "reason": "there is money now" })),
        ("manager", "remove_declaration", json!({ "case": lock.case, "link": "risks" })),
        ("manager", "unlink_lesson", json!({ "lesson": bell.lesson, "case": lock.case })),
        ("manager", "remove_performance", json!({ "case": lock.case, "control": "A.7.2" })),
    ];
    for (who, name, input) in &undoing {
        let refused = register.refused(who, name, input.clone());
        assert_eq!(kind_and_code(&refused), (Kind::Conflict, "case.is_closed"), "{name}");
    }
    let unapproved = json!({ "case": lock.case, "link": "effectiveness" });
    register.ok("manager", "remove_declaration", unapproved);
    let reopen = json!({ "case": lock.case, "to_response": false, "reason": "a second door" });
    register.ok("manager", "reopen_case", reopen);
    for (who, name, input) in &undoing {
        register.ok(who, name, input.clone());
    }
    register.expect_sound();
}
