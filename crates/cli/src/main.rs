//! The nevertwice program: commands, configuration, composition root.

mod answers;
mod args;
mod commands;
mod config;
mod demo;
mod failure;
mod output;
mod session;
mod text;

use std::process::ExitCode;

use nevertwice_service::Kind;

use failure::Failure;

fn main() -> ExitCode {
    let cli = match args::Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let json = cli.global.json;
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}

/// Help and versions go to standard output; a usage error to standard error, as JSON where that was asked for.
fn usage(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|word| word == "--json");
    if json && error.use_stderr() {
        return Failure::new(Kind::Invalid, "usage", error.to_string().trim()).report(json);
    }
    error.exit()
}
