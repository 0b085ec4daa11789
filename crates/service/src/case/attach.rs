//! What is added to a case: timeline, costs, evidence, comments; and gaps settled.

use std::path::PathBuf;

use nevertwice_domain::case::{Case, CostBasis, CostKind, CostLine, TimelineEntry, TimelineKind, labour};
use nevertwice_domain::evidence::{Comment, Correspondence, Evidence};
use nevertwice_domain::id::GapId;
use nevertwice_domain::money::Money;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{ActionRef, CaseRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;
use nevertwice_store::{action as actions, case as cases, receipt as receipts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::load::allowed;
use super::view::{
    CommentView, CostView, EvidenceView, GapView, TimelineView, comment_view, cost_view, evidence_view,
    gap_view, timeline_view,
};
use super::{editable, readable};
use crate::case::Names;
use crate::error::ServiceError;
use crate::evidence::{self, FILE_LIMIT, Rules, StoredFile};
use crate::mail::News;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Adds an entry to the timeline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddTimelineEntry {
    /// The case.
    pub case: CaseRef,
    /// What kind of moment.
    pub kind: TimelineKind,
    /// When it happened.
    pub occurred: When,
    /// What happened.
    pub text: Prose,
    /// Where we know it from.
    pub source: Option<Line>,
}

/// An entry that was added.
pub type TimelineAdded = TimelineView;
/// A cost line that was added.
pub type CostAdded = CostView;
/// Evidence that was added.
pub type EvidenceAdded = EvidenceView;
/// A comment that was added.
pub type CommentAdded = CommentView;

/// Adds a cost line: an amount, or labour at a rate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddCost {
    /// The case.
    pub case: CaseRef,
    /// What it went into.
    pub kind: CostKind,
    /// Estimated or known.
    pub basis: CostBasis,
    /// The amount.
    pub amount: Option<Money>,
    /// Minutes of labour, at `hourly_rate`.
    pub labour_minutes: Option<u32>,
    /// Rate per hour of labour.
    pub hourly_rate: Option<Money>,
    /// Lower end of an estimate.
    pub minimum: Option<Money>,
    /// Upper end of an estimate.
    pub maximum: Option<Money>,
    /// The day it is counted at.
    pub incurred_on: Option<Date>,
    /// Anything worth knowing.
    pub note: Option<Prose>,
}

/// Adds a comment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddComment {
    /// The case.
    pub case: CaseRef,
    /// What it says.
    pub text: Prose,
    /// Asks whoever reported the case without an account: they see it by their receipt.
    #[serde(default)]
    pub to_reporter: bool,
}

/// Adds evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddEvidence {
    /// The case.
    pub case: CaseRef,
    /// The action whose completion it shows.
    pub action: Option<ActionRef>,
    /// A file of this machine, or a link.
    pub source: EvidenceSource,
    /// What it is called; the file's name if unsaid.
    pub name: Option<Line>,
    /// What it shows and how it was handled.
    pub custody: Option<Prose>,
    /// When it was collected; now if unsaid.
    pub collected: Option<When>,
    /// It must not be erased.
    pub legal_hold: bool,
}

/// Finds a file among the evidence of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindEvidence {
    /// The case.
    pub case: CaseRef,
    /// The id of the piece of evidence.
    pub evidence: String,
}

/// Where a file among the evidence lies, for a program on this machine.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EvidenceFile {
    /// What it is called.
    pub name: String,
    /// Where it lies.
    #[schema(value_type = String)]
    pub path: PathBuf,
    /// Its size.
    pub size_bytes: u64,
    /// The hash of its bytes.
    pub sha256: String,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// A file, by its absolute path.
    File(PathBuf),
    /// A link.
    Link(Line),
}

/// Settles a gap that an import left.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SettleGap {
    /// The case.
    #[schema(value_type = String)]
    pub case: CaseRef,
    /// The gap's id, or the beginning of it.
    pub gap: String,
    /// Whether it was filled; otherwise it is left as it is.
    pub filled: bool,
    /// What was done, or why it is left.
    #[schema(value_type = String)]
    pub settlement: Prose,
}

impl Change for AddTimelineEntry {
    type Output = TimelineView;
    const NAME: &'static str = "add_timeline_entry";

