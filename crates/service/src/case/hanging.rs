//! The records of their own that hang on cases: reviews, lessons, actions.

use nevertwice_domain::case::Case;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::Verb;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{action as actions, case as cases, lesson as lessons, review as reviews, visibility};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::service::Unit;

/// A record that hangs on a case.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// What it is.
    pub(crate) kind: ObjectKind,
    /// Its identity.
    pub(crate) id: Uuid,
    /// Its reference.
    pub(crate) reference: String,
}

/// Reviews, lessons and actions of cases that the caller may read. A lesson that was also learned from a case that they
/// may not read stays out: what the trail tells of it would tell of that case.
///
/// # Errors
/// What the store reports.
pub(crate) fn hanging_on(unit: &mut Unit<'_>, shown: &[Case]) -> Result<Vec<Part>, ServiceError> {
    let ids: Vec<CaseId> = shown.iter().map(|case| case.id).collect();
    let mut parts = Vec::new();
    for found in known_reviews(unit, &ids)? {
        let (id, reference) = (found.review.id.uuid(), found.review.reference.to_string());
        parts.push(Part { kind: ObjectKind::Review, id, reference });
    }
    for action in actions::of_cases(unit.tx, &ids)? {
        let (id, reference) = (action.id.uuid(), action.reference.to_string());
        parts.push(Part { kind: ObjectKind::Action, id, reference });
    }
    for lesson in lessons::of_cases(unit.tx, &ids)? {
        let origins: Vec<CaseId> = lesson.cases.iter().copied().collect();
        let origins = cases::several(unit.tx, &origins)?;
        if origins.iter().all(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok()) {
            let (id, reference) = (lesson.id.uuid(), lesson.reference.to_string());
            parts.push(Part { kind: ObjectKind::Lesson, id, reference });
        }
    }
    Ok(parts)
}

/// The reviews of cases that the caller may know of: one of several cases may have been opened for another one.
///
/// # Errors
/// What the store reports.
pub(crate) fn known_reviews(
    unit: &mut Unit<'_>,
    cases: &[CaseId],
) -> Result<Vec<ReviewWithCauses>, ServiceError> {
    let mut found = reviews::of_cases(unit.tx, cases)?;
    let ids: Vec<_> = found.iter().map(|one| one.review.id.uuid()).collect();
    let hidden = visibility::shut_out(unit.tx, ObjectKind::Review, &ids, unit.caller.id())?;
    found.retain(|one| !hidden.contains(&one.review.id.uuid()));
    Ok(found)
}
