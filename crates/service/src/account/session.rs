//! Sessions: seeing one's own, ending them, and that they are used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use nevertwice_domain::account::{SEEN_EVERY_MILLIS, Session};
use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::{PersonId, SessionId};
use nevertwice_domain::permission::Scope;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::Tx;
use nevertwice_store::account::{link as links, session as sessions};
use serde::{Deserialize, Serialize};

use crate::caller::{Identity, secret_hash};
use crate::error::{Kind, ServiceError};
use crate::service::{Service, Unit};
use crate::use_case::{Asked, Change, UseCase};

/// How many sessions are remembered as seen; more than that are asked after again.
const REMEMBERED: usize = 20_000;
/// How long sessions and links that are over are kept: from where somebody signed in is known by them.
const KEPT_DAYS: i64 = 90;

/// Ends the session that the caller came with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignOut {}

/// Lists the caller's sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListSessions {}

/// A session of the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SessionView {
    /// Identity.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// By what it began: `password`, `password_and_code`, `recovery_code`, `invitation` or `link`.
    pub how: String,
    /// The network address that it began from.
    pub address: Option<String>,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// When it began, RFC 3339.
    pub created_at: String,
    /// When it was seen last, to the minute, RFC 3339.
    pub last_seen_at: String,
    /// When it ends if it is not used again, RFC 3339.
    pub ends_at: String,
}

/// Ends a session of the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EndSession {
    /// Its id.
    pub id: String,
}

/// Ends every session of the caller but the one that they came with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EndOtherSessions {}

impl Change for SignOut {
    type Output = ();
    const NAME: &'static str = "sign_out";

    fn change(&self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let Some(session) = unit.caller.session() else {
            let message = "this call came without a session, so there is none to end";
            return Err(ServiceError::new(Kind::Conflict, "session.none", message));
        };
        sessions::end(unit.tx, unit.caller.id(), session, unit.moment.at)?;
        Ok(())
    }
}

impl UseCase for ListSessions {
    type Output = Vec<SessionView>;
    const NAME: &'static str = "list_sessions";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<SessionView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Administer)?;
            let (at, current) = (unit.moment.at, unit.caller.session());
            let open = sessions::open(unit.tx, unit.caller.id())?;
            let held = open.iter().filter(|session| session.holds(at));
            Ok(held.map(|session| SessionView::of(session, current)).collect())
        })
    }
}

impl Change for EndSession {
    type Output = ();
    const NAME: &'static str = "end_session";

    fn change(&self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        unit.caller.within(Scope::Administer)?;
        let not_found = || ServiceError::not_found(format!("session {}", self.id));
        let id: SessionId = self.id.parse().map_err(|_| not_found())?;
        match sessions::end(unit.tx, unit.caller.id(), id, unit.moment.at)? {
            true => Ok(()),
            false => Err(not_found()),
        }
    }
}

impl Change for EndOtherSessions {
    type Output = ();
    const NAME: &'static str = "end_other_sessions";

    fn change(&self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        unit.caller.within(Scope::Administer)?;
        sessions::end_others(unit.tx, unit.caller.id(), unit.caller.session(), unit.moment.at)?;
        Ok(())
    }
}

impl SessionView {
    fn of(session: &Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id.to_string(),
            is_current: Some(session.id) == current,
            how: session.how.to_string(),
            address: session.address.as_ref().map(ToString::to_string),
            agent: session.agent.as_ref().map(ToString::to_string),
            created_at: session.created_at.to_string(),
            last_seen_at: session.last_seen_at.to_string(),
            ends_at: session.ends_at().to_string(),
        }
    }
}

/// Ends whatever lets somebody in but tokens: sessions, and links that are under way.
///
/// # Errors
/// What the store reports.
pub(crate) fn end_access(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<(), ServiceError> {
    sessions::end_others(tx, person, None, at)?;
    links::end_of_person(tx, person)?;
    Ok(())
}

/// Sessions that this process has said to be seen within the last minute, so that it does not say so again.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<HashMap<Sha256Text, Timestamp>>);

impl Seen {
    /// Whether it is to be said now; then it counts as said.
    fn is_due(&self, secret: &Sha256Text, now: Timestamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Timestamp| now.millis() - at.millis() < SEEN_EVERY_MILLIS;
        if seen.get(secret).is_some_and(is_recent) {
            return false;
        }
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(secret.clone(), now);
        true
    }
}

impl Service {
    /// Says that somebody's session is in use, so that it does not end as idle. Writes once a minute at most, in a unit
    /// of its own: to be called after the answer was given.
    ///
    /// # Errors
    /// What the store reports.
    pub fn seen(&self, identity: &Identity) -> Result<(), ServiceError> {
        let Identity::Session(secret) = identity else { return Ok(()) };
        let (secret, at) = (secret_hash(secret), self.moment().at);
        if self.gate().seen().is_due(&secret, at) {
            self.db().write(move |tx| Ok::<_, ServiceError>(sessions::seen(tx, &secret, at)?))?;
        }
        Ok(())
    }

    /// Forgets sessions and links that are long over.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn forget_sign_ins(&self) -> Result<(), ServiceError> {
        let at = self.moment().at;
        let long_ago = Timestamp::from_millis(at.millis() - KEPT_DAYS * 86_400_000);
        self.db().write(move |tx| {
            sessions::forget(tx, long_ago)?;
            links::forget(tx, long_ago)?;
            Ok::<_, ServiceError>(())
        })
    }
}
