//! Commands that bring cases in.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};
use nevertwice_service::ServiceError;
use nevertwice_service::import::{ImportSpreadsheet, ImportVeris, ImportView, ListImports, UndoImport};
use nevertwice_service::use_case::UseCase;

use crate::args::ImportCommand;
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command that brings cases in.
pub(super) fn run(session: &Session, command: ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::Spreadsheet { file, map, sheet, date_order, severity_worst, update, dry_run } => {
            let import = ImportSpreadsheet {
                file: std::path::absolute(file)?,
                map: map.map(std::path::absolute).transpose()?,
                sheet,
                date_order,
                severity_worst,
                update,
                dry_run,
            };
            watched(session, import)
        }
        ImportCommand::Veris { path, strict, update, dry_run } => {
            let import = ImportVeris { path: std::path::absolute(path)?, strict, update, dry_run };
            watched(session, import)
        }
        ImportCommand::Runs => {
            let runs = session.call(ListImports {})?;
            print(session.json, &runs, |runs, out| text::import_runs(runs, out))
        }
        ImportCommand::Undo { run, reason } => {
            let undone = session.call(UndoImport { run, reason })?;
            print(session.json, &undone, text::import_undone)
        }
    }
}

fn watched(session: &Session, import: impl UseCase<Output = ImportView>) -> Result<(), Failure> {
    let bar = if io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows  {per_sec}  {eta} left");
    bar.set_style(style.map_err(ServiceError::internal)?);
    let outcome = session.call_watched(import, &|progress| {
        bar.set_length(progress.total.unwrap_or(0));
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    print(session.json, &outcome?, text::import)
}
