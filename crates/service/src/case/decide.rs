//! Decisions on a case: class, event decision, response, closing, re-opening, voiding, restricting.

use nevertwice_domain::case::{Case, CaseState, Class, Decision, Severity, TimelineEntry, TimelineKind};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_store::case as cases;
use serde::{Deserialize, Serialize};

use super::ending::end_with;
use super::load::{allowed, loop_facts, same_version};
use super::show::{parent_reference, view_of, visible_parts};
use super::{CaseView, editable, readable, save};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::person::named;
use crate::review::ask_for;
use crate::service::Unit;
use crate::use_case::Change;

/// Decides class and severity: the first time this is the triage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClassifyCase {
    /// The case.
    pub case: CaseRef,
    /// The version that the caller saw.
    pub version: Option<u64>,
    /// The class.
    pub class: Class,
    /// The severity.
    pub severity: Option<Severity>,
    /// The category.
    pub category: Option<Line>,
}

/// The event decision (A.5.25).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecideCase {
    /// The case.
    pub case: CaseRef,
    /// The version that the caller saw.
    pub version: Option<u64>,
    /// Incident or not.
    pub decision: Decision,
    /// The criteria applied.
    pub criteria: Prose,
}

/// People start working on a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RespondToCase {
    /// The case.
    pub case: CaseRef,
    /// Who; the caller if unsaid.
    pub responder: Option<Line>,
}

/// Service is as before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResolveCase {
    /// The case.
    pub case: CaseRef,
    /// When; now if unsaid.
    pub at: Option<When>,
}

/// Closes a case whose loop is complete.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseCase {
    /// The case.
    pub case: CaseRef,
    /// The version that the caller saw.
    pub version: Option<u64>,
}

/// Opens a closed case again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReopenCase {
    /// The case.
    pub case: CaseRef,
    /// Whether it goes back to the response; otherwise to the review.
    pub to_response: bool,
    /// Why.
    pub reason: Prose,
}

/// Declares a case void.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VoidCase {
    /// The case.
    pub case: CaseRef,
    /// Why.
    pub reason: Prose,
}

/// Restricts a case to a need-to-know list, or opens it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestrictCase {
    /// The case.
    pub case: CaseRef,
    /// Who may know of it besides the caller; none opens it to everybody.
    pub readers: Option<Vec<Line>>,
}

/// Makes a case a part of an incident, or a case of its own again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartOfCase {
    /// The case.
    pub case: CaseRef,
    /// The incident.
    pub parent: Option<CaseRef>,
}

