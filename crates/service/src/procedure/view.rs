//! What is shown of the procedure.

use nevertwice_domain::lesson::LessonState;
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::procedure::{Procedure, Rules, Standing, difference, in_force, shipped};
use nevertwice_domain::reference::ProcedureRef;
use nevertwice_store::{case as cases, lesson as lessons, procedure as procedures};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RulesView, existing, today};
use crate::case::Names;
use crate::error::ServiceError;
use crate::lesson::may_read;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Shows the procedure that is in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowProcedure {}

/// Shows a version of the procedure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowProcedureVersion {
    /// Its reference.
    pub procedure: ProcedureRef,
}

/// Lists the versions of the procedure, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListProcedures {}

/// A version in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProcedureRow {
    /// Its reference; none for the one that comes with the program.
    pub reference: Option<String>,
    /// `draft`, `in_review`, `approved`, `published`, `superseded` or `withdrawn`.
    pub standing: String,
    /// What changed, and why.
    pub summary: String,
    /// From which day on it counts.
    pub effective_on: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

/// A version of the procedure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProcedureView {
    /// Its reference; none for the one that comes with the program.
    pub reference: Option<String>,
    /// Its version, to be named by a change.
    pub version: u64,
    /// `draft`, `in_review`, `approved`, `published`, `superseded` or `withdrawn`.
    pub standing: String,
    /// What people read, in Markdown.
    pub text: String,
    /// What the program enforces, in the notation of the procedure.
    pub rules: RulesView,
    /// The same in sentences, by part.
    pub sentences: Vec<SentenceView>,
    /// What changed, and why.
    pub summary: String,
    /// The lessons that led to it, those that the reader may read.
    pub lessons: Vec<String>,
    /// Who wrote on it.
    pub authors: Vec<String>,
    /// Who submitted it.
    pub submitted_by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When, RFC 3339.
    pub approved_at: Option<String>,
    /// From which day on it counts.
    pub effective_on: Option<String>,
    /// Why it was given up.
    pub withdrawn_reason: Option<String>,
    /// What it changes.
    pub changes: Option<ChangesView>,
    /// What the caller may do to it, whatever its state: `edit_procedure`, `approve_procedure`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A sentence of the procedure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SentenceView {
    /// `reviews`, `actions`, `reminders`, `trends`, `targets` or `calendar`.
    pub part: String,
    /// The sentence.
    pub text: String,
}

/// What a version changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChangesView {
    /// The version before; none for the one that comes with the program.
    pub since: Option<String>,
    /// Promised before and not any more.
    pub gone: Vec<String>,
    /// Promised only now.
    pub new: Vec<String>,
    /// Whether what people read changed.
    pub text_changed: bool,
}

impl UseCase for ShowProcedure {
    type Output = ProcedureView;
    const NAME: &'static str = "show_procedure";

    fn run(self, asked: &Asked<'_>) -> Result<ProcedureView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadProcedure)?;
            let today = today(unit)?;
            let all = procedures::all(unit.tx)?;
            match in_force(&all, today) {
                None => Ok(of_shipped(unit)),
                Some(procedure) => view_of(unit, procedure),
            }
        })
    }
}

impl UseCase for ShowProcedureVersion {
    type Output = ProcedureView;
    const NAME: &'static str = "show_procedure_version";

    fn run(self, asked: &Asked<'_>) -> Result<ProcedureView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let procedure = readable(unit, self.procedure)?;
            view_of(unit, &procedure)
        })
    }
}

impl UseCase for ListProcedures {
    type Output = Vec<ProcedureRow>;
    const NAME: &'static str = "list_procedures";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<ProcedureRow>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadProcedure)?;
            let today = today(unit)?;
            let mut all = procedures::all(unit.tx)?;
            all.retain(|procedure| may_see(unit, procedure));
            let now = in_force(&all, today);
            let approvers: Vec<_> = all.iter().filter_map(|procedure| procedure.approved_by).collect();
            let names = Names::of_people(unit.tx, &approvers)?;
            let row = |procedure: &Procedure| ProcedureRow {
                reference: Some(procedure.reference.to_string()),
                standing: procedure.standing(now, today).to_string(),
                summary: procedure.summary.to_string(),
                effective_on: procedure.effective_on.map(|day| day.to_string()),
                approved_by: procedure.approved_by.map(|id| names.person(id)),
            };
            let mut rows: Vec<_> = all.iter().map(row).collect();
            let standing = if now.is_none() { Standing::Published } else { Standing::Superseded };
            rows.push(ProcedureRow {
                reference: None,
                standing: standing.to_string(),
                summary: SHIPPED_SUMMARY.to_owned(),
                effective_on: None,
                approved_by: None,
            });
            Ok(rows)
        })
    }
}

const SHIPPED_SUMMARY: &str = "Comes with the program. In force until the company approves its own.";

