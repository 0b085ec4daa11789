//! What a case changes in controls and risks, and links of its loop that are not needed.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(
    every_control_of_the_standard_is_there_before_anybody_speaks_of_it,
    what_is_said_of_a_control_is_in_the_trail,
    how_a_control_did_is_told_by_the_case_and_by_the_control,
    a_change_names_what_belongs_to_its_case,
    what_changed_because_of_a_hidden_case_is_not_there,
    the_list_of_what_changed_goes_on_where_it_stopped,
    only_the_owner_accepts_what_remains,
    what_another_case_asks_of_a_risk_leaves_this_one_as_it_was,
    a_risk_is_not_there_for_whoever_may_not_read_it,
    the_picture_counts_what_the_viewer_may_see,
    nobody_approves_what_they_declared,
    the_words_of_the_scale_are_the_companys,
);

fn begun(database: &TestDatabase) -> (Register, Story) {
    let register = Register::found(database);
    register.add_callers();
    let story = Story::tell(&register, &|what| format!("a {what}"));
    (register, story)
}

fn risk(register: &Register, likelihood: u8, impact: u8) -> String {
    let risk = json!({
        "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": likelihood,
        "impact": impact, "why": "it is old",
    });
    text(&register.ok("manager", "new_risk", risk), "reference")
}

