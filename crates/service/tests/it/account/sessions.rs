//! How long a session holds, and what ends it.

use nevertwice_service::Identity;
use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;
use serde_json::json;

use super::{PASSWORD, done, enrol, is_in, out, session, sign_in, signed_in};
use crate::fixture::Register;

nevertwice_testkit::on_each_engine!(
    a_session_is_always_a_new_one_and_ends_with_its_sign_out,
    a_session_ends_when_it_is_idle_and_when_it_is_old,
    a_disabled_person_is_out_at_once,
    another_role_counts_from_the_next_call_on,
    sessions_are_listed_and_ended_one_by_one,
    the_places_of_old_sessions_are_forgotten,
);

const HOUR: i64 = 60 * 60;

fn a_session_is_always_a_new_one_and_ends_with_its_sign_out(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let first = enrol(&register, "marta");
    // Whoever planted a session before the sign-in has nothing by it: it gives out its own.
    let input = json!({ "email": "marta@example.org", "password": PASSWORD, "address": null, "agent": null });
    let second = session(&register.ask_as(&first, "sign_in", input).unwrap());
    let secrets = [&first, &second].map(|identity| match identity {
        Identity::Session(secret) => secret.clone(),
        other => panic!("{other:?}"),
    });
    assert_ne!(secrets[0], secrets[1]);
    assert!(secrets.iter().all(|secret| secret.starts_with("nvs_") && secret.len() == 68));
    done(&register, &first, "sign_out", json!({}));
    assert_eq!(
        (is_in(&register, &first), is_in(&register, &second)),
        (out(), Ok(())),
        "replayed after sign-out"
    );
    let error = register.refused("ada", "sign_out", json!({}));
    assert_eq!((error.kind, error.code.as_str()), (Kind::Conflict, "session.none"));
}

fn a_session_ends_when_it_is_idle_and_when_it_is_old(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let (idle, used) = (enrol(&register, "marta"), signed_in(&register, "marta"));
    register.clock.forward_seconds(11 * HOUR);
    assert_eq!((is_in(&register, &idle), is_in(&register, &used)), (Ok(()), Ok(())));
    register.service.seen(&used).unwrap();
    register.clock.forward_seconds(2 * HOUR);
    assert_eq!(
        (is_in(&register, &idle), is_in(&register, &used)),
        (out(), Ok(())),
        "13 hours without a word"
    );
    register.service.seen(&idle).unwrap();
    assert_eq!(is_in(&register, &idle), out(), "what ended does not begin again");
    for _ in 0..15 {
        register.service.seen(&used).unwrap();
        register.clock.forward_seconds(10 * HOUR);
        assert_eq!(is_in(&register, &used), Ok(()));
    }
    register.service.seen(&used).unwrap();
    register.clock.forward_seconds(6 * HOUR);
    assert_eq!(is_in(&register, &used), out(), "seven days, however often it was used");
}

fn a_disabled_person_is_out_at_once(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    let by = enrol(&register, "marta");
    let link = register.ok("marta", "new_sign_in_link", json!({ "person": null }));
    register.ok("ada", "disable_person", json!({ "person": "marta" }));
    assert_eq!(is_in(&register, &by), out());
    let enter = json!({ "secret": link["secret"], "address": null, "agent": null });
    assert_eq!(
        register.ask_as(&Identity::Nobody, "enter_by_link", enter.clone()).unwrap_err().code,
        "link.refused"
    );
    register.ok("ada", "confirm_person", json!({ "person": "marta", "roles": ["responder"] }));
    assert_eq!(is_in(&register, &by), out(), "who comes back signs in again");
    assert_eq!(register.ask_as(&Identity::Nobody, "enter_by_link", enter).unwrap_err().code, "link.refused");
    signed_in(&register, "marta");
    register.expect_sound();
}

fn another_role_counts_from_the_next_call_on(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["reporter"]);
    let by = enrol(&register, "marta");
    let code =
        || register.ask_as(&by, "new_supplier", json!({ "name": "Contoso" })).map_err(|error| error.code);
    assert_eq!(code().unwrap_err(), "forbidden");
    register.ok("ada", "confirm_person", json!({ "person": "marta", "roles": ["manager"] }));
    code().unwrap();
    register.ok("ada", "confirm_person", json!({ "person": "marta", "roles": ["reporter"] }));
    assert_eq!(code().unwrap_err(), "forbidden");
}

fn sessions_are_listed_and_ended_one_by_one(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    register.add_person("other", &["responder"]);
    let others = enrol(&register, "other");
    let all = [enrol(&register, "marta"), signed_in(&register, "marta"), signed_in(&register, "marta")];
    let listed = done(&register, &all[1], "list_sessions", json!({}));
    let listed = listed.as_array().unwrap();
    let current: Vec<bool> = listed.iter().map(|row| row["is_current"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, true, false]);
    let how: Vec<_> = listed.iter().map(|row| &row["how"]).collect();
    assert_eq!(how, ["invitation", "password", "password"]);
    assert_eq!((&listed[0]["address"], &listed[0]["agent"]), (&json!("192.0.2.7"), &json!("a browser")));
    let end = |by: &Identity| register.ask_as(by, "end_session", json!({ "id": listed[0]["id"] }));
    assert_eq!(end(&others).unwrap_err().kind, Kind::NotFound, "somebody else's is not there");
    end(&all[1]).unwrap();
    assert_eq!(end(&all[1]).unwrap_err().kind, Kind::NotFound);
    assert_eq!((is_in(&register, &all[0]), is_in(&register, &all[2])), (out(), Ok(())));
    done(&register, &all[1], "end_other_sessions", json!({}));
    assert_eq!((is_in(&register, &all[1]), is_in(&register, &all[2])), (Ok(()), out()));
    assert_eq!(is_in(&register, &others), Ok(()));
}

fn the_places_of_old_sessions_are_forgotten(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    enrol(&register, "marta");
    let count = |register: &Register| {
        register.service.sweep().unwrap();
        // A stranger has ten attempts; who was seen here before has ten of their own.
        let from_home =
            |_| sign_in(register, "marta@example.org", "wrong", None, super::HOME).unwrap_err().code;
        (0..10).map(|_| sign_in(register, "marta@example.org", "wrong", None, "198.51.100.9")).for_each(drop);
        (0..1).map(from_home).next().unwrap()
    };
    register.clock.forward_days(50);
    assert_eq!(count(&register), "sign_in.refused");
    register.clock.forward_days(50);
    assert_eq!(count(&register), "sign_in.slow_down");
}
