//! The second factor: codes by time (TOTP, RFC 6238), and recovery codes for the day the phone is gone.

use std::fmt;

use nevertwice_domain::account::{Account, SessionHow};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Scope;
use nevertwice_domain::person::Person;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::account as accounts;
use nevertwice_store::account::secret::{self as secrets, Secrets};
use nevertwice_store::{Tx, settings};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};

use super::password::{end_what_is_left, prove};
use super::secret::{Secret, base32, code_hash};
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// How many recovery codes are given out.
const RECOVERY_CODES: usize = 10;

/// Begins to add a second factor: it is asked for once a code of it was confirmed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartSecondFactor {}

/// What an app needs to make codes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecondFactorStarted {
    /// The secret in base 32, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth:` address, to be shown as a picture.
    pub uri: Secret,
}

/// Adds the second factor that was begun.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConfirmSecondFactor {
    /// The code that the app shows.
    pub code: String,
}

impl fmt::Debug for ConfirmSecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmSecondFactor").finish_non_exhaustive()
    }
}

/// Recovery codes, each good once. They are shown this once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<Secret>,
}

/// Removes the second factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveSecondFactor {
    /// The password of the account.
    pub password: Secret,
}

impl Change for StartSecondFactor {
    type Output = SecondFactorStarted;
    const NAME: &'static str = "start_second_factor";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<SecondFactorStarted, ServiceError> {
        let (account, mut secrets) = own(unit)?;
        if secrets.totp_seed.is_some() {
            let message = "there is a second factor already; remove it first, which needs your password";
            return Err(ServiceError::new(Kind::Conflict, "second_factor.already", message));
        }
        let mut seed = [0; 20];
        seed.copy_from_slice(&unit.moment.secret()[..20]);
        secrets.totp_pending = Some(seed);
        secrets::keep(unit.tx, &secrets)?;
        let company = settings::get(unit.tx)?.company;
        let address = account.email.map(|email| email.to_string()).unwrap_or_default();
        let secret = base32(&seed);
        let uri = uri(&secret, company.as_str(), &address);
        Ok(SecondFactorStarted { secret: Secret::new(secret), uri: Secret::new(uri) })
    }
}

impl Change for ConfirmSecondFactor {
    type Output = RecoveryCodes;
    const NAME: &'static str = "confirm_second_factor";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<RecoveryCodes, ServiceError> {
        let (before, mut secrets) = own(unit)?;
        let Some(seed) = secrets.totp_pending.take() else {
            let message = "no second factor was begun; begin with a new one";
            return Err(ServiceError::new(Kind::Conflict, "second_factor.not_started", message));
        };
        let Some(step) = step_of(seed, &self.code, unit.moment.at)? else {
            let message = "the app shows another code; type the present one, and see that the clock of the phone is right";
            return Err(ServiceError::invalid("code", "second_factor.code_refused", message));
        };
        (secrets.totp_seed, secrets.totp_last_step) = (Some(seed), Some(step));
        secrets::keep(unit.tx, &secrets)?;
        let after = Account { totp_since: Some(unit.moment.at), ..before.clone() };
        let person = unit.caller.person.clone();
        accounts::save(unit.tx, &person, &before, &after)?;
        let codes: Vec<Secret> =
            (0..RECOVERY_CODES).map(|_| Secret::of_recovery(&unit.moment.secret()[..10])).collect();
        let hashes: Vec<_> = codes.iter().map(Secret::code_hash).collect();
        secrets::replace_recovery_codes(unit.tx, person.id, &hashes)?;
        end_what_is_left(unit)?;
        Ok(RecoveryCodes { codes })
    }
}

impl UseCase for RemoveSecondFactor {
    type Output = ();
    const NAME: &'static str = "remove_second_factor";

    fn run(self, asked: &Asked<'_>) -> Result<(), ServiceError> {
        let proved = prove(asked, &self.password, "password")?;
        let written = asked.service.write(asked.identity, "remove_second_factor", move |unit| {
            proved.still(unit)?;
            let person = unit.caller.person.clone();
            remove(unit, &person)?;
            end_what_is_left(unit)
        });
        written.map(drop)
    }
}

/// The caller's account, which has a password.
fn own(unit: &mut Unit<'_>) -> Result<(Account, Secrets), ServiceError> {
    unit.caller.within(Scope::Administer)?;
    let id = unit.caller.id();
    let account = accounts::get(unit.tx, id)?.ok_or_else(no_account)?;
    let secrets = secrets::of_person(unit.tx, id)?.filter(|secrets| secrets.password_hash.is_some());
    Ok((account, secrets.ok_or_else(no_account)?))
}

