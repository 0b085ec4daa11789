//! Commands on cases.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use nevertwice_domain::case::{
    Class, CostBasis, CostKind, Decision, DetectionSource, Impact, ImpactLevel, LoopLink, Severity, Tag,
    TimelineKind,
};
use nevertwice_domain::field::FieldKey;
use nevertwice_domain::reference::{ActionRef, CaseRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_domain::when::When;

use super::amount::Amount;
use super::day::day;
use super::list::ListArgs;

/// Commands on cases.
#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// Report a case.
    New {
        /// What happened, in one line.
        title: Line,
        /// What happened, in Markdown.
        #[arg(long)]
        summary: Option<Prose>,
        /// event, weakness, near_miss or incident.
        #[arg(long)]
        class: Option<Class>,
        /// 1 (least) to 5 (worst), or info, low, medium, high, critical.
        #[arg(long)]
        severity: Option<Severity>,
        /// When it happened: 2026, 2026-03, 2026-03-17 or 2026-03-17T10:22+02:00.
        #[arg(long)]
        occurred: Option<When>,
        /// When it was noticed.
        #[arg(long)]
        detected: Option<When>,
        /// When it was reported; now if unsaid.
        #[arg(long)]
        reported: Option<When>,
        /// Who reported it; you if unsaid.
        #[arg(long)]
        reporter: Option<Line>,
        /// A file that shows it; may be given ten times, each at most 25 MB.
        #[arg(long = "attach", value_name = "FILE")]
        attachments: Vec<PathBuf>,
    },
    /// Show a case as one story.
    Show {
        /// The case.
        case: CaseRef,
    },
    /// List cases, the latest first.
    List {
        #[command(flatten)]
        list: ListArgs,
        /// registered, reference, reported, severity, due or relevance; a - before it turns it round.
        #[arg(long, allow_hyphen_values = true)]
        sort: Option<String>,
    },
    /// Edit facts of a case.
    Edit(Box<EditArgs>),
    /// Decide class and severity; the first time this is the triage.
    Classify {
        /// The case.
        case: CaseRef,
        /// event, weakness, near_miss or incident.
        class: Class,
        /// 1 to 5.
        #[arg(long)]
        severity: Option<Severity>,
        /// Category.
        #[arg(long)]
        category: Option<Line>,
    },
    /// The event decision (A.5.25): is it an information security incident?
    Decide {
        /// The case.
        case: CaseRef,
        /// incident or not_an_incident.
        decision: Decision,
        /// The criteria applied.
        #[arg(long)]
        criteria: Prose,
    },
    /// Start working on a case.
    Respond {
        /// The case.
        case: CaseRef,
        /// Who; you if unsaid.
        #[arg(long)]
        responder: Option<Line>,
    },
    /// Service is as before.
    Resolve {
        /// The case.
        case: CaseRef,
        /// When; now if unsaid.
        #[arg(long)]
        at: Option<When>,
    },
    /// Declare a case void; its number stays visible.
    Void {
        /// The case.
        case: CaseRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
    /// Declare that a link of the case's loop is not needed; somebody else approves it.
    Declare {
        /// The case.
        case: CaseRef,
        /// review, causes, similar, lessons, actions, effectiveness, controls or risks.
        link: LoopLink,
        /// Why it is not needed.
        #[arg(long)]
        reason: Prose,
    },
    /// Agree that a link of the case's loop is not needed; never whoever declared it.
    ApproveDeclaration {
        /// The case.
        case: CaseRef,
        /// The link.
        link: LoopLink,
    },
    /// Take back that a link of the case's loop is not needed.
    RemoveDeclaration {
        /// The case.
        case: CaseRef,
        /// The link.
        link: LoopLink,
    },
    /// Comment on a case.
    Comment {
        /// The case.
        case: CaseRef,
        /// What to say.
        text: Prose,
        /// Ask whoever reported the case without an account; they see it by their receipt.
        #[arg(long)]
        to_reporter: bool,
    },
    /// Add an entry to the timeline.
    Timeline {
        /// The case.
        case: CaseRef,
        /// occurred, detected, diagnosed, contained, recovered or key_moment.
        #[arg(long, default_value = "key_moment")]
        kind: TimelineKind,
        /// When it happened.
        #[arg(long)]
        at: When,
        /// What happened.
        text: Prose,
        /// Where we know it from.
        #[arg(long)]
        source: Option<Line>,
    },
    /// Add a cost.
    Cost {
        /// The case.
        case: CaseRef,
        /// response_labour, downtime, legal, regulatory, customer, retraining, supplier, equipment or other.
        kind: CostKind,
        /// The amount, such as "1250.00 EUR"; without a currency it is in the company's (settings show).
        #[arg(long, allow_hyphen_values = true)]
        amount: Option<Amount>,
        /// estimate or actual.
        #[arg(long, default_value = "actual")]
        basis: CostBasis,
        /// Labour in minutes, at --rate.
        #[arg(long)]
        minutes: Option<u32>,
        /// Rate per hour of labour, such as "95.00 EUR" or 95.
        #[arg(long)]
        rate: Option<Amount>,
        /// Lower end of an estimate.
        #[arg(long)]
        minimum: Option<Amount>,
        /// Upper end of an estimate.
        #[arg(long)]
        maximum: Option<Amount>,
        /// The day it is counted at.
        #[arg(long, value_parser = day)]
        on: Option<Date>,
        /// Anything worth knowing.
        #[arg(long)]
        note: Option<Prose>,
    },
    /// Add evidence: a file or a link.
    Evidence(EvidenceArgs),
    /// Restrict a case to a need-to-know list, or open it again.
    Restrict {
        /// The case.
        case: CaseRef,
        /// Who may know of it besides you.
        #[arg(long = "reader")]
        readers: Vec<Line>,
        /// Open it to everybody again.
        #[arg(long, conflicts_with = "readers")]
        open: bool,
    },
    /// Make a case a part of an incident, or a case of its own again.
    PartOf {
        /// The case.
        case: CaseRef,
        /// The incident; none makes it a case of its own.
        parent: Option<CaseRef>,
    },
    /// Close a case whose loop is complete; says what is missing otherwise.
    Close {
        /// The case.
        case: CaseRef,
    },
    /// Open a closed case again.
    Reopen {
        /// The case.
        case: CaseRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
        /// Back to the response instead of the review.
        #[arg(long)]
        to_response: bool,
    },
    /// Cases like this one, with the reasons why.
    Similar {
        /// The case.
        case: CaseRef,
        /// How many at most.
        #[arg(long, default_value_t = 5)]
        limit: usize,
    },
    /// Settle a gap that an import left.
    Gap {
        /// The case.
        case: CaseRef,
        /// The gap's id, or the end of it.
        gap: String,
        /// What was done, or why it is left.
        #[arg(long)]
        settlement: Prose,
        /// Leave it as it is.
        #[arg(long)]
        dismiss: bool,
    },
}

/// Evidence to add.
#[derive(Debug, Args)]
pub(crate) struct EvidenceArgs {
    /// The case.
    pub(crate) case: CaseRef,
    /// The file.
    #[arg(long, required_unless_present = "link", conflicts_with = "link")]
    pub(crate) file: Option<PathBuf>,
    /// The link.
    #[arg(long)]
    pub(crate) link: Option<Line>,
    /// What it is called; the file's name if unsaid.
    #[arg(long)]
    pub(crate) name: Option<Line>,
    /// What it shows and how it was handled.
    #[arg(long)]
    pub(crate) custody: Option<Prose>,
    /// When it was collected; now if unsaid.
    #[arg(long)]
    pub(crate) collected: Option<When>,
    /// The action whose completion it shows.
    #[arg(long)]
    pub(crate) action: Option<ActionRef>,
    /// It must not be erased.
    #[arg(long)]
    pub(crate) legal_hold: bool,
}

/// Facts to change.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// The case.
    pub(crate) case: CaseRef,
    /// The version that you saw; refused if somebody else changed the case since.
    #[arg(long)]
    pub(crate) version: Option<u64>,
    /// A new title.
    #[arg(long)]
    pub(crate) title: Option<Line>,
    /// A new summary.
    #[arg(long)]
    pub(crate) summary: Option<Prose>,
    /// 1 to 5.
    #[arg(long)]
    pub(crate) severity: Option<Severity>,
    /// Category.
    #[arg(long)]
    pub(crate) category: Option<Line>,
    /// A tag to add.
    #[arg(long = "tag")]
    pub(crate) add_tags: Vec<Tag>,
    /// A tag to take away.
    #[arg(long = "untag")]
    pub(crate) remove_tags: Vec<Tag>,
    /// When it happened.
    #[arg(long)]
    pub(crate) occurred: Option<When>,
    /// When it was noticed.
    #[arg(long)]
    pub(crate) detected: Option<When>,
    /// When it was reported.
    #[arg(long)]
    pub(crate) reported: Option<When>,
    /// When somebody took it on.
    #[arg(long)]
    pub(crate) acknowledged: Option<When>,
    /// When it could do no more harm.
    #[arg(long)]
    pub(crate) contained: Option<When>,
    /// When service was as before.
    #[arg(long)]
    pub(crate) resolved: Option<When>,
    /// internal, external or supplier.
    #[arg(long)]
    pub(crate) detection: Option<DetectionSource>,
    /// How it was noticed.
    #[arg(long)]
    pub(crate) detection_method: Option<Line>,
    /// Impact as it turned out: confidentiality,integrity,availability, each none, low, moderate or high.
    #[arg(long, value_parser = impact, value_name = "C,I,A")]
    pub(crate) impact: Option<Impact>,
    /// Impact as feared at first, in the same form.
    #[arg(long, value_parser = impact, value_name = "C,I,A")]
    pub(crate) impact_initial: Option<Impact>,
    /// The AI impact block, from a TOML file; its fields are in docs/reference/ai-impact.md.
    #[arg(long, value_name = "FILE")]
    pub(crate) ai_impact: Option<PathBuf>,
    /// Somebody to put to work on it.
    #[arg(long = "responder")]
    pub(crate) add_responders: Vec<Line>,
    /// Somebody to take off it.
    #[arg(long = "not-responder")]
    pub(crate) remove_responders: Vec<Line>,
    /// A supplier to link.
    #[arg(long = "supplier")]
    pub(crate) add_suppliers: Vec<Line>,
    /// A supplier to unlink.
    #[arg(long = "not-supplier")]
    pub(crate) remove_suppliers: Vec<Line>,
    /// An asset to link, with its version as ASSET@VERSION where known.
    #[arg(long = "asset")]
    pub(crate) add_assets: Vec<String>,
    /// An asset to unlink.
    #[arg(long = "not-asset")]
    pub(crate) remove_assets: Vec<Line>,
    /// A value of a company field, as KEY=VALUE; an empty value clears it.
    #[arg(long = "field", value_parser = key_value)]
    pub(crate) fields: Vec<(FieldKey, Option<Prose>)>,
    /// A fact to clear: summary, severity, category, occurred, detected, reported, acknowledged, contained,
    /// resolved, detection, detection-method or ai-impact.
    #[arg(long = "clear")]
    pub(crate) clear: Vec<String>,
}

/// Reads KEY=VALUE; an empty value clears.
pub(super) fn key_value(text: &str) -> Result<(FieldKey, Option<Prose>), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    let key = FieldKey::parse(key).map_err(|error| error.to_string())?;
    if value.trim().is_empty() {
        return Ok((key, None));
    }
    Prose::parse(value).map(|value| (key, Some(value))).map_err(|error| format!("the value {error}"))
}

fn impact(text: &str) -> Result<Impact, String> {
    let levels: Vec<&str> = text.split(',').map(str::trim).collect();
    let [confidentiality, integrity, availability] = levels[..] else {
        return Err("expected three levels with commas, such as none,low,high".to_owned());
    };
    let level = |text: &str| text.parse::<ImpactLevel>().map(Some).map_err(|error| error.to_string());
    Ok(Impact {
        confidentiality: level(confidentiality)?,
        integrity: level(integrity)?,
        availability: level(availability)?,
    })
}