    fn change(&self, unit: &mut Unit<'_>) -> Result<TimelineView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let entry = TimelineEntry {
            id: unit.moment.id(),
            case_id: case.id,
            kind: self.kind,
            occurred: self.occurred,
            text: self.text.clone(),
            source: self.source.clone(),
            recorded_at: unit.moment.at,
            recorded_by: unit.caller.id(),
        };
        cases::add_timeline(unit.tx, std::slice::from_ref(&entry), case.version)?;
        let names = Names::of_people(unit.tx, &[entry.recorded_by])?;
        Ok(timeline_view(&entry, &names))
    }
}

impl Change for AddCost {
    type Output = CostView;
    const NAME: &'static str = "add_cost";

    fn change(&self, unit: &mut Unit<'_>) -> Result<CostView, ServiceError> {
        let amount = self.total()?;
        let case = editable(unit, self.case, None)?;
        let line = CostLine {
            id: unit.moment.id(),
            case_id: case.id,
            kind: self.kind,
            basis: self.basis,
            amount_minor: amount.minor,
            currency: amount.currency,
            minimum_minor: self.minimum.map(|money| money.minor),
            maximum_minor: self.maximum.map(|money| money.minor),
            labour_minutes: self.labour_minutes,
            hourly_rate_minor: self.hourly_rate.map(|money| money.minor),
            incurred_on: self.incurred_on,
            note: self.note.clone(),
        }
        .checked()?;
        cases::add_costs(unit.tx, std::slice::from_ref(&line), case.version)?;
        Ok(cost_view(&line))
    }
}

impl AddCost {
    /// The amount, or labour times rate; all in one currency.
    fn total(&self) -> Result<Money, ServiceError> {
        let amount = match (self.amount, self.labour_minutes, self.hourly_rate) {
            (Some(amount), _, _) => amount,
            (None, Some(minutes), Some(rate)) => labour(minutes, rate)?,
            _ => {
                let message = "name an amount, or labour with its hourly rate";
                return Err(ServiceError::invalid("amount", "cost.amount_missing", message));
            }
        };
        let parts = [self.minimum, self.maximum, self.hourly_rate];
        if let Some(other) = parts.into_iter().flatten().find(|money| money.currency != amount.currency) {
            let message = format!("the amount is in {}, found {other} beside it", amount.currency);
            return Err(ServiceError::invalid("amount", "cost.currencies_differ", message));
        }
        Ok(amount)
    }
}

impl Change for AddComment {
    type Output = CommentView;
    const NAME: &'static str = "add_comment";

    fn change(&self, unit: &mut Unit<'_>) -> Result<CommentView, ServiceError> {
        let verb = if self.to_reporter { Verb::EditCase } else { Verb::Comment };
        let case = allowed(unit, self.case, verb)?;
        if self.to_reporter && !receipts::is_held(unit.tx, case.id)? {
            let message =
                format!("nobody reported {} without an account, so nobody holds a receipt", case.reference);
            return Err(ServiceError::invalid("to_reporter", "comment.no_receipt", message));
        }
        let correspondence = self.to_reporter.then_some(Correspondence::ToReporter);
        let comment = comment(unit, &case, self.text.clone(), correspondence)?;
        let names = Names::of_people(unit.tx, &[comment.author_id])?;
        Ok(comment_view(&comment, &names))
    }
}

/// Adds what the caller says of a case, and tells whoever it mentions.
///
/// # Errors
/// What the store reports.
pub(crate) fn comment(
    unit: &mut Unit<'_>,
    case: &Case,
    text: Prose,
    correspondence: Option<Correspondence>,
) -> Result<Comment, ServiceError> {
    let mentions = text.as_str().contains('@');
    let comment = Comment {
        id: unit.moment.id(),
        case_id: case.id,
        author_id: unit.caller.id(),
        text,
        written_at: unit.moment.at,
        correspondence,
    };
    cases::add_comments(unit.tx, std::slice::from_ref(&comment), case.version)?;
    if mentions {
        unit.tell(&News::Commented { case: case.id, comment: comment.id })?;
    }
    Ok(comment)
}

impl UseCase for AddEvidence {
    type Output = EvidenceView;
    const NAME: &'static str = "add_evidence";

