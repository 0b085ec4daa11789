//! What a case changed in a control, and what changed because of what.

use nevertwice_domain::case::Case;
use nevertwice_domain::control::{ControlChange, ControlRef};
use nevertwice_domain::id::{ActionId, CaseId, LessonId};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef};
use nevertwice_domain::risk::RiskAssessment;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_store::visibility::{self, Named};
use nevertwice_store::{
    action as actions, case as cases, control as controls, lesson as lessons, risk as risks, settings,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ControlChangeView, change_views, written_down};
use crate::case::editable;
use crate::error::ServiceError;
use crate::risk::{AssessmentView, assessment_views};
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Records what a case changed in a control. It stays as it is: what was wrong about it is put right by another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewControlChange {
    /// The case that it came from.
    pub case: CaseRef,
    /// The control.
    pub control: ControlRef,
    /// How it was.
    pub before: Prose,
    /// How it is.
    pub after: Prose,
    /// The day since which it is so; today if unsaid.
    #[serde(default)]
    pub changed_on: Option<Date>,
    /// The lesson that asked for it, of the same case.
    #[serde(default)]
    pub lesson: Option<LessonRef>,
    /// The action by which it was made, of the same case.
    #[serde(default)]
    pub action: Option<ActionRef>,
}

/// Lists what changed because of what, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListChanges {
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
}

/// A page of what changed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangeList {
    /// This page.
    pub items: Vec<ChangedView>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
}

/// What changed because of a case: a control, or how a risk is seen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangedView {
    /// When it was written down, RFC 3339.
    pub at: String,
    /// The case.
    pub case: String,
    /// What happened.
    pub case_title: String,
    /// The change of a control, if it is one.
    pub control: Option<ControlChangeView>,
    /// The look at a risk, if it is one.
    pub risk: Option<AssessmentView>,
}

impl Change for NewControlChange {
    type Output = ControlChangeView;
    const NAME: &'static str = "new_control_change";
    const ACTION: &'static str = "record_control_change";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ControlChangeView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let case = editable(unit, self.case, None)?;
        let control = written_down(unit, self.control)?;
        control.in_use()?;
        let today = unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone());
        let change = ControlChange {
            id: unit.moment.id(),
            case_id: case.id,
            control_id: control.id,
            lesson_id: lesson_of_case(unit, self.lesson, &case)?,
            action_id: action_of_case(unit, self.action, &case)?,
            before: self.before.clone(),
            after: self.after.clone(),
            changed_on: self.changed_on.unwrap_or(today),
            recorded_by: unit.caller.id(),
            recorded_at: unit.moment.at,
        }
        .checked(today)?;
        controls::add_change(unit.tx, &change, case.version)?;
        let view = change_views(unit, std::slice::from_ref(&change))?.pop();
        view.ok_or_else(|| ServiceError::internal("a change that was just recorded is not there"))
    }
}

/// The lesson of a reference, if it was learned from the case.
///
/// # Errors
/// It was not, or the caller may not know of it.
pub(crate) fn lesson_of_case(
    unit: &mut Unit<'_>,
    reference: Option<LessonRef>,
    case: &Case,
) -> Result<Option<LessonId>, ServiceError> {
    let Some(reference) = reference else { return Ok(None) };
    let is_known = visibility::is_known(unit.tx, Named::Lesson(reference), unit.caller.id())?;
    match if is_known { lessons::find(unit.tx, reference)? } else { None } {
        Some(lesson) if lesson.cases.contains(&case.id) => Ok(Some(lesson.id)),
        _ => {
            let message = format!(
                "{} has no lesson {reference}; name one of this case, or link that lesson to it first",
                case.reference
            );
            Err(ServiceError::invalid("lesson", "lesson.of_another_case", message))
        }
    }
}

