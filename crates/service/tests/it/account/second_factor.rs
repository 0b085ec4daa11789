//! The second factor: codes by time, each taken once, and recovery codes.

use nevertwice_service::Identity;
use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};
use totp_rs::{Builder, Totp};

use super::{HOME, PASSWORD, accept, done, enrol, is_in, out, session, sign_in, signed_in};
use crate::fixture::{Register, text};

nevertwice_testkit::on_each_engine!(
    a_code_is_needed_once_it_was_confirmed_and_taken_once,
    a_recovery_code_is_taken_once,
    a_second_factor_is_removed_with_the_password_or_by_an_administrator,
    a_new_password_does_without_no_second_factor,
    codes_are_not_guessed,
);

/// Somebody with a second factor: a session of theirs, what makes codes, and recovery codes.
struct Guarded {
    by: Identity,
    totp: Totp,
    recovery: Vec<String>,
}

fn from_base32(text: &str) -> [u8; 20] {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.chars() {
        bits = bits << 5 | u32::try_from(letters.find(letter).unwrap()).unwrap();
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    bytes.try_into().unwrap()
}

fn guard(register: &Register, person: &str) -> Guarded {
    register.add_person(person, &["responder"]);
    let (other, by) = (enrol(register, person), signed_in(register, person));
    let started = done(register, &by, "start_second_factor", json!({}));
    assert!(text(&started, "uri").starts_with("otpauth://totp/Example%20AI:"), "{started}");
    let shown = done(register, &by, "show_self", json!({}));
    assert_eq!((&shown["has_second_factor"], &shown["second_factor_pending"]), (&json!(false), &json!(true)));
    sign_in(register, &format!("{person}@example.org"), PASSWORD, None, HOME).expect("not confirmed yet");
    let totp = Builder::new().with_secret(from_base32(&text(&started, "secret"))).build().unwrap();
    let wrong = register.ask_as(&by, "confirm_second_factor", json!({ "code": "12" })).unwrap_err();
    assert_eq!((wrong.kind, wrong.code.as_str()), (Kind::Invalid, "second_factor.code_refused"));
    let confirmed = done(register, &by, "confirm_second_factor", json!({ "code": code(register, &totp) }));
    assert_eq!((is_in(register, &by), is_in(register, &other)), (Ok(()), out()), "other sessions end");
    let recovery = confirmed["codes"].as_array().unwrap().iter();
    let recovery = recovery.map(|code| code.as_str().unwrap().to_owned()).collect();
    register.clock.forward_seconds(30);
    Guarded { by, totp, recovery }
}

fn code(register: &Register, totp: &Totp) -> String {
    let seconds = u64::try_from(register.service.moment().at.millis()).unwrap() / 1_000;
    totp.generate(seconds).to_string()
}

fn with_code(register: &Register, code: Option<&str>) -> Result<Value, String> {
    sign_in(register, "marta@example.org", PASSWORD, code, HOME).map_err(|error| error.code)
}

fn refused() -> Result<Value, String> {
    Err("sign_in.code_refused".to_owned())
}

fn a_code_is_needed_once_it_was_confirmed_and_taken_once(database: &TestDatabase) {
    let register = Register::found(database);
    let guarded = guard(&register, "marta");
    assert_eq!(with_code(&register, None), Err("sign_in.code_needed".to_owned()));
    let wrong =
        sign_in(&register, "marta@example.org", "not the password", Some("000000"), HOME).unwrap_err();
    assert_eq!(wrong.code, "sign_in.refused", "of a second factor only who knows the password is told");
    let first = code(&register, &guarded.totp);
    let by = session(&with_code(&register, Some(&format!(" {} {} ", &first[..3], &first[3..]))).unwrap());
    assert_eq!(is_in(&register, &by), Ok(()));
    assert_eq!(with_code(&register, Some(&first)), refused(), "replayed");
    register.clock.forward_seconds(30);
    let second = code(&register, &guarded.totp);
    with_code(&register, Some(&second)).unwrap();
    assert_eq!(with_code(&register, Some(&first)), refused(), "an earlier one");
    assert_eq!(with_code(&register, Some(&second)), refused());
    let listed = done(&register, &by, "list_sessions", json!({}));
    assert_eq!(listed.as_array().unwrap().last().unwrap()["how"], "password_and_code");
    let again = register.ask_as(&by, "start_second_factor", json!({})).unwrap_err();
    assert_eq!((again.kind, again.code.as_str()), (Kind::Conflict, "second_factor.already"));
    register.expect_sound();
}

fn a_recovery_code_is_taken_once(database: &TestDatabase) {
    let register = Register::found(database);
    let guarded = guard(&register, "marta");
    assert_eq!(guarded.recovery.len(), 10);
    let typed = guarded.recovery[3].to_lowercase().replace('-', "");
    with_code(&register, Some(&typed)).unwrap();
    assert_eq!(with_code(&register, Some(&guarded.recovery[3])), refused());
    with_code(&register, Some(&guarded.recovery[4])).unwrap();
    let shown = done(&register, &guarded.by, "show_self", json!({}));
    assert_eq!(shown["recovery_codes_left"], 8);
}

fn a_second_factor_is_removed_with_the_password_or_by_an_administrator(database: &TestDatabase) {
    let register = Register::found(database);
    let guarded = guard(&register, "marta");
    let remove = |password: &str| {
        let input = json!({ "password": password });
        register.ask_as(&guarded.by, "remove_second_factor", input).map(drop).map_err(|error| error.code)
    };
    let other = session(&with_code(&register, Some(&guarded.recovery[0])).unwrap());
    assert_eq!(remove("not the password"), Err("password.wrong".to_owned()));
    assert_eq!(remove(PASSWORD), Ok(()));
    assert_eq!((is_in(&register, &guarded.by), is_in(&register, &other)), (Ok(()), out()));
    with_code(&register, None).unwrap();
    let shown = done(&register, &guarded.by, "show_self", json!({}));
    assert_eq!((&shown["has_second_factor"], &shown["recovery_codes_left"]), (&json!(false), &json!(0)));

    let guarded = guard(&register, "nora");
    register.ok("ada", "invite", json!({ "person": "nora" }));
    assert_eq!(is_in(&register, &guarded.by), Ok(()));
    let invitation = register.ok("ada", "invite", json!({ "person": "nora", "remove_second_factor": true }));
    assert_eq!(is_in(&register, &guarded.by), out());
    accept(&register, &invitation, "nora").unwrap();
    sign_in(&register, "nora@example.org", PASSWORD, None, HOME).unwrap();
    register.expect_sound();
}

fn a_new_password_does_without_no_second_factor(database: &TestDatabase) {
    let register = Register::found(database);
    let guarded = guard(&register, "marta");
    let invitation = register.ok("ada", "invite", json!({ "person": "marta" }));
    let accept = |code: Option<&str>| {
        let input = json!({
            "secret": invitation["secret"], "email": "marta@example.org", "password": "ten swans in a pond",
            "code": code,
        });
        register.ask_as(&Identity::Nobody, "accept_invitation", input).map_err(|error| error.code)
    };
    let shown = register
        .ask_as(&Identity::Nobody, "show_invitation", json!({ "secret": invitation["secret"] }))
        .unwrap();
    assert_eq!(shown["code_needed"], true);
    assert_eq!(accept(None), Err("sign_in.code_needed".to_owned()));
    assert_eq!(accept(Some("000000")), refused());
    accept(Some(&code(&register, &guarded.totp))).unwrap();
}

fn codes_are_not_guessed(database: &TestDatabase) {
    let register = Register::found(database);
    let guarded = guard(&register, "marta");
    let guess = |address: &str| {
        sign_in(&register, "marta@example.org", PASSWORD, Some("000000"), address).unwrap_err().code
    };
    let mut tried = 0;
    for hour in 0..24 {
        for number in 0..20 {
            tried += u32::from(guess(&format!("198.51.100.{number}")) == "sign_in.code_refused");
        }
        register.clock.forward_seconds(60 * 60);
        assert!(tried <= 5 * (hour + 1), "{tried} guesses after {hour} hours");
    }
    let last = guess("198.51.100.1");
    assert_eq!(last, "sign_in.code_refused");
    (0..20).for_each(|number| drop(guess(&format!("198.51.100.{number}"))));
    let own = code(&register, &guarded.totp);
    with_code(&register, Some(&own)).expect("from where its owner signed in before nothing is used up");
}
