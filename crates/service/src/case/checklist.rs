//! The loop of a case as its records tell it: for the gate before *closed*, the checklist and the index.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::{Action, EffectivenessCheck};
use nevertwice_domain::case::{
    ActionInLoop, Case, CaseState, Checklist, ChecklistLine, LessonInLoop, LoopFacts, LoopOf, ReviewInLoop,
    RiskInLoop,
};
use nevertwice_domain::id::{ActionId, PersonId};
use nevertwice_domain::lesson::{Lesson, LessonState};
use nevertwice_domain::procedure::{ReviewRule, Rules};
use nevertwice_domain::reference::Reference as _;
use nevertwice_domain::review::{Review, ReviewScope, ReviewState};
use nevertwice_domain::risk::{Risk, RiskState};
use nevertwice_domain::time::Date;
use nevertwice_store::Tx;
use nevertwice_store::review::ReviewWithCauses;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MissingView;
use super::consequences::Consequences;
use super::show::Hanging;
use crate::error::ServiceError;
use crate::lesson::Carried;
use crate::procedure::shipped_rules;
use crate::service::Unit;

/// The loop of a case, link by link.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ChecklistView {
    /// The links, in the order of the loop; none of a void case.
    pub lines: Vec<ChecklistLineView>,
    /// How many of them are in place.
    pub in_place: usize,
    /// Whether the case is closed and every link is in place.
    pub learned: bool,
    /// Whether a link was declared not needed, something that was there already is all that covers one of its lessons, or
    /// an action is not done by decision.
    pub exception: bool,
    /// When the last link is due; from the day after, the case counts for the loop score.
    pub due_on: Option<String>,
    /// Whether it was closed elsewhere, before this register asked for anything.
    pub before_the_loop: bool,
}

/// A link of the loop of a case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChecklistLineView {
    /// `response`, `review`, `causes`, `similar`, `lessons`, `actions`, `effectiveness`, `controls` or `risks`.
    pub link: String,
    /// `done`, `missing`, `not_yet_due` or `not_needed`.
    pub state: String,
    /// What is missing in it, with what mends it.
    pub missing: Vec<MissingView>,
    /// Who owes it.
    pub owed_by: Vec<String>,
    /// By when it is due, under the version of the procedure that the review pinned.
    pub due_on: Option<String>,
}

impl ChecklistView {
    fn of(checklist: &Checklist) -> Self {
        Self {
            in_place: checklist.in_place(),
            learned: checklist.is_learned,
            exception: checklist.is_exception,
            due_on: checklist.due_on.map(|day| day.to_string()),
            before_the_loop: checklist.is_before_the_loop,
            lines: checklist.lines.iter().map(ChecklistLineView::of).collect(),
        }
    }
}

impl ChecklistLineView {
    fn of(line: &ChecklistLine) -> Self {
        let missing = line.missing.iter().cloned();
        Self {
            link: line.word().to_owned(),
            state: line.state.to_string(),
            missing: missing.map(|one| MissingView { code: one.code, text: one.text }).collect(),
            owed_by: line.owed_by.iter().cloned().collect(),
            due_on: line.due_on.map(|day| day.to_string()),
        }
    }
}

/// The records that the loop of one case is made of.
pub(crate) struct LoopRecords<'r> {
    /// Its reviews.
    pub(crate) reviews: &'r [ReviewWithCauses],
    /// Its lessons.
    pub(crate) lessons: &'r [Lesson],
    /// What puts the lessons to work.
    pub(crate) carried: &'r Carried,
    /// Its actions.
    pub(crate) actions: &'r [Action],
    /// The checks of those.
    pub(crate) checks: Vec<&'r EffectivenessCheck>,
    /// What it says of controls and risks, and what is declared not needed.
    pub(crate) consequences: &'r Consequences,
}

