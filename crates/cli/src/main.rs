//! The nevertwice program: commands, configuration, composition root.

mod args;
mod commands;
mod config;
mod demo;
mod failure;
mod output;
mod session;
mod text;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    let json = cli.global.json;
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}
