//! Reporting a case.

use nevertwice_domain::case::{Case, CaseEdit, Class, NewCase, Severity};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_store::{case as cases, counter, settings};
use serde::{Deserialize, Serialize};

use super::CaseView;
use super::show::view_of_new;
use crate::error::ServiceError;
use crate::mail::News;
use crate::person::named;
use crate::service::Unit;
use crate::use_case::Change;

/// Reports a case: a title is enough.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportCase {
    /// What happened, in one line.
    pub title: Line,
    /// What happened, in Markdown.
    pub summary: Option<Prose>,
    /// What the reporter takes it for; an event if unsaid.
    pub class: Option<Class>,
    /// How bad.
    pub severity: Option<Severity>,
    /// When it happened.
    pub occurred: Option<When>,
    /// When it was noticed.
    pub detected: Option<When>,
    /// When it was reported; now if unsaid.
    pub reported: Option<When>,
    /// Who reported it; the caller if unsaid.
    pub reporter: Option<Line>,
}

impl Change for ReportCase {
    type Output = CaseView;
    const NAME: &'static str = "report_case";

    fn change(&self, unit: &mut Unit<'_>) -> Result<CaseView, ServiceError> {
        unit.caller.may(Verb::Report)?;
        let reporter = match &self.reporter {
            Some(name) => named(unit, name, "reporter")?.id,
            None => unit.caller.id(),
        };
        let zone = settings::get(unit.tx)?.time_zone.zone();
        let year = unit.moment.at.date_in(&zone).year();
        let case = Case::report(NewCase {
            id: unit.moment.id(),
            reference: counter::next::<CaseRef>(unit.tx, year)?,
            title: self.title.clone(),
            class: self.class.unwrap_or(Class::Event),
            reporter,
            reported: self.reported.unwrap_or_else(|| When::instant(unit.moment.at)),
            at: unit.moment.at,
        })
        .edit(CaseEdit {
            summary: self.summary.clone().map(Some),
            severity: self.severity.map(Some),
            occurred: self.occurred.map(Some),
            detected: self.detected.map(Some),
            ..CaseEdit::default()
        })?;
        cases::insert(unit.tx, std::slice::from_ref(&case))?;
        unit.tell(&News::Reported { case: case.id, by: Some(unit.caller.id()) })?;
        view_of_new(unit, &case)
    }
}
