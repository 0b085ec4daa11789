//! The procedure is the program: what is approved is what is asked for, from its day on.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    every_event_has_its_review_without_anybody_asking,
    a_version_is_approved_by_somebody_else_and_counts_from_its_day,
    a_rule_for_a_category_that_nobody_can_choose_is_refused,
    what_is_asked_for_is_at_least_what_is_done,
    a_waiting_review_follows_its_case,
    a_light_review_is_one_step,
    a_full_review_is_evaluated_and_signed_as_it_was_read,
    two_approvals_are_two_people,
    what_is_said_is_held_against_what_is_done,
    several_cases_are_reviewed_in_one_sitting,
    cases_that_have_something_in_common_open_a_trend_review,
);

fn found(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("second", &["manager"]);
    register
}

fn reported(register: &Register, title: &str, class: &str, severity: u8) -> String {
    let report = json!({ "title": title, "class": class, "severity": severity });
    let case = text(&register.ok("ada", "report_case", report), "reference");
    let classify = json!({ "case": case, "class": class, "severity": severity });
    register.ok("ada", "classify_case", classify);
    case
}

/// An incident that is over.
fn resolved(register: &Register, severity: u8) -> String {
    let case = reported(register, "The bucket was public", "incident", severity);
    register.ok("ada", "respond_to_case", json!({ "case": case, "responder": "assigned" }));
    register.ok("assigned", "resolve_case", json!({ "case": case }));
    case
}

fn reviews(register: &Register, case: &str) -> Vec<Value> {
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let outlines = shown["reviews"].as_array().unwrap().clone();
    let show = |outline: &Value| register.ok("ada", "show_review", json!({ "review": outline["reference"] }));
    outlines.iter().map(show).collect()
}

fn adopted(register: &Register, rules: &Value, from: &str) -> String {
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "our own days" }));
    let procedure = text(&draft, "reference");
    register.ok("ada", "edit_procedure", json!({ "procedure": procedure, "rules": rules }));
    register.ok("ada", "submit_procedure", json!({ "procedure": procedure }));
    let approve = json!({ "procedure": procedure, "effective_on": from });
    register.ok("manager", "approve_procedure", approve);
    procedure
}

fn a_rule_for_a_category_that_nobody_can_choose_is_refused(database: &TestDatabase) {
    let register = found(database);
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "doors" }));
    let procedure = text(&draft, "reference");
    let shipped = draft["rules"]["reviews"].as_array().unwrap();
    let ruled = |category: &str| {
        let rule =
            format!("category {category}: light within 5 days, 1 person, led by responder, 1 approval");
        let all: Vec<Value> = std::iter::once(rule.into()).chain(shipped.iter().cloned()).collect();
        let rules = json!({ "reviews": all });
        register.ok("ada", "edit_procedure", json!({ "procedure": procedure, "rules": rules }));
    };
    register.ok(
        "ada",
        "edit_settings",
        json!({ "add_categories": ["Data exposure"], "remove_categories": [] }),
    );
    ruled("Doors and walls");
    let refused = register.refused("ada", "submit_procedure", json!({ "procedure": procedure }));
    assert_eq!(
        (refused.code.as_str(), refused.fields[0].field.as_str()),
        ("procedure.unknown_category", "reviews")
    );
    ruled("data exposure");
    register.ok("ada", "submit_procedure", json!({ "procedure": procedure }));
}

fn every_event_has_its_review_without_anybody_asking(database: &TestDatabase) {
    let register = found(database);
    let event = reported(&register, "A lock is broken", "event", 2);
    let review = &reviews(&register, &event)[0];
    assert_eq!((text(review, "kind"), text(review, "state")), ("light".to_owned(), "due".to_owned()));
    assert_eq!((&review["procedure"], &review["is_waiting"]), (&json!("shipped"), &json!(true)));
    assert!(
        text(review, "trigger").starts_with("rule 5 of the procedure that comes with the program"),
        "{review}"
    );
    let incident = reported(&register, "The bucket was public", "incident", 4);
    assert!(reviews(&register, &incident).is_empty(), "an incident is responded to first");
    let incident = resolved(&register, 4);
    let review = &reviews(&register, &incident)[0];
    assert_eq!(text(review, "kind"), "full");
    assert_ne!(text(review, "facilitator"), "assigned", "somebody apart from the response leads it");
    let again =
        register.ok("ada", "classify_case", json!({ "case": event, "class": "event", "severity": 3 }));
    assert_eq!(again["reviews"].as_array().unwrap().len(), 1, "asked for once");
}

