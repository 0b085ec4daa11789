//! What a planned row becomes: a case with all that hangs on it, collected and written in one go per table.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::{Action, ActionKind, ActionPurpose, ActionState, Due, NewAction};
use nevertwice_domain::case::{Case, CaseRecord, CaseState, CostLine};
use nevertwice_domain::cause::{CauseGraph, CauseKind, Confidence, LinkKind, NewCause, Statement, Support};
use nevertwice_domain::evidence::Comment;
use nevertwice_domain::field::FieldKey;
use nevertwice_domain::id::{CaseId, FieldId};
use nevertwice_domain::import::{Gap, GapState, ImportRun};
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef, ReviewRef};
use nevertwice_domain::review::{NewReview, Review, ReviewKind, ReviewRecord, ReviewScope};
use nevertwice_domain::text::{Line, Prose, TextError};
use nevertwice_domain::time::Date;
use nevertwice_exchange::planned::{PlannedCase, PlannedCost, PlannedRow, Standing};
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{action as actions, case as cases, lesson as lessons, review as reviews, settings};

use super::numbers::Numbers;
use super::people::Known;
use crate::error::ServiceError;
use crate::service::Unit;

/// Says of an action that its case was closed where it came from.
const CLOSED_ELSEWHERE: &str = "The case was closed in the register that it was imported from.";

/// Begins the note of a cost line and the trigger of a review.
const IMPORTED_FROM: &str = "imported from ";

/// Numbers of everything that a row becomes.
struct AllNumbers {
    cases: Numbers<CaseRef>,
    reviews: Numbers<ReviewRef>,
    lessons: Numbers<LessonRef>,
    actions: Numbers<ActionRef>,
}

/// Records of one batch.
pub(super) struct Records {
    numbers: AllNumbers,
    today: Date,
    file: Line,
    cases: Vec<Case>,
    costs: Vec<CostLine>,
    comments: Vec<Comment>,
    gaps: Vec<Gap>,
    reviews: Vec<ReviewWithCauses>,
    lessons: Vec<Lesson>,
    actions: Vec<Action>,
}

