//! Writing the procedure: a draft begins with what is in force, somebody else approves it.

use std::collections::BTreeSet;

use nevertwice_domain::id::LessonId;
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::procedure::{Procedure, ProcedureEdit, in_force, shipped};
use nevertwice_domain::reference::{LessonRef, ProcedureRef};
use nevertwice_domain::text::{Line, Prose, fold};
use nevertwice_domain::time::Date;
use nevertwice_store::{case as cases, counter, lesson as lessons, procedure as procedures, settings};
use serde::{Deserialize, Serialize};

use super::rules::RulesInput;
use super::view::{ProcedureView, view_of};
use super::{existing, today};
use crate::case::same_version;
use crate::error::ServiceError;
use crate::lesson::may_read;
use crate::service::Unit;
use crate::use_case::Change;

/// Begins a new version with what is in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftProcedure {
    /// What is to change, and why.
    pub summary: Prose,
}

/// Writes on a draft; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditProcedure {
    /// The version of the procedure.
    pub procedure: ProcedureRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What people read.
    pub text: Option<Prose>,
    /// What changed, and why.
    pub summary: Option<Prose>,
    /// All lessons that led to it.
    pub lessons: Option<BTreeSet<LessonRef>>,
    /// What the program enforces.
    #[serde(default)]
    pub rules: RulesInput,
}

/// Submits a draft for approval.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubmitProcedure {
    /// The version of the procedure.
    pub procedure: ProcedureRef,
}

/// Sends a submitted version back to work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendProcedureBack {
    /// The version of the procedure.
    pub procedure: ProcedureRef,
}

/// Approves a submitted version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveProcedure {
    /// The version of the procedure.
    pub procedure: ProcedureRef,
    /// The version that the caller saw: what is approved is what was read.
    #[serde(default)]
    pub version: Option<u64>,
    /// From which day on it counts; today if unsaid.
    pub effective_on: Option<Date>,
}

/// Gives a version up that was not approved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawProcedure {
    /// The version of the procedure.
    pub procedure: ProcedureRef,
    /// Why.
    pub reason: Prose,
}

impl Change for DraftProcedure {
    type Output = ProcedureView;
    const NAME: &'static str = "draft_procedure";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ProcedureView, ServiceError> {
        unit.caller.may(Verb::EditProcedure)?;
        let today = today(unit)?;
        let all = procedures::all(unit.tx)?;
        let content = match in_force(&all, today) {
            Some(now) => (now.text.clone(), now.rules.clone()),
            None => (shipped().text.clone(), shipped().rules.clone()),
        };
        let draft = Procedure::draft(
            unit.moment.id(),
            counter::next::<ProcedureRef>(unit.tx, 0)?,
            content,
            self.summary.clone(),
            unit.caller.id(),
            unit.moment.at,
        )?;
        procedures::insert(unit.tx, &draft)?;
        view_of(unit, &draft)
    }
}

/// Declares a use case that finds a version, changes it in one step and shows it.
macro_rules! step {
    ($type:ty, $name:literal, $verb:expr, $step:expr) => {
        impl Change for $type {
            type Output = ProcedureView;
            const NAME: &'static str = $name;

            fn change(&self, unit: &mut Unit<'_>) -> Result<ProcedureView, ServiceError> {
                let step: fn(&mut Unit<'_>, &Self, Procedure) -> Result<Procedure, ServiceError> = $step;
                // Whoever may not is refused before anything is looked up.
                unit.caller.may($verb)?;
                let before = existing(unit, self.procedure)?;
                let relation =
                    Relation { author: before.is_work_of(unit.caller.id()), ..Relation::default() };
                let what = format!("procedure {}", self.procedure);
                unit.caller.may_in($verb, relation, what)?;
                let after = step(unit, self, before.clone())?;
                let saved =
                    if before == after { before } else { procedures::save(unit.tx, &before, &after)? };
                view_of(unit, &saved)
            }
        }
    };
}

step!(EditProcedure, "edit_procedure", Verb::EditProcedure, |unit, input, procedure| {
    same_version(&input.procedure, procedure.version, input.version)?;
    let lessons = match &input.lessons {
        Some(references) => Some(named_lessons(unit, references)?),
        None => None,
    };
    let edit = ProcedureEdit {
        rules: Some(input.rules.clone().applied_to(&procedure.rules)),
        text: input.text.clone(),
        summary: input.summary.clone(),
        lessons,
    };
    Ok(procedure.edit(edit, unit.caller.id())?)
});

step!(SubmitProcedure, "submit_procedure", Verb::EditProcedure, |unit, _, procedure| {
    only_known_categories(unit, &procedure)?;
    Ok(procedure.submit(unit.caller.id())?)
});

step!(SendProcedureBack, "send_procedure_back", Verb::EditProcedure, |_, _, procedure| {
    Ok(procedure.send_back()?)
});

step!(ApproveProcedure, "approve_procedure", Verb::ApproveProcedure, |unit, input, procedure| {
    same_version(&input.procedure, procedure.version, input.version)?;
    let today = today(unit)?;
    let effective_on = input.effective_on.unwrap_or(today);
    Ok(procedure.approve(unit.caller.id(), unit.moment.at, effective_on, today)?)
});

step!(WithdrawProcedure, "withdraw_procedure", Verb::EditProcedure, |_, input, procedure| {
    Ok(procedure.withdraw(input.reason.clone())?)
});

/// A rule for a category that nobody can choose is never used, and nobody would see it. A company without a list of its
/// own has what its people write.
fn only_known_categories(unit: &mut Unit<'_>, procedure: &Procedure) -> Result<(), ServiceError> {
    let known = settings::get(unit.tx)?.categories;
    let is_known = |category: &Line| {
        known.is_empty() || known.iter().any(|one| fold(one.as_str()) == fold(category.as_str()))
    };
    let mut named = procedure.rules.reviews.iter().flat_map(|rule| &rule.categories);
    let Some(unknown) = named.find(|category| !is_known(category)) else { return Ok(()) };
    let known: Vec<&str> = known.iter().map(Line::as_str).collect();
    let message = format!(
        "the company has no category {:?}; name one of: {}; or add it in the settings first",
        unknown.as_str(),
        known.join(", ")
    );
    Err(ServiceError::invalid("reviews", "procedure.unknown_category", message))
}

/// Approved lessons that the caller may read.
fn named_lessons(
    unit: &mut Unit<'_>,
    references: &BTreeSet<LessonRef>,
) -> Result<BTreeSet<LessonId>, ServiceError> {
    let mut ids = BTreeSet::new();
    for reference in references {
        let unknown = || {
            let message = format!("there is no approved lesson {reference}; look at the list of lessons");
            ServiceError::invalid("lessons", "procedure.unknown_lesson", message)
        };
        let lesson = lessons::find(unit.tx, *reference)?.ok_or_else(unknown)?;
        let origins: Vec<_> = lesson.cases.iter().copied().collect();
        let origins = cases::several(unit.tx, &origins)?;
        if lesson.approved_by.is_none()
            || may_read(&unit.caller, &lesson, &origins.iter().collect::<Vec<_>>()).is_err()
        {
            return Err(unknown());
        }
        ids.insert(lesson.id);
    }
    Ok(ids)
}