    fn run(self, asked: &Asked<'_>) -> Result<EvidenceView, ServiceError> {
        // Who may not add evidence must not make this machine read and keep a file.
        asked.service.read(asked.identity, |unit| editable(unit, self.case, None).map(drop))?;
        let name = self.name.clone().map_or_else(|| evidence_name(&self.source), Ok)?;
        let (stored, link) = match &self.source {
            EvidenceSource::File(path) => {
                let rules = Rules { field: "file", name: name.as_str(), limit: FILE_LIMIT };
                (Some(evidence::keep(asked.service.folder(), path, &rules)?), None)
            }
            EvidenceSource::Link(link) => (None, Some(link.clone())),
        };
        let done = asked.service.write(asked.identity, "add_evidence", move |unit| {
            let case = editable(unit, self.case, None)?;
            let action_id = match self.action {
                Some(reference) => Some(action_of_case(unit, reference, &case)?),
                None => None,
            };
            let evidence = Evidence {
                id: unit.moment.id(),
                case_id: case.id,
                action_id,
                name: name.clone(),
                sha256: stored.as_ref().map(|file: &StoredFile| file.sha256.clone()),
                size_bytes: stored.as_ref().map(|file| file.size_bytes),
                link: link.clone(),
                custody: self.custody.clone(),
                collected_by: unit.caller.id(),
                collected: self.collected.unwrap_or_else(|| When::instant(unit.moment.at)),
                legal_hold: self.legal_hold,
                recorded_at: unit.moment.at,
            };
            cases::add_evidence(unit.tx, std::slice::from_ref(&evidence), case.version)?;
            let names = Names::of_people(unit.tx, &[evidence.collected_by])?;
            Ok(evidence_view(&evidence, &names))
        })?;
        Ok(done.value)
    }
}

impl UseCase for FindEvidence {
    type Output = EvidenceFile;
    const NAME: &'static str = "find_evidence";

    fn run(self, asked: &Asked<'_>) -> Result<EvidenceFile, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let case = readable(unit, self.case)?;
            let wanted = self.evidence.trim();
            let all = cases::evidence(unit.tx, case.id)?;
            let file = all.into_iter().find(|item| item.id.to_string() == wanted).and_then(|item| {
                Some(EvidenceFile {
                    name: item.name.to_string(),
                    path: asked.service.folder().evidence().join(item.sha256.as_ref()?.as_str()),
                    size_bytes: item.size_bytes?,
                    sha256: item.sha256?.to_string(),
                })
            });
            file.ok_or_else(|| {
                let message = format!("{} has no file {wanted} among its evidence", case.reference);
                ServiceError::invalid("evidence", "evidence.unknown", message)
            })
        })
    }
}

fn action_of_case(
    unit: &mut crate::service::Unit<'_>,
    reference: ActionRef,
    case: &Case,
) -> Result<nevertwice_domain::id::ActionId, ServiceError> {
    match actions::find(unit.tx, reference)? {
        Some(action) if action.case_id == case.id => Ok(action.id),
        _ => {
            let message = format!("there is no action {reference} on {}", case.reference);
            Err(ServiceError::invalid("action", "evidence.other_action", message))
        }
    }
}

fn evidence_name(source: &EvidenceSource) -> Result<Line, ServiceError> {
    let text = match source {
        EvidenceSource::File(path) => {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }
        EvidenceSource::Link(link) => link.to_string(),
    };
    Line::parse(&text).map_err(|error| ServiceError::invalid("name", "evidence.name", error))
}

impl Change for SettleGap {
    type Output = GapView;
    const NAME: &'static str = "settle_gap";

    fn change(&self, unit: &mut Unit<'_>) -> Result<GapView, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let all = cases::gaps(unit.tx, case.id)?;
        let wanted = self.gap.trim().to_ascii_lowercase();
        let mut found = all.iter().filter(|gap| is_meant(gap.id, &wanted));
        let (Some(before), None) = (found.next(), found.next()) else {
            let message =
                format!("{} has no single gap {}; case show lists its gaps", case.reference, self.gap);
            return Err(ServiceError::invalid("gap", "gap.unknown", message));
        };
        let after =
            before.clone().settle(self.filled, self.settlement.clone(), unit.caller.id(), unit.moment.at)?;
        cases::save_gap(unit.tx, before, &after, case.version)?;
        Ok(gap_view(&after))
    }
}

fn is_meant(id: GapId, wanted: &str) -> bool {
    // The end of a time-ordered id tells gaps of one import apart; its beginning does not.
    !wanted.is_empty() && (id.to_string() == wanted || id.to_string().ends_with(wanted))
}
