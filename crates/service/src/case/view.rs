//! What is shown of a case. Amounts are minor units with a currency, times RFC 3339 or dates at their precision.

use std::collections::BTreeMap;

use nevertwice_domain::action::{Action, EffectivenessCheck};
use nevertwice_domain::case::{AiImpact, Case, CostLine, Duration, Impact, TimelineEntry};
use nevertwice_domain::evidence::{Comment, Evidence};
use nevertwice_domain::id::CaseId;
use nevertwice_domain::import::Gap;
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::wording::Field;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CauseLineView, ChecklistView, DeclarationView, Names};
use crate::control::{ControlChangeView, PerformanceView};
use crate::hint::{HintView, hints};
use crate::lesson::Carried;
use crate::review::EvaluationView;
use crate::risk::{AssessmentView, RiskOutline};

/// A case with everything that hangs on it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct CaseView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// `native` or `import`.
    pub origin: String,
    /// The reference that it had elsewhere.
    pub origin_reference: Option<String>,
    /// What happened, in one line.
    pub title: String,
    /// What happened, in Markdown.
    pub summary: Option<String>,
    /// `event`, `weakness`, `near_miss` or `incident`.
    pub class: String,
    /// `reported`, `triaged`, `responding`, `resolved`, `in_review`, `acting`, `closed` or `void`.
    pub state: String,
    /// Event decision: `undecided`, `incident` or `not_an_incident`.
    pub decision: String,
    /// Event decision: criteria.
    pub decision_criteria: Option<String>,
    /// Event decision: who.
    pub decided_by: Option<String>,
    /// Event decision: when.
    pub decided_at: Option<String>,
    /// 1 to 5, 5 is worst.
    pub severity: Option<u8>,
    /// Category.
    pub category: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// When it happened.
    pub occurred: Option<String>,
    /// When it was noticed.
    pub detected: Option<String>,
    /// When it was reported.
    pub reported: Option<String>,
    /// When somebody took it on.
    pub acknowledged: Option<String>,
    /// When it could do no more harm.
    pub contained: Option<String>,
    /// When service was as before.
    pub resolved: Option<String>,
    /// When it was closed.
    pub closed: Option<String>,
    /// Durations that the dates allow.
    pub durations: Vec<DurationView>,
    /// `internal`, `external` or `supplier`.
    pub detection: Option<String>,
    /// How it was noticed.
    pub detection_method: Option<String>,
    /// Impact as feared.
    pub impact_initial: ImpactView,
    /// Impact as it turned out.
    pub impact_final: ImpactView,
    /// The AI impact block.
    #[schema(value_type = Option<Object>)]
    pub ai_impact: Option<AiImpact>,
    /// Who reported it.
    pub reporter: Option<String>,
    /// Who works on it.
    pub responders: Vec<String>,
    /// The incident that it is a part of.
    pub part_of: Option<String>,
    /// The cases that are a part of it.
    pub parts: Vec<String>,
    /// Whether only a need-to-know list may know of it.
    pub restricted: bool,
    /// The need-to-know list.
    pub readers: Vec<String>,
    /// Suppliers involved.
    pub suppliers: Vec<String>,
    /// AI assets involved, with the version where known: `Reader@v3`.
    pub assets: Vec<String>,
    /// Values of the company's own fields, by short name.
    pub fields: BTreeMap<String, String>,
    /// Why it is void.
    pub void_reason: Option<String>,
    /// How often it was re-opened.
    pub reopened_count: u32,
    /// Why it was re-opened last.
    pub reopen_reason: Option<String>,
    /// When it was re-opened last.
    pub reopened_at: Option<String>,
    /// When it entered this register.
    pub registered_at: String,
    /// Who entered it.
    pub registered_by: String,
    /// The timeline, in order.
    pub timeline: Vec<TimelineView>,
    /// Costs.
    pub costs: Vec<CostView>,
    /// Evidence.
    pub evidence: Vec<EvidenceView>,
    /// Comments.
    pub comments: Vec<CommentView>,
    /// Gaps that an import left.
    pub gaps: Vec<GapView>,
    /// Reviews with their causes.
    pub reviews: Vec<ReviewOutline>,
    /// Lessons.
    pub lessons: Vec<LessonOutline>,
    /// Actions.
    pub actions: Vec<ActionOutline>,
    /// How controls did.
    #[serde(default)]
    pub controls: Vec<PerformanceView>,
    /// What it changed in controls.
    #[serde(default)]
    pub control_changes: Vec<ControlChangeView>,
    /// Risks that it is about, those that the caller may read.
    #[serde(default)]
    pub risks: Vec<RiskOutline>,
    /// Looks at risks that it asked for, those that the caller may read.
    #[serde(default)]
    pub risk_assessments: Vec<AssessmentView>,
    /// Links of its loop that are declared not needed.
    #[serde(default)]
    pub declarations: Vec<DeclarationView>,
    /// Its loop, link by link.
    #[serde(default)]
    pub checklist: ChecklistView,
    /// What is missing before it can be closed.
    pub missing: Vec<MissingView>,
    /// What the caller may do to it, whatever its state: `comment`, `edit_case`, `decide_case`, `respond_to_case`,
    /// and `ask_reporter` if somebody who reported it without an account holds a receipt.
    #[serde(default)]
    pub may: Vec<String>,
}

