//! The command line: what a person types, parsed once into what the program needs.

mod action;
mod amount;
mod awareness;
mod case;
mod catalogue;
mod control;
mod day;
mod export;
mod import;
mod lesson;
mod list;
mod origin;
mod person;
mod procedure;
mod register;
mod review;
mod risk;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

pub(crate) use action::{ActionCommand, NewActionArgs};
pub(crate) use amount::Amount;
pub(crate) use awareness::AwarenessCommand;
pub(crate) use case::{CaseCommand, EditArgs, EvidenceArgs};
pub(crate) use catalogue::{AssetCommand, FieldCommand, SupplierCommand};
pub(crate) use control::{ControlChangeArgs, ControlCommand};
pub(crate) use export::ExportCommand;
pub(crate) use import::ImportCommand;
pub(crate) use lesson::LessonCommand;
pub(crate) use list::ListArgs;
pub(crate) use origin::{Origin, Origins};
pub(crate) use person::PersonCommand;
pub(crate) use procedure::{ProcedureCommand, ProcedureEditArgs};
pub(crate) use register::{
    BackupCommand, ConfigCommand, IndexCommand, InitArgs, MeasureCommand, ReferenceWhat, SettingsArgs,
    SettingsCommand, TrailCommand, VerifyArgs,
};
pub(crate) use review::{CauseView, ReviewCommand, WhyCommand};
pub(crate) use risk::{RiskCommand, RiskListArgs, RiskNewArgs};
pub(crate) use serve::{DemoArgs, Listen, ServeArgs, WebArgs};

/// A register in which a company learns from every information security incident, event, near miss and weakness.
#[derive(Debug, Parser)]
#[command(
    name = "nevertwice",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  nevertwice init --company \"Example AI\" --time-zone Europe/Berlin
  nevertwice case new \"A dataset bucket was public\"
  nevertwice case list --query 'state:triaged severity:>=high'
  nevertwice action complete ACT-2026-0031 --evidence \"Policy is live, see change 4711\"

Exit codes: 0 ok, 1 error, 2 usage or input, 3 not found, 4 denied, 5 conflict, 6 integrity, 7 temporary."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads a command line.
    ///
    /// # Errors
    /// It is not one of this program's, or help was asked for.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = Self::command().try_get_matches_from(arguments)?;
        let mut cli = Self::from_arg_matches(&matches)?;
        cli.global.origins = Origins::of(&matches);
        Ok(cli)
    }
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The data folder.
    #[arg(
        long,
        global = true,
        env = "NEVERTWICE_DATA",
        default_value = "nevertwice-data",
        value_name = "DIR"
    )]
    pub(crate) data: PathBuf,
    /// The database: sqlite:PATH or postgres://…; nevertwice.db in the data folder if unsaid.
    #[arg(long, global = true, env = "NEVERTWICE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Act as the person whose token is in this file, instead of the operating-system user's person.
    #[arg(long, global = true, env = "NEVERTWICE_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The key that signs checkpoints, if it is kept outside the data folder.
    #[arg(long, global = true, env = "NEVERTWICE_SIGNING_KEY", value_name = "PATH")]
    pub(crate) signing_key: Option<PathBuf>,
    /// Print JSON with a stable schema.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where the settings among these come from.
    #[arg(skip)]
    pub(crate) origins: Origins,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up a register in an empty data folder.
    Init(InitArgs),
    /// Fill a data folder of its own with a sample company of two years, show around and open it in the browser.
    #[command(after_help = "\
The folder is nevertwice-demo, unless --data names another. The sample has its own database in it: --database is refused.")]
    Demo(DemoArgs),
    /// Hold the data folder and answer browsers and commands of this machine until stopped.
    Serve(ServeArgs),
    /// What waits for you, the most urgent first.
    Work,
    /// Cases: report, look at, edit, decide, close.
    #[command(subcommand)]
    Case(CaseCommand),
    /// The incident management procedure: read it, write it, approve it, hold it against what is done.
    #[command(subcommand)]
    Procedure(ProcedureCommand),
    /// Reviews: open, hold, submit, approve.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// The 5 Whys ladder of a review.
    #[command(subcommand)]
    Why(WhyCommand),
    /// Lessons: draft, share, approve.
    #[command(subcommand)]
    Lesson(LessonCommand),
    /// Controls: the Statement of Applicability, how they did on cases, what changed in them.
    #[command(subcommand)]
    Control(ControlCommand),
    /// Risks: register, look at again, accept what remains.
    #[command(subcommand)]
    Risk(RiskCommand),
    /// Actions: plan, move, complete, check.
    #[command(subcommand)]
    Action(ActionCommand),
    /// Awareness items: publish what a lesson tells people, acknowledge it.
    #[command(subcommand)]
    Awareness(AwarenessCommand),
    /// People, teams and their tokens.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Suppliers.
    #[command(subcommand)]
    Supplier(SupplierCommand),
    /// AI assets and their versions.
    #[command(subcommand)]
    Asset(AssetCommand),
    /// Company-defined fields.
    #[command(subcommand)]
    Field(FieldCommand),
    /// Bring cases in from an old register, or a whole register from an archive.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Carry the whole register away.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Search every kind of record.
    Search {
        /// The query, such as: phishing state:closed "mail filter"
        #[arg(required = true)]
        query: Vec<String>,
        /// How many at most.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// How many to pass over.
        #[arg(long, default_value_t = 0)]
        offset: usize,
    },
    /// Figures.
    #[command(subcommand)]
    Measure(MeasureCommand),
    /// The trail: is everything as it was entered?
    #[command(subcommand)]
    Trail(TrailCommand),
    /// Backups: make, verify, restore.
    #[command(subcommand)]
    Backup(BackupCommand),
    /// The company's name, time zone, currency and words.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Is the register in good health?
    Doctor,
    /// The search index.
    #[command(subcommand)]
    Index(IndexCommand),
    /// Where settings come from.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print shell completions; a script, never JSON.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual pages of all commands, one after another, or write each to a file; never JSON.
    Man {
        /// The folder to write a page for each command to, such as nevertwice-case-new.1.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Print a page of the reference documentation, in Markdown.
    #[command(hide = true)]
    Reference {
        /// Which page.
        what: ReferenceWhat,
    },
}
