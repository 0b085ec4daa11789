//! My work: what is asked of whom, and that nobody is told of what they may not know of.

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(
    every_step_of_the_loop_waits_for_whoever_takes_it,
    what_is_declared_about_a_hidden_case_waits_for_nobody_who_is_shut_out,
    what_covers_a_lesson_waits_for_somebody_else,
    what_ran_out_or_was_left_behind_waits_for_those_who_run_the_register,
    a_risk_waits_for_its_owner_until_what_remains_is_accepted,
    a_stale_lesson_waits_for_its_author,
    what_somebody_who_left_answers_for_is_handed_over,
    what_was_done_and_is_looked_at_by_nobody_waits_for_managers,
    what_is_to_be_read_waits_for_its_audience,
    the_list_ends_and_the_count_goes_on,
);

fn begun(database: &TestDatabase) -> (Register, Story) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    (register, story)
}

fn work(register: &Register, user: &str) -> Value {
    register.ok(user, "show_work", json!({}))
}

/// What is asked of somebody in one way.
fn asked(register: &Register, user: &str, ask: &str) -> Vec<Value> {
    let work = work(register, user);
    let rows: Vec<Value> =
        work["items"].as_array().unwrap().iter().filter(|row| row["ask"] == ask).cloned().collect();
    let part = work["parts"].as_array().unwrap().iter().find(|part| part["ask"] == ask);
    let counted = part.map_or(0, |part| part["count"].as_u64().unwrap());
    assert!(counted >= rows.len() as u64, "what is listed is counted: {work}");
    rows
}

/// The references of what is asked of somebody in one way.
fn references(register: &Register, user: &str, ask: &str) -> Vec<String> {
    asked(register, user, ask).iter().map(|row| text(row, "reference")).collect()
}

fn every_step_of_the_loop_waits_for_whoever_takes_it(database: &TestDatabase) {
    let (register, story) = begun(database);
    let asked_of = |user: &str, ask: &str| references(&register, user, ask);
    let reported = text(&register.ok("reporter", "report_case", json!({ "title": "a smell" })), "reference");
    assert_eq!(asked_of("manager", "triage"), [reported.as_str()]);
    assert!(asked_of("responder", "triage").is_empty());

    let owed = asked(&register, "owner", "complete");
    assert_eq!(owed[0]["reference"], story.action);
    assert_eq!(owed[0]["link"], format!("/actions/{}", story.action));
    assert_eq!((&owed[0]["due_on"], &owed[0]["words"]), (&json!("2026-04-01"), &json!("a action")));
    assert_eq!(owed[0]["to_do"], "do it and say what shows that it is done");
    assert!(asked_of("manager", "complete").is_empty());

    assert_eq!(asked_of("ada", "lead"), [story.review.as_str()]);
    let next = text(&asked(&register, "ada", "lead")[0], "to_do");
    assert_eq!(next, "set its day, or hold it");
    assert_eq!(asked_of("manager", "approve_lesson"), [story.lesson.as_str()], "an action carries it");
    assert!(asked_of("assigned", "approve_lesson").is_empty(), "nobody approves what they wrote");

    let hold = json!({ "review": story.review, "minutes": { "to": "we talked" } });
    register.ok("assigned", "hold_review", hold);
    register.ok("assigned", "submit_review", json!({ "review": story.review }));
    assert_eq!(asked_of("manager", "approve_review"), [story.review.as_str()]);
    assert!(asked_of("assigned", "approve_review").is_empty());
    assert!(asked_of("ada", "lead").is_empty(), "what is submitted is led no more");
}