/// A duration.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DurationView {
    /// `to_detect`, `to_acknowledge`, `to_contain`, `to_resolve` or `to_close`.
    pub kind: String,
    /// Seconds; negative when the dates are out of order.
    pub seconds: i64,
    /// Whether both dates are known to the minute; otherwise only whole days mean anything.
    pub to_the_minute: bool,
}

/// Confidentiality, integrity and availability.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ImpactView {
    /// `none`, `low`, `moderate` or `high`.
    pub confidentiality: Option<String>,
    /// `none`, `low`, `moderate` or `high`.
    pub integrity: Option<String>,
    /// `none`, `low`, `moderate` or `high`.
    pub availability: Option<String>,
}

/// An entry of the timeline.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TimelineView {
    /// Identity.
    pub id: String,
    /// What kind of moment.
    pub kind: String,
    /// When it happened.
    pub occurred: String,
    /// What happened.
    pub text: String,
    /// Where we know it from.
    pub source: Option<String>,
    /// When it was written down.
    pub recorded_at: String,
    /// Who wrote it down.
    pub recorded_by: String,
    /// What the wording rules ask of the text.
    #[serde(default)]
    pub hints: Vec<HintView>,
    /// Milliseconds to sort by.
    #[serde(skip)]
    pub sort_key: i64,
}

/// A cost line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CostView {
    /// Identity.
    pub id: String,
    /// What it went into.
    pub kind: String,
    /// `estimate` or `actual`.
    pub basis: String,
    /// Minor units of the currency.
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Lower end of an estimate, minor units.
    pub minimum_minor: Option<i64>,
    /// Upper end of an estimate, minor units.
    pub maximum_minor: Option<i64>,
    /// Minutes of labour.
    pub labour_minutes: Option<u32>,
    /// Rate per hour of labour, minor units.
    pub hourly_rate_minor: Option<i64>,
    /// The day it is counted at.
    pub incurred_on: Option<String>,
    /// Anything worth knowing.
    pub note: Option<String>,
}

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EvidenceView {
    /// Identity.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// SHA-256 of a file.
    pub sha256: Option<String>,
    /// Size of a file in bytes.
    pub size_bytes: Option<u64>,
    /// Where a link leads.
    pub link: Option<String>,
    /// What it shows and how it was handled.
    pub custody: Option<String>,
    /// Who collected it.
    pub collected_by: String,
    /// When it was collected.
    pub collected: String,
    /// Whether it must not be erased.
    pub legal_hold: bool,
}

/// A comment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CommentView {
    /// Identity.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: String,
    /// `to_reporter` if somebody who reported without an account sees it by their receipt, `from_reporter` if they wrote it.
    #[serde(default)]
    pub correspondence: Option<String>,
}

/// A gap that an import left.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GapView {
    /// Identity.
    pub id: String,
    /// What is missing, such as `action_without_owner`.
    pub kind: String,
    /// Where in the source.
    pub place: Option<String>,
    /// What the source said.
    pub detail: Option<String>,
    /// `open`, `resolved` or `dismissed`.
    pub state: String,
    /// What was done about it.
    pub settlement: Option<String>,
}

