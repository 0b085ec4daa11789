//! Signing in, and everything that ends it.

mod invitations;
mod privacy;
mod second_factor;
mod sessions;
mod throttle;

use nevertwice_service::error::Kind;
use nevertwice_service::{Identity, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    who_was_invited_chooses_a_password_and_signs_in,
    a_wrong_address_and_a_wrong_password_are_answered_alike,
    a_new_password_ends_the_other_sessions,
    a_password_that_is_guessed_first_is_refused,
);

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "nine geese in a row";
/// Where everybody signs in from.
pub(super) const HOME: &str = "192.0.2.7";

/// Invites somebody who is known already, and lets them choose the password; gives their session.
pub(super) fn enrol(register: &Register, person: &str) -> Identity {
    let invitation = register.ok("ada", "invite", json!({ "person": person }));
    accept(register, &invitation, person).map(|signed_in| session(&signed_in)).unwrap()
}

/// Accepts an invitation with the usual password.
pub(super) fn accept(register: &Register, invitation: &Value, person: &str) -> Result<Value, ServiceError> {
    let input = json!({
        "secret": invitation["secret"], "email": format!("{person}@Example.org"), "password": PASSWORD,
        "address": HOME, "agent": "a browser",
    });
    register.ask_as(&Identity::Nobody, "accept_invitation", input)
}

/// Signs in from an address.
pub(super) fn sign_in(
    register: &Register,
    email: &str,
    password: &str,
    code: Option<&str>,
    address: &str,
) -> Result<Value, ServiceError> {
    let input = json!({
        "email": email, "password": password, "code": code, "address": address, "agent": "a browser",
    });
    register.ask_as(&Identity::Nobody, "sign_in", input)
}

/// Signs in with the usual password from the usual place.
pub(super) fn signed_in(register: &Register, person: &str) -> Identity {
    session(&sign_in(register, &format!("{person}@example.org"), PASSWORD, None, HOME).unwrap())
}

pub(super) fn session(signed_in: &Value) -> Identity {
    Identity::Session(text(signed_in, "secret"))
}

/// Whether somebody is let in; else the code of the refusal.
pub(super) fn is_in(register: &Register, identity: &Identity) -> Result<(), String> {
    register.ask_as(identity, "show_self", json!({})).map(drop).map_err(|error| error.code)
}

pub(super) fn out() -> Result<(), String> {
    Err("caller.session".to_owned())
}

#[track_caller]
pub(super) fn done(register: &Register, identity: &Identity, name: &str, input: Value) -> Value {
    match register.ask_as(identity, name, input) {
        Ok(outcome) => outcome,
        Err(error) => panic!("{name}: {:?} {}: {}", error.kind, error.code, error.message),
    }
}

fn who_was_invited_chooses_a_password_and_signs_in(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let first = enrol(&register, "marta");
    let second = signed_in(&register, "marta");
    for by in [&first, &second] {
        let shown = done(&register, by, "show_self", json!({}));
        assert_eq!(
            (&shown["name"], &shown["email"], &shown["roles"], &shown["has_password"]),
            (&json!("marta"), &json!("marta@example.org"), &json!(["responder"]), &json!(true))
        );
        assert_eq!((&shown["company"], &shown["time_zone"]), (&json!("Example AI"), &json!("Europe/Berlin")));
    }
    let other = sign_in(&register, " MARTA@EXAMPLE.ORG ", PASSWORD, None, HOME).unwrap();
    assert_eq!(other["person"], "marta");
    done(&register, &second, "list_suppliers", json!({}));
    let refused =
        register.ask_as(&second, "new_person", json!({ "name": "x", "kind": "person", "roles": [] }));
    assert_eq!(refused.unwrap_err().code, "forbidden", "a session may do what its person may");
    register.expect_sound();
}

fn a_wrong_address_and_a_wrong_password_are_answered_alike(database: &TestDatabase) {
    let register = Register::found(database);
    for person in ["marta", "gone", "invited"] {
        register.add_person(person, &["responder"]);
    }
    enrol(&register, "marta");
    enrol(&register, "gone");
    register.ok("ada", "invite", json!({ "person": "invited" }));
    register.ok("ada", "disable_person", json!({ "person": "gone" }));
    let entries = register.trail_length();
    let answers = [
        ("marta@example.org", "nine geese in a ro"),
        ("marta@example.org", ""),
        ("gone@example.org", PASSWORD),
        ("invited@example.org", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("no address at all", PASSWORD),
        ("", ""),
    ]
    .map(|(email, password)| sign_in(&register, email, password, None, HOME).unwrap_err());
    assert_eq!((answers[0].kind, answers[0].code.as_str()), (Kind::Forbidden, "sign_in.refused"));
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    assert_eq!(register.trail_length(), entries);
}

fn a_new_password_ends_the_other_sessions(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let (other, own) = (enrol(&register, "marta"), signed_in(&register, "marta"));
    let change = |current: &str, new: &str| {
        let input = json!({ "current": current, "new": new });
        register.ask_as(&own, "change_password", input).map(drop).map_err(|error| error.code)
    };
    assert_eq!(change("not the password", "ten swans in a pond"), Err("password.wrong".to_owned()));
    assert_eq!(change(PASSWORD, "short"), Err("password.short".to_owned()));
    assert_eq!(is_in(&register, &other), Ok(()));
    assert_eq!(change(PASSWORD, "ten swans in a pond"), Ok(()));
    assert_eq!((is_in(&register, &own), is_in(&register, &other)), (Ok(()), out()));
    assert_eq!(
        sign_in(&register, "marta@example.org", PASSWORD, None, HOME).unwrap_err().code,
        "sign_in.refused"
    );
    sign_in(&register, "marta@example.org", "ten swans in a pond", None, HOME).unwrap();
    let nothing = register.refused("ada", "change_password", json!({ "current": "x", "new": "y" }));
    assert_eq!((nothing.kind, nothing.code.as_str()), (Kind::Conflict, "account.none"));
    register.expect_sound();
}

fn a_password_that_is_guessed_first_is_refused(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let invitation = register.ok("ada", "invite", json!({ "person": "marta" }));
    for (password, code) in [
        ("eleven char", "password.short"),
        ("ExampleAI for ever", "password.company"),
        ("marta and nine geese", "password.address"),
        ("passwordpassword", "password.common"),
    ] {
        let input =
            json!({ "secret": invitation["secret"], "email": "marta@example.org", "password": password });
        let error = register.ask_as(&Identity::Nobody, "accept_invitation", input).unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (Kind::Invalid, code), "{password}");
        assert!(!format!("{error:?}").contains(password), "{error:?}");
        assert_eq!(error.fields[0].field, "password");
    }
    accept(&register, &invitation, "marta").unwrap();
}