fn a_version_is_approved_by_somebody_else_and_counts_from_its_day(database: &TestDatabase) {
    let register = found(database);
    let draft = register.ok("ada", "draft_procedure", json!({ "summary": "faster" }));
    let procedure = json!({ "procedure": draft["reference"] });
    let rules =
        json!({ "reviews": ["any: five_whys within 5 days, 1 person, led by responder, 1 approval"] });
    let seen = json!({ "procedure": draft["reference"], "version": draft["version"], "rules": rules });
    let edited = register.ok("ada", "edit_procedure", seen.clone());
    let stale = register.refused("ada", "edit_procedure", seen);
    assert_eq!(stale.kind, Kind::Stale);
    assert!(edited["changes"]["new"].to_string().contains("five whys within 5 working days"), "{edited}");
    let nothing =
        json!({ "procedure": draft["reference"], "rules": { "reviews": ["incident: full within 5 days"] } });
    let refused = register.refused("ada", "edit_procedure", nothing);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "procedure.not_every_case"));
    register.ok("ada", "submit_procedure", procedure.clone());
    let own = register.refused("ada", "approve_procedure", procedure);
    assert_eq!(kind_and_code(&own), (Kind::Forbidden, "own_work"));
    let past = json!({ "procedure": draft["reference"], "effective_on": "2020-01-01" });
    let refused = register.refused("manager", "approve_procedure", past);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "procedure.backdated"));
    let before = reported(&register, "before", "event", 2);
    let later = json!({ "procedure": draft["reference"], "effective_on": "2999-01-01" });
    register.ok("manager", "approve_procedure", later);
    let still = reported(&register, "still before", "event", 2);
    let prompt = adopted(&register, &rules, &today(&register));
    let after = reported(&register, "after", "event", 2);
    let kind = |case: &str| {
        let review = reviews(&register, case).remove(0);
        (text(&review, "kind"), review["procedure"].clone())
    };
    assert_eq!(kind(&before), ("light".to_owned(), json!("shipped")), "open reviews keep their version");
    assert_eq!(kind(&still), ("light".to_owned(), json!("shipped")));
    assert_eq!(kind(&after), ("five_whys".to_owned(), json!(prompt)));
    register.ok("ada", "classify_case", json!({ "case": before, "class": "event", "severity": 5 }));
    assert_eq!(kind(&before).1, json!("shipped"), "what follows a case follows it under its own version");
}

fn today(register: &Register) -> String {
    let view = register.ok("ada", "say_do", json!({}));
    text(&view, "as_of")
}

fn what_is_asked_for_is_at_least_what_is_done(database: &TestDatabase) {
    let register = found(database);
    let case = resolved(&register, 5);
    let waiting = reviews(&register, &case).remove(0);
    let light = json!({ "case": case, "kind": "light", "participants": [] });
    let refused = register.refused("ada", "new_review", light);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "review.too_light"));
    let late = json!({ "case": case, "due_on": "2999-01-01", "participants": [] });
    let refused = register.refused("ada", "new_review", late);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "review.too_late"));
    let taken = register.ok("ada", "new_review", json!({ "case": case, "participants": ["board"] }));
    assert_eq!(taken["reference"], waiting["reference"], "the one that waits is taken up");
    assert_eq!(taken["is_waiting"], json!(false));
    let another = register.ok("ada", "new_review", json!({ "case": case, "participants": [] }));
    assert_ne!(another["reference"], waiting["reference"], "what somebody took up is theirs");
}

fn a_waiting_review_follows_its_case(database: &TestDatabase) {
    let register = found(database);
    let case = reported(&register, "It looked odd", "event", 2);
    let light = reviews(&register, &case).remove(0);
    let decide = json!({ "case": case, "decision": "incident", "criteria": "data left the house" });
    register.ok("ada", "decide_case", decide);
    register.ok("ada", "edit_case", json!({ "case": case, "severity": { "to": 5 } }));
    let full = reviews(&register, &case).remove(0);
    assert_eq!(full["reference"], light["reference"]);
    assert_eq!((text(&light, "kind"), text(&full, "kind")), ("light".to_owned(), "full".to_owned()));
    let hold = json!({ "review": full["reference"], "participants": ["board"] });
    let refused = register.refused("ada", "hold_review", hold);
    assert_eq!(
        kind_and_code(&refused),
        (Kind::Conflict, "case.wrong_state"),
        "an incident is resolved first"
    );
}

