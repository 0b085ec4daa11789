//! Invitations: how somebody gets a password, and a new one when theirs is forgotten.

use std::fmt;

use nevertwice_domain::account::password::NewPassword;
use nevertwice_domain::account::{Account, LinkPurpose, SessionHow, SignInAddress};
use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::person::Person;
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::account as accounts;
use nevertwice_store::account::secret::{self as secrets, Secrets};
use nevertwice_store::account::{link as links, session as sessions};
use nevertwice_store::{Tx, person as people, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attempts::Door;
use super::second_factor::{self, code_needed};
use super::secret::Secret;
use super::sign_in::{SignedIn, Visit, begin};
use crate::caller::Caller;
use crate::clock::Moment;
use crate::error::{Kind, ServiceError};
use crate::mail::{self, About, Notice};
use crate::person::named;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Invites somebody to choose a password; whoever has one chooses another. It ends earlier invitations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invite {
    /// Whom.
    pub person: Line,
    /// Takes their second factor away at once: they have lost it, and the administrator knows that it is them.
    #[serde(default)]
    pub remove_second_factor: bool,
    /// Sends it to their address by mail, instead of showing it to be handed over.
    #[serde(default)]
    pub send: bool,
}

/// Somebody who was invited.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Invited {
    /// Who.
    pub person: String,
    /// The secret, to be handed over: a code of letters and digits, shown this once. None if it is sent.
    #[schema(value_type = Option<String>)]
    pub secret: Option<Secret>,
    /// Until when it holds, RFC 3339; one that is sent holds for seven days from then.
    pub expires_at: Option<String>,
    /// The address that it is sent to.
    pub sent_to: Option<String>,
}

/// A code for the first administrator, or a link to sign in. Its secret is shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InvitationView {
    /// The secret: a code of letters and digits.
    #[schema(value_type = String)]
    pub secret: Secret,
    /// For whom it is.
    pub person: String,
    /// Until when it holds, RFC 3339.
    pub expires_at: String,
}

/// Shows whoever was invited what awaits them. Run by nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowInvitation {
    /// The secret of the invitation.
    pub secret: Secret,
}

/// What an invitation is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationShown {
    /// Who is invited.
    pub person: String,
    /// The address that they sign in with, or the one that is known of them.
    pub email: Option<String>,
    /// The company.
    pub company: String,
    /// Whether they have a password already and choose another.
    pub has_account: bool,
    /// Whether a code of their second factor is needed.
    pub code_needed: bool,
    /// Until when it holds, RFC 3339.
    pub expires_at: String,
}

/// Chooses address and password, and signs in. Run by nobody.
#[derive(Clone, Serialize, Deserialize)]
pub struct AcceptInvitation {
    /// The secret of the invitation.
    pub secret: Secret,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// A code of the second factor, if they have one.
    #[serde(default)]
    pub code: Option<String>,
    /// The network address that this comes from.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl fmt::Debug for AcceptInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptInvitation").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Change for Invite {
    type Output = Invited;
    const NAME: &'static str = "invite";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<Invited, ServiceError> {
        unit.caller.may(Verb::Administer)?;
        let person = named(unit, &self.person, "person")?;
        person.may_act()?;
        if self.remove_second_factor {
            second_factor::remove(unit, &person)?;
            sessions::end_others(unit.tx, person.id, None, unit.moment.at)?;
        }
        let at = unit.moment.at;
        change_account(unit.tx, &person, |account| Account { invited_at: Some(at), ..account })?;
        if self.send {
            return send(unit, &person);
        }
        let made = invite_anew(unit.tx, &unit.moment, &person, LinkPurpose::Invitation)?;
        Ok(Invited {
            person: made.person,
            secret: Some(made.secret),
            expires_at: Some(made.expires_at),
            sent_to: None,
        })
    }
}

