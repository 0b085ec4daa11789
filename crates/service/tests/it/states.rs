//! The state machines through the service: what stands in the way of closing, own work, stale versions, repeated steps,
//! and writers side by side.

use std::collections::BTreeSet;

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    closing_says_exactly_what_is_missing_until_nothing_is,
    human_error_is_no_last_why,
    nobody_approves_or_judges_their_own_work,
    a_change_of_an_old_version_is_stale_and_changes_nothing,
    completing_twice_is_a_conflict,
    a_case_goes_only_where_its_state_allows,
    an_action_keeps_its_first_due_date_and_counts_its_moves,
    a_disabled_person_and_an_expired_token_stop_at_once,
    two_writers_at_once_leave_no_gap_and_lose_no_update,
    a_refused_use_case_uses_up_no_number,
);

fn case_state(register: &Register, case: &str) -> String {
    text(&register.ok("ada", "show_case", json!({ "case": case })), "state")
}

fn closing_says_exactly_what_is_missing_until_nothing_is(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case =
        text(&register.ok("ada", "report_case", json!({ "title": "mail read by a stranger" })), "reference");
    let missing = || {
        let error = register.refused("manager", "close_case", json!({ "case": case }));
        assert_eq!(kind_and_code(&error), (Kind::Conflict, "case.loop_incomplete"));
        let shown = register.ok("manager", "show_case", json!({ "case": case }));
        let missing: Vec<Value> = shown["missing"].as_array().unwrap().clone();
        for link in &missing {
            assert!(error.message.contains(link["text"].as_str().unwrap()), "{}", error.message);
        }
        missing.iter().map(|link| text(link, "code")).collect::<Vec<_>>()
    };
    let nothing = ["review.missing", "cause.missing", "similar.missing", "lesson.missing", "action.missing"];
    assert_eq!(missing(), nothing);

    register.ok("ada", "classify_case", json!({ "case": case, "class": "event" }));
    let review =
        register.ok("ada", "new_review", json!({ "case": case, "kind": "five_whys", "participants": [] }));
    let review = text(&review, "reference");
    let begun =
        ["review.not_approved", "cause.missing", "similar.missing", "lesson.missing", "action.missing"];
    assert_eq!(missing(), begun);
    for statement in ["the filter let it pass", "its rules were old", "nobody looks at the update server"] {
        let why = json!({ "review": review, "statement": statement, "of_problem": false,
            "kind": "organisational_factor", "confidence": "confirmed", "evidence": "the log of the filter" });
        register.ok("ada", "add_why", why);
    }
    register.ok("ada", "hold_review", json!({ "review": review, "participants": ["responder"] }));
    let open = register.refused("ada", "submit_review", json!({ "review": review }));
    assert_eq!(kind_and_code(&open), (Kind::Invalid, "review.causes_not_ready"));
    assert!(open.message.contains("why 3: "), "{}", open.message);
    let end = json!({ "to": { "changeable": true, "note": "an alarm on its silence" } });
    register.ok("ada", "edit_why", json!({ "review": review, "number": "3", "end": end }));
    register.ok("ada", "submit_review", json!({ "review": review }));
    let unlooked = register.refused("manager", "approve_review", json!({ "review": review }));
    assert_eq!(kind_and_code(&unlooked), (Kind::Conflict, "review.similar_missing"));
    let look = json!({ "review": review, "hits": [], "finding": "none like it" });
    register.ok("ada", "record_similar", look);
    register.ok("manager", "approve_review", json!({ "review": review }));
    assert_eq!(missing(), ["lesson.missing", "action.missing"]);

    let lesson = json!({ "case": case, "statement": "an update that stops has to ring", "tags": [] });
    let lesson = text(&register.ok("ada", "new_lesson", lesson), "reference");
    assert_eq!(missing(), ["lesson.not_approved", "action.missing"]);
    let action = json!({ "case": case, "lesson": lesson, "title": "alarm on old rules", "purpose": "corrective",
        "kind": "technical", "owner": "owner", "due_on": "2026-04-01" });
    let action = text(&register.ok("ada", "new_action", action), "reference");
    assert_eq!(missing(), ["lesson.not_approved", "action.unfinished"]);
    register.ok("manager", "approve_lesson", json!({ "lesson": lesson }));
    assert_eq!(missing(), ["action.unfinished"]);
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": "it rang in the drill" }));

    let closed = register.ok("manager", "close_case", json!({ "case": case }));
    assert_eq!((closed["state"].as_str(), &closed["missing"]), (Some("closed"), &json!([])));
    register.expect_sound();
}