/// A review with its causes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReviewOutline {
    /// Its reference.
    pub reference: String,
    /// `full`, `five_whys` or `light`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// Who leads it.
    pub facilitator: String,
    /// What went wrong.
    pub problem: String,
    /// The causes, each behind its effect.
    pub causes: Vec<CauseLineView>,
    /// What came of the look for similar cases.
    #[serde(default)]
    pub similar: Option<String>,
    /// How the response went.
    #[serde(default)]
    pub evaluation: Option<EvaluationView>,
    /// Who approved or waived it.
    #[serde(default)]
    pub approved_by: Option<String>,
}

/// A lesson.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LessonOutline {
    /// Its reference.
    pub reference: String,
    /// Where it stands.
    pub state: String,
    /// What was learned.
    pub statement: String,
    /// Whether it is in use by coverage, without an action of this case.
    #[serde(default)]
    pub is_exception: bool,
    /// Who approved it.
    #[serde(default)]
    pub approved_by: Option<String>,
}

/// An action.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActionOutline {
    /// Its reference.
    pub reference: String,
    /// Where it stands.
    pub state: String,
    /// What is done.
    pub title: String,
    /// Who owes it.
    pub owner: String,
    /// By when.
    pub due_on: String,
    /// How strongly it works.
    pub strength: String,
    /// When it was completed.
    pub completed_on: Option<String>,
    /// What shows that it was.
    pub completion: Option<String>,
    /// What shows the outcome of the last check of its effect, which `state` tells.
    pub judged: Option<String>,
    /// Who judged.
    pub judged_by: Option<String>,
    /// Why it is not done.
    #[serde(default)]
    pub not_doing_reason: Option<String>,
    /// Who decided that.
    #[serde(default)]
    pub not_doing_by: Option<String>,
    /// Until when that holds.
    #[serde(default)]
    pub not_doing_until: Option<String>,
}

/// What is missing before a case can be closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MissingView {
    /// Stable code.
    pub code: String,
    /// What is missing and what to do.
    pub text: String,
}

