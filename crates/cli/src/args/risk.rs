//! Commands on risks.

use clap::{Args, Subcommand};
use nevertwice_domain::control::ControlRef;
use nevertwice_domain::reference::{CaseRef, LessonRef, RiskRef};
use nevertwice_domain::risk::{Band, Rating, RiskState, Treatment};
use nevertwice_domain::text::{Line, Prose};

/// Commands on risks.
#[derive(Debug, Subcommand)]
pub(crate) enum RiskCommand {
    /// List risks.
    List(RiskListArgs),
    /// Show a risk with every look that was taken at it.
    Show {
        /// The risk.
        risk: RiskRef,
    },
    /// Register a risk with the first look at it.
    New(Box<RiskNewArgs>),
    /// Change the facts of a risk.
    Edit {
        /// The risk.
        risk: RiskRef,
        /// What could happen.
        #[arg(long)]
        title: Option<Line>,
        /// More about it.
        #[arg(long)]
        description: Option<Prose>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<Line>,
        /// mitigate, avoid, share or accept.
        #[arg(long)]
        treatment: Option<Treatment>,
    },
    /// Look at a risk again: what it was before is kept.
    Assess {
        /// The risk.
        risk: RiskRef,
        /// How likely it is now, 1 to 5.
        #[arg(long)]
        likelihood: Rating,
        /// How bad it is now, 1 to 5.
        #[arg(long)]
        impact: Rating,
        /// Why; whoever may read the risk reads it.
        #[arg(long)]
        why: Prose,
        /// The case that asked for it.
        #[arg(long)]
        case: Option<CaseRef>,
        /// The lesson of that case that asked for it.
        #[arg(long, requires = "case")]
        lesson: Option<LessonRef>,
    },
    /// Accept what remains of a risk that is yours.
    Accept {
        /// The risk.
        risk: RiskRef,
    },
    /// Link a control or a case.
    Link {
        /// The risk.
        risk: RiskRef,
        /// A control that keeps it small.
        #[arg(long, required_unless_present = "case")]
        control: Option<ControlRef>,
        /// A case that it is about.
        #[arg(long)]
        case: Option<CaseRef>,
        /// Take the link away.
        #[arg(long)]
        remove: bool,
    },
    /// Close a risk: it is gone.
    Close {
        /// The risk.
        risk: RiskRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
    /// Open a closed risk again.
    Reopen {
        /// The risk.
        risk: RiskRef,
    },
}

/// Which risks.
#[derive(Debug, Args)]
pub(crate) struct RiskListArgs {
    /// open or closed.
    #[arg(long)]
    pub(crate) state: Option<RiskState>,
    /// low, medium, high or `very_high`.
    #[arg(long)]
    pub(crate) band: Option<Band>,
    /// Those that somebody answers for.
    #[arg(long)]
    pub(crate) owner: Option<Line>,
    /// Those that a control keeps small.
    #[arg(long)]
    pub(crate) control: Option<ControlRef>,
    /// Those of which their owner accepted what remains (true), or those that wait for it (false).
    #[arg(long)]
    pub(crate) accepted: Option<bool>,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    /// Where the list goes on.
    #[arg(long)]
    pub(crate) after: Option<RiskRef>,
}

/// A new risk.
#[derive(Debug, Args)]
pub(crate) struct RiskNewArgs {
    /// What could happen, in one line.
    pub(crate) title: Line,
    /// Who answers for it: one person.
    #[arg(long)]
    pub(crate) owner: Line,
    /// How likely it is, 1 to 5.
    #[arg(long)]
    pub(crate) likelihood: Rating,
    /// How bad it is, 1 to 5.
    #[arg(long)]
    pub(crate) impact: Rating,
    /// Why it is so.
    #[arg(long)]
    pub(crate) why: Prose,
    /// mitigate, avoid, share or accept.
    #[arg(long, default_value = "mitigate")]
    pub(crate) treatment: Treatment,
    /// More about it.
    #[arg(long)]
    pub(crate) description: Option<Prose>,
    /// The case that showed it.
    #[arg(long)]
    pub(crate) case: Option<CaseRef>,
    /// The lesson of that case that asked for it.
    #[arg(long, requires = "case")]
    pub(crate) lesson: Option<LessonRef>,
}
