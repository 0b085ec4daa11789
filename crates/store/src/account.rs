//! Accounts: what the trail tells of how somebody signs in. Secrets, sessions and links are in the modules below and
//! in no trail.

use std::collections::BTreeMap;

use nevertwice_domain::account::{Account, SignInAddress};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::person::Person;
use nevertwice_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::StoreError;
use crate::record;

pub mod link;
pub mod secret;
pub mod session;

statements! {
    /// By the address to sign in with.
    BY_ADDRESS = "SELECT person_id, email, invited_at, password_set_at, totp_since FROM accounts WHERE email = $1";
    /// Every address to sign in with.
    ADDRESSES = "SELECT person_id, email FROM accounts WHERE email IS NOT NULL";
    /// What a person is told of their own account.
    STANDING = "SELECT a.email, s.password_hash IS NOT NULL AS has_password, s.totp_seed IS NOT NULL AS has_totp,
                       s.totp_pending IS NOT NULL AS is_totp_pending,
                       (SELECT count(*) FROM recovery_codes r WHERE r.person_id = a.person_id) AS recovery_code_count
                FROM accounts a LEFT JOIN account_secrets s ON s.person_id = a.person_id WHERE a.person_id = $1";
}

record!(Account as "accounts" of Person by person_id [] {
    person_id: PersonId, email: Option<SignInAddress>, invited_at: Option<Timestamp>,
    password_set_at: Option<Timestamp>, totp_since: Option<Timestamp>,
});

/// How far somebody's account is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The address to sign in with.
    pub email: Option<SignInAddress>,
    /// There is a password.
    pub has_password: bool,
    /// A second factor is asked for.
    pub has_totp: bool,
    /// A second factor was begun and not confirmed.
    pub is_totp_pending: bool,
    /// Recovery codes that are left.
    pub recovery_code_count: u64,
}

/// A person's account.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, person: PersonId) -> Result<Option<Account>, StoreError> {
    Ok(record::of_object(tx, person.uuid())?.pop())
}

/// The account of an address.
///
/// # Errors
/// What the database reports.
pub fn by_address(tx: &mut Tx, address: &SignInAddress) -> Result<Option<Account>, StoreError> {
    record::select_opt(tx, BY_ADDRESS, &params![address])
}

/// The addresses that people sign in with.
///
/// # Errors
/// What the database reports.
pub fn addresses(tx: &mut Tx) -> Result<BTreeMap<PersonId, String>, StoreError> {
    tx.query(ADDRESSES, &[])?.iter().map(|row| Ok((row.get("person_id")?, row.get("email")?))).collect()
}

/// How far a person's account is; the default if there is none.
///
/// # Errors
/// What the database reports.
pub fn standing(tx: &mut Tx, person: PersonId) -> Result<Standing, StoreError> {
    let Some(row) = tx.query_opt(STANDING, &params![person])? else { return Ok(Standing::default()) };
    Ok(Standing {
        email: row.get("email")?,
        has_password: row.get("has_password")?,
        has_totp: row.get("has_totp")?,
        is_totp_pending: row.get("is_totp_pending")?,
        recovery_code_count: row.get("recovery_code_count")?,
    })
}

/// Adds an account.
///
/// # Errors
/// What the database reports; a second account with an address is refused by the schema.
pub fn insert(tx: &mut Tx, person: &Person, account: &Account) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(account), person.version)
}

/// Changes an account.
///
/// # Errors
/// As [`insert`].
pub fn save(tx: &mut Tx, person: &Person, before: &Account, after: &Account) -> Result<(), StoreError> {
    record::update(tx, before, after, person.version)
}
