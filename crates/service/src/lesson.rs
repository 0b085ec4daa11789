//! Lessons: draft, share between cases, approve, say what covers them, look at them again, retire.

mod carried;
mod coverage;
mod gaps;
mod look;
mod similar;

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::Action;
use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::{Case, Tag};
use nevertwice_domain::id::CaseId;
use nevertwice_domain::lesson::{Lesson, LessonError, LessonState, Support};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::reference::{CaseRef, LessonRef};
use nevertwice_domain::strength::is_answered_only_by_training;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::wording::Field;
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{action as actions, case as cases, counter, lesson as lessons, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::case::{ActionOutline, Names, allowed as allowed_case, editable, same_version};
use crate::catalogue::field_values;
use crate::contributors;
use crate::error::ServiceError;
use crate::hint::{HintView, hints, refusals};
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::{Asked, Change, UseCase};

pub(crate) use carried::Carried;
pub use coverage::{ApproveCoverage, CoverLesson, CoverageView};
pub(crate) use coverage::{Said, exceptions, known as known_coverages};
pub use gaps::{LessonGap, LessonGapList, ListLessonGaps};
pub use look::{ConfirmLesson, ConfirmationView};
pub use similar::FindSimilarLessons;

/// A lesson.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// Where it stands.
    pub state: String,
    /// What was learned.
    pub statement: String,
    /// More about it.
    pub detail: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The cases that it was learned from, those that the caller may know of.
    pub cases: Vec<String>,
    /// When it will be looked at again.
    pub review_on: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    pub approved_at: Option<String>,
    /// Why it was retired.
    pub retired_reason: Option<String>,
    /// Values of the company's own fields, by their short names.
    pub fields: BTreeMap<String, String>,
    /// The actions that put it to work.
    pub actions: Vec<ActionOutline>,
    /// What covers it instead, as somebody said, approved or not; those that the caller may know of.
    pub coverages: Vec<CoverageView>,
    /// Whether it is in use without an action of its own, by coverage alone.
    pub is_exception: bool,
    /// Whether it was to be looked at again and was not.
    pub is_stale: bool,
    /// That it was found still true, the latest last.
    pub confirmations: Vec<ConfirmationView>,
    /// What the wording rules ask of its statement and detail.
    #[serde(default)]
    pub hints: Vec<HintView>,
    /// What the caller may do to it, whatever its state: `edit_case`, `approve`, `decide_case`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// Drafts a lesson from a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewLesson {
    /// The case.
    pub case: CaseRef,
    /// What was learned.
    pub statement: Line,
    /// More about it.
    pub detail: Option<Prose>,
    /// Tags.
    pub tags: BTreeSet<Tag>,
    /// When it will be looked at again.
    pub review_on: Option<Date>,
}

/// Says that a lesson was learned from one more case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// The case.
    pub case: CaseRef,
}

/// Says that a lesson was not learned from a case after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnlinkLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// The case.
    pub case: CaseRef,
}

/// Shows a lesson.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowLesson {
    /// Its reference.
    pub lesson: LessonRef,
}

/// Rewords a draft, or sets tags and the date of the next look.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What was learned.
    pub statement: Option<Line>,
    /// More about it.
    pub detail: Option<Set<Prose>>,
    /// All tags.
    pub tags: Option<BTreeSet<Tag>>,
    /// When it will be looked at again.
    pub review_on: Option<Set<Date>>,
}

/// Approves a lesson.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// The version that the caller saw: what is signed is what was read.
    #[serde(default)]
    pub version: Option<u64>,
}

/// Retires a lesson.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetireLesson {
    /// The lesson.
    pub lesson: LessonRef,
    /// Why.
    pub reason: Prose,
}

