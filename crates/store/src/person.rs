//! People, teams and their tokens.

use std::collections::BTreeSet;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::{PersonId, TokenId};
use nevertwice_domain::permission::{Role, Scope};
use nevertwice_domain::person::{Person, PersonKind, PersonRecord, PersonStatus, Token};
use nevertwice_domain::text::{Line, fold};
use nevertwice_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::StoreError;
use crate::record;

statements! {
    /// By the operating-system user.
    BY_OS_USER = "SELECT id, version, kind, status, name, email, os_user, roles, created_at, name_folded
                  FROM people WHERE os_user = $1";
    /// By name, folded.
    BY_NAME = "SELECT id, version, kind, status, name, email, os_user, roles, created_at, name_folded
               FROM people WHERE name_folded = $1 ORDER BY created_at, id";
    /// Everybody, by name.
    EVERYBODY = "SELECT id, version, kind, status, name, email, os_user, roles, created_at, name_folded
                 FROM people ORDER BY name_folded, id";
    /// By the hash of a token's secret.
    TOKEN_BY_SECRET = "SELECT id, person_id, label, secret_sha256, created_at, expires_at, revoked_at, scopes
                       FROM tokens WHERE secret_sha256 = $1";
    /// One token.
    TOKEN_BY_ID = "SELECT id, person_id, label, secret_sha256, created_at, expires_at, revoked_at, scopes
                   FROM tokens WHERE id = $1";
}

record!(PersonRecord as "people" of Person by id [] {
    id: PersonId, version: u64, kind: PersonKind, status: PersonStatus, name: Line, email: Option<Line>,
    os_user: Option<Line>, roles: BTreeSet<Role>, created_at: Timestamp;
    name_folded = |person| fold(person.name.as_str()),
});

record!(Token as "tokens" of Person by person_id [id] {
    id: TokenId, person_id: PersonId, label: Line, secret_sha256: Sha256Text, created_at: Timestamp,
    expires_at: Timestamp, revoked_at: Option<Timestamp>, scopes: BTreeSet<Scope>,
});

/// A person by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop().map(Person::restore))
}

/// The person that acts for an operating-system user.
///
/// # Errors
/// What the database reports.
pub fn by_os_user(tx: &mut Tx, user: &str) -> Result<Option<Person>, StoreError> {
    Ok(record::select_opt(tx, BY_OS_USER, &params![user])?.map(Person::restore))
}

/// People and teams of a name, without regard to case and accents.
///
/// # Errors
/// What the database reports.
pub fn by_name(tx: &mut Tx, name: &str) -> Result<Vec<Person>, StoreError> {
    Ok(record::select(tx, BY_NAME, &params![fold(name)])?.into_iter().map(Person::restore).collect())
}

/// Everybody, by name.
///
/// # Errors
/// What the database reports.
pub fn list(tx: &mut Tx) -> Result<Vec<Person>, StoreError> {
    Ok(record::select(tx, EVERYBODY, &[])?.into_iter().map(Person::restore).collect())
}

/// Several people by id.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    Ok(record::of_objects(tx, &ids)?.into_iter().map(Person::restore).collect())
}

/// Adds a person.
///
/// # Errors
/// What the database reports; a second person for one operating-system user is refused by the schema.
pub fn insert(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref::<PersonRecord>(person), person.version)
}

/// Changes a person.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Person, after: &Person) -> Result<Person, StoreError> {
    let new = PersonRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<PersonRecord>(tx, before, &new, new.version)?;
    Ok(Person::restore(new))
}

/// The token of a secret.
///
/// # Errors
/// What the database reports.
pub fn token_by_secret(tx: &mut Tx, secret: &Sha256Text) -> Result<Option<Token>, StoreError> {
    record::select_opt(tx, TOKEN_BY_SECRET, &params![secret])
}

/// A token by id.
///
/// # Errors
/// What the database reports.
pub fn token(tx: &mut Tx, id: TokenId) -> Result<Option<Token>, StoreError> {
    record::select_opt(tx, TOKEN_BY_ID, &params![id])
}

/// A person's tokens.
///
/// # Errors
/// What the database reports.
pub fn tokens(tx: &mut Tx, person: PersonId) -> Result<Vec<Token>, StoreError> {
    record::of_object(tx, person.uuid())
}

/// Adds a token.
///
/// # Errors
/// What the database reports.
pub fn insert_token(tx: &mut Tx, person: &Person, token: &Token) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(token), person.version)
}

/// Changes a token.
///
/// # Errors
/// What the database reports.
pub fn save_token(tx: &mut Tx, person: &Person, before: &Token, after: &Token) -> Result<(), StoreError> {
    record::update(tx, before, after, person.version)
}