fn a_light_review_is_one_step(database: &TestDatabase) {
    let register = found(database);
    let case = reported(&register, "Reception unmanned at lunchtime", "weakness", 2);
    let review = text(&reviews(&register, &case)[0], "reference");
    let light = json!({
        "review": review, "cause": "One person covers reception and has no relief for lunch",
        "lesson": "A post that has to be manned needs a relief on the same plan",
        "action": "Add a second badge reader that locks the door from 12 to 13", "action_kind": "physical",
        "owner": "owner",
    });
    let submitted = register.ok("ada", "write_light_review", light.clone());
    assert_eq!(text(&submitted, "state"), "drafted");
    assert!(submitted["held_on"].is_string(), "it is held when it is written");
    register.refused("ada", "write_light_review", light);
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    assert_eq!(text(&shown, "state"), "in_review");
    assert_eq!(text(&shown["actions"][0], "owner"), "owner");
    let lesson = json!({ "lesson": shown["lessons"][0]["reference"] });
    let action = shown["actions"][0]["reference"].clone();
    register.ok("manager", "approve_review", json!({ "review": review }));
    register.ok("manager", "approve_lesson", lesson);
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": "the door locks" }));
    assert_eq!(text(&register.ok("ada", "close_case", json!({ "case": case })), "state"), "closed");
}

fn a_full_review_is_evaluated_and_signed_as_it_was_read(database: &TestDatabase) {
    let register = found(database);
    let case = resolved(&register, 4);
    let review =
        register.ok("ada", "new_review", json!({ "case": case, "participants": ["board", "sales"] }));
    let review = text(&review, "reference");
    let why = json!({ "review": review, "statement": "Buckets are public unless somebody says otherwise", "of_problem": true });
    register.ok("ada", "add_why", why);
    let end = json!({ "to": { "changeable": true, "note": "private unless somebody says otherwise" } });
    register.ok("ada", "edit_why", json!({ "review": review, "number": "1", "end": end }));
    let look = json!({ "review": review, "hits": [], "finding": "nothing like it" });
    register.ok("ada", "record_similar", look);
    register.ok("ada", "hold_review", json!({ "review": review }));
    let submit = json!({ "review": review });
    let refused = register.refused("ada", "submit_review", submit.clone());
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "review.not_evaluated"));
    let said = json!({ "review": review, "went_well": "the alarm rang", "followed": "partly" });
    register.ok("ada", "evaluate_review", said);
    let submitted = register.ok("ada", "submit_review", submit);
    let read = submitted["version"].as_u64().unwrap();
    let old = json!({ "review": review, "version": read - 1 });
    assert_eq!(register.refused("second", "approve_review", old).kind, Kind::Stale);
    let signed = register.ok("second", "approve_review", json!({ "review": review, "version": read }));
    assert_eq!(signed["approved_version"], json!(read));
}

fn two_approvals_are_two_people(database: &TestDatabase) {
    let register = found(database);
    let rules = json!({ "reviews": ["any: light within 5 days, 1 person, led by responder, 2 approvals"] });
    adopted(&register, &rules, &today(&register));
    let case = reported(&register, "A lock is broken", "event", 2);
    let review = text(&reviews(&register, &case)[0], "reference");
    let light = json!({
        "review": review, "cause": "The lock is thirty years old", "lesson": "Locks have an age",
        "action": "Replace the lock", "action_kind": "physical",
    });
    register.ok("ada", "write_light_review", light);
    let approve = json!({ "review": review });
    let once = register.ok("manager", "approve_review", approve.clone());
    assert_eq!(
        (text(&once, "state"), text(&once, "first_approved_by")),
        ("drafted".to_owned(), "manager".to_owned())
    );
    let twice = register.refused("manager", "approve_review", approve.clone());
    assert_eq!(kind_and_code(&twice), (Kind::Conflict, "review.same_approver"));
    assert_eq!(text(&register.ok("second", "approve_review", approve), "state"), "approved");
}

