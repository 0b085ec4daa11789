//! Commands on reviews and their whys.

use clap::Subcommand;
use nevertwice_domain::cause::{CauseKind, Confidence, LinkKind, Statement, WhyNumber};
use nevertwice_domain::reference::{CaseRef, ReviewRef};
use nevertwice_domain::review::ReviewKind;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;

use super::day::day;
use super::list::ListArgs;

/// Commands on reviews.
#[derive(Debug, Subcommand)]
pub(crate) enum ReviewCommand {
    /// Open a review of a case.
    New {
        /// The case.
        case: CaseRef,
        /// full, five_whys or light.
        #[arg(long, default_value = "five_whys")]
        kind: ReviewKind,
        /// What went wrong, in the words that the first why asks about; the case's title if unsaid.
        #[arg(long)]
        problem: Option<Statement>,
        /// Who leads it; you if unsaid.
        #[arg(long)]
        facilitator: Option<Line>,
        /// Who takes part.
        #[arg(long = "participant")]
        participants: Vec<Line>,
        /// By when it is to be held; in two weeks if unsaid.
        #[arg(long, value_parser = day)]
        due: Option<Date>,
    },
    /// List reviews, the latest first.
    List(ListArgs),
    /// Show a review with its causes and what to think about next.
    Show {
        /// The review.
        review: ReviewRef,
    },
    /// Set the day.
    Schedule {
        /// The review.
        review: ReviewRef,
        /// The day.
        #[arg(value_parser = day)]
        on: Date,
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