impl LoopRecords<'_> {
    /// What there is on a day, for the gate and the checklist.
    ///
    /// `rules` are those of [`Self::procedure`].
    pub(crate) fn facts(
        &self,
        case: &Case,
        rules: &Rules,
        today: Date,
        name: &dyn Fn(PersonId) -> String,
    ) -> LoopFacts {
        let after = self.consequences;
        let asked = rules.review_of(case.class, case.severity, case.category.as_ref());
        let in_loop = |one: &ReviewWithCauses| ReviewInLoop {
            is_thorough: asked
                .is_none_or(|(_, rule)| is_thorough(&one.review, rule, rules, self.procedure())),
            ..review_in_loop(one, name)
        };
        LoopFacts {
            reviews: self.reviews_that_count().map(in_loop).collect(),
            cause_count: self.reviews.iter().map(|r| r.causes.causes().len()).sum(),
            lessons: self.lessons_in_loop(case, name),
            actions: self.actions_in_loop(case, today, name),
            control_count: after.performances.len() + after.changes.len(),
            risk_look_count: after.looks.len(),
            unseen_risks: after.unseen_risks().map(|risk| risk_in_loop(risk, name)).collect(),
            unaccepted_risks: after.unaccepted_risks().map(|risk| risk_in_loop(risk, name)).collect(),
            declared: after.declared.iter().map(|one| (one.link, one.is_approved())).collect(),
            severity: case.severity,
            responders: case.responders.iter().map(|person| name(*person)).collect(),
        }
    }

    /// A trend review of several cases has its own end.
    fn reviews_that_count(&self) -> impl Iterator<Item = &ReviewWithCauses> {
        self.reviews.iter().filter(|one| one.review.scope() != ReviewScope::Trend)
    }

    /// A draft that was retired is withdrawn: nobody but its author ever said that it was learned.
    fn lessons_in_loop(&self, case: &Case, name: &dyn Fn(PersonId) -> String) -> Vec<LessonInLoop> {
        let is_withdrawn = |lesson: &Lesson| lesson.state == LessonState::Retired && !lesson.was_approved();
        let in_loop = |lesson: &Lesson| LessonInLoop {
            reference: lesson.reference,
            is_approved: lesson.was_approved(),
            has_failed: lesson.state.has_failed(),
            is_retired: lesson.state == LessonState::Retired,
            author: name(lesson.author_id),
            is_acted_on: self.carried.is_acted_on(lesson.id, case.id),
            is_acted_on_elsewhere: self.carried.is_acted_on_beside(lesson.id, case.id),
            is_covered: self.carried.is_covered(lesson.id),
        };
        self.lessons.iter().filter(|lesson| !is_withdrawn(lesson)).map(in_loop).collect()
    }

    fn actions_in_loop(
        &self,
        case: &Case,
        today: Date,
        name: &dyn Fn(PersonId) -> String,
    ) -> Vec<ActionInLoop> {
        // What was closed with stays so: that it has to be decided on again is asked of the managers, not of the case.
        let is_open = case.state != CaseState::Closed;
        let followed: BTreeSet<ActionId> =
            self.actions.iter().filter_map(|action| action.successor_of).collect();
        let in_loop = |action: &Action| {
            let checks = self.checks.iter().filter(|check| check.action_id == action.id);
            let open = checks.filter(|check| check.outcome.is_none()).min_by_key(|check| check.planned_on);
            ActionInLoop {
                reference: action.reference,
                state: action.state,
                owner: name(action.owner_id),
                due_on: action.due_on,
                original_due_on: action.original_due_on,
                check_on: open.map(|check| check.planned_on),
                judge: open.and_then(|check| check.judge_id).map(name),
                is_followed: followed.contains(&action.id),
                is_to_decide_again: is_open && action.is_to_decide_again(today),
                strength: action.strength,
            }
        };
        self.actions.iter().map(in_loop).collect()
    }

    /// The version of the procedure that the loop runs under: that of the latest review, or the one that comes with the
    /// program.
    pub(crate) fn procedure(&self) -> u32 {
        let pinned = self.reviews_that_count().filter_map(|one| one.review.procedure_number);
        pinned.max().unwrap_or(0)
    }
}

