//! People, teams and tokens.

mod hand_over;
mod owed;
mod token;

use std::collections::BTreeSet;

use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::{Role, Verb};
use nevertwice_domain::person::{Person, PersonKind, PersonStatus, Token};
use nevertwice_domain::text::{Line, fold};
use nevertwice_store::Tx;
use nevertwice_store::{draft as drafts, person as people, request as requests};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::end_access;
use crate::case::same_version;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::{Asked, Change, UseCase};

pub use hand_over::{HandOverEverything, HandedOver, NotHandedOver};
pub(crate) use owed::left_owing;
pub use owed::{ListOwed, OwedRow, OwedView};
pub use token::{ListTokens, NewOwnToken, NewToken, RevokeToken, TokenRow, TokenView};

/// A person or team.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Identity.
    pub id: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// The name.
    pub name: String,
    /// `person` or `team`.
    pub kind: String,
    /// `unconfirmed`, `confirmed` or `disabled`.
    pub status: String,
    /// E-mail address.
    pub email: Option<String>,
    /// The operating-system user that acts as this person.
    pub os_user: Option<String>,
    /// Roles, see the table of permissions.
    pub roles: Vec<String>,
    /// When the person became known, RFC 3339.
    pub created_at: String,
}

/// Adds a person or team.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewPerson {
    /// The name.
    pub name: Line,
    /// Person or team.
    pub kind: PersonKind,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// E-mail address.
    pub email: Option<Line>,
    /// The operating-system user that acts as this person.
    pub os_user: Option<Line>,
}

/// Lists people and teams by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListPeople {
    /// Only those of a status.
    pub status: Option<PersonStatus>,
}

/// Confirms a person that an import made of a name, or changes roles and identity of a known one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmPerson {
    /// Whom.
    pub person: Line,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// Another kind.
    pub kind: Option<PersonKind>,
    /// Another name.
    #[serde(default)]
    pub name: Option<Line>,
    /// Roles from now on; the present ones stay if none are given.
    pub roles: Option<BTreeSet<Role>>,
    /// E-mail address.
    pub email: Option<Set<Line>>,
    /// The operating-system user that acts as this person.
    pub os_user: Option<Set<Line>>,
}

/// Disables a person: every session and token ends, the history stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DisablePerson {
    /// Whom.
    pub person: Line,
}

impl Change for NewPerson {
    type Output = PersonView;
    const NAME: &'static str = "new_person";
    const ACTION: &'static str = "create_person";

    fn change(&self, unit: &mut Unit<'_>) -> Result<PersonView, ServiceError> {
        unit.caller.may(Verb::Administer)?;
        refuse_taken_name(unit.tx, &self.name)?;
        let id = unit.moment.id();
        let person = Person::new(id, self.kind, PersonStatus::Unconfirmed, self.name.clone(), unit.moment.at)
            .confirm(self.kind, self.roles.clone(), Some(self.email.clone()), Some(self.os_user.clone()))?;
        people::insert(unit.tx, &person)?;
        Ok(PersonView::of(&person))
    }
}

impl UseCase for ListPeople {
    type Output = Vec<PersonView>;
    const NAME: &'static str = "list_people";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<PersonView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            if unit.caller.may(Verb::ReadCatalogue).is_err() {
                unit.caller.may(Verb::Administer)?;
            }
            let all = people::list(unit.tx)?;
            Ok(all.iter().filter(|p| self.status.is_none_or(|s| s == p.status)).map(PersonView::of).collect())
        })
    }
}

impl Change for ConfirmPerson {
    type Output = PersonView;
    const NAME: &'static str = "confirm_person";

    fn change(&self, unit: &mut Unit<'_>) -> Result<PersonView, ServiceError> {
        unit.caller.may(Verb::Administer)?;
        let before = named(unit, &self.person, "person")?;
        same_version(&before.name, before.version, self.version)?;
        let roles = self.roles.clone().unwrap_or_else(|| before.roles.clone());
        let after = before.clone().confirm(
            self.kind.unwrap_or(before.kind),
            roles,
            self.email.clone().map(Set::into_option),
            self.os_user.clone().map(Set::into_option),
        )?;
        let after = match &self.name {
            Some(name) if *name != before.name => {
                // Another spelling of the same name is theirs already.
                if fold(name.as_str()) != fold(before.name.as_str()) {
                    refuse_taken_name(unit.tx, name)?;
                }
                after.rename(name.clone())
            }
            _ => after,
        };
        // Their roles may be fewer than when these were given.
        requests::forget_answers_of(unit.tx, before.id)?;
        if after.roles != before.roles {
            drafts::drop_all_of(unit.tx, before.id)?;
        }
        Ok(PersonView::of(&people::save(unit.tx, &before, &after)?))
    }
}

impl Change for DisablePerson {
    type Output = PersonView;
    const NAME: &'static str = "disable_person";

    fn change(&self, unit: &mut Unit<'_>) -> Result<PersonView, ServiceError> {
        unit.caller.may(Verb::Administer)?;
        let before = named(unit, &self.person, "person")?;
        if before.id == unit.caller.id() {
            let message = "one cannot disable oneself; another administrator has to";
            return Err(ServiceError::new(Kind::Conflict, "person.disables_self", message));
        }
        let after = people::save(unit.tx, &before, &before.clone().disable())?;
        end_access(unit.tx, before.id, unit.moment.at)?;
        drafts::drop_all_of(unit.tx, before.id)?;
        for token in people::tokens(unit.tx, before.id)? {
            if token.revoked_at.is_none() {
                let revoked = Token { revoked_at: Some(unit.moment.at), ..token.clone() };
                people::save_token(unit.tx, &after, &token, &revoked)?;
            }
        }
        Ok(PersonView::of(&after))
    }
}

impl PersonView {
    pub(crate) fn of(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            version: person.version,
            name: person.name.to_string(),
            kind: person.kind.to_string(),
            status: person.status.to_string(),
            email: person.email.as_ref().map(ToString::to_string),
            os_user: person.os_user.as_ref().map(ToString::to_string),
            roles: person.roles.iter().map(ToString::to_string).collect(),
            created_at: person.created_at.to_string(),
        }
    }
}

/// The person that an input field names: `me`, a name, or an id.
///
/// # Errors
/// Nobody of that name, or several.
pub(crate) fn named(unit: &mut Unit<'_>, name: &Line, field: &str) -> Result<Person, ServiceError> {
    if name.as_str() == "me" {
        return Ok(unit.caller.person.clone());
    }
    if let Ok(id) = name.as_str().parse::<PersonId>()
        && let Some(person) = people::get(unit.tx, id)?
    {
        return Ok(person);
    }
    let mut found = people::by_name(unit.tx, name.as_str())?;
    match (found.len(), found.pop()) {
        (1, Some(person)) => Ok(person),
        (0, _) | (_, None) => {
            let message = format!("nobody is called {name}; look at the list of people, or add them first");
            Err(ServiceError::invalid(field, "person.unknown", message))
        }
        (count, _) => {
            let message = format!("{count} people are called {name}; use the id of the one who is meant");
            Err(ServiceError::invalid(field, "person.ambiguous", message))
        }
    }
}

fn refuse_taken_name(tx: &mut Tx, name: &Line) -> Result<(), ServiceError> {
    if people::by_name(tx, name.as_str())?.is_empty() {
        return Ok(());
    }
    let message = format!("{name} is there already; confirm them, or add a distinguishing word");
    Err(ServiceError::invalid("name", "person.name_taken", message))
}