fn what_is_declared_about_a_hidden_case_waits_for_nobody_who_is_shut_out(database: &TestDatabase) {
    let (register, story) = begun(database);
    let waits = |user: &str| asked(&register, user, "approve_declaration");
    let declare = |link: &str| {
        let input = json!({ "case": story.case, "link": link, "reason": "none of them changes" });
        register.ok("assigned", "declare_not_needed", input);
    };
    declare("risks");
    declare("controls");
    let both = waits("manager");
    assert_eq!(both.len(), 2);
    assert_eq!((&both[0]["reference"], &both[1]["reference"]), (&json!(story.case), &json!(story.case)));
    assert!(both.iter().any(|row| text(row, "words").starts_with("risks: a title")), "{both:?}");
    assert_eq!(both[0]["link"], format!("/cases/{}#not-needed", story.case));
    for user in ["assigned", "responder", "auditor", "board", "owner"] {
        assert!(waits(user).is_empty(), "{user} agrees to nothing");
    }
    register.ok("manager", "approve_declaration", json!({ "case": story.case, "link": "risks" }));
    assert_eq!(waits("manager").len(), 1, "what is agreed to waits no more");

    story.restrict_to(&register, &["assigned"]);
    assert_eq!(waits("ada").len(), 1, "who may know of it is still asked");
    let told = work(&register, "manager").to_string();
    for of in story.references() {
        assert!(!told.contains(of), "{of} is told to somebody who is shut out: {told}");
    }
    assert!(!told.contains("approve_declaration"), "nor that there is one: {told}");
}

fn what_covers_a_lesson_waits_for_somebody_else(database: &TestDatabase) {
    let (register, story) = begun(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "an open door" })), "reference");
    let draft = json!({ "case": case, "statement": "a door that nobody watches is open", "tags": [] });
    let lesson = text(&register.ok("ada", "new_lesson", draft), "reference");
    assert!(!references(&register, "manager", "approve_lesson").contains(&lesson), "nothing carries it yet");
    let cover = json!({
        "lesson": lesson, "kind": "existing_action", "covered_by": story.action, "reason": "it does the same",
    });
    register.ok("ada", "cover_lesson", cover);
    let waits = asked(&register, "manager", "approve_coverage");
    assert_eq!(waits[0]["reference"], lesson);
    assert!(text(&waits[0], "words").ends_with(&format!("covered by {}", story.action)), "{waits:?}");
    assert!(asked(&register, "ada", "approve_coverage").is_empty(), "nobody approves what they said");

    story.restrict_to(&register, &[]);
    assert!(
        asked(&register, "manager", "approve_coverage").is_empty(),
        "what covers it by an action that one may not know of is not told"
    );
    register.ok("ada", "restrict_case", json!({ "case": story.case, "readers": ["manager"] }));
    register.ok("manager", "approve_coverage", json!({ "lesson": lesson }));
    assert!(asked(&register, "manager", "approve_coverage").is_empty());
    assert!(
        references(&register, "manager", "approve_lesson").contains(&lesson),
        "what is covered can be approved"
    );
}

fn what_ran_out_or_was_left_behind_waits_for_those_who_run_the_register(database: &TestDatabase) {
    let (register, story) = begun(database);
    let not_doing = json!({ "action": story.action, "reason": "too dear", "until": "2026-05-01" });
    register.ok("manager", "not_doing_action", not_doing);
    assert!(asked(&register, "manager", "decide_again").is_empty(), "it still holds");
    register.clock.forward_days(90);
    let again = asked(&register, "manager", "decide_again");
    assert_eq!((&again[0]["reference"], &again[0]["due_on"]), (&json!(story.action), &json!("2026-05-01")));
    assert_eq!(again[0]["is_overdue"], true);
    assert!(asked(&register, "responder", "decide_again").is_empty());

    let plan = json!({
        "case": story.case, "title": "another one", "purpose": "corrective", "kind": "technical",
        "owner": "responder", "due_on": "2026-06-01", "check_measure": "alarms", "check_on": "2026-07-01",
    });
    register.ok("assigned", "new_action", plan);
    register.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker", "owner": "responder" }));
    assert!(asked(&register, "manager", "hand_over").is_empty(), "who is there owes it themselves");
    register.ok("ada", "disable_person", json!({ "person": "responder" }));
    let left = asked(&register, "manager", "hand_over");
    assert_eq!((&left[0]["reference"], &left[0]["words"]), (&json!("responder"), &json!("2 things")));
    let owed = register.ok("manager", "list_owed", json!({ "person": null }));
    assert_eq!(left[0]["link"], format!("/people/{}/hand-over", text(&owed[0], "person")));
    assert_eq!(owed[0]["count"], 2, "the list and the page tell the same");
    assert!(asked(&register, "assigned", "hand_over").is_empty());

    story.restrict_to(&register, &[]);
    assert_eq!(
        asked(&register, "manager", "hand_over")[0]["words"],
        "1 thing",
        "what is hidden is not counted"
    );
    assert!(asked(&register, "manager", "decide_again").is_empty());
}

