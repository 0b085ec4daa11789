//! Whom the procedure has told of what is overdue for so long: one answer for mails and for *My work*.

use std::collections::BTreeSet;

use nevertwice_domain::case::Case;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::Person;
use nevertwice_domain::procedure::EscalateTo;

/// Whether a step means a person. `leaders` lead reviews of the case. Of a case on which nobody works and of which nobody
/// leads a review, the managers are told in their place.
pub(crate) fn is_meant(
    to: EscalateTo,
    person: &Person,
    case: Option<&Case>,
    leaders: Option<&BTreeSet<PersonId>>,
) -> bool {
    let is_manager = person.roles.contains(&Role::Manager);
    match to {
        EscalateTo::Case => case.is_some_and(|case| {
            let leads = leaders.is_some_and(|leaders| leaders.contains(&person.id));
            let is_nobodys = case.responders.is_empty() && leaders.is_none_or(BTreeSet::is_empty);
            case.is_responder(person.id) || leads || is_nobodys && is_manager
        }),
        EscalateTo::Manager => is_manager,
        EscalateTo::Board => person.roles.contains(&Role::Board),
    }
}
