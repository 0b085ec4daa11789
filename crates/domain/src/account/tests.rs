//! What is an address, and when a session holds.

use super::*;

#[test]
fn addresses_that_differ_in_case_or_form_alone_are_one() {
    let known = SignInAddress::parse("m\u{fc}ller@example.org").unwrap();
    for same in [" M\u{fc}ller@Example.ORG ", "Mu\u{308}ller@example.org"] {
        assert_eq!(SignInAddress::parse(same).unwrap(), known, "{same}");
    }
    assert_ne!(SignInAddress::parse("muller@example.org").unwrap(), known, "an accent makes another person");
    assert_eq!(SignInAddress::parse("\"a@b\"@example.org").unwrap().local_part(), "\"a@b\"");
}

#[test]
fn what_is_not_an_address_is_refused() {
    let long = format!("{}@example.org", "a".repeat(ADDRESS_LIMIT));
    for text in ["", "ada", "@example.org", "ada@", "a da@example.org", "ada@example.org\0", &long] {
        assert!(SignInAddress::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_session_holds_until_it_is_ended_idle_or_old() {
    let at = |millis| Timestamp::from_millis(millis);
    let session = Session {
        id: SessionId::new(uuid::Uuid::nil()),
        person_id: PersonId::new(uuid::Uuid::nil()),
        secret_sha256: Sha256Text::from_digest(&[0; 32]),
        how: SessionHow::Password,
        created_at: at(0),
        last_seen_at: at(0),
        expires_at: at(SESSION_LIMIT_MILLIS),
        ended_at: None,
        address: None,
        place: None,
        agent: None,
    };
    assert!(session.holds(at(IDLE_LIMIT_MILLIS - 1)) && !session.holds(at(IDLE_LIMIT_MILLIS)));
    assert_eq!(session.ends_at(), at(IDLE_LIMIT_MILLIS));
    let seen = Session { last_seen_at: at(SESSION_LIMIT_MILLIS - 1), ..session.clone() };
    assert!(seen.holds(at(SESSION_LIMIT_MILLIS - 1)) && !seen.holds(at(SESSION_LIMIT_MILLIS)));
    assert_eq!(seen.ends_at(), at(SESSION_LIMIT_MILLIS));
    assert!(!Session { ended_at: Some(at(1)), ..session }.holds(at(2)));
}