fn a_risk_waits_for_its_owner_until_what_remains_is_accepted(database: &TestDatabase) {
    let (register, _) = begun(database);
    let risk = json!({
        "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": 4, "impact": 5,
        "why": "it is old",
    });
    let risk = text(&register.ok("manager", "new_risk", risk), "reference");
    let waits = |user: &str| asked(&register, user, "accept_risk");
    assert_eq!(waits("owner")[0]["reference"], risk);
    assert_eq!(waits("owner")[0]["words"], "the lock gives way (very high)");
    assert!(waits("manager").is_empty(), "it is not theirs");
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    assert!(waits("owner").is_empty());
    let look = json!({ "risk": risk, "likelihood": 2, "impact": 5, "why": "a new lock" });
    register.ok("manager", "assess_risk", look);
    assert_eq!(waits("owner").len(), 1, "another look is accepted again");
    register.ok("manager", "close_risk", json!({ "risk": risk, "reason": "the door is gone" }));
    assert!(waits("owner").is_empty());
}

fn a_stale_lesson_waits_for_its_author(database: &TestDatabase) {
    let (register, story) = begun(database);
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    assert!(asked(&register, "assigned", "confirm_lesson").is_empty());
    register.clock.forward_days(400);
    let stale = asked(&register, "assigned", "confirm_lesson");
    assert_eq!((&stale[0]["reference"], &stale[0]["is_overdue"]), (&json!(story.lesson), &json!(true)));
    assert!(asked(&register, "manager", "confirm_lesson").is_empty(), "somebody else wrote it");
    register.ok("assigned", "confirm_lesson", json!({ "lesson": story.lesson, "next_review_on": null }));
    assert!(asked(&register, "assigned", "confirm_lesson").is_empty());
}

fn what_somebody_who_left_answers_for_is_handed_over(database: &TestDatabase) {
    let (register, story) = begun(database);
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let risk = json!({
        "title": "the lock gives way", "owner": "responder", "treatment": "mitigate", "likelihood": 4, "impact": 5,
        "why": "it is old",
    });
    let risk = text(&register.ok("manager", "new_risk", risk), "reference");
    register.ok("manager", "edit_control", json!({ "control": "A.7.2", "owner": { "to": "responder" } }));
    let gone =
        register.ok("manager", "new_control", json!({ "title": "A guard at night", "owner": "responder" }));
    register.ok(
        "manager",
        "retire_control",
        json!({ "control": gone["control"]["reference"], "reason": "a lock does" }),
    );
    register.ok("ada", "disable_person", json!({ "person": "responder" }));
    let owed = register.ok("manager", "list_owed", json!({ "person": null }));
    let rows = owed[0]["items"].as_array().unwrap();
    let kinds: Vec<_> = rows.iter().map(|row| (text(row, "kind"), text(row, "reference"))).collect();
    assert_eq!(kinds, [("risk".to_owned(), risk.clone()), ("control".to_owned(), "A.7.2".to_owned())]);
    let counted = register.ok("administrator", "list_owed", json!({ "person": null }));
    assert_eq!((&owed[0]["count"], &counted[0]["count"]), (&json!(2), &json!(2)));
    assert!(!counted[0]["items"].to_string().contains(&risk), "who does not read risks is told their number");
    assert_eq!(asked(&register, "manager", "hand_over")[0]["words"], "2 things");

    let hand_over =
        |to: &str| register.ok("manager", "hand_over_everything", json!({ "person": "responder", "to": to }));
    let partly = hand_over("auditor");
    assert_eq!(partly["done"], json!(["A.7.2"]));
    assert!(text(&partly["refused"][0], "reason").contains("no role that accepts risks"), "{partly}");
    assert_eq!(hand_over("owner")["done"], json!([risk]));
    assert!(asked(&register, "manager", "hand_over").is_empty());
    register.ok("owner", "accept_risk", json!({ "risk": risk }));

    register.ok("ada", "disable_person", json!({ "person": "assigned" }));
    register.clock.forward_days(400);
    let stale = references(&register, "manager", "confirm_lesson");
    assert_eq!(stale, [story.lesson.as_str()], "whoever wrote it is not there to look at it again");
    register.ok("manager", "confirm_lesson", json!({ "lesson": story.lesson, "next_review_on": null }));
    assert!(asked(&register, "manager", "confirm_lesson").is_empty());
}

