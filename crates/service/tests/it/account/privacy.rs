//! Nothing secret in the trail, in an archive, or in what is logged.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use nevertwice_service::account::{
    AcceptInvitation, ChangePassword, ConfirmSecondFactor, Secret, SignIn, SignedIn,
};
use nevertwice_service::{Identity, archive};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{HOME, PASSWORD, accept, done, enrol, session, sign_in, signed_in};
use crate::fixture::{Register, hold, text};

nevertwice_testkit::on_each_engine!(
    the_trail_tells_that_something_was_set_and_by_whom_and_nothing_of_what,
    who_comes_with_an_archive_signs_in_with_a_new_invitation,
);

/// Somebody who did everything that leaves a secret; gives every secret there is.
fn everything(register: &Register) -> Vec<String> {
    register.add_person("marta", &["responder"]);
    let invitation = register.ok("ada", "invite", json!({ "person": "marta" }));
    let accepted = accept(register, &invitation, "marta").unwrap();
    let by = signed_in(register, "marta");
    let started = done(register, &by, "start_second_factor", json!({}));
    let mut secrets = vec![
        PASSWORD.to_owned(),
        text(&invitation, "secret"),
        text(&accepted, "secret"),
        text(&started, "secret"),
        "$argon2id$".to_owned(),
        HOME.to_owned(),
        "a browser".to_owned(),
    ];
    let setup = register.service.setup_code().unwrap().unwrap();
    secrets.push(setup.secret.as_str().to_owned());
    secrets.push(text(&register.ok("marta", "new_sign_in_link", json!({ "person": null })), "secret"));
    register.ok("ada", "invite", json!({ "person": "marta" }));
    secrets
}

fn files_in(folder: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(fs::read(path).unwrap());
        }
    }
    files
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn the_trail_tells_that_something_was_set_and_by_whom_and_nothing_of_what(database: &TestDatabase) {
    let register = Register::found(database);
    let secrets = everything(&register);
    let out = register.beside("archive");
    register.ok("ada", "export_archive", json!({ "out": out, "views": true }));
    for file in files_in(&out) {
        for secret in &secrets {
            assert!(!contains(&file, secret), "{secret} is in the archive");
        }
    }
    let entries = fs::read_to_string(out.join("trail_entries.jsonl")).unwrap();
    let mut fields = BTreeSet::new();
    let mut actions = Vec::new();
    for line in entries.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let disclosures: Value = serde_json::from_str(row["disclosures"].as_str().unwrap()).unwrap();
        let told = disclosures.as_object().unwrap().keys().filter(|field| field.starts_with("accounts/"));
        let told: Vec<String> = told.cloned().collect();
        if !told.is_empty() {
            actions.push((text(&row, "action"), text(&row, "actor_id") == text(&row, "object_id")));
        }
        fields.extend(told);
    }
    let expected = ["email", "invited_at", "password_set_at", "person_id"].map(|f| format!("accounts/{f}"));
    assert_eq!(fields, BTreeSet::from(expected));
    let expected = [("invite", false), ("accept_invitation", true), ("invite", false)];
    assert_eq!(actions, expected.map(|(action, own)| (action.to_owned(), own)));
    let tables = ["account_secrets", "recovery_codes", "sessions", "sign_in_links", "tokens"];
    for table in tables {
        assert!(!out.join(format!("{table}.jsonl")).exists(), "{table}");
    }
}

fn who_comes_with_an_archive_signs_in_with_a_new_invitation(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let by = enrol(&register, "marta");
    let out = register.beside("archive");
    register.ok("ada", "export_archive", json!({ "out": out, "views": false }));
    let other = database.engine().database();
    let root = register.beside("copy");
    let url = other.url().parse().unwrap();
    let wish = archive::Wish { at: register.service.moment().at, new_key: None };
    let folder = hold(&root);
    archive::import(&out, &folder, &url, &wish, &|_| ()).unwrap();
    let service = nevertwice_service::setup::open(folder, &url, register.edge()).unwrap();
    let copy = register.with_service(service);
    assert_eq!(
        sign_in(&copy, "marta@example.org", PASSWORD, None, HOME).unwrap_err().code,
        "sign_in.refused"
    );
    assert_eq!(super::is_in(&copy, &by), super::out());
    let setup = copy.service.setup_code().unwrap().expect("no administrator has a password here");
    accept(&copy, &json!({ "secret": setup.secret.as_str() }), "ada").unwrap();
    let invitation = copy.ok("ada", "invite", json!({ "person": "marta" }));
    let shown =
        copy.ask_as(&Identity::Nobody, "show_invitation", json!({ "secret": invitation["secret"] })).unwrap();
    assert_eq!((&shown["email"], &shown["has_account"]), (&json!("marta@example.org"), &json!(false)));
    let by = session(&accept(&copy, &invitation, "marta").unwrap());
    assert_eq!(super::is_in(&copy, &by), Ok(()));
    copy.expect_sound();
}

#[test]
fn no_secret_is_logged() {
    let secret = || Secret::new("hush hush hush".to_owned());
    let sign_in = SignIn {
        email: "a@example.org".to_owned(),
        password: secret(),
        code: Some("hush hush".to_owned()),
        address: None,
        agent: None,
    };
    let accept = AcceptInvitation {
        secret: secret(),
        email: "a@example.org".to_owned(),
        password: secret(),
        code: Some("hush hush".to_owned()),
        address: None,
        agent: None,
    };
    let change = ChangePassword { current: secret(), new: secret() };
    let signed_in = SignedIn { secret: secret(), person: "Ada".to_owned(), expires_at: "then".to_owned() };
    let identities =
        [Identity::Session("hush hush hush".to_owned()), Identity::Token("hush hush hush".to_owned())];
    let confirm = ConfirmSecondFactor { code: "hush hush".to_owned() };
    let logged = format!("{sign_in:?} {accept:?} {change:?} {confirm:?} {signed_in:?} {identities:?}");
    assert!(!logged.contains("hush"), "{logged}");
}
