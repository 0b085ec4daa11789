//! What becomes of what was learned: what carries a lesson, whether it is still true, what it tells people, and what is left
//! when somebody leaves.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_lesson_without_an_action_is_approved_only_by_what_covers_it,
    what_does_not_work_is_followed_by_another_action_and_the_lesson_is_approved_again,
    a_lesson_is_looked_at_again_after_a_year_and_who_did_is_kept,
    the_last_case_of_a_lesson_stays_and_what_it_needs_too,
    an_approved_lesson_is_offered_instead_of_writing_it_again,
    what_was_put_off_comes_back_when_its_day_has_passed,
    completing_names_the_evidence_of_the_action_and_no_other,
    everybody_of_the_audience_acknowledges_once_and_sees_only_their_own,
    what_somebody_owes_goes_to_another_as_far_as_it_can,
);

fn told(register: &Register) -> Story {
    register.add_callers();
    Story::tell(register, &|what| format!("a {what} of the server room"))
}

fn lesson(register: &Register, user: &str, lesson: &str) -> Value {
    register.ok(user, "show_lesson", json!({ "lesson": lesson }))
}

/// A draft of a case of its own, without an action: its case and the lesson.
fn bare_draft(register: &Register) -> (String, String) {
    let case = text(&register.ok("ada", "report_case", json!({ "title": "an open door" })), "reference");
    let draft = json!({ "case": case, "statement": "a door that nobody watches is open", "tags": [] });
    let lesson = text(&register.ok("ada", "new_lesson", draft), "reference");
    (case, lesson)
}

fn cover(lesson: &str, kind: &str, by: &str) -> Value {
    json!({ "lesson": lesson, "kind": kind, "covered_by": by, "reason": "it does the same" })
}

fn a_lesson_without_an_action_is_approved_only_by_what_covers_it(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let (case, bare) = bare_draft(&register);
    let approve = || json!({ "lesson": bare });
    let error = register.refused("manager", "approve_lesson", approve());
    assert_eq!(kind_and_code(&error), (Kind::Conflict, "lesson.no_action"));
    let none = register.refused("manager", "approve_coverage", approve());
    assert_eq!(kind_and_code(&none), (Kind::Conflict, "coverage.none_waits"));

    let error = register.refused("ada", "cover_lesson", cover(&bare, "existing_action", "ACT-2026-0999"));
    assert_eq!(kind_and_code(&error), (Kind::Invalid, "coverage.no_action"));
    let own = register.refused("ada", "cover_lesson", cover(&story.lesson, "existing_action", &story.action));
    assert_eq!(own.code, "coverage.own_action");
    register.ok("ada", "cover_lesson", cover(&bare, "existing_action", &story.action));
    let unapproved = register.refused("manager", "approve_lesson", approve());
    assert_eq!(unapproved.code, "lesson.no_action", "what nobody approved covers nothing");
    let own_work = register.refused("ada", "approve_coverage", approve());
    assert_eq!(own_work.code, "own_work");
    register.ok("manager", "approve_coverage", approve());
    let approved = register.ok("manager", "approve_lesson", approve());
    assert_eq!((text(&approved, "state"), &approved["is_exception"]), ("approved".into(), &json!(true)));
    assert_eq!(approved["coverages"][0]["covered_by"], story.action);
    assert_eq!(approved["review_on"], "2027-03-02", "a year later");
    let listed = register.ok("ada", "list_lessons", json!({ "query": "door", "limit": 5 }));
    assert_eq!(listed["items"][0]["is_exception"], true, "{listed}");

    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let missing: Vec<String> =
        shown["missing"].as_array().unwrap().iter().map(|link| text(link, "code")).collect();
    assert!(!missing.contains(&"action.missing".to_owned()), "{missing:?}");
    assert_eq!(shown["lessons"][0]["is_exception"], true);
    story.restrict_to(&register, &[]);
    let without = lesson(&register, "manager", &bare);
    assert_eq!(without["coverages"], json!([]), "who may not know of the action is not told of it");
    register.expect_sound();
}