/// Declares a use case that finds a case, changes it in one step and shows it.
macro_rules! transition {
    (
        $type:ty, $name:literal $(as $action:literal)? $(narrows: $narrows:literal)?, $load:expr, $step:expr
        $(, then: $then:expr)?
    ) => {
        impl Change for $type {
            type Output = CaseView;
            const NAME: &'static str = $name;
            $(const ACTION: &'static str = $action;)?
            $(const NARROWS: bool = $narrows;)?

            fn change(&self, unit: &mut Unit<'_>) -> Result<CaseView, ServiceError> {
                let load: fn(&mut Unit<'_>, &Self) -> Result<Case, ServiceError> = $load;
                let step: fn(&mut Unit<'_>, &Self, Case) -> Result<Case, ServiceError> = $step;
                let before = load(unit, self)?;
                let after = step(unit, self, before.clone())?;
                let saved = save(unit, &before, &after)?;
                $(
                    let then: fn(&mut Unit<'_>, &Case) -> Result<(), ServiceError> = $then;
                    then(unit, &saved)?;
                )?
                view_of(unit, &saved)
            }
        }
    };
}

/// Whether somebody may take a case on: whoever could edit it by working on it.
///
/// # Errors
/// They may not know of it, or may not.
pub(super) fn may_respond(caller: &Caller, case: &Case) -> Result<(), ServiceError> {
    let relation = Relation { assigned: true, ..caller.relation(case) };
    caller.may_in(Verb::EditCase, relation, format!("case {}", case.reference))
}

fn decidable(unit: &mut Unit<'_>, reference: CaseRef, version: Option<u64>) -> Result<Case, ServiceError> {
    let case = allowed(unit, reference, Verb::DecideCase)?;
    same_version(&reference, case.version, version)?;
    Ok(case)
}

/// Leaves a re-classification in the timeline, where the story shows it. The class that triage gives is none.
fn tell_class(unit: &mut Unit<'_>, before: &Case, after: &Case) -> Result<(), ServiceError> {
    if before.class == after.class || before.state == CaseState::Reported {
        return Ok(());
    }
    let entry = TimelineEntry {
        id: unit.moment.id(),
        case_id: after.id,
        kind: TimelineKind::KeyMoment,
        occurred: When::instant(unit.moment.at),
        text: Prose::parse(&format!("Class changed from {} to {}.", words(before.class), words(after.class)))
            .map_err(ServiceError::internal)?,
        source: None,
        recorded_at: unit.moment.at,
        recorded_by: unit.caller.id(),
    };
    Ok(cases::add_timeline(unit.tx, std::slice::from_ref(&entry), after.version + 1)?)
}

fn words(class: Class) -> String {
    class.to_string().replace('_', " ")
}

transition!(
    ClassifyCase,
    "classify_case",
    |unit, input| decidable(unit, input.case, input.version),
    |unit, input, case| {
        let before = case.clone();
        let classified = case.classify(input.class, When::instant(unit.moment.at))?;
        tell_class(unit, &before, &classified)?;
        Ok(classified.edit(nevertwice_domain::case::CaseEdit {
            severity: input.severity.map(Some),
            category: input.category.clone().map(Some),
            ..nevertwice_domain::case::CaseEdit::default()
        })?)
    },
    then: ask_for
);

transition!(
    DecideCase,
    "decide_case" as "decide_event",
    |unit, input| decidable(unit, input.case, input.version),
    |unit, input, case| {
        let before = case.clone();
        let after = case.decide(input.decision, input.criteria.clone(), unit.caller.id(), unit.moment.at)?;
        tell_class(unit, &before, &after)?;
        Ok(after)
    },
    then: ask_for
);

transition!(
    RespondToCase,
    "respond_to_case",
    |unit, input| {
        let case = readable(unit, input.case)?;
        // Whoever takes it on puts only themselves to work; a manager may put anybody to work.
        if input.responder.is_some() {
            unit.caller.may_to_case(Verb::DecideCase, &case)?;
        }
        may_respond(&unit.caller, &case)?;
        Ok(case)
    },
    |unit, input, case| {
        let responder = match &input.responder {
            Some(name) => named(unit, name, "responder")?.id,
            None => unit.caller.id(),
        };
        Ok(case.respond(responder)?)
    }
);

transition!(
    ResolveCase,
    "resolve_case",
    |unit, input| editable(unit, input.case, None),
    |unit, input, case| Ok(case.resolve(input.at.unwrap_or_else(|| When::instant(unit.moment.at)))?),
    then: ask_for
);

transition!(
    CloseCase,
    "close_case",
    |unit, input| decidable(unit, input.case, input.version),
    |unit, _, case| {
        let facts = loop_facts(unit, &case)?;
        Ok(case.close(&facts, When::instant(unit.moment.at))?)
    }
);

transition!(
    ReopenCase,
    "reopen_case",
    |unit, input| decidable(unit, input.case, None),
    |unit, input, case| Ok(case.reopen(input.to_response, input.reason.clone(), unit.moment.at)?),
    then: ask_for
);

impl Change for VoidCase {
    type Output = CaseView;
    const NAME: &'static str = "void_case";

    fn change(&self, unit: &mut Unit<'_>) -> Result<CaseView, ServiceError> {
        let before = decidable(unit, self.case, None)?;
        let saved = save(unit, &before, &before.clone().void(self.reason.clone())?)?;
        end_with(unit, std::slice::from_ref(&saved), &self.reason)?;
        view_of(unit, &saved)
    }
}

transition!(
    RestrictCase,
    "restrict_case" narrows: true,
    |unit, input| decidable(unit, input.case, None),
    |unit, input, case| {
        let Some(names) = &input.readers else { return Ok(case.restrict(false, Default::default())?) };
        let mut readers = std::collections::BTreeSet::from([unit.caller.id()]);
        for name in names {
            readers.insert(named(unit, name, "readers")?.id);
        }
        Ok(case.restrict(true, readers)?)
    },
    then: |unit, case| if case.restricted { Ok(()) } else { ask_for(unit, case) }
);

transition!(
    PartOfCase,
    "part_of_case",
    |unit, input| decidable(unit, input.case, None),
    |unit, input, case| {
        // What the caller may not know of stands in nobody's way: an objection would tell that it is there.
        let parent = match input.parent {
            None => None,
            Some(reference) => {
                let parent = readable(unit, reference)?;
                if parent_reference(unit, &parent)?.is_some() {
                    let message = format!("{reference} is itself a part of another case; name that one");
                    return Err(ServiceError::invalid("parent", "case.parent_is_part", message));
                }
                Some(parent.id)
            }
        };
        if parent.is_some() && !visible_parts(unit, &case)?.is_empty() {
            let message = "other cases are parts of this one; move them first";
            return Err(ServiceError::invalid("case", "case.has_parts", message));
        }
        case.part_of(parent).map_err(ServiceError::from)
    },
    then: ask_for
);
