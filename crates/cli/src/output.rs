//! What a command prints: data on standard output, talk on standard error.

use std::io::{self, IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressStyle};
use nevertwice_service::ServiceError;
use nevertwice_service::use_case::Progress;
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

/// How far a long command is, on a terminal only.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar that counts `things`.
    ///
    /// # Errors
    /// None that can happen: the template is one.
    pub(crate) fn of(things: &str) -> Result<Self, Failure> {
        let bar = if io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = format!("{{bar:40}} {{pos}}/{{len}} {things}  {{per_sec}}  {{eta}} left");
        bar.set_style(ProgressStyle::with_template(&template).map_err(ServiceError::internal)?);
        Ok(Self(bar))
    }

    /// Moves the bar.
    pub(crate) fn tell(&self, progress: Progress) {
        self.0.set_length(progress.total.unwrap_or(progress.done));
        self.0.set_position(progress.done);
    }

    /// Takes the bar off the screen.
    pub(crate) fn end(self) {
        self.0.finish_and_clear();
    }
}