/// Somebody has no password.
pub(super) fn no_account() -> ServiceError {
    let message =
        "you have no password yet; an administrator can invite you to choose one: person invite NAME";
    ServiceError::new(Kind::Conflict, "account.none", message)
}

/// Takes a second factor away, if there is one.
///
/// # Errors
/// What the store reports.
pub(super) fn remove(unit: &mut Unit<'_>, person: &Person) -> Result<(), ServiceError> {
    let Some(before) = accounts::get(unit.tx, person.id)? else { return Ok(()) };
    if let Some(found) = secrets::of_person(unit.tx, person.id)? {
        let left = Secrets { totp_seed: None, totp_pending: None, totp_last_step: None, ..found };
        secrets::keep(unit.tx, &left)?;
        secrets::replace_recovery_codes(unit.tx, person.id, &[])?;
    }
    let after = Account { totp_since: None, ..before.clone() };
    Ok(accounts::save(unit.tx, person, &before, &after)?)
}

/// Lets somebody pass whose password was right: by which code, if a code is needed at all. A code is taken once.
///
/// # Errors
/// A code is needed, or this is none.
pub(super) fn pass(
    tx: &mut Tx,
    person: PersonId,
    code: Option<&str>,
    at: Timestamp,
) -> Result<Option<SessionHow>, ServiceError> {
    let Some(found) = secrets::of_person(tx, person)? else { return Ok(None) };
    let Some(seed) = found.totp_seed else { return Ok(None) };
    let code = code.ok_or_else(code_needed)?;
    if let Some(step) = step_of(seed, code, at)? {
        if found.totp_last_step.is_some_and(|last| step <= last) {
            return Err(code_refused());
        }
        secrets::keep(tx, &Secrets { totp_last_step: Some(step), ..found })?;
        return Ok(Some(SessionHow::PasswordAndCode));
    }
    match secrets::use_recovery_code(tx, person, &code_hash(code))? {
        true => Ok(Some(SessionHow::RecoveryCode)),
        false => Err(code_refused()),
    }
}

/// The step of time that a code is of: the present one or one beside it.
fn step_of(seed: [u8; 20], code: &str, at: Timestamp) -> Result<Option<u64>, ServiceError> {
    let totp: Totp = Builder::new().with_secret(seed).build().map_err(ServiceError::internal)?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    Ok(totp.check(&digits, at.millis().unsigned_abs() / 1_000))
}

/// The password was right, and a code is needed too.
pub(super) fn code_needed() -> ServiceError {
    let message = "this account has a second factor; type the code that the app shows, or a recovery code";
    ServiceError::new(Kind::Forbidden, "sign_in.code_needed", message)
}

fn code_refused() -> ServiceError {
    let message = "this code does not hold: wrong, too old, or used before; wait for the next one, or take a recovery \
                   code";
    ServiceError::new(Kind::Forbidden, "sign_in.code_refused", message)
}

/// What apps read from a picture (Key Uri Format).
fn uri(secret: &str, company: &str, address: &str) -> String {
    let (company, address) = (percent(company), percent(address));
    format!(
        "otpauth://totp/{company}:{address}?secret={secret}&issuer={company}&algorithm=SHA1&digits=6&period=30"
    )
}

/// A text with everything but unreserved characters (RFC 3986 §2.3) written as percent and digits.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
        let seed = *b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let at = |later: i64| Timestamp::from_millis((seconds + later) * 1_000);
            let step = Some(seconds.unsigned_abs() / 30);
            assert_eq!(step_of(seed, code, at(0)).unwrap(), step);
            assert_eq!(step_of(seed, code, at(30)).unwrap(), step, "one step late");
            assert_eq!(step_of(seed, code, at(-30)).unwrap(), step, "one step early");
            assert_eq!(step_of(seed, code, at(90)).unwrap(), None);
            assert_eq!(step_of(seed, "000000", at(0)).unwrap(), None);
        }
    }

    #[test]
    fn the_address_for_the_app_keeps_every_letter() {
        assert_eq!(
            uri("MZXW6", "Örtli & Söhne", "a+b@example.org"),
            "otpauth://totp/%C3%96rtli%20%26%20S%C3%B6hne:a%2Bb%40example.org?secret=MZXW6\
             &issuer=%C3%96rtli%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30"
        );
    }
}
