//! Nobody approves or judges what they had a part in, however it came to be theirs; and only whom the procedure names leads
//! a review.

use nevertwice_service::archive::{self, Wish};
use nevertwice_service::clock::Clock;
use nevertwice_service::error::Kind;
use nevertwice_service::setup;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, hold, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    whoever_reworded_a_lesson_does_not_approve_it,
    whoever_wrote_a_part_of_a_review_does_not_approve_it,
    whoever_sat_in_the_meeting_or_sent_it_back_approves_a_review,
    whoever_led_a_review_before_does_not_approve_it,
    whoever_owned_an_action_decides_nothing_about_it,
    what_changes_after_the_first_approval_is_approved_again,
    a_register_that_came_with_an_archive_knows_who_contributed,
    a_manager_leads_what_the_procedure_has_led_by_one,
);

/// A told case with two more managers, `second` and `third`.
fn told(database: &TestDatabase) -> (Register, Story) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("second", &["manager"]);
    register.add_person("third", &["manager"]);
    let story = Story::tell(&register, &|what| format!("a {what} that the company can change"));
    (register, story)
}

#[track_caller]
fn own_work(register: &Register, user: &str, name: &str, input: Value) {
    let error = register.refused(user, name, input);
    assert_eq!(kind_and_code(&error), (Kind::Forbidden, "own_work"), "{name}: {}", error.message);
}

/// What is asked of somebody in one way.
fn asked(register: &Register, user: &str, ask: &str) -> Vec<String> {
    let work = register.ok(user, "show_work", json!({}));
    let rows = work["items"].as_array().unwrap().iter().filter(|row| row["ask"] == ask);
    rows.map(|row| text(row, "reference")).collect()
}

/// The review, held and submitted by whoever wrote it.
fn submitted(register: &Register, story: &Story) {
    register.ok("assigned", "hold_review", json!({ "review": story.review }));
    register.ok("assigned", "submit_review", json!({ "review": story.review }));
}

fn whoever_reworded_a_lesson_does_not_approve_it(database: &TestDatabase) {
    let (register, story) = told(database);
    let lesson = json!({ "lesson": story.lesson });
    let may = |user: &str| register.ok(user, "show_lesson", lesson.clone())["may"].clone();
    assert!(may("second").to_string().contains("approve"));
    register.ok("second", "edit_lesson", json!({ "lesson": story.lesson, "tags": ["mail"] }));
    assert!(may("second").to_string().contains("approve"), "a tag is none of its words");
    let reworded = json!({ "lesson": story.lesson, "statement": "A mail from a stranger is read twice" });
    register.ok("second", "edit_lesson", reworded);
    assert!(!may("second").to_string().contains("approve"), "no way is shown that ends at a refusal");
    own_work(&register, "second", "approve_lesson", lesson.clone());
    assert!(asked(&register, "second", "approve_lesson").is_empty());
    assert_eq!(asked(&register, "manager", "approve_lesson"), [story.lesson.as_str()]);
    own_work(&register, "assigned", "approve_lesson", lesson.clone());
    register.ok("manager", "approve_lesson", lesson);
}

fn whoever_wrote_a_part_of_a_review_does_not_approve_it(database: &TestDatabase) {
    let parts = [
        (
            "add_why",
            json!({ "statement": "nobody looks at the update server", "of_problem": true,
            "kind": "organisational_factor", "evidence": "the log", "confidence": "confirmed",
            "end": { "changeable": true, "note": "an alarm on its silence" } }),
        ),
        ("edit_why", json!({ "number": "2", "statement": "another cause that the company can change" })),
        ("edit_cause_link", json!({ "cause": "3", "effect": "1", "kind": "made_more_likely" })),
        ("hold_review", json!({ "minutes": { "to": "we talked about it" } })),
        ("evaluate_review", json!({ "went_well": "the alarm", "followed": "yes" })),
        ("record_similar", json!({ "hits": [], "finding": "one two years ago" })),
    ];
    let (register, first) = told(database);
    let mut story = first;
    for (name, mut part) in parts {
        part["review"] = json!(story.review);
        register.ok("second", name, part);
        submitted(&register, &story);
        let review = json!({ "review": story.review });
        own_work(&register, "second", "approve_review", review.clone());
        assert!(!asked(&register, "second", "approve_review").contains(&story.review), "{name}");
        assert!(asked(&register, "manager", "approve_review").contains(&story.review), "{name}");
        register.ok("manager", "approve_review", review);
        story = Story::tell(&register, &|what| format!("a {what} that the company can change"));
    }
}

