//! What people began to write: kept, theirs alone, and gone in time.

use nevertwice_service::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    a_draft_is_kept_shown_replaced_and_thrown_away,
    a_draft_is_its_writers_alone_and_in_no_trail,
    what_is_no_page_or_too_long_is_refused,
    of_many_the_oldest_goes,
    whoever_may_not_know_of_a_record_any_more_has_no_draft_of_it,
    nobody_keeps_a_draft_of_what_they_may_not_know_of,
    other_roles_begin_without_drafts,
    a_draft_is_gone_after_thirty_days,
);

fn draft(address: &str, value: &str) -> Value {
    json!({ "address": address, "title": "Facts", "record": null, "fields": [["summary", value], ["tags", "a"]] })
}

fn shown(register: &Register, user: &str, address: &str) -> Value {
    register.ok(user, "show_draft", json!({ "address": address }))["draft"].clone()
}

fn addresses(register: &Register, user: &str) -> Vec<String> {
    let rows = register.ok(user, "list_drafts", json!({}));
    rows.as_array().unwrap().iter().map(|row| text(row, "address")).collect()
}

fn a_draft_is_kept_shown_replaced_and_thrown_away(database: &TestDatabase) {
    let register = Register::found(database);
    assert_eq!(shown(&register, "ada", "/a"), Value::Null);
    register.ok("ada", "keep_draft", draft("/a", "one"));
    register.clock.forward_seconds(2);
    register.ok("ada", "keep_draft", draft("/b", "other"));
    register.clock.forward_seconds(2);
    let kept = register.ok("ada", "keep_draft", draft("/a", "one\ntwo"));
    let found = shown(&register, "ada", "/a");
    assert_eq!(found["fields"], json!([["summary", "one\ntwo"], ["tags", "a"]]));
    assert_eq!(found["saved_at"], kept["saved_at"]);
    assert_eq!(addresses(&register, "ada"), ["/a", "/b"], "the latest first");
    register.ok("ada", "drop_draft", json!({ "address": "/a" }));
    register.ok("ada", "drop_draft", json!({ "address": "/a" }));
    assert_eq!(addresses(&register, "ada"), ["/b"]);
}

fn a_draft_is_its_writers_alone_and_in_no_trail(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let entries = register.trail_length();
    register.ok("ada", "keep_draft", draft("/a", "one"));
    assert_eq!(register.trail_length(), entries);
    assert_eq!(shown(&register, "manager", "/a"), Value::Null);
    register.ok("manager", "drop_draft", json!({ "address": "/a" }));
    assert_ne!(shown(&register, "ada", "/a"), Value::Null);
    register.expect_sound();
}

fn what_is_no_page_or_too_long_is_refused(database: &TestDatabase) {
    let register = Register::found(database);
    for address in ["", "a", "//example.org/", "/\\example.org", "/a\nb", &format!("/{}", "a".repeat(300))] {
        let refused = register.refused("ada", "keep_draft", draft(address, "one"));
        assert_eq!(kind_and_code(&refused), (Kind::Invalid, "draft.address"), "{address:?}");
    }
    let refused = register.refused("ada", "keep_draft", draft("/a", &"x".repeat(256 * 1024)));
    assert_eq!(kind_and_code(&refused), (Kind::Invalid, "draft.too_long"));
    assert!(register.ask("ada", "keep_draft", draft("/a", &"x".repeat(250 * 1024))).is_ok());
}

fn of_many_the_oldest_goes(database: &TestDatabase) {
    let register = Register::found(database);
    for number in 0..52 {
        register.clock.forward_seconds(1);
        register.ok("ada", "keep_draft", draft(&format!("/{number}"), "one"));
    }
    let left = addresses(&register, "ada");
    assert_eq!(
        (left.len(), left.first().unwrap().as_str(), left.last().unwrap().as_str()),
        (50, "/51", "/2")
    );
}

fn whoever_may_not_know_of_a_record_any_more_has_no_draft_of_it(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a lock" })), "reference");
    let mut about = draft("/facts", "what stood there");
    about["record"] = json!(case);
    register.ok("manager", "keep_draft", about);
    assert_ne!(shown(&register, "manager", "/facts"), Value::Null);
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": [] }));
    assert_eq!(shown(&register, "manager", "/facts"), Value::Null);
    assert!(addresses(&register, "manager").is_empty());
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": null }));
    assert_ne!(shown(&register, "manager", "/facts"), Value::Null, "nothing was lost");
}

fn nobody_keeps_a_draft_of_what_they_may_not_know_of(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a lock" })), "reference");
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": [] }));
    for record in [case.as_str(), "CASE-2026-0999", "CASE-nonsense", "ACT-2026-0999"] {
        let mut about = draft("/facts", "a guess");
        about["record"] = json!(record);
        assert_eq!(register.refused("manager", "keep_draft", about).kind, Kind::NotFound, "{record}");
    }
}

fn other_roles_begin_without_drafts(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    register.ok("manager", "keep_draft", draft("/a", "one"));
    let roles = register.ok(
        "ada",
        "confirm_person",
        json!({ "person": "manager", "email": { "to": "m@example.org" } }),
    );
    assert_eq!(addresses(&register, "manager"), ["/a"], "another address is no other role: {roles}");
    register.ok("ada", "confirm_person", json!({ "person": "manager", "roles": ["reporter"] }));
    assert!(addresses(&register, "manager").is_empty());
    register.ok("manager", "keep_draft", draft("/a", "one"));
    register.ok("ada", "disable_person", json!({ "person": "manager" }));
    register.ok("ada", "confirm_person", json!({ "person": "manager", "roles": ["reporter"] }));
    assert!(addresses(&register, "manager").is_empty());
}

fn a_draft_is_gone_after_thirty_days(database: &TestDatabase) {
    let register = Register::found(database);
    register.ok("ada", "keep_draft", draft("/a", "one"));
    register.clock.forward_days(29);
    register.service.sweep().unwrap();
    assert_eq!(addresses(&register, "ada"), ["/a"]);
    register.clock.forward_days(2);
    register.service.sweep().unwrap();
    assert!(addresses(&register, "ada").is_empty());
}
