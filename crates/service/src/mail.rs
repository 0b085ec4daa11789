//! Mails: that something awaits somebody. They are sent by [jobs](crate::job), apart from the change that they tell of.
//!
//! A mail travels in the clear and lies in places that nobody here looks after: it holds references, titles of cases
//! that are open to the register, and links. Of a restricted case it holds the reference alone. Who gets one is decided
//! again when it is sent: only whoever may know of the case then, and wants mails.
//!
//! Unless a server was named nothing is ever sent, nor put down to be sent.

mod digest;
mod letter;
mod news;
mod notice;
mod preferences;
mod remind;

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use nevertwice_domain::id::PersonId;
use nevertwice_domain::person::Person;
use nevertwice_store::{Tx, account as accounts, mail as preferences_of, person as people};

use crate::error::ServiceError;
use crate::job::Job;
use crate::service::{Service, Unit};

pub(crate) use digest::Digest;
pub(crate) use news::News;
pub(crate) use notice::{About, Notice};
pub use preferences::{MailPreferencesView, SetMailPreferences, ShowMailPreferences};
pub(crate) use remind::Remind;

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address that it goes to.
    pub to: String,
    /// Whose that is.
    pub name: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// What it is known by (RFC 5322 §3.6.4): the same if it is sent again because whoever sent it was cut off.
    pub id: String,
}

/// Whoever carries mails away.
pub trait Post: Send + Sync {
    /// Hands a mail over.
    ///
    /// # Errors
    /// It was not taken; it is tried again later. The code is kept, the message is not.
    fn send(&self, mail: &Mail) -> Result<(), ServiceError>;
}

/// How mails go out.
#[derive(Clone)]
pub struct Mailing {
    /// Who carries them.
    pub post: Arc<dyn Post>,
    /// The address of the register that links begin with, without a slash at its end.
    pub origin: String,
}

/// Whether this register sends mails, and how.
#[derive(Default)]
pub(crate) struct Outbox {
    is_wanted: AtomicBool,
    mailing: OnceLock<Mailing>,
}

impl Outbox {
    /// Whether mails are put down to be sent.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Relaxed)
    }

    /// How they go out, in a process that sends them.
    pub(crate) fn mailing(&self) -> Option<&Mailing> {
        self.mailing.get()
    }
}

impl Service {
    /// From now on mails are put down, for a server that sends them.
    pub fn expect_mails(&self) {
        self.outbox().is_wanted.store(true, Ordering::Relaxed);
    }

    /// From now on this process sends mails. The first call counts.
    ///
    /// # Errors
    /// What the store reports.
    pub fn send_mails(&self, mailing: Mailing) -> Result<(), ServiceError> {
        self.expect_mails();
        let _ = self.outbox().mailing.set(mailing);
        remind::begin(self)
    }
}

impl Unit<'_> {
    /// Puts a mail, or what mails are made of, down with this change, if any are sent at all.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn tell<J: Job>(&mut self, job: &J) -> Result<(), ServiceError> {
        if self.sends_mails {
            self.enqueue(job, self.moment.at)?;
        }
        Ok(())
    }
}

/// A person who can be written to, and where: whoever may act.
///
/// # Errors
/// What the store reports.
fn addressee(tx: &mut Tx, person: PersonId) -> Result<Option<(Person, String)>, ServiceError> {
    let Some(person) = people::get(tx, person)?.filter(|person| person.may_act().is_ok()) else {
        return Ok(None);
    };
    let of_account = accounts::get(tx, person.id)?.and_then(|account| account.email);
    let address =
        of_account.map(|email| email.to_string()).or_else(|| person.email.as_ref().map(ToString::to_string));
    Ok(address.filter(|address| address.contains('@')).map(|address| (person, address)))
}

/// Where an invitation of a person can be sent to.
///
/// # Errors
/// What the store reports.
pub(crate) fn address_of(tx: &mut Tx, person: PersonId) -> Result<Option<String>, ServiceError> {
    Ok(addressee(tx, person)?.map(|(_, address)| address))
}

/// As [`addressee`], of those who want mails.
fn reader(tx: &mut Tx, person: PersonId) -> Result<Option<(Person, String)>, ServiceError> {
    match preferences_of::is_off(tx, person)? {
        true => Ok(None),
        false => addressee(tx, person),
    }
}