fn whoever_sat_in_the_meeting_or_sent_it_back_approves_a_review(database: &TestDatabase) {
    let (register, story) = told(database);
    let hold = json!({ "review": story.review, "participants": ["manager", "sales", "assigned"] });
    register.ok("assigned", "hold_review", hold);
    register.ok("assigned", "submit_review", json!({ "review": story.review }));
    register.ok("manager", "send_review_back", json!({ "review": story.review, "reason": "one why more" }));
    register.ok("assigned", "submit_review", json!({ "review": story.review }));
    register.ok("manager", "approve_review", json!({ "review": story.review }));
}

fn whoever_led_a_review_before_does_not_approve_it(database: &TestDatabase) {
    let (register, story) = told(database);
    let hand_over = |from: &str, to: &str| {
        let done = register.ok("manager", "hand_over_everything", json!({ "person": from, "to": to }));
        assert!(done["done"].to_string().contains(&story.review), "{done}");
    };
    hand_over("ada", "third");
    hand_over("third", "second");
    register.ok("assigned", "hold_review", json!({ "review": story.review }));
    hand_over("second", "ada");
    register.ok("assigned", "submit_review", json!({ "review": story.review }));
    own_work(&register, "second", "approve_review", json!({ "review": story.review }));
    register.ok("third", "approve_review", json!({ "review": story.review }));
}

fn whoever_owned_an_action_decides_nothing_about_it(database: &TestDatabase) {
    let (register, story) = told(database);
    for owner in ["second", "third"] {
        register.ok("ada", "hand_over_action", json!({ "action": story.action, "owner": owner }));
    }
    let not_doing = json!({ "action": story.action, "reason": "dear", "until": "2026-05-01" });
    own_work(&register, "second", "not_doing_action", not_doing.clone());
    register.ok("manager", "not_doing_action", not_doing);
    register.clock.forward_days(90);
    assert!(asked(&register, "second", "decide_again").contains(&story.action), "it can be taken up");
    let renewed = json!({ "action": story.action, "reason": "still dear", "until": "2027-01-01" });
    own_work(&register, "second", "renew_not_doing", renewed);
    let take_up = json!({ "action": story.action, "due_on": "2026-06-10", "reason": "after all" });
    register.ok("manager", "take_up_action", take_up);

    let plan = json!({ "action": story.action, "measure": "alarms", "judge": "second" });
    let refused = register.refused("ada", "plan_check", plan);
    assert_eq!((refused.code.as_str(), refused.fields[0].field.as_str()), ("check.owner_judges", "judge"));
    register.ok("third", "complete_action", json!({ "action": story.action, "evidence": "it rang" }));
    register.clock.forward_days(90);
    let judge = json!({ "action": story.action, "outcome": "effective", "evidence": "no such mail since",
        "early_reason": "a test mail was caught" });
    own_work(&register, "second", "check_action", judge.clone());
    assert!(asked(&register, "second", "judge").is_empty());
    assert_eq!(asked(&register, "manager", "judge"), [story.action.as_str()]);
    register.ok("manager", "check_action", judge);
}

fn what_changes_after_the_first_approval_is_approved_again(database: &TestDatabase) {
    let (register, _) = told(database);
    let rules =
        json!({ "reviews": ["any: five_whys within 5 days, 1 person, led by responder, 2 approvals"] });
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "two approvals" }));
    let procedure = json!({ "procedure": draft["reference"] });
    register.ok("ada", "edit_procedure", json!({ "procedure": draft["reference"], "rules": rules }));
    register.ok("ada", "submit_procedure", procedure);
    let from = json!({ "procedure": draft["reference"], "effective_on": "2026-03-02" });
    register.ok("manager", "approve_procedure", from);
    let story = Story::tell(&register, &|what| format!("a {what} that the company can change"));
    submitted(&register, &story);
    let review = json!({ "review": story.review });
    let first_approved_by = || register.ok("ada", "show_review", review.clone())["first_approved_by"].clone();
    register.ok("manager", "approve_review", review.clone());
    assert_eq!(first_approved_by(), json!("manager"));
    let look = json!({ "review": story.review, "hits": [], "finding": "one after all" });
    register.ok("ada", "record_similar", look);
    assert_eq!(first_approved_by(), Value::Null, "what was approved is not what stands there");
    register.ok("second", "approve_review", review.clone());
    register.ok("manager", "hand_over_everything", json!({ "person": "ada", "to": "third" }));
    assert_eq!(first_approved_by(), Value::Null, "nor is who answers for it");
    register.ok("second", "approve_review", review.clone());
    let approved = register.ok("manager", "approve_review", review);
    assert_eq!(text(&approved, "state"), "approved");
}

