//! Commands that bring cases in.

use std::path::PathBuf;

use clap::Subcommand;
use nevertwice_domain::reference::ImportRef;
use nevertwice_domain::text::Prose;

/// Commands that bring cases in.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Import an old register from CSV or XLSX; every row has a fate, nothing is dropped silently.
    Spreadsheet {
        /// The file.
        file: PathBuf,
        /// A mapping file instead of the guess or the remembered mapping; --dry-run prints one to begin with.
        #[arg(long, value_name = "FILE")]
        map: Option<PathBuf>,
        /// Which sheet of a workbook.
        #[arg(long)]
        sheet: Option<String>,
        /// Order of day, month and year where a column leaves it open.
        #[arg(long, value_parser = ["dmy", "mdy", "ymd"])]
        date_order: Option<String>,
        /// Which end of a numeric severity scale is worst.
        #[arg(long, value_parser = ["high", "low"])]
        severity_worst: Option<String>,
        /// Apply rows that differ from an earlier file.
        #[arg(long)]
        update: bool,
        /// Show what would happen; change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Import incidents written in VERIS (JSON); every record has a fate, nothing is dropped silently.
    Veris {
        /// A file (a list of records, or one per line), or a folder of files that end in .json or .jsonl.
        path: PathBuf,
        /// Reject records that do not fulfil VERIS 1.4.1, instead of keeping what is not known as gaps.
        #[arg(long)]
        strict: bool,
        /// Apply records that differ from an earlier file.
        #[arg(long)]
        update: bool,
        /// Show what would happen; change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Make an archive a register again, in a data folder and database without one.
    #[command(after_help = "\
Nothing is imported unless every line, every file, the trail and every row with it are as they were written.
Run no init first: the register keeps its id, its numbers and its trail.")]
    Archive {
        /// The archive.
        dir: PathBuf,
        /// Make a new signing key if none is in place; readers of checkpoints then need its public half.
        #[arg(long)]
        new_key: bool,
    },
    /// List import runs.
    Runs,
    /// Take an import back: its cases become void for one reason.
    Undo {
        /// The run.
        run: ImportRef,
        /// Why.
        #[arg(long)]
        reason: Prose,
    },
}
