//! The permission table, read the way a person would.

use super::*;

const NONE: Relation = Relation { own: false, assigned: false, named: false, author: false, shut_out: false };

#[test]
fn nobody_without_a_role_may_do_anything() {
    for &verb in Verb::ALL {
        let everything = Relation { own: true, assigned: true, named: true, author: false, shut_out: false };
        assert!(authorize([], verb, everything).is_err(), "{verb}");
    }
}

#[test]
fn a_restricted_case_does_not_exist_for_those_who_need_not_know() {
    for &role in Role::ALL {
        for &verb in Verb::ALL {
            let shut_out = Relation { own: true, assigned: true, named: true, author: false, shut_out: true };
            assert_eq!(authorize([role], verb, shut_out), Err(Denied::Invisible), "{role} {verb}");
        }
    }
}

#[test]
fn a_reporter_sees_own_reports_and_no_others() {
    let own = Relation { own: true, ..NONE };
    assert_eq!(authorize([Role::Reporter], Verb::ReadCase, own), Ok(()));
    assert_eq!(authorize([Role::Reporter], Verb::ReadCase, NONE), Err(Denied::Invisible));
    assert_eq!(
        authorize([Role::Reporter], Verb::EditCase, own),
        Err(Denied::Forbidden { verb: Verb::EditCase }),
        "one sees it, so it is not hidden, but one may not edit it"
    );
}

#[test]
fn everybody_who_reports_follows_their_own_reports() {
    let own = Relation { own: true, ..NONE };
    for &role in Role::ALL {
        for verb in [Verb::Comment, Verb::ReadCase] {
            let reports = authorize([role], Verb::Report, NONE).is_ok();
            assert_eq!(
                authorize([role], verb, own).is_ok(),
                reports || verb == Verb::ReadCase,
                "{role} {verb}"
            );
        }
    }
    assert_eq!(authorize([Role::Auditor], Verb::Report, NONE), Err(Denied::Forbidden { verb: Verb::Report }));
}

#[test]
fn nobody_approves_their_own_work() {
    let author = Relation { named: true, author: true, ..NONE };
    for role in [Role::Manager, Role::Responder] {
        assert_eq!(authorize([role], Verb::Approve, author), Err(Denied::OwnWork), "{role}");
    }
}

#[test]
fn only_the_named_owner_completes_an_action() {
    assert!(authorize([Role::Manager], Verb::CompleteAction, NONE).is_err());
    assert_eq!(authorize([Role::Sales], Verb::CompleteAction, Relation { named: true, ..NONE }), Ok(()));
}

#[test]
fn only_its_owner_accepts_a_risk_and_owners_read_theirs() {
    let owner = Relation { named: true, ..NONE };
    for role in
        [Role::Reporter, Role::Responder, Role::Manager, Role::Sales, Role::Board, Role::Administrator]
    {
        assert!(authorize([role], Verb::AcceptRisk, NONE).is_err(), "{role}");
        for verb in [Verb::ReadRisk, Verb::AcceptRisk] {
            assert_eq!(authorize([role], verb, owner), Ok(()), "{role} {verb}");
        }
        let edits = authorize([role], Verb::EditRisk, owner).is_ok();
        assert_eq!(edits, role == Role::Manager, "{role}");
    }
    let reads = |role: &&Role| authorize([**role], Verb::ReadRisk, NONE).is_ok();
    let readers: Vec<_> = Role::ALL.iter().filter(reads).collect();
    assert_eq!(readers, [&Role::Responder, &Role::Manager, &Role::Auditor]);
}

#[test]
fn an_administrator_does_not_read_cases() {
    assert_eq!(authorize([Role::Administrator], Verb::ReadCase, NONE), Err(Denied::Invisible));
    assert_eq!(authorize([Role::Administrator], Verb::Administer, NONE), Ok(()));
}

#[test]
fn roles_add_up() {
    assert_eq!(authorize([Role::Administrator, Role::Manager], Verb::ReadCase, NONE), Ok(()));
}

#[test]
fn an_auditor_changes_nothing() {
    let all = Relation { own: true, assigned: true, named: true, author: false, shut_out: false };
    let reading = [
        Verb::ReadCase,
        Verb::ReadLesson,
        Verb::ReadRegister,
        Verb::ReadTrail,
        Verb::ReadCatalogue,
        Verb::ReadProcedure,
        Verb::ReadRisk,
    ];
    for &verb in Verb::ALL {
        assert_eq!(authorize([Role::Auditor], verb, all).is_ok(), reading.contains(&verb), "{verb}");
    }
}
