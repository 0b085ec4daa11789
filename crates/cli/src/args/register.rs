//! Commands for the register as a whole.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_domain::money::Currency;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::settings::TimeZoneName;
use nevertwice_domain::text::Line;
use nevertwice_service::search::LoopGroup;

/// What a new register is made of.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The company's name; it can be changed later with settings edit.
    #[arg(long, default_value = "Our company")]
    pub(crate) company: Line,
    /// IANA time zone: borders of days and years.
    #[arg(long, default_value = "UTC")]
    pub(crate) time_zone: TimeZoneName,
    /// Currency of amounts without one, ISO 4217.
    #[arg(long, default_value = "EUR")]
    pub(crate) currency: Currency,
    /// Your name; your operating-system user name if unsaid.
    #[arg(long)]
    pub(crate) person: Option<Line>,
}

/// The company's settings.
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show the settings.
    Show,
    /// Change settings.
    Edit(SettingsArgs),
}

/// Settings to change.
#[derive(Debug, Args)]
pub(crate) struct SettingsArgs {
    /// The company's name.
    #[arg(long)]
    pub(crate) company: Option<Line>,
    /// IANA time zone: borders of days and years.
    #[arg(long)]
    pub(crate) time_zone: Option<TimeZoneName>,
    /// Currency of amounts without one, ISO 4217.
    #[arg(long)]
    pub(crate) currency: Option<Currency>,
    /// The company's words for severity 1 to 5, with commas: info,low,medium,high,critical
    #[arg(long, value_delimiter = ',')]
    pub(crate) severity_words: Vec<Line>,
    /// The company's words for how likely a risk is, 1 to 5, with commas.
    #[arg(long, value_delimiter = ',')]
    pub(crate) likelihood_words: Vec<Line>,
    /// The company's words for how bad a risk is, 1 to 5, with commas.
    #[arg(long, value_delimiter = ',')]
    pub(crate) impact_words: Vec<Line>,
    /// A category to add.
    #[arg(long = "category")]
    pub(crate) add_categories: Vec<Line>,
    /// A category to take off the list; cases keep theirs.
    #[arg(long = "not-category")]
    pub(crate) remove_categories: Vec<Line>,
    /// A category of causes to add.
    #[arg(long = "cause-category")]
    pub(crate) add_cause_categories: Vec<Line>,
    /// A category of causes to take off the list; causes keep theirs.
    #[arg(long = "not-cause-category")]
    pub(crate) remove_cause_categories: Vec<Line>,
    /// Whether whoever has no account may report: yes or no.
    #[arg(long, value_name = "YES|NO", value_parser = clap::builder::BoolishValueParser::new())]
    pub(crate) open_reporting: Option<bool>,
}

/// Figures.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasureCommand {
    /// Count cases.
    Volume {
        /// By what: year, month, class, category, severity, state, origin, decision; several with commas.
        #[arg(long, value_delimiter = ',', required = true)]
        by: Vec<Dimension>,
        /// Under which date a case is counted: earliest, reported, occurred, detected, registered.
        #[arg(long, default_value = "earliest")]
        date: DateBasis,
        /// Which cases.
        #[arg(long, default_value = "")]
        query: String,
        /// Count the whole register, not only what you may see.
        #[arg(long)]
        register: bool,
    },
    /// Tell how far cases have come in their loops: the loop score and the funnel.
    Loop {
        /// What the score is told apart by: category, owner, class, severity.
        #[arg(long, default_value = "category")]
        by: LoopGroup,
        /// Which cases.
        #[arg(long, default_value = "")]
        query: String,
    },
}

/// What `trail verify` compares, and what it does not.
const COVERED: &str = "\
Compared are every row of the tables that the trail covers, every evidence file and every logged checkpoint; the counters
are compared with the references in use.
Not covered are the tables store_info, import_rows, import_profiles and schema_migrations.";

/// The trail.
#[derive(Debug, Subcommand)]
pub(crate) enum TrailCommand {
    /// Compare what the trail covers with the trail; or verify a bundle.
    #[command(after_help = COVERED)]
    Verify(VerifyArgs),
    /// Sign the size and root of the trail; keep what is printed outside.
    Checkpoint,
    /// Write a bundle that proves the register, or some cases, to somebody who has nothing but the key.
    Export {
        /// A case, with its reviews, lessons and actions; may be given several times. The whole register if unsaid.
        #[arg(long = "case", value_name = "REF")]
        cases: Vec<CaseRef>,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// What to verify.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Verify this bundle, offline: no register is needed.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) bundle: Option<PathBuf>,
    /// The verifier key, as a file or as its text, obtained by another way than the bundle.
    #[arg(long, value_name = "KEY", requires = "bundle")]
    pub(crate) key: Option<String>,
    /// A checkpoint kept from earlier: the bundle must begin with exactly its entries.
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) previous: Option<PathBuf>,
}

/// Backups.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Make a backup: the database, the evidence files, the log of checkpoints.
    Create {
        /// The folder to make; backups/TIME in the data folder if unsaid.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Put the signing key in too; whoever has the backup can then sign as the register.
        #[arg(long)]
        with_keys: bool,
    },
    /// Prove that a backup can be restored, in a scratch place.
    Verify {
        /// The backup.
        backup: PathBuf,
    },
    /// Restore a backup into a data folder and database without a register.
    Restore {
        /// The backup.
        backup: PathBuf,
        /// Restore even if the log of checkpoints in the data folder knows a longer history.
        #[arg(long)]
        confirm_shorter: bool,
    },
}

/// The search index.
#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Make the index anew from the store.
    Rebuild,
}

/// Settings of this program.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every setting with where it comes from.
    Show,
    /// Check that the settings can be used.
    Check,
}

/// Pages of the reference documentation.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReferenceWhat {
    /// Every command with its options.
    Cli,
    /// The schemas of what --json prints.
    Json,
    /// Who may do what.
    Permissions,
    /// Who may ask which address of the server.
    AccessMatrix,
    /// The description of the API, as JSON.
    Openapi,
}
