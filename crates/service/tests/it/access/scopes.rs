//! What a token of one scope alone may be used for: the table is the expectation, as in [`super::table`].

use std::collections::BTreeSet;

use nevertwice_service::Identity;
use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::json;

use super::inputs::{Scene, input};
use super::outcome;
use super::table::ROWS;
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    a_token_is_good_for_its_scopes_and_for_nothing_else,
    what_a_person_may_not_see_is_not_there_for_their_narrow_token,
    a_token_makes_no_token_that_may_do_more,
);

/// By scope, what it takes; whatever is in none of them takes none.
const SCOPES: &[(&str, &[&str])] = &[
    ("report", &["report_case", "add_comment"]),
    (
        "read",
        &[
            "show_draft",
            "list_drafts",
            "show_settings",
            "list_people",
            "list_suppliers",
            "show_supplier",
            "list_assets",
            "show_asset",
            "list_fields",
            "list_controls",
            "show_control",
            "list_changes",
            "list_risks",
            "show_risk",
            "show_case",
            "show_activity",
            "find_evidence",
            "show_review",
            "show_procedure",
            "show_procedure_version",
            "list_procedures",
            "say_do",
            "show_lesson",
            "find_similar_lessons",
            "list_lesson_gaps",
            "show_awareness",
            "list_awareness",
            "list_decide_again",
            "list_owed",
            "show_action",
            "show_work",
            "list_cases",
            "list_actions",
            "list_lessons",
            "list_reviews",
            "search",
            "facets",
            "measure_volume",
            "show_loop",
            "find_similar",
            "verify_trail",
            "show_trail_head",
            "make_checkpoint",
            "export_bundle",
        ],
    ),
    (
        "edit",
        &[
            "keep_draft",
            "drop_draft",
            "new_supplier",
            "edit_supplier",
            "new_asset",
            "new_asset_version",
            "edit_asset",
            "new_field",
            "declare_not_needed",
            "remove_declaration",
            "new_control",
            "edit_control",
            "retire_control",
            "add_performance",
            "edit_performance",
            "remove_performance",
            "new_control_change",
            "new_risk",
            "edit_risk",
            "assess_risk",
            "link_risk",
            "close_risk",
            "reopen_risk",
            "edit_case",
            "set_fields",
            "respond_to_case",
            "resolve_case",
            "add_timeline_entry",
            "add_cost",
            "add_evidence",
            "settle_gap",
            "new_review",
            "schedule_review",
            "hold_review",
            "evaluate_review",
            "write_light_review",
            "draft_procedure",
            "edit_procedure",
            "submit_procedure",
            "send_procedure_back",
            "withdraw_procedure",
            "add_why",
            "edit_why",
            "move_why",
            "remove_why",
            "link_causes",
            "edit_cause_link",
            "remove_cause_link",
            "dismiss_finding",
            "record_similar",
            "submit_review",
            "send_review_back",
            "new_lesson",
            "edit_lesson",
            "link_lesson",
            "unlink_lesson",
            "cover_lesson",
            "confirm_lesson",
            "acknowledge_awareness",
            "take_up_action",
            "set_action_cost",
            "hand_over_everything",
            "new_action",
            "start_action",
            "move_action",
            "rate_strength",
            "plan_check",
            "complete_action",
            "reopen_action",
            "hand_over_action",
            "import_spreadsheet",
            "import_veris",
            "list_imports",
            "undo_import",
        ],
    ),
    (
        "decide",
        &[
            "classify_case",
            "decide_case",
            "close_case",
            "reopen_case",
            "restrict_case",
            "part_of_case",
            "void_case",
            "waive_review",
            "approve_procedure",
            "approve_review",
            "approve_lesson",
            "approve_coverage",
            "publish_awareness",
            "withdraw_awareness",
            "renew_not_doing",
            "retire_lesson",
            "not_doing_action",
            "approve_declaration",
            "accept_risk",
            "check_action",
        ],
    ),
    (
        "administer",
        &[
            "edit_settings",
            "new_person",
            "confirm_person",
            "disable_person",
            "new_token",
            "new_own_token",
            "list_tokens",
            "revoke_token",
            "invite",
            "list_sessions",
            "show_mail_preferences",
            "set_mail_preferences",
            "end_session",
            "end_other_sessions",
            "change_password",
            "start_second_factor",
            "confirm_second_factor",
            "remove_second_factor",
            "rebuild_index",
            "create_backup",
            "export_archive",
            "doctor",
        ],
    ),
];

/// A manager and administrator, who may do nearly everything, and a token of theirs for each scope.
fn tokens(register: &Register) -> Vec<(&'static str, Identity)> {
    register.add_person("both", &["manager", "administrator"]);
    let of = |scope: &'static str| {
        let made = register.ok("both", "new_own_token", json!({ "label": scope, "scopes": [scope] }));
        (scope, Identity::Token(text(&made, "secret")))
    };
    SCOPES.iter().map(|(scope, _)| of(scope)).collect()
}

