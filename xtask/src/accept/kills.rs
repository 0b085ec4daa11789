//! An import that is killed and run again ends where the uninterrupted one ended.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};

use super::facts::{Finding, total};
use super::{content, import};
use crate::program::Register;

/// Imports `file` without interruption, then `kills` times with a kill, evenly spread over the time that the
/// uninterrupted import took.
///
/// # Errors
/// When the program fails other than by being killed.
pub(crate) fn check<'p>(
    fresh: impl Fn(&str) -> anyhow::Result<Register<'p>>,
    file: &Path,
    kills: u32,
) -> anyhow::Result<Vec<Finding>> {
    let whole = fresh("whole")?;
    let start = Instant::now();
    import(&whole, file)?;
    let took = start.elapsed();
    println!("the uninterrupted import took {:.2} s", took.as_secs_f64());
    let expected = content::of(&whole)?;
    let mut findings = Vec::new();
    for kill in 1..=kills {
        let register = fresh(&format!("kill{kill}"))?;
        let after = took * kill / (kills + 1);
        let killed = import_until(&register, file, after)?;
        let there = total(&register, &["case", "list"])?;
        import(&register, file)?;
        let state = if killed { "killed" } else { "ended" };
        let equal = if content::of(&register)? == expected { "equal" } else { "different" };
        findings.push(Finding::new(
            format!("{state} after {} ms at {there} cases", after.as_millis()),
            "equal",
            equal,
        ));
    }
    Ok(findings)
}

/// Runs an import and kills it when `after` has passed; tells whether it had to be killed.
fn import_until(register: &Register<'_>, file: &Path, after: Duration) -> anyhow::Result<bool> {
    let mut child = register
        .command(&["import", "spreadsheet", &file.to_string_lossy(), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the import")?;
    let ended_in_time = ends_within(&mut child, after)?;
    if !ended_in_time {
        child.kill().context("cannot kill the import")?;
    }
    child.wait()?;
    Ok(!ended_in_time)
}

/// Waits for the end of the child's output, but not longer than `time`.
fn ends_within(child: &mut Child, time: Duration) -> anyhow::Result<bool> {
    let mut output = child.stdout.take().ok_or_else(|| anyhow!("the import has no output"))?;
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
        Err(RecvTimeoutError::Disconnected) => Err(anyhow!("the output of the import was lost")),
    }
}
