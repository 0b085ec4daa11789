//! Signing in with address, password and, where one is set, a second factor.

use std::fmt;

use nevertwice_domain::account::{SESSION_LIMIT_MILLIS, Session, SessionHow, SignInAddress};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::text::{LINE_LIMIT, Line};
use nevertwice_domain::time::Timestamp;
use nevertwice_store::Tx;
use nevertwice_store::account::secret::{self as secrets, Secrets};
use nevertwice_store::account::session as sessions;
use nevertwice_store::person as people;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::attempts::{Door, place_of};
use super::second_factor;
use super::secret::Secret;
use crate::caller::Caller;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Signs in. Run by nobody.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// The address of the account.
    pub email: String,
    /// Its password.
    pub password: Secret,
    /// A code of the second factor, or a recovery code, if one is needed.
    pub code: Option<String>,
    /// The network address that this comes from.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A session that has just begun.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// What [`Identity::Session`](crate::Identity::Session) takes; shown this once.
    pub secret: Secret,
    /// Whose it is, by name.
    pub person: String,
    /// When it ends at the latest, RFC 3339.
    pub expires_at: String,
}

/// From where a session begins.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    address: Option<Line>,
    place: Option<Line>,
    agent: Option<Line>,
}

impl Visit {
    /// What is kept of it; what is no line of text is not kept.
    pub(super) fn of(address: Option<&str>, agent: Option<&str>) -> Self {
        let line = |text: &str| Line::parse(&text.chars().take(LINE_LIMIT).collect::<String>()).ok();
        let address = address.and_then(line);
        let place = address.as_ref().and_then(|address| line(&place_of(address.as_str())));
        Self { address, place, agent: agent.and_then(line) }
    }

    fn place(&self) -> Option<&str> {
        self.place.as_ref().map(Line::as_str)
    }
}

impl UseCase for SignIn {
    type Output = SignedIn;
    const NAME: &'static str = "sign_in";

    fn run(self, asked: &Asked<'_>) -> Result<SignedIn, ServiceError> {
        let (service, gate) = (asked.service, asked.service.gate());
        let visit = Visit::of(self.address.as_deref(), self.agent.as_deref());
        let at = service.moment().at;
        let address = SignInAddress::parse(&self.email).ok();
        let (found, is_known) = service.db().read(|tx| look(tx, address.as_ref(), visit.place()))?;
        // What is no address at all is counted like one that nobody has.
        let tried = address.map(|address| address.to_string()).unwrap_or_default();
        let place = Door::Place(visit.place().unwrap_or_default().to_owned());
        let doors = [place, account_door(&tried, is_known, &visit)];
        gate.take(&doors, at)?;
        let hash = found.as_ref().and_then(|secrets| secrets.password_hash.as_deref());
        let is_right = gate.is_right(&self.password, hash)?;
        let Some(secrets) = found.filter(|_| is_right) else { return Err(refused()) };
        let code = self.code.filter(|code| !code.trim().is_empty());
        let code_door = [Door::Code(tried, is_known)];
        if secrets.totp_seed.is_some() {
            if code.is_none() {
                gate.give_back(&doors);
                return Err(second_factor::code_needed());
            }
            gate.take(&code_door, at)?;
        }
        let (person, hash) = (secrets.person_id, secrets.password_hash);
        let done = service.write_as(
            "sign_in",
            move |tx, _| still(tx, person, hash.as_deref()),
            move |unit| {
                let how = second_factor::pass(unit.tx, person, code.as_deref(), unit.moment.at)?;
                begin(unit, how.unwrap_or(SessionHow::Password), &visit)
            },
        )?;
        gate.give_back(&doors);
        gate.give_back(&code_door);
        Ok(done.value)
    }
}

/// The secrets of whoever signs in with an address and may act, and whether they were seen at this place. For nobody
/// the same is looked up.
fn look(
    tx: &mut Tx,
    address: Option<&SignInAddress>,
    place: Option<&str>,
) -> Result<(Option<Secrets>, bool), ServiceError> {
    let found = match address {
        Some(address) => secrets::of_address(tx, address, place)?,
        None => None,
    };
    let id = found.as_ref().map_or(PersonId::new(Uuid::nil()), |(secrets, _)| secrets.person_id);
    let may_act = people::get(tx, id)?.is_some_and(|person| person.may_act().is_ok());
    let is_known = found.as_ref().is_some_and(|(_, is_known)| *is_known);
    Ok((found.map(|(secrets, _)| secrets).filter(|_| may_act), is_known))
}

fn account_door(tried: &str, is_known: bool, visit: &Visit) -> Door {
    match visit.place() {
        Some(place) if is_known => Door::Known(tried.to_owned(), place.to_owned()),
        _ => Door::Stranger(tried.to_owned()),
    }
}

/// The person, if nothing changed since the password was looked at.
fn still(tx: &mut Tx, person: PersonId, hash: Option<&str>) -> Result<Caller, ServiceError> {
    let secrets = secrets::of_person(tx, person)?.ok_or_else(refused)?;
    let person = people::get(tx, person)?.filter(|person| person.may_act().is_ok()).ok_or_else(refused)?;
    if secrets.password_hash.as_deref() != hash {
        return Err(refused());
    }
    Ok(Caller::shown(person))
}

/// One answer for a wrong address, a wrong password and whoever may not act: which it was is nobody's business.
fn refused() -> ServiceError {
    let message = "nobody signs in with this address and password; look at both, or ask an administrator for an \
                   invitation to choose a new password";
    ServiceError::new(Kind::Forbidden, "sign_in.refused", message)
}

/// Begins a session of the unit's caller: always a new one, with a secret of its own.
///
/// # Errors
/// What the store reports.
pub(super) fn begin(unit: &mut Unit<'_>, how: SessionHow, visit: &Visit) -> Result<SignedIn, ServiceError> {
    let secret = Secret::of_session(&unit.moment.secret());
    let at = unit.moment.at;
    let session = Session {
        id: unit.moment.id(),
        person_id: unit.caller.id(),
        secret_sha256: secret.hash(),
        how,
        created_at: at,
        last_seen_at: at,
        expires_at: Timestamp::from_millis(at.millis() + SESSION_LIMIT_MILLIS),
        ended_at: None,
        address: visit.address.clone(),
        place: visit.place.clone(),
        agent: visit.agent.clone(),
    };
    sessions::begin(unit.tx, &session)?;
    Ok(SignedIn {
        secret,
        person: unit.caller.person.name.to_string(),
        expires_at: session.expires_at.to_string(),
    })
}
