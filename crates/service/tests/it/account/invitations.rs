//! Invitations, setup codes and sign-in links: each good once and for a while.

use nevertwice_service::Identity;
use nevertwice_service::account::InvitationView;
use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{HOME, PASSWORD, accept, done, enrol, is_in, out, session, sign_in, signed_in};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    an_invitation_holds_once_and_for_seven_days,
    an_invitation_tells_who_is_invited_to_what,
    a_forgotten_password_is_replaced_by_invitation_and_every_session_ends,
    who_may_not_act_is_not_invited,
    an_address_is_of_one_account,
    the_first_administrator_chooses_a_password_by_the_code_of_the_server,
    a_sign_in_link_holds_once_for_ten_minutes_and_for_oneself,
    in_a_sample_register_an_administrator_is_whoever_they_like,
    tokens_are_listed_and_taken_back,
);

fn shown(register: &Register, invitation: &Value) -> Result<Value, String> {
    let input = json!({ "secret": invitation["secret"] });
    register.ask_as(&Identity::Nobody, "show_invitation", input).map_err(|error| error.code)
}

fn enter(register: &Register, link: &Value) -> Result<Value, String> {
    let input = json!({ "secret": link["secret"], "address": HOME, "agent": null });
    register.ask_as(&Identity::Nobody, "enter_by_link", input).map_err(|error| error.code)
}

fn refused() -> Result<Value, String> {
    Err("link.refused".to_owned())
}

fn an_invitation_holds_once_and_for_seven_days(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let invite = || register.ok("ada", "invite", json!({ "person": "marta" }));
    let (first, second) = (invite(), invite());
    assert_eq!(shown(&register, &first), refused(), "a new one ends the earlier");
    let typed = text(&second, "secret").to_lowercase().replace('-', " ");
    accept(&register, &json!({ "secret": typed }), "marta").unwrap();
    assert_eq!(accept(&register, &second, "marta").unwrap_err().code, "link.refused");
    assert_eq!(shown(&register, &second), refused());
    let third = invite();
    assert_eq!(enter(&register, &third), refused(), "it is not for signing in");
    register.clock.forward_days(7);
    assert_eq!(shown(&register, &third), refused());
    assert_eq!(accept(&register, &third, "marta").unwrap_err().code, "link.refused");
    register.expect_sound();
}

fn an_invitation_tells_who_is_invited_to_what(database: &TestDatabase) {
    let register = Register::found(database);
    let person = json!({ "name": "Marta", "kind": "person", "roles": [], "email": "Marta.K@example.org" });
    register.ok("ada", "new_person", person);
    let invite = || register.ok("ada", "invite", json!({ "person": "Marta" }));
    let told = shown(&register, &invite()).unwrap();
    assert_eq!(
        (&told["person"], &told["email"], &told["company"], &told["has_account"], &told["code_needed"]),
        (&json!("Marta"), &json!("Marta.K@example.org"), &json!("Example AI"), &json!(false), &json!(false))
    );
    accept(&register, &invite(), "m").unwrap();
    let told = shown(&register, &invite()).unwrap();
    assert_eq!((&told["email"], &told["has_account"]), (&json!("m@example.org"), &json!(true)));
}

fn a_forgotten_password_is_replaced_by_invitation_and_every_session_ends(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let before = enrol(&register, "marta");
    let invitation = register.ok("ada", "invite", json!({ "person": "marta" }));
    assert_eq!(is_in(&register, &before), Ok(()), "an invitation alone changes nothing");
    let input = json!({
        "secret": invitation["secret"], "email": "marta@example.org", "password": "ten swans in a pond",
    });
    let after = session(&register.ask_as(&Identity::Nobody, "accept_invitation", input).unwrap());
    assert_eq!((is_in(&register, &before), is_in(&register, &after)), (out(), Ok(())));
    let by_old = sign_in(&register, "marta@example.org", PASSWORD, None, HOME);
    assert_eq!(by_old.unwrap_err().code, "sign_in.refused");
    register.expect_sound();
}

fn who_may_not_act_is_not_invited(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let invitation = register.ok("ada", "invite", json!({ "person": "marta" }));
    register.ok("ada", "disable_person", json!({ "person": "marta" }));
    assert_eq!(accept(&register, &invitation, "marta").unwrap_err().code, "link.refused");
    assert_eq!(register.refused("ada", "invite", json!({ "person": "marta" })).code, "person.not_confirmed");
    // Somebody whom an import made of a name, and a team.
    let log = register.beside("log.csv");
    std::fs::write(&log, "Title,Reported,Reporter\\nOne,2024-05-17,Unknown Hand\\n".replace("\\n", "\n"))
        .unwrap();
    register.ok("ada", "import_spreadsheet", json!({ "file": log, "update": false, "dry_run": false }));
    register.ok("ada", "new_person", json!({ "name": "Ops", "kind": "team", "roles": [] }));
    let unconfirmed = register.ok("ada", "list_people", json!({ "status": "unconfirmed" }));
    assert_eq!(unconfirmed[0]["name"], "Unknown Hand");
    for (person, code) in [("Unknown Hand", "person.not_confirmed"), ("Ops", "person.is_a_team")] {
        for (name, input) in [
            ("invite", json!({ "person": person })),
            ("new_token", json!({ "person": person, "label": "x" })),
        ] {
            assert_eq!(register.refused("ada", name, input).code, code, "{name} {person}");
        }
    }
}