impl Records {
    /// No records yet.
    pub(super) fn new(unit: &mut Unit<'_>, run: &ImportRun) -> Result<Self, ServiceError> {
        let today = unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone());
        Ok(Self {
            numbers: AllNumbers {
                cases: Numbers::new(today.year()),
                reviews: Numbers::new(today.year()),
                lessons: Numbers::new(today.year()),
                actions: Numbers::new(today.year()),
            },
            today,
            file: run.file_name.clone(),
            cases: Vec::new(),
            costs: Vec::new(),
            comments: Vec::new(),
            gaps: Vec::new(),
            reviews: Vec::new(),
            lessons: Vec::new(),
            actions: Vec::new(),
        })
    }

    /// Adds the case of a row.
    pub(super) fn add(
        &mut self,
        unit: &mut Unit<'_>,
        known: &mut Known,
        fields: &BTreeMap<FieldKey, FieldId>,
        row: &PlannedRow,
        planned: &PlannedCase,
    ) -> Result<CaseId, ServiceError> {
        let id: CaseId = unit.moment.id();
        let reference = self.numbers.cases.next(unit.tx)?;
        let mut record =
            CaseRecord::blank(id, reference, planned.title.clone(), unit.caller.id(), unit.moment.at);
        facts(&mut record, planned);
        record.origin_reference.clone_from(&row.origin_reference);
        // Teams and people of gaps too: whoever works the gap off finds them in the register.
        for mention in &planned.people {
            known.person(unit, mention)?;
        }
        record.reporter = planned.reporter.as_ref().map(|mention| known.person(unit, mention)).transpose()?;
        for name in &planned.suppliers {
            record.suppliers.insert(known.supplier(unit, name)?);
        }
        for name in &planned.assets {
            match known.asset(unit, name)? {
                Some(asset) => drop(record.assets.insert(asset, None)),
                None => self.gap(unit, id, "asset_unknown", None, Prose::parse(name.as_str()).ok())?,
            }
        }
        for value in &planned.fields {
            if let Some(field) = fields.get(&value.key) {
                record.fields.insert(*field, value.value.clone());
            }
        }
        let case = Case::import(record);
        self.hang(unit, known, &case, planned)?;
        self.cases.push(case);
        Ok(id)
    }

    /// Everything that hangs on a case.
    fn hang(
        &mut self,
        unit: &mut Unit<'_>,
        known: &mut Known,
        case: &Case,
        planned: &PlannedCase,
    ) -> Result<(), ServiceError> {
        for cost in &planned.costs {
            self.costs.push(new_cost(unit, case, cost, &self.file)?);
        }
        for text in &planned.notes {
            self.comments.push(new_comment(unit, case.id, text.clone()));
        }
        if let Some(cause) = &planned.cause {
            self.cause(unit, case, cause)?;
        }
        let lesson = planned.lesson.as_ref().map(|text| self.lesson(unit, case, text)).transpose()?;
        for action in &planned.actions {
            let owner = known.person(unit, &action.owner)?;
            self.action(unit, case, action, owner, lesson)?;
        }
        for gap in &planned.gaps {
            let place = Some(shortened(&gap.column)?);
            self.gap(unit, case.id, gap.kind.as_str(), place, gap.detail())?;
        }
        Ok(())
    }

    fn gap(
        &mut self,
        unit: &Unit<'_>,
        case_id: CaseId,
        kind: &str,
        place: Option<Line>,
        detail: Option<Prose>,
    ) -> Result<(), ServiceError> {
        self.gaps.push(new_gap(unit, case_id, kind, place, detail)?);
        Ok(())
    }

    /// A root cause becomes the first why of a light review, to be gone on with; of a closed case it is kept as held.
    fn cause(&mut self, unit: &mut Unit<'_>, case: &Case, text: &Prose) -> Result<(), ServiceError> {
        let problem = statement(case.title.as_str())?;
        let whole = is_cut(text).then(|| text.clone());
        let mut causes = CauseGraph::new(problem.clone());
        causes.ask_why(
            None,
            NewCause {
                id: unit.moment.id(),
                statement: statement(text.as_str())?,
                kind: CauseKind::Condition,
                confidence: Confidence::Assumed,
                support: Support { note: whole.clone(), ..Support::default() },
                link: LinkKind::MadePossible,
                category: None,
                end: None,
            },
        )?;
        let review = Review::open(NewReview {
            id: unit.moment.id(),
            reference: self.numbers.reviews.next(unit.tx)?,
            case_id: case.id,
            kind: ReviewKind::Light,
            trigger: came_from(&self.file)?,
            scope: ReviewScope::Single,
            procedure: None,
            problem,
            facilitator_id: unit.caller.id(),
            participants: BTreeSet::new(),
            due_on: self.today,
            at: unit.moment.at,
            by: unit.caller.id(),
        });
        let review = match case.closed.and_then(|when| when.date()) {
            Some(on) if case.state == CaseState::Closed && on <= self.today => {
                review.hold(on, BTreeSet::new(), None, self.today)?
            }
            _ => review,
        };
        // Minutes are searched; the support of a cause stays with it whatever becomes of the minutes.
        let review = match whole {
            Some(_) => Review::restore(ReviewRecord { minutes: whole, ..(*review).clone() }),
            None => review,
        };
        self.reviews.push(ReviewWithCauses::new(review, causes));
        Ok(())
    }

    fn lesson(
        &mut self,
        unit: &mut Unit<'_>,
        case: &Case,
        text: &Prose,
    ) -> Result<nevertwice_domain::id::LessonId, ServiceError> {
        let (line, rest) = line_and_rest(text)?;
        let lesson = Lesson::draft(
            unit.moment.id(),
            self.numbers.lessons.next(unit.tx)?,
            line,
            rest,
            case.id,
            unit.caller.id(),
            unit.moment.at,
        );
        let id = lesson.id;
        self.lessons.push(lesson);
        Ok(id)
    }

    fn action(
        &mut self,
        unit: &mut Unit<'_>,
        case: &Case,
        planned: &nevertwice_exchange::planned::PlannedAction,
        owner_id: nevertwice_domain::id::PersonId,
        lesson_id: Option<nevertwice_domain::id::LessonId>,
    ) -> Result<(), ServiceError> {
        let (title, description) = line_and_rest(&planned.text)?;
        let action = Action::plan(NewAction {
            id: unit.moment.id(),
            reference: self.numbers.actions.next(unit.tx)?,
            case_id: case.id,
            lesson_id,
            title,
            description,
            purpose: planned.purpose.unwrap_or(ActionPurpose::Corrective),
            kind: ActionKind::Technical,
            owner_id,
            due: Due::as_said(planned.due),
            at: unit.moment.at,
            by: unit.caller.id(),
        });
        let mut record = (*action).clone();
        if case.state == CaseState::Closed {
            record.state = ActionState::Done;
            record.completion = Some(Prose::parse(CLOSED_ELSEWHERE).map_err(ServiceError::internal)?);
            record.completed_on = Some(case.closed.and_then(|when| when.date()).unwrap_or(planned.due));
        }
        self.actions.push(Action::restore(record));
        Ok(())
    }

    /// Writes everything, table by table, in the order of references.
    pub(super) fn write(self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        self.numbers.cases.settle(unit.tx)?;
        self.numbers.reviews.settle(unit.tx)?;
        self.numbers.lessons.settle(unit.tx)?;
        self.numbers.actions.settle(unit.tx)?;
        cases::insert(unit.tx, &self.cases)?;
        cases::add_costs(unit.tx, &self.costs, 0)?;
        cases::add_comments(unit.tx, &self.comments, 0)?;
        cases::add_gaps(unit.tx, &self.gaps, 0)?;
        reviews::insert(unit.tx, &self.reviews)?;
        lessons::insert(unit.tx, &self.lessons)?;
        actions::insert(unit.tx, &self.actions)?;
        Ok(())
    }
}