fn what_does_not_work_is_followed_by_another_action_and_the_lesson_is_approved_again(
    database: &TestDatabase,
) {
    let register = Register::found(database);
    let story = told(&register);
    let action = json!({ "action": story.action });
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let beside = json!({ "case": story.case, "lesson": story.lesson, "title": "Ask the guard", "purpose": "corrective",
        "kind": "procedural", "owner": "owner" });
    let beside = text(&register.ok("assigned", "new_action", beside), "reference");
    register.ok("owner", "complete_action", json!({ "action": story.action, "evidence": "it is installed" }));
    let judge = json!({
        "action": story.action, "outcome": "not_effective", "evidence": "3 of 4", "next_title": "Try a lock",
    });
    let judged = register.ok("manager", "check_action", judge);
    assert_eq!(text(&judged, "state"), "not_effective");
    let next = judged["successors"][0].as_str().unwrap();
    let next = register.ok("owner", "show_action", json!({ "action": next }));
    assert_eq!(
        (text(&next, "title"), text(&next, "owner"), text(&next, "due_on"), text(&next, "successor_of")),
        ("Try a lock".into(), "owner".into(), "2026-04-13".into(), story.action.clone()),
        "the same owner, on the last day that the procedure allows"
    );
    let failed = lesson(&register, "ada", &story.lesson);
    assert_eq!(
        text(&failed, "state"),
        "did_not_hold",
        "neither a new action nor another under way brings it back"
    );
    assert_eq!(text(&register.ok("owner", "show_action", json!({ "action": beside })), "state"), "open");
    let shown = register.ok("ada", "show_case", json!({ "case": story.case }));
    let missing: Vec<String> =
        shown["missing"].as_array().unwrap().iter().map(|one| text(one, "code")).collect();
    assert!(
        missing.contains(&"lesson.did_not_hold".to_owned()),
        "it is a part of the loop again: {missing:?}"
    );
    let work = register.ok("manager", "show_work", json!({}));
    let asked = |row: &&Value| row["ask"] == "approve_lesson" && row["reference"] == story.lesson.as_str();
    assert!(work["items"].as_array().unwrap().iter().any(|row| asked(&row)), "somebody is asked: {work}");
    let own = register.refused("assigned", "approve_lesson", json!({ "lesson": story.lesson }));
    assert_eq!(own.code, "own_work");
    let again = register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    assert_eq!(text(&again, "state"), "approved");
    assert_eq!(register.refused("manager", "start_action", action).kind, Kind::Forbidden);

    let asked = json!({
        "case": story.case, "title": "an alarm", "purpose": "corrective", "kind": "technical", "owner": "owner",
        "due_on": "2026-04-10", "check_measure": "alarms", "check_on": "2026-05-20", "check_by": "responder",
    });
    let alarm = text(&register.ok("assigned", "new_action", asked), "reference");
    register.ok("owner", "complete_action", json!({ "action": alarm, "evidence": "it is installed" }));
    let judge = json!({ "action": alarm, "outcome": "not_effective", "evidence": "it is silent" });
    let judged = register.ok("responder", "check_action", judge);
    assert_eq!(
        judged["successors"].as_array().unwrap().len(),
        1,
        "whoever is asked to judge need do nothing else"
    );
    register.expect_sound();
}