/// The version, if the caller may see it: what was never approved is for those who read the whole
/// register.
///
/// # Errors
/// There is none that the caller may see.
pub(super) fn readable(unit: &mut Unit<'_>, reference: ProcedureRef) -> Result<Procedure, ServiceError> {
    unit.caller.may(Verb::ReadProcedure)?;
    let procedure = existing(unit, reference)?;
    if may_see(unit, &procedure) {
        return Ok(procedure);
    }
    Err(ServiceError::not_found(format!("procedure {reference}")))
}

fn may_see(unit: &Unit<'_>, procedure: &Procedure) -> bool {
    procedure.counts_from().is_some() || unit.caller.may(Verb::ReadRegister).is_ok()
}

fn sentences(rules: &Rules) -> Vec<SentenceView> {
    let sentence = |promise: nevertwice_domain::procedure::Promise| SentenceView {
        part: promise.part.to_string(),
        text: promise.text,
    };
    rules.promises().into_iter().map(sentence).collect()
}

fn of_shipped(unit: &Unit<'_>) -> ProcedureView {
    let shipped = shipped();
    ProcedureView {
        reference: None,
        version: 0,
        standing: Standing::Published.to_string(),
        text: shipped.text.to_string(),
        rules: RulesView::from(&shipped.rules),
        sentences: sentences(&shipped.rules),
        summary: SHIPPED_SUMMARY.to_owned(),
        lessons: Vec::new(),
        authors: Vec::new(),
        submitted_by: None,
        approved_by: None,
        approved_at: None,
        effective_on: None,
        withdrawn_reason: None,
        changes: None,
        may: may(unit, None),
    }
}

/// A version with what it changes.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(unit: &mut Unit<'_>, procedure: &Procedure) -> Result<ProcedureView, ServiceError> {
    let today = today(unit)?;
    let all = procedures::all(unit.tx)?;
    let now = in_force(&all, today);
    let mut people: Vec<_> = procedure.authors.iter().copied().collect();
    people.extend([procedure.submitted_by, procedure.approved_by].into_iter().flatten());
    let names = Names::of_people(unit.tx, &people)?;
    let mut authors: Vec<_> = procedure.authors.iter().map(|id| names.person(*id)).collect();
    authors.sort();
    Ok(ProcedureView {
        reference: Some(procedure.reference.to_string()),
        version: procedure.version,
        standing: procedure.standing(now, today).to_string(),
        text: procedure.text.to_string(),
        rules: RulesView::from(&procedure.rules),
        sentences: sentences(&procedure.rules),
        summary: procedure.summary.to_string(),
        lessons: readable_lessons(unit, procedure)?,
        authors,
        submitted_by: procedure.submitted_by.map(|id| names.person(id)),
        approved_by: procedure.approved_by.map(|id| names.person(id)),
        approved_at: procedure.approved_at.map(|at| at.to_string()),
        effective_on: procedure.effective_on.map(|day| day.to_string()),
        withdrawn_reason: procedure.withdrawn_reason.as_ref().map(ToString::to_string),
        changes: Some(changes(&all, procedure)),
        may: may(unit, Some(procedure)),
    })
}

/// What a version changes of the approved one before it.
fn changes(all: &[Procedure], procedure: &Procedure) -> ChangesView {
    let before = all
        .iter()
        .filter(|other| other.reference < procedure.reference && other.counts_from().is_some())
        .max_by_key(|other| other.reference);
    let (since, rules, text) = match before {
        Some(before) => (Some(before.reference.to_string()), &before.rules, &before.text),
        None => (None, &shipped().rules, &shipped().text),
    };
    let difference = difference(rules, &procedure.rules);
    ChangesView { since, gone: difference.gone, new: difference.new, text_changed: *text != procedure.text }
}

/// The lessons that led to a version, as far as the caller may read them.
fn readable_lessons(unit: &mut Unit<'_>, procedure: &Procedure) -> Result<Vec<String>, ServiceError> {
    let ids: Vec<_> = procedure.lessons.iter().copied().collect();
    let mut readable = Vec::new();
    for lesson in lessons::several(unit.tx, &ids)? {
        let origins: Vec<_> = lesson.cases.iter().copied().collect();
        let origins = cases::several(unit.tx, &origins)?;
        let is_known = lesson.state != LessonState::Draft
            && may_read(&unit.caller, &lesson, &origins.iter().collect::<Vec<_>>()).is_ok();
        if is_known {
            readable.push(lesson.reference.to_string());
        }
    }
    Ok(readable)
}

fn may(unit: &Unit<'_>, procedure: Option<&Procedure>) -> Vec<String> {
    let is_own = procedure.is_some_and(|procedure| procedure.is_work_of(unit.caller.id()));
    let relation = Relation { author: is_own, ..Relation::default() };
    [Verb::EditProcedure, Verb::ApproveProcedure]
        .into_iter()
        .filter(|verb| unit.caller.may_in(*verb, relation, "the procedure").is_ok())
        .map(|verb| verb.as_str().to_owned())
        .collect()
}