/// The facts of a new case.
fn facts(record: &mut CaseRecord, planned: &PlannedCase) {
    record.summary.clone_from(&planned.description);
    record.class = planned.class;
    record.state = state(planned.standing);
    record.decision = planned.decision;
    record.severity = planned.severity;
    record.category.clone_from(&planned.category);
    record.tags = planned.tags.iter().cloned().collect();
    record.occurred = planned.moments.occurred;
    record.detected = planned.moments.detected;
    record.reported = planned.moments.reported;
    record.acknowledged = planned.moments.acknowledged;
    record.contained = planned.moments.contained;
    record.resolved = planned.moments.resolved;
    record.closed = planned.moments.closed;
    record.detection = planned.detection;
    record.detection_method.clone_from(&planned.detection_method);
}

/// A gap to work off.
///
/// # Errors
/// Never for the kinds there are.
pub(super) fn new_gap(
    unit: &Unit<'_>,
    case_id: CaseId,
    kind: &str,
    place: Option<Line>,
    detail: Option<Prose>,
) -> Result<Gap, ServiceError> {
    Ok(Gap {
        id: unit.moment.id(),
        case_id,
        kind: Line::parse(kind).map_err(ServiceError::internal)?,
        place,
        detail,
        state: GapState::Open,
        settlement: None,
        settled_by: None,
        settled_at: None,
    })
}

/// A comment of whoever imports.
pub(super) fn new_comment(unit: &Unit<'_>, case_id: CaseId, text: Prose) -> Comment {
    Comment {
        id: unit.moment.id(),
        case_id,
        author_id: unit.caller.id(),
        text,
        written_at: unit.moment.at,
        correspondence: None,
    }
}

/// The cost line of a row; its note says where it came from.
///
/// # Errors
/// Never for the name of a file.
pub(super) fn new_cost(
    unit: &Unit<'_>,
    case: &Case,
    cost: &PlannedCost,
    file: &Line,
) -> Result<CostLine, ServiceError> {
    Ok(CostLine {
        id: unit.moment.id(),
        case_id: case.id,
        kind: cost.kind,
        basis: cost.basis,
        amount_minor: cost.amount.minor,
        currency: cost.amount.currency,
        minimum_minor: cost.minimum_minor,
        maximum_minor: cost.maximum_minor,
        labour_minutes: None,
        hourly_rate_minor: None,
        incurred_on: case.earliest_known().and_then(|when| when.date()),
        note: Some(came_from(file)?),
    })
}

/// Whether an import made a cost line, and nobody has said more about it.
pub(super) fn is_of_import(line: &CostLine) -> bool {
    line.note.as_ref().is_some_and(|note| note.as_str().starts_with(IMPORTED_FROM))
}

/// Says of something that an import made where it came from.
///
/// # Errors
/// Never for the name of a file.
pub(super) fn came_from(file: &Line) -> Result<Prose, ServiceError> {
    Prose::parse(&format!("{IMPORTED_FROM}{file}")).map_err(ServiceError::internal)
}

/// Where a case stands here, by where it stood there. One that was dropped there is closed here: it is no mistake of
/// this register.
pub(super) fn state(standing: Option<Standing>) -> CaseState {
    match standing {
        None | Some(Standing::Open) => CaseState::Triaged,
        Some(Standing::InProgress) => CaseState::Responding,
        Some(Standing::Resolved) => CaseState::Resolved,
        Some(Standing::Closed | Standing::Dropped) => CaseState::Closed,
    }
}

/// Whether a root cause is too long for a statement.
pub(super) fn is_cut(cause: &Prose) -> bool {
    matches!(Statement::parse(cause.as_str()), Err(TextError::TooLong { .. }))
}

/// A statement of a text, cut at its limit.
pub(super) fn statement(text: &str) -> Result<Statement, ServiceError> {
    match Statement::parse(text) {
        Err(TextError::TooLong { limit, .. }) => {
            let cut: String = text.chars().take(limit - 1).chain(['…']).collect();
            Statement::parse(&cut).map_err(ServiceError::internal)
        }
        other => other.map_err(ServiceError::internal),
    }
}

/// A text as one line, and the whole of it where the line had to be cut.
pub(super) fn line_and_rest(text: &Prose) -> Result<(Line, Option<Prose>), ServiceError> {
    match Line::parse(text.as_str()) {
        Ok(line) => Ok((line, None)),
        Err(_) => Ok((shortened(text.as_str())?, Some(text.clone()))),
    }
}

pub(super) fn shortened(text: &str) -> Result<Line, ServiceError> {
    match Line::parse(text) {
        Err(TextError::TooLong { limit, .. }) => {
            let cut: String = text.trim().chars().take(limit - 1).chain(['…']).collect();
            Line::parse(&cut).map_err(ServiceError::internal)
        }
        other => other.map_err(ServiceError::internal),
    }
}