fn a_token_is_good_for_its_scopes_and_for_nothing_else(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let tokens = tokens(&register);
    let scenes = Scene::all(&register);
    let listed: BTreeSet<&str> = SCOPES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    assert!(listed.iter().all(|name| ROWS.iter().any(|row| row.name == *name)));
    let mut free = Vec::new();
    let entries = register.trail_length();
    for row in ROWS.iter().filter(|row| row.name != "new_sign_in_link") {
        let needed = SCOPES.iter().find(|(_, names)| names.contains(&row.name)).map(|(scope, _)| *scope);
        if needed.is_none() {
            free.push(row.name);
            continue;
        }
        for (scope, token) in tokens.iter().filter(|(scope, _)| Some(*scope) != needed) {
            // Nothing that is refused is written, so all is seen in the same state.
            let result = register.ask_as(token, row.name, input(row.name, &scenes[0]));
            let code = result.as_ref().err().map(|error| error.code.as_str());
            let expected = expected_refusal(row.name, scope);
            assert_eq!(code, expected, "{} by a token for {scope}: {result:?}", row.name);
        }
    }
    assert_eq!(free, ["show_self", "sign_out"]);
    assert_eq!(register.trail_length(), entries, "something that was refused was written all the same");
    let mut wrong = Vec::new();
    for (scope, names) in SCOPES {
        let (_, token) = tokens.iter().find(|(of, _)| of == scope).unwrap();
        for name in names.iter().filter(|name| !["disable_person", "end_session"].contains(name)) {
            let result = register.ask_as(token, name, input(name, &scenes[0]));
            let code = result.as_ref().err().map(|error| error.code.as_str());
            let is_wrong = match *name {
                // An action is completed by whoever owes it alone.
                "start_action" | "complete_action" | "reopen_action" | "accept_risk" => {
                    code != Some("forbidden")
                }
                // To take a case on, to say what it is a part of and to look after the register, one has to read it too.
                "respond_to_case" | "part_of_case" | "doctor" => code != Some("token.scope"),
                // The same person wrote parts of it by the token for edit.
                "approve_review" | "waive_review" | "approve_lesson" | "approve_coverage" => {
                    code != Some("own_work")
                }
                // Nobody said which scopes, and all are more than this token has.
                "new_token" | "new_own_token" => code != Some("token.scope"),
                _ => outcome(&result) != '+',
            };
            if is_wrong {
                wrong.push(format!("{name} by a token for {scope}: {result:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two lists may be read for one of two reasons, and an action is completed by whoever owns it alone.
fn expected_refusal(name: &str, scope: &str) -> Option<&'static str> {
    match name {
        "show_settings" | "list_people" | "list_owed" if scope == "administer" => None,
        "start_action" | "complete_action" | "reopen_action" | "accept_risk" => Some("forbidden"),
        _ => Some("token.scope"),
    }
}

fn what_a_person_may_not_see_is_not_there_for_their_narrow_token(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let scenes = Scene::all(&register);
    let made = register.ok("reporter", "new_own_token", json!({ "label": "x", "scopes": ["report"] }));
    let token = Identity::Token(text(&made, "secret"));
    for scene in &scenes {
        for name in ["show_case", "edit_case", "add_comment", "show_review", "show_action"] {
            let by_token = register.ask_as(&token, name, input(name, scene)).unwrap_err();
            assert_eq!(by_token, register.refused("reporter", name, input(name, scene)), "{name}");
            assert_eq!(by_token.kind, Kind::NotFound, "{name}");
        }
    }
}

fn a_token_makes_no_token_that_may_do_more(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.add_person("bob", &["manager"]);
    let make = |scopes: &[&str]| {
        let made = register.ok("ada", "new_own_token", json!({ "label": "x", "scopes": scopes }));
        Identity::Token(text(&made, "secret"))
    };
    let ask = |by: &Identity, name: &str, input| {
        register.ask_as(by, name, input).map(drop).map_err(|error| error.code)
    };
    let refused = Err("token.scope".to_owned());
    let narrow = make(&["read", "administer"]);
    for (name, person) in [("new_own_token", None), ("new_token", Some("ada"))] {
        let input = |scopes: &[&str]| json!({ "label": "x", "person": person, "scopes": scopes });
        assert_eq!(ask(&narrow, name, input(&["read", "edit"])), refused);
        assert_eq!(ask(&narrow, name, json!({ "label": "x", "person": person })), refused, "all are more");
        assert_eq!(ask(&narrow, name, input(&["read"])), Ok(()));
        assert_eq!(ask(&make(&["read"]), name, input(&["read"])), refused, "it administers nothing");
    }
    let all = make(&["read", "report", "edit", "decide", "administer"]);
    let for_bob = |scopes: &[&str]| json!({ "label": "x", "person": "bob", "scopes": scopes });
    let acts_for_others = Err("token.acts_for_others".to_owned());
    for scopes in [&["decide"][..], &["read", "edit"], &["administer"]] {
        assert_eq!(
            ask(&all, "new_token", for_bob(scopes)),
            acts_for_others,
            "nobody approves as somebody else"
        );
    }
    assert_eq!(
        ask(&all, "new_token", json!({ "label": "x", "person": "bob" })),
        acts_for_others,
        "all are more"
    );
    assert_eq!(ask(&all, "new_token", for_bob(&["read", "report"])), Ok(()));
    register.ok("ada", "new_token", json!({ "label": "x", "person": "bob" }));
    let none = register.refused("ada", "new_own_token", json!({ "label": "x", "scopes": [] }));
    assert_eq!(none.code, "token.scopes_missing");
    for days in [0, 366] {
        let refused = register.refused("ada", "new_own_token", json!({ "label": "x", "days": days }));
        assert_eq!(refused.code, "token.days");
        let for_me = json!({ "person": "me", "label": "x", "days": days });
        assert_eq!(register.refused("manager", "new_token", for_me).code, "token.days");
    }
    let link = ask(&make(&["administer"]), "new_sign_in_link", json!({ "person": null }));
    assert_eq!(link, Err("sign_in_link.only_yourself".to_owned()), "a token becomes no session");
}
