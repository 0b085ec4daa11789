//! Reports by whoever has no account, if the company allows them: nobody signs in, nobody is asked who they are, and a
//! receipt is the only way back.
//!
//! Every row that somebody wrote has a person who wrote it. What came openly is written by `SOMEBODY`: a team that is
//! put into the register when open reporting is first switched on. As a team it can hold no role, own nothing, sign in by
//! no means and act in no other way; a case that came openly has no reporter.

mod ask;
mod receipt;
mod report;

use nevertwice_domain::id::PersonId;
use nevertwice_domain::person::{Person, PersonKind, PersonStatus};
use nevertwice_domain::text::Line;
use nevertwice_store::person as people;
use nevertwice_store::{Tx, settings};
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;

pub use ask::MayReportOpenly;
pub use receipt::{AnswerByReceipt, MessageView, ReceiptView, ShowReceipt};
pub use report::{OpenReceipt, ReportOpenly, new_receipt};

/// Whoever reported openly, the same in every register: a UUID of version 8 (RFC 9562 §5.8), as none is made by chance.
pub(crate) const SOMEBODY: PersonId =
    PersonId::new(Uuid::from_u128(0x6e65_7665_7274_8000_8000_736f_6d65_6f6e));
/// What it is called.
const NAME: &str = "Somebody (open report)";

/// Puts somebody into the register, if they are not there yet.
///
/// # Errors
/// What the store reports.
pub(crate) fn introduce_somebody(unit: &mut Unit<'_>) -> Result<(), ServiceError> {
    if people::get(unit.tx, SOMEBODY)?.is_some() {
        return Ok(());
    }
    let name = Line::parse(NAME).map_err(ServiceError::internal)?;
    let somebody = Person::new(SOMEBODY, PersonKind::Team, PersonStatus::Confirmed, name, unit.moment.at);
    people::insert(unit.tx, &somebody)?;
    Ok(())
}

/// Somebody, as the one who acts.
///
/// # Errors
/// Nobody may report openly.
fn somebody(tx: &mut Tx) -> Result<Caller, ServiceError> {
    is_allowed(tx)?;
    known_somebody(tx)
}

/// The same, whether or not anybody may still report openly.
fn known_somebody(tx: &mut Tx) -> Result<Caller, ServiceError> {
    people::get(tx, SOMEBODY)?.map(Caller::shown).ok_or_else(off)
}

/// Whether anybody may report openly.
///
/// # Errors
/// They may not.
fn is_allowed(tx: &mut Tx) -> Result<(), ServiceError> {
    if settings::get(tx)?.open_reporting { Ok(()) } else { Err(off()) }
}

fn off() -> ServiceError {
    let message =
        "reports are taken from people with an account only; sign in, or tell somebody of the company";
    ServiceError::new(Kind::Forbidden, "open_reporting.off", message)
}