fn action_of_case(
    unit: &mut Unit<'_>,
    reference: Option<ActionRef>,
    case: &Case,
) -> Result<Option<ActionId>, ServiceError> {
    let Some(reference) = reference else { return Ok(None) };
    let is_known = visibility::is_known(unit.tx, Named::Action(reference), unit.caller.id())?;
    match if is_known { actions::find(unit.tx, reference)? } else { None } {
        Some(action) if action.case_id == case.id => Ok(Some(action.id)),
        _ => {
            let message = format!("{} has no action {reference}; name one of this case", case.reference);
            Err(ServiceError::invalid("action", "action.of_another_case", message))
        }
    }
}

/// What one of either kind is sorted by.
type Place = (Timestamp, Uuid);

/// A change of either kind.
enum Changed {
    Control(ControlChange),
    Risk(RiskAssessment),
}

impl Changed {
    fn place(&self) -> Place {
        match self {
            Self::Control(change) => (change.recorded_at, change.id.uuid()),
            Self::Risk(look) => (look.assessed_at, look.id.uuid()),
        }
    }

    fn case(&self) -> Option<CaseId> {
        match self {
            Self::Control(change) => Some(change.case_id),
            Self::Risk(look) => look.case_id,
        }
    }
}

impl UseCase for ListChanges {
    type Output = ChangeList;
    const NAME: &'static str = "list_changes";

    fn run(self, asked: &Asked<'_>) -> Result<ChangeList, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let limit = self.checked_limit()?;
            let from = match &self.after {
                Some(cursor) => place_of(cursor)?,
                None => (Timestamp::MAX, Uuid::max()),
            };
            let me = unit.caller.id();
            // One more than is shown tells whether there are more.
            let portion = limit + 1;
            let found = controls::changes_before(unit.tx, me, from, portion)?;
            let mut all: Vec<Changed> = found.into_iter().map(Changed::Control).collect();
            let found = risks::assessments_before(unit.tx, me, from, portion)?;
            all.extend(found.into_iter().map(Changed::Risk));
            all.sort_by_key(|changed| std::cmp::Reverse(changed.place()));
            let is_more = all.len() > limit as usize;
            all.truncate(limit as usize);
            let next = all.last().filter(|_| is_more).map(|last| cursor_of(last.place()));
            Ok(ChangeList { items: views(unit, &all)?, next })
        })
    }
}

impl ListChanges {
    fn checked_limit(&self) -> Result<u32, ServiceError> {
        match u32::try_from(self.limit) {
            Ok(limit @ 1..=1_000) => Ok(limit),
            _ => {
                let message = format!("expected 1 to 1000 rows, found {}", self.limit);
                Err(ServiceError::invalid("limit", "changes.limit", message))
            }
        }
    }
}

fn cursor_of((at, id): Place) -> String {
    format!("{}_{}", at.millis(), id.simple())
}

fn place_of(cursor: &str) -> Result<Place, ServiceError> {
    let read = || {
        let (at, id) = cursor.split_once('_')?;
        Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
    };
    read().ok_or_else(|| {
        let message = "is not where a list goes on; expected the `next` of the page before";
        ServiceError::invalid("after", "changes.cursor", message)
    })
}

fn views(unit: &mut Unit<'_>, all: &[Changed]) -> Result<Vec<ChangedView>, ServiceError> {
    let mut changes = Vec::new();
    let mut looks = Vec::new();
    for changed in all {
        match changed {
            Changed::Control(change) => changes.push(change.clone()),
            Changed::Risk(look) => looks.push(look.clone()),
        }
    }
    let ids: Vec<CaseId> = all.iter().filter_map(Changed::case).collect();
    let of_cases = cases::several(unit.tx, &ids)?;
    let mut changes = change_views(unit, &changes)?.into_iter();
    let mut looks = assessment_views(unit, &looks)?.into_iter();
    let mut views = Vec::new();
    for changed in all {
        let (control, risk) = match changed {
            Changed::Control(_) => (changes.next(), None),
            Changed::Risk(_) => (None, looks.next()),
        };
        let Some(case) = of_cases.iter().find(|case| Some(case.id) == changed.case()) else { continue };
        views.push(ChangedView {
            at: changed.place().0.to_string(),
            case: case.reference.to_string(),
            case_title: case.title.to_string(),
            control,
            risk,
        });
    }
    Ok(views)
}
