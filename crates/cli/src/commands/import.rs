//! Commands that bring cases in.

use std::path::Path;

use nevertwice_service::archive::{self, Wish};
use nevertwice_service::import::{ImportSpreadsheet, ImportVeris, ImportView, ListImports, UndoImport};
use nevertwice_service::use_case::UseCase;

use crate::args::ImportCommand;
use crate::failure::Failure;
use crate::output::{Bar, print};
use crate::session::{self, Session};
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
        ImportCommand::Archive { dir, new_key } => archive(session, &dir, new_key),
        ImportCommand::Runs => {
            let runs = session.call(ListImports {})?;
            print(session.json, &runs, |runs, out| text::import_runs(runs, out))
        }
        ImportCommand::Undo { run, reason } => {
            let bar = Bar::of("cases")?;
            let undone = session.call_watched(UndoImport { run, reason }, &|progress| bar.tell(progress));
            bar.end();
            print(session.json, &undone?, text::import_undone)
        }
    }
}

fn watched(session: &Session, import: impl UseCase<Output = ImportView>) -> Result<(), Failure> {
    let bar = Bar::of("rows")?;
    let outcome = session.call_watched(import, &|progress| bar.tell(progress));
    bar.end();
    print(session.json, &outcome?, text::import)
}

/// The register comes about by this, so it runs here and not in a server.
fn archive(session: &Session, dir: &Path, new_key: bool) -> Result<(), Failure> {
    let config = &session.config;
    let folder = session::hold(&config.data)?.with_signing_key(config.signing_key.clone());
    let edge = session::edge();
    let wish = Wish { at: edge.clock.now(), new_key: new_key.then(|| edge.entropy.bytes()) };
    let bar = Bar::of("rows")?;
    let dir = std::path::absolute(dir)?;
    let outcome = archive::import(&dir, &folder, &config.database, &wish, &|progress| bar.tell(progress));
    bar.end();
    print(session.json, &outcome?, text::imported)
}