/// Has an invitation sent. The mail makes it: until then there is no secret that could lie anywhere.
fn send(unit: &mut Unit<'_>, person: &Person) -> Result<Invited, ServiceError> {
    if !unit.sends_mails {
        let message =
            "this register sends no mails: name a mail server in config.toml, or hand the code over";
        return Err(ServiceError::new(Kind::Conflict, "mail.off", message));
    }
    let Some(address) = mail::address_of(unit.tx, person.id)? else {
        let message = format!("no e-mail address of {} is known; add one to the person first", person.name);
        return Err(ServiceError::invalid("person", "mail.no_address", message));
    };
    links::end_of_person(unit.tx, person.id)?;
    unit.tell(&Notice { person: person.id, about: About::Invitation })?;
    Ok(Invited { person: person.name.to_string(), secret: None, expires_at: None, sent_to: Some(address) })
}

/// Makes a link for somebody that ends those before.
///
/// # Errors
/// What the store reports.
pub(crate) fn invite_anew(
    tx: &mut Tx,
    moment: &Moment,
    person: &Person,
    purpose: LinkPurpose,
) -> Result<InvitationView, ServiceError> {
    links::end_of_person(tx, person.id)?;
    give(tx, moment, person, purpose)
}

impl UseCase for ShowInvitation {
    type Output = InvitationShown;
    const NAME: &'static str = "show_invitation";

    fn run(self, asked: &Asked<'_>) -> Result<InvitationShown, ServiceError> {
        let at = asked.service.moment().at;
        let found = asked.service.db().read(|tx| Found::by(tx, &self.secret, at))?;
        let email = found.account.and_then(|account| account.email).map(|email| email.to_string());
        Ok(InvitationShown {
            person: found.person.name.to_string(),
            email: email.or_else(|| found.person.email.as_ref().map(ToString::to_string)),
            company: found.company,
            has_account: found.secrets.password_hash.is_some(),
            code_needed: found.secrets.totp_seed.is_some(),
            expires_at: found.expires_at.to_string(),
        })
    }
}

impl UseCase for AcceptInvitation {
    type Output = SignedIn;
    const NAME: &'static str = "accept_invitation";

    fn run(self, asked: &Asked<'_>) -> Result<SignedIn, ServiceError> {
        let (service, gate) = (asked.service, asked.service.gate());
        let moment = service.moment();
        let found = service.db().read(|tx| Found::by(tx, &self.secret, moment.at))?;
        let email = SignInAddress::parse(&self.email)?;
        let password = NewPassword::parse(self.password.as_str(), &found.company, &email)?;
        let code = self.code.filter(|code| !code.trim().is_empty());
        let doors = [Door::Code(found.person.id.to_string(), true)];
        if found.secrets.totp_seed.is_some() {
            if code.is_none() {
                return Err(code_needed());
            }
            gate.take(&doors, moment.at)?;
        }
        let accepted = Accepted {
            link: self.secret.code_hash(),
            email,
            hash: gate.hash(&password, &moment.secret())?,
            code,
            visit: Visit::of(self.address.as_deref(), self.agent.as_deref()),
        };
        let link = self.secret.code_hash();
        let done = service.write_as(
            "accept_invitation",
            move |tx, moment| Ok(Caller::shown(of_link(tx, &link, is_invitation, moment.at)?.0)),
            move |unit| accepted.write(unit),
        )?;
        gate.give_back(&doors);
        Ok(done.value)
    }
}

/// What an invitation leads to.
struct Found {
    person: Person,
    account: Option<Account>,
    secrets: Secrets,
    company: String,
    expires_at: Timestamp,
}

impl Found {
    fn by(tx: &mut Tx, secret: &Secret, at: Timestamp) -> Result<Self, ServiceError> {
        let (person, expires_at) = of_link(tx, &secret.code_hash(), is_invitation, at)?;
        Ok(Self {
            account: accounts::get(tx, person.id)?,
            secrets: secrets::of_person(tx, person.id)?.unwrap_or_else(|| Secrets::none(person.id)),
            company: settings::get(tx)?.company.to_string(),
            person,
            expires_at,
        })
    }
}

