//! Changing one's own password, and proving once more who one is.

use nevertwice_domain::account::Account;
use nevertwice_domain::account::password::NewPassword;
use nevertwice_domain::permission::Scope;
use nevertwice_domain::refusal::Refusal as _;
use nevertwice_store::account as accounts;
use nevertwice_store::account::secret::{self as secrets, Secrets};
use nevertwice_store::account::{link as links, session as sessions};
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};

use super::attempts::Door;
use super::second_factor::no_account;
use super::secret::Secret;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Changes the caller's password. Their other sessions end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The present password.
    pub current: Secret,
    /// The password from now on.
    pub new: Secret,
}

/// That the caller said their password, when it was this.
pub(super) struct Proved {
    account: Account,
    company: String,
    hash: Option<String>,
}

impl UseCase for ChangePassword {
    type Output = ();
    const NAME: &'static str = "change_password";

    fn run(self, asked: &Asked<'_>) -> Result<(), ServiceError> {
        let proved = prove(asked, &self.current, "current")?;
        let email = proved.account.email.clone().ok_or_else(no_account)?;
        let new = NewPassword::parse(self.new.as_str(), &proved.company, &email)
            .map_err(|error| ServiceError::invalid("new", error.code(), error))?;
        let hash = asked.service.gate().hash(&new, &asked.service.moment().secret())?;
        let written = asked.service.write(asked.identity, "change_password", move |unit| {
            let secrets = proved.still(unit)?;
            secrets::keep(unit.tx, &Secrets { password_hash: Some(hash.clone()), ..secrets })?;
            let before = &proved.account;
            let after = Account { password_set_at: Some(unit.moment.at), ..before.clone() };
            accounts::save(unit.tx, &unit.caller.person, before, &after)?;
            end_what_is_left(unit)
        });
        written.map(drop)
    }
}

impl Proved {
    /// The caller's secrets, if the password is still the one that was proved.
    pub(super) fn still(&self, unit: &mut Unit<'_>) -> Result<Secrets, ServiceError> {
        let id = unit.caller.id();
        let found = secrets::of_person(unit.tx, id)?.filter(|found| found.password_hash == self.hash);
        let same = accounts::get(unit.tx, id)?.as_ref() == Some(&self.account);
        found.filter(|_| same).ok_or_else(|| {
            let message = "your account was changed meanwhile; try again";
            ServiceError::new(Kind::Stale, "account.changed", message)
        })
    }
}

/// Has the caller say their password once more, in the input field `field`.
///
/// # Errors
/// They have none, it is wrong, or it was wrong too often.
pub(super) fn prove(asked: &Asked<'_>, password: &Secret, field: &str) -> Result<Proved, ServiceError> {
    let (proved, id, at) = asked.service.read(asked.identity, |unit| {
        unit.caller.within(Scope::Administer)?;
        let id = unit.caller.id();
        let hash = secrets::of_person(unit.tx, id)?.and_then(|secrets| secrets.password_hash);
        let account = accounts::get(unit.tx, id)?.filter(|_| hash.is_some()).ok_or_else(no_account)?;
        let company = settings::get(unit.tx)?.company.to_string();
        Ok((Proved { account, company, hash }, id, unit.moment.at))
    })?;
    let doors = [Door::Again(id.to_string())];
    let gate = asked.service.gate();
    gate.take(&doors, at)?;
    if !gate.is_right(password, proved.hash.as_deref())? {
        return Err(ServiceError::invalid(field, "password.wrong", "this is not your password"));
    }
    gate.give_back(&doors);
    Ok(proved)
}

/// Ends the caller's other sessions, and links that are under way to them: whoever has one may not be them.
///
/// # Errors
/// What the store reports.
pub(super) fn end_what_is_left(unit: &mut Unit<'_>) -> Result<(), ServiceError> {
    let (id, but) = (unit.caller.id(), unit.caller.session());
    sessions::end_others(unit.tx, id, but, unit.moment.at)?;
    links::end_of_person(unit.tx, id)?;
    Ok(())
}
