//! How a control did on a case.

use nevertwice_domain::case::{Case, ControlPerformance, Performance};
use nevertwice_domain::control::{Control, ControlRef};
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::control as controls;
use serde::{Deserialize, Serialize};

use super::{PerformanceView, performance_views, unknown, written_down};
use crate::case::editable;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Says how a control did on a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddPerformance {
    /// The case.
    pub case: CaseRef,
    /// The control.
    pub control: ControlRef,
    /// How it did.
    pub performance: Performance,
    /// How one knows.
    #[serde(default)]
    pub note: Option<Prose>,
}

/// Says something else of how a control did; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditPerformance {
    /// The case.
    pub case: CaseRef,
    /// The control.
    pub control: ControlRef,
    /// How it did.
    #[serde(default)]
    pub performance: Option<Performance>,
    /// How one knows.
    #[serde(default)]
    pub note: Option<Set<Prose>>,
}

/// Takes back what was said of a control.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemovePerformance {
    /// The case.
    pub case: CaseRef,
    /// The control.
    pub control: ControlRef,
}

impl Change for AddPerformance {
    type Output = Vec<PerformanceView>;
    const NAME: &'static str = "add_performance";
    const ACTION: &'static str = "note_control_performance";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<PerformanceView>, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let control = written_down(unit, self.control)?;
        let all = controls::performances_of_case(unit.tx, case.id)?;
        if all.iter().any(|row| row.control_id == control.id) {
            let message =
                format!("{} is on {} already; change that one instead", self.control, case.reference);
            return Err(ServiceError::invalid("control", "performance.there_already", message));
        }
        let row = ControlPerformance {
            case_id: case.id,
            control_id: control.id,
            performance: self.performance,
            note: self.note.clone(),
            noted_by: unit.caller.id(),
            noted_at: unit.moment.at,
        };
        controls::add_performance(unit.tx, &row, case.version)?;
        of_case(unit, &case)
    }
}

impl Change for EditPerformance {
    type Output = Vec<PerformanceView>;
    const NAME: &'static str = "edit_performance";
    const ACTION: &'static str = "change_control_performance";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<PerformanceView>, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let before = existing(unit, &case, self.control)?;
        let mut after = before.clone();
        after.performance = self.performance.unwrap_or(after.performance);
        after.note = self.note.clone().map_or(after.note, Set::into_option);
        if after != before {
            after.noted_by = unit.caller.id();
            after.noted_at = unit.moment.at;
            controls::save_performance(unit.tx, &before, &after, case.version)?;
        }
        of_case(unit, &case)
    }
}

impl Change for RemovePerformance {
    type Output = Vec<PerformanceView>;
    const NAME: &'static str = "remove_performance";
    const ACTION: &'static str = "remove_control_performance";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<PerformanceView>, ServiceError> {
        let case = editable(unit, self.case, None)?;
        case.may_lose()?;
        let row = existing(unit, &case, self.control)?;
        controls::remove_performance(unit.tx, &row, case.version)?;
        of_case(unit, &case)
    }
}

fn existing(
    unit: &mut Unit<'_>,
    case: &Case,
    reference: ControlRef,
) -> Result<ControlPerformance, ServiceError> {
    let control: Control =
        controls::find(unit.tx, reference)?.ok_or_else(|| nothing_said(case, reference))?;
    let all = controls::performances_of_case(unit.tx, case.id)?;
    let found = all.into_iter().find(|row| row.control_id == control.id);
    found.ok_or_else(|| nothing_said(case, reference))
}

fn nothing_said(case: &Case, reference: ControlRef) -> ServiceError {
    if reference.of_the_standard().is_none() {
        return unknown(reference);
    }
    let message = format!("nothing is said of {reference} on {}; add it first", case.reference);
    ServiceError::new(Kind::Conflict, "performance.nothing_said", message)
}

fn of_case(unit: &mut Unit<'_>, case: &Case) -> Result<Vec<PerformanceView>, ServiceError> {
    let all = controls::performances_of_case(unit.tx, case.id)?;
    performance_views(unit, &all)
}
