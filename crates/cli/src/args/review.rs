//! Commands on reviews and their whys.

use clap::{Args, Subcommand};
use nevertwice_domain::action::ActionKind;
use nevertwice_domain::cause::{BranchEnd, CauseKind, Confidence, LinkKind, Statement, WhyNumber};
use nevertwice_domain::reference::{CaseRef, LessonRef, ReviewRef};
use nevertwice_domain::review::{Followed, ReviewKind};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_service::review::CauseName;

use super::day::day;
use super::list::ListArgs;

/// Commands on reviews.
#[derive(Debug, Subcommand)]
pub(crate) enum ReviewCommand {
    /// Open a review of a case.
    New {
        /// The case.
        case: CaseRef,
        /// full, five_whys or light; as deep as the procedure asks for if unsaid, and never less.
        #[arg(long)]
        kind: Option<ReviewKind>,
        /// What went wrong, in the words that the first why asks about; the case's title if unsaid.
        #[arg(long)]
        problem: Option<Statement>,
        /// Who leads it; you if unsaid.
        #[arg(long)]
        facilitator: Option<Line>,
        /// Who takes part.
        #[arg(long = "participant")]
        participants: Vec<Line>,
        /// By when it is to be held; when the procedure asks for it if unsaid.
        #[arg(long, value_parser = day)]
        due: Option<Date>,
        /// A further case that is looked at in the same sitting.
        #[arg(long = "also")]
        also: Vec<CaseRef>,
        /// The review is about what these cases have in common.
        #[arg(long, requires = "also")]
        trend: bool,
    },
    /// List reviews, the latest first.
    List(ListArgs),
    /// Show a review with its causes and what to think about next.
    Show {
        /// The review.
        review: ReviewRef,
        /// How the causes are shown: ladder, tree or prose.
        #[arg(long, default_value = "ladder")]
        view: CauseView,
    },
    /// Write down a look for earlier cases like the one under review; none found is an answer.
    Similar {
        /// The review.
        review: ReviewRef,
        /// What follows.
        #[arg(long)]
        finding: Prose,
        /// The words or filters that were searched with.
        #[arg(long)]
        searched: Option<Line>,
        /// An earlier case that has the same cause.
        #[arg(long = "same-cause", value_name = "CASE")]
        same_cause: Vec<CaseRef>,
        /// An earlier case that is alike, from another cause.
        #[arg(long, value_name = "CASE")]
        similar: Vec<CaseRef>,
        /// An earlier case that only looked alike.
        #[arg(long, value_name = "CASE")]
        unrelated: Vec<CaseRef>,
    },
    /// Set the day.
    Schedule {
        /// The review.
        review: ReviewRef,
        /// The day.
        #[arg(value_parser = day)]
        on: Date,
        /// What those who take part are asked beforehand.
        #[arg(long = "question")]
        questions: Vec<Line>,
    },
    /// Say how the response went.
    Evaluate {
        /// The review.
        review: ReviewRef,
        /// What went well and should be kept.
        #[arg(long)]
        went_well: Prose,
        /// Where it was luck that it did not get worse.
        #[arg(long)]
        was_lucky: Option<Prose>,
        /// What surprised those who know how the work is done.
        #[arg(long)]
        surprised: Option<Prose>,
        /// Whether the procedure was followed: yes, partly or no.
        #[arg(long)]
        followed: Followed,
        /// Where it was not, and what made that sensible.
        #[arg(long)]
        deviations: Option<Prose>,
    },
    /// Write a light review in one step: why, what was learned, what will be done.
    Light {
        /// The review.
        review: ReviewRef,
        /// Why it happened.
        #[arg(long)]
        cause: Statement,
        /// What shows it.
        #[arg(long)]
        evidence: Option<Prose>,
        /// What was learned.
        #[arg(long, required_unless_present = "known_lesson")]
        lesson: Option<Line>,
        /// The lesson that is there already.
        #[arg(long, conflicts_with = "lesson")]
        known_lesson: Option<LessonRef>,
        /// What will be done.
        #[arg(long)]
        action: Line,
        /// technical, procedural, people, physical or supplier.
        #[arg(long)]
        action_kind: ActionKind,
        /// The one person who owes it; you if unsaid.
        #[arg(long)]
        owner: Option<Line>,
        /// By when; on the last day that the procedure allows if unsaid.
        #[arg(long, value_parser = day)]
        due: Option<Date>,
        /// Why then, where it is later than the procedure allows.
        #[arg(long)]
        due_reason: Option<Prose>,
    },
    /// Say that it took place.
    Hold {
        /// The review.
        review: ReviewRef,
        /// When; as it stands, or today, if unsaid.
        #[arg(long, value_parser = day)]
        on: Option<Date>,
        /// Everybody who took part; those who were to, if unsaid.
        #[arg(long = "participant")]
        participants: Vec<Line>,
        /// What was said.
        #[arg(long)]
        minutes: Option<Prose>,
    },
    /// Submit the causes for approval; refused with a question where the wording rules block.
    Submit {
        /// The review.
        review: ReviewRef,
    },
    /// Approve a submitted review of somebody else.
    Approve {
        /// The review.
        review: ReviewRef,
    },
    /// Send a submitted review back to work.
    SendBack {
        /// The review.
        review: ReviewRef,
        /// What is missing; a comment on the case says so.
        #[arg(long)]
        reason: Prose,
    },
    /// Declare a review not needed.
    Waive {
        /// The review.
        review: ReviewRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
}

/// How the causes of a review are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CauseView {
    /// One line each, numbered.
    Ladder,
    /// Each below what it explains.
    Tree,
    /// In sentences.
    Prose,
}