fn human_error_is_no_last_why(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = text(&register.ok("ada", "report_case", json!({ "title": "wrong recipient" })), "reference");
    register.ok("ada", "classify_case", json!({ "case": case, "class": "event" }));
    let review = register.ok("ada", "new_review", json!({ "case": case, "participants": [] }));
    let review = text(&review, "reference");
    for statement in ["the address was completed wrongly", "human error"] {
        let why = json!({ "review": review, "statement": statement, "of_problem": false });
        register.ok("ada", "add_why", why);
    }
    let held = register.ok("ada", "hold_review", json!({ "review": review, "participants": [] }));
    let blocking: Vec<&Value> = held["objections"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|objection| objection["blocks"] == true)
        .collect();
    assert!(blocking.iter().any(|objection| text(objection, "question").ends_with('?')), "{held}");
    let error = register.refused("ada", "submit_review", json!({ "review": review }));
    assert_eq!(error.kind, Kind::Invalid);
    assert!(error.message.contains('?'), "it asks no question: {}", error.message);
}

fn nobody_approves_or_judges_their_own_work(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("lead", &["manager"]);
    let story = Story::tell(&register, &|what| format!("a {what} that the company can change"));
    let own_work = |user: &str, name: &str, input: Value| {
        let error = register.refused(user, name, input);
        assert_eq!(
            kind_and_code(&error),
            (Kind::Forbidden, "own_work"),
            "{name} by {user}: {}",
            error.message
        );
    };
    let review = json!({ "review": story.review });
    register.ok(
        "assigned",
        "hold_review",
        json!({ "review": story.review, "participants": ["board", "sales"] }),
    );
    register.ok("lead", "submit_review", review.clone());
    own_work("lead", "approve_review", review.clone());
    own_work("assigned", "approve_review", review.clone());
    register.ok("manager", "approve_review", review);

    let lesson = json!({ "lesson": story.lesson });
    own_work("assigned", "approve_lesson", lesson.clone());
    register.ok("manager", "approve_lesson", lesson);

    let action = json!({ "action": story.action });
    register.ok("ada", "hand_over_action", json!({ "action": story.action, "owner": "lead" }));
    let judge = json!({ "action": story.action, "outcome": "effective", "evidence": "no such mail since",
        "early_reason": "a test mail was caught" });
    register.ok("lead", "start_action", action);
    own_work(
        "lead",
        "not_doing_action",
        json!({ "action": story.action, "reason": "dear", "until": "2027-01-01" }),
    );
    register.ok("lead", "complete_action", json!({ "action": story.action, "evidence": "done and shown" }));
    own_work("lead", "check_action", judge);
}