fn text(value: &Option<impl ToString>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

impl CaseView {
    /// The facts of a case; its lists are filled in by who has them.
    pub(crate) fn of_facts(case: &Case, names: &Names) -> Self {
        Self {
            reference: case.reference.to_string(),
            version: case.version,
            origin: case.origin.to_string(),
            origin_reference: text(&case.origin_reference),
            title: case.title.to_string(),
            summary: text(&case.summary),
            class: case.class.to_string(),
            state: case.state.to_string(),
            decision: case.decision.to_string(),
            decision_criteria: text(&case.decision_criteria),
            decided_by: case.decided_by.map(|id| names.person(id)),
            decided_at: text(&case.decided_at),
            severity: case.severity.map(nevertwice_domain::case::Severity::level),
            category: text(&case.category),
            tags: case.tags.iter().map(ToString::to_string).collect(),
            occurred: text(&case.occurred),
            detected: text(&case.detected),
            reported: text(&case.reported),
            acknowledged: text(&case.acknowledged),
            contained: text(&case.contained),
            resolved: text(&case.resolved),
            closed: text(&case.closed),
            detection: text(&case.detection),
            detection_method: text(&case.detection_method),
            ai_impact: case.ai_impact.clone(),
            reporter: case.reporter.map(|id| names.person(id)),
            responders: case.responders.iter().map(|id| names.person(*id)).collect(),
            restricted: case.restricted,
            readers: case.readers.iter().map(|id| names.person(*id)).collect(),
            suppliers: case.suppliers.iter().map(|id| names.supplier(*id)).collect(),
            assets: case.assets.iter().map(|(id, version)| names.asset_version(*id, *version)).collect(),
            void_reason: text(&case.void_reason),
            reopened_count: case.reopened_count,
            reopen_reason: text(&case.reopen_reason),
            reopened_at: case.reopened_at.map(|at| at.to_string()),
            registered_at: case.registered_at.to_string(),
            registered_by: names.person(case.registered_by),
            ..Self::default()
        }
    }
}

impl DurationView {
    pub(crate) fn of(duration: &Duration) -> Self {
        Self {
            kind: duration.kind.to_string(),
            seconds: duration.seconds,
            to_the_minute: duration.to_the_minute,
        }
    }
}

pub(crate) fn impact_view(impact: &Impact) -> ImpactView {
    ImpactView {
        confidentiality: text(&impact.confidentiality),
        integrity: text(&impact.integrity),
        availability: text(&impact.availability),
    }
}

pub(crate) fn timeline_view(entry: &TimelineEntry, names: &Names) -> TimelineView {
    TimelineView {
        id: entry.id.to_string(),
        kind: entry.kind.to_string(),
        occurred: entry.occurred.to_string(),
        text: entry.text.to_string(),
        source: text(&entry.source),
        recorded_at: entry.recorded_at.to_string(),
        recorded_by: names.person(entry.recorded_by),
        hints: hints(Field::Timeline, [entry.text.as_str()]),
        sort_key: entry.occurred.sort_millis(),
    }
}

pub(crate) fn cost_view(line: &CostLine) -> CostView {
    CostView {
        id: line.id.to_string(),
        kind: line.kind.to_string(),
        basis: line.basis.to_string(),
        amount_minor: line.amount_minor,
        currency: line.currency.to_string(),
        minimum_minor: line.minimum_minor,
        maximum_minor: line.maximum_minor,
        labour_minutes: line.labour_minutes,
        hourly_rate_minor: line.hourly_rate_minor,
        incurred_on: text(&line.incurred_on),
        note: text(&line.note),
    }
}

pub(crate) fn evidence_view(item: &Evidence, names: &Names) -> EvidenceView {
    EvidenceView {
        id: item.id.to_string(),
        name: item.name.to_string(),
        sha256: text(&item.sha256),
        size_bytes: item.size_bytes,
        link: text(&item.link),
        custody: text(&item.custody),
        collected_by: names.person(item.collected_by),
        collected: item.collected.to_string(),
        legal_hold: item.legal_hold,
    }
}

pub(crate) fn comment_view(comment: &Comment, names: &Names) -> CommentView {
    CommentView {
        id: comment.id.to_string(),
        author: names.person(comment.author_id),
        text: comment.text.to_string(),
        written_at: comment.written_at.to_string(),
        correspondence: comment.correspondence.map(|correspondence| correspondence.to_string()),
    }
}

pub(crate) fn gap_view(gap: &Gap) -> GapView {
    GapView {
        id: gap.id.to_string(),
        kind: gap.kind.to_string(),
        place: text(&gap.place),
        detail: text(&gap.detail),
        state: gap.state.to_string(),
        settlement: text(&gap.settlement),
    }
}

impl ReviewOutline {
    pub(crate) fn of(review: &ReviewWithCauses, names: &Names, causes: Vec<CauseLineView>) -> Self {
        Self {
            reference: review.review.reference.to_string(),
            kind: review.review.kind.to_string(),
            state: review.review.state.to_string(),
            facilitator: names.person(review.review.facilitator_id),
            problem: review.review.problem.to_string(),
            causes,
            similar: review.look.as_ref().map(|look| look.finding.to_string()),
            evaluation: review.review.evaluation.as_ref().map(EvaluationView::of),
            approved_by: review.review.approved_by.map(|person| names.person(person)),
        }
    }
}

impl LessonOutline {
    pub(crate) fn of(lesson: &Lesson, case: CaseId, carried: &Carried, names: &Names) -> Self {
        let by_coverage_alone = carried.is_covered(lesson.id) && !carried.is_acted_on(lesson.id, case);
        Self {
            is_exception: by_coverage_alone && crate::lesson::is_in_use(lesson),
            reference: lesson.reference.to_string(),
            state: lesson.state.to_string(),
            statement: lesson.statement.to_string(),
            approved_by: lesson.approved_by.map(|person| names.person(person)),
        }
    }
}

impl ActionOutline {
    /// `checks` may be of any actions; `names` must know the owner, whoever judged and whoever decided.
    pub(crate) fn of(action: &Action, checks: &[EffectivenessCheck], names: &Names) -> Self {
        let judged = checks.iter().filter(|check| check.action_id == action.id && check.outcome.is_some());
        let last = judged.max_by_key(|check| check.judged_at);
        Self {
            reference: action.reference.to_string(),
            state: action.state.to_string(),
            title: action.title.to_string(),
            owner: names.person(action.owner_id),
            due_on: action.due_on.to_string(),
            strength: action.strength.to_string(),
            completed_on: action.completed_on.map(|date| date.to_string()),
            completion: text(&action.completion),
            judged: last.and_then(|check| text(&check.evidence)),
            judged_by: last.and_then(|check| check.judged_by).map(|id| names.person(id)),
            not_doing_reason: text(&action.not_doing_reason),
            not_doing_by: action.not_doing_by.map(|id| names.person(id)),
            not_doing_until: action.not_doing_until.map(|date| date.to_string()),
        }
    }
}