/// The 5 Whys ladder.
#[derive(Debug, Subcommand)]
pub(crate) enum WhyCommand {
    /// Answer a why: at the end of the first branch, unless you say where.
    Add {
        /// The review.
        review: ReviewRef,
        /// The answer.
        statement: Statement,
        /// The number of the why that this answer explains.
        #[arg(long, conflicts_with = "of_problem")]
        under: Option<WhyNumber>,
        /// A new branch from the problem itself.
        #[arg(long)]
        of_problem: bool,
        /// event, condition, decision, control, detection, response, mitigator or organisational_factor.
        #[arg(long)]
        kind: Option<CauseKind>,
        /// confirmed, likely or assumed.
        #[arg(long)]
        confidence: Option<Confidence>,
        /// What shows it.
        #[arg(long)]
        evidence: Option<Prose>,
        /// made_possible, made_more_likely, made_worse, delayed_detection or limited.
        #[arg(long)]
        link: Option<LinkKind>,
        /// The number of a further why that it explains; 0 is the problem.
        #[arg(long, value_name = "NUMBER")]
        also: Vec<CauseName>,
        /// One of the company's categories of causes.
        #[arg(long)]
        category: Option<Line>,
        #[command(flatten)]
        end: EndArgs,
    },
    /// Change a why.
    Edit {
        /// The review.
        review: ReviewRef,
        /// Its number.
        number: WhyNumber,
        /// The answer.
        #[arg(long)]
        statement: Option<Statement>,
        /// What it is.
        #[arg(long)]
        kind: Option<CauseKind>,
        /// confirmed, likely or assumed.
        #[arg(long)]
        confidence: Option<Confidence>,
        /// What shows it.
        #[arg(long)]
        evidence: Option<Prose>,
        /// Mark it as the primary cause.
        #[arg(long)]
        primary: bool,
        /// One of the company's categories of causes.
        #[arg(long)]
        category: Option<Line>,
        #[command(flatten)]
        end: EndArgs,
    },
    /// Say that a why explains something else too.
    Link {
        /// The review.
        review: ReviewRef,
        /// The number of the cause.
        cause: CauseName,
        /// The number of the effect; 0 is the problem.
        effect: CauseName,
        /// made_possible, made_more_likely, made_worse, delayed_detection or limited.
        #[arg(long)]
        kind: Option<LinkKind>,
        /// confirmed, likely or assumed, where that differs from the cause's own.
        #[arg(long)]
        confidence: Option<Confidence>,
        /// What shows it.
        #[arg(long)]
        evidence: Option<Prose>,
    },
    /// Change what a why did to another, be it on the ladder or not.
    EditLink {
        /// The review.
        review: ReviewRef,
        /// The number of the cause.
        cause: CauseName,
        /// The number of the effect; 0 is the problem.
        effect: CauseName,
        /// made_possible, made_more_likely, made_worse, delayed_detection or limited.
        #[arg(long)]
        kind: Option<LinkKind>,
        /// confirmed, likely or assumed.
        #[arg(long)]
        confidence: Option<Confidence>,
        /// What shows it.
        #[arg(long)]
        evidence: Option<Prose>,
    },
    /// Take a link away that is not the place of a why on the ladder.
    Unlink {
        /// The review.
        review: ReviewRef,
        /// The number of the cause.
        cause: CauseName,
        /// The number of the effect; 0 is the problem.
        effect: CauseName,
    },
    /// Set aside what is asked of a why; it is asked again when the why is worded anew.
    Dismiss {
        /// The review.
        review: ReviewRef,
        /// The number of the why.
        number: CauseName,
        /// What is asked, by the name that review show gives it.
        rule: Line,
        /// Why it does not matter here.
        #[arg(long)]
        reason: Prose,
    },
    /// Remove a why with everything under it.
    Remove {
        /// The review.
        review: ReviewRef,
        /// Its number.
        number: WhyNumber,
    },
    /// Move a why with everything under it.
    Move {
        /// The review.
        review: ReviewRef,
        /// Its number.
        number: WhyNumber,
        /// The number of the why that it is to explain; the problem if unsaid.
        #[arg(long)]
        under: Option<WhyNumber>,
        /// Its place among the answers there, from 0; the last if unsaid.
        #[arg(long)]
        position: Option<usize>,
    },
}

/// What is said of the end of a branch.
#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// What the company would change, if the branch ends here.
    #[arg(long, value_name = "WHAT", conflicts_with = "accepted")]
    changeable: Option<Prose>,
    /// Why it cannot be changed and is accepted, if the branch ends here.
    #[arg(long, value_name = "WHY")]
    accepted: Option<Prose>,
}

impl EndArgs {
    /// What was said, if anything was.
    pub(crate) fn end(self) -> Option<BranchEnd> {
        let changeable = self.changeable.map(|note| BranchEnd { changeable: true, note });
        changeable.or(self.accepted.map(|note| BranchEnd { changeable: false, note }))
    }
}