impl Change for NewLesson {
    type Output = LessonView;
    const NAME: &'static str = "new_lesson";
    const ACTION: &'static str = "draft_lesson";

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let zone = settings::get(unit.tx)?.time_zone.zone();
        let lesson = Lesson::draft(
            unit.moment.id(),
            counter::next::<LessonRef>(unit.tx, unit.moment.at.date_in(&zone).year())?,
            self.statement.clone(),
            self.detail.clone(),
            case.id,
            unit.caller.id(),
            unit.moment.at,
        )
        .edit(None, None, Some(self.review_on), Some(self.tags.clone()))?;
        lessons::insert(unit.tx, std::slice::from_ref(&lesson))?;
        view_of(unit, &lesson)
    }
}

/// Declares a use case that finds a lesson, changes it in one step and shows it.
macro_rules! step {
    ($type:ty, $name:literal $(as $action:literal)?, $verb:expr, $step:expr) => {
        impl Change for $type {
            type Output = LessonView;
            const NAME: &'static str = $name;
            $(const ACTION: &'static str = $action;)?

            fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
                let step: fn(&mut Unit<'_>, &Self, Lesson) -> Result<Lesson, ServiceError> = $step;
                let before = allowed(unit, self.lesson, $verb)?;
                let after = step(unit, self, before.clone())?;
                let saved = if before == after { before } else { lessons::save(unit.tx, &before, &after)? };
                view_of(unit, &saved)
            }
        }
    };
}

step!(LinkLesson, "link_lesson", Verb::EditCase, |unit, input, lesson| {
    let case = editable(unit, input.case, None)?;
    Ok(lesson.also_from(case.id))
});

step!(EditLesson, "edit_lesson", Verb::EditCase, |_, input, lesson| {
    same_version(&input.lesson, lesson.version, input.version)?;
    Ok(lesson.edit(
        input.statement.clone(),
        input.detail.clone().map(Set::into_option),
        input.review_on.clone().map(Set::into_option),
        input.tags.clone(),
    )?)
});

step!(ApproveLesson, "approve_lesson", Verb::Approve, |unit, input, lesson| {
    same_version(&input.lesson, lesson.version, input.version)?;
    let refusals = wording_refusals(unit, &lesson)?;
    if !refusals.is_empty() {
        return Err(LessonError::Wording(refusals).into());
    }
    refuse_only_training(unit, &lesson)?;
    let states: Vec<_> =
        actions::of_lessons(unit.tx, &[lesson.id])?.iter().map(|action| action.state).collect();
    let is_covered = Carried::read(unit.tx, &[lesson.id])?.is_covered(lesson.id);
    let support = Support { actions: &states, is_covered };
    let in_a_year = look::in_a_year(today(unit)?);
    let by = Approver::new(unit.caller.id(), &contributors::to_lesson(unit.tx, lesson.id)?);
    Ok(lesson.approve(by, unit.moment.at, support, in_a_year)?)
});

/// A serious case is not answered by training alone, unless something else covers the lesson.
fn refuse_only_training(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<(), ServiceError> {
    if Carried::read(unit.tx, &[lesson.id])?.is_covered(lesson.id) {
        return Ok(());
    }
    let origins = cases_of(unit, lesson)?;
    let ids: Vec<CaseId> = origins.iter().map(|case| case.id).collect();
    let mut done = actions::of_cases(unit.tx, &ids)?;
    done.retain(|action| action.state.is_wanted());
    // Whoever approves a lesson of several cases need not know of each.
    let mut known = origins.iter().filter(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok());
    let unanswered = known.find(|case| {
        let own = done.iter().filter(|action| action.case_id == case.id);
        is_answered_only_by_training(case.severity, own.map(|action| action.strength))
    });
    match unanswered {
        Some(case) => Err(LessonError::OnlyTraining(case.reference).into()),
        None => Ok(()),
    }
}

step!(RetireLesson, "retire_lesson", Verb::DecideCase, |_, input, lesson| {
    Ok(lesson.retire(input.reason.clone())?)
});

impl Change for UnlinkLesson {
    type Output = LessonView;
    const NAME: &'static str = "unlink_lesson";
    // Whoever knew of a draft through this case alone does not any more.
    const NARROWS: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<LessonView, ServiceError> {
        let before = allowed(unit, self.lesson, Verb::EditCase)?;
        let case = allowed_case(unit, self.case, Verb::EditCase)?;
        let after = before.clone().not_from(case.id)?;
        // As if there were no others: that there is one is not for everybody to know.
        let origins = cases_of(unit, &after)?;
        let caller = &unit.caller;
        let reads = |one: &Case| caller.roles_allow(Verb::ReadCase, caller.relation(one), "case").is_ok();
        if !origins.iter().any(reads) {
            return Err(LessonError::LastCase.into());
        }
        case.may_lose()?;
        let actions = actions::of_lessons(unit.tx, &[before.id])?;
        if let Some(action) = actions.iter().find(|action| action.case_id == case.id) {
            let message = format!(
                "{} puts this lesson to work for {}; it stays linked",
                action.reference, case.reference
            );
            return Err(ServiceError::invalid("case", "lesson.case_has_actions", message));
        }
        let saved = lessons::save(unit.tx, &before, &after)?;
        // What is searched with the case is made again with it.
        cases::save(unit.tx, &case, &case)?;
        view_of(unit, &saved)
    }
}

/// Today in the company's time zone.
fn today(unit: &mut Unit<'_>) -> Result<Date, ServiceError> {
    Ok(unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone()))
}

impl UseCase for ShowLesson {
    type Output = LessonView;
    const NAME: &'static str = "show_lesson";

    fn run(self, asked: &Asked<'_>) -> Result<LessonView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let lesson = readable(unit, self.lesson)?;
            view_of(unit, &lesson)
        })
    }
}

