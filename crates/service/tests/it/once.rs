//! Requests that are sent twice under one key: done once, answered the same, by whomever they were sent first.

use nevertwice_service::use_case::{Asked, run_named};
use nevertwice_service::{Identity, Kind, RequestKey, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    what_is_asked_again_under_a_key_is_answered_and_not_done_again,
    what_is_refused_is_not_remembered,
    a_key_is_one_persons_and_forgotten_after_a_day,
    two_at_once_are_done_once,
    a_narrower_token_gets_no_answer_of_a_wider_one,
    an_answer_is_forgotten_when_somebody_may_know_of_less,
    what_is_no_single_change_or_holds_a_secret_takes_no_key,
);

fn keyed(
    register: &Register,
    identity: &Identity,
    key: &str,
    name: &str,
    input: Value,
) -> Result<Value, ServiceError> {
    let key = RequestKey::parse(key).unwrap();
    run_named(name, input, &Asked::new(&register.service, identity).keyed(Some(&key)))
}

fn os_user(user: &str) -> Identity {
    Identity::OsUser(user.to_owned())
}

fn report(register: &Register, user: &str, key: &str, title: &str) -> Result<Value, ServiceError> {
    keyed(register, &os_user(user), key, "report_case", json!({ "title": title }))
}

fn what_is_asked_again_under_a_key_is_answered_and_not_done_again(database: &TestDatabase) {
    let register = Register::found(database);
    let first = report(&register, "ada", "k-1", "a lock").unwrap();
    let entries = register.trail_length();
    assert_eq!(report(&register, "ada", "k-1", "a lock"), Ok(first.clone()));
    assert_eq!(register.trail_length(), entries);
    let other = report(&register, "ada", "k-1", "a door").unwrap_err();
    assert_eq!(kind_and_code(&other), (Kind::Conflict, "request.key_reused"));
    let comment = json!({ "case": first["reference"], "text": "seen" });
    let other = keyed(&register, &os_user("ada"), "k-1", "add_comment", comment).unwrap_err();
    assert_eq!(other.code, "request.key_reused");
    assert_ne!(report(&register, "ada", "k-2", "a lock").unwrap()["reference"], first["reference"]);
}

fn what_is_refused_is_not_remembered(database: &TestDatabase) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a lock" })), "reference");
    let close = || keyed(&register, &os_user("ada"), "k", "close_case", json!({ "case": case }));
    assert_eq!(close().unwrap_err().kind, Kind::Conflict);
    assert_eq!(close().unwrap_err().kind, Kind::Conflict);
    assert!(report(&register, "ada", "k", "a door").is_ok());
}

fn a_key_is_one_persons_and_forgotten_after_a_day(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let by = |user: &str| text(&report(&register, user, "k", "a lock").unwrap(), "reference");
    let first = by("ada");
    assert_ne!(by("reporter"), first);
    register.clock.forward_seconds(86_000);
    register.service.sweep().unwrap();
    assert_eq!(by("ada"), first);
    register.clock.forward_seconds(1_000);
    register.service.sweep().unwrap();
    assert_ne!(by("ada"), first);
}

fn two_at_once_are_done_once(database: &TestDatabase) {
    let register = Register::found(database);
    let entries = register.trail_length();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| report(&register, "ada", "k", "a lock").unwrap());
        let asked: Vec<_> = (0..8).map(|_| ask()).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(register.trail_length(), entries + 1);
}

fn a_narrower_token_gets_no_answer_of_a_wider_one(database: &TestDatabase) {
    let register = Register::found(database);
    let token = |scopes: Value| {
        let mut made = json!({ "label": "a script" });
        if !scopes.is_null() {
            made["scopes"] = scopes;
        }
        Identity::Token(text(&register.ok("ada", "new_own_token", made), "secret"))
    };
    let (wide, narrow) = (token(json!(null)), token(json!(["report"])));
    let ask = |by: &Identity| keyed(&register, by, "k", "report_case", json!({ "title": "a lock" }));
    assert!(ask(&wide).is_ok());
    assert_eq!(ask(&narrow).unwrap_err().code, "request.key_reused");
    assert!(ask(&wide).is_ok());
}

fn an_answer_is_forgotten_when_somebody_may_know_of_less(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let ask = || report(&register, "manager", "k", "a lock");
    let case = ask().unwrap()["reference"].clone();
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": [] }));
    let entries = register.trail_length();
    assert_eq!(kind_and_code(&ask().unwrap_err()), (Kind::Conflict, "request.answer_gone"));
    assert_eq!(register.trail_length(), entries, "it was done again");

    let ask = || report(&register, "responder", "k", "a door");
    ask().unwrap();
    register.ok("ada", "confirm_person", json!({ "person": "responder", "roles": ["reporter"] }));
    assert_eq!(ask().unwrap_err().code, "request.answer_gone");
}

fn what_is_no_single_change_or_holds_a_secret_takes_no_key(database: &TestDatabase) {
    let register = Register::found(database);
    let case = text(&register.ok("ada", "report_case", json!({ "title": "a lock" })), "reference");
    let evidence = json!({ "case": case, "source": { "link": "https://example.org" }, "legal_hold": false });
    for (name, input) in [
        ("show_case", json!({ "case": case })),
        ("add_evidence", evidence),
        ("new_own_token", json!({ "label": "a script" })),
        ("invite", json!({ "person": "Ada" })),
    ] {
        let error = keyed(&register, &os_user("ada"), "k", name, input).unwrap_err();
        assert_eq!(kind_and_code(&error), (Kind::Invalid, "request.key_unsupported"), "{name}");
    }
}