fn a_change_of_an_old_version_is_stale_and_changes_nothing(database: &TestDatabase) {
    let register = Register::found(database);
    let shown = register.ok("ada", "report_case", json!({ "title": "first words" }));
    let case = text(&shown, "reference");
    let seen = shown["version"].as_u64().unwrap();
    let edit = |title: &str| json!({ "case": case, "version": seen, "title": title });
    let edited = register.ok("ada", "edit_case", edit("second words"));
    assert_eq!(edited["version"], seen + 1);

    let entries = register.trail_length();
    for (name, input) in [
        ("edit_case", edit("third words")),
        ("classify_case", json!({ "case": case, "version": seen, "class": "event" })),
        ("decide_case", json!({ "case": case, "version": seen, "decision": "incident", "criteria": "harm" })),
        ("close_case", json!({ "case": case, "version": seen })),
    ] {
        assert_eq!(register.refused("ada", name, input).kind, Kind::Stale, "{name}");
    }
    assert_eq!(register.trail_length(), entries);
    let after = register.ok("ada", "show_case", json!({ "case": case }));
    assert_eq!(
        (text(&after, "title"), after["version"].as_u64()),
        ("second words".to_owned(), Some(seen + 1))
    );
}

fn completing_twice_is_a_conflict(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    let complete = || json!({ "action": story.action, "evidence": "the alarm rang" });
    let done = register.ok("owner", "complete_action", complete());
    assert_eq!((text(&done, "state"), text(&done, "completed_on")), ("done".into(), "2026-03-02".into()));
    let error = register.refused("owner", "complete_action", complete());
    assert_eq!(error.kind, Kind::Conflict);
    assert!(error.message.contains("done"), "{}", error.message);
    let shown = register.ok("owner", "show_action", json!({ "action": story.action }));
    assert_eq!(shown["version"], done["version"], "the second completion left no trace");

    let tomorrow =
        json!({ "action": story.action, "evidence": "the alarm rang", "completed_on": "2026-03-03" });
    register.ok("owner", "reopen_action", json!({ "action": story.action }));
    let error = register.refused("owner", "complete_action", tomorrow);
    assert_eq!(error.kind, Kind::Invalid, "a day to come: {}", error.message);
}

fn a_case_goes_only_where_its_state_allows(database: &TestDatabase) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a scan" })), "reference");
    let conflict = |name: &str, input: Value| {
        let error = register.refused("ada", name, input);
        assert_eq!(error.kind, Kind::Conflict, "{name}: {}", error.message);
    };
    conflict("respond_to_case", json!({ "case": case }));
    conflict("resolve_case", json!({ "case": case }));
    conflict("new_review", json!({ "case": case, "participants": [] }));
    conflict("reopen_case", json!({ "case": case, "to_response": true, "reason": "more" }));
    assert_eq!(case_state(&register, &case), "reported");

    register.ok(
        "ada",
        "decide_case",
        json!({ "case": case, "decision": "incident", "criteria": "data left" }),
    );
    assert_eq!(case_state(&register, &case), "triaged");
    conflict("new_review", json!({ "case": case, "participants": [] }));
    register.ok("ada", "void_case", json!({ "case": case, "reason": "reported twice" }));
    for (name, input) in [
        ("classify_case", json!({ "case": case, "class": "event" })),
        ("edit_case", json!({ "case": case, "title": "other words" })),
        ("void_case", json!({ "case": case, "reason": "again" })),
        ("close_case", json!({ "case": case })),
    ] {
        conflict(name, input);
    }
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    assert_eq!(
        (text(&shown, "state"), text(&shown, "void_reason")),
        ("void".into(), "reported twice".into())
    );
    let next = register.ok("ada", "report_case", json!({ "title": "the next" }));
    assert_eq!(text(&next, "reference"), "CASE-2026-0002", "a void number stays taken");
}

fn an_action_keeps_its_first_due_date_and_counts_its_moves(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    for (due, reason) in [("2026-05-01", "parts are late"), ("2026-06-01", "still late")] {
        register.ok(
            "assigned",
            "move_action",
            json!({ "action": story.action, "due_on": due, "reason": reason }),
        );
    }
    register.clock.forward_days(120);
    let shown = register.ok("owner", "show_action", json!({ "action": story.action }));
    assert_eq!(text(&shown, "original_due_on"), "2026-04-01");
    assert_eq!(text(&shown, "due_on"), "2026-06-01");
    assert_eq!(shown["moves"].as_array().unwrap().len(), 2);
    assert_eq!(shown["overdue"], true);
}

