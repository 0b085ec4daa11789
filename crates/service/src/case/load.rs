//! Finding the case that a use case is about, and whether the caller may.

use nevertwice_domain::case::{Case, LoopFacts};
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_store::Tx;
use nevertwice_store::case as cases;
use nevertwice_store::visibility::{self, Named};

use super::checklist::LoopRecords;
use super::consequences::Consequences;
use crate::error::{Kind, ServiceError};
use crate::lesson::Carried;
use crate::procedure::{rules_of, shipped_rules};
use crate::service::Unit;

/// The case of a reference, unless the caller is shut out of it: then it is not even read.
///
/// # Errors
/// There is none, or none that the caller may know of.
pub(super) fn existing(unit: &mut Unit<'_>, reference: CaseRef) -> Result<Case, ServiceError> {
    let not_found = || ServiceError::not_found(format!("case {reference}"));
    if !visibility::is_known(unit.tx, Named::Case(reference), unit.caller.id())? {
        return Err(not_found());
    }
    cases::find(unit.tx, reference)?.ok_or_else(not_found)
}

/// The case of a reference, if the caller may do something to it.
///
/// # Errors
/// There is none, the caller may not know of it, or may not do this.
pub(crate) fn allowed(unit: &mut Unit<'_>, reference: CaseRef, verb: Verb) -> Result<Case, ServiceError> {
    let case = existing(unit, reference)?;
    unit.caller.may_to_case(verb, &case)?;
    Ok(case)
}

/// The case of a reference, if the caller may read it.
///
/// # Errors
/// There is none, or the caller may not know of it.
pub(crate) fn readable(unit: &mut Unit<'_>, reference: CaseRef) -> Result<Case, ServiceError> {
    allowed(unit, reference, Verb::ReadCase)
}

/// The case of a reference, if the caller may edit it and saw its present version.
///
/// # Errors
/// There is none, the caller may not, somebody else changed it since, or it is void.
pub(crate) fn editable(
    unit: &mut Unit<'_>,
    reference: CaseRef,
    version: Option<u64>,
) -> Result<Case, ServiceError> {
    let case = allowed(unit, reference, Verb::EditCase)?;
    same_version(&reference, case.version, version)?;
    case.may_grow()?;
    Ok(case)
}

/// Whether the caller saw the present version of a record; who names none takes it as it is.
///
/// # Errors
/// Somebody else changed it since.
pub(crate) fn same_version(
    what: &dyn std::fmt::Display,
    present: u64,
    seen: Option<u64>,
) -> Result<(), ServiceError> {
    match seen {
        Some(seen) if seen != present => {
            let message = format!(
                "{what} was changed since you read it: version {present} now, {seen} then; look at it again"
            );
            Err(ServiceError::new(Kind::Stale, "stale", message))
        }
        _ => Ok(()),
    }
}

/// Writes a changed case and gives it back with its new version.
///
/// # Errors
/// What the store reports.
pub(crate) fn save(unit: &mut Unit<'_>, before: &Case, after: &Case) -> Result<Case, ServiceError> {
    if before == after {
        return Ok(before.clone());
    }
    Ok(cases::save(unit.tx, before, after)?)
}

/// What there is of a case's loop, for the gate before *closed*.
///
/// # Errors
/// What the store reports.
pub(crate) fn loop_facts(unit: &mut Unit<'_>, case: &Case) -> Result<LoopFacts, ServiceError> {
    let reviews = nevertwice_store::review::of_case(unit.tx, case.id)?;
    let lessons = nevertwice_store::lesson::of_case(unit.tx, case.id)?;
    let actions = nevertwice_store::action::of_case(unit.tx, case.id)?;
    let consequences = Consequences::of_case(unit.tx, case.id)?;
    let owners: Vec<_> = actions.iter().map(|action| action.owner_id).collect();
    let names = super::Names::of_people(unit.tx, &owners)?;
    let records = LoopRecords {
        carried: &carried(unit.tx, &lessons)?,
        reviews: &reviews,
        lessons: &lessons,
        actions: &actions,
        checks: Vec::new(),
        consequences: &consequences,
    };
    let today = crate::procedure::today(unit)?;
    let rules = rules_of(unit.tx, records.procedure())?;
    let rules = rules.as_ref().unwrap_or(shipped_rules());
    Ok(records.facts(case, rules, today, &|person| names.person(person)))
}

/// What puts some lessons to work.
///
/// # Errors
/// What the store reports.
pub(crate) fn carried(tx: &mut Tx, lessons: &[Lesson]) -> Result<Carried, ServiceError> {
    Carried::read(tx, &lessons.iter().map(|lesson| lesson.id).collect::<Vec<_>>())
}
