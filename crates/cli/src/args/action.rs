//! Commands on actions.

use clap::{Args, Subcommand};
use nevertwice_domain::action::{ActionKind, ActionPurpose, CheckOutcome};
use nevertwice_domain::money::Money;
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef};
use nevertwice_domain::strength::ActionStrength;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;

use super::day::day;
use super::list::ListArgs;

/// Commands on actions.
#[derive(Debug, Subcommand)]
pub(crate) enum ActionCommand {
    /// Plan an action: one named person owes it by a date.
    New(NewActionArgs),
    /// Show an action with its moves and checks.
    Show {
        /// The action.
        action: ActionRef,
    },
    /// List actions, the most urgent first.
    List(ListArgs),
    /// Begin.
    Start {
        /// The action.
        action: ActionRef,
    },
    /// Move the due date; the original date stays and the move is counted.
    Move {
        /// The action.
        action: ActionRef,
        /// The new date.
        #[arg(value_parser = day)]
        due: Date,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
    /// Hand the action to another owner.
    HandOver {
        /// The action.
        action: ActionRef,
        /// Who owes it from now on.
        owner: Line,
    },
    /// Complete an action of yours, saying what shows it.
    Complete {
        /// The action.
        action: ActionRef,
        /// What was done and what shows it.
        #[arg(long)]
        evidence: Prose,
        /// When; today if unsaid.
        #[arg(long, value_parser = day)]
        on: Option<Date>,
        /// A piece of evidence attached to the action that shows it, by name or id.
        #[arg(long = "shown-by")]
        shown_by: Vec<Line>,
    },
    /// Take a completion back.
    Reopen {
        /// The action.
        action: ActionRef,
    },
    /// Decide that somebody else's action is not done.
    NotDoing {
        /// The action.
        action: ActionRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
        /// Until when that holds.
        #[arg(long, value_parser = day)]
        until: Date,
    },
    /// Decide once more that somebody else's action is not done.
    Renew {
        /// The action.
        action: ActionRef,
        /// Why still not.
        #[arg(long)]
        reason: Prose,
        /// Until when that holds.
        #[arg(long, value_parser = day)]
        until: Date,
    },
    /// Take an action up after all that it was decided not to do.
    TakeUp {
        /// The action.
        action: ActionRef,
        /// By when it is owed now; on the last day that the procedure allows if unsaid.
        #[arg(value_parser = day)]
        due: Option<Date>,
        /// Why now.
        #[arg(long)]
        reason: Prose,
    },
    /// List what it was decided not to do until a day that has passed.
    DecideAgain {
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// Where the list goes on.
        #[arg(long)]
        after: Option<String>,
    },
    /// Say what an action is thought to cost, and what it did cost.
    Cost {
        /// The action.
        action: ActionRef,
        /// What it is thought to cost, such as "1200 EUR".
        #[arg(long)]
        planned: Option<Money>,
        /// What it did cost.
        #[arg(long)]
        actual: Option<Money>,
    },
    /// Rate the strength by hand.
    Strength {
        /// The action.
        action: ActionRef,
        /// eliminate, engineer, detect, procedure or train.
        strength: ActionStrength,
        /// Why it differs from the rule.
        #[arg(long)]
        reason: Prose,
    },
    /// Plan an effectiveness check.
    PlanCheck {
        /// The action.
        action: ActionRef,
        /// What will be measured.
        measure: Prose,
        /// When; on the last day that the procedure allows if unsaid.
        #[arg(long, value_parser = day)]
        on: Option<Date>,
        /// Why then, where it is later than the procedure allows or earlier than planned before.
        #[arg(long)]
        reason: Option<Prose>,
        /// Who is asked to judge: not the owner.
        #[arg(long)]
        by: Option<Line>,
    },
    /// Judge whether somebody else's action works.
    Check {
        /// The action.
        action: ActionRef,
        /// effective, not_effective or too_early.
        outcome: CheckOutcome,
        /// What shows it.
        #[arg(long)]
        evidence: Prose,
        /// Why it can already be told that it works, before the day for which the look was planned.
        #[arg(long)]
        early_reason: Option<Prose>,
        /// When to look again, if it is too early to tell.
        #[arg(long, value_parser = day)]
        again_on: Option<Date>,
        /// What is done next, if it does not work; the same if unsaid.
        #[arg(long)]
        next: Option<Line>,
        /// Who owes that; the same person if unsaid.
        #[arg(long)]
        next_owner: Option<Line>,
        /// By when; on the last day that the procedure allows if unsaid.
        #[arg(long, value_parser = day)]
        next_due: Option<Date>,
        /// Why then, where it is later than the procedure allows.
        #[arg(long)]
        next_due_reason: Option<Prose>,
    },
}

/// What is planned.
#[derive(Debug, Args)]
pub(crate) struct NewActionArgs {
    /// The case that it comes from.
    pub(crate) case: CaseRef,
    /// What will be done.
    pub(crate) title: Line,
    /// Who owes it.
    #[arg(long)]
    pub(crate) owner: Line,
    /// By when; on the last day that the procedure allows if unsaid.
    #[arg(long, value_parser = day)]
    pub(crate) due: Option<Date>,
    /// Why then, where it is later than the procedure allows.
    #[arg(long)]
    pub(crate) due_reason: Option<Prose>,
    /// The lesson that it puts to work.
    #[arg(long)]
    pub(crate) lesson: Option<LessonRef>,
    /// correction, corrective or improvement.
    #[arg(long, default_value = "corrective")]
    pub(crate) purpose: ActionPurpose,
    /// technical, procedural, people, physical or supplier.
    #[arg(long, default_value = "technical")]
    pub(crate) kind: ActionKind,
    /// More about it.
    #[arg(long)]
    pub(crate) description: Option<Prose>,
    /// What will be measured to see whether it works.
    #[arg(long)]
    pub(crate) check: Option<Prose>,
    /// When that will be looked at; on the last day that the procedure allows if unsaid.
    #[arg(long, requires = "check", value_parser = day)]
    pub(crate) check_on: Option<Date>,
    /// Why then, where it is later than the procedure allows.
    #[arg(long, requires = "check_on")]
    pub(crate) check_reason: Option<Prose>,
    /// Who is asked to judge: not the owner.
    #[arg(long, requires = "check")]
    pub(crate) check_by: Option<Line>,
}