fn review_in_loop(review: &ReviewWithCauses, name: &dyn Fn(PersonId) -> String) -> ReviewInLoop {
    let (review, look) = (&review.review, &review.look);
    // One that was imported, or is older than the procedure, was not asked for it; one that is waived looks at nothing.
    let is_asked =
        review.needs_look() && review.procedure_number.is_some() && review.state != ReviewState::Waived;
    ReviewInLoop {
        reference: review.reference,
        is_complete: review.is_complete(),
        is_waived: review.state == ReviewState::Waived,
        is_thorough: true,
        lacks_look: is_asked && look.is_none(),
        facilitator: name(review.facilitator_id),
        due_on: review.due_on,
    }
}

/// Whether a review does for a case that a rule is for, in the version of the procedure that `rules` are. One that ran under
/// no version was asked for by none; of one that ran under another version only its depth can be compared.
pub(crate) fn is_thorough(review: &Review, asked: &ReviewRule, rules: &Rules, version: u32) -> bool {
    let Some(number) = review.procedure_number else { return true };
    let place = review.procedure_rule.and_then(|place| usize::try_from(place).ok()?.checked_sub(1));
    match place.and_then(|at| rules.reviews.get(at)).filter(|_| number == version) {
        Some(ran_under) => ReviewRule { kind: review.kind, ..ran_under.clone() }.does_for(asked),
        None => review.kind <= asked.kind,
    }
}

fn risk_in_loop(risk: &Risk, name: &dyn Fn(PersonId) -> String) -> RiskInLoop {
    RiskInLoop { reference: risk.reference, owner: name(risk.owner_id) }
}

impl Consequences {
    /// Open risks that are linked and were not looked at because of the case.
    fn unseen_risks(&self) -> impl Iterator<Item = &Risk> {
        let open = self.linked.iter().filter(|risk| risk.state == RiskState::Open);
        open.filter(|risk| !self.looks.iter().any(|look| look.risk_id == risk.id))
    }

    /// Risks that were looked at because of the case and of which nobody accepted what remained, then or since. What another
    /// case asks for later is that case's.
    fn unaccepted_risks(&self) -> impl Iterator<Item = &Risk> {
        let open = self.looked_at.iter().filter(|risk| risk.state == RiskState::Open);
        open.filter(|risk| {
            let last = self.looks.iter().rfind(|look| look.risk_id == risk.id).map(|look| look.id);
            let mut since = risk.assessments().skip_while(|look| Some(look.id) != last);
            !since.any(|look| look.accepted_by.is_some())
        })
    }
}

impl Hanging {
    /// The loop of the case that this hangs on.
    pub(crate) fn records(&self) -> LoopRecords<'_> {
        LoopRecords {
            reviews: &self.reviews,
            lessons: &self.lessons,
            carried: &self.carried,
            actions: &self.actions,
            checks: self.checks.iter().collect(),
            consequences: &self.consequences,
        }
    }
}

/// The checklist of a case, today.
///
/// # Errors
/// What the store reports.
pub(super) fn checklist(
    unit: &mut Unit<'_>,
    case: &Case,
    (records, rules): (&LoopRecords<'_>, &Rules),
    name: &dyn Fn(PersonId) -> String,
) -> Result<ChecklistView, ServiceError> {
    let today = crate::procedure::today(unit)?;
    let of = LoopOf { state: case.state, origin: case.origin, severity: case.severity, rules };
    Ok(ChecklistView::of(&Checklist::of(of, &records.facts(case, rules, today, name), today)))
}

/// The rules of every version of the procedure, by its number.
pub(crate) struct EveryRules(BTreeMap<u32, Rules>);

impl EveryRules {
    /// Reads them.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn read(tx: &mut Tx) -> Result<Self, ServiceError> {
        let all = nevertwice_store::procedure::all(tx)?.into_iter();
        Ok(Self(all.map(|one| (one.reference.number(), one.rules.clone())).collect()))
    }

    /// Those of a version; those that come with the program if there is none.
    pub(crate) fn of(&self, number: u32) -> &Rules {
        self.0.get(&number).unwrap_or(shipped_rules())
    }
}
