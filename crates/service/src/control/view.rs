//! What is shown of a control and of what belongs to it.

use std::collections::BTreeMap;

use nevertwice_domain::case::ControlPerformance;
use nevertwice_domain::control::{AnnexControl, Control, ControlChange, ImplementationStatus};
use nevertwice_domain::id::{ActionId, CaseId, ControlId, LessonId, PersonId};
use nevertwice_store::{action as actions, case as cases, control as controls, lesson as lessons};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case::Names;
use crate::error::ServiceError;
use crate::service::Unit;

/// A control in a line: its reference and what it is called.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ControlOutline {
    /// Its reference.
    pub reference: String,
    /// What it is called.
    pub title: String,
}

/// What is said of a control: a line of the Statement of Applicability.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ControlRow {
    /// Its reference: `A.8.9` of the standard, `C-12` of the company's own.
    pub reference: String,
    /// Its version, to be named by a change; 0 as long as nobody said anything about a control of the standard.
    pub version: u64,
    /// What it is called.
    pub title: String,
    /// `organizational`, `people`, `physical`, `technological` or `own`.
    pub theme: String,
    /// What it is in this company.
    pub description: Option<String>,
    /// Whether the company needs it.
    pub applicable: bool,
    /// Why it is needed, or why not.
    pub justification: Option<String>,
    /// `not_implemented`, `planned`, `partly_implemented` or `implemented`.
    pub status: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it was retired, RFC 3339.
    pub retired_at: Option<String>,
    /// Why it was retired.
    pub retired_reason: Option<String>,
}

/// How a control did on a case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PerformanceView {
    /// The control.
    pub control: String,
    /// What it is called.
    pub title: String,
    /// `worked`, `failed`, `absent` or `bypassed`.
    pub performance: String,
    /// How one knows.
    pub note: Option<String>,
    /// Who said so last.
    pub noted_by: String,
    /// When, RFC 3339.
    pub noted_at: String,
}

/// A change of a control.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ControlChangeView {
    /// Identity.
    pub id: String,
    /// The control.
    pub control: String,
    /// What it is called.
    pub title: String,
    /// The case that it came from.
    pub case: String,
    /// The lesson that asked for it.
    pub lesson: Option<String>,
    /// The action by which it was made.
    pub action: Option<String>,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
    /// The day since which it is so.
    pub changed_on: String,
    /// Who wrote this down.
    pub recorded_by: String,
    /// When, RFC 3339.
    pub recorded_at: String,
}

impl ControlOutline {
    pub(crate) fn of(control: &Control) -> Self {
        Self { reference: control.reference.to_string(), title: control.title.to_string() }
    }
}

impl ControlRow {
    pub(super) fn of(control: &Control, names: &Names) -> Self {
        Self {
            reference: control.reference.to_string(),
            version: control.version,
            title: control.title.to_string(),
            theme: control.reference.theme().to_string(),
            description: control.description.as_ref().map(ToString::to_string),
            applicable: control.applicable,
            justification: control.justification.as_ref().map(ToString::to_string),
            status: control.status.to_string(),
            owner: control.owner_id.map(|id| names.person(id)),
            retired_at: control.retired_at.map(|at| at.to_string()),
            retired_reason: control.retired_reason.as_ref().map(ToString::to_string),
        }
    }

    /// A control of the standard of which nothing was said: as it will be written down.
    pub(super) fn of_the_standard(of: &AnnexControl) -> Self {
        Self {
            reference: of.reference.to_string(),
            version: 0,
            title: of.title.to_string(),
            theme: of.reference.theme().to_string(),
            description: None,
            applicable: true,
            justification: None,
            status: ImplementationStatus::NotImplemented.to_string(),
            owner: None,
            retired_at: None,
            retired_reason: None,
        }
    }
}

/// How controls did, in the order of their references.
///
/// # Errors
/// What the store reports.
pub(crate) fn performance_views(
    unit: &mut Unit<'_>,
    rows: &[ControlPerformance],
) -> Result<Vec<PerformanceView>, ServiceError> {
    let known = known(unit, rows.iter().map(|row| row.control_id))?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.noted_by).collect();
    let names = Names::of_people(unit.tx, &people)?;
    let mut found: Vec<_> = rows.iter().filter_map(|row| Some((known.get(&row.control_id)?, row))).collect();
    found.sort_by_key(|(control, _)| control.reference);
    let view = |(control, row): (&Control, &ControlPerformance)| PerformanceView {
        control: control.reference.to_string(),
        title: control.title.to_string(),
        performance: row.performance.to_string(),
        note: row.note.as_ref().map(ToString::to_string),
        noted_by: names.person(row.noted_by),
        noted_at: row.noted_at.to_string(),
    };
    Ok(found.into_iter().map(view).collect())
}

/// Changes of controls, in the order in which they are given. The caller may know of their cases.
///
/// # Errors
/// What the store reports.
pub(crate) fn change_views(
    unit: &mut Unit<'_>,
    changes: &[ControlChange],
) -> Result<Vec<ControlChangeView>, ServiceError> {
    let known = known(unit, changes.iter().map(|change| change.control_id))?;
    let people: Vec<PersonId> = changes.iter().map(|change| change.recorded_by).collect();
    let names = Names::of_people(unit.tx, &people)?;
    let ids: Vec<CaseId> = changes.iter().map(|change| change.case_id).collect();
    let cases = cases::references(unit.tx, &ids)?;
    let lessons = lesson_references(unit, changes.iter().filter_map(|change| change.lesson_id))?;
    let ids: Vec<ActionId> = changes.iter().filter_map(|change| change.action_id).collect();
    let actions: BTreeMap<ActionId, String> =
        actions::several(unit.tx, &ids)?.iter().map(|a| (a.id, a.reference.to_string())).collect();
    let view = |change: &ControlChange| {
        let control = known.get(&change.control_id)?;
        Some(ControlChangeView {
            id: change.id.to_string(),
            control: control.reference.to_string(),
            title: control.title.to_string(),
            case: cases.get(&change.case_id)?.to_string(),
            lesson: change.lesson_id.and_then(|id| lessons.get(&id).cloned()),
            action: change.action_id.and_then(|id| actions.get(&id).cloned()),
            before: change.before.to_string(),
            after: change.after.to_string(),
            changed_on: change.changed_on.to_string(),
            recorded_by: names.person(change.recorded_by),
            recorded_at: change.recorded_at.to_string(),
        })
    };
    Ok(changes.iter().filter_map(view).collect())
}

/// References of lessons by their ids.
///
/// # Errors
/// What the store reports.
pub(crate) fn lesson_references(
    unit: &mut Unit<'_>,
    ids: impl Iterator<Item = LessonId>,
) -> Result<BTreeMap<LessonId, String>, ServiceError> {
    let ids: Vec<LessonId> = ids.collect();
    let lessons = lessons::several(unit.tx, &ids)?;
    Ok(lessons.iter().map(|lesson| (lesson.id, lesson.reference.to_string())).collect())
}

fn known(
    unit: &mut Unit<'_>,
    ids: impl Iterator<Item = ControlId>,
) -> Result<BTreeMap<ControlId, Control>, ServiceError> {
    let mut ids: Vec<ControlId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(controls::several(unit.tx, &ids)?.into_iter().map(|control| (control.id, control)).collect())
}