fn a_lesson_is_looked_at_again_after_a_year_and_who_did_is_kept(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let stale = || {
        let list = register.ok("ada", "list_lesson_gaps", json!({ "gap": "stale", "limit": 10 }));
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(stale(), 0);
    register.clock.forward_days(366);
    assert_eq!(stale(), 1);
    let past = json!({ "lesson": story.lesson, "next_review_on": "2027-01-01" });
    assert_eq!(register.refused("ada", "confirm_lesson", past).code, "lesson.review_not_ahead");
    let confirmed = register.ok("ada", "confirm_lesson", json!({ "lesson": story.lesson }));
    assert_eq!(confirmed["confirmations"][0]["confirmed_by"], "Ada");
    assert_eq!(confirmed["confirmations"][0]["next_review_on"], "2028-03-03");
    assert_eq!((stale(), &confirmed["is_stale"]), (0, &json!(false)));
}

fn the_last_case_of_a_lesson_stays_and_what_it_needs_too(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let unlink = |case: &str| json!({ "lesson": story.lesson, "case": case });
    assert_eq!(register.refused("ada", "unlink_lesson", unlink(&story.case)).code, "lesson.last_case");
    let other = text(&register.ok("ada", "report_case", json!({ "title": "again" })), "reference");
    register.ok("ada", "link_lesson", unlink(&other));
    let kept = register.refused("ada", "unlink_lesson", unlink(&story.case));
    assert_eq!(kept.code, "lesson.case_has_actions");
    let unlinked = register.ok("ada", "unlink_lesson", unlink(&other));
    assert_eq!(unlinked["cases"], json!([story.case]));
    let found = register.ok("ada", "list_cases", json!({ "query": "lesson:room", "limit": 5 }));
    assert_eq!(found["total"], 1, "the other case is not searched with it any more: {found}");

    register.ok("ada", "link_lesson", unlink(&other));
    register.ok("ada", "restrict_case", json!({ "case": other, "readers": [] }));
    let (hidden, bare) = bare_draft(&register);
    register.ok("ada", "link_lesson", json!({ "lesson": bare, "case": other }));
    let only_one_seen =
        register.refused("manager", "unlink_lesson", json!({ "lesson": bare, "case": hidden }));
    assert_eq!(only_one_seen.code, "lesson.last_case", "as if there were no hidden one");
    register.expect_sound();
}

fn an_approved_lesson_is_offered_instead_of_writing_it_again(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let (case, bare) = bare_draft(&register);
    let similar = |words: &str| {
        let asked = json!({ "case": case, "text": words, "limit": 5 });
        register.ok("ada", "find_similar_lessons", asked)
    };
    assert_eq!(similar("the lesson of the server rooms"), json!([]), "a draft is not offered");
    register.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let offered = similar("the lesson of the server rooms");
    assert_eq!(offered[0]["reference"], story.lesson, "{offered}");
    assert_eq!(similar("something about a colour"), json!([]));
    register.ok("ada", "link_lesson", json!({ "lesson": story.lesson, "case": case }));
    assert_eq!(similar("the lesson of the server rooms"), json!([]), "it is linked already: {bare}");
}

fn what_was_put_off_comes_back_when_its_day_has_passed(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let put_off = json!({ "action": story.action, "reason": "too dear", "until": "2026-06-01" });
    register.ok("manager", "not_doing_action", put_off);
    let to_decide = || {
        let list = register.ok("ada", "list_decide_again", json!({ "limit": 5 }));
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(to_decide(), 0);
    register.clock.forward_days(92);
    assert_eq!(to_decide(), 1);
    let orphans = register.ok("ada", "list_lesson_gaps", json!({ "gap": "orphan", "limit": 5 }));
    assert_eq!(orphans["items"][0]["reference"], story.lesson);
    let renew = json!({ "action": story.action, "reason": "still too dear", "until": "2026-09-01" });
    register.ok("ada", "renew_not_doing", renew);
    assert_eq!(to_decide(), 0);
    let take_up = json!({ "action": story.action, "due_on": "2026-10-01", "reason": "there is money now" });
    let owed = register.ok("ada", "take_up_action", take_up);
    assert_eq!(
        (text(&owed, "state"), text(&owed, "original_due_on"), owed["moves"].as_array().unwrap().len()),
        ("open".into(), "2026-04-01".into(), 1)
    );
    register.expect_sound();
}

fn completing_names_the_evidence_of_the_action_and_no_other(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let complete = |shown_by: &str| json!({ "action": story.action, "evidence": "it is installed", "shown_by": [shown_by] });
    let other = register.refused("owner", "complete_action", complete("a evidence of the server room"));
    assert_eq!(kind_and_code(&other), (Kind::Invalid, "action.other_evidence"), "it is of the case alone");
    let attach = json!({
        "case": story.case, "action": story.action, "source": { "link": "https://example.org/change/4711" },
        "name": "change 4711", "legal_hold": false,
    });
    register.ok("assigned", "add_evidence", attach);
    let done = register.ok("owner", "complete_action", complete("change 4711"));
    assert_eq!(
        (&done["evidence"][0]["name"], &done["evidence"][0]["shows_completion"]),
        (&json!("change 4711"), &json!(true))
    );
    let cost = json!({ "action": story.action, "actual": { "to": { "minor": 120_000, "currency": "EUR" } } });
    let paid = register.ok("assigned", "set_action_cost", cost);
    assert_eq!((text(&paid, "actual_cost"), &paid["planned_cost"]), ("1200.00 EUR".into(), &json!(null)));
}

fn everybody_of_the_audience_acknowledges_once_and_sees_only_their_own(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    let publish = |audience: &str, more: Value| {
        let mut input = json!({
            "lesson": story.lesson, "title": "Look twice", "text": "before you send", "audience": audience,
            "due_on": "2026-04-01",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let everybody = publish("everybody", json!({}));
    let draft = register.refused("manager", "publish_awareness", everybody);
    assert_eq!(draft.code, "awareness.lesson_not_in_force");
    register.ok("ada", "approve_lesson", json!({ "lesson": story.lesson }));
    let blaming = publish("everybody", json!({ "text": format!("as in {}", story.case) }));
    assert_eq!(register.refused("manager", "publish_awareness", blaming).code, "awareness.names_record");
    let mixed = publish("roles", json!({ "roles": ["sales"], "people": ["board"] }));
    assert_eq!(register.refused("manager", "publish_awareness", mixed).code, "awareness.audience");

    let published =
        register.ok("manager", "publish_awareness", publish("roles", json!({ "roles": ["sales", "board"] })));
    let item = json!({ "item": published["reference"] });
    assert_eq!(
        (&published["audience_count"], &published["missing"]),
        (&json!(2), &json!(["board", "sales"]))
    );
    let open = |user: &str| {
        let list = register.ok(user, "list_awareness", json!({ "open": true, "limit": 5 }));
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((open("sales"), open("board"), open("reporter")), (1, 1, 0));
    assert_eq!(register.refused("reporter", "show_awareness", item.clone()).kind, Kind::NotFound);
    assert_eq!(
        register.refused("manager", "acknowledge_awareness", item.clone()).code,
        "awareness.not_for_you"
    );
    let read = register.ok("sales", "acknowledge_awareness", item.clone());
    assert!(
        read["acknowledged_at"].is_string() && read["acknowledged"] == json!([]),
        "only their own: {read}"
    );
    assert_eq!((&read["acknowledged_count"], &read["lesson"]), (&json!(null), &json!(null)), "{read}");
    assert_eq!(open("sales"), 0);
    let twice = register.refused("sales", "acknowledge_awareness", item.clone());
    assert_eq!(kind_and_code(&twice), (Kind::Conflict, "awareness.acknowledged_already"));
    let seen = register.ok("manager", "show_awareness", item.clone());
    assert_eq!((&seen["acknowledged"][0]["name"], &seen["missing"]), (&json!("sales"), &json!(["board"])));
    let withdraw = json!({ "item": published["reference"], "reason": "out of date" });
    register.ok("ada", "withdraw_awareness", withdraw);
    assert_eq!(open("board"), 0);
    assert_eq!(register.refused("board", "acknowledge_awareness", item).code, "awareness.withdrawn");
    register.expect_sound();
}

fn what_somebody_owes_goes_to_another_as_far_as_it_can(database: &TestDatabase) {
    let register = Register::found(database);
    let story = told(&register);
    register.add_person("heir", &["responder"]);
    register.ok("ada", "confirm_person", json!({ "person": "owner", "roles": ["responder"] }));
    let judged_by_owner = json!({
        "case": story.case, "title": "another one", "purpose": "corrective", "kind": "technical", "owner": "heir",
        "due_on": "2026-04-10", "check_measure": "alarms", "check_on": "2026-05-20", "check_by": "owner",
    });
    let judged = text(&register.ok("assigned", "new_action", judged_by_owner), "reference");
    register.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker", "owner": "owner" }));
    register.ok("ada", "disable_person", json!({ "person": "owner" }));
    let left = |user: &str| register.ok(user, "list_owed", json!({ "person": null }));
    assert_eq!((&left("manager")[0]["name"], &left("manager")[0]["count"]), (&json!("owner"), &json!(3)));
    assert_eq!(
        left("administrator")[0]["items"].as_array().unwrap().len(),
        1,
        "the asset; cases are not theirs to read"
    );

    let hand_over = |user: &str, to: &str| {
        register.ask(user, "hand_over_everything", json!({ "person": "owner", "to": to }))
    };
    assert_eq!(hand_over("responder", "heir").unwrap_err().kind, Kind::Forbidden);
    assert_eq!(hand_over("manager", "owner").unwrap_err().code, "hand_over.same_person");
    let told = hand_over("manager", "heir").unwrap();
    assert_eq!(told["done"], json!([story.action, "AST-0001"]));
    assert_eq!(told["refused"][0]["reference"], judged, "who owes it does not judge it: {told}");
    let action = register.ok("manager", "show_action", json!({ "action": story.action }));
    assert_eq!(text(&action, "owner"), "heir");
    assert_eq!(left("manager")[0]["count"], 1, "what was refused is still owed");
    assert_eq!(hand_over("manager", "assigned").unwrap()["done"], json!([judged]));
    assert_eq!(left("manager"), json!([]));

    story.restrict_to(&register, &["heir", "manager"]);
    let rest = register.ok("manager", "hand_over_everything", json!({ "person": "heir", "to": "responder" }));
    let refused = rest["refused"].as_array().unwrap();
    assert!(
        !refused.is_empty() && refused.iter().all(|one| text(one, "reason").contains("need-to-know")),
        "{rest}"
    );
    register.expect_sound();
}
