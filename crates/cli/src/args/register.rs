//! Commands for the register as a whole.

use clap::{Args, Subcommand, ValueEnum};
use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_domain::money::Currency;
use nevertwice_domain::settings::TimeZoneName;
use nevertwice_domain::text::Line;

/// What a new register is made of.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The company's name.
    #[arg(long)]
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
}

/// The trail.
#[derive(Debug, Subcommand)]
pub(crate) enum TrailCommand {
    /// Compare every row and every evidence file with the trail.
    Verify,
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
}