/// The lesson, if the caller may read it: an approved one with the right to read lessons, any other through a case.
fn readable(unit: &mut Unit<'_>, reference: LessonRef) -> Result<Lesson, ServiceError> {
    let lesson = existing(unit, reference)?;
    let origins = cases_of(unit, &lesson)?;
    may_read(&unit.caller, &lesson, &origins.iter().collect::<Vec<_>>())?;
    Ok(lesson)
}

/// Whether the caller may read a lesson that was learned from `origins`.
///
/// # Errors
/// Not found, or forbidden.
pub(crate) fn may_read(caller: &Caller, lesson: &Lesson, origins: &[&Case]) -> Result<(), ServiceError> {
    let what = format!("lesson {}", lesson.reference);
    if lesson.state != LessonState::Draft {
        let shut_out = !origins.is_empty() && origins.iter().all(|case| case.shuts_out(caller.id()));
        let relation = Relation { shut_out, ..Relation::default() };
        // Whoever reads no lessons is not told which there are.
        let allowed = caller.roles_allow(Verb::ReadLesson, relation, &what);
        allowed.map_err(|_| ServiceError::not_found(what))?;
        return caller.within(Verb::ReadLesson.scope());
    }
    let reads = |case: &&Case| caller.roles_allow(Verb::ReadCase, caller.relation(case), &what).is_ok();
    match origins.iter().any(reads) {
        true => caller.within(Verb::ReadCase.scope()),
        false => Err(ServiceError::not_found(what)),
    }
}

/// The lesson, if the caller may do something to it: through one of its cases.
///
/// # Errors
/// There is none, the caller may not know of it, or may not do this.
pub(crate) fn allowed(unit: &mut Unit<'_>, reference: LessonRef, verb: Verb) -> Result<Lesson, ServiceError> {
    let lesson = existing(unit, reference)?;
    let origins = cases_of(unit, &lesson)?;
    let contributors = match verb {
        Verb::Approve => contributors::to_lesson(unit.tx, lesson.id)?,
        _ => BTreeSet::new(),
    };
    let by = Approver::new(unit.caller.id(), &contributors);
    may_do(&unit.caller, &lesson, &origins, verb, by)?;
    Ok(lesson)
}

