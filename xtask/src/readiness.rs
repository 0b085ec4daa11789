//! Waiting for a server to say that it is ready.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::bail;

/// How long a server may be silent before it says that it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Listens to a server until a line contains `ready`. Its talk is read to the end on a thread of its own, so that
/// the server never waits for us.
///
/// # Errors
/// When the talk ends or pauses for too long before that, or when a line contains `failed`; with what was said.
pub(crate) fn wait(talk: impl Read + Send + 'static, ready: &str, failed: &str) -> anyhow::Result<()> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(talk).lines().map_while(Result::ok) {
            // Nobody listens once the server is ready; the lines are read all the same.
            sender.send(line).ok();
        }
    });
    let mut heard = Vec::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        if line.contains(ready) {
            return Ok(());
        }
        let given_up = line.contains(failed);
        heard.push(line);
        if given_up {
            break;
        }
    }
    bail!("the server did not get ready:\n{}", heard.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn the_first_line_that_says_so_ends_the_waiting() {
        assert!(wait("starting\nready now\nFATAL: later\n".as_bytes(), "ready", "FATAL").is_ok());
    }

    #[test]
    fn a_server_that_gives_up_is_an_error_with_its_words() {
        let error =
            wait("starting\nFATAL: no lock\nready\n".as_bytes(), "ready", "FATAL").expect_err("it gave up");
        assert!(error.to_string().ends_with("starting\nFATAL: no lock"), "{error}");
    }

    #[test]
    fn a_server_that_ends_silently_is_an_error() {
        assert!(wait("".as_bytes(), "ready", "FATAL").is_err());
    }
}
