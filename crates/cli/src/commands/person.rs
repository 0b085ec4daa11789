//! Commands on people.

use nevertwice_domain::person::PersonKind;
use nevertwice_service::person::{ConfirmPerson, DisablePerson, ListPeople, NewPerson, NewToken};

use crate::args::PersonCommand;
use crate::failure::Failure;
use crate::output::{print, say};
use crate::session::Session;
use crate::text;

/// Runs a command on people.
pub(super) fn run(session: &Session, command: PersonCommand) -> Result<(), Failure> {
    use PersonCommand as C;
    let person = match command {
        C::New { name, roles, email, os_user, team } => {
            let kind = if team { PersonKind::Team } else { PersonKind::Person };
            session.call(NewPerson { name, kind, roles: roles.into_iter().collect(), email, os_user })?
        }
        C::List { status } => {
            let people = session.call(ListPeople { status })?;
            return print(session.json, &people, |people, out| text::people(people, out));
        }
        C::Confirm { person, kind, roles, email, os_user } => {
            let roles = (!roles.is_empty()).then(|| roles.into_iter().collect());
            session.call(ConfirmPerson { person, kind, roles, email, os_user })?
        }
        C::Disable { person } => session.call(DisablePerson { person })?,
        C::Token { person, label, days } => {
            let token = session.call(NewToken { person, label, days })?;
            say(format_args!(
                "Token of {} until {}. Its secret is shown this once; keep it in a file only they can read.",
                token.person, token.expires_at
            ));
            return print(session.json, &token, |token, out| writeln!(out, "{}", token.secret));
        }
    };
    print(session.json, &person, |person, out| text::people(std::slice::from_ref(person), out))
}
