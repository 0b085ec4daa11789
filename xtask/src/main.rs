//! What a developer runs: `cargo xtask <command>`. Every command does its own set-up and says what it does.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's command talks to the terminal it was started from"
)]

mod accept;
mod bench;
mod browser;
mod corpus;
mod generate;
mod interrupt;
mod machine;
mod postgres;
mod program;
mod prove;
mod readiness;
mod steps;
mod test;
mod tidy;
mod web;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// Commands for working on Nevertwice.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the conventions of the tree: directions, absences, sizes, names, documentation, migrations, links.
    Tidy,
    /// Run every gate on both database engines, installing what the machine lacks.
    Test,
    /// Run only the browser tests, installing Chromium, Node and fonts when they are missing.
    Browse,
    /// Take pictures of ten pages of the sample company in light, in dark, on a phone and as printed.
    Screenshots {
        /// Of every page.
        #[arg(long)]
        every: bool,
        /// The folder for them; `target/screenshots` if unsaid.
        folder: Option<PathBuf>,
    },
    /// Run one command with a scratch PostgreSQL behind it, such as `cargo nextest run -p nevertwice-store`.
    WithPostgres {
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Write the reference pages from what the program says about itself.
    Generate {
        /// Write nothing; fail when a page differs.
        #[arg(long)]
        check: bool,
    },
    /// Import a known old register and known VERIS records with the real program, hold the results against facts counted by
    /// hand and from the files, and carry the old register and the sample company to the other engine and back in archives.
    Accept {
        /// The folder with `old_register.csv`, `old_register.xlsx`, `old_register.facts.json`, `veris_records.json` and
        /// `veris_schema_tests.jsonl`.
        #[arg(long)]
        data: PathBuf,
    },
    /// Measure how fast the register is, beside the bare engines doing the same work, or over HTTP beside a bare page.
    Bench(bench::Bench),
    /// Show a promise kept where that takes longer than a test may.
    Prove(prove::Prove),
}

impl Command {
    /// Paths as typed belong to the folder that the developer is in; everything below runs in the workspace's root.
    fn with_full_paths(self) -> anyhow::Result<Command> {
        match self {
            Command::Accept { data } => {
                let full = data.canonicalize().with_context(|| format!("cannot find {}", data.display()))?;
                Ok(Command::Accept { data: full })
            }
            Command::Screenshots { every, folder: Some(folder) } => {
                let full = std::path::absolute(&folder)
                    .with_context(|| format!("cannot find {}", folder.display()))?;
                Ok(Command::Screenshots { every, folder: Some(full) })
            }
            Command::Bench(mut wanted) => {
                wanted.keep = wanted.keep.as_deref().map(std::path::absolute).transpose()?;
                Ok(Command::Bench(wanted))
            }
            other => Ok(other),
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let command = command.with_full_paths()?;
    let root = workspace::root();
    std::env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))?;
    match &command {
        Command::Tidy => tidy::run(&root),
        Command::Test => test::all(&root),
        Command::Browse => browser::browse(&root),
        Command::Screenshots { every, folder } => browser::screenshots(&root, *every, folder.as_deref()),
        Command::WithPostgres { command } => test::with_postgres(command),
        Command::Generate { check } => generate::run(&root, *check),
        Command::Accept { data } => accept::run(data),
        Command::Bench(wanted) => bench::run(&root, wanted),
        Command::Prove(wanted) => prove::run(wanted),
    }
}