/// What is written when an invitation is accepted.
struct Accepted {
    link: Sha256Text,
    email: SignInAddress,
    hash: String,
    code: Option<String>,
    visit: Visit,
}

impl Accepted {
    fn write(&self, unit: &mut Unit<'_>) -> Result<SignedIn, ServiceError> {
        let (person, at) = (unit.caller.person.clone(), unit.moment.at);
        if accounts::by_address(unit.tx, &self.email)?.is_some_and(|other| other.person_id != person.id) {
            let message = "somebody else signs in with this address; take another of yours";
            return Err(ServiceError::invalid("email", "account.address_taken", message));
        }
        let how = second_factor::pass(unit.tx, person.id, self.code.as_deref(), at)?;
        if !links::use_up(unit.tx, &self.link)? {
            return Err(link_refused());
        }
        let email = self.email.clone();
        change_account(unit.tx, &person, |account| Account {
            email: Some(email),
            password_set_at: Some(at),
            ..account
        })?;
        let secrets = secrets::of_person(unit.tx, person.id)?.unwrap_or_else(|| Secrets::none(person.id));
        secrets::keep(unit.tx, &Secrets { password_hash: Some(self.hash.clone()), ..secrets })?;
        links::end_of_person(unit.tx, person.id)?;
        sessions::end_others(unit.tx, person.id, None, at)?;
        begin(unit, how.unwrap_or(SessionHow::Invitation), &self.visit)
    }
}

/// Makes a link for somebody.
///
/// # Errors
/// What the store reports.
pub(super) fn give(
    tx: &mut Tx,
    moment: &Moment,
    person: &Person,
    purpose: LinkPurpose,
) -> Result<InvitationView, ServiceError> {
    let secret = Secret::of_link(&moment.secret());
    let link = links::Link {
        secret_sha256: secret.code_hash(),
        person_id: person.id,
        purpose,
        created_at: moment.at,
        expires_at: Timestamp::from_millis(moment.at.millis() + purpose.holds_millis()),
    };
    links::insert(tx, &link)?;
    let expires_at = link.expires_at.to_string();
    Ok(InvitationView { secret, person: person.name.to_string(), expires_at })
}

/// Whom a link is for that holds now, and until when it does.
///
/// # Errors
/// There is none such, of another purpose or over, or the person may not act: one answer for all.
pub(super) fn of_link(
    tx: &mut Tx,
    secret: &Sha256Text,
    purpose: fn(LinkPurpose) -> bool,
    at: Timestamp,
) -> Result<(Person, Timestamp), ServiceError> {
    let link = links::by_secret(tx, secret)?.filter(|link| purpose(link.purpose) && at < link.expires_at);
    let link = link.ok_or_else(link_refused)?;
    let person = people::get(tx, link.person_id)?.filter(|person| person.may_act().is_ok());
    Ok((person.ok_or_else(link_refused)?, link.expires_at))
}

fn is_invitation(purpose: LinkPurpose) -> bool {
    matches!(purpose, LinkPurpose::Invitation | LinkPurpose::Setup)
}

/// A link that does not hold.
pub(super) fn link_refused() -> ServiceError {
    let message = "this link does not hold: unknown, used, or its time is over; ask for a new one";
    ServiceError::new(Kind::Forbidden, "link.refused", message)
}

/// Changes a person's account, or makes one.
fn change_account(
    tx: &mut Tx,
    person: &Person,
    change: impl FnOnce(Account) -> Account,
) -> Result<(), ServiceError> {
    match accounts::get(tx, person.id)? {
        Some(before) => accounts::save(tx, person, &before, &change(before.clone()))?,
        None => accounts::insert(tx, person, &change(Account::new(person.id)))?,
    }
    Ok(())
}
