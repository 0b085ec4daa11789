//! The nevertwice program: commands, configuration, composition root.

mod answers;
mod args;
mod commands;
mod config;
mod demo;
mod failure;
mod mail;
mod output;
mod session;
mod text;
mod web;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use nevertwice_service::Kind;

use failure::Failure;

/// The C library's allocator keeps what a thread freed for that thread: after some sign-ins every thread of the server
/// held the memory of a password hash.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many characters of what was typed an error quotes.
const QUOTED: usize = 60;

fn main() -> ExitCode {
    let cli = match args::Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return usage(&shortened(error)),
    };
    let json = cli.global.json;
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}

/// What was typed is quoted by its beginning only: a page that was pasted as a title would bury what is wrong with it.
fn shortened(mut error: clap::Error) -> clap::Error {
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::InvalidSubcommand] {
        let Some(ContextValue::String(quoted)) = error.get(kind) else { continue };
        if quoted.chars().count() > QUOTED {
            let short: String = quoted.chars().take(QUOTED).chain(['…']).collect();
            error.insert(kind, ContextValue::String(short));
        }
    }
    error
}

/// Help and versions go to standard output; a usage error to standard error, as JSON where that was asked for.
fn usage(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|word| word == "--json");
    if json && error.use_stderr() {
        return Failure::new(Kind::Invalid, "usage", error.to_string().trim()).report(json);
    }
    error.exit()
}