fn a_disabled_person_and_an_expired_token_stop_at_once(database: &TestDatabase) {
    use nevertwice_service::Identity;
    use nevertwice_service::use_case::{Asked, run_named};

    let register = Register::found(database);
    register.add_callers();
    let token = |days: u32| {
        let made = register.ok(
            "ada",
            "new_token",
            json!({ "person": "manager", "label": "a script", "days": days }),
        );
        text(&made, "secret")
    };
    let ask = |secret: &str| {
        let identity = Identity::Token(secret.to_owned());
        let asked = Asked::new(&register.service, &identity);
        run_named("list_suppliers", json!({}), &asked).map(drop).map_err(|error| error.code)
    };
    let (short, long) = (token(1), token(400));
    assert_eq!((ask(&short), ask(&long)), (Ok(()), Ok(())));
    assert_eq!(ask("nvt_0000"), Err("caller.token".to_owned()));
    register.clock.forward_days(2);
    assert_eq!((ask(&short), ask(&long)), (Err("caller.token".to_owned()), Ok(())));
    register.ok("ada", "disable_person", json!({ "person": "manager" }));
    assert!(ask(&long).is_err(), "the token of a disabled person holds");
    assert_eq!(register.refused("manager", "list_suppliers", json!({})).kind, Kind::Forbidden);
}

fn two_writers_at_once_leave_no_gap_and_lose_no_update(database: &TestDatabase) {
    const EACH: usize = 25;
    let register = Register::found(database);
    let shown = register.ok("ada", "report_case", json!({ "title": "version 0" }));
    let case = text(&shown, "reference");
    let write = |writer: usize| {
        let mut won = 0;
        for number in 0..EACH {
            register.ok("ada", "report_case", json!({ "title": format!("{writer}-{number}") }));
            let version = register.ok("ada", "show_case", json!({ "case": case }))["version"].clone();
            let title = format!("written by {writer} over version {version}");
            match register.ask(
                "ada",
                "edit_case",
                json!({ "case": case, "version": version, "title": title }),
            ) {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error.kind, Kind::Stale, "{}", error.message),
            }
        }
        won
    };
    let won: u64 = std::thread::scope(|scope| {
        let writers = [scope.spawn(|| write(1)), scope.spawn(|| write(2))];
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let version = register.ok("ada", "show_case", json!({ "case": case }))["version"].as_u64().unwrap();
    assert_eq!(version, won, "each change that was acknowledged is one version");

    let list = register.ok("ada", "list_cases", json!({ "query": "", "limit": 1000 }));
    let references: BTreeSet<String> =
        list["items"].as_array().unwrap().iter().map(|row| text(row, "reference")).collect();
    let expected: BTreeSet<String> = (1..=2 * EACH + 1).map(|n| format!("CASE-2026-{n:04}")).collect();
    assert_eq!(references, expected);
    register.expect_sound();
}

fn a_refused_use_case_uses_up_no_number(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = text(&register.ok("ada", "report_case", json!({ "title": "one" })), "reference");
    for _ in 0..3 {
        register.refused("auditor", "report_case", json!({ "title": "two" }));
        // The number is drawn before it is seen that the owner would judge.
        register.refused(
            "ada",
            "new_action",
            json!({
                "case": case, "title": "do", "purpose": "corrective", "kind": "technical", "owner": "ada",
                "due_on": "2026-05-01", "check_by": "ada",
            }),
        );
    }
    let next = register.ok("ada", "report_case", json!({ "title": "two" }));
    assert_eq!(text(&next, "reference"), "CASE-2026-0002");
    let action = register.ok(
        "ada",
        "new_action",
        json!({
            "case": case, "title": "do", "purpose": "corrective", "kind": "technical", "owner": "ada",
            "due_on": "2026-05-01",
        }),
    );
    assert_eq!(text(&action, "reference"), "ACT-2026-0001");
}
