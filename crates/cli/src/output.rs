//! What a command prints: data on standard output, talk on standard error.

use std::io::{self, Write};

use serde::Serialize;

use crate::failure::Failure;

/// Prints an outcome: as JSON if asked for, otherwise as text. A reader that stops reading (`| head`) is no failure.
pub(crate) fn print<T: Serialize>(
    json: bool,
    outcome: &T,
    text: impl FnOnce(&T, &mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = if json {
        serde_json::to_writer_pretty(&mut out, outcome).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        text(outcome, &mut out)
    };
    heard(written.and_then(|()| out.flush()))
}

/// Prints text for other programs, such as a script or a manual page.
pub(crate) fn print_text(text: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    heard(out.write_all(text).and_then(|()| out.flush()))
}

fn heard(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Says something beside the data.
pub(crate) fn say(text: impl std::fmt::Display) {
    // Talk that nobody can hear is not worth a failure.
    let _ = writeln!(io::stderr(), "{text}");
}
