//! What somebody proves who they are with: never in the trail, never in an archive.

use std::collections::BTreeSet;
use std::fmt;

use nevertwice_domain::account::SignInAddress;
use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::PersonId;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// A person's secrets.
    OF_PERSON = "SELECT person_id, password_hash, totp_seed, totp_pending, totp_last_step FROM account_secrets
                 WHERE person_id = $1";
    /// What a sign-in needs to know: the secrets of an address, and whether its owner was seen at a place of the network.
    OF_ADDRESS = "SELECT s.person_id, s.password_hash, s.totp_seed, s.totp_pending, s.totp_last_step,
                         EXISTS (SELECT 1 FROM sessions v
                                 WHERE v.person_id = s.person_id AND v.place = $2) AS is_known_place
                  FROM accounts a JOIN account_secrets s ON s.person_id = a.person_id WHERE a.email = $1";
    /// Keeps a person's secrets in place of those before.
    KEEP = "INSERT INTO account_secrets (person_id, password_hash, totp_seed, totp_pending, totp_last_step)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash,
                totp_seed = excluded.totp_seed, totp_pending = excluded.totp_pending,
                totp_last_step = excluded.totp_last_step";
    /// Whoever has a password.
    WITH_PASSWORD = "SELECT person_id FROM account_secrets WHERE password_hash IS NOT NULL";
    /// Adds a recovery code.
    ADD_CODE = "INSERT INTO recovery_codes (person_id, code_sha256) VALUES ($1, $2)";
    /// Uses a recovery code up.
    USE_CODE = "DELETE FROM recovery_codes WHERE person_id = $1 AND code_sha256 = $2";
    /// Forgets a person's recovery codes.
    FORGET_CODES = "DELETE FROM recovery_codes WHERE person_id = $1";
}

/// A person's secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    /// Whose they are.
    pub person_id: PersonId,
    /// The hash of the password with its salt and parameters, in the PHC string format.
    pub password_hash: Option<String>,
    /// What codes of the second factor are made of, once it is confirmed.
    pub totp_seed: Option<[u8; 20]>,
    /// The same before it is confirmed.
    pub totp_pending: Option<[u8; 20]>,
    /// The step of the last code that was used, counted from 1970: no code is taken twice.
    pub totp_last_step: Option<u64>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("person_id", &self.person_id).finish_non_exhaustive()
    }
}

impl Secrets {
    /// No secrets yet.
    #[must_use]
    pub fn none(person_id: PersonId) -> Self {
        Self { person_id, password_hash: None, totp_seed: None, totp_pending: None, totp_last_step: None }
    }

    fn of(row: &crate::engine::Row) -> Result<Self, StoreError> {
        Ok(Self {
            person_id: row.get("person_id")?,
            password_hash: row.get("password_hash")?,
            totp_seed: row.get("totp_seed")?,
            totp_pending: row.get("totp_pending")?,
            totp_last_step: row.get("totp_last_step")?,
        })
    }
}

/// A person's secrets; none before there are any.
///
/// # Errors
/// What the database reports.
pub fn of_person(tx: &mut Tx, person: PersonId) -> Result<Option<Secrets>, StoreError> {
    tx.query_opt(OF_PERSON, &params![person])?.map(|row| Secrets::of(&row)).transpose()
}

/// The secrets of whoever signs in with an address, and whether a session of theirs ever began at `place`.
///
/// # Errors
/// What the database reports.
pub fn of_address(
    tx: &mut Tx,
    address: &SignInAddress,
    place: Option<&str>,
) -> Result<Option<(Secrets, bool)>, StoreError> {
    tx.query_opt(OF_ADDRESS, &params![address, place])?
        .map(|row| Ok((Secrets::of(&row)?, row.get("is_known_place")?)))
        .transpose()
}

/// Keeps a person's secrets in place of those before.
///
/// # Errors
/// What the database reports; the account has to be there.
pub fn keep(tx: &mut Tx, secrets: &Secrets) -> Result<(), StoreError> {
    let Secrets { person_id, password_hash, totp_seed, totp_pending, totp_last_step } = secrets;
    tx.exec_one(KEEP, &params![person_id, password_hash, totp_seed, totp_pending, totp_last_step])
}

/// Everybody who has a password.
///
/// # Errors
/// What the database reports.
pub fn with_password(tx: &mut Tx) -> Result<BTreeSet<PersonId>, StoreError> {
    tx.query(WITH_PASSWORD, &[])?.iter().map(|row| row.get("person_id")).collect()
}

/// Gives a person these recovery codes in place of those before.
///
/// # Errors
/// What the database reports.
pub fn replace_recovery_codes(tx: &mut Tx, person: PersonId, codes: &[Sha256Text]) -> Result<(), StoreError> {
    tx.exec(FORGET_CODES, &params![person])?;
    codes.iter().try_for_each(|code| tx.exec_one(ADD_CODE, &params![person, code]))
}

/// Uses a recovery code up; false if there is none such.
///
/// # Errors
/// What the database reports.
pub fn use_recovery_code(tx: &mut Tx, person: PersonId, code: &Sha256Text) -> Result<bool, StoreError> {
    Ok(tx.exec(USE_CODE, &params![person, code])? == 1)
}
