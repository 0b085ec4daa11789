//! Commands on people.

use nevertwice_domain::permission::Scope;
use nevertwice_domain::person::PersonKind;
use nevertwice_domain::word::Word as _;
use nevertwice_service::account::{InvitationView, Invite, NewSignInLink};
use nevertwice_service::person::{
    ConfirmPerson, DisablePerson, ListPeople, ListTokens, NewPerson, NewToken, RevokeToken,
};

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
        C::Confirm { person, kind, name, roles, email, os_user } => {
            let roles = (!roles.is_empty()).then(|| roles.into_iter().collect());
            session.call(ConfirmPerson { person, kind, name, roles, email, os_user })?
        }
        C::Disable { person } => session.call(DisablePerson { person })?,
        C::Token { person, label, days, scopes } => {
            let scopes = if scopes.is_empty() { Scope::ALL.to_vec() } else { scopes };
            let token = session.call(NewToken { person, label, days, scopes })?;
            say(format_args!(
                "Token of {} until {}. Its secret is shown this once; keep it in a file only they can read.",
                token.person, token.expires_at
            ));
            return print(session.json, &token, |token, out| writeln!(out, "{}", token.secret.as_str()));
        }
        C::Tokens => {
            let tokens = session.call(ListTokens {})?;
            return print(session.json, &tokens, |tokens, out| text::tokens(tokens, out));
        }
        C::RevokeToken { id } => {
            let token = session.call(RevokeToken { id })?;
            return print(session.json, &token, |token, out| text::tokens(std::slice::from_ref(token), out));
        }
        C::Invite { person, remove_second_factor } => {
            let invitation = session.call(Invite { person, remove_second_factor })?;
            return code(session, &invitation, "choose a password with it");
        }
        C::SignInLink { person } => {
            let link = session.call(NewSignInLink { person })?;
            return code(session, &link, "sign in with it");
        }
    };
    print(session.json, &person, |person, out| text::people(std::slice::from_ref(person), out))
}

/// Prints a code that was made for somebody; what it is for goes to the terminal beside it.
fn code(session: &Session, made: &InvitationView, what: &str) -> Result<(), Failure> {
    say(format_args!(
        "For {}, who can {what} once, until {}. It is shown this once; give it to nobody else.",
        made.person, made.expires_at
    ));
    print(session.json, made, |made, out| writeln!(out, "{}", made.secret.as_str()))
}
