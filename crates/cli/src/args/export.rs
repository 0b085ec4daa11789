//! Commands that carry the register away.

use std::path::PathBuf;

use clap::Subcommand;

/// Commands that carry the register away.
#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// Write everything to plain files: rows, trail, evidence, and pages and sheets for people.
    #[command(after_help = "\
Everything is in it, restricted cases too: guard it like the register. Tokens and keys are not.
Import it with: nevertwice --data NEW-FOLDER import archive DIR")]
    Archive {
        /// The folder to make.
        dir: PathBuf,
        /// Leave out the pages and sheets for people: a file for each case.
        #[arg(long)]
        no_views: bool,
    },
}