fn len(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

fn every_control_of_the_standard_is_there_before_anybody_speaks_of_it(database: &TestDatabase) {
    let (register, story) = begun(database);
    let all = register.ok("auditor", "list_controls", json!({}));
    assert_eq!(len(&all), 93);
    assert_eq!((&all[0]["reference"], &all[0]["version"]), (&json!("A.5.1"), &json!(0)));
    let own = register.ok("manager", "new_control", json!({ "title": "Two release weights" }));
    assert_eq!(own["control"]["reference"], "C-1");
    let edit = json!({ "control": "a.7.1", "version": 0, "applicable": false });
    assert_eq!(register.refused("manager", "edit_control", edit).code, "control.justification_missing");
    let edit = json!({
        "control": "A.7.1", "version": 0, "applicable": false, "justification": { "to": "no premises" },
    });
    let edited = register.ok("manager", "edit_control", edit.clone());
    assert_eq!(edited["control"]["version"], 1);
    assert_eq!(register.refused("manager", "edit_control", edit).kind, Kind::Stale);
    let not = register.ok("responder", "list_controls", json!({ "applicable": false }));
    assert_eq!((len(&not), &not[0]["reference"]), (1, &json!("A.7.1")));
    let performance = json!({ "case": story.case, "control": "A.8.16", "performance": "absent" });
    register.ok("assigned", "add_performance", performance);
    let shown = register.ok("auditor", "show_control", json!({ "control": "A.8.16" }));
    assert_eq!(shown["control"]["version"], 0, "that it was written down says nothing of it");
    let retired = register.refused("manager", "retire_control", json!({ "control": "A.7.1", "reason": "x" }));
    assert_eq!(retired.code, "control.stays_in_the_standard");
    register.ok("manager", "retire_control", json!({ "control": "C-1", "reason": "A.8.4 covers it" }));
    assert_eq!(len(&register.ok("auditor", "list_controls", json!({}))), 93);
    assert_eq!(len(&register.ok("auditor", "list_controls", json!({ "retired": true }))), 94);
    assert_eq!(register.refused("auditor", "show_control", json!({ "control": "C-9" })).kind, Kind::NotFound);
    let findings = register.ok("ada", "verify_trail", json!({}));
    assert_eq!(len(&findings["findings"]), 0, "{findings}");
}

fn what_is_said_of_a_control_is_in_the_trail(database: &TestDatabase) {
    let (register, _) = begun(database);
    let before = register.trail_length();
    register.ok("auditor", "show_control", json!({ "control": "A.8.9" }));
    assert_eq!(register.trail_length(), before, "looking writes nothing down");
    register.ok("manager", "edit_control", json!({ "control": "A.8.9", "status": "implemented" }));
    assert!(register.trail_length() > before);
}

fn how_a_control_did_is_told_by_the_case_and_by_the_control(database: &TestDatabase) {
    let (register, story) = begun(database);
    let add = |performance: &str| json!({ "case": story.case, "control": "A.8.16", "performance": performance, "note": "nobody looked" });
    let early = json!({ "case": story.case, "control": "A.8.16", "performance": "failed" });
    assert_eq!(register.refused("assigned", "edit_performance", early).code, "performance.nothing_said");
    register.ok("assigned", "add_performance", add("failed"));
    let again = register.refused("assigned", "add_performance", add("worked"));
    assert_eq!(again.code, "performance.there_already");
    let edit = json!({ "case": story.case, "control": "A.8.16", "performance": "bypassed", "note": "clear" });
    register.ok("assigned", "edit_performance", edit);
    let case = register.ok("auditor", "show_case", json!({ "case": story.case }));
    assert_eq!(case["controls"][0]["performance"], "bypassed");
    assert_eq!(case["controls"][0]["note"], Value::Null);
    let control = register.ok("auditor", "show_control", json!({ "control": "A.8.16" }));
    assert_eq!((&control["performances"]["bypassed"], len(&control["cases"])), (&json!(1), 1));
    story.restrict_to(&register, &[]);
    let control = register.ok("auditor", "show_control", json!({ "control": "A.8.16" }));
    assert_eq!((&control["performances"]["bypassed"], len(&control["cases"])), (&json!(0), 0));
    let remove = json!({ "case": story.case, "control": "A.8.16" });
    register.ok("ada", "remove_performance", remove.clone());
    assert_eq!(register.refused("ada", "remove_performance", remove).code, "performance.nothing_said");
}

fn change(story: &Story) -> Value {
    json!({ "case": story.case, "control": "A.8.16", "before": "nobody looks", "after": "an alarm rings" })
}

fn a_change_names_what_belongs_to_its_case(database: &TestDatabase) {
    let (register, story) = begun(database);
    let other = Story::tell(&register, &|what| format!("another {what}"));
    let with = |field: &str, value: &str| {
        let mut input = change(&story);
        input[field] = json!(value);
        input
    };
    for (field, value, code) in [
        ("lesson", other.lesson.as_str(), "lesson.of_another_case"),
        ("lesson", "LSN-2026-9999", "lesson.of_another_case"),
        ("action", other.action.as_str(), "action.of_another_case"),
        ("after", "nobody looks", "control.nothing_changed"),
        ("changed_on", "2099-01-01", "control.not_yet"),
        ("control", "C-77", "control.unknown"),
    ] {
        assert_eq!(register.refused("manager", "new_control_change", with(field, value)).code, code);
    }
    let mut whole = with("lesson", &story.lesson);
    whole["action"] = json!(story.action);
    let made = register.ok("manager", "new_control_change", whole);
    assert_eq!((&made["lesson"], &made["action"]), (&json!(story.lesson), &json!(story.action)));
    let case = register.ok("auditor", "show_case", json!({ "case": story.case }));
    assert_eq!(case["control_changes"][0]["after"], "an alarm rings");
}

fn what_changed_because_of_a_hidden_case_is_not_there(database: &TestDatabase) {
    let (register, story) = begun(database);
    let risk = risk(&register, 4, 4);
    register.ok("manager", "new_control_change", change(&story));
    let look = json!({
        "risk": risk, "likelihood": 2, "impact": 4, "why": "an alarm rings", "case": story.case,
        "lesson": story.lesson,
    });
    register.ok("manager", "assess_risk", look);
    let seen = |user: &str| {
        let list = register.ok(user, "list_changes", json!({ "limit": 10 }));
        let control = register.ok(user, "show_control", json!({ "control": "A.8.16" }));
        let risk = register.ok(user, "show_risk", json!({ "risk": risk }));
        (len(&list["items"]), len(&control["changes"]), len(&risk["cases"]), risk["assessments"][0].clone())
    };
    let (items, changes, cases, look) = seen("auditor");
    assert_eq!((items, changes, cases), (2, 1, 1));
    assert_eq!((&look["case"], &look["lesson"]), (&json!(story.case), &json!(story.lesson)));
    story.restrict_to(&register, &["own-reporter"]);
    let (items, changes, cases, look) = seen("auditor");
    assert_eq!((items, changes, cases), (0, 0, 0));
    assert_eq!((&look["case"], &look["lesson"]), (&Value::Null, &Value::Null), "as if no case had asked");
    let hidden = register.refused("manager", "new_control_change", change(&story));
    assert_eq!(hidden.kind, Kind::NotFound);
}

fn the_list_of_what_changed_goes_on_where_it_stopped(database: &TestDatabase) {
    let (register, story) = begun(database);
    let risk = risk(&register, 4, 4);
    for number in 0..3 {
        let mut input = change(&story);
        input["after"] = json!(format!("alarm {number}"));
        register.ok("manager", "new_control_change", input);
        let look = json!({ "risk": risk, "likelihood": 3, "impact": 4, "why": "x", "case": story.case });
        register.ok("manager", "assess_risk", look);
    }
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = register.ok("auditor", "list_changes", json!({ "limit": 2, "after": after }));
        for item in page["items"].as_array().unwrap() {
            seen.push(format!("{}{}", item["control"]["after"], item["risk"]["number"]));
        }
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let expected = ["null4", "\"alarm 2\"null", "null3", "\"alarm 1\"null", "null2", "\"alarm 0\"null"];
    let (mut found, mut wanted) = (seen.clone(), expected.map(str::to_owned).to_vec());
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "none twice and none left out");
    let wrong = json!({ "limit": 2, "after": "nowhere" });
    assert_eq!(register.refused("auditor", "list_changes", wrong).code, "changes.cursor");
}