/// Whether the caller may do something to a lesson that was learned from `origins`.
fn may_do(
    caller: &Caller,
    lesson: &Lesson,
    origins: &[Case],
    verb: Verb,
    by: Approver,
) -> Result<(), ServiceError> {
    let what = format!("lesson {}", lesson.reference);
    let mut refused = ServiceError::not_found(&what);
    for case in origins {
        match caller.may_in(verb, relation(caller, lesson, case, verb, by), &what) {
            Ok(()) => return Ok(()),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// How the caller stands to a lesson through one of its cases; whoever approves it, with the part they had in it.
fn relation(caller: &Caller, lesson: &Lesson, case: &Case, verb: Verb, by: Approver) -> Relation {
    let base = caller.relation(case);
    let author = verb == Verb::Approve && lesson.is_work_of(by);
    Relation { named: base.assigned, author, ..base }
}

/// Whether the caller's roles allow something to a lesson through one of its cases, whatever their token does not.
pub(crate) fn is_allowed(caller: &Caller, lesson: &Lesson, case: &Case, verb: Verb, by: Approver) -> bool {
    caller.roles_allow(verb, relation(caller, lesson, case, verb, by), "lesson").is_ok()
}

fn existing(unit: &mut Unit<'_>, reference: LessonRef) -> Result<Lesson, ServiceError> {
    let not_found = || ServiceError::not_found(format!("lesson {reference}"));
    if !visibility::is_known(unit.tx, Named::Lesson(reference), unit.caller.id())? {
        return Err(not_found());
    }
    lessons::find(unit.tx, reference)?.ok_or_else(not_found)
}

fn cases_of(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<Vec<Case>, ServiceError> {
    let ids: Vec<_> = lesson.cases.iter().copied().collect();
    Ok(cases::several(unit.tx, &ids)?)
}

/// The lesson that an action puts to work follows its actions.
///
/// # Errors
/// What the store reports.
pub(crate) fn follow_actions(
    unit: &mut Unit<'_>,
    lesson: nevertwice_domain::id::LessonId,
) -> Result<(), ServiceError> {
    let Some(before) = lessons::get(unit.tx, lesson)? else { return Ok(()) };
    let states: Vec<_> = actions::of_lessons(unit.tx, &[lesson])?.iter().map(|action| action.state).collect();
    let after = before.clone().follow(&states);
    if after != before {
        lessons::save(unit.tx, &before, &after)?;
    }
    Ok(())
}

/// The lesson of an action that does not work is asked for again.
///
/// # Errors
/// What the store reports.
pub(crate) fn did_not_hold(
    unit: &mut Unit<'_>,
    lesson: nevertwice_domain::id::LessonId,
) -> Result<(), ServiceError> {
    let Some(before) = lessons::get(unit.tx, lesson)? else { return Ok(()) };
    let after = before.clone().did_not_hold();
    if after != before {
        lessons::save(unit.tx, &before, &after)?;
    }
    Ok(())
}

/// The actions of lessons that the caller may read: their own, and those of cases that they may read.
fn visible_actions(
    unit: &mut Unit<'_>,
    of: &[nevertwice_domain::id::LessonId],
) -> Result<Vec<Action>, ServiceError> {
    let all = actions::of_lessons(unit.tx, of)?;
    visible(unit, all)
}

/// Those of some actions that the caller may read.
pub(crate) fn visible(unit: &mut Unit<'_>, mut all: Vec<Action>) -> Result<Vec<Action>, ServiceError> {
    let ids: Vec<CaseId> = all.iter().map(|action| action.case_id).collect();
    let origins: BTreeMap<CaseId, Case> =
        cases::several(unit.tx, &ids)?.into_iter().map(|case| (case.id, case)).collect();
    all.retain(|action| {
        origins.get(&action.case_id).is_some_and(|case| sees_action(&unit.caller, action, case))
    });
    Ok(all)
}

/// Whether the caller may read an action of a case.
fn sees_action(caller: &Caller, action: &Action, case: &Case) -> bool {
    let owes = action.owner_id == caller.id() && !case.shuts_out(caller.id());
    owes || caller.may_to_case(Verb::ReadCase, case).is_ok()
}

/// Whether a lesson is past its draft and not retired.
pub(crate) fn is_in_use(lesson: &Lesson) -> bool {
    !matches!(lesson.state, LessonState::Draft | LessonState::Retired)
}

/// What is written in a lesson.
fn texts(lesson: &Lesson) -> impl Iterator<Item = &str> {
    std::iter::once(lesson.statement.as_str()).chain(lesson.detail.as_ref().map(Prose::as_str))
}

/// What in a lesson, and in the actions that put it to work, refuses its approval: the last moment at which somebody else
/// reads them before they are carried out. Of an action that the caller may not know of, nothing is said.
fn wording_refusals(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<Vec<String>, ServiceError> {
    let mut refusals = refusals("the lesson", Field::Lesson, texts(lesson));
    for action in visible_actions(unit, &[lesson.id])? {
        let written = [Some(action.title.as_str()), action.description.as_ref().map(Prose::as_str)];
        refusals.extend(crate::hint::refusals(
            &action.reference.to_string(),
            Field::Action,
            written.into_iter().flatten(),
        ));
    }
    Ok(refusals)
}

fn view_of(unit: &mut Unit<'_>, lesson: &Lesson) -> Result<LessonView, ServiceError> {
    let actions = visible_actions(unit, &[lesson.id])?;
    let coverages = coverage::views(unit, lesson)?;
    let confirmations = look::views(unit, lesson)?;
    let is_stale = lesson.is_stale(today(unit)?);
    let is_covered = coverages.iter().any(|one| one.approved_by.is_some() && one.no_longer.is_none());
    let is_acted_on = actions.iter().any(|action| action.state.is_wanted());
    let mut people = vec![lesson.author_id];
    people.extend(lesson.approved_by);
    people.extend(actions.iter().flat_map(|action| [Some(action.owner_id), action.not_doing_by]).flatten());
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let checks = nevertwice_store::action::checks_of(unit.tx, &ids)?;
    people.extend(checks.iter().filter_map(|check| check.judged_by));
    let names = Names::of_people(unit.tx, &people)?;
    let origins = cases_of(unit, lesson)?;
    let may = [Verb::EditCase, Verb::Approve, Verb::DecideCase].into_iter();
    let by = Approver::new(unit.caller.id(), &contributors::to_lesson(unit.tx, lesson.id)?);
    let may = may.filter(|verb| may_do(&unit.caller, lesson, &origins, *verb, by).is_ok());
    let may = may.map(|verb| verb.as_str().to_owned()).collect();
    let mut origins: Vec<String> = origins
        .iter()
        .filter(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok())
        .map(|case| case.reference.to_string())
        .collect();
    origins.sort();
    let fields = field_values(unit, &lesson.fields)?;
    Ok(LessonView {
        may,
        hints: hints(Field::Lesson, texts(lesson)),
        fields,
        reference: lesson.reference.to_string(),
        version: lesson.version,
        state: lesson.state.to_string(),
        statement: lesson.statement.to_string(),
        detail: lesson.detail.as_ref().map(ToString::to_string),
        tags: lesson.tags.iter().map(ToString::to_string).collect(),
        cases: origins,
        review_on: lesson.review_on.map(|date| date.to_string()),
        author: names.person(lesson.author_id),
        approved_by: lesson.approved_by.map(|id| names.person(id)),
        approved_at: lesson.approved_at.map(|at| at.to_string()),
        retired_reason: lesson.retired_reason.as_ref().map(ToString::to_string),
        is_exception: is_covered && !is_acted_on && is_in_use(lesson),
        is_stale,
        actions: actions.iter().map(|action| ActionOutline::of(action, &checks, &names)).collect(),
        coverages,
        confirmations,
    })
}