fn what_was_done_and_is_looked_at_by_nobody_waits_for_managers(database: &TestDatabase) {
    let (register, story) = begun(database);
    let plan = json!({
        "case": story.case, "title": "another one", "purpose": "corrective", "kind": "technical", "owner": "owner",
        "due_on": "2026-03-20",
    });
    let action = text(&register.ok("assigned", "new_action", plan), "reference");
    assert!(asked(&register, "manager", "judge").is_empty(), "nothing is done yet");
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": "it is there" }));
    register.ok(
        "assigned",
        "plan_check",
        json!({ "action": story.action, "measure": "alarms", "judge": "responder" }),
    );
    register.ok("owner", "complete_action", json!({ "action": story.action, "evidence": "it is there" }));
    assert!(asked(&register, "manager", "judge").is_empty(), "nobody is late yet");
    register.clock.forward_days(90);
    let waits = references(&register, "manager", "judge");
    assert_eq!(waits, [action.as_str()], "nobody was asked to judge it, and its day has passed");
    for user in ["owner", "assigned", "board"] {
        assert!(asked(&register, user, "judge").is_empty(), "{user}");
    }
}

fn what_is_to_be_read_waits_for_its_audience(database: &TestDatabase) {
    let (register, story) = begun(database);
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let publish = |audience: Value| {
        let mut input = json!({
            "lesson": story.lesson, "title": "Lock the door", "text": "Please.", "due_on": "2026-06-01",
            "audience": "everybody", "roles": [], "people": [],
        });
        for (name, value) in audience.as_object().unwrap() {
            input[name] = value.clone();
        }
        text(&register.ok("manager", "publish_awareness", input), "reference")
    };
    let to_board = publish(json!({ "audience": "roles", "roles": ["board"] }));
    let to_owner = publish(json!({ "audience": "people", "people": ["owner"] }));
    let reads = |user: &str| references(&register, user, "read");
    assert_eq!((reads("board"), reads("owner")), (vec![to_board.clone()], vec![to_owner]));
    assert!(reads("responder").is_empty(), "it is not for them");
    register.ok("board", "acknowledge_awareness", json!({ "item": to_board }));
    assert!(reads("board").is_empty());
}

fn the_list_ends_and_the_count_goes_on(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    for number in 0..53 {
        register.ok("reporter", "report_case", json!({ "title": format!("smell {number}") }));
    }
    let work = work(&register, "manager");
    let part = &work["parts"][0];
    assert_eq!(
        (&part["ask"], &part["count"], &part["is_more"]),
        (&json!("triage"), &json!(53), &json!(false))
    );
    assert_eq!(part["link"], "/cases?q=state%3Areported");
    assert_eq!(references(&register, "manager", "triage").len(), 50);
}