fn what_is_said_is_held_against_what_is_done(database: &TestDatabase) {
    let register = found(database);
    let promise = |number: usize| {
        let view = register.ok("ada", "say_do", json!({}));
        view["promises"][number].clone()
    };
    // The last rule of the shipped procedure: a light review of everything else.
    let text_of = |number: usize| text(&promise(number), "text");
    let place = (0..40).find(|number| text_of(*number).contains("a light review within 20")).unwrap();
    assert_eq!(text(&promise(place), "verdict"), "nothing_due");
    let case = reported(&register, "A lock is broken", "event", 2);
    assert_eq!(promise(place)["ahead"], json!(1));
    let review = text(&reviews(&register, &case)[0], "reference");
    let light = json!({
        "review": review, "cause": "The lock is thirty years old", "lesson": "Locks have an age",
        "action": "Replace the lock", "action_kind": "physical",
    });
    register.ok("ada", "write_light_review", light);
    let other = reported(&register, "Another lock", "event", 2);
    let waived = text(&reviews(&register, &other)[0], "reference");
    register.ok("manager", "waive_review", json!({ "review": waived, "reason": "the same door" }));
    let kept = promise(place);
    assert_eq!(
        (text(&kept, "verdict"), &kept["kept"], &kept["waived"]),
        ("kept".to_owned(), &json!(1), &json!(1))
    );
}

fn several_cases_are_reviewed_in_one_sitting(database: &TestDatabase) {
    let register = found(database);
    let (one, other) = (reported(&register, "One", "event", 2), reported(&register, "Other", "event", 2));
    let batch = json!({ "case": one, "participants": [], "also": [other], "is_trend": true });
    let review = register.ok("ada", "new_review", batch);
    assert_eq!((text(&review, "scope"), &review["also"]), ("trend".to_owned(), &json!([other])));
    assert_eq!(text(&register.ok("ada", "show_case", json!({ "case": other })), "state"), "in_review");
    register.ok("ada", "restrict_case", json!({ "case": one, "readers": [] }));
    let shown = register.ok("manager", "show_case", json!({ "case": other }));
    let named: Vec<_> =
        shown["reviews"].as_array().unwrap().iter().map(|one| text(one, "reference")).collect();
    assert!(
        !named.contains(&text(&review, "reference")),
        "who may not know of the one is not told by the other"
    );
    let apart = json!({ "case": other, "participants": [], "also": [one] });
    let refused = register.refused("ada", "new_review", apart);
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "review.different_readers"));
}

fn cases_that_have_something_in_common_open_a_trend_review(database: &TestDatabase) {
    let register = found(database);
    let worker = nevertwice_service::job::Worker::new(register.service.clone());
    let phishing = |title: &str| {
        let case = text(
            &register.ok("ada", "report_case", json!({ "title": title, "class": "event" })),
            "reference",
        );
        let classify = json!({ "case": case, "class": "event", "category": "Phishing" });
        register.ok("ada", "classify_case", classify);
        while worker.run_next().unwrap() {}
        case
    };
    let trends = |case: &str| -> Vec<Value> {
        let all = reviews(&register, case).into_iter();
        all.filter(|review| review["scope"] == "trend").collect()
    };
    let (one, two) = (phishing("one"), phishing("two"));
    assert!(trends(&two).is_empty(), "two are no trend");
    let hidden = phishing("hidden");
    let found_so_far = trends(&hidden);
    let [trend] = &found_so_far[..] else { panic!("{found_so_far:?}") };
    assert_eq!((text(trend, "case"), text(trend, "kind")), (hidden.clone(), "five_whys".to_owned()));
    assert_eq!(trend["also"], json!([one, two]));
    assert_eq!(text(trend, "trigger"), "3 cases of one category within 90 days: Phishing");
    let light = reviews(&register, &hidden).into_iter().filter(|review| review["scope"] == "single").count();
    assert_eq!(light, 1, "each case has its own review all the same");
    phishing("four");
    phishing("five");
    register.ok("ada", "restrict_case", json!({ "case": phishing("a secret"), "readers": [] }));
    assert_eq!(trends(&hidden).len(), 1, "the same cases make no second trend");

    // What they have in common may be known only afterwards.
    register.ok("ada", "new_supplier", json!({ "name": "Cloudwerk" }));
    let with_supplier = |title: &str| {
        let report = json!({ "title": title, "class": "event" });
        let case = text(&register.ok("ada", "report_case", report), "reference");
        register.ok("ada", "classify_case", json!({ "case": case, "class": "event" }));
        register.ok("ada", "edit_case", json!({ "case": case, "add_suppliers": ["Cloudwerk"] }));
        while worker.run_next().unwrap() {}
        case
    };
    let cases = ["six", "seven", "eight"].map(with_supplier);
    let trend = trends(&cases[2]);
    assert_eq!(text(&trend[0], "trigger"), "3 cases of one supplier within 180 days: SUP-0001");
}
