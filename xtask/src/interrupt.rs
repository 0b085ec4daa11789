//! Commands that are killed before they are done.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, anyhow};

use crate::machine::shown;

/// Runs a command and kills it (SIGKILL) when `after` has passed; tells whether it had to be killed.
///
/// # Errors
/// When it cannot be started or killed.
pub(crate) fn kill_after(command: &mut Command, after: Duration) -> anyhow::Result<bool> {
    let name = shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let ended_in_time = ends_within(&mut child, after)?;
    if !ended_in_time {
        child.kill().with_context(|| format!("cannot kill {name}"))?;
    }
    child.wait()?;
    Ok(!ended_in_time)
}

/// Waits for the end of the child's output, but not longer than `time`.
fn ends_within(child: &mut Child, time: Duration) -> anyhow::Result<bool> {
    let mut output = child.stdout.take().ok_or_else(|| anyhow!("the command has no output"))?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = output.read_to_end(&mut text);
        // After the kill nobody listens any more.
        sender.send(read.is_ok()).ok();
    });
    match receiver.recv_timeout(time) {
        Ok(_) => Ok(true),
        Err(RecvTimeoutError::Timeout) => Ok(false),
        Err(RecvTimeoutError::Disconnected) => Err(anyhow!("the output of the command was lost")),
    }
}
