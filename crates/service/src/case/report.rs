//! Reporting a case.

use std::path::PathBuf;

use nevertwice_domain::case::{Case, CaseEdit, Class, NewCase, Severity};
use nevertwice_domain::evidence::Evidence;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_store::{case as cases, counter, settings};
use serde::{Deserialize, Serialize};

use super::CaseView;
use super::show::view_of_new;
use crate::error::ServiceError;
use crate::evidence::{self, Rules, StoredFile};
use crate::mail::News;
use crate::person::named;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

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
    /// Files that show it, at most ten of 25 MB each.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// A file of this machine that goes with a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    /// Its absolute path.
    pub path: PathBuf,
    /// What it is called.
    pub name: Line,
}

/// Most files that go with one report.
pub const ATTACHMENTS: usize = 10;
/// Most bytes of one of them.
pub const ATTACHMENT_LIMIT: u64 = 25_000_000;

/// What a file that goes with a report is held against.
fn rules(name: &Line) -> Rules<'_> {
    Rules { field: "attachments", name: name.as_str(), limit: ATTACHMENT_LIMIT }
}

/// A report whose files are kept: what is left is one change.
#[derive(Serialize, Deserialize)]
struct Filed {
    report: ReportCase,
    files: Vec<(Line, StoredFile)>,
}

impl UseCase for ReportCase {
    type Output = CaseView;
    const NAME: &'static str = "report_case";
    const TAKES_KEY: bool = true;

    fn run(mut self, asked: &Asked<'_>) -> Result<CaseView, ServiceError> {
        let attachments = std::mem::take(&mut self.attachments);
        if attachments.len() > ATTACHMENTS {
            let message =
                format!("found {}, and at most {ATTACHMENTS} files go with a report", attachments.len());
            return Err(ServiceError::invalid("attachments", "report.too_many_files", message));
        }
        if !attachments.is_empty() {
            // Who may not report must not make this machine read and keep a file.
            asked.service.read(asked.identity, |unit| unit.caller.may(Verb::Report))?;
        }
        let folder = asked.service.folder();
        // Of a report that is refused nothing is kept.
        for Attachment { path, name } in &attachments {
            evidence::look(path, &rules(name))?;
        }
        let kept = attachments.into_iter().map(|Attachment { path, name }| {
            let file = evidence::keep(folder, &path, &rules(&name))?;
            Ok((name, file))
        });
        let files = kept.collect::<Result<_, ServiceError>>()?;
        Filed { report: self, files }.run(asked)
    }
}

impl Change for Filed {
    type Output = CaseView;
    const NAME: &'static str = ReportCase::NAME;

    fn change(&self, unit: &mut Unit<'_>) -> Result<CaseView, ServiceError> {
        let case = self.report.write(unit)?;
        let evidence: Vec<Evidence> =
            self.files.iter().map(|(name, file)| of_file(unit, &case, name, file)).collect();
        cases::add_evidence(unit.tx, &evidence, case.version)?;
        view_of_new(unit, &case, evidence)
    }
}

fn of_file(unit: &Unit<'_>, case: &Case, name: &Line, file: &StoredFile) -> Evidence {
    Evidence {
        id: unit.moment.id(),
        case_id: case.id,
        action_id: None,
        name: name.clone(),
        sha256: Some(file.sha256.clone()),
        size_bytes: Some(file.size_bytes),
        link: None,
        custody: None,
        collected_by: unit.caller.id(),
        collected: When::instant(unit.moment.at),
        legal_hold: false,
        recorded_at: unit.moment.at,
    }
}

impl ReportCase {
    fn write(&self, unit: &mut Unit<'_>) -> Result<Case, ServiceError> {
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
        Ok(case)
    }
}