fn a_register_that_came_with_an_archive_knows_who_contributed(database: &TestDatabase) {
    let (register, story) = told(database);
    let reworded = json!({ "lesson": story.lesson, "statement": "A mail from a stranger is read twice" });
    register.ok("second", "edit_lesson", reworded);
    let evaluate = json!({ "review": story.review, "went_well": "the alarm", "followed": "yes" });
    register.ok("second", "evaluate_review", evaluate);
    submitted(&register, &story);
    register.ok("ada", "hand_over_action", json!({ "action": story.action, "owner": "third" }));
    let archive = register.beside("archive");
    register.ok("ada", "export_archive", json!({ "out": archive, "views": false }));
    let other = database.engine().database();
    let (root, url) = (other.folder().join("data"), other.url().parse().unwrap());
    let wish = Wish { at: register.clock.now(), new_key: None };
    archive::import(&archive, &hold(&root), &url, &wish, &|_| ()).unwrap();
    let there = register.with_service(setup::open(hold(&root), &url, register.edge()).unwrap());
    own_work(&there, "second", "approve_lesson", json!({ "lesson": story.lesson }));
    own_work(&there, "second", "approve_review", json!({ "review": story.review }));
    let not_doing = json!({ "action": story.action, "reason": "dear", "until": "2026-05-01" });
    there.ok("second", "not_doing_action", not_doing);
}

fn a_manager_leads_what_the_procedure_has_led_by_one(database: &TestDatabase) {
    let (register, story) = told(database);
    let report = json!({ "title": "a second mail", "class": "incident", "severity": 5 });
    let case = text(&register.ok("own-reporter", "report_case", report), "reference");
    let classify = |severity: u8| {
        let classify = json!({ "case": case, "class": "incident", "severity": severity });
        register.ok("ada", "classify_case", classify);
    };
    classify(2);
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    register.ok("assigned", "resolve_case", json!({ "case": case }));
    let leader =
        || text(&register.ok("ada", "show_case", json!({ "case": case }))["reviews"][0], "facilitator");
    assert_eq!(leader(), "assigned", "whoever responded leads a small one");
    classify(5);
    assert_ne!(leader(), "assigned", "the rule changed, and whoever leads it with the rule");

    let take_up = |facilitator: &str| json!({ "case": case, "facilitator": facilitator, "participants": ["board", "sales"] });
    for refused in [
        register.refused("assigned", "new_review", json!({ "case": case, "participants": [] })),
        register.refused("ada", "new_review", take_up("responder")),
    ] {
        assert_eq!(refused.fields[0].field, "facilitator", "{}", refused.message);
        assert_eq!(refused.code, "review.leader_unfit");
        assert!(refused.message.contains("manager"), "{}", refused.message);
    }
    register.ok("assigned", "new_review", take_up("second"));

    let handed = register.ok("ada", "hand_over_everything", json!({ "person": "second", "to": "responder" }));
    assert!(handed["refused"].to_string().contains("no manager"), "{handed}");
    // A role can end after the review was begun.
    register.ok("ada", "confirm_person", json!({ "person": "third", "roles": ["manager"] }));
    register.ok("manager", "hand_over_everything", json!({ "person": "ada", "to": "third" }));
    register.ok("ada", "confirm_person", json!({ "person": "third", "roles": ["responder"] }));
    register.ok("assigned", "hold_review", json!({ "review": story.review }));
    let refused = register.refused("assigned", "submit_review", json!({ "review": story.review }));
    assert_eq!(refused.code, "review.leader_unfit", "{}", refused.message);

    let view = register.ok("ada", "say_do", json!({}));
    let promises = view["promises"].as_array().unwrap();
    let led = promises.iter().find(|one| text(one, "text").ends_with("a manager leads the review.")).unwrap();
    assert_eq!(text(led, "verdict"), "enforced");
}