fn only_the_owner_accepts_what_remains(database: &TestDatabase) {
    let (register, _) = begun(database);
    let risk = risk(&register, 4, 4);
    let accept = json!({ "risk": risk });
    for user in ["manager", "responder", "auditor"] {
        assert_eq!(register.refused(user, "accept_risk", accept.clone()).kind, Kind::Forbidden, "{user}");
    }
    let mine = json!({ "limit": 5, "owner": "me", "accepted": false });
    assert_eq!(register.ok("owner", "list_risks", mine.clone())["total"], 1);
    let accepted = register.ok("owner", "accept_risk", accept.clone());
    assert_eq!(register.ok("owner", "list_risks", mine)["total"], 0);
    assert_eq!(accepted["accepted_by"], "owner");
    assert_eq!(register.refused("owner", "accept_risk", accept.clone()).code, "risk.accepted_already");
    let look = json!({ "risk": risk, "likelihood": 5, "impact": 4, "why": "it broke again" });
    let looked = register.ok("manager", "assess_risk", look);
    assert_eq!((&looked["accepted_by"], &looked["band"]), (&Value::Null, &json!("very_high")));
    let first = &looked["assessments"][1];
    let latest = &looked["assessments"][0];
    assert_eq!(latest["likelihood_before"], first["likelihood_after"]);
    assert_eq!(first["accepted_by"], "owner", "what was accepted before stays told");
    let unseen = json!({ "risk": risk, "version": accepted["version"] });
    assert_eq!(register.refused("owner", "accept_risk", unseen).kind, Kind::Stale);
    register.ok("owner", "accept_risk", accept);
    for owner in ["auditor", "nobody of that name"] {
        let edit = json!({ "risk": risk, "owner": owner });
        assert_eq!(register.refused("manager", "edit_risk", edit).kind, Kind::Invalid, "{owner}");
    }
}

fn what_another_case_asks_of_a_risk_leaves_this_one_as_it_was(database: &TestDatabase) {
    let (register, story) = begun(database);
    let risk = risk(&register, 4, 4);
    let report = json!({ "title": "it gave way again", "class": "weakness" });
    let other = text(&register.ok("ada", "report_case", report), "reference");
    let look = |case: &str| {
        let look =
            json!({ "risk": risk, "likelihood": 2, "impact": 4, "why": "it is locked now", "case": case });
        register.ok("manager", "assess_risk", look);
    };
    let owed = |case: &str| {
        let shown = register.ok("ada", "show_case", json!({ "case": case }));
        let lines = shown["checklist"]["lines"].as_array().unwrap();
        let risks = lines.iter().find(|line| line["link"] == "risks").unwrap();
        risks["missing"].as_array().unwrap().iter().map(|one| text(one, "code")).collect::<Vec<_>>()
    };
    look(&story.case);
    assert_eq!(owed(&story.case), ["risk.not_accepted"]);
    register.ok("owner", "accept_risk", json!({ "risk": risk }));
    assert!(owed(&story.case).is_empty());
    look(&other);
    assert!(owed(&story.case).is_empty(), "what remained after its own look was accepted");
    assert_eq!(owed(&other), ["risk.not_accepted"]);
}

