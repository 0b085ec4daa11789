//! Whether somebody who is named for something could do it: nobody is asked for what the program would refuse them.

use nevertwice_domain::case::Case;
use nevertwice_domain::permission::{Relation, Verb, authorize};
use nevertwice_domain::person::Person;

/// Whether a person's roles let them do something to what belongs to a case, once they are named for it. Whoever has no
/// role yet, such as a name from an import, is given one when they are confirmed.
pub(crate) fn could(person: &Person, verb: Verb, case: &Case) -> bool {
    let relation = Relation {
        own: case.reporter == Some(person.id),
        assigned: case.is_responder(person.id),
        named: true,
        author: false,
        shut_out: case.shuts_out(person.id),
    };
    person.roles.is_empty() || authorize(person.roles.iter().copied(), verb, relation).is_ok()
}
