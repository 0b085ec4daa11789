//! Who calls: an operating-system user or the bearer of a token, resolved to a person inside the unit of work, so
//! that a disabled person or a revoked token stops at once.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::{Relation, Role, Verb, authorize};
use nevertwice_domain::person::Person;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::Tx;
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
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OsUser(user) => f.debug_tuple("OsUser").field(user).finish(),
            Self::Token(_) => f.write_str("Token(…)"),
        }
    }
}

/// The person on whose behalf a use case runs.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub person: Person,
}

impl Caller {
    /// Finds the person behind an identity.
    ///
    /// # Errors
    /// Nobody acts for this user, the token does not hold, or the person may not act.
    pub fn resolve(tx: &mut Tx, identity: &Identity, now: Timestamp) -> Result<Self, ServiceError> {
        let person = match identity {
            Identity::OsUser(user) => people::by_os_user(tx, user)?.ok_or_else(|| {
                let message = format!(
                    "nobody in the register acts for the operating-system user {user:?}; \
                     an administrator can say who: person confirm NAME --os-user {user}"
                );
                ServiceError::new(Kind::Forbidden, "caller.unknown_user", message)
            })?,
            Identity::Token(secret) => by_token(tx, secret, now)?,
        };
        person.may_act().map_err(|error| ServiceError::new(Kind::Forbidden, "caller.may_not_act", error))?;
        Ok(Self { person })
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
    /// Not found if they may not know of it, forbidden otherwise.
    pub fn may_in(
        &self,
        verb: Verb,
        relation: Relation,
        what: impl std::fmt::Display,
    ) -> Result<(), ServiceError> {
        authorize(self.person.roles.iter().copied(), verb, relation)
            .map_err(|denied| ServiceError::denied(denied, what))
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

fn by_token(tx: &mut Tx, secret: &str, now: Timestamp) -> Result<Person, ServiceError> {
    let refused = || {
        let message =
            "this token does not hold: unknown, expired or taken back; make a new one with person token";
        ServiceError::new(Kind::Forbidden, "caller.token", message)
    };
    let token = people::token_by_secret(tx, &secret_hash(secret))?.ok_or_else(refused)?;
    if !token.holds(now) {
        return Err(refused());
    }
    people::get(tx, token.person_id)?.ok_or_else(refused)
}

/// What is kept of a token's secret. A secret has 256 random bits, so a plain hash keeps it (no guessing to slow down).
pub(crate) fn secret_hash(secret: &str) -> Sha256Text {
    Sha256Text::from_digest(&Sha256::digest(secret.trim().as_bytes()).into())
}