fn a_risk_is_not_there_for_whoever_may_not_read_it(database: &TestDatabase) {
    let (register, _) = begun(database);
    let risk = risk(&register, 2, 2);
    for user in ["reporter", "sales", "board"] {
        for name in ["show_risk", "accept_risk", "close_risk"] {
            let there = register.refused(user, name, json!({ "risk": risk, "reason": "x" }));
            let nowhere = register.refused(user, name, json!({ "risk": "RSK-9999", "reason": "x" }));
            assert_eq!(there.kind, Kind::NotFound, "{user} {name}");
            assert_eq!(there.message.replace(&risk, "RSK-9999"), nowhere.message);
        }
        assert_eq!(register.ok(user, "list_risks", json!({ "limit": 10 }))["total"], 0);
    }
    assert_eq!(register.ok("owner", "list_risks", json!({ "limit": 10 }))["total"], 1);
    assert_eq!(register.ok("owner", "show_risk", json!({ "risk": risk }))["may"], json!(["accept_risk"]));
}

fn the_picture_counts_what_the_viewer_may_see(database: &TestDatabase) {
    let (register, _) = begun(database);
    let one = risk(&register, 4, 5);
    let other = risk(&register, 4, 5);
    let look = json!({ "risk": one, "likelihood": 1, "impact": 5, "why": "an alarm rings" });
    register.ok("manager", "assess_risk", look);
    let list = register.ok("auditor", "list_risks", json!({ "limit": 1 }));
    assert_eq!((&list["total"], &list["next"]), (&json!(2), &json!(one)));
    let heat = &list["heat"];
    assert_eq!(
        (&heat["before"][3][4], &heat["after"][3][4], &heat["after"][0][4]),
        (&json!(2), &json!(1), &json!(1))
    );
    let rest = register.ok("auditor", "list_risks", json!({ "limit": 5, "after": one }));
    assert_eq!((len(&rest["items"]), &rest["items"][0]["reference"]), (1, &json!(other)));
    let cell = json!({ "limit": 5, "likelihood": 1, "impact": 5 });
    assert_eq!(register.ok("auditor", "list_risks", cell)["total"], 1);
    let first = json!({ "limit": 5, "likelihood": 4, "impact": 5, "at_first": true });
    assert_eq!(register.ok("auditor", "list_risks", first)["total"], 2);
    register.ok("manager", "close_risk", json!({ "risk": one, "reason": "the lock is new" }));
    let heat = register.ok("auditor", "list_risks", json!({ "limit": 5 }))["heat"].clone();
    assert_eq!((&heat["before"][3][4], &heat["after"][0][4]), (&json!(1), &json!(0)), "a closed one is gone");
    assert_eq!(register.ok("sales", "list_risks", json!({ "limit": 5 }))["heat"]["after"][3][4], 0);
}

fn nobody_approves_what_they_declared(database: &TestDatabase) {
    let (register, story) = begun(database);
    let link = json!({ "case": story.case, "link": "risks" });
    let declare = json!({ "case": story.case, "link": "risks", "reason": "none of them changes" });
    let nothing = register.refused("manager", "approve_declaration", link.clone());
    assert_eq!(nothing.code, "declaration.nothing_declared");
    register.ok("assigned", "declare_not_needed", declare.clone());
    let twice = register.refused("assigned", "declare_not_needed", declare.clone());
    assert_eq!(twice.code, "declaration.there_already");
    let own = register.refused("assigned", "approve_declaration", link.clone());
    assert_eq!((own.kind, own.code.as_str()), (Kind::Forbidden, "own_work"));
    let approved = register.ok("manager", "approve_declaration", link.clone());
    assert_eq!(
        (&approved[0]["declared_by"], &approved[0]["approved_by"]),
        (&json!("assigned"), &json!("manager"))
    );
    let again = register.refused("ada", "approve_declaration", link.clone());
    assert_eq!(again.code, "declaration.approved_already");
    assert_eq!(register.ok("assigned", "remove_declaration", link.clone()), json!([]));
    register.ok("manager", "declare_not_needed", declare);
    assert_eq!(register.refused("manager", "approve_declaration", link).code, "own_work");
}

fn the_words_of_the_scale_are_the_companys(database: &TestDatabase) {
    let (register, _) = begun(database);
    let risk = risk(&register, 4, 5);
    let words = |user: &str| {
        let shown = register.ok(user, "show_risk", json!({ "risk": risk }));
        (text(&shown, "likelihood_word"), text(&shown, "impact_word"))
    };
    assert_eq!(words("auditor"), ("Likely".to_owned(), "Severe".to_owned()));
    let edit = json!({
        "likelihood_words": ["a", "b", "c", "d", "e"], "add_categories": [], "remove_categories": [],
    });
    register.ok("administrator", "edit_settings", edit);
    assert_eq!(words("auditor"), ("d".to_owned(), "Severe".to_owned()));
}
