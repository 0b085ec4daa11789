//! The incident management procedure: written, approved by somebody else, in force from a day on, and what it asks of
//! each case.

mod demand;
mod rules;
mod say_do;
mod view;
mod write;

use nevertwice_domain::procedure::{Procedure, Rules, VersionName, in_force, shipped};
use nevertwice_domain::reference::{ProcedureRef, Reference};
use nevertwice_domain::time::Date;
use nevertwice_store::{Tx, procedure as procedures, settings};

use crate::error::ServiceError;
use crate::service::Unit;

pub(crate) use demand::{Demand, allowance, demand, demand_under, rule_of};
pub use rules::{RulesInput, RulesView};
pub use say_do::{PromiseView, PromisedRecord, SayDo, SayDoView, Verdict};
pub use view::{
    ChangesView, ListProcedures, ProcedureRow, ProcedureView, SentenceView, ShowProcedure,
    ShowProcedureVersion,
};
pub use write::{
    ApproveProcedure, DraftProcedure, EditProcedure, SendProcedureBack, SubmitProcedure, WithdrawProcedure,
};

/// What counts on a day: the version's number, 0 for the one that comes with the program, and its rules.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    pub(crate) number: u32,
    pub(crate) rules: Rules,
}

/// What counts on a day.
///
/// # Errors
/// What the store reports.
pub(crate) fn on(tx: &mut Tx, day: Date) -> Result<InForce, ServiceError> {
    let all = procedures::all(tx)?;
    Ok(match in_force(&all, day) {
        Some(procedure) => InForce { number: procedure.number(), rules: procedure.rules.clone() },
        None => InForce { number: 0, rules: shipped().rules.clone() },
    })
}

/// The rules that come with the program.
pub(crate) fn shipped_rules() -> &'static Rules {
    &shipped().rules
}

/// The rules of a version.
///
/// # Errors
/// What the store reports.
pub(crate) fn rules_of(tx: &mut Tx, number: u32) -> Result<Option<Rules>, ServiceError> {
    if number == 0 {
        return Ok(Some(shipped_rules().clone()));
    }
    Ok(procedures::find(tx, ProcedureRef::from_parts(0, number))?.map(|procedure| procedure.rules.clone()))
}

/// What a version is called by those who read of it: its reference, `shipped` for the one that comes with the program.
pub(crate) fn name_of(number: u32) -> String {
    VersionName::of(number).to_string()
}

/// The version that somebody named.
///
/// # Errors
/// There is none.
fn existing(unit: &mut Unit<'_>, reference: ProcedureRef) -> Result<Procedure, ServiceError> {
    let not_found = || ServiceError::not_found(format!("procedure {reference}"));
    procedures::find(unit.tx, reference)?.ok_or_else(not_found)
}

/// Today in the company's time zone.
pub(crate) fn today(unit: &mut Unit<'_>) -> Result<Date, ServiceError> {
    Ok(unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone()))
}
