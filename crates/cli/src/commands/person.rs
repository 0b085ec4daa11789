//! Commands on people.

use nevertwice_domain::permission::Scope;
use nevertwice_domain::person::PersonKind;
use nevertwice_domain::word::Word as _;
use nevertwice_service::account::{InvitationView, Invite, Invited, NewSignInLink};
use nevertwice_service::person::{
    ConfirmPerson, DisablePerson, HandOverEverything, ListOwed, ListPeople, ListTokens, NewPerson, NewToken,
    RevokeToken,
};
use nevertwice_service::set::Set;

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
            let (email, os_user) = (email.map(Set::To), os_user.map(Set::To));
            session.call(ConfirmPerson { person, version: None, kind, name, roles, email, os_user })?
        }
        C::Disable { person } => session.call(DisablePerson { person })?,
        C::Owes { person } => {
            let views = session.call(ListOwed { person })?;
            return print(session.json, &views, |views, out| text::owed(views, out));
        }
        C::HandOver { person, to } => {
            let told = session.call(HandOverEverything { person, to })?;
            return print(session.json, &told, text::handed_over);
        }
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
        C::Invite { person, remove_second_factor, send } => {
            let invited = session.call(Invite { person, remove_second_factor, send })?;
            return invitation(session, &invited);
        }
        C::SignInLink { person } => {
            let link = session.call(NewSignInLink { person })?;
            return code(session, &link);
        }
    };
    print(session.json, &person, |person, out| text::people(std::slice::from_ref(person), out))
}

/// Prints the code of an invitation, or where it is sent to.
fn invitation(session: &Session, invited: &Invited) -> Result<(), Failure> {
    if let (Some(_), Some(until)) = (&invited.secret, &invited.expires_at) {
        say_for(&invited.person, "choose a password with it", until);
    }
    print(session.json, invited, |invited, out| match (&invited.secret, &invited.sent_to) {
        (Some(secret), _) => writeln!(out, "{}", secret.as_str()),
        (None, Some(address)) => writeln!(out, "{} is sent an invitation to {address}.", invited.person),
        (None, None) => Ok(()),
    })
}

fn say_for(person: &str, what: &str, until: &str) {
    say(format_args!(
        "For {person}, who can {what} once, until {until}. It is shown this once; give it to nobody else."
    ));
}

/// Prints a code that was made for somebody; what it is for goes to the terminal beside it.
fn code(session: &Session, made: &InvitationView) -> Result<(), Failure> {
    say_for(&made.person, "sign in with it", &made.expires_at);
    print(session.json, made, |made, out| writeln!(out, "{}", made.secret.as_str()))
}
