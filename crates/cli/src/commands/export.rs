//! Commands that carry the register away.

use nevertwice_service::archive::ExportArchive;

use crate::args::ExportCommand;
use crate::failure::Failure;
use crate::output::{Bar, print};
use crate::session::Session;
use crate::text;

/// Runs a command that carries the register away.
pub(super) fn run(session: &Session, command: ExportCommand) -> Result<(), Failure> {
    let ExportCommand::Archive { dir, no_views } = command;
    let export = ExportArchive { out: std::path::absolute(dir)?, views: !no_views };
    let bar = Bar::of("rows")?;
    let outcome = session.call_watched(export, &|progress| bar.tell(progress));
    bar.end();
    print(session.json, &outcome?, text::archive)
}
