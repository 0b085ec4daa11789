//! The Statement of Applicability, and one control with everything that the caller may know of it.

use std::collections::BTreeMap;

use nevertwice_domain::case::Performance;
use nevertwice_domain::control::{Control, ControlRef, ImplementationStatus, Theme, annex_a};
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::text::Line;
use nevertwice_domain::word::Word;
use nevertwice_store::{case as cases, control as controls, risk as risks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ControlChangeView, ControlRow, change_views};
use crate::case::Names;
use crate::error::ServiceError;
use crate::person::named;
use crate::risk::RiskOutline;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Lists controls: the 93 of Annex A and the company's own, in the order of their references.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListControls {
    /// Those that are put in place so far.
    #[serde(default)]
    pub status: Option<ImplementationStatus>,
    /// Those that the company needs, or those that it does not.
    #[serde(default)]
    pub applicable: Option<bool>,
    /// Those that somebody answers for.
    #[serde(default)]
    pub owner: Option<Line>,
    /// Those of a theme.
    #[serde(default)]
    pub theme: Option<Theme>,
    /// Also those that were retired.
    #[serde(default)]
    pub retired: bool,
}

/// Shows a control.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowControl {
    /// Its reference.
    pub control: ControlRef,
}

/// A control with everything that the caller may know of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ControlView {
    /// What is said of it.
    pub control: ControlRow,
    /// How often it did how, on the cases that the caller may read: `worked`, `failed`, `absent`, `bypassed`.
    pub performances: BTreeMap<String, u64>,
    /// These cases, the latest first.
    pub cases: Vec<ControlOnCase>,
    /// What was changed in it, the latest first.
    pub changes: Vec<ControlChangeView>,
    /// The risks that it keeps small.
    pub risks: Vec<RiskOutline>,
    /// What the caller may do to it: `edit_catalogue`.
    pub may: Vec<String>,
}

/// How a control did on one case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ControlOnCase {
    /// The case.
    pub case: String,
    /// What happened.
    pub title: String,
    /// How the control did.
    pub performance: String,
    /// How one knows.
    pub note: Option<String>,
}

impl UseCase for ListControls {
    type Output = Vec<ControlRow>;
    const NAME: &'static str = "list_controls";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<ControlRow>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let owner = match &self.owner {
                Some(name) => Some(named(unit, name, "owner")?.name.to_string()),
                None => None,
            };
            let mut rows = every_row(unit)?;
            rows.retain(|row| self.asks_for(row, owner.as_deref()));
            Ok(rows)
        })
    }
}

impl ListControls {
    fn asks_for(&self, row: &ControlRow, owner: Option<&str>) -> bool {
        (self.retired || row.retired_at.is_none())
            && self.status.is_none_or(|status| row.status == status.as_str())
            && self.applicable.is_none_or(|applicable| row.applicable == applicable)
            && self.theme.is_none_or(|theme| row.theme == theme.as_str())
            && owner.is_none_or(|owner| row.owner.as_deref() == Some(owner))
    }
}

/// Those that were written down, and between them those of the standard that were not.
fn every_row(unit: &mut Unit<'_>) -> Result<Vec<ControlRow>, ServiceError> {
    let written = controls::list(unit.tx)?;
    let owners: Vec<PersonId> = written.iter().filter_map(|control| control.owner_id).collect();
    let names = Names::of_people(unit.tx, &owners)?;
    let mut rows: BTreeMap<ControlRef, ControlRow> =
        annex_a().iter().map(|of| (of.reference, ControlRow::of_the_standard(of))).collect();
    rows.extend(written.iter().map(|control| (control.reference, ControlRow::of(control, &names))));
    Ok(rows.into_values().collect())
}

impl UseCase for ShowControl {
    type Output = ControlView;
    const NAME: &'static str = "show_control";

    fn run(self, asked: &Asked<'_>) -> Result<ControlView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            match controls::find(unit.tx, self.control)? {
                Some(control) => view_of(unit, &control),
                None => nothing_said(unit, self.control),
            }
        })
    }
}

/// A control of the standard that nobody said anything about.
fn nothing_said(unit: &Unit<'_>, reference: ControlRef) -> Result<ControlView, ServiceError> {
    let of =
        reference.of_the_standard().ok_or_else(|| ServiceError::not_found(format!("control {reference}")))?;
    Ok(ControlView {
        control: ControlRow::of_the_standard(of),
        performances: counted([].into_iter()),
        cases: Vec::new(),
        changes: Vec::new(),
        risks: Vec::new(),
        may: may(unit),
    })
}

/// A control with everything that the caller may know of it.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(unit: &mut Unit<'_>, control: &Control) -> Result<ControlView, ServiceError> {
    let me = unit.caller.id();
    let owners: Vec<PersonId> = control.owner_id.into_iter().collect();
    let names = Names::of_people(unit.tx, &owners)?;
    let found = controls::performances(unit.tx, control.id, me)?;
    let ids: Vec<CaseId> = found.iter().map(|row| row.case_id).collect();
    let of_cases: BTreeMap<CaseId, _> =
        cases::several(unit.tx, &ids)?.into_iter().map(|case| (case.id, case)).collect();
    let mut on_cases = Vec::new();
    for row in &found {
        let Some(case) = of_cases.get(&row.case_id) else { continue };
        if unit.caller.may_to_case(Verb::ReadCase, case).is_ok() {
            on_cases.push(ControlOnCase {
                case: case.reference.to_string(),
                title: case.title.to_string(),
                performance: row.performance.to_string(),
                note: row.note.as_ref().map(ToString::to_string),
            });
        }
    }
    let changes = controls::changes(unit.tx, control.id, me)?;
    let changes = change_views(unit, &changes)?;
    let linked = risks::of_control(unit.tx, control.id)?;
    Ok(ControlView {
        control: ControlRow::of(control, &names),
        performances: counted(on_cases.iter().map(|row| row.performance.as_str())),
        cases: on_cases,
        changes,
        risks: crate::risk::outlines(unit, &linked)?,
        may: may(unit),
    })
}

fn counted<'a>(performances: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> =
        Performance::ALL.iter().map(|word| (word.as_str().to_owned(), 0)).collect();
    for performance in performances {
        *counts.entry(performance.to_owned()).or_default() += 1;
    }
    counts
}

fn may(unit: &Unit<'_>) -> Vec<String> {
    let may = unit.caller.may_in(Verb::EditCatalogue, Relation::default(), "control").is_ok();
    may.then(|| Verb::EditCatalogue.as_str().to_owned()).into_iter().collect()
}
