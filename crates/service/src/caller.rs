//! Who calls: an operating-system user, the bearer of a token, or whoever signed in, resolved to a person inside the
//! unit of work, so that a disabled person, a revoked token or an ended session stops at once.

use std::collections::BTreeSet;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{PersonId, SessionId};
use nevertwice_domain::permission::{Relation, Role, Scope, Verb, authorize};
use nevertwice_domain::person::Person;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::Tx;
use nevertwice_store::account::session as sessions;
use nevertwice_store::person as people;
use sha2::{Digest, Sha256};

use crate::error::{Kind, ServiceError};

/// How the caller identifies.
#[derive(Clone)]
pub enum Identity {
    /// A user of the operating system, told by the system itself.
    OsUser(String),
    /// The secret of an access token.
    Token(String),
    /// The secret of a session, from a sign-in.
    Session(String),
    /// Nobody that is known: enough to sign in, and for nothing else.
    Nobody,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OsUser(user) => f.debug_tuple("OsUser").field(user).finish(),
            Self::Token(_) => f.write_str("Token(…)"),
            Self::Session(_) => f.write_str("Session(…)"),
            Self::Nobody => f.write_str("Nobody"),
        }
    }
}

/// By what the caller was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Means {
    /// The operating system said who it is.
    OsUser,
    /// A token that may be used for this.
    Token(BTreeSet<Scope>),
    /// A session.
    Session(SessionId),
    /// A password or a link, shown in this very call.
    Shown,
}

/// The person on whose behalf a use case runs.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub person: Person,
    /// By what they were known.
    pub(crate) means: Means,
}

impl Caller {
    /// Finds the person behind an identity.
    ///
    /// # Errors
    /// Nobody acts for this user, the token or session does not hold, or the person may not act.
    pub fn resolve(tx: &mut Tx, identity: &Identity, now: Timestamp) -> Result<Self, ServiceError> {
        let (person, means) = match identity {
            Identity::OsUser(user) => (by_os_user(tx, user)?, Means::OsUser),
            Identity::Token(secret) => by_token(tx, secret, now)?,
            Identity::Session(secret) => return by_session(tx, secret, now),
            Identity::Nobody => {
                let message = "nobody is signed in; sign in first";
                return Err(ServiceError::new(Kind::Forbidden, "caller.nobody", message));
            }
        };
        person.may_act().map_err(|error| ServiceError::new(Kind::Forbidden, "caller.may_not_act", error))?;
        Ok(Self { person, means })
    }

    /// Somebody who has just shown a password or a link of theirs.
    pub(crate) fn shown(person: Person) -> Self {
        Self { person, means: Means::Shown }
    }

    /// The session that the caller came with.
    pub(crate) fn session(&self) -> Option<SessionId> {
        match self.means {
            Means::Session(id) => Some(id),
            _ => None,
        }
    }

    /// Whether the caller's token, if it is one, may be used for this.
    ///
    /// # Errors
    /// It may not.
    pub(crate) fn within(&self, scope: Scope) -> Result<(), ServiceError> {
        match &self.means {
            Means::Token(scopes) if !scopes.contains(&scope) => {
                let held: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
                let message = format!(
                    "this token is for {}, and this needs {scope}; use another token, or make one \
                     for {scope}",
                    held.join(", ")
                );
                Err(ServiceError::new(Kind::Forbidden, "token.scope", message))
            }
            _ => Ok(()),
        }
    }

    /// The person's id.
    #[must_use]
    pub fn id(&self) -> PersonId {
        self.person.id
    }

    /// Whether the person holds a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.person.roles.contains(&role)
    }

    /// Whether the person may do something that is not about one case.
    ///
    /// # Errors
    /// No role grants it.
    pub fn may(&self, verb: Verb) -> Result<(), ServiceError> {
        self.may_in(verb, Relation::default(), "such record")
    }

    /// Whether the person may do something in a relation to a record called `what`.
    ///
    /// # Errors
    /// Not found if they may not know of it, forbidden otherwise, also if a token is not for it.
    pub fn may_in(
        &self,
        verb: Verb,
        relation: Relation,
        what: impl std::fmt::Display,
    ) -> Result<(), ServiceError> {
        self.roles_allow(verb, relation, what)?;
        self.within(verb.scope())
    }

    /// Whether the person may, by whatever means they came.
    ///
    /// # Errors
    /// As [`Self::may_in`], but for what a token is for.
    pub(crate) fn roles_allow(
        &self,
        verb: Verb,
        relation: Relation,
        what: impl std::fmt::Display,
    ) -> Result<(), ServiceError> {
        authorize(self.person.roles.iter().copied(), verb, relation)
            .map_err(|denied| ServiceError::denied(denied, what))
    }

    /// Whether there can be a record at all to which the person may do something: if not, none need be looked at.
    pub(crate) fn could(&self, verb: Verb) -> bool {
        let closest = Relation { own: true, assigned: true, named: true, author: false, shut_out: false };
        self.roles_allow(verb, closest, "such record").is_ok()
    }

    /// How the person stands to a case.
    #[must_use]
    pub fn relation(&self, case: &Case) -> Relation {
        Relation {
            own: case.reporter == Some(self.id()),
            assigned: case.is_responder(self.id()),
            named: false,
            author: false,
            shut_out: case.shuts_out(self.id()),
        }
    }

    /// Whether the person may do something to a case.
    ///
    /// # Errors
    /// Not found if they may not know of it, forbidden otherwise.
    pub fn may_to_case(&self, verb: Verb, case: &Case) -> Result<(), ServiceError> {
        self.may_in(verb, self.relation(case), format!("case {}", case.reference))
    }
}

fn by_os_user(tx: &mut Tx, user: &str) -> Result<Person, ServiceError> {
    people::by_os_user(tx, user)?.ok_or_else(|| {
        let message = format!(
            "nobody in the register acts for the operating-system user {user:?}; \
             an administrator can say who: person confirm NAME --os-user {user}"
        );
        ServiceError::new(Kind::Forbidden, "caller.unknown_user", message)
    })
}

fn by_token(tx: &mut Tx, secret: &str, now: Timestamp) -> Result<(Person, Means), ServiceError> {
    let refused = || {
        let message = "this token does not hold: unknown, expired or taken back; make a new one";
        ServiceError::new(Kind::Forbidden, "caller.token", message)
    };
    let token = people::token_by_secret(tx, &secret_hash(secret))?.ok_or_else(refused)?;
    if !token.holds(now) {
        return Err(refused());
    }
    let person = people::get(tx, token.person_id)?.ok_or_else(refused)?;
    Ok((person, Means::Token(token.scopes)))
}

/// One answer for every session that does not hold, and for whoever may not act any more.
fn by_session(tx: &mut Tx, secret: &str, now: Timestamp) -> Result<Caller, ServiceError> {
    let refused = || {
        let message = "this session does not hold: it was ended, or nobody used it for long; sign in again";
        ServiceError::new(Kind::Forbidden, "caller.session", message)
    };
    let session = sessions::by_secret(tx, &secret_hash(secret))?.ok_or_else(refused)?;
    if !session.holds(now) {
        return Err(refused());
    }
    let person = people::get(tx, session.person_id)?.filter(|person| person.may_act().is_ok());
    Ok(Caller { person: person.ok_or_else(refused)?, means: Means::Session(session.id) })
}

/// What is kept of a secret that this program made. It has at least 80 random bits, mostly 256, so a plain hash keeps it:
/// there is no guessing to slow down.
pub(crate) fn secret_hash(secret: &str) -> Sha256Text {
    Sha256Text::from_digest(&Sha256::digest(secret.trim().as_bytes()).into())
}
