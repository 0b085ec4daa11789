//! Actions: what is done so that it does not happen twice. Exactly one named person owns an action, and it has a date.

mod check;
mod due;
mod state;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub use check::{CheckOutcome, EffectivenessCheck, Judgement};
pub use due::{Allowance, Due};
pub use state::ActionError;

use crate::case::Severity;
use crate::field::{FieldChange, FieldValues, change_values};
use crate::id::{ActionId, CaseId, EvidenceId, LessonId, PersonId};
use crate::money::{Currency, Money};
use crate::reference::ActionRef;
use crate::strength::ActionStrength;
use crate::text::{Line, Prose};
use crate::time::{Date, Timestamp};

words! {
    /// Why an action is taken (ISO 9000 terms).
    ActionPurpose("action purpose") {
        /// Mends what went wrong.
        Correction = "correction",
        /// Removes a cause so that it does not come back.
        Corrective = "corrective",
        /// Makes something better that did not fail.
        Improvement = "improvement",
    }
}

words! {
    /// What an action changes.
    ActionKind("kind of action") {
        /// A system, a setting, code.
        Technical = "technical",
        /// A rule, a procedure, a document.
        Procedural = "procedural",
        /// What people know or who does what.
        People = "people",
        /// A room, a door, a device.
        Physical = "physical",
        /// A contract or the way of working with a supplier.
        Supplier = "supplier",
    }
}

words! {
    /// Where an action stands.
    ActionState("action state") {
        /// Planned.
        Open = "open",
        /// Begun.
        InProgress = "in_progress",
        /// Completed, with evidence.
        Done = "done",
        /// Judged: it works.
        Effective = "effective",
        /// Judged: it does not.
        NotEffective = "not_effective",
        /// Decided not to do it, with approver and reason.
        NotDoing = "not_doing",
    }
}

impl ActionState {
    /// Whether nothing more is owed before the case may close.
    #[must_use]
    pub fn is_finished(self) -> bool {
        !matches!(self, Self::Open | Self::InProgress)
    }

    /// Whether it was decided to do it, and not otherwise since: then it puts its lesson to work.
    #[must_use]
    pub fn is_wanted(self) -> bool {
        self != Self::NotDoing
    }

    /// Whether it was carried out, whatever came of it.
    #[must_use]
    pub fn is_carried_out(self) -> bool {
        self.is_finished() && self.is_wanted()
    }

    /// Whether nobody need say any more whether it works.
    #[must_use]
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Effective | Self::NotEffective | Self::NotDoing)
    }
}

/// What is written down about an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRecord {
    /// Identity.
    pub id: ActionId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: ActionRef,
    /// The case that it came from.
    pub case_id: CaseId,
    /// The lesson that it puts to work.
    pub lesson_id: Option<LessonId>,
    /// What will be done, in one line.
    pub title: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Why it is taken.
    pub purpose: ActionPurpose,
    /// What it changes.
    pub kind: ActionKind,
    /// How strongly it works.
    pub strength: ActionStrength,
    /// Why the strength differs from what the rule says.
    pub strength_reason: Option<Prose>,
    /// The one person who owes it.
    pub owner_id: PersonId,
    /// When it is due.
    pub due_on: Date,
    /// When it was due at first; never overwritten.
    pub original_due_on: Date,
    /// How often the date was moved.
    pub move_count: u32,
    /// Where it stands.
    pub state: ActionState,
    /// What was done.
    pub completion: Option<Prose>,
    /// When it was completed.
    pub completed_on: Option<Date>,
    /// Who completed it.
    pub completed_by: Option<PersonId>,
    /// Why it is not done.
    pub not_doing_reason: Option<Prose>,
    /// Who approved not doing it.
    pub not_doing_by: Option<PersonId>,
    /// Until when that holds.
    pub not_doing_until: Option<Date>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// Who planned it.
    pub created_by: PersonId,
    /// Values of the company's own fields.
    pub fields: FieldValues,
    /// The evidence of the case that shows that it is done.
    #[serde(default)]
    pub shown_by: Option<BTreeSet<EvidenceId>>,
    /// The action that did not work and that this one follows.
    #[serde(default)]
    pub successor_of: Option<ActionId>,
    /// What it was thought to cost, in minor units.
    #[serde(default)]
    pub planned_cost_minor: Option<i64>,
    /// The currency of that.
    #[serde(default)]
    pub planned_cost_currency: Option<Currency>,
    /// What it did cost, in minor units.
    #[serde(default)]
    pub actual_cost_minor: Option<i64>,
    /// The currency of that.
    #[serde(default)]
    pub actual_cost_currency: Option<Currency>,
    /// The version of the procedure that it was planned under, 0 for the one that comes with the program; none of an
    /// action from before that was kept, or of an import.
    #[serde(default)]
    pub procedure_number: Option<u32>,
    /// The severity whose days counted.
    #[serde(default)]
    pub procedure_severity: Option<Severity>,
    /// The last day on which that version allowed it to be due; never overwritten while it is owed.
    #[serde(default)]
    pub latest_due_on: Option<Date>,
    /// Why that day was chosen: said at least where it is later than that version allows.
    #[serde(default)]
    pub due_reason: Option<Prose>,
    /// The last day on which that version has its effect judged; moves with the due date.
    #[serde(default)]
    pub latest_check_on: Option<Date>,
    /// When its effect was judged.
    #[serde(default)]
    pub judged_on: Option<Date>,
}

