//! From what was typed to the use case, and from its outcome to what is printed.

mod action;
mod awareness;
mod backup;
mod case;
mod catalogue;
mod control;
mod demo;
mod docs;
mod export;
mod import;
mod lesson;
mod person;
mod procedure;
mod register;
mod review;
mod risk;
mod serve;
mod settings;
mod trail;

pub(crate) use demo::SampleView;
pub(crate) use register::{Checked, Founded};

use crate::args::{Cli, Command, TrailCommand};
use crate::failure::Failure;
use crate::session::Session;

/// Runs a command.
///
/// # Errors
/// What the command reports.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let json = cli.global.json;
    // These need no register.
    match &cli.command {
        Command::Completions { .. } | Command::Man { .. } | Command::Reference { .. } if json => {
            return Err(docs::no_json());
        }
        Command::Completions { shell } => return docs::completions(*shell),
        Command::Man { dir } => return docs::man(dir.as_deref()),
        Command::Reference { what } => return docs::reference(*what),
        Command::Trail(TrailCommand::Verify(args)) if args.bundle.is_some() => {
            return trail::verify_bundle(args, json);
        }
        _ => {}
    }
    let session = Session::new(&cli.global)?;
    match cli.command {
        Command::Init(args) => register::init(&session, args),
        Command::Demo(args) => demo::demo(&session, &args),
        Command::Serve(args) => serve::serve(&session, &args),
        Command::Work => procedure::work(&session),
        Command::Case(command) => case::run(&session, command),
        Command::Procedure(command) => procedure::run(&session, command),
        Command::Review(command) => review::run(&session, command),
        Command::Why(command) => review::run_why(&session, command),
        Command::Lesson(command) => lesson::run(&session, command),
        Command::Control(command) => control::run(&session, command),
        Command::Risk(command) => risk::run(&session, command),
        Command::Action(command) => action::run(&session, command),
        Command::Awareness(command) => awareness::run(&session, command),
        Command::Person(command) => person::run(&session, command),
        Command::Supplier(command) => catalogue::run_supplier(&session, command),
        Command::Asset(command) => catalogue::run_asset(&session, command),
        Command::Field(command) => catalogue::run_field(&session, command),
        Command::Import(command) => import::run(&session, command),
        Command::Export(command) => export::run(&session, command),
        Command::Search { query, limit, offset } => register::search(&session, &query, limit, offset),
        Command::Measure(command) => register::measure(&session, command),
        Command::Trail(command) => trail::run(&session, command),
        Command::Backup(command) => backup::run(&session, command),
        Command::Settings(command) => settings::run(&session, command),
        Command::Doctor => register::doctor(&session),
        Command::Index(command) => register::index(&session, &command),
        Command::Config(command) => register::config(&session, &command),
        Command::Completions { .. } | Command::Man { .. } | Command::Reference { .. } => Ok(()),
    }
}
