//! Guessing is slowed down, and nobody is locked out by it.

use nevertwice_service::error::Kind;
use nevertwice_testkit::TestDatabase;

use super::{HOME, PASSWORD, enrol, sign_in};
use crate::fixture::Register;

nevertwice_testkit::on_each_engine!(
    a_stranger_is_slowed_down_and_the_owner_is_not,
    one_place_is_slowed_down_whomever_it_tries,
    who_signs_in_rightly_uses_nothing_up,
    a_place_is_known_again_by_its_network,
);

const EMAIL: &str = "marta@example.org";

fn enrolled(database: &TestDatabase) -> Register {
    let register = Register::found(database);
    register.add_person("marta", &["responder"]);
    enrol(&register, "marta");
    register
}

fn code(register: &Register, email: &str, password: &str, address: &str) -> String {
    match sign_in(register, email, password, None, address) {
        Ok(_) => "in".to_owned(),
        Err(error) => {
            let expected = if error.code == "sign_in.refused" { Kind::Forbidden } else { Kind::Unavailable };
            assert_eq!(error.kind, expected);
            error.code
        }
    }
}

fn a_stranger_is_slowed_down_and_the_owner_is_not(database: &TestDatabase) {
    let register = enrolled(database);
    // A botnet: each attempt from another address.
    let attack = |round: u8| {
        let guess = |number| code(&register, EMAIL, "a guess of many", &format!("198.51.{round}.{number}"));
        (0..200).map(guess).filter(|code| code == "sign_in.refused").count()
    };
    assert_eq!(attack(100), 10);
    assert_eq!(code(&register, EMAIL, PASSWORD, HOME), "in", "the owner, at home");
    assert_eq!(code(&register, "MARTA@example.org ", "a guess", "203.0.113.1"), "sign_in.slow_down");
    assert_eq!(code(&register, "nobody@example.org", "a guess", "203.0.113.1"), "sign_in.refused");
    for round in 0..5 {
        register.clock.forward_seconds(60);
        assert!(attack(101 + round) <= 3);
        assert_eq!(code(&register, EMAIL, PASSWORD, HOME), "in");
    }
    register.clock.forward_seconds(31);
    assert_eq!(
        code(&register, EMAIL, PASSWORD, "203.0.113.2"),
        "in",
        "from elsewhere, once there is a moment's peace"
    );
}

fn one_place_is_slowed_down_whomever_it_tries(database: &TestDatabase) {
    let register = enrolled(database);
    let guess =
        |number: u32| code(&register, &format!("person{number}@example.org"), "a guess", "203.0.113.1");
    let refused = (0..60).map(guess).filter(|code| code == "sign_in.refused").count();
    assert!((30..=31).contains(&refused), "{refused}");
    let error = sign_in(&register, EMAIL, PASSWORD, None, "203.0.113.1").unwrap_err();
    assert_eq!(error.code, "sign_in.slow_down");
    assert!(error.message.contains("try again in "), "{}", error.message);
    assert_eq!(code(&register, EMAIL, PASSWORD, HOME), "in", "the others do not notice");
    // An IPv6 network is one place.
    let guess = |number: u32| {
        code(&register, &format!("p{number}@example.org"), "a guess", &format!("2001:db8::{number}"))
    };
    let refused = (0..60).map(guess).filter(|code| code == "sign_in.refused").count();
    assert!((30..=31).contains(&refused), "{refused}");
}

fn who_signs_in_rightly_uses_nothing_up(database: &TestDatabase) {
    let register = enrolled(database);
    for round in 0..40 {
        assert_eq!(code(&register, EMAIL, PASSWORD, "203.0.113.9"), "in", "{round}");
    }
}

fn a_place_is_known_again_by_its_network(database: &TestDatabase) {
    let register = enrolled(database);
    assert_eq!(code(&register, EMAIL, PASSWORD, "2001:db8:1:2::10"), "in");
    (0..20).for_each(|number| drop(code(&register, EMAIL, "a guess", &format!("198.51.100.{number}"))));
    assert_eq!(
        code(&register, EMAIL, PASSWORD, "2001:db8:1:2:a:b:c:d"),
        "in",
        "another address of the same network"
    );
    assert_eq!(code(&register, EMAIL, PASSWORD, "2001:db8:1:3::10"), "sign_in.slow_down");
}
