//! Signing in by a link that was made on the command line: without a password, on the word of the operating system.

use nevertwice_domain::account::{LinkPurpose, SessionHow};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::Line;
use nevertwice_store::account::link as links;
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};

use super::invitation::{InvitationView, give, link_refused, of_link};
use super::secret::Secret;
use super::sign_in::{SignedIn, Visit, begin};
use crate::caller::{Caller, Means};
use crate::error::{Kind, ServiceError};
use crate::person::named;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Makes a link that signs the caller in, once, within ten minutes. In a sample register an administrator may make one
/// for anybody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewSignInLink {
    /// Whom it signs in; the caller if unsaid.
    pub person: Option<Line>,
}

/// Signs in by such a link. Run by nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnterByLink {
    /// The secret of the link.
    pub secret: Secret,
    /// The network address that this comes from.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl Change for NewSignInLink {
    type Output = InvitationView;
    const NAME: &'static str = "new_sign_in_link";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<InvitationView, ServiceError> {
        let found = match &self.person {
            Some(name) => named(unit, name, "person"),
            None => Ok(unit.caller.person.clone()),
        };
        // Whether there is somebody of a name is not for everybody to find out.
        let is_own = found.as_ref().is_ok_and(|person| person.id == unit.caller.id());
        if !is_own || unit.caller.means != Means::OsUser {
            refuse_outside_samples(unit)?;
        }
        let person = found?;
        person.may_act()?;
        give(unit.tx, &unit.moment, &person, LinkPurpose::SignIn)
    }
}

/// Only the operating system's word is as good as a password, and only for the person that it is about.
fn refuse_outside_samples(unit: &mut Unit<'_>) -> Result<(), ServiceError> {
    if settings::identity(unit.tx)?.is_some_and(|info| info.is_sample) {
        return unit.caller.may(Verb::Administer);
    }
    let message = "a sign-in link is made on the command line, by the operating-system user that acts as the person, \
                   and for nobody else; an administrator invites others: person invite NAME";
    Err(ServiceError::new(Kind::Forbidden, "sign_in_link.only_yourself", message))
}

impl UseCase for EnterByLink {
    type Output = SignedIn;
    const NAME: &'static str = "enter_by_link";

    fn run(self, asked: &Asked<'_>) -> Result<SignedIn, ServiceError> {
        let visit = Visit::of(self.address.as_deref(), self.agent.as_deref());
        let (hash, link) = (self.secret.code_hash(), self.secret.code_hash());
        let is_for_this = |purpose| purpose == LinkPurpose::SignIn;
        let at = asked.service.moment().at;
        // Whoever shows what is no link is sent away before the writer has to look.
        asked.service.db().read(|tx| of_link(tx, &hash, is_for_this, at).map(drop))?;
        let done = asked.service.write_as(
            "enter_by_link",
            move |tx, moment| Ok(Caller::shown(of_link(tx, &hash, is_for_this, moment.at)?.0)),
            move |unit| match links::use_up(unit.tx, &link)? {
                true => begin(unit, SessionHow::Link, &visit),
                false => Err(link_refused()),
            },
        )?;
        Ok(done.value)
    }
}