/// An action; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action(ActionRecord);

/// One move of the due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueMove {
    /// Its place among the moves of the action, from 1.
    pub number: u32,
    /// The action.
    pub action_id: ActionId,
    /// The date before.
    pub from_on: Date,
    /// The date after.
    pub to_on: Date,
    /// Why.
    pub reason: Prose,
    /// When it was moved.
    pub moved_at: Timestamp,
    /// Who moved it.
    pub moved_by: PersonId,
}

/// What a new action is made of.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// Identity.
    pub id: ActionId,
    /// The next free reference.
    pub reference: ActionRef,
    /// The case that it comes from.
    pub case_id: CaseId,
    /// The lesson that it puts to work.
    pub lesson_id: Option<LessonId>,
    /// What will be done.
    pub title: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Why.
    pub purpose: ActionPurpose,
    /// What it changes.
    pub kind: ActionKind,
    /// The one person who owes it.
    pub owner_id: PersonId,
    /// By when.
    pub due: Due,
    /// Now.
    pub at: Timestamp,
    /// Who plans it.
    pub by: PersonId,
}

/// An action that follows one that did not work.
#[derive(Debug, Clone)]
pub struct Successor {
    /// Identity.
    pub id: ActionId,
    /// The reference.
    pub reference: ActionRef,
    /// What will be done.
    pub title: Line,
    /// The one person who owes it.
    pub owner_id: PersonId,
    /// By when.
    pub due: Due,
    /// Now.
    pub at: Timestamp,
    /// Who plans it.
    pub by: PersonId,
}

impl Action {
    /// Plans an action; its strength follows from its wording and kind.
    #[must_use]
    pub fn plan(new: NewAction) -> Self {
        let (strength, _) = crate::strength::rate(new.title.as_str(), new.kind);
        let mut planned = Self(ActionRecord {
            id: new.id,
            version: 0,
            reference: new.reference,
            case_id: new.case_id,
            lesson_id: new.lesson_id,
            title: new.title,
            description: new.description,
            purpose: new.purpose,
            kind: new.kind,
            strength,
            strength_reason: None,
            owner_id: new.owner_id,
            due_on: new.due.on,
            original_due_on: new.due.on,
            move_count: 0,
            state: ActionState::Open,
            completion: None,
            completed_on: None,
            completed_by: None,
            not_doing_reason: None,
            not_doing_by: None,
            not_doing_until: None,
            created_at: new.at,
            created_by: new.by,
            fields: FieldValues::new(),
            shown_by: None,
            successor_of: None,
            planned_cost_minor: None,
            planned_cost_currency: None,
            actual_cost_minor: None,
            actual_cost_currency: None,
            procedure_number: None,
            procedure_severity: None,
            latest_due_on: None,
            due_reason: None,
            latest_check_on: None,
            judged_on: None,
        });
        planned.run_under(new.due);
        planned
    }

    /// Keeps what the procedure asked for when the date was set.
    fn run_under(&mut self, due: Due) {
        self.0.due_reason = due.reason;
        self.0.procedure_number = due.allowance.map(|allowed| allowed.procedure);
        self.0.procedure_severity = due.allowance.map(|allowed| allowed.severity);
        self.0.latest_due_on = due.allowance.map(|allowed| allowed.latest_due_on);
        self.0.latest_check_on = due.allowance.map(|allowed| allowed.latest_check_on(due.on));
    }

    /// Sets values of the company's own fields.
    #[must_use]
    pub fn with_values(mut self, changes: Vec<FieldChange>) -> Self {
        change_values(&mut self.0.fields, changes);
        self
    }

    /// Takes an action back from what was written down.
    #[must_use]
    pub fn restore(record: ActionRecord) -> Self {
        Self(record)
    }

    /// What it was thought to cost.
    #[must_use]
    pub fn planned_cost(&self) -> Option<Money> {
        self.0.planned_cost_minor.zip(self.0.planned_cost_currency).map(|(minor, c)| Money::new(minor, c))
    }

    /// What it did cost.
    #[must_use]
    pub fn actual_cost(&self) -> Option<Money> {
        self.0.actual_cost_minor.zip(self.0.actual_cost_currency).map(|(minor, c)| Money::new(minor, c))
    }

    /// Whether it was decided not to do it until a day that has passed.
    #[must_use]
    pub fn is_to_decide_again(&self, today: Date) -> bool {
        self.0.state == ActionState::NotDoing && self.0.not_doing_until.is_some_and(|until| until < today)
    }

    /// Whether it is due later than the procedure allowed that it was planned under.
    #[must_use]
    pub fn is_later_than_allowed(&self) -> bool {
        self.0.latest_due_on.is_some_and(|latest| self.0.due_on > latest)
    }

    /// Whether a check on a day would be later than the procedure allows that the action was planned under.
    #[must_use]
    pub fn is_late_check(&self, planned_on: Date) -> bool {
        self.0.latest_check_on.is_some_and(|latest| planned_on > latest)
    }

    /// Whether the action is owed and its date has passed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.0.state.is_finished() && self.0.due_on < today
    }
}

impl Deref for Action {
    type Target = ActionRecord;

    fn deref(&self) -> &ActionRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
