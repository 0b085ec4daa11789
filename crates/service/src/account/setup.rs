//! The first administrator: no password comes with the program, so a server prints a code when it starts.

use nevertwice_domain::account::LinkPurpose;
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::Person;
use nevertwice_store::account::{link as links, secret as secrets};
use nevertwice_store::{Tx, person as people};

use super::invitation::{InvitationView, give};
use crate::error::ServiceError;
use crate::service::Service;

impl Service {
    /// The code with which the first administrator chooses a password, good once and for an hour. A new one ends those
    /// before. There is none once an administrator has a password, or if nobody may be one.
    ///
    /// # Errors
    /// What the store reports.
    pub fn setup_code(&self) -> Result<Option<InvitationView>, ServiceError> {
        let moment = self.moment();
        self.db().write(move |tx| {
            links::end_of_purpose(tx, LinkPurpose::Setup)?;
            match first_administrator(tx)? {
                Some(person) => give(tx, &moment, &person, LinkPurpose::Setup).map(Some),
                None => Ok(None),
            }
        })
    }
}

/// The administrator who became known first, if none of them has a password.
fn first_administrator(tx: &mut Tx) -> Result<Option<Person>, ServiceError> {
    let mut administrators = people::list(tx)?;
    administrators.retain(|person| person.may_act().is_ok() && person.roles.contains(&Role::Administrator));
    let with_password = secrets::with_password(tx)?;
    if administrators.iter().any(|person| with_password.contains(&person.id)) {
        return Ok(None);
    }
    Ok(administrators.into_iter().min_by_key(|person| (person.created_at, person.id)))
}