fn an_address_is_of_one_account(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    register.add_person("other", &["responder"]);
    enrol(&register, "marta");
    let invitation = register.ok("ada", "invite", json!({ "person": "other" }));
    let error = accept(&register, &invitation, "MARTA").unwrap_err();
    assert_eq!((error.kind, error.code.as_str()), (Kind::Invalid, "account.address_taken"));
    accept(&register, &invitation, "other").expect("what was refused did not use the invitation up");
}

fn code(view: &InvitationView) -> Value {
    serde_json::to_value(view).unwrap()
}

fn the_first_administrator_chooses_a_password_by_the_code_of_the_server(database: &TestDatabase) {
    let register = Register::found(database);
    let start = || register.service.setup_code().unwrap();
    let (first, second) = (start().unwrap(), start().unwrap());
    assert_eq!((first.person.as_str(), second.person.as_str()), ("Ada", "Ada"));
    assert!(first.secret.as_str().replace('-', "").len() * 5 >= 128, "the bits of it");
    assert_eq!(shown(&register, &code(&first)), refused(), "every start ends the code before");
    register.clock.forward_seconds(60 * 60);
    assert_eq!(shown(&register, &code(&second)), refused(), "after an hour");
    let third = start().unwrap();
    let by = session(&accept(&register, &code(&third), "root").unwrap());
    let shown_self = done(&register, &by, "show_self", json!({}));
    assert_eq!((&shown_self["name"], &shown_self["has_password"]), (&json!("Ada"), &json!(true)));
    assert_eq!(accept(&register, &code(&third), "root").unwrap_err().code, "link.refused", "once");
    assert!(start().is_none(), "an administrator has a password");
    register.expect_sound();
}

fn a_sign_in_link_holds_once_for_ten_minutes_and_for_oneself(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let link = |user: &str, person: Option<&str>| {
        register.ask(user, "new_sign_in_link", json!({ "person": person }))
    };
    let made = link("marta", None).unwrap();
    let by = session(&enter(&register, &made).unwrap());
    assert_eq!(is_in(&register, &by), Ok(()), "without a password");
    assert_eq!(enter(&register, &made), refused(), "once");
    assert_eq!(
        accept(&register, &link("marta", Some("marta")).unwrap(), "marta").unwrap_err().code,
        "link.refused"
    );
    let late = link("marta", Some("me")).unwrap();
    register.clock.forward_seconds(10 * 60);
    assert_eq!(enter(&register, &late), refused(), "after ten minutes");
    let only_yourself = |error: nevertwice_service::ServiceError| {
        assert_eq!((error.kind, error.code.as_str()), (Kind::Forbidden, "sign_in_link.only_yourself"));
    };
    only_yourself(link("ada", Some("marta")).unwrap_err());
    only_yourself(link("marta", Some("nobody of this name")).unwrap_err());
    only_yourself(register.ask_as(&by, "new_sign_in_link", json!({ "person": null })).unwrap_err());
}

fn in_a_sample_register_an_administrator_is_whoever_they_like(database: &TestDatabase) {
    let register = Register::found_sample(database);
    register.add_person("marta", &["responder"]);
    let by = enrol(&register, "marta");
    let made = register.ok("ada", "new_sign_in_link", json!({ "person": "marta" }));
    let entered = session(&enter(&register, &made).unwrap());
    assert_eq!(done(&register, &entered, "show_self", json!({}))["name"], "marta");
    for identity in [&by, &Identity::OsUser("marta".to_owned())] {
        let refused = register.ask_as(identity, "new_sign_in_link", json!({ "person": "Ada" })).unwrap_err();
        assert_eq!((refused.kind, refused.code.as_str()), (Kind::Forbidden, "forbidden"));
    }
}

fn tokens_are_listed_and_taken_back(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    enrol(&register, "marta");
    let by = signed_in(&register, "marta");
    let made = done(&register, &by, "new_own_token", json!({ "label": "ci", "scopes": ["read", "report"] }));
    let other = register.ok("ada", "new_token", json!({ "person": "marta", "label": "a script" }));
    let listed = done(&register, &by, "list_tokens", json!({}));
    let rows: Vec<_> = listed.as_array().unwrap().iter().map(|row| (&row["label"], &row["scopes"])).collect();
    let all = json!(["read", "report", "edit", "decide", "administer"]);
    assert_eq!(rows, [(&json!("ci"), &json!(["read", "report"])), (&json!("a script"), &all)]);
    assert!(!listed.to_string().contains("nvt_"));
    let token = |made: &Value| Identity::Token(text(made, "secret"));
    for (made, revoker) in [(&made, by.clone()), (&other, Identity::OsUser("ada".to_owned()))] {
        done(&register, &token(made), "list_suppliers", json!({}));
        let revoked = done(&register, &revoker, "revoke_token", json!({ "id": made["id"] }));
        assert_eq!(revoked["holds"], false);
        let error = register.ask_as(&token(made), "list_suppliers", json!({})).unwrap_err();
        assert_eq!(error.code, "caller.token");
    }
    let adas = register.ok("ada", "new_own_token", json!({ "label": "hers" }));
    let foreign = register.ask_as(&by, "revoke_token", json!({ "id": adas["id"] })).unwrap_err();
    assert_eq!(foreign.kind, Kind::NotFound);
    assert_eq!(is_in(&register, &token(&adas)), Ok(()));
    register.expect_sound();
}
